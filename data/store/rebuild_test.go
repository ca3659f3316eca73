package store_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

const rebuildEnv = "COUNTINGHOUSE_TEST_REBUILD"

// rebuildUntilKilled is the other process: it rebuilds a book, whose keys it reads
// from its input, and kills itself after the first step.
func rebuildUntilKilled(dir string) {
	text, err := io.ReadAll(hex.NewDecoder(os.Stdin))
	if err != nil || len(text) != len(keys.Book)+len(keys.Personal) {
		os.Exit(1)
	}
	k := keys
	copy(k.Book[:], text)
	copy(k.Personal[:], text[len(k.Book):])
	b, err := store.Open(context.Background(), dir, k)
	if err != nil {
		os.Exit(1)
	}
	_ = b.Rebuild(context.Background(), func(int, int) {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		if err == nil {
			select {}
		}
	})
	os.Exit(1)
}

// A rebuild that is killed goes on where it was: what it did is not done again,
// and the books are those of one that was not. With other rules it begins anew.
func TestAKilledRebuildGoesOn(t *testing.T) {
	b := newBook(t)
	const orders = 2300
	var facts []books.Fact
	for i := range orders {
		facts = append(facts, sold(fmt.Sprintf("O%05d", i), "A", 1, int64(1000+i), "2026-10-20"))
	}
	addFacts(t, b, facts...)
	digest := func(b *store.Book) string {
		return text(t, b, `SELECT count(*) || ' ' || sum(amount_minor) || ' ' || (SELECT sum(amount_minor) || ' ' || count(*) FROM rollup) || ' ' || max(hex(digest))
			FROM event JOIN money_line ON event_id = id`)
	}
	before := digest(b)
	kill := func(b *store.Book) *store.Book {
		t.Helper()
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), rebuildEnv+"="+b.Dir)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(in, hex.EncodeToString(append(keys.Book[:], keys.Personal[:]...)))
		in.Close()
		if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() == 1 {
			t.Fatalf("the other process was not killed: %v", err)
		}
		again, err := store.Open(t.Context(), b.Dir, keys)
		if err != nil {
			t.Fatal(err)
		}
		again.Now = b.Now
		t.Cleanup(func() { again.Close() })
		return again
	}
	for _, tc := range []struct {
		name  string
		do    func(*store.Tx) error
		steps int
	}{
		{"goes on", func(*store.Tx) error { return nil }, 1},
		{"other rules", func(tx *store.Tx) error {
			return tx.PutNameRule(store.NameRule{Source: books.Finances, Type: "ServiceFee", Path: "Something", Line: books.FeeOther})
		}, 2},
	} {
		b = kill(b)
		write(t, b, tc.do)
		var steps, last int
		if err := b.Rebuild(t.Context(), func(done, total int) { steps, last = steps+1, total-done }); err != nil {
			t.Fatal(err)
		}
		if steps != tc.steps || last != 0 {
			t.Errorf("%s: %d steps, %d left; want %d", tc.name, steps, last, tc.steps)
		}
		if after := digest(b); after != before {
			t.Errorf("%s: %s, before %s", tc.name, after, before)
		}
		if n := number(t, b, `SELECT count(*) FROM setting WHERE key LIKE 'rebuild%'`); n != 0 {
			t.Errorf("%s: the mark is still there", tc.name)
		}
		if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
			t.Errorf("%s: sums: %v %v", tc.name, wrong, err)
		}
	}
}
