package appsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapi"
)

// filling is a run of the back-fill. Amazon allows one request for a report a
// minute, and one download: one goroutine asks while the other collects, so
// that the first report is stored long before the last is asked for, and
// neither limit waits for the other.
type filling struct {
	s            *Session
	marketplaces []string
	asks         chan struct{} // a window has to be asked for again

	mu   sync.Mutex // guards b, and keeps its stored form in step
	b    backfill
	told error         // of the first report that Amazon failed to make, not told before
	idle time.Duration // waited since something was asked for or stored last
}

func (f *filling) run(parent context.Context) error {
	ctx, stop := context.WithCancelCause(parent)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := f.ask(ctx); err != nil {
			stop(err)
		}
	}()
	err := f.collectAll(ctx)
	stop(nil)
	<-ended
	if cause := context.Cause(ctx); errors.Is(err, context.Canceled) && parent.Err() == nil && !errors.Is(cause, context.Canceled) {
		return cause // why the asking ended
	}
	return err
}

// ask asks for every window that has no report, the newest first, and again
// for those that Amazon gives up, until ctx ends. The report id is stored at
// once, so that a restart does not ask again.
func (f *filling) ask(ctx context.Context) error {
	for {
		i := f.unasked()
		if i < 0 {
			select {
			case <-f.asks:
				continue
			case <-ctx.Done():
				return nil
			}
		}
		f.mu.Lock()
		w := f.b.Windows[i]
		f.mu.Unlock()
		id, err := f.s.API.CreateReport(ctx, spapi.ReportRequest{
			Type: allOrdersType, MarketplaceIDs: f.marketplaces, Start: w.From, End: w.To,
		})
		if err != nil {
			return err
		}
		err = f.change(ctx, func() { f.b.Windows[i].Report, f.b.Windows[i].Tries = id, w.Tries+1 })
		if err != nil {
			return err
		}
	}
}

// unasked is the first window without a report, -1 when there is none. What was
// never asked for comes first: asking again must not keep the others waiting.
func (f *filling) unasked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	again := -1
	for i, w := range f.b.Windows {
		if w.Report != "" || !w.wanted(f.s.Now) {
			continue
		}
		if w.Tries == 0 {
			return i
		}
		if again < 0 {
			again = i
		}
	}
	return again
}

// change changes the bookmark and stores it.
func (f *filling) change(ctx context.Context, do func()) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	f.idle = 0
	return f.save(ctx)
}

// save stores the bookmark; the caller holds mu, or is alone.
func (f *filling) save(ctx context.Context) error {
	return f.s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(f.s.ID(), nameOrderReports, &f.b, time.Time{})
	})
}

// collectAll stores each report as soon as it is ready.
func (f *filling) collectAll(ctx context.Context) error {
	for pause, before := pollFirst, -1; ; {
		left, err := f.collect(ctx)
		if err != nil {
			return err
		}
		if left == 0 {
			break
		}
		f.mu.Lock()
		idle := f.idle
		f.mu.Unlock()
		if idle > allOrdersPatience {
			return fmt.Errorf("Amazon is still making %d of the order reports; the next run goes on from here", left)
		}
		if pause = min(2*pause, pollLast); left != before {
			pause, before = pollFirst, left
		}
		waited, err := f.s.waits(ctx, pause)
		if err != nil {
			return err
		}
		f.mu.Lock()
		f.idle += waited
		f.mu.Unlock()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told != nil {
		return f.told
	}
	f.b.end()
	until := f.b.Began
	if slices.ContainsFunc(f.b.Windows, func(w allOrders) bool { return !w.Done }) {
		until = time.Time{} // what rests is not in
	}
	return f.s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(f.s.ID(), nameOrderReports, &f.b, until)
	})
}

// collect looks at each report that was asked for and stores those that are
// ready; it returns how many windows are left.
func (f *filling) collect(ctx context.Context) (left int, err error) {
	f.mu.Lock()
	windows := slices.Clone(f.b.Windows)
	f.mu.Unlock()
	for i, w := range windows {
		if !w.wanted(f.s.Now) {
			continue
		}
		left++
		if w.Report == "" {
			continue
		}
		r, err := f.s.API.GetReport(ctx, w.Report)
		if errors.Is(err, spapi.ErrNotFound) {
			r, err = spapi.Report{ProcessingStatus: reportForgotten}, nil
		}
		if err != nil {
			return left, err
		}
		r.ReportType = firstOf(r.ReportType, allOrdersType)
		done := false
		switch r.ProcessingStatus {
		case spapi.ReportDone:
			done, err = true, f.store(ctx, i, r)
		case spapi.ReportCancelled:
			done = true
			if w.Empty.IsZero() && !w.Regions {
				err = f.change(ctx, func() {
					w := &f.b.Windows[i]
					w.Done, w.Empty, w.failing = true, f.s.Now, failing{}
				})
			} else {
				err = f.finish(ctx, i, 0, nil)
			}
		case spapi.ReportFatal, reportForgotten:
			done, err = f.fatal(ctx, i, r)
		}
		if err != nil {
			return left, fmt.Errorf("orders of %s to %s: %w", w.From.Format(time.DateOnly), w.To.Format(time.DateOnly), err)
		}
		if done {
			left--
		}
	}
	return left, nil
}

