package appsync

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapi"
)

// requestedReports are the reports that Amazon makes when asked: Reports
// 2021-06-30, createReport and getReportDocument 0.0167/s burst 15, getReport
// 2/s burst 15. One more report is one line here, once fileKinds takes it.
//
// Windows and oldest dates: the ledger answers for 18 months, its days are cut
// by Amazon's clock now and then (a German account got them an hour off), so
// each window begins a day early; rows that come twice are one row. Returns of
// seller-fulfilled orders come for 60 days at a time. What tells of the moment
// it is made is asked for once per marketplace. Daily reports may be asked for
// again after four hours; none is, here, before a day.
func requestedReports() []Resource {
	const day = 24 * time.Hour
	return []Resource{
		requested{name: "ledger", typ: "GET_LEDGER_DETAIL_VIEW_DATA", kind: reports.LedgerDetail, every: day, window: 180 * day, oldest: 540 * day},
		requested{name: "balances-monthly", typ: "GET_LEDGER_SUMMARY_VIEW_DATA", kind: reports.LedgerSummary, every: day, window: 540 * day, oldest: 540 * day,
			again: 45 * day, options: map[string]string{"aggregateByLocation": "COUNTRY", "aggregatedByTimePeriod": "MONTHLY"}},
		requested{name: "returns", typ: "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA", kind: reports.FBAReturns, every: day, window: 180 * day, oldest: 540 * day},
		requested{name: "seller-returns", typ: "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE", kind: reports.SellerReturns, every: day, window: 60 * day, oldest: 180 * day,
			again: 30 * day},
		requested{name: "reimbursements", typ: "GET_FBA_REIMBURSEMENTS_DATA", kind: reports.Reimbursements, every: day, window: 540 * day, oldest: 540 * day},
		requested{name: "removals", typ: "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA", kind: reports.RemovalOrders, every: day, window: 540 * day,
			oldest: 540 * day, again: 60 * day},
		requested{name: "storage-fees", typ: "GET_FBA_STORAGE_FEE_CHARGES_DATA", kind: reports.StorageFees, every: 7 * day, window: 31 * day, oldest: 186 * day,
			again: 62 * day},
		requested{name: "aged-storage-fees", typ: "GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA", kind: reports.AgedStorageFees, every: 7 * day,
			window: 180 * day, oldest: 360 * day, again: 40 * day},
		requested{name: "myi-inventory", typ: "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA", kind: reports.MYIInventory, every: day},
		requested{name: "inventory-planning", typ: "GET_FBA_INVENTORY_PLANNING_DATA", kind: reports.InventoryPlanning, every: day},
		requested{name: "restock", typ: "GET_RESTOCK_INVENTORY_RECOMMENDATIONS_REPORT", kind: reports.Restock, every: day},
		requested{name: "fee-preview", typ: "GET_FBA_ESTIMATED_FBA_FEES_TXT_DATA", kind: reports.FeePreview, every: 7 * day},
		requested{name: "removal-advice", typ: "GET_FBA_RECOMMENDED_REMOVAL_DATA", kind: reports.RemovalAdvice, every: 7 * day},
		requested{name: "listings-report", typ: "GET_MERCHANT_LISTINGS_ALL_DATA", kind: reports.MerchantListings, every: 7 * day},
	}
}

// requested is one of them.
type requested struct {
	name    string
	typ     string // Amazon's report type
	kind    reports.Kind
	every   time.Duration
	options map[string]string
	window  time.Duration // longest period of one report; 0: it tells of the moment it is made, one per marketplace
	oldest  time.Duration // how far back Amazon has it
	again   time.Duration // what is asked for again each time, as it may have changed; 0: two weeks
}

// requestedMark is the bookmark: what was asked for and is not in yet.
type requestedMark struct {
	Until time.Time     `json:"until"`          // end of the newest period that Amazon had rows of
	Asked time.Time     `json:"asked,omitzero"` // when something new was asked for last
	Open  []askedReport `json:"open,omitempty"`
}

type askedReport struct {
	From        time.Time `json:"from,omitzero"`
	To          time.Time `json:"to,omitzero"`
	Marketplace string    `json:"marketplace,omitempty"` // of a report per marketplace
	Report      string    `json:"report,omitempty"`      // Amazon's id, once it was asked for
	Tries       int       `json:"tries,omitempty"`
	failing
}

const (
	requestedTries   = 3
	cancelledTries   = 2 // it says that there is nothing, mostly
	requestedOverlap = 14 * 24 * time.Hour
	// patience is how long a run waits for reports that Amazon has not made; the
	// next goes on from there.
	requestedPatience = 30 * time.Minute
)

func (r requested) Name() string         { return r.name }
func (r requested) Stage() int           { return 3 }
func (r requested) Every() time.Duration { return r.every }

