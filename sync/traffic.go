package appsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapi"
)

// traffic: Reports 2021-06-30, type GET_SALES_AND_TRAFFIC_REPORT, a JSON
// document; role Brand Analytics. createReport and getReportDocument 0.0167/s
// burst 15. What it tells by ASIN is of the whole period, so each day of each
// marketplace with own products is a report of its own; two years back.
// Surprises: days are the marketplace's, their time part is ignored; the last
// three days may come empty, as FATAL, or change later, so the last seven are
// asked for again each day. The past is filled in hourly steps, and nothing
// waits long for the limit that the reports of orders need more.
type traffic struct{}

const (
	trafficType  = "GET_SALES_AND_TRAFFIC_REPORT"
	trafficAgain = 7 // days that are asked for again
	trafficFresh = 20 * time.Hour
	trafficStep  = 7                // older days per step
	trafficPause = time.Hour        // between steps into the past
	trafficWait  = 20 * time.Second // the longest wait for a limit; then the next run goes on
	trafficLooks = 8                // at reports that are being made; then the next run goes on
	trafficTries = 2
)

// trafficMark is the bookmark, by marketplace.
type trafficMark struct {
	Markets map[string]*trafficMarket `json:"markets"`
}

type trafficMarket struct {
	Asked  map[string]time.Time `json:"asked"`            // recent day to when it was asked for
	Oldest string               `json:"oldest,omitempty"` // the past is in down to this day
	Step   time.Time            `json:"step,omitzero"`    // last step into the past
	Open   []trafficReport      `json:"open,omitempty"`
}

type trafficReport struct {
	Day    string `json:"day"`
	Report string `json:"report,omitempty"` // Amazon's id, once it was asked for
	Tries  int    `json:"tries,omitempty"`
}

func (traffic) Name() string { return nameTraffic }
func (traffic) Stage() int   { return 3 }

// Every: a run may last a while, and days are not made faster by asking.
func (traffic) Every() time.Duration { return 30 * time.Minute }

// After: they need the same limits more.
func (traffic) After() []string { return []string{nameListings, nameOrderReports} }

func (traffic) Sync(ctx context.Context, s *Session) error {
	var mark trafficMark
	if _, err := s.Bookmark(ctx, &mark); err != nil {
		return err
	}
	if mark.Markets == nil {
		mark.Markets = map[string]*trafficMarket{}
	}
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	for _, m := range marketplaces {
		own, err := s.Book.OwnASINs(ctx, s.ID(), m)
		if err != nil {
			return err
		}
		if own == 0 {
			continue // nobody visits what is not sold
		}
		if mark.Markets[m] == nil {
			mark.Markets[m] = &trafficMarket{Asked: map[string]time.Time{}}
		}
		mark.Markets[m].plan(m, s)
		if err := (trafficRun{s, &mark, m, mark.Markets[m]}).run(ctx); err != nil {
			return fmt.Errorf("traffic of %s: %w", m, err)
		}
	}
	return nil
}

// plan opens the reports that are due: the recent days anew each day, and from
// time to time some older ones, the newest first.
func (t *trafficMarket) plan(marketplace string, s *Session) {
	today := dayBegan(marketplace, s.Now)
	add := func(day string) {
		if !slices.ContainsFunc(t.Open, func(r trafficReport) bool { return r.Day == day }) {
			t.Open = append(t.Open, trafficReport{Day: day})
		}
	}
	recent := map[string]time.Time{}
	for back := 1; back <= trafficAgain; back++ {
		day := today.AddDate(0, 0, -back).Format(time.DateOnly)
		at, known := t.Asked[day]
		if known {
			recent[day] = at
		}
		if !known || s.Now.Sub(at) >= trafficFresh {
			recent[day] = s.Now
			add(day)
		}
	}
	t.Asked = recent
	first := t.Oldest == ""
	if first {
		t.Oldest, t.Step = today.AddDate(0, 0, -trafficAgain).Format(time.DateOnly), s.Now
	}
	if first || s.Now.Sub(t.Step) < trafficPause {
		return
	}
	oldest, err := time.Parse(time.DateOnly, t.Oldest)
	for n := 0; err == nil && n < trafficStep && oldest.After(s.Oldest()); n++ {
		oldest = oldest.AddDate(0, 0, -1)
		t.Oldest, t.Step = oldest.Format(time.DateOnly), s.Now
		add(t.Oldest)
	}
}

// trafficRun is one run for one marketplace.
type trafficRun struct {
	s           *Session
	mark        *trafficMark
	marketplace string
	market      *trafficMarket
}

