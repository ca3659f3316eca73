package appsync_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// child is what a killed process is told: where the book is and how to sign in.
type child struct {
	Dir         string
	Book        string // hex; a key that only this test uses
	Personal    string
	Began       time.Time
	Credentials map[string]spapifake.Credentials
}

// killedLookBack holds the whole invented history, and no years of reports
// without a row.
const killedLookBack = 130 * 24 * time.Hour

const childEnv = "COUNTINGHOUSE_TEST_SYNC_CHILD"

func TestMain(m *testing.M) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		os.Unsetenv(name) // the tests talk to this computer only
	}
	if os.Getenv(childEnv) != "" {
		os.Exit(runChild())
	}
	code := m.Run()
	closeShared()
	os.Exit(code)
}

// runChild syncs the book named on stdin and ends with 0 when it is complete.
func runChild() int {
	var c child
	if err := json.NewDecoder(os.Stdin).Decode(&c); err != nil {
		return 2
	}
	began = c.Began
	ctx := context.Background()
	b, err := store.Open(ctx, c.Dir, c.keys())
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		return 3
	}
	b.Now = func() time.Time { return now }
	told := func(e appsync.Event) { // a test may wait for the n-th page
		if e.Phase == appsync.Working {
			os.Stdout.WriteString(e.Resource + "\n")
		}
	}
	cfg := engineConfig(b, c.Credentials)
	cfg.Report, cfg.LookBack = told, killedLookBack
	r, err := appsync.New(cfg).Once(ctx)
	if err != nil || len(r.Failures) > 0 {
		for _, f := range r.Failures {
			os.Stderr.WriteString(f.Connection + " " + f.Resource + ": " + f.Err.Error() + "\n")
		}
		return 4
	}
	if b.Close() != nil {
		return 5
	}
	return 0
}

func (c child) keys() store.Keys {
	raw, err := hex.DecodeString(c.Book)
	if err != nil {
		panic(err)
	}
	book, err := cipher.KeyFromBytes(raw)
	if err != nil {
		panic(err)
	}
	raw, err = hex.DecodeString(c.Personal)
	if err != nil {
		panic(err)
	}
	personal, err := cipher.KeyFromBytes(raw)
	if err != nil {
		panic(err)
	}
	return store.Keys{Book: book, Personal: personal}
}

// A first sync that is killed at random moments over its whole length, again
// and again, ends with the rows of one that was left alone: in every table but
// those that say how the program worked (digest_test.go).
func TestKilledSyncEndsWithTheSameRows(t *testing.T) {
	kills := 20
	switch {
	case os.Getenv("COUNTINGHOUSE_SOAK") != "":
		kills = 200
	case testing.Short():
		kills = 10
	}
	s := killedSeller(t)
	alone := newBook(t, s)
	cfg := engineConfig(alone, credentials(s))
	cfg.LookBack = killedLookBack
	if r := once(t, appsync.New(cfg)); len(r.Failures) > 0 {
		t.Fatal(r.Failures)
	}
	want := fingerprints(t, alone)

	seed := uint64(time.Now().UnixNano())
	if given := os.Getenv("COUNTINGHOUSE_SEED"); given != "" {
		n, err := strconv.ParseUint(given, 10, 64)
		if err != nil {
			t.Fatalf("COUNTINGHOUSE_SEED: %v", err)
		}
		seed = n
	}
	start := time.Now()
	killUntilComplete(t, nil, 0, 0)
	whole := time.Since(start)
	t.Logf("random seed %d (COUNTINGHOUSE_SEED); a whole sync takes %v", seed, whole.Round(time.Millisecond))
	random := rand.New(rand.NewPCG(seed, 1))
	for done := 0; done < kills; {
		killed := killUntilComplete(t, random, kills-done, whole)
		b, err := store.Open(t.Context(), killed.dir, testKeys)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "killed", fingerprints(t, b), want)
		if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
			t.Errorf("sums: %v %v", err, wrong)
		}
		b.Close()
		done += max(killed.times, 1)
		t.Logf("killed %d times, %d in all, at %v", killed.times, done, killed.moments)
	}
}

// killedSeller starts an invented Amazon at the end of its history. Every book
// has its own: the clock of one that ran through all of them would come to
// where money that was held back is released, which changes what there is to
// read.
func killedSeller(t *testing.T) *spapifake.Server {
	t.Helper()
	began = time.Now()
	return seller(t, spapifake.Config{Seed: 7, Orders: 200, Days: 100})
}

type killedBook struct {
	dir     string
	times   int
	moments []time.Duration // after the start of each process
}

// killUntilComplete makes one book and syncs it with processes that are killed
// at a random moment within the time that a whole sync takes, at most most
// times; the last one is left to finish.
func killUntilComplete(t *testing.T, random *rand.Rand, most int, whole time.Duration) killedBook {
	t.Helper()
	s := killedSeller(t)
	defer s.Close()
	b, err := store.Create(t.Context(), t.TempDir(), testKeys)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, b, s)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	c := childOf(b.Dir, s)
	killed := killedBook{dir: b.Dir}
	for {
		limit := 5 * time.Minute
		if killed.times < most {
			limit = time.Duration(random.Int64N(int64(whole)))
		}
		if runKilled(t, c, limit) {
			return killed
		}
		killed.times++
		killed.moments = append(killed.moments, limit.Round(time.Millisecond))
	}
}

func childOf(dir string, s *spapifake.Server) child {
	return child{
		Dir: dir, Book: hex.EncodeToString(testKeys.Book[:]), Personal: hex.EncodeToString(testKeys.Personal[:]),
		Began: began, Credentials: credentials(s),
	}
}

// runKilled runs a child for at most limit; it tells whether it came to its end.
func runKilled(t *testing.T, c child, limit time.Duration) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(in).Encode(c); err != nil {
		t.Fatal(err)
	}
	in.Close()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatalf("the child failed: %v", err)
		}
		return true
	case <-time.After(limit):
		cmd.Process.Kill() // SIGKILL
		<-ended
		return false
	}
}
