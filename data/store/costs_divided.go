package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"countinghouse/data/books"
)

// divided is an expense that is divided among products, as far as it was spread
// over the days of a month by the end of a day.
type divided struct {
	code                                     string
	by                                       books.Allocation
	connection, marketplace, currency, month string
	day                                      string
	minor                                    int64 // from the month's first day to this one
}

// bearer is a product that sold in a month.
type bearer struct {
	connection, marketplace, sku string
	sales, units                 int64
}

type bearerKey struct{ month, currency string }

// share is what a product bears of an expense on some days.
type share struct {
	divided
	bearer
	minor int64
}

// expenseShares divides expenses among the products, each month's by the sales or
// units of the whole month. What a product bears of some days is what it bears of
// the month up to their end less what it bears up to their beginning: so days,
// weeks and months add up, to the cent, however they are cut. An expense of a
// month in which nothing was sold is borne by no product. The filter's SKU is left
// out of account. daily gives every day by itself, otherwise the whole span.
func (b *Book) expenseShares(ctx context.Context, f SumFilter, daily bool) ([]share, error) {
	spread, err := b.dividedExpenses(ctx, f)
	if err != nil || len(spread) == 0 {
		return nil, err
	}
	sold, err := b.bearers(ctx, f)
	if err != nil {
		return nil, err
	}
	var all []share
	for i := 0; i < len(spread); {
		next := i + 1
		for next < len(spread) && spread[next].code == spread[i].code && spread[next].connection == spread[i].connection &&
			spread[next].marketplace == spread[i].marketplace && spread[next].month == spread[i].month {
			next++
		}
		all = append(all, shareOf(spread[i:next], sold[bearerKey{spread[i].month, spread[i].currency}], f, daily)...)
		i = next
	}
	return all, nil
}

// shareOf divides the days of one expense and month.
func shareOf(days []divided, sold []bearer, f SumFilter, daily bool) (out []share) {
	var who []bearer
	var weights []int64
	for _, s := range sold {
		if days[0].marketplace != "" && s.marketplace != days[0].marketplace {
			continue
		}
		who = append(who, s)
		if days[0].by == books.AllocateUnits {
			weights = append(weights, s.units)
		} else {
			weights = append(weights, s.sales)
		}
	}
	before := make([]int64, len(who))
	for i, d := range days {
		inside := d.day >= f.From
		last := i == len(days)-1
		if inside && !daily && !last || !inside && !last && days[i+1].day < f.From {
			continue // only the day before the span and its last are needed
		}
		parts := books.Allocate(d.minor, weights)
		if parts == nil {
			return nil // nobody sold anything
		}
		for k := range parts {
			if minor := parts[k] - before[k]; inside && minor != 0 {
				out = append(out, share{d, who[k], minor})
			}
		}
		before = parts
	}
	return out
}

