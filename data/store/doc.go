// Package store keeps a book: one folder per business with two encrypted
// databases, book.db (everything but people) and personal.db (people only).
//
// It owns the tables (migrations/*.sql), the documents Amazon sent, and the
// transaction in which facts, the events and money lines derived from them and
// the daily sums all move together. It feeds the pure rules of data/books and
// knows nothing of HTTP, screens or accounting.
//
// All writes go through Book.Write, one transaction at a time; reads use
// Book.Reader, any number at once. Two processes cannot open the same book.
// Nothing here starts a goroutine that outlives its call.
//
//	b, err := store.Open(ctx, dir, keys)
//	defer b.Close()
//	err = b.Write(ctx, func(tx *store.Tx) error { return tx.PutOrder(o) })
package store
