package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// AdSum is what advertising cost and brought over a span.
type AdSum struct {
	Marketplace, SKU, Currency string
	Clicks, Impressions        int64
	Spend, Sales               int64 // minor units
	Orders, Units              int64
}

// AdSums adds the rows of one kind of report from-to (days, both included) by
// marketplace, SKU and currency. Only one kind is added at a time: each tells
// the same money in another way. SKUs are told by advertised-product only. Where
// a daily report and a summary tell the same days, one of them counts.
func (b *Book) AdSums(ctx context.Context, report, from, to string) ([]AdSum, error) {
	spans, err := b.adSpans(ctx, report, SumFilter{From: from, To: to})
	if err != nil {
		return nil, err
	}
	where, args := adRows(spans, report, "")
	rows, err := b.Reader().QueryContext(ctx, `SELECT marketplace_id, sku, currency, coalesce(sum(clicks), 0), coalesce(sum(impressions), 0),
		coalesce(sum(spend_minor), 0), coalesce(sum(sales_minor), 0), coalesce(sum(orders), 0), coalesce(sum(units), 0)
		FROM ad_row`+where+` GROUP BY 1, 2, 3 ORDER BY 1, 3, 6 DESC, 2`, args...)
	if err != nil {
		return nil, fmt.Errorf("add up the advertising: %w", err)
	}
	var all []AdSum
	err = eachRow(rows, func(r *sql.Rows) error {
		var s AdSum
		err := r.Scan(&s.Marketplace, &s.SKU, &s.Currency, &s.Clicks, &s.Impressions, &s.Spend, &s.Sales, &s.Orders, &s.Units)
		all = append(all, s)
		return err
	})
	return all, err
}

// adSpan is the days that rows of a report tell as one, both included.
type adSpan struct{ connection, marketplace, currency, from, to string }

// adTwin is what two rows about the same advertisement, days and money have in common.
const adTwin = `t.report = ad_row.report AND t.from_day = ad_row.from_day AND
	(t.to_day, t.currency, t.portfolio, t.campaign, t.ad_group, t.sku, t.asin, t.targeting, t.match_type, t.search_term, t.placement, t.spend_minor, t.clicks) IS
	(ad_row.to_day, ad_row.currency, ad_row.portfolio, ad_row.campaign, ad_row.ad_group, ad_row.sku, ad_row.asin, ad_row.targeting, ad_row.match_type,
	ad_row.search_term, ad_row.placement, ad_row.spend_minor, ad_row.clicks)`

// adTold leaves out rows without a marketplace that another report tells with one: as
// many of equal ones as it tells.
const adTold = `(marketplace_id <> '' OR (SELECT count(*) FROM ad_row t WHERE ` + adTwin + ` AND t.marketplace_id = '' AND (t.connection_id, t.row_key) <=
	(ad_row.connection_id, ad_row.row_key)) > (SELECT count(*) FROM ad_row t WHERE ` + adTwin + ` AND t.marketplace_id <> ''))`

// adRows narrows to the rows of these spans; without spans to none.
func adRows(spans []adSpan, report, sku string) (string, []any) {
	where, args := clauses("report = ?", report, "sku = ?", sku)
	list := make([][5]string, len(spans))
	for i, s := range spans {
		list[i] = [5]string{s.connection, s.marketplace, s.currency, s.from, s.to}
	}
	text, _ := json.Marshal(list) // of texts: cannot fail
	return where + ` AND (connection_id, marketplace_id, currency, from_day, to_day) IN (SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4
		FROM json_each(?)) AND ` + adTold, append(args, string(text))
}

// adSpans chooses the spans of reports inside the filter's days of which each day
// is told once: of daily reports and summaries of the same days, those that tell
// most days, and of equals the finer ones.
func (b *Book) adSpans(ctx context.Context, report string, f SumFilter) ([]adSpan, error) {
	where, args := clauses("report = ?", report, "from_day >= ?", f.From, "to_day <= ?", f.To, "currency = ?", f.Currency)
	where, args = anyOf(where, args, "marketplace_id", f.Marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT DISTINCT connection_id, marketplace_id, currency, from_day, to_day FROM ad_row`+where+`
		ORDER BY 1, 2, 3, 5, 4`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the days of advertising: %w", err)
	}
	var all, out []adSpan
	err = eachRow(rows, func(r *sql.Rows) error {
		var s adSpan
		err := r.Scan(&s.connection, &s.marketplace, &s.currency, &s.from, &s.to)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the days of advertising: %w", err)
	}
	for len(all) > 0 {
		next := slices.IndexFunc(all, func(s adSpan) bool {
			return s.connection != all[0].connection || s.marketplace != all[0].marketplace || s.currency != all[0].currency
		})
		if next < 0 {
			next = len(all)
		}
		out = append(out, onceTold(all[:next])...)
		all = all[next:]
	}
	return out, nil
}

// onceTold chooses, of spans sorted by their last day, some that share no day: as
// many days as can be, and as many spans as can be for them.
func onceTold(spans []adSpan) []adSpan {
	type best struct {
		days, spans int
		took        bool
		before      int // spans left to choose from once this one is taken
	}
	of := make([]best, len(spans)+1)
	for i, s := range spans {
		before, _ := slices.BinarySearchFunc(spans[:i], s.from, func(o adSpan, day string) int { return cmp.Compare(o.to, day) })
		with := best{of[before].days + daysOf(s), of[before].spans + 1, true, before}
		of[i+1] = best{of[i].days, of[i].spans, false, i}
		if cmp.Or(cmp.Compare(with.days, of[i].days), cmp.Compare(with.spans, of[i].spans)) > 0 {
			of[i+1] = with
		}
	}
	var out []adSpan
	for i := len(spans); i > 0; i = of[i].before {
		if of[i].took {
			out = append(out, spans[i-1])
		}
	}
	slices.Reverse(out)
	return out
}

func daysOf(s adSpan) int {
	from, err := time.Parse(time.DateOnly, s.from)
	to, err2 := time.Parse(time.DateOnly, s.to)
	if err != nil || err2 != nil {
		return 0
	}
	return int(to.Sub(from)/(24*time.Hour)) + 1
}