// dividedExpenses reads them day by day, from the first of the month in which the
// span begins: by expense, place and month, then day.
func (b *Book) dividedExpenses(ctx context.Context, f SumFilter) ([]divided, error) {
	where, args := clauses("e.event_day >= ?", monthStart(f.From), "e.event_day <= ?", f.To)
	where, args = anyOf(where, args, "e.marketplace_id", f.Marketplaces)
	if f.Currency != "" {
		where, args = anyOf(where, args, "l.currency", []string{f.Currency})
	}
	if where == "" {
		where = " WHERE true"
	}
	var all []divided
	err := bookSource{ctx, b}.each(`SELECT x.code, x.allocation, e.connection_id, e.marketplace_id, l.currency, substr(e.event_day, 1, 7), e.event_day,
			sum(sum(l.amount_minor)) OVER (PARTITION BY x.id, e.connection_id, e.marketplace_id, l.currency, substr(e.event_day, 1, 7) ORDER BY e.event_day)
		FROM expense x JOIN event e ON e.scope = '`+expenseScope+`' || x.id JOIN money_line l ON l.event_id = e.id`+where+`
		AND x.allocation <> 'none' AND x.sku = '' GROUP BY x.id, 3, 4, 5, e.event_day ORDER BY x.id, 3, 4, 5, 7`, args, func(r *sql.Rows) error {
		var d divided
		err := r.Scan(&d.code, &d.by, &d.connection, &d.marketplace, &d.currency, &d.month, &d.day, &d.minor)
		all = append(all, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the expenses to divide: %w", err)
	}
	return all, nil
}

func monthStart(day string) string {
	if len(day) < 7 {
		return ""
	}
	return day[:7] + "-01"
}

// bearers reads what each product sold in the whole months that the span touches.
func (b *Book) bearers(ctx context.Context, f SumFilter) (map[bearerKey][]bearer, error) {
	to := f.To
	if len(to) >= 7 {
		to = to[:7] + "-31"
	}
	where, args := clauses("line = ?", string(books.SalesProduct), "event_day >= ?", monthStart(f.From), "event_day <= ?", to)
	sold := map[bearerKey][]bearer{}
	err := bookSource{ctx, b}.each(`SELECT substr(event_day, 1, 7), currency, connection_id, marketplace_id, sku, sum(amount_minor), sum(quantity)
		FROM rollup`+where+` AND sku <> '' GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`, args, func(r *sql.Rows) error {
		var k bearerKey
		var s bearer
		err := r.Scan(&k.month, &k.currency, &s.connection, &s.marketplace, &s.sku, &s.sales, &s.units)
		sold[k] = append(sold[k], s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what products sold: %w", err)
	}
	return sold, nil
}

// DividedExpenses gives what moves where expenses are divided among products: rows
// on the products, and rows that take as much off those without a SKU, so that
// together they are nothing. With the filter's SKU only its own rows come. daily
// gives a row per day, otherwise they stand on the day f.From.
func (b *Book) DividedExpenses(ctx context.Context, f SumFilter, daily bool) ([]books.Rollup, error) {
	shares, err := b.expenseShares(ctx, f, daily)
	if err != nil {
		return nil, err
	}
	sums := map[books.Rollup]int64{}
	for _, s := range shares {
		k := books.Rollup{Day: f.From, Connection: s.bearer.connection, Marketplace: s.bearer.marketplace, Currency: s.currency, SKU: s.sku,
			Line: books.Expense, State: books.Settled}
		if daily {
			k.Day = s.day
		}
		if f.SKU == "" || f.SKU == s.sku {
			sums[k] += s.minor
		}
		if f.SKU == "" {
			k.Connection, k.Marketplace, k.SKU = s.divided.connection, s.divided.marketplace, ""
			sums[k] -= s.minor
		}
	}
	rows := make([]books.Rollup, 0, len(sums))
	for k, minor := range sums {
		k.Minor = minor
		rows = append(rows, k)
	}
	slices.SortFunc(rows, compareRollups)
	return rows, nil
}

func compareRollups(x, y books.Rollup) int {
	return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.SKU, y.SKU), cmp.Compare(x.Connection, y.Connection), cmp.Compare(x.Marketplace, y.Marketplace),
		cmp.Compare(x.Currency, y.Currency), cmp.Compare(x.Line, y.Line), cmp.Compare(x.State, y.State))
}

// withDivided adds what products bear of divided expenses to sums of days.
func (b *Book) withDivided(ctx context.Context, rows []books.Rollup, f SumFilter, daily bool) ([]books.Rollup, error) {
	more, err := b.DividedExpenses(ctx, f, daily)
	if err != nil || len(more) == 0 {
		return rows, err
	}
	return append(rows, more...), nil
}

// bearsShares tells whether shares of divided expenses are among the lines: of
// products, never of all of them, where they cancel out.
func (f LinesOf) bearsShares() bool {
	return f.Order == "" && f.Tax == nil && (f.SKU != "" || f.Group != "" && f.Group != ByOrder) &&
		(len(f.Lines) == 0 || slices.Contains(f.Lines, string(books.Expense)))
}

// shareRows are the shares among the lines, one per expense, product and month.
func (b *Book) shareRows(ctx context.Context, f LinesOf) ([]MoneyRow, error) {
	shares, err := b.expenseShares(ctx, SumFilter{From: f.From, To: f.To, Marketplaces: f.Marketplaces, Currency: f.Currency}, false)
	if err != nil || len(shares) == 0 {
		return nil, err
	}
	groups := map[ProductKey][]string{}
	if f.Group != "" {
		if groups, err = b.ProductGroups(ctx, f.Group); err != nil {
			return nil, err
		}
	}
	var all []MoneyRow
	for _, s := range shares {
		k := ProductKey{s.bearer.marketplace, s.sku}
		if f.Group == ByTag {
			k.Marketplace = ""
		}
		if f.SKU != "" && s.sku != f.SKU || f.Group != "" && f.GroupName != "" && !slices.Contains(groups[k], f.GroupName) ||
			f.Group != "" && f.GroupName == "" && len(groups[k]) > 0 {
			continue
		}
		all = append(all, MoneyRow{
			Day: s.day, Connection: s.bearer.connection, Marketplace: s.bearer.marketplace, SKU: s.sku, Type: string(books.Charged), Line: string(books.Expense),
			AmazonName: s.code, Currency: s.currency, Minor: s.minor, Origin: string(books.User), State: string(books.Settled),
		})
	}
	if f.Group != "" && f.GroupName == "" { // what the others bear is off the money of no product
		for _, s := range shares {
			all = append(all, MoneyRow{Day: s.day, Connection: s.divided.connection, Marketplace: s.divided.marketplace, Type: string(books.Charged),
				Line: string(books.Expense), AmazonName: s.code, Currency: s.currency, Minor: -s.minor, Origin: string(books.User), State: string(books.Settled)})
		}
	}
	return all, nil
}

// addShares adds them to the sums of lines.
func (b *Book) addShares(ctx context.Context, f LinesOf, sums *[]LineSum) error {
	if !f.bearsShares() {
		return nil
	}
	rows, err := b.shareRows(ctx, f)
	for _, r := range rows {
		i := slices.IndexFunc(*sums, func(s LineSum) bool { return s.Currency == r.Currency })
		if i < 0 {
			*sums, i = append(*sums, LineSum{Currency: r.Currency}), len(*sums)
		}
		(*sums)[i].Minor += r.Minor
		(*sums)[i].Count++
	}
	return err
}
