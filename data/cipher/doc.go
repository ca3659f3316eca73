// Package cipher keeps SQLite databases encrypted in the format of SQLCipher 4
// (default settings, raw key) under the stock mattn/go-sqlite3 driver.
//
// It owns the bytes on disk: page encryption and authentication, the
// write-ahead log, temporary files, creation, compaction, re-keying,
// verification, and telling apart what can be wrong with a file. It must not
// know anything of the application: no tables, no passphrases, no folders.
//
// How it works. A VFS written in C forwards every call to SQLite's default VFS
// and transforms only what is read and written; locks, shared memory and sync
// stay SQLite's own. The C side calls back into Go once per page, or once per
// batch of log frames, where the standard library's AES-256-CBC and HMAC-SHA512
// do the work. A page that does not carry its MAC is an error naming the page,
// never data. What pages decrypt to is remembered for all connections of a
// file, under the bytes that are on disk.
//
// What is where. Database pages are as SQLCipher writes them. In the live
// write-ahead log the pages are the same, but the 24-byte frame headers (page
// number, sums of the page in clear) are SQLite's; after Close, and after
// Checkpoint, the file alone is a standard SQLCipher database. Shared memory
// holds page numbers only. Temporary files, and the rollback journal that a
// file being made has for a moment, are under keys that die with their handle.
//
// Goroutines. The encryption of a batch uses a few and waits for them; none
// outlives a call. DB and its pools are safe for concurrent use; state per page
// belongs to one SQLite connection and needs no lock. A goroutine must not wait for the writer while it holds a connection
// of the reader pool: Compact and Rekey wait the other way round.
//
// The smallest use:
//
//	db, err := cipher.Open(ctx, path, key, cipher.Options{Create: true})
//	if err != nil {
//		return err // one sentence: what is wrong and what to do
//	}
//	defer db.Close()
//	_, err = db.Writer().ExecContext(ctx, "CREATE TABLE t (x INTEGER) STRICT")
package cipher
