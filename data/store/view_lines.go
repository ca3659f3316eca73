package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// LinesOf narrows the money lines behind a number; empty fields do not narrow.
type LinesOf struct {
	From, To     string // days, both included
	Marketplaces []string
	SKU, Order   string
	Lines        []string  // codes of lines of the statement
	Currency     string    // with it come the lines of which nobody told the currency
	ByOrderDay   bool      // From and To are of the order, where money has one
	Group        GroupKind // with it, only money of the group called GroupName
	GroupName    string    // empty: money in no group of that kind
	Tax          *TaxOf    // with it, only money of that row of TaxOnSales, once BehindTax found it
	events       string    // of Tax: their ids as JSON
}

func (f LinesOf) where() (string, []any) {
	day := "e.event_day"
	if f.ByOrderDay {
		day = "coalesce(o.order_day, e.event_day)"
	}
	where, args := clauses(day+" >= ?", f.From, day+" <= ?", f.To, "e.sku = ?", f.SKU, "e.scope = ?", f.Order)
	where, args = anyOf(where, args, "e.marketplace_id", f.Marketplaces)
	where, args = anyOf(where, args, "l.line", f.Lines)
	if f.Currency != "" {
		where, args = anyOf(where, args, "l.currency", []string{f.Currency, ""})
	}
	if f.events != "" {
		glue := " AND "
		if where == "" {
			glue = " WHERE "
		}
		where, args = where+glue+"e.id IN (SELECT value FROM json_each(?))", append(args, f.events)
	}
	inside, of := f.Group.inside(f.GroupName)
	if inside == "" {
		return where, args
	}
	if where == "" {
		return " WHERE " + inside, of
	}
	return where + " AND " + inside, append(args, of...)
}

// from is the tables that where speaks of.
func (f LinesOf) from() string {
	from := ` FROM event e JOIN money_line l ON l.event_id = e.id`
	if f.ByOrderDay {
		from += ` LEFT JOIN orders o ON o.connection_id = e.connection_id AND o.order_id = e.order_id`
	}
	return from
}

// LineSum is the sum of money lines in one currency.
type LineSum struct {
	Currency string
	Minor    int64
	Count    int64
}

