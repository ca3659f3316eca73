package store_test

import (
	"testing"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
)

// A window may still ask while the book is being closed: it gets an error.
func TestAClosedBookAnswersWithAnError(t *testing.T) {
	b, err := store.Create(t.Context(), t.TempDir(), store.Keys{Book: cipher.NewKey(), Personal: cipher.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if _, err := b.Connections(t.Context()); err == nil {
		t.Error("a closed book was read")
	}
	if err := b.Write(t.Context(), func(*store.Tx) error { return nil }); err == nil {
		t.Error("a closed book was written")
	}
	if err := b.People().QueryRow("SELECT 1").Err(); err == nil {
		t.Error("the people of a closed book were read")
	}
}
