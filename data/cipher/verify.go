package cipher

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
)

// Report is what Verify has found.
type Report struct {
	Pages    uint32   // pages read
	Bad      []uint32 // pages whose MAC is wrong, ascending, from 1
	Log      *Damage  // of the write-ahead log, nil if none
	Problems []string // findings of SQLite's integrity_check, at most 100
}

// Err is nil if nothing was found, else one sentence; a single bad page is a
// *PageError.
func (r *Report) Err(path string) error {
	var errs []error
	switch {
	case len(r.Bad) == 1:
		errs = append(errs, &PageError{Path: path, Page: r.Bad[0]})
	case len(r.Bad) > 1:
		errs = append(errs, fmt.Errorf("%d pages of %s are damaged, the first is %w", len(r.Bad), path,
			&PageError{Path: path, Page: r.Bad[0]}))
	}
	if r.Log != nil {
		errs = append(errs, r.Log)
	}
	if len(r.Problems) > 0 {
		errs = append(errs, fmt.Errorf("the structure of %s is damaged (%s); restore a backup", path, r.Problems[0]))
	}
	return errors.Join(errs...)
}

// Verify checks a closed database: the MAC of every page, read directly; the
// write-ahead log; then SQLite's integrity_check, if all of that is sound. It
// changes nothing. The error says why the check could not be made (wrong key,
// unreadable file); what was found is in the report.
func Verify(ctx context.Context, path string, key Key) (*Report, error) {
	r, err := verifyFile(ctx, path, key)
	if err != nil {
		return r, describe("verify", path, err)
	}
	if len(r.Bad) > 0 || r.Log != nil {
		return r, nil
	}
	db, err := Open(ctx, path, key, Options{ReadOnly: true, Readers: 1})
	if err != nil {
		return r, err
	}
	defer db.Close()
	if r.Problems, err = integrity(ctx, db.reader); err != nil {
		return r, describe("verify", path, err)
	}
	return r, nil
}

// Verify checks an open database. It moves the log into the file first and
// keeps writers waiting while it reads the pages.
func (db *DB) Verify(ctx context.Context) (*Report, error) {
	db.work.Lock()
	defer db.work.Unlock()
	if db.closed {
		return nil, fmt.Errorf("verify %s: %w", db.book.path, sql.ErrConnDone)
	}
	r, err := db.verifyPages(ctx)
	if err == nil && len(r.Bad) == 0 {
		r.Problems, err = integrity(ctx, db.reader)
	}
	if err != nil {
		return r, fmt.Errorf("verify %s: %w", db.book.path, err)
	}
	return r, nil
}

func (db *DB) verifyPages(ctx context.Context) (*Report, error) {
	if !db.options.ReadOnly {
		c, err := db.writer.Conn(ctx)
		if err != nil {
			return nil, err
		}
		defer c.Close()
		if err := checkpoint(ctx, c); err != nil {
			return nil, err
		}
	}
	codec, err := db.book.codec()
	if err != nil {
		return nil, err
	}
	r := &Report{}
	return r, r.readPages(ctx, db.book.path, codec)
}

func verifyFile(ctx context.Context, path string, key Key) (*Report, error) {
	r := &Report{}
	in, err := inspect(path, key, nil)
	var page1 *PageError
	if err != nil && !errors.As(err, &page1) {
		return r, err
	}
	codec, err := newPageCodec(key, in.salt)
	if err != nil {
		return r, err
	}
	if err := r.readPages(ctx, path, codec); err != nil {
		return r, err
	}
	log, err := walkWAL(path, key, in.salt)
	if err != nil {
		return r, err
	}
	r.Log = log.damage
	if page1 == nil && !log.covers(in) {
		return r, ErrTruncated
	}
	return r, nil
}

// readPages checks the MAC of every page in the file.
func (r *Report) readPages(ctx context.Context, path string, codec *pageCodec) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 64*PageSize)
	page := make([]byte, PageSize)
	for pgno := uint32(1); ; pgno++ {
		n, err := io.ReadFull(in, page)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("read page %d: %w", pgno, err)
		}
		if n < PageSize || !codec.authentic(pgno, page) && !isLockPage(pgno, page) {
			r.Bad = append(r.Bad, pgno)
		}
		r.Pages = pgno
		if pgno%256 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

// isLockPage allows zeros where SQLite's lock bytes are: other programs leave
// that page out.
func isLockPage(pgno uint32, page []byte) bool {
	if pgno != lockPage {
		return false
	}
	for _, b := range page {
		if b != 0 {
			return false
		}
	}
	return true
}

// integrity runs SQLite's own check of the structure.
func integrity(ctx context.Context, pool *sql.DB) ([]string, error) {
	rows, err := pool.QueryContext(ctx, "PRAGMA integrity_check(100)")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var problems []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return problems, err
		}
		if line != "ok" {
			problems = append(problems, line)
		}
	}
	return problems, rows.Err()
}
