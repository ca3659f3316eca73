package vault_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"countinghouse/data/vault"
)

// FuzzOpen: whatever the bytes, opening neither panics nor yields other keys;
// only the very file that was written opens.
func FuzzOpen(f *testing.F) {
	raw := read(f, filepath.Join("testdata", "v1.book.keys"))
	f.Add(raw)
	f.Add(raw[:len(raw)/2])
	f.Add([]byte(`{"format":"countinghouse-book-keys","version":1,"slots":[{}]}`))
	f.Add([]byte(`{"format":"countinghouse-book-keys","version":-1}`))
	code, err := vault.ParseRecoveryCode(vault.NewSecret(v1Code))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "book.keys")
		write(t, path, data)
		v, err := vault.Open(ctx, path, vault.ByRecoveryCode(code), vault.Options{})
		if (err == nil) != bytes.Equal(data, raw) {
			t.Fatalf("opened %v", err == nil)
		}
		if err == nil && !v.Keys().Book.Equal(keyFromHex(t, v1Book)) {
			t.Fatal("other keys")
		}
	})
}
