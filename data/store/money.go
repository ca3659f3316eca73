package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// moneySources are the sources of money whose coverage a statement asks for.
// Settlements are asked themselves: each is of one currency.
var moneySources = []books.Source{books.Finances, books.DateRange}

// MoneyCoverage tells for which whole days the money of each connection is
// complete, in the days of the connection's own marketplaces. A connection that is
// signed in, and of which no money was read yet, has an entry without days.
func (b *Book) MoneyCoverage(ctx context.Context) ([]books.Coverage, error) {
	all, err := b.Coverage(ctx)
	if err != nil {
		return nil, err
	}
	zones, currencies, err := b.connectionZones(ctx)
	if err != nil {
		return nil, err
	}
	settled, err := b.settlementCoverage(ctx, zones)
	if err != nil {
		return nil, err
	}
	out := settled
	for _, c := range all {
		source := books.Source(c.Source)
		if !slices.Contains(moneySources, source) {
			continue
		}
		zone := zones[c.Connection]
		if zone == nil {
			zone = time.UTC
		}
		from, to := wholeDays(c.Interval, zone)
		if source == books.DateRange {
			// Such a file tells the days of its first and last row, not the instants.
			from, to = c.From.In(zone).Format(time.DateOnly), c.To.Add(-time.Millisecond).In(zone).Format(time.DateOnly)
		}
		if from <= to {
			out = append(out, books.Coverage{Connection: c.Connection, Source: source, Currencies: currencies[c.Connection], From: from, To: to})
		}
	}
	return b.withUnread(ctx, out)
}

// withUnread adds the accounts at Amazon of which no money was read yet, with the
// currencies of the marketplaces that they take part in: another account's money of
// the same currency is not all of it.
func (b *Book) withUnread(ctx context.Context, coverage []books.Coverage) ([]books.Coverage, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT c.id, m.currency FROM connection c JOIN marketplace m ON m.connection_id = c.id AND m.participating = 1
		WHERE c.kind = ? AND m.currency <> '' GROUP BY 1, 2 ORDER BY 1, 2`, KindAPI)
	if err != nil {
		return nil, fmt.Errorf("read the accounts without money: %w", err)
	}
	read := len(coverage)
	err = eachRow(rows, func(r *sql.Rows) error {
		c := books.Coverage{Source: books.Finances, Currencies: make([]string, 1)}
		err := r.Scan(&c.Connection, &c.Currencies[0])
		if !slices.ContainsFunc(coverage[:read], func(k books.Coverage) bool { return k.Connection == c.Connection }) {
			coverage = append(coverage, c)
		}
		return err
	})
	return coverage, err
}

// wholeDays gives the first and last day that lie wholly in the span.
func wholeDays(span Interval, zone *time.Location) (from, to string) {
	first := span.From.In(zone)
	midnight := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone)
	if midnight.Before(span.From) {
		midnight = midnight.AddDate(0, 0, 1)
	}
	end := span.To.In(zone)
	last := time.Date(end.Year(), end.Month(), end.Day(), 0, 0, 0, 0, zone).AddDate(0, 0, -1)
	return midnight.Format(time.DateOnly), last.Format(time.DateOnly)
}

// connectionZones gives the zone whose days a connection's coverage is told in
// and the currencies it brings: those of the marketplaces with money in them,
// else of those it takes part in. Where several have money, the zone is that of
// the one with most lines in the newest month.
func (b *Book) connectionZones(ctx context.Context) (map[string]*time.Location, map[string][]string, error) {
	// The sums are asked day by day, which takes a few rows of each; adding all
	// of them up took most of the time until the first screen.
	rows, err := b.Reader().QueryContext(ctx, `WITH RECURSIVE day(d) AS MATERIALIZED (SELECT max(event_day) FROM rollup
			UNION ALL SELECT (SELECT max(event_day) FROM rollup WHERE event_day < d) FROM day WHERE d IS NOT NULL),
		newest(d) AS MATERIALIZED (SELECT d FROM day LIMIT 31)
		SELECT c.id, coalesce(m.id, ''), EXISTS (SELECT 1 FROM day CROSS JOIN rollup r
				WHERE r.event_day = day.d AND r.connection_id = c.id AND r.marketplace_id = m.id) AS money,
			(SELECT coalesce(sum(r.lines), 0) FROM newest CROSS JOIN rollup r
				WHERE r.event_day = newest.d AND r.connection_id = c.id AND r.marketplace_id = m.id) AS lines
		FROM connection c LEFT JOIN marketplace m ON m.connection_id = c.id AND m.participating = 1
		ORDER BY c.id, lines DESC, money DESC, m.id`)
	if err != nil {
		return nil, nil, fmt.Errorf("read the zones of the connections: %w", err)
	}
	zones, currencies := map[string]*time.Location{}, map[string][]string{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var connection, id string
		var money bool
		var lines int64 // orders the rows
		if err := r.Scan(&connection, &id, &money, &lines); err != nil {
			return err
		}
		m, known := markets.ByID(id)
		if !known {
			return nil
		}
		if zones[connection] == nil {
			zones[connection] = m.Zone
		}
		if money && !slices.Contains(currencies[connection], m.Currency) {
			currencies[connection] = append(currencies[connection], m.Currency)
		}
		return nil
	})
	return zones, currencies, err
}

// OrderRollup sums the events of one order, for its own statement.
func (b *Book) OrderRollup(ctx context.Context, order string) ([]books.Rollup, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT e.event_day, e.connection_id, e.marketplace_id, l.currency, e.sku, l.line, l.state,
		sum(l.amount_minor), sum(l.quantity), sum(l.uncovered)
		FROM event e JOIN money_line l ON l.event_id = e.id WHERE e.scope = ? GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7`, order)
	if err != nil {
		return nil, fmt.Errorf("read the money of order %s: %w", order, err)
	}
	var all []books.Rollup
	err = eachRow(rows, func(r *sql.Rows) error {
		var s books.Rollup
		err := r.Scan(&s.Day, &s.Connection, &s.Marketplace, &s.Currency, &s.SKU, &s.Line, &s.State, &s.Minor, &s.Quantity, &s.Uncovered)
		all = append(all, s)
		return err
	})
	return all, err
}