func (f *filling) store(ctx context.Context, i int, r spapi.Report) error {
	file, err := download(ctx, f.s, r, reports.Hint{})
	if errors.Is(err, reports.ErrEmpty) {
		return f.finish(ctx, i, 0, nil)
	}
	var refused *reports.FileError
	if errors.As(err, &refused) && f.regions(i) {
		return f.finish(ctx, i, 0, nil)
	}
	if refused != nil { // a document never changes: only another report can be better
		return errors.Join(err, f.change(ctx, func() { f.b.Windows[i].Report = "" }))
	}
	if err != nil {
		return err
	}
	if file.Kind != reports.AllOrders {
		return fmt.Errorf("Amazon sent a %s instead of an order report", file.Kind)
	}
	return f.finish(ctx, i, file.Rows, file)
}

// finish stores a window's rows, its coverage and its mark in one transaction.
func (f *filling) finish(ctx context.Context, i, rows int, file *reports.File) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	w := &f.b.Windows[i]
	before := *w
	w.Done, w.Empty, w.failing = true, time.Time{}, failing{}
	err := f.s.Page(ctx, rows, func(tx *store.Tx) error {
		if w.Regions {
			if file != nil {
				if err := storeRegions(tx, f.s.ID(), file); err != nil {
					return err
				}
			}
			return tx.SetBookmark(f.s.ID(), nameOrderReports, &f.b, time.Time{})
		}
		if file != nil {
			if _, err := storeReport(tx, f.s.ID(), file); err != nil {
				return err
			}
		}
		if err := tx.AddCoverage(f.s.ID(), nameOrders, store.Interval{From: w.From, To: w.To}); err != nil {
			return err
		}
		return tx.SetBookmark(f.s.ID(), nameOrderReports, &f.b, time.Time{})
	})
	if err != nil {
		*w = before
		return err
	}
	f.idle = 0
	return nil
}

// regions tells whether a window is asked for only to learn where orders go. That is
// worth no failed run: the next week's report holds these days once more.
func (f *filling) regions(i int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.b.Windows[i].Regions
}

// reportForgotten stands for a report that Amazon no longer has: it keeps them
// for 90 days, and a back-fill may have been interrupted for longer.
const reportForgotten = "FORGOTTEN"

// again has a window asked for once more.
func (f *filling) again(ctx context.Context, i, tries int) error {
	err := f.change(ctx, func() { f.b.Windows[i].Report, f.b.Windows[i].Tries = "", tries })
	select {
	case f.asks <- struct{}{}:
	default:
	}
	return err
}

// fatal asks for a failed report again, a few times in the first run that meets it;
// the document that Amazon may have left with it holds the reason. It tells whether
// this run is done with the window: one report that fails holds up no other.
func (f *filling) fatal(ctx context.Context, i int, r spapi.Report) (done bool, err error) {
	f.mu.Lock()
	w := f.b.Windows[i]
	f.mu.Unlock()
	if w.Tries < allOrdersTries && w.Fails == 0 {
		return false, f.again(ctx, i, w.Tries)
	}
	if w.Regions {
		return true, f.finish(ctx, i, 0, nil)
	}
	reason := "no reason given"
	if r.ReportDocumentID != "" && w.Fails == 0 {
		var body bytes.Buffer
		if _, err := f.s.API.Download(ctx, r.ReportDocumentID, &body, 4096); err == nil {
			reason = string(bytes.TrimSpace(body.Bytes()))
		}
	}
	return true, f.change(ctx, func() {
		w := &f.b.Windows[i]
		w.Report, w.Tries = "", 0
		if w.failing.failed(f.s.clock()) && f.told == nil {
			f.told = fmt.Errorf("orders of %s to %s: Amazon could not make the report (%.200s); the next run asks again",
				w.From.Format(time.DateOnly), w.To.Format(time.DateOnly), reason)
		}
	})
}
