package archive

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"filippo.io/age"
)

// export is one run of Export.
type export struct {
	o      ExportOptions
	bundle *bundle
	names  map[string]bool // file names given out, with their folders
	tables []written
	sum    Summary

	done, total int64
}

// source is one database of the book.
type source struct {
	conn   *sql.Conn
	folder string // where its files stand: "" or "people/"
	prefix string // of its resources' names: "" or "people."
	tables []table
}

// Export writes the book behind db, as it is at one moment, into the file
// o.Out, proves that file by reading it back, and only then gives it its name.
// The book can be read and written meanwhile; db must be able to spare one
// connection until Export returns. When it fails or ctx ends, nothing is left
// behind. Memory does not grow with the book, only with its largest document.
//
// Errors: ErrExists, ErrName, ErrDiskFull, ErrOmit, ErrEmpty, ErrDocument,
// ErrCount, ErrDamaged, ctx's error, or what the database said.
func Export(ctx context.Context, db *sql.DB, o ExportOptions) (Summary, error) {
	recipients, identity, err := o.encryption()
	if err != nil {
		return Summary{}, err
	}
	if err := checkName(o.Out, len(recipients) > 0); err != nil {
		return Summary{}, err
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	t, err := newTarget(o.Out, o.Overwrite, recipients)
	if err != nil {
		return Summary{}, err
	}
	defer t.abandon()
	if t.fileKey != nil {
		defer t.fileKey.wipe()
		if identity == nil {
			identity = t.fileKey
		}
	}
	x := &export{o: o, bundle: newBundle(t, o.Now), names: map[string]bool{}}
	x.sum = Summary{Path: o.Out, Encrypted: len(recipients) > 0, People: o.People != nil}
	if err := x.writeBook(ctx, db); err != nil {
		return Summary{}, diskError(fmt.Errorf("export: %w", err))
	}
	if err := t.finish(); err != nil {
		return Summary{}, diskError(err)
	}
	if err := x.prove(ctx, t.file.Name(), identity); err != nil {
		return Summary{}, fmt.Errorf("prove the archive: %w", err)
	}
	if err := t.publish(); err != nil {
		return Summary{}, diskError(err)
	}
	x.report(PhaseDone, "", x.total, x.total)
	return x.sum, nil
}

// encryption gives the recipients of the archive and the identity that proves
// it afterwards. Both are nil for a plain zip; the identity alone is nil when
// only others can open the archive.
func (o *ExportOptions) encryption() ([]age.Recipient, age.Identity, error) {
	if o.Passphrase == nil {
		return o.Recipients, nil, nil
	}
	if len(o.Recipients) > 0 {
		return nil, nil, errors.New("encrypt the archive: give a passphrase or recipients, not both")
	}
	p, err := o.Passphrase()
	if err != nil {
		return nil, nil, fmt.Errorf("read the passphrase of the archive: %w", err)
	}
	r, err := age.NewScryptRecipient(p)
	if err != nil {
		return nil, nil, fmt.Errorf("use the passphrase of the archive: %w", err)
	}
	id, err := age.NewScryptIdentity(p)
	if err != nil {
		return nil, nil, fmt.Errorf("use the passphrase of the archive: %w", err)
	}
	return []age.Recipient{r}, id, nil
}

// writeBook writes all members, from one read transaction per database.
func (x *export) writeBook(ctx context.Context, db *sql.DB) error {
	omit := newOmission(x.o.Omit)
	book, end, err := x.open(ctx, db, "", omit)
	if err != nil {
		return err
	}
	defer end()
	sources := []*source{book}
	if x.o.People != nil {
		people, end, err := x.open(ctx, x.o.People, "people", omit)
		if err != nil {
			return fmt.Errorf("people: %w", err)
		}
		defer end()
		sources = append(sources, people)
	}
	if err := omit.check(); err != nil {
		return err
	}
	if x.sum.Tables == 0 {
		return ErrEmpty
	}
	for _, src := range sources {
		if err := x.writeSource(ctx, src); err != nil {
			return err
		}
	}
	return x.writeAbout(ctx)
}

// open begins the read transaction of one database and learns what is in it.
// The returned function ends the transaction.
func (x *export) open(ctx context.Context, db *sql.DB, name string, omit *omission) (*source, func(), error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("take a connection to the book: %w", err)
	}
	// By hand: the driver's own transactions may be set to lock for writing.
	if _, err := conn.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
		conn.Close()
		return nil, nil, fmt.Errorf("begin to read the book: %w", err)
	}
	end := func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); err != nil {
			// Not to be used by anybody else in this state.
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
		conn.Close()
	}
	src := &source{conn: conn}
	if name != "" {
		src.folder, src.prefix = name+"/", name+"."
	}
	if err := x.plan(ctx, src, omit); err != nil {
		end()
		return nil, nil, err
	}
	return src, end, nil
}

