package store_test

import (
	"testing"
	"time"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
)

var (
	now  = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	keys = store.Keys{Book: cipher.NewKey(), Personal: cipher.NewKey()}
)

// newBook makes a book with one connection.
func newBook(t testing.TB) *store.Book {
	t.Helper()
	b, err := store.Create(t.Context(), t.TempDir(), keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	b.Now = func() time.Time { return now }
	write(t, b, func(tx *store.Tx) error {
		return tx.PutConnection(store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI}, nil)
	})
	return b
}

func write(t testing.TB, b *store.Book, f func(*store.Tx) error) {
	t.Helper()
	if err := b.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func number(t testing.TB, b *store.Book, q string, args ...any) (n int64) {
	t.Helper()
	if err := b.Reader().QueryRowContext(t.Context(), q, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func text(t testing.TB, b *store.Book, q string, args ...any) (s string) {
	t.Helper()
	if err := b.Reader().QueryRowContext(t.Context(), q, args...).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func minor(n int64) *int64 { return &n }
