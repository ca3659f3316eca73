package archive

import (
	"database/sql"
	"errors"
	"time"

	"filippo.io/age"
)

// ErrEmpty reports a book without a table to export.
var ErrEmpty = errors.New("this book holds no tables, so there is nothing to export")

// ErrCount reports rows that are not as many as they should be.
var ErrCount = errors.New("the number of rows does not agree")

// ExportOptions says what to export, and where to.
type ExportOptions struct {
	// Out is the file to write. It ends in .age exactly when Passphrase or
	// Recipients is given. Its folder must exist.
	Out string
	// Overwrite allows an existing regular file of that name to be replaced,
	// after the new one is proved.
	Overwrite bool

	BookName   string // as the user calls it; stands in the README
	BookID     string // stands in datapackage.json
	AppVersion string // of this program; stands in datapackage.json
	Now        time.Time

	// Passphrase, when not nil, is asked once and encrypts the archive with
	// age's scrypt recipient, which takes about a second and 256 MiB, twice.
	Passphrase func() (string, error)
	// Recipients, when not empty, are whom the archive is encrypted to. Age
	// does not allow a passphrase and recipients in one file.
	Recipients []age.Recipient

	// People is the database of buyers and recipients. Nil leaves them out;
	// the caller gives it only when the user asked for it and proved himself.
	People *sql.DB

	// Omit names more to leave out: "table" or "table.column". An entry that
	// names nothing in the book is an error.
	Omit []string

	// Progress, when not nil, is told of each phase and about each thousand
	// rows, on the goroutine of Export.
	Progress func(Event)
}

// Phase is a part of an export's work.
type Phase string

// The phases, in their order. Done and Total count rows (each row of a table
// twice: once for CSV, once for JSON Lines) and documents while writing, and
// bytes while verifying.
const (
	PhaseWrite  Phase = "write"
	PhaseVerify Phase = "verify"
	PhaseDone   Phase = "done"
)

// Event tells how far an export is.
type Event struct {
	Phase       Phase
	Name        string // the table or member at work
	Done, Total int64
}

// Summary is what an export wrote.
type Summary struct {
	Path      string   // the archive
	Bytes     int64    // its size
	SHA256    string   // of the whole file, hex
	Encrypted bool     // with age
	People    bool     // buyers and recipients are in it
	Tables    int      // tables written
	Rows      int64    // rows of all tables, each counted once
	Documents int64    // Amazon's documents
	Files     int      // members of the archive
	LeftOut   []string // tables and table.column left out by name or by kind
	// BadText counts cells whose text is not UTF-8. Their exact bytes are in
	// the JSON Lines; the CSV shows U+FFFD in their place.
	BadText int64
}