// SumLines sums the lines by currency, sorted by code.
func (b *Book) SumLines(ctx context.Context, f LinesOf) ([]LineSum, error) {
	where, args := f.where()
	rows, err := b.Reader().QueryContext(ctx, `SELECT l.currency, sum(l.amount_minor), count(*)`+f.from()+where+` GROUP BY 1 ORDER BY 1`, args...)
	if err != nil {
		return nil, fmt.Errorf("sum money lines: %w", err)
	}
	var all []LineSum
	err = eachRow(rows, func(r *sql.Rows) error {
		var s LineSum
		err := r.Scan(&s.Currency, &s.Minor, &s.Count)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, b.addShares(ctx, f, &all)
}

// lineOrders are the orders in which LinePage gives its rows; the last columns
// make each of them total, so that pages never overlap.
var lineOrders = map[string]string{
	"":       "e.event_day %[1]s, e.id %[1]s, l.seq %[1]s",
	"day":    "e.event_day %[1]s, e.id %[1]s, l.seq %[1]s",
	"amount": "l.amount_minor %[1]s, e.id, l.seq",
	"sku":    "e.sku %[1]s, e.event_day, e.id, l.seq",
	"order":  "e.order_id %[1]s, e.event_day, e.id, l.seq",
	"line":   "l.line %[1]s, e.event_day, e.id, l.seq",
}

// LinePage reads some of the lines behind a number. order is day, amount, sku,
// order or line; empty is by day. What products bear of divided expenses comes
// after all else.
func (b *Book) LinePage(ctx context.Context, of LinesOf, order string, desc bool, offset, limit int) ([]MoneyRow, error) {
	all, err := b.linePage(ctx, of, order, desc, offset, limit)
	if err != nil || len(all) == limit || !of.bearsShares() {
		return all, err
	}
	shares, err := b.shareRows(ctx, of)
	if err != nil || len(shares) == 0 {
		return all, err
	}
	where, args := of.where()
	var lines int
	if err := b.Reader().QueryRowContext(ctx, `SELECT count(*)`+of.from()+where, args...).Scan(&lines); err != nil {
		return nil, fmt.Errorf("count money lines: %w", err)
	}
	from := min(max(0, offset-lines), len(shares))
	return append(all, shares[from:min(len(shares), from+limit-len(all))]...), nil
}

func (b *Book) linePage(ctx context.Context, of LinesOf, order string, desc bool, offset, limit int) ([]MoneyRow, error) {
	by, ok := lineOrders[order]
	if !ok {
		return nil, fmt.Errorf("money lines have no order %q", order)
	}
	direction := "ASC"
	if desc {
		direction = "DESC"
	}
	where, args := of.where()
	rows, err := b.Reader().QueryContext(ctx, `SELECT e.event_day, e.connection_id, e.marketplace_id, e.order_id, e.sku, e.type, l.line, l.path,
		l.currency, l.amount_minor, l.quantity, l.origin, l.state, l.settlement_id, coalesce(f.document_id, 0), coalesce(f.doc_line, 0), coalesce(l.fact_id, 0), l.matched, l.uncovered`+
		of.from()+` LEFT JOIN fact f ON f.id = l.fact_id`+where+`
		ORDER BY `+fmt.Sprintf(by, direction)+` LIMIT ? OFFSET ?`, append(args, limit, offset)...)
	if err != nil {
		return nil, fmt.Errorf("read money lines: %w", err)
	}
	all := make([]MoneyRow, 0, limit)
	err = eachRow(rows, func(r *sql.Rows) error {
		var m MoneyRow
		err := r.Scan(&m.Day, &m.Connection, &m.Marketplace, &m.Order, &m.SKU, &m.Type, &m.Line, &m.AmazonName,
			&m.Currency, &m.Minor, &m.Quantity, &m.Origin, &m.State, &m.Settlement, &m.Document, &m.DocLine, &m.Fact, &m.Matched, &m.Uncovered)
		all = append(all, m)
		return err
	})
	return all, err
}

// Found is a thing that a search found.
type Found struct {
	Order string // or
	SKU   string
	Title string // of the SKU
	Day   string // of the order
}

// Search finds orders whose id begins with the text, and SKUs that hold it in
// SKU, ASIN or title; at most limit of each.
func (b *Book) Search(ctx context.Context, text string, limit int) ([]Found, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\x00", "")) // SQLite would end the text there
	if text == "" {
		return nil, nil
	}
	var all []Found
	read := func(scan func(*sql.Rows, *Found) error, q string, args ...any) error {
		rows, err := b.Reader().QueryContext(ctx, q, args...)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		return eachRow(rows, func(r *sql.Rows) error {
			var f Found
			err := scan(r, &f)
			all = append(all, f)
			return err
		})
	}
	err := read(func(r *sql.Rows, f *Found) error { return r.Scan(&f.Order, &f.Day) },
		`SELECT o.order_id, o.order_day FROM connection c JOIN orders o ON o.connection_id = c.id AND o.order_id >= ? AND o.order_id < ?
		ORDER BY 1 LIMIT ?`, text, text+"\U0010FFFF", limit)
	if err != nil {
		return nil, err
	}
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	err = read(func(r *sql.Rows, f *Found) error { return r.Scan(&f.SKU, &f.Title) },
		`SELECT sku, max(title) FROM listing WHERE sku LIKE ?1 ESCAPE '\' OR title LIKE ?1 ESCAPE '\' OR asin LIKE ?1 ESCAPE '\'
		GROUP BY sku ORDER BY sku LIMIT ?2`, like, limit)
	return all, err
}

// Span is the first and the last day with orders or money in this book; empty
// when it holds none.
func (b *Book) Span(ctx context.Context) (first, last string, err error) {
	err = b.Reader().QueryRowContext(ctx, `SELECT coalesce(min(a), ''), coalesce(max(z), '') FROM (
		SELECT min(event_day) AS a, max(event_day) AS z FROM event
		UNION ALL SELECT (SELECT order_day FROM orders ORDER BY purchased_at LIMIT 1), (SELECT order_day FROM orders ORDER BY purchased_at DESC LIMIT 1))`).
		Scan(&first, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", "", fmt.Errorf("read the span of the books: %w", err)
	}
	return first, last, nil
}

// DropPeople closes personal.db, as when the window is locked: from then on the
// book has no people. Nothing may be reading or writing people meanwhile.
func (b *Book) DropPeople() error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if b.personal == nil {
		return nil
	}
	err := b.personal.Close()
	b.personal = nil
	return err
}