func (r trafficRun) run(ctx context.Context) error {
	if err := r.s.Page(ctx, 0, r.save); err != nil {
		return err
	}
	pause := pollFirst
	for look := 0; len(r.market.Open) > 0; look++ {
		asked, err := r.ask(ctx)
		if err != nil {
			return err
		}
		if look == trafficLooks || !asked {
			return nil // the next run goes on from here
		}
		before := len(r.market.Open)
		if err := r.collect(ctx); err != nil {
			return err
		}
		if len(r.market.Open) == before {
			if err := r.s.pause(ctx, pause); err != nil {
				return err
			}
			pause = min(2*pause, pollLast)
		}
	}
	return r.s.Page(ctx, 0, func(tx *store.Tx) error {
		until, err := time.ParseInLocation(time.DateOnly, r.market.Oldest, markets.Zone(r.marketplace))
		if err != nil {
			return r.save(tx)
		}
		span := store.Interval{From: until, To: dayBegan(r.marketplace, r.s.Now)}
		if err := tx.AddCoverage(r.s.ID(), nameTraffic, span); err != nil {
			return err
		}
		return tx.SetBookmark(r.s.ID(), nameTraffic, r.mark, span.To)
	})
}

func (r trafficRun) save(tx *store.Tx) error {
	return tx.SetBookmark(r.s.ID(), nameTraffic, r.mark, time.Time{})
}

// ask asks for every open report that was not asked for yet, as long as the
// limit allows it; it tells whether any is being made.
func (r trafficRun) ask(ctx context.Context) (asked bool, err error) {
	for i := range r.market.Open {
		o := &r.market.Open[i]
		if o.Report != "" {
			asked = true
			continue
		}
		wait, err := r.s.API.Wait(ctx, spapi.OpCreateReport)
		if err != nil || wait > trafficWait {
			return asked, err
		}
		day, err := time.Parse(time.DateOnly, o.Day)
		if err != nil {
			return asked, err
		}
		id, err := r.s.API.CreateReport(ctx, spapi.ReportRequest{
			Type: trafficType, MarketplaceIDs: []string{r.marketplace}, Start: day, End: day.Add(24*time.Hour - time.Second),
			Options: map[string]string{"dateGranularity": "DAY", "asinGranularity": "SKU"},
		})
		if err != nil {
			return asked, err
		}
		o.Report, asked = id, true
		o.Tries++
		if err := r.s.Page(ctx, 0, r.save); err != nil {
			return asked, err
		}
	}
	return asked, nil
}

// collect looks at each report that is being made and stores those that are
// ready.
func (r trafficRun) collect(ctx context.Context) error {
	for _, o := range slices.Clone(r.market.Open) {
		if o.Report == "" {
			continue
		}
		w, err := r.s.API.GetReport(ctx, o.Report)
		if errors.Is(err, spapi.ErrNotFound) {
			w, err = spapi.Report{ProcessingStatus: spapi.ReportFatal}, nil // Amazon keeps them for 90 days
		}
		if err != nil {
			return err
		}
		switch w.ProcessingStatus {
		case spapi.ReportDone:
			wait, err := r.s.API.Wait(ctx, spapi.OpGetReportDocument)
			if err != nil || wait > trafficWait {
				return err
			}
			if err := r.store(ctx, o, w); err != nil {
				return fmt.Errorf("%s: %w", o.Day, err)
			}
		case spapi.ReportCancelled, spapi.ReportFatal: // no data, or not yet: recent days come again tomorrow
			if err := r.again(ctx, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// again has a report made once more, and then lets the day be.
func (r trafficRun) again(ctx context.Context, o trafficReport) error {
	i := slices.IndexFunc(r.market.Open, func(x trafficReport) bool { return x.Day == o.Day })
	if o.Tries < trafficTries {
		r.market.Open[i].Report = ""
	} else {
		r.market.Open = slices.Delete(r.market.Open, i, i+1)
	}
	return r.s.Page(ctx, 0, r.save)
}

func (r trafficRun) store(ctx context.Context, o trafficReport, w spapi.Report) error {
	w.ReportType = trafficType
	f, err := download(ctx, r.s, w, reports.Hint{})
	if errors.Is(err, reports.ErrEmpty) || errors.Is(err, reports.ErrMessage) {
		return r.again(ctx, o)
	}
	if err != nil {
		return err
	}
	if f.Kind != reports.SalesTraffic {
		return fmt.Errorf("Amazon sent a %s instead of a report of sales and visits", f.Kind.Title())
	}
	left := slices.DeleteFunc(slices.Clone(r.market.Open), func(x trafficReport) bool { return x.Day == o.Day })
	before := r.market.Open
	r.market.Open = left
	err = r.s.Page(ctx, f.Rows, func(tx *store.Tx) error {
		if _, err := storeFile(tx, target{connection: r.s.ID(), marketplace: r.marketplace, taken: r.s.Now, api: true}, f); err != nil {
			return err
		}
		return r.save(tx)
	})
	if err != nil {
		r.market.Open = before
	}
	return err
}
