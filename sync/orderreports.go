package appsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapi"
)

// orderReports fills the past: Reports 2021-06-30, type
// GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL, one report per 30 days
// (a longer one is an empty file or an error sentence), region-wide whatever
// marketplace is named. createReport and getReportDocument 0.0167/s burst 15:
// 18 months cost 19 of each, minutes instead of a day and a half of
// searchOrders. It holds no order item ids and no people.
type orderReports struct{}

const (
	allOrdersType   = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
	allOrdersWindow = 30 * 24 * time.Hour
	// The report is up to half an hour behind; searchOrders takes over two
	// hours before the back-fill began.
	allOrdersOverlap = 2 * time.Hour
	// A window is asked for this often when Amazon fails to make its report, and
	// this often when it cancels it: that says that there were no orders, but now
	// and then it is said of a window that has some.
	allOrdersTries    = 3
	cancelledTries    = 2
	allOrdersPatience = 30 * time.Minute
	// Reports take Amazon minutes: it is asked soon at first, then less often.
	pollFirst = 2 * time.Second
	pollLast  = time.Minute
)

// backfill is the bookmark: which windows were asked for and which are in.
type backfill struct {
	Began   time.Time   `json:"began"` // searchOrders starts from here
	Windows []allOrders `json:"windows"`
	Done    bool        `json:"done"`
}

type allOrders struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Report string    `json:"report,omitempty"` // Amazon's report id, once created
	Tries  int       `json:"tries,omitempty"`
	Done   bool      `json:"done,omitempty"`
}

func (orderReports) Name() string { return nameOrderReports }
func (orderReports) Stage() int   { return 1 }

func (orderReports) Sync(ctx context.Context, s *Session) error {
	var b backfill
	known, err := s.Bookmark(ctx, &b)
	if err != nil || b.Done {
		return err
	}
	if !known {
		b = planBackfill(s)
		if err := b.save(ctx, s); err != nil {
			return err
		}
	}
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	if err := b.create(ctx, s, marketplaces); err != nil {
		return err
	}
	pause, before := pollFirst, -1
	for started := s.clock(); !b.Done; {
		waiting, err := b.collect(ctx, s, marketplaces)
		if err != nil {
			return err
		}
		if waiting == 0 {
			continue
		}
		if s.clock().Sub(started) > allOrdersPatience {
			return fmt.Errorf("Amazon is still making %d of the order reports; the next run goes on from here", waiting)
		}
		if pause = min(2*pause, pollLast); waiting != before {
			pause, before = pollFirst, waiting
		}
		if err := s.pause(ctx, pause); err != nil {
			return err
		}
	}
	return nil
}

// planBackfill divides the past into windows, the newest first: that is what
// the user waits for.
func planBackfill(s *Session) backfill {
	b := backfill{Began: s.Now.Add(-allOrdersOverlap).UTC().Truncate(time.Second)}
	end := settled(s.Now)
	for to := end; to.After(s.Oldest()); to = to.Add(-allOrdersWindow) {
		from := to.Add(-allOrdersWindow)
		if from.Before(s.Oldest()) {
			from = s.Oldest()
		}
		b.Windows = append(b.Windows, allOrders{From: from, To: to})
	}
	return b
}

func (b *backfill) save(ctx context.Context, s *Session) error {
	return s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(s.ID(), nameOrderReports, b, time.Time{})
	})
}

// create asks for every window that has no report yet. The report id is stored
// at once, so that a restart does not ask again.
func (b *backfill) create(ctx context.Context, s *Session, marketplaces []string) error {
	for i := range b.Windows {
		w := &b.Windows[i]
		if w.Done || w.Report != "" {
			continue
		}
		id, err := s.API.CreateReport(ctx, spapi.ReportRequest{
			Type: allOrdersType, MarketplaceIDs: marketplaces, Start: w.From, End: w.To,
		})
		if err != nil {
			return err
		}
		w.Report = id
		w.Tries++
		if err := b.save(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// collect looks at each open report and stores those that are ready; it
// returns how many are still being made.
func (b *backfill) collect(ctx context.Context, s *Session, marketplaces []string) (waiting int, err error) {
	left := 0
	for i := range b.Windows {
		w := &b.Windows[i]
		if w.Done {
			continue
		}
		r, err := s.API.GetReport(ctx, w.Report)
		if errors.Is(err, spapi.ErrNotFound) {
			r, err = spapi.Report{ProcessingStatus: reportForgotten}, nil
		}
		if err != nil {
			return 0, err
		}
		r.ReportType = firstOf(r.ReportType, allOrdersType)
		switch r.ProcessingStatus {
		case spapi.ReportDone:
			err = b.store(ctx, s, w, r)
		case spapi.ReportCancelled:
			if w.Tries >= cancelledTries {
				err = b.finish(ctx, s, w, 0, nil)
				break
			}
			w.Report = ""
			err = b.create(ctx, s, marketplaces)
			left++
		case spapi.ReportFatal, reportForgotten:
			err = b.fatal(ctx, s, w, r, marketplaces)
			left++
		default:
			waiting++
			left++
		}
		if err != nil {
			return 0, fmt.Errorf("orders of %s to %s: %w", w.From.Format(time.DateOnly), w.To.Format(time.DateOnly), err)
		}
	}
	if left > 0 {
		return waiting, nil
	}
	b.Done = true
	return 0, s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(s.ID(), nameOrderReports, b, b.Began)
	})
}

func (b *backfill) store(ctx context.Context, s *Session, w *allOrders, r spapi.Report) error {
	f, err := download(ctx, s, r, reports.Hint{})
	if errors.Is(err, reports.ErrEmpty) {
		return b.finish(ctx, s, w, 0, nil)
	}
	if err != nil {
		return err
	}
	if f.Kind != reports.AllOrders {
		return fmt.Errorf("Amazon sent a %s instead of an order report", f.Kind)
	}
	return b.finish(ctx, s, w, f.Rows, f)
}

// finish stores a window's rows, its coverage and its mark in one transaction.
func (b *backfill) finish(ctx context.Context, s *Session, w *allOrders, rows int, f *reports.File) error {
	w.Done = true
	err := s.Page(ctx, rows, func(tx *store.Tx) error {
		if f != nil {
			if _, err := storeReport(tx, s.ID(), f); err != nil {
				return err
			}
		}
		if err := tx.AddCoverage(s.ID(), nameOrders, store.Interval{From: w.From, To: w.To}); err != nil {
			return err
		}
		return tx.SetBookmark(s.ID(), nameOrderReports, b, time.Time{})
	})
	if err != nil {
		w.Done = false
	}
	return err
}

// reportForgotten stands for a report that Amazon no longer has: it keeps them
// for 90 days, and a back-fill may have been interrupted for longer.
const reportForgotten = "FORGOTTEN"

// fatal asks for a failed report again, a few times; the document that Amazon
// may have left with it holds the reason.
func (b *backfill) fatal(ctx context.Context, s *Session, w *allOrders, r spapi.Report, marketplaces []string) error {
	if w.Tries >= allOrdersTries {
		reason := "no reason given"
		if r.ReportDocumentID != "" {
			var body bytes.Buffer
			if _, err := s.API.Download(ctx, r.ReportDocumentID, &body, 4096); err == nil {
				reason = string(bytes.TrimSpace(body.Bytes()))
			}
		}
		w.Report, w.Tries = "", 0
		if err := b.save(ctx, s); err != nil {
			return err
		}
		return fmt.Errorf("Amazon could not make the report (%.200s); the next run asks again", reason)
	}
	w.Report = ""
	return b.create(ctx, s, marketplaces)
}
