// Package archive lets a seller leave: Export writes a whole book into one
// file of open formats, Verify proves such a file, and Wipe removes a book
// from the machine, its keys first.
//
// It owns the layout of an archive (CSV and JSON Lines of every table, a
// Frictionless data package, Amazon's documents, checksums, a README) and the
// order of a wipe. It must not know how a database is encrypted, who may open
// it, or what the user is asked beforehand: it reads *sql.DB values that
// others opened, takes a Purge function for the key store, and trusts its
// caller to have asked for proof before handing over the database of people.
// Tables are found by asking the database, so a table added tomorrow is
// exported without a change here, unless it is left out by name.
//
// Export, Verify, Wipe and Resume each run on the caller's goroutine, may be
// called at the same time for different books, and return soon after their
// context ends. Callbacks are called on that same goroutine, never at once.
//
//	sum, err := archive.Export(ctx, db, archive.ExportOptions{
//		Out:      "/home/me/books-2026.zip",
//		BookName: "Cedar & Sons",
//	})
//	report, err := archive.Verify(ctx, sum.Path)
package archive
