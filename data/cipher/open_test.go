package cipher_test

import (
	"context"
	"path/filepath"
	"testing"

	"countinghouse/data/cipher"
)

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	key := cipher.NewKey()
	db, err := cipher.Open(context.Background(), path, key, cipher.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Writer().Exec("CREATE TABLE t(x INTEGER, y TEXT) STRICT; INSERT INTO t VALUES(1,'hello')"); err != nil {
		t.Fatal(err)
	}
	var y string
	if err := db.Reader().QueryRow("SELECT y FROM t WHERE x=1").Scan(&y); err != nil || y != "hello" {
		t.Fatal(y, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := cipher.Verify(context.Background(), path, key)
	if err != nil || r.Err(path) != nil || r.Pages != 2 {
		t.Fatalf("%+v %v", r, err)
	}
}
