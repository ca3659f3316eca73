package appsync

import (
	"context"
	"encoding/json"
	"time"

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
	pollLast  = 30 * time.Second
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

// After: none but the account itself; what is newest comes first all the same.
func (orderReports) After() []string { return nil }

// Every: once filled, the past is not asked for again.
func (orderReports) Every() time.Duration { return 24 * time.Hour }

func (orderReports) Left(o Outlook) []Need {
	var b backfill
	if o.Bookmark == "" || json.Unmarshal([]byte(o.Bookmark), &b) != nil {
		b = planWindows(o.Now, o.Now.Add(-o.LookBack).UTC().Truncate(24*time.Hour))
	}
	ask, get := 0, 0
	for _, w := range b.Windows {
		if !w.Done {
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
	if err != nil || f.b.Done {
		return err
	}
	if !known {
		f.b = planBackfill(s)
		if err := f.save(ctx); err != nil {
			return err
		}
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
