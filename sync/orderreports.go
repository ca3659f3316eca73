package appsync

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"countinghouse/data/store"
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
	// A window is asked for this often when Amazon fails to make its report.
	allOrdersTries    = 3
	allOrdersPatience = 30 * time.Minute
	// When Amazon cancels a report, there were no orders, mostly; now and then that
	// is said of a window that has some. A later run asks once more, and until then
	// the window is not covered: asking in the same run would hold up a seller with
	// empty months.
	allOrdersConfirm = time.Hour
	// searchOrders does not tell where an order of Amazon's stock goes: that is read
	// from the report of the last days, this often, and as much again of what was
	// read before, for what had not been shipped.
	regionsEvery = 7 * 24 * time.Hour
	regionsAgain = 14 * 24 * time.Hour
	// Reports take Amazon minutes: it is asked soon at first, then less often.
	pollFirst = 2 * time.Second
	pollLast  = 30 * time.Second
)

// backfill is the bookmark: which windows were asked for and which are in.
type backfill struct {
	Began   time.Time   `json:"began"` // searchOrders starts from here
	Windows []allOrders `json:"windows"`
	Done    bool        `json:"done"`
	Regions time.Time   `json:"regions,omitzero"` // where orders go is known up to then
}

type allOrders struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Report string    `json:"report,omitempty"` // Amazon's report id, once created
	Tries  int       `json:"tries,omitempty"`
	Done   bool      `json:"done,omitempty"`
	// Empty is when Amazon cancelled the report, which a later run has to confirm.
	Empty time.Time `json:"empty,omitzero"`
	// Regions: only where the orders go is taken from it.
	Regions bool `json:"regions,omitempty"`
	failing
}

// wanted tells whether a window is to be asked for or read in a run of then.
func (w allOrders) wanted(now time.Time) bool { return !w.Done && !w.rests(now) }

// next adds what is to be asked for later: what was told to be empty, and where the
// orders of the last days go. A month that Amazon keeps failing to make holds up
// neither. It tells whether there is something to ask for.
func (b *backfill) next(now time.Time) bool {
	for i, w := range b.Windows {
		age := now.Sub(w.Empty) // below zero: the clock was set back
		if w.Done && !w.Empty.IsZero() && (age >= allOrdersConfirm || age < 0) {
			b.Windows[i].Done, b.Windows[i].Report, b.Done = false, "", false
		}
		if w.wanted(now) {
			b.Done = false
		}
	}
	if b.Regions.IsZero() || b.Regions.After(now) {
		b.Regions = b.Began
	}
	if now.Sub(b.Regions) >= regionsEvery {
		b.Windows = slices.DeleteFunc(b.Windows, func(w allOrders) bool { return w.Regions && w.Done })
		from, to := notBefore(b.Regions.Add(-regionsAgain), now.Add(-DefaultLookBack)), settled(now)
		for ; to.After(from); to = to.Add(-allOrdersWindow) {
			b.Windows = append(b.Windows, allOrders{From: notBefore(to.Add(-allOrdersWindow), from), To: to, Regions: true})
		}
		b.Regions, b.Done = settled(now), false
	}
	return !b.Done
}

// end forgets the windows that were asked for where orders go only.
func (b *backfill) end() {
	b.Done = true
	b.Windows = slices.DeleteFunc(b.Windows, func(w allOrders) bool { return w.Regions })
}

// Unconfirmed are the periods of a connection of which Amazon said that there were
// no orders, before it was asked once more. They are not covered.
func Unconfirmed(ctx context.Context, book *store.Book, connection string) (list []store.Interval, err error) {
	var b backfill
	if err := book.Bookmark(ctx, connection, nameOrderReports, &b); err != nil && !isNotFound(err) {
		return nil, err
	}
	for _, w := range b.Windows {
		if !w.Empty.IsZero() && w.Fails == 0 {
			list = append(list, store.Interval{From: w.From, To: w.To})
		}
	}
	return list, nil
}

func (orderReports) Name() string { return nameOrderReports }
func (orderReports) Stage() int   { return 1 }

// After: none but the account itself; what is newest comes first all the same.
func (orderReports) After() []string { return nil }

// Every: once filled, the past is not asked for again, but for what backfill.next
// says.
func (orderReports) Every() time.Duration { return allOrdersConfirm }

func (orderReports) Left(o Outlook) []Need {
	var b backfill
	if o.Bookmark == "" || json.Unmarshal([]byte(o.Bookmark), &b) != nil {
		b = planWindows(o.Now, o.Now.Add(-o.LookBack).UTC().Truncate(24*time.Hour))
	}
	b.next(o.Now)
	ask, get := 0, 0
	for _, w := range b.Windows {
		if w.wanted(o.Now) {
			get++
			if w.Report == "" {
				ask++
			}
		}
	}
	if get == 0 {
		return nil
	}
	return []Need{{spapi.OpCreateReport, ask}, {spapi.OpGetReport, get}, {spapi.OpGetReportDocument, get}}
}

func (orderReports) Sync(ctx context.Context, s *Session) error {
	f := &filling{s: s, asks: make(chan struct{}, 1)}
	known, err := s.Bookmark(ctx, &f.b)
	if err != nil || known && !f.b.next(s.Now) {
		return err
	}
	if !known {
		f.b = planBackfill(s)
	}
	if err := f.save(ctx); err != nil {
		return err
	}
	if f.marketplaces, err = active(ctx, s); err != nil {
		return err
	}
	return f.run(ctx)
}

// planBackfill divides the past into windows, the newest first: that is what
// the user waits for.
func planBackfill(s *Session) backfill { return planWindows(s.Now, s.Oldest()) }

func planWindows(now, oldest time.Time) backfill {
	b := backfill{Began: now.Add(-allOrdersOverlap).UTC().Truncate(time.Second)}
	for to := settled(now); to.After(oldest); to = to.Add(-allOrdersWindow) {
		from := to.Add(-allOrdersWindow)
		if from.Before(oldest) {
			from = oldest
		}
		b.Windows = append(b.Windows, allOrders{From: from, To: to})
	}
	return b
}
