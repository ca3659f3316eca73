package appsync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// finances: Finances 2024-06-19 listTransactions, 0.5/s burst 10, 500 a page,
// windows of 7 days (months have failed), without a marketplace id (it hides
// US seller-fulfilled orders). The page token dies after about five minutes,
// so a window that was interrupted is read again from its start. Each run goes
// back 14 days, or to the oldest sale that is still deferred.
// Surprise: transaction and item breakdowns state the same money.
type finances struct{}

const (
	financesWindow = 7 * 24 * time.Hour
	financesReread = 14 * 24 * time.Hour
	// Amazon has refused windows older than about a year; younger ones it owes.
	financesSure = 300 * 24 * time.Hour
	windowTries  = 3 // page tokens that expire in the same window
)

// financesMark is the bookmark: windows up to Next are complete.
type financesMark struct {
	Next time.Time `json:"next"`
}

func (finances) Name() string { return nameFinances }
func (finances) Stage() int   { return 1 }

// Every: late fees and refunds come by the hour, not by the minute.
func (finances) Every() time.Duration { return 30 * time.Minute }

// After: none but the account itself.
func (finances) After() []string { return nil }

func (finances) Sync(ctx context.Context, s *Session) error {
	var mark financesMark
	known, err := s.Bookmark(ctx, &mark)
	if err != nil {
		return err
	}
	start := s.Oldest()
	if known {
		if start, err = financesStart(ctx, s, mark); err != nil {
			return err
		}
	}
	end := settled(s.Now)
	for from := start; from.Before(end); from = from.Add(financesWindow) {
		to := from.Add(financesWindow)
		if to.After(end) {
			to = end
		}
		for try := 1; ; try++ {
			err := financesRange(ctx, s, from, to, &mark)
			if errors.Is(err, spapi.ErrPageExpired) && try < windowTries {
				continue
			}
			if errors.Is(err, spapi.ErrInvalid) && mark.Next.IsZero() && s.Now.Sub(to) > financesSure {
				break // older than Amazon keeps: it is not covered, and the newer windows are read
			}
			if err != nil {
				return fmt.Errorf("transactions of %s to %s: %w", from.Format(time.DateOnly), to.Format(time.DateOnly), err)
			}
			break
		}
	}
	return nil
}

// financesStart is where a later run begins to read again.
func financesStart(ctx context.Context, s *Session, mark financesMark) (time.Time, error) {
	start := mark.Next.Add(-financesReread)
	open, err := s.Book.OldestDeferred(ctx, s.ID())
	if err != nil {
		return start, err
	}
	if !open.IsZero() && open.Before(start) {
		start = open.Truncate(time.Second)
	}
	if s.Oldest().After(start) {
		start = s.Oldest()
	}
	return start, nil
}

// financesRange reads one window. Reading an old one again never moves the
// bookmark back, however often a run is stopped in it.
func financesRange(ctx context.Context, s *Session, from, to time.Time, mark *financesMark) error {
	unnamed := map[string]int{}
	for page, err := range s.API.Transactions(ctx, spapi.TransactionsQuery{PostedAfter: from, PostedBefore: to}) {
		if err != nil {
			return err
		}
		err := s.Page(ctx, len(page.Items), func(tx *store.Tx) error {
			for _, w := range page.Items {
				if w.TransactionID == "" {
					w.TransactionID = nameOf(w, unnamed)
				}
				if err := putTransaction(tx, s, w); err != nil {
					return err
				}
			}
			if !page.Next.Done() {
				return nil
			}
			if err := tx.AddCoverage(s.ID(), nameFinances, store.Interval{From: from, To: to}); err != nil {
				return err
			}
			if to.After(mark.Next) {
				mark.Next = to
			}
			return tx.SetBookmark(s.ID(), nameFinances, mark, mark.Next)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nameOf makes an id for a transaction that came without (the model does not
// demand one): its text, and how many of the same text came before. Equal ones
// have one posting time and so stand in one window.
func nameOf(w spapi.Transaction, before map[string]int) string {
	sum := sha256.Sum256(w.Raw)
	text := "unnamed:" + hex.EncodeToString(sum[:12])
	before[text]++
	return text + ":" + strconv.Itoa(before[text])
}

func putTransaction(tx *store.Tx, s *Session, w spapi.Transaction) error {
	tr, facts, err := toFacts(s.ID(), w)
	if err != nil {
		return fmt.Errorf("transaction %s: %w", w.TransactionID, err)
	}
	if tr.Document, err = tx.PutDocument("transaction", w.Raw); err != nil {
		return err
	}
	for i := range facts {
		facts[i].Document = tr.Document
	}
	if id := w.SellingPartnerMetadata.SellingPartnerID; id != "" && s.Conn.SellerID == "" {
		if err := tx.SetSellerID(s.ID(), id); err != nil {
			return err
		}
		s.Conn.SellerID = id
	}
	_, err = tx.PutTransaction(tr, facts)
	return err
}
