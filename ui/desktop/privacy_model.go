package desktop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"countinghouse/data/store"
	"countinghouse/ui/format"
	"countinghouse/ui/session"
)

// privacyFacts are what the screen says: exact numbers out of the book.
type privacyFacts struct {
	Bytes     int64 // of all files of the book
	Stored    []store.Stored
	People    store.StoredPeople
	NoPeople  bool // this key does not open them
	Calls     []store.CallSummary
	CallCount int
	Done      []store.AuditRow // newest first
	DoneCount int
}

const privacyDone = 9 // audit entries shown on the page

// readPrivacy reads all of it.
func readPrivacy(ctx context.Context, s *session.Session) (f privacyFacts, err error) {
	if f.Stored, err = s.Book.Stored(ctx); err != nil {
		return f, err
	}
	f.People, err = s.Book.StoredPeople(ctx)
	if f.NoPeople = errors.Is(err, store.ErrNoPeople); err != nil && !f.NoPeople {
		return f, err
	}
	if f.Calls, err = s.Book.Calls(ctx); err != nil {
		return f, err
	}
	if f.CallCount, err = s.Book.CountCalls(ctx); err != nil {
		return f, err
	}
	if f.Done, err = s.Book.AuditPage(ctx, false, 0, privacyDone); err != nil {
		return f, err
	}
	if f.DoneCount, err = s.Book.CountAudit(ctx); err != nil {
		return f, err
	}
	f.Bytes, err = folderSize(s.Book.Dir)
	return f, err
}

// folderSize adds up the files of a folder. Files that go away meanwhile, as
// databases' logs do, are passed over.
func folderSize(dir string) (sum int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if info, err := d.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("measure the book's folder: %w", err)
	}
	return sum, nil
}

// shortDay writes a day for a narrow column; today is a word.
func shortDay(loc *format.Locale, today string, t, now time.Time) string {
	if t.IsZero() {
		return format.Unknown
	}
	if t.Local().Format(time.DateOnly) == now.Local().Format(time.DateOnly) {
		return today
	}
	return loc.Date(t.Local())
}

// exportName offers a name for an archive: the book and the day.
func exportName(book string, now time.Time, encrypted bool) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, book)
	name := clean + " " + now.Format(time.DateOnly) + ".zip"
	if encrypted {
		name += ".age"
	}
	return name
}

// damage is what a check of the book found.
type bookCheck struct {
	Pages, Documents, Entries int
	Problems                  []string
}

// checkBook proves the book: every page, every original against its checksum,
// the chain of audit entries, links, and all sums.
func checkBook(ctx context.Context, book *store.Book, progress func(done, total int64)) (c bookCheck, err error) {
	const steps = 5
	step := int64(0)
	next := func() { step++; progress(step, steps) }
	problem := func(err error) {
		if err != nil {
			c.Problems = append(c.Problems, err.Error())
		}
	}
	if c.Pages, err = book.Verify(ctx); ctx.Err() != nil {
		return c, ctx.Err()
	}
	problem(err)
	next()
	c.Documents, err = book.VerifyDocuments(ctx, func(id int64, err error) { problem(fmt.Errorf("document %d: %w", id, err)) })
	if err != nil {
		return c, err
	}
	next()
	c.Entries, err = book.VerifyAudit(ctx)
	if ctx.Err() != nil {
		return c, ctx.Err()
	}
	problem(err)
	next()
	problem(book.CheckForeignKeys(ctx))
	next()
	sums, err := book.CheckSums(ctx)
	if err != nil {
		return c, err
	}
	c.Problems = append(c.Problems, sums...)
	next()
	return c, ctx.Err()
}
