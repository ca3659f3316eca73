package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"countinghouse/data/books"
)

// GroupKind is what products are put together by.
type GroupKind string

// The kinds of groups.
const (
	ByParent GroupKind = "parent" // ASIN of the variation's parent
	ByBrand  GroupKind = "brand"
	ByTag    GroupKind = "tag"   // the seller's own; a product may have several
	ByOrder  GroupKind = "order" // not of products: the order that money belongs to
)

// groupColumn is what parents and brands are called by, of the catalog item c.
var groupColumn = map[GroupKind]string{ByParent: "coalesce(nullif(c.parent_asin, ''), c.asin)", ByBrand: "c.brand"}

const groupTables = ` FROM listing l JOIN catalog_item c ON c.connection_id = l.connection_id AND c.marketplace_id = l.marketplace_id AND c.asin = l.asin `

// inside is a condition on events e: they are of the group, or without a name of
// no group of the kind. Empty for no kind.
func (k GroupKind) inside(name string) (string, []any) {
	column := groupColumn[k]
	switch {
	case k == ByOrder:
		return `e.order_id = ?`, []any{name}
	case k == ByTag && name == "":
		return `e.sku NOT IN (SELECT sku FROM sku_tag)`, nil
	case k == ByTag:
		return `e.sku IN (SELECT sku FROM sku_tag WHERE tag = ?)`, []any{name}
	case column == "":
		return "", nil
	case name == "":
		return `(e.marketplace_id, e.sku) NOT IN (SELECT l.marketplace_id, l.sku` + groupTables + `WHERE ` + column + ` <> '')`, nil
	}
	return `(e.marketplace_id, e.sku) IN (SELECT l.marketplace_id, l.sku` + groupTables + `WHERE ` + column + ` = ?)`, []any{name}
}

// ProductGroups tells which groups the products are in. Products of which it is
// not known are left out; by tag, marketplace is empty in the keys.
func (b *Book) ProductGroups(ctx context.Context, by GroupKind) (map[ProductKey][]string, error) {
	query := `SELECT '', sku, tag FROM sku_tag ORDER BY 2, 3`
	if by != ByTag {
		column := groupColumn[by]
		if column == "" {
			return nil, fmt.Errorf("group products: no kind %q", by)
		}
		query = `SELECT l.marketplace_id, l.sku, ` + column + groupTables + `WHERE ` + column + ` <> '' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
	}
	rows, err := b.Reader().QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("group products: %w", err)
	}
	groups := map[ProductKey][]string{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var k ProductKey
		var name string
		err := r.Scan(&k.Marketplace, &k.SKU, &name)
		groups[k] = append(groups[k], name)
		return err
	})
	return groups, err
}

// ErrTag reports a tag that cannot be a name.
var ErrTag = errors.New("a tag is one line of up to 60 characters")

// SetTags gives a SKU its tags; none takes them away.
func (t *Tx) SetTags(sku string, tags []string) error {
	if _, err := t.exec(`DELETE FROM sku_tag WHERE sku = ?`, sku); err != nil {
		return fmt.Errorf("tag %s: %w", sku, err)
	}
	for _, tag := range tags {
		tag = strings.TrimSpace(tag)
		if tag == "" || len(tag) > 60 || strings.ContainsAny(tag, "\r\n\x00") {
			return fmt.Errorf("tag %s: %w", sku, ErrTag)
		}
		if _, err := t.exec(`INSERT INTO sku_tag (sku, tag) VALUES (?, ?) ON CONFLICT DO NOTHING`, sku, tag); err != nil {
			return fmt.Errorf("tag %s: %w", sku, err)
		}
	}
	return nil
}

// OrderDaySums is DaySums with each amount on the day its order was bought; money
// without an order, or of an order that is not in the book, stays on its own day.
// It reads every line of the span: seconds in a book of a million orders.
func (b *Book) OrderDaySums(ctx context.Context, f SumFilter) ([]books.Rollup, error) {
	rows, err := b.orderDaySums(ctx, f)
	if err != nil || f.SKU == "" {
		return rows, err
	}
	return b.withDivided(ctx, rows, f, true)
}

func (b *Book) orderDaySums(ctx context.Context, f SumFilter) ([]books.Rollup, error) {
	where, args := clauses("day >= ?", f.From, "day <= ?", f.To, "sku = ?", f.SKU)
	where, args = anyOf(where, args, "marketplace_id", f.Marketplaces)
	if f.Currency != "" {
		where, args = anyOf(where, args, "currency", []string{f.Currency, ""})
	}
	return b.sums(ctx, `SELECT day, connection_id, marketplace_id, currency, sku, line, state, sum(amount_minor), sum(quantity), sum(uncovered)
		FROM (SELECT coalesce(o.order_day, e.event_day) AS day, e.connection_id, e.marketplace_id, l.currency, e.sku, l.line, l.state,
			l.amount_minor, l.quantity, l.uncovered FROM event e JOIN money_line l ON l.event_id = e.id
			LEFT JOIN orders o ON o.connection_id = e.connection_id AND o.order_id = e.order_id)`+where+`
		GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7`, args)
}

// DateDifference explains, for one line, how a period by posting date becomes
// the same period by order date. Posted - Earlier - Later + After + Before = Ordered.
type DateDifference struct {
	Currency string
	Line     books.Line
	Posted   int64 // minor units posted in the period
	Earlier  int64 // of these, ordered before it
	Later    int64 // of these, ordered after it
	After    int64 // ordered in the period, posted after it
	Before   int64 // ordered in the period, posted before it
	Ordered  int64 // minor units of orders of the period; money without an order stays
}

// DateDifferences reconciles a span of days by posting date with the same span by
// order date, line by line.
func (b *Book) DateDifferences(ctx context.Context, f SumFilter) ([]DateDifference, error) {
	where, args := clauses("sku = ?", f.SKU)
	where, args = anyOf(where, args, "marketplace_id", f.Marketplaces)
	if f.Currency != "" {
		where, args = anyOf(where, args, "currency", []string{f.Currency, ""})
	}
	args = append([]any{f.From, f.To}, args...)
	rows, err := b.Reader().QueryContext(ctx, `SELECT currency, line, sum(minor * posted), sum(minor * (posted AND day < ?1)), sum(minor * (posted AND day > ?2)),
		sum(minor * (NOT posted AND event_day > ?2)), sum(minor * (NOT posted AND event_day < ?1)), sum(minor * (day BETWEEN ?1 AND ?2))
		FROM (SELECT l.currency, l.line, l.amount_minor AS minor, e.event_day, coalesce(o.order_day, e.event_day) AS day, e.sku, e.marketplace_id,
			e.event_day BETWEEN ?1 AND ?2 AS posted
			FROM event e JOIN money_line l ON l.event_id = e.id
			LEFT JOIN orders o ON o.connection_id = e.connection_id AND o.order_id = e.order_id
			WHERE e.event_day BETWEEN ?1 AND ?2 OR o.order_day BETWEEN ?1 AND ?2)`+where+` GROUP BY 1, 2 ORDER BY 1, 2`, args...)
	if err != nil {
		return nil, fmt.Errorf("compare order and posting dates: %w", err)
	}
	var all []DateDifference
	err = eachRow(rows, func(r *sql.Rows) error {
		var d DateDifference
		err := r.Scan(&d.Currency, &d.Line, &d.Posted, &d.Earlier, &d.Later, &d.After, &d.Before, &d.Ordered)
		all = append(all, d)
		return err
	})
	return all, err
}
