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

// MoneyCoverage tells for which whole days the money of each connection is
// complete, in the days of the connection's own marketplaces. A connection that is
// signed in, and of which no money was read yet, has an entry without days.
func (b *Book) MoneyCoverage(ctx context.Context) ([]books.Coverage, error) {
	all, err := b.Coverage(ctx)
	if err != nil {
		return nil, err
	}
	brought, err := b.connectionMoney(ctx)
	if err != nil {
		return nil, err
	}
	out, err := b.settlementCoverage(ctx, brought.zones)
	if err != nil {
		return nil, err
	}
	files, err := b.dateRangeCoverage(ctx, brought.zones)
	if err != nil {
		return nil, err
	}
	out = append(out, files...)
	for _, c := range all {
		if c.Source != string(books.Finances) {
			continue
		}
		currencies, idle := brought.of(c.Connection)
		for _, currency := range currencies {
			covers := books.Coverage{Connection: c.Connection, Source: books.Finances, Idle: idle}
			if currency != "" {
				covers.Currencies = []string{currency}
			}
			if covers.From, covers.To = wholeDays(c.Interval, brought.zones.of(c.Connection, currency)); covers.From <= covers.To {
				out = append(out, covers)
			}
		}
	}
	return brought.withUnread(out), nil
}

// withUnread adds the currencies of the accounts at Amazon of which no transaction
// was read yet: another account's money of the same currency is not all of it.
func (m *connectionMoney) withUnread(coverage []books.Coverage) []books.Coverage {
	read := coverage
	for _, connection := range m.signedIn {
		if slices.ContainsFunc(read, func(c books.Coverage) bool { return c.Connection == connection && c.Source == books.Finances }) {
			continue
		}
		for _, currency := range m.offered[connection] {
			if !slices.ContainsFunc(read, func(c books.Coverage) bool {
				return c.Connection == connection && slices.Contains(c.Currencies, currency)
			}) {
				coverage = append(coverage, books.Coverage{Connection: connection, Source: books.Finances, Currencies: []string{currency}})
			}
		}
	}
	return coverage
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

// moneyZones are the zones whose days a connection's money is told in: by connection,
// and by connection and currency.
type moneyZones map[[2]string]*time.Location

// of gives the zone of a connection's money in a currency, "" being any; UTC when
// nothing tells it.
func (z moneyZones) of(connection, currency string) *time.Location {
	for _, key := range [][2]string{{connection, currency}, {connection, ""}} {
		if zone := z[key]; zone != nil {
			return zone
		}
	}
	return time.UTC
}

// connectionMoney is what the marketplaces of each connection bring.
type connectionMoney struct {
	zones    moneyZones
	brought  map[string][]string // currencies of the marketplaces with money in them
	offered  map[string][]string // of those it takes part in
	signedIn []string            // the connections to an account at Amazon
}

// of gives the currencies that a connection brings: those of the money that it
// brought, and as long as it brought none, idle, those it could. One "" when neither
// is known: any.
func (m *connectionMoney) of(connection string) (currencies []string, idle bool) {
	if currencies = m.brought[connection]; len(currencies) > 0 {
		return currencies, false
	}
	if currencies = m.offered[connection]; len(currencies) > 0 {
		return currencies, true
	}
	return []string{""}, true
}

// connectionMoney reads what the connections bring. Where several marketplaces have
// money, the zone is that of the one with most lines in the newest month.
func (b *Book) connectionMoney(ctx context.Context) (*connectionMoney, error) {
	// The sums are asked day by day, which takes a few rows of each; adding all
	// of them up took most of the time until the first screen.
	rows, err := b.Reader().QueryContext(ctx, `WITH RECURSIVE day(d) AS MATERIALIZED (SELECT max(event_day) FROM rollup
			UNION ALL SELECT (SELECT max(event_day) FROM rollup WHERE event_day < d) FROM day WHERE d IS NOT NULL),
		newest(d) AS MATERIALIZED (SELECT d FROM day LIMIT 31)
		SELECT c.id, c.kind, coalesce(m.id, ''), EXISTS (SELECT 1 FROM day CROSS JOIN rollup r
				WHERE r.event_day = day.d AND r.connection_id = c.id AND r.marketplace_id = m.id) AS money,
			(SELECT coalesce(sum(r.lines), 0) FROM newest CROSS JOIN rollup r
				WHERE r.event_day = newest.d AND r.connection_id = c.id AND r.marketplace_id = m.id) AS lines
		FROM connection c LEFT JOIN marketplace m ON m.connection_id = c.id AND m.participating = 1
		ORDER BY c.id, lines DESC, money DESC, m.id`)
	if err != nil {
		return nil, fmt.Errorf("read what the connections bring: %w", err)
	}
	out := &connectionMoney{zones: moneyZones{}, brought: map[string][]string{}, offered: map[string][]string{}}
	err = eachRow(rows, func(r *sql.Rows) error {
		var connection, kind, id string
		var money bool
		var lines int64 // orders the rows
		if err := r.Scan(&connection, &kind, &id, &money, &lines); err != nil {
			return err
		}
		if kind == KindAPI && !slices.Contains(out.signedIn, connection) {
			out.signedIn = append(out.signedIn, connection)
		}
		if m, known := markets.ByID(id); known {
			out.add(connection, m, money)
		}
		return nil
	})
	return out, err
}

// add takes a marketplace, those with most money first.
func (m *connectionMoney) add(connection string, at markets.Marketplace, money bool) {
	for _, key := range [][2]string{{connection, ""}, {connection, at.Currency}} {
		if m.zones[key] == nil {
			m.zones[key] = at.Zone
		}
	}
	if !slices.Contains(m.offered[connection], at.Currency) {
		m.offered[connection] = append(m.offered[connection], at.Currency)
	}
	if money && !slices.Contains(m.brought[connection], at.Currency) {
		m.brought[connection] = append(m.brought[connection], at.Currency)
	}
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