// plan reads the tables and counts their rows; the first count fixes the
// moment that the whole export shows.
func (x *export) plan(ctx context.Context, src *source, omit *omission) error {
	tables, left, err := readTables(ctx, src.conn, omit)
	if err != nil {
		return err
	}
	for _, l := range left {
		x.sum.LeftOut = append(x.sum.LeftOut, src.prefix+l)
	}
	for i := range tables {
		t := &tables[i]
		err := src.conn.QueryRowContext(ctx, "SELECT count(*) FROM main."+quoteName(t.name)).Scan(&t.rows)
		if err != nil {
			return fmt.Errorf("count the rows of table %s: %w", t.name, err)
		}
		x.sum.Tables++
		x.sum.Rows += t.rows
		x.total += 2 * t.rows
		if t.isDocuments() {
			x.total += t.rows
		}
	}
	src.tables = tables
	return nil
}

func (x *export) writeSource(ctx context.Context, src *source) error {
	for _, t := range src.tables {
		if t.isDocuments() {
			if err := x.writeDocuments(ctx, src, &t); err != nil {
				return err
			}
			body := t.column("body")
			t.columns = append(t.columns[:body:body], t.columns[body+1:]...)
		}
		w, err := x.writeTable(ctx, src, t)
		if err != nil {
			return err
		}
		for _, f := range w.fields {
			x.sum.BadText += f.seen.badText
		}
		x.tables = append(x.tables, w)
	}
	_, err := x.bundle.add(ctx, src.folder+"schema.sql", func(w *bufio.Writer) error {
		for _, t := range src.tables {
			if _, err := fmt.Fprintf(w, "%s;\n\n", t.sql); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// prove reads the closed file again: every member against its CRC and SHA-256,
// and every table against the rows that the database counted.
func (x *export) prove(ctx context.Context, path string, identity age.Identity) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if x.sum.Bytes, err = io.Copy(&tally{ctx: ctx, w: io.Discard, sum: sum}, f); err != nil {
		return err
	}
	x.sum.SHA256 = hex.EncodeToString(sum.Sum(nil))
	var ids []age.Identity
	if identity != nil {
		ids = []age.Identity{identity}
	}
	r, err := verifyFile(ctx, f, ids, func(name string, done, total int64) { x.report(PhaseVerify, name, done, total) })
	if err != nil {
		return err
	}
	x.sum.Files = r.Files
	for _, t := range x.tables {
		if got, ok := r.Tables[t.resource]; !ok || got != t.rows {
			return fmt.Errorf("%w: table %s has %d rows, the archive %d", ErrCount, t.name, t.rows, got)
		}
	}
	return nil
}

// step counts one row or document and reports about each thousandth.
func (x *export) step(name string) {
	x.done++
	if x.done%1024 == 0 || x.done == x.total {
		x.report(PhaseWrite, name, x.done, x.total)
	}
}

func (x *export) report(p Phase, name string, done, total int64) {
	if x.o.Progress != nil {
		x.o.Progress(Event{Phase: p, Name: name, Done: done, Total: total})
	}
}
