package vault_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"countinghouse/data/vault"
)

// refusals are what a changed file may be answered with.
var refusals = []error{
	vault.ErrDamaged, vault.ErrForeign, vault.ErrNewerFormat, vault.ErrTampered, vault.ErrWeakened, vault.ErrTooCostly,
	vault.ErrWrongRecoveryCode, vault.ErrNoSlot, vault.ErrNotInKeyStore, vault.ErrWrongKeychain, vault.ErrWrongPassphrase,
}

func refusal(err error) bool {
	for _, r := range refusals {
		if errors.Is(err, r) {
			return true
		}
	}
	return false
}

func TestEveryFlippedByteIsRefused(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	raw := read(t, b.path)
	f, err := os.OpenFile(b.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // a test's scratch file
	put := func(i int, c byte) {
		t.Helper()
		if _, err := f.WriteAt([]byte{c}, int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	for mask, by := range map[byte]vault.Unlock{0x01: b.byCode(), 0x02: vault.ByKeychain(), 0x20: b.byCode()} {
		for i := range raw {
			put(i, raw[i]^mask)
			v, err := vault.Open(context.Background(), b.path, by, b.opts)
			if err == nil {
				v.Close()
				t.Fatalf("byte %d xor %#x: opened", i, mask)
			}
			if !refusal(err) {
				t.Fatalf("byte %d xor %#x: unexpected error %v", i, mask, err)
			}
			put(i, raw[i])
		}
	}
	// The passphrase way costs a write per failure, so every 13th byte.
	for i := 0; i < len(raw); i += 13 {
		put(i, raw[i]^0x01)
		if _, err := vault.Open(context.Background(), b.path, vault.ByPassphrase(vault.NewSecret(goodPassphrase)), b.opts); !refusal(err) {
			t.Fatalf("passphrase: byte %d: %v", i, err)
		}
		_ = os.Remove(b.path + ".tries")
		put(i, raw[i])
	}
	if v := b.open(t, b.byCode()); !sameKeys(v.Keys(), b.keys) {
		t.Error("the untouched file yields other keys")
	}
}

func TestEveryCutIsRefused(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	raw := read(t, b.path)
	for n := len(raw) - 1; n >= 0; n-- {
		if err := os.Truncate(b.path, int64(n)); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Open(context.Background(), b.path, b.byCode(), b.opts); !errors.Is(err, vault.ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
}

// edit replaces what re finds in the file's canonical text, once, and fails if
// there is nothing to find: the attacker here knows the format.
func edit(re, with string) func(testing.TB, string, string) string {
	return func(t testing.TB, ours, _ string) string {
		t.Helper()
		loc := regexp.MustCompile(re).FindStringIndex(ours)
		if loc == nil {
			t.Fatalf("nothing like %q in the file", re)
		}
		return ours[:loc[0]] + with + ours[loc[1]:]
	}
}

// slotTexts are the slots as they are spelled in the file.
func slotTexts(text string) []string {
	return regexp.MustCompile(`(?s)    \{\n      "id".*?\n    \}`).FindAllString(text, -1)
}

func field(slot, name string) string {
	return regexp.MustCompile(`"` + name + `": "[^"]*"`).FindString(slot)
}

type tamperCase struct {
	change func(t testing.TB, ours, theirs string) string
	by     func(ours, theirs book) vault.Unlock
	want   error
}

func byOurCode(ours, _ book) vault.Unlock     { return ours.byCode() }
func byTheirCode(_, theirs book) vault.Unlock { return theirs.byCode() }
func byOurPassphrase(book, book) vault.Unlock {
	return vault.ByPassphrase(vault.NewSecret(goodPassphrase))
}

func tamperCases() map[string]tamperCase {
	replaceSlot := func(i int, with func(ours, theirs []string) string) func(testing.TB, string, string) string {
		return func(_ testing.TB, ours, theirs string) string {
			mine := slotTexts(ours)
			return strings.Replace(ours, mine[i], with(mine, slotTexts(theirs)), 1)
		}
	}
	return map[string]tamperCase{
		"generation up":                   {edit(`"generation": 1`, `"generation": 2`), byOurCode, vault.ErrTampered},
		"generation zero":                 {edit(`"generation": 1`, `"generation": 0`), byOurCode, vault.ErrDamaged},
		"label":                           {edit(`"label": "owner"`, `"label": "thief"`), byOurCode, vault.ErrTampered},
		"label, own slot":                 {edit(`"label": "paper"`, `"label": "stone"`), byOurCode, vault.ErrTampered},
		"confirmed":                       {edit(`"confirmed": false`, `"confirmed": true`), byOurCode, vault.ErrTampered},
		"kind":                            {edit(`"kind": "passphrase\+keychain"`, `"kind": "passphrase"`), byOurCode, vault.ErrTampered},
		"kind nobody knows":               {edit(`"kind": "passphrase\+keychain"`, `"kind": "passphrase+finger"`), byOurCode, vault.ErrDamaged},
		"audit head":                      {edit(`"audit_head": ""`, `"audit_head": "`+strings.Repeat("ab", 32)+`"`), byOurCode, vault.ErrTampered},
		"database salt":                   {edit(`"salts": \{\}`, "\"salts\": {\n    \"book.db\": \""+strings.Repeat("0", 32)+"\"\n  }"), byOurCode, vault.ErrTampered},
		"fewer keys":                      {edit(`(?s)\[\n        "book",\n        "personal",\n        "connection"\n      \]`, "[\n        \"book\"\n      ]"), byOurCode, vault.ErrTampered},
		"argon2id memory below minimum":   {edit(`"memory_kib": \d+`, `"memory_kib": 4`), byOurCode, vault.ErrWeakened},
		"argon2id no passes":              {edit(`"passes": \d+`, `"passes": 0`), byOurCode, vault.ErrWeakened},
		"argon2id memory of a bomb":       {edit(`"memory_kib": \d+`, `"memory_kib": 4294967295`), byOurCode, vault.ErrTooCostly},
		"argon2id passes of a bomb":       {edit(`"passes": \d+`, `"passes": 4294967295`), byOurCode, vault.ErrTooCostly},
		"argon2id lanes of a bomb":        {edit(`"lanes": \d+`, `"lanes": 255`), byOurCode, vault.ErrTooCostly},
		"argon2id number out of range":    {edit(`"lanes": \d+`, `"lanes": 256`), byOurCode, vault.ErrDamaged},
		"argon2id one pass more, by code": {edit(`"passes": \d+`, `"passes": 63`), byOurCode, vault.ErrTampered},
		"argon2id one pass more, by owner": {edit(`"passes": \d+`, `"passes": 63`), byOurPassphrase,
			vault.ErrWrongPassphrase}, // not to be told apart
		"unknown field":   {edit(`"version": 1,`, "\"version\": 1,\n  \"extra\": 1,"), byOurCode, vault.ErrDamaged},
		"duplicate field": {edit(`"version": 1,`, "\"version\": 1,\n  \"version\": 1,"), byOurCode, vault.ErrDamaged},
		"other case":      {edit(`"book_id"`, `"Book_ID"`), byOurCode, vault.ErrDamaged},
		"line ends":       {func(_ testing.TB, ours, _ string) string { return strings.ReplaceAll(ours, "\n", "\r\n") }, byOurCode, vault.ErrDamaged},
		"newer format":    {edit(`"version": 1,`, `"version": 2,`), byOurCode, vault.ErrNewerFormat},
		"other program":   {edit(`countinghouse-book-keys`, `restic-key-file`), byOurCode, vault.ErrForeign},
		"slot removed": {func(_ testing.TB, ours, _ string) string {
			return strings.Replace(ours, slotTexts(ours)[0]+",\n", "", 1)
		}, byOurCode, vault.ErrTampered},
		"slot twice": {replaceSlot(0, func(m, _ []string) string { return m[0] + ",\n" + m[0] }), byOurCode, vault.ErrDamaged},
		"slots in another order": {func(_ testing.TB, ours, _ string) string {
			m := slotTexts(ours)
			return strings.Replace(ours, m[0]+",\n"+m[1], m[1]+",\n"+m[0], 1)
		}, byOurCode, vault.ErrTampered},
		"wrap of another slot": {replaceSlot(3, func(m, _ []string) string {
			return strings.Replace(m[3], field(m[3], "wrapped"), field(m[0], "wrapped"), 1)
		}), byOurCode, vault.ErrTampered},
		"renewal of another slot": {replaceSlot(0, func(m, _ []string) string {
			return strings.Replace(m[0], field(m[0], "renewal"), field(m[3], "renewal"), 1)
		}), byOurCode, vault.ErrTampered},
		"salt of the own slot": {replaceSlot(3, func(m, _ []string) string {
			return strings.Replace(m[3], field(m[3], "salt"), field(m[0], "salt"), 1)
		}), byOurCode, vault.ErrTampered},
		"another book's slot, opened by its owner": {replaceSlot(3, func(_, th []string) string { return th[3] }),
			byTheirCode, vault.ErrTampered},
		"another book's slot added, opened by us": {replaceSlot(3, func(m, th []string) string { return m[3] + ",\n" + th[3] }),
			byOurCode, vault.ErrTampered},
		"another book's id": {func(_ testing.TB, ours, theirs string) string {
			return strings.Replace(ours, field(ours, "book_id"), field(theirs, "book_id"), 1)
		}, byOurCode, vault.ErrTampered},
		"another book's mac": {func(_ testing.TB, ours, theirs string) string {
			return strings.Replace(ours, field(ours, "mac"), field(theirs, "mac"), 1)
		}, byOurCode, vault.ErrTampered},
		"another book's file": {func(_ testing.TB, _, theirs string) string { return theirs }, byOurCode, vault.ErrWrongRecoveryCode},
		"not JSON":            {func(testing.TB, string, string) string { return "<html>" }, byOurCode, vault.ErrDamaged},
		"JSON of others":      {func(testing.TB, string, string) string { return `{"a": [1]}` }, byOurCode, vault.ErrForeign},
		"empty":               {func(testing.TB, string, string) string { return "" }, byOurCode, vault.ErrDamaged},
		"too large":           {func(_ testing.TB, o, _ string) string { return o + strings.Repeat(" ", 300<<10) }, byOurCode, vault.ErrDamaged},
		"deep nesting":        {func(testing.TB, string, string) string { return strings.Repeat("[", 200<<10) }, byOurCode, vault.ErrDamaged},
	}
}

func TestEditedFilesAreRefused(t *testing.T) {
	vault.CheapKDF(t)
	for name, c := range tamperCases() {
		t.Run(name, func(t *testing.T) {
			ours, theirs := newBook(t), newBook(t)
			before := string(read(t, ours.path))
			after := c.change(t, before, string(read(t, theirs.path)))
			if after == before {
				t.Fatal("the case changes nothing")
			}
			write(t, ours.path, []byte(after))
			v, err := vault.Open(context.Background(), ours.path, c.by(ours, theirs), ours.opts)
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if v != nil {
				t.Error("opened")
			}
			if got := string(read(t, ours.path)); got != after {
				t.Error("the refused file was written to")
			}
		})
	}
}

func TestAnotherBooksFileIsNoticedByItsID(t *testing.T) {
	vault.CheapKDF(t)
	ours, theirs := newBook(t), newBook(t)
	opts := ours.opts
	opts.BookID = ours.open(t, ours.byCode()).BookID()
	if _, err := vault.Open(context.Background(), theirs.path, theirs.byCode(), opts); !errors.Is(err, vault.ErrOtherBook) {
		t.Errorf("error %v, want ErrOtherBook", err)
	}
	if _, err := vault.Open(context.Background(), ours.path, ours.byCode(), opts); err != nil {
		t.Errorf("the right book: %v", err)
	}
}

func TestAWeakFileIsRefusedOutsideThisTest(t *testing.T) {
	dir := t.TempDir() // outlives the inner test
	var weak book
	t.Run("make it with the test hook", func(t *testing.T) {
		vault.CheapKDF(t)
		weak = newBook(t)
		raw := read(t, weak.path)
		weak.path = filepath.Join(dir, "book.keys")
		write(t, weak.path, raw)
	})
	if _, err := vault.Open(context.Background(), weak.path, weak.byCode(), weak.opts); !errors.Is(err, vault.ErrWeakened) {
		t.Errorf("error %v, want ErrWeakened", err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func write(t testing.TB, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}