// Left is what the next run will ask for at the least.
func (r requested) Left(o Outlook) []Need {
	var mark requestedMark
	if o.Bookmark != "" && json.Unmarshal([]byte(o.Bookmark), &mark) != nil {
		mark = requestedMark{}
	}
	if !r.pending(mark, o.Now) {
		mark.Open = r.renewed(mark, o.Now, o.Now.Add(-o.LookBack), make([]string, max(o.Marketplaces, 1)))
	}
	n := 0
	for _, a := range mark.Open {
		if !a.rests(o.Now) {
			n++
		}
	}
	return []Need{{spapi.OpCreateReport, n}, {spapi.OpGetReport, n}, {spapi.OpGetReportDocument, n}}
}

func (r requested) Sync(ctx context.Context, s *Session) error {
	var mark requestedMark
	if _, err := s.Bookmark(ctx, &mark); err != nil {
		return err
	}
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	if !r.pending(mark, s.Now) {
		mark.Open, mark.Asked = r.renewed(mark, s.Now, s.Oldest(), marketplaces), s.Now.UTC()
	}
	q := requesting{requested: r, s: s, mark: &mark, marketplaces: marketplaces}
	return q.run(ctx)
}

// requesting is one run of a requested report.
type requesting struct {
	requested
	s            *Session
	mark         *requestedMark
	marketplaces []string
	told         error // of the first report that Amazon failed to make, not told before
}

func (q *requesting) run(ctx context.Context) error {
	pause, before := pollFirst, -1
	for waited := time.Duration(0); ; {
		asked, err := q.ask(ctx)
		if err != nil {
			return err
		}
		waiting, err := q.collect(ctx)
		if err != nil {
			return err
		}
		if waiting == 0 && q.told != nil {
			return q.told
		}
		if waiting == 0 {
			until := q.mark.Asked // before now, when a stopped run is finished
			if until.IsZero() || until.After(q.s.Now) {
				until = q.s.Now
			}
			if len(q.mark.Open) > 0 {
				until = time.Time{} // what rests is not in
			}
			return q.s.Page(ctx, 0, q.save(until))
		}
		if asked > 0 || waiting != before {
			waited = 0
		}
		if waited > requestedPatience {
			return fmt.Errorf("Amazon is still making %d reports; the next run goes on from here", waiting)
		}
		if pause = min(2*pause, pollLast); waiting != before {
			pause, before = pollFirst, waiting
		}
		more, err := q.s.waits(ctx, pause)
		if err != nil {
			return err
		}
		waited += more
	}
}

func (q *requesting) save(until time.Time) func(*store.Tx) error {
	return func(tx *store.Tx) error { return tx.SetBookmark(q.s.ID(), q.name, q.mark, until) }
}

// ask asks for every report that was not asked for yet and tells how many. The
// id is stored at once, so that a restart does not ask again.
func (q *requesting) ask(ctx context.Context) (asked int, err error) {
	for i := range q.mark.Open {
		a := &q.mark.Open[i]
		if a.Report != "" || a.rests(q.s.Now) {
			continue
		}
		in := q.marketplaces[:min(len(q.marketplaces), 25)]
		if a.Marketplace != "" {
			in = []string{a.Marketplace}
		}
		id, err := q.s.API.CreateReport(ctx, spapi.ReportRequest{Type: q.typ, MarketplaceIDs: in, Start: a.From, End: a.To, Options: q.options})
		if err != nil {
			return asked, err
		}
		a.Report = id
		a.Tries++
		asked++
		if err := q.s.Page(ctx, 0, q.save(time.Time{})); err != nil {
			return asked, err
		}
	}
	return asked, nil
}

// collect looks at each open report and stores those that are ready, in the
// order in which they were asked for: what stands in two of them is then told by
// the same one, whenever a run was stopped. It returns how many are to be waited
// for.
func (q *requesting) collect(ctx context.Context) (waiting int, err error) {
	for _, a := range slices.Clone(q.mark.Open) {
		if a.Report == "" {
			continue
		}
		r, err := q.s.API.GetReport(ctx, a.Report)
		if errors.Is(err, spapi.ErrNotFound) {
			r, err = spapi.Report{ProcessingStatus: spapi.ReportFatal}, nil // Amazon keeps them for 90 days
		}
		if err != nil {
			return 0, err
		}
		switch {
		case r.ProcessingStatus == spapi.ReportFatal && a.Tries < requestedTries && a.Fails == 0:
			if err = q.anew(ctx, a); err == nil {
				waiting++
			}
		case r.ProcessingStatus == spapi.ReportFatal:
			err = q.fatal(ctx, a, r)
		case r.ProcessingStatus == spapi.ReportCancelled && q.window > 0 && a.Tries < cancelledTries:
			if err = q.anew(ctx, a); err == nil {
				waiting++
			}
		case waiting > 0:
			waiting++ // its turn comes later
			continue
		case r.ProcessingStatus == spapi.ReportDone:
			err = q.store(ctx, a, r)
		case r.ProcessingStatus == spapi.ReportCancelled:
			err = q.finish(ctx, a, nil, target{})
		default:
			waiting++
		}
		if err != nil {
			return 0, q.about(a, err)
		}
	}
	return waiting, nil
}

