package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"countinghouse/data/books"
)

// SettlementName sums the rows of one settlement that stand under one of
// Amazon's names.
type SettlementName struct {
	ID         int64 // of the name, for SettlementFilter
	Type, Path string
	Line       string // the line of the statement that the name stands on
	Minor      int64
	Rows       int64
}

// SettlementNames gives the parts that a settlement's rows add up from, one per
// name of Amazon. Their sum is SettlementRow.RowsMinor.
func (b *Book) SettlementNames(ctx context.Context, connection, settlement string) ([]SettlementName, error) {
	where, args := SettlementFilter{Connection: connection, Settlement: settlement}.where()
	rows, err := b.Reader().QueryContext(ctx, `SELECT n.id, n.type, n.path, f.note, sum(f.amount_minor), count(*)
		FROM fact f JOIN fact_name n ON n.id = f.name_id`+where+` GROUP BY 1, 2, 3, 4 ORDER BY 2, 3, 4`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the parts of settlement %s: %w", settlement, err)
	}
	var all []SettlementName
	err = eachRow(rows, func(r *sql.Rows) error {
		var s SettlementName
		var note string
		if err := r.Scan(&s.ID, &s.Type, &s.Path, &note, &s.Minor, &s.Rows); err != nil {
			return err
		}
		s.Line = string(b.rules.Load().Classify(books.Fact{Source: books.Settlement, Type: s.Type, Path: s.Path, Note: note}).Line)
		all = append(all, s)
		return nil
	})
	return all, err
}

// SettlementFilter narrows the rows of a settlement.
type SettlementFilter struct {
	Connection, Settlement string
	Names                  []int64 // only rows of these names; none: all
	Open                   bool    // only rows that found no twin
}

// where asks by posting, which has an index: a settlement's rows are posted as
// "id:row".
func (f SettlementFilter) where() (string, []any) {
	q := ` WHERE f.posting >= ? AND f.posting < ? AND f.connection_id = ? AND f.settlement_id = ? AND n.source = 'settlement'`
	args := []any{f.Settlement + ":", f.Settlement + ";", f.Connection, f.Settlement} // ";" follows ":" in ASCII
	if len(f.Names) > 0 {
		q += ` AND f.name_id IN (?` + strings.Repeat(",?", len(f.Names)-1) + `)`
		for _, id := range f.Names {
			args = append(args, id)
		}
	}
	if f.Open {
		q += ` AND o.fact_id IS NOT NULL`
	}
	return q, args
}

const settlementFrom = ` FROM fact f JOIN fact_name n ON n.id = f.name_id
	LEFT JOIN (SELECT connection_id, scope, fact_id, min(reason) AS reason FROM open_item GROUP BY 1, 2, 3) o
	ON o.connection_id = f.connection_id AND o.scope = f.scope AND o.fact_id = f.id`

// CountSettlementFacts counts the rows that SettlementFacts gives.
func (b *Book) CountSettlementFacts(ctx context.Context, f SettlementFilter) (int, error) {
	where, args := f.where()
	var n int
	err := b.Reader().QueryRowContext(ctx, `SELECT count(*)`+settlementFrom+where, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the rows of settlement %s: %w", f.Settlement, err)
	}
	return n, nil
}

// SettlementFact is one amount of a settlement, as Amazon wrote it.
type SettlementFact struct {
	Posted              time.Time
	Order, SKU          string
	Marketplace         string
	Type, Path          string
	Currency            string
	Minor               int64
	Document            int64 // 0 when there is none
	DocLine             int
	Reason              string // why it found no twin; empty when it did, or when none is expected
	Posting, Connection string
}

// settlementOrders are the orders that SettlementFacts knows.
var settlementOrders = map[string]string{
	"posted": "f.posted_at", "order": "f.order_id", "sku": "f.sku", "name": "n.path", "amount": "f.amount_minor",
}

// SettlementFacts gives a page of a settlement's rows, ordered by "posted",
// "order", "sku", "name" or "amount"; anything else is the order of the report.
func (b *Book) SettlementFacts(ctx context.Context, f SettlementFilter, by string, desc bool, offset, limit int) ([]SettlementFact, error) {
	where, args := f.where()
	column, ok := settlementOrders[by]
	if !ok {
		column, desc = "f.id", false
	}
	if desc {
		column += " DESC"
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT f.posted_at, f.order_id, f.sku, f.marketplace_id, n.type, n.path, f.currency, f.amount_minor,
		coalesce(f.document_id, 0), f.doc_line, coalesce(o.reason, ''), f.posting, f.connection_id`+settlementFrom+where+
		` ORDER BY `+column+`, f.id LIMIT ? OFFSET ?`, append(args, limit, offset)...)
	if err != nil {
		return nil, fmt.Errorf("read the rows of settlement %s: %w", f.Settlement, err)
	}
	var all []SettlementFact
	err = eachRow(rows, func(r *sql.Rows) error {
		var s SettlementFact
		var posted int64
		err := r.Scan(&posted, &s.Order, &s.SKU, &s.Marketplace, &s.Type, &s.Path, &s.Currency, &s.Minor, &s.Document, &s.DocLine,
			&s.Reason, &s.Posting, &s.Connection)
		s.Posted = fromMillis(posted)
		all = append(all, s)
		return err
	})
	return all, err
}
