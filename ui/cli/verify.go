package cli

import (
	"errors"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type verifyVerb struct{}

func (v *verifyVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		bad := 0
		report := func(format string, args ...any) {
			bad++
			fmt.Fprintf(a.io.Err, "countinghouse: "+format+"\n", args...)
		}
		pages, err := s.Book.Verify(a.ctx)
		if err != nil {
			report("%s", sentence(err))
		}
		documents, err := s.Book.VerifyDocuments(a.ctx, func(id int64, err error) { report("document %d: %s", id, sentence(err)) })
		if err != nil {
			return err
		}
		entries, err := s.Book.VerifyAudit(a.ctx)
		if err != nil {
			report("%s", sentence(err))
		}
		if err := s.Book.CheckForeignKeys(a.ctx); err != nil {
			report("%s", sentence(err))
		}
		sums, err := s.Book.CheckSums(a.ctx)
		if err != nil {
			return err
		}
		for _, w := range sums {
			report("%s", w)
		}
		if bad > 0 {
			return errors.New("the book is damaged; restore a backup, or see the lines above")
		}
		if a.g.JSON {
			return writeJSON(a.io.Out, map[string]int{"pages": pages, "documents": documents, "audit_entries": entries})
		}
		fmt.Fprintf(a.io.Out, "All is well: %d pages, %d documents, %d audit entries; links and sums agree.\n", pages, documents, entries)
		return nil
	})
}

type rebuildVerb struct{}

func (v *rebuildVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		tell := percent(a.io.Err, time.Now)
		rebuilt := 0
		err := s.Book.Rebuild(a.ctx, func(done, total int) {
			rebuilt = total
			tell("rebuild", int64(done), int64(total))
		})
		if err != nil {
			return err
		}
		if err := s.Book.Write(a.ctx, func(tx *store.Tx) error { return tx.Audit("rebuild", "the books were derived again") }); err != nil {
			return err
		}
		return a.say(map[string]int{"scopes": rebuilt}, "The books were derived again from what Amazon sent.\n")
	})
}