// LineFilter asks for the lines behind a number.
type LineFilter struct {
	From, To     string // days, both included
	Marketplaces []string
	SKU, Order   string
	Line         string // "" for all
}

// MoneyRow is one counted amount with where it came from.
type MoneyRow struct {
	Day         string `json:"day"`
	Connection  string `json:"connection"`
	Marketplace string `json:"marketplace_id"`
	Order       string `json:"order_id"`
	SKU         string `json:"sku"`
	Type        string `json:"type"`
	Line        string `json:"line"`
	AmazonName  string `json:"amazon_name"`
	Currency    string `json:"currency"`
	Minor       int64  `json:"amount_minor"`
	Quantity    int64  `json:"quantity"`
	Origin      string `json:"origin"`
	State       string `json:"state"`
	Settlement  string `json:"settlement_id"`
	Document    int64  `json:"document_id"`
	DocLine     int64  `json:"document_line"`
	Fact        int64  `json:"fact_id"` // 0 on cost of goods
	Matched     string `json:"matched_facts"`
	Uncovered   int64  `json:"-"` // units without a known cost, of a cost of goods; LinePage tells it
}

// MoneyLines calls row for every line behind a number, by day.
func (b *Book) MoneyLines(ctx context.Context, f LineFilter, row func(MoneyRow) error) error {
	where, args := clauses("e.event_day >= ?", f.From, "e.event_day <= ?", f.To, "e.sku = ?", f.SKU, "e.scope = ?", f.Order, "l.line = ?", f.Line)
	where, args = anyOf(where, args, "e.marketplace_id", f.Marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT e.event_day, e.connection_id, e.marketplace_id, e.order_id, e.sku, e.type, l.line, l.path,
		l.currency, l.amount_minor, l.quantity, l.origin, l.state, l.settlement_id, coalesce(f.document_id, 0), coalesce(f.doc_line, 0), coalesce(l.fact_id, 0), l.matched
		FROM event e JOIN money_line l ON l.event_id = e.id LEFT JOIN fact f ON f.id = l.fact_id`+where+`
		ORDER BY e.event_day, e.connection_id, e.key, l.seq`, args...)
	if err != nil {
		return fmt.Errorf("read money lines: %w", err)
	}
	return eachRow(rows, func(r *sql.Rows) error {
		var m MoneyRow
		if err := r.Scan(&m.Day, &m.Connection, &m.Marketplace, &m.Order, &m.SKU, &m.Type, &m.Line, &m.AmazonName,
			&m.Currency, &m.Minor, &m.Quantity, &m.Origin, &m.State, &m.Settlement, &m.Document, &m.DocLine, &m.Fact, &m.Matched); err != nil {
			return err
		}
		return row(m)
	})
}
