package appsync_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/sync/spapifake"
)

// The file is the seller's: an independent SQLCipher opens a closed book, its
// tables and all.
func TestIndependentSQLCipherOpensABook(t *testing.T) {
	if testing.Short() {
		t.Skip("builds another SQLCipher; the long run has it")
	}
	program := filepath.Join(t.TempDir(), "compat.exe")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "data", "cipher", "compat")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the other SQLCipher: %v\n%s", err, out)
	}
	s := seller(t, spapifake.Config{Seed: 4, Orders: 200, Days: 60})
	b := newBook(t, s)
	syncAll(t, b, s)
	var orders, lines int
	if err := b.Reader().QueryRow(`SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM money_line)`).Scan(&orders, &lines); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for file, key := range map[string]cipher.Key{store.BookFile: testKeys.Book, store.PersonalFile: testKeys.Personal} {
		check := exec.Command(program, "check", filepath.Join(b.Dir, file))
		check.Stdin = bytes.NewBufferString(hex.EncodeToString(key[:]) + "\n")
		var stderr bytes.Buffer
		check.Stderr = &stderr
		out, err := check.Output()
		if err != nil {
			t.Fatalf("%s: %v %s", file, err, stderr.String())
		}
		var answer struct {
			CipherIntegrity, Integrity []string
			Tables                     map[string]struct{ Rows int }
		}
		if err := json.Unmarshal(out, &answer); err != nil {
			t.Fatal(err)
		}
		if len(answer.CipherIntegrity) != 0 || len(answer.Integrity) != 1 || answer.Integrity[0] != "ok" {
			t.Errorf("%s: %v %v", file, answer.CipherIntegrity, answer.Integrity)
		}
		if file == store.BookFile && (answer.Tables["orders"].Rows != orders || answer.Tables["money_line"].Rows != lines) {
			t.Errorf("%s: %+v, want %d orders and %d money lines", file, answer.Tables, orders, lines)
		}
	}
}