func (q *requesting) about(a askedReport, err error) error {
	if a.From.IsZero() {
		return fmt.Errorf("%s: %w", q.kind.Title(), err)
	}
	return fmt.Errorf("%s of %s to %s: %w", q.kind.Title(), a.From.Format(time.DateOnly), a.To.Format(time.DateOnly), err)
}

// at finds an open report in the mark; the mark is changed while it is gone
// through.
func (q *requesting) at(a askedReport) int {
	return slices.IndexFunc(q.mark.Open, func(o askedReport) bool { return o.Report == a.Report })
}

// anew has a report made once more.
func (q *requesting) anew(ctx context.Context, a askedReport) error {
	q.mark.Open[q.at(a)].Report = ""
	return q.s.Page(ctx, 0, q.save(time.Time{}))
}

// fatal gives a report up for this run, after a few tries in the first; the document
// that Amazon may have left with it holds the reason.
func (q *requesting) fatal(ctx context.Context, a askedReport, r spapi.Report) error {
	reason := "no reason given"
	if r.ReportDocumentID != "" && a.Fails == 0 {
		var body bytes.Buffer
		if _, err := q.s.API.Download(ctx, r.ReportDocumentID, &body, 4096); err == nil {
			reason = strings.TrimSpace(body.String())
		}
	}
	o := &q.mark.Open[q.at(a)]
	o.Report, o.Tries = "", 0
	if o.failed(q.s.clock()) && q.told == nil {
		q.told = q.about(a, fmt.Errorf("Amazon could not make the report (%.200s); the next run asks again", reason))
	}
	return q.s.Page(ctx, 0, q.save(time.Time{}))
}

func (q *requesting) store(ctx context.Context, a askedReport, r spapi.Report) error {
	r.ReportType = q.typ
	f, err := download(ctx, q.s, r, reports.Hint{From: a.From, To: a.To})
	if errors.Is(err, reports.ErrEmpty) {
		return q.finish(ctx, a, nil, target{})
	}
	if refused := new(reports.FileError); errors.As(err, &refused) {
		// A document does not change: the next run has another one made.
		i := q.at(a)
		q.mark.Open[i].Report = ""
		return errors.Join(err, q.s.Page(ctx, 0, q.save(time.Time{})))
	}
	if err != nil {
		return err
	}
	if f.Kind != q.kind {
		return fmt.Errorf("Amazon sent a %s instead", f.Kind.Title())
	}
	at := target{connection: q.s.ID(), marketplace: a.Marketplace, taken: r.CreatedTime.Time}
	if at.marketplace == "" && len(q.marketplaces) == 1 {
		at.marketplace = q.marketplaces[0]
	}
	if at.taken.IsZero() || at.taken.After(q.s.Now) {
		at.taken = q.s.Now // it was made in this run; else in one that was stopped
	}
	return q.finish(ctx, a, f, at)
}

// finish stores a report's rows, what they cover and the mark in one
// transaction. Without rows nothing is known to be complete: a report is
// cancelled when there is no data, and also when it was asked for too often, so
// that one of a period was asked for twice. Its period is asked for again by the
// next run, until there is a newer one that has rows.
func (q *requesting) finish(ctx context.Context, a askedReport, f *reports.File, at target) error {
	rows := 0
	if f != nil {
		rows = f.Rows
	}
	before := *q.mark
	before.Open = slices.Clone(q.mark.Open)
	q.mark.Open = slices.Delete(q.mark.Open, q.at(a), q.at(a)+1)
	if f != nil {
		q.mark.Until = notBefore(q.mark.Until, a.To)
	}
	err := q.s.Page(ctx, rows, func(tx *store.Tx) error {
		if f == nil {
			return q.save(time.Time{})(tx)
		}
		if _, err := storeFile(tx, at, f); err != nil {
			return err
		}
		if k, _ := kindOf(q.kind); k.covers != "" {
			if err := tx.AddCoverage(q.s.ID(), k.covers, store.Interval{From: a.From, To: a.To}); err != nil {
				return err
			}
		}
		return q.save(time.Time{})(tx)
	})
	if err != nil {
		*q.mark = before
	}
	return err
}

// notBefore is a, or b if that is later.
func notBefore(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
