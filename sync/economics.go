package appsync

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// economics: Data Kiosk 2023-11-15, query analytics_economics_2024_03_15, one
// line of JSON per SKU and day; role Brand Analytics. createQuery and getDocument
// 0.0167/s burst 15, getQuery 2/s burst 15; two years back, refreshed daily.
// Amazon's own reckoning of sales, refunds, each fee, advertising and net
// proceeds: the only source of advertising cost per SKU. A query is of seven
// days; the last two weeks are asked for again each day, the past is filled in
// hourly steps.
// Surprises: a query that is DONE without a document has no rows; amounts are
// floating-point numbers; costs are those that the seller told Amazon.
type economics struct{}

const (
	economicsWindow = 7  // days of one query
	economicsAgain  = 14 // days that are asked for again
	economicsStep   = 2  // older windows per step
	economicsPages  = 100
)

// economicsMark is the bookmark: what was asked for and is not in yet.
type economicsMark struct {
	Asked  time.Time        `json:"asked,omitzero"`   // when the recent days were asked for
	Oldest string           `json:"oldest,omitempty"` // the past is in down to this day
	Step   time.Time        `json:"step,omitzero"`    // last step into the past
	Open   []economicsQuery `json:"open,omitempty"`
}

type economicsQuery struct {
	From  string `json:"from"`
	To    string `json:"to"`              // included
	Query string `json:"query,omitempty"` // Amazon's id, once it was asked
	Token string `json:"token,omitempty"` // of the next part of the same question
	Pages int    `json:"pages,omitempty"`
	Tries int    `json:"tries,omitempty"`
}

func (economics) Name() string    { return nameEconomics }
func (economics) Stage() int      { return 3 }
func (economics) After() []string { return []string{nameListings} }

func (economics) Sync(ctx context.Context, s *Session) error {
	var mark economicsMark
	if _, err := s.Bookmark(ctx, &mark); err != nil {
		return err
	}
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	var selling []string
	for _, m := range marketplaces {
		own, err := s.Book.OwnASINs(ctx, s.ID(), m)
		if err != nil {
			return err
		}
		if own > 0 {
			selling = append(selling, m)
		}
	}
	if len(selling) == 0 {
		return nil
	}
	mark.plan(dayBegan(selling[0], s.Now), s)
	return economicsRun{s, &mark, selling}.run(ctx)
}

// plan opens the queries that are due, the newest first.
func (m *economicsMark) plan(today time.Time, s *Session) {
	add := func(last time.Time, days int) {
		q := economicsQuery{From: last.AddDate(0, 0, 1-days).Format(time.DateOnly), To: last.Format(time.DateOnly)}
		if !slices.ContainsFunc(m.Open, func(o economicsQuery) bool { return o.From == q.From && o.To == q.To }) {
			m.Open = append(m.Open, q)
		}
	}
	if s.Now.Sub(m.Asked) >= trafficFresh {
		for back := 1; back <= economicsAgain; back += economicsWindow {
			add(today.AddDate(0, 0, -back), economicsWindow)
		}
		m.Asked = s.Now
	}
	if m.Oldest == "" {
		m.Oldest, m.Step = today.AddDate(0, 0, -economicsAgain).Format(time.DateOnly), s.Now
	}
	if s.Now.Sub(m.Step) < trafficPause {
		return
	}
	oldest, err := time.Parse(time.DateOnly, m.Oldest)
	for n := 0; err == nil && n < economicsStep && oldest.After(s.Oldest()); n++ {
		add(oldest.AddDate(0, 0, -1), economicsWindow)
		oldest = oldest.AddDate(0, 0, -economicsWindow)
		m.Oldest, m.Step = oldest.Format(time.DateOnly), s.Now
	}
}

// economicsRun is one run.
type economicsRun struct {
	s            *Session
	mark         *economicsMark
	marketplaces []string
}

func (r economicsRun) save(tx *store.Tx) error {
	return tx.SetBookmark(r.s.ID(), nameEconomics, r.mark, time.Time{})
}

func (r economicsRun) run(ctx context.Context) error {
	if err := r.s.Page(ctx, 0, r.save); err != nil {
		return err
	}
	pause := pollFirst
	for look := 0; len(r.mark.Open) > 0; look++ {
		asked, err := r.ask(ctx)
		if err != nil {
			return err
		}
		if look == trafficLooks || !asked {
			return nil // the next run goes on from here
		}
		before := len(r.mark.Open)
		if err := r.collect(ctx); err != nil {
			return err
		}
		if len(r.mark.Open) == before {
			if err := r.s.pause(ctx, pause); err != nil {
				return err
			}
			pause = min(2*pause, pollLast)
		}
	}
	return r.s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(r.s.ID(), nameEconomics, r.mark, dayBegan(r.marketplaces[0], r.s.Now))
	})
}

// ask asks every open query that was not asked yet, as long as the limit allows
// it; it tells whether any is being answered.
func (r economicsRun) ask(ctx context.Context) (asked bool, err error) {
	for i := range r.mark.Open {
		o := &r.mark.Open[i]
		if o.Query != "" {
			asked = true
			continue
		}
		wait, err := r.s.API.Wait(ctx, spapi.OpCreateQuery)
		if err != nil || wait > trafficWait {
			return asked, err
		}
		id, err := r.s.API.CreateQuery(ctx, economicsText(o.From, o.To, r.marketplaces), o.Token)
		if err != nil {
			return asked, err
		}
		o.Query, asked = id, true
		o.Tries++
		if err := r.s.Page(ctx, 0, r.save); err != nil {
			return asked, err
		}
	}
	return asked, nil
}

// economicsText is the question. Each amount is asked for with its currency.
func economicsText(from, to string, marketplaces []string) string {
	const money = "{amount currencyCode}"
	const detail = "{amount" + money + " promotionAmount" + money + " taxAmount" + money + " totalAmount" + money + " quantity}"
	return `query{analytics_economics_2024_03_15{economics(startDate:"` + from + `" endDate:"` + to + `" marketplaceIds:["` +
		strings.Join(marketplaces, `","`) + `"] aggregateBy:{date:DAY productId:MSKU} includeComponentsForFeeTypes:[FBA_FULFILLMENT_FEE FBA_STORAGE_FEE])` +
		`{startDate endDate marketplaceId msku fnsku childAsin parentAsin sales{orderedProductSales` + money + ` netProductSales` + money +
		` refundedProductSales` + money + ` unitsOrdered unitsRefunded netUnitsSold} fees{feeTypeName charges{aggregatedDetail` + detail +
		` components{name aggregatedDetail` + detail + `}}} ads{adTypeName charge` + detail + `} cost{costOfGoodsSold` + money + ` miscellaneousCost` + money +
		`} netProceeds{total` + money + `}}}}`
}

// collect looks at each query that is being answered and stores those that are.
func (r economicsRun) collect(ctx context.Context) error {
	for _, o := range slices.Clone(r.mark.Open) {
		if o.Query == "" {
			continue
		}
		q, err := r.s.API.GetQuery(ctx, o.Query)
		if errors.Is(err, spapi.ErrNotFound) {
			q, err = spapi.Query{Status: spapi.ReportCancelled}, nil // forgotten
		}
		if err != nil {
			return err
		}
		switch q.Status {
		case spapi.ReportDone:
			wait, err := r.s.API.Wait(ctx, spapi.OpGetDocument)
			if err != nil || wait > trafficWait {
				return err
			}
			err = r.store(ctx, o, q)
			if err != nil {
				return fmt.Errorf("economics of %s to %s: %w", o.From, o.To, err)
			}
		case spapi.ReportCancelled, spapi.ReportFatal:
			if err := r.failed(ctx, o, q); err != nil {
				return fmt.Errorf("economics of %s to %s: %w", o.From, o.To, err)
			}
		}
	}
	return nil
}

// failed asks once more; then the days are let be until they are due again, and
// what Amazon says of it is told.
func (r economicsRun) failed(ctx context.Context, o economicsQuery, q spapi.Query) error {
	i := r.at(o)
	if o.Tries < trafficTries {
		r.mark.Open[i].Query, r.mark.Open[i].Token, r.mark.Open[i].Pages = "", "", 0
		return r.s.Page(ctx, 0, r.save)
	}
	r.mark.Open = slices.Delete(r.mark.Open, i, i+1)
	if err := r.s.Page(ctx, 0, r.save); err != nil || q.Status != spapi.ReportFatal {
		return err
	}
	reason := "no reason given"
	if q.ErrorDocument != "" {
		var body bytes.Buffer
		if _, err := r.s.API.DownloadQuery(ctx, q.ErrorDocument, &body, 4096); err == nil {
			reason = strings.TrimSpace(body.String())
		}
	}
	return fmt.Errorf("Amazon could not answer the query (%.200s); these days are asked for again later", reason)
}

func (r economicsRun) at(o economicsQuery) int {
	return slices.IndexFunc(r.mark.Open, func(x economicsQuery) bool { return x.From == o.From && x.To == o.To })
}

func (r economicsRun) store(ctx context.Context, o economicsQuery, q spapi.Query) error {
	var body bytes.Buffer
	if q.Document != "" {
		if _, err := r.s.API.DownloadQuery(ctx, q.Document, &body, maxReport); err != nil {
			return err
		}
	}
	rows, err := readEconomics(r.s, body.Bytes())
	if err != nil {
		return err
	}
	before := slices.Clone(r.mark.Open)
	i := r.at(o)
	if next := q.Pagination.NextToken; next != "" && o.Pages < economicsPages {
		r.mark.Open[i].Query, r.mark.Open[i].Token, r.mark.Open[i].Pages = "", next, o.Pages+1
	} else {
		r.mark.Open = slices.Delete(r.mark.Open, i, i+1)
	}
	err = r.s.Page(ctx, len(rows), func(tx *store.Tx) error {
		if len(rows) > 0 {
			doc, err := tx.PutDocument("economics", body.Bytes())
			if err != nil {
				return err
			}
			for _, v := range rows {
				v.Document = doc
				if err := tx.PutEconomics(v); err != nil {
					return err
				}
			}
		}
		return r.save(tx)
	})
	if err != nil {
		r.mark.Open = before
	}
	return err
}

// readEconomics reads lines of JSON, one row each.
func readEconomics(s *Session, body []byte) (rows []store.Economics, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	for line := 1; ; line++ {
		var w economicsWire
		if err := d.Decode(&w); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return nil, fmt.Errorf("line %d of the document is cut or damaged; nothing of it was used, the next run asks for it again", line)
		}
		v, err := w.row()
		if err != nil {
			return nil, fmt.Errorf("line %d of the document: %w", line, err)
		}
		v.Connection, v.Origin, v.Taken, v.DocLine = s.ID(), "kiosk", s.Now, line
		rows = append(rows, v)
	}
}
