package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Economics is Amazon's own reckoning of a SKU over a span of days. It is
// analysis: no money of the books.
type Economics struct {
	Connection, Marketplace      string
	From, To                     string // marketplace's days, both included
	SKU, ASIN, ParentASIN, FNSKU string
	Currency                     string
	Units, Refunded, Net         int64
	Ordered, RefundedSales       *int64 // minor units
	NetSales, Proceeds           *int64
	Origin                       string // kiosk or file
	Taken                        time.Time
	Document                     int64
	DocLine                      int
	Parts                        []EconomicsPart
}

// EconomicsPart is a fee, a kind of advertising or a cost within Economics.
type EconomicsPart struct {
	Kind                   string // fee, ad, or cost
	Name, PartOf           string
	Currency               string
	Amount, Promotion, Tax *int64 // minor units; nil when not told
	Total                  int64  // minor units, positive: a cost
	Quantity               string // exact decimal, empty when not told
}

// PutEconomics stores a SKU's span in place of what was known of it.
func (t *Tx) PutEconomics(v Economics) error {
	key := []any{v.Connection, v.Marketplace, v.From, v.To, v.SKU, v.ASIN}
	_, err := t.exec(`DELETE FROM economics WHERE connection_id = ? AND marketplace_id = ? AND from_day = ? AND to_day = ? AND sku = ? AND asin = ?`, key...)
	if err == nil {
		_, err = t.exec(`INSERT INTO economics (connection_id, marketplace_id, from_day, to_day, sku, asin, parent_asin, fnsku, currency, units,
			units_refunded, units_net, ordered_minor, refunded_minor, net_sales_minor, proceeds_minor, origin, taken_at, document_id, doc_line)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, append(key, v.ParentASIN, v.FNSKU, v.Currency, v.Units, v.Refunded, v.Net, v.Ordered,
			v.RefundedSales, v.NetSales, v.Proceeds, v.Origin, millis(v.Taken), nullID(v.Document), v.DocLine)...)
	}
	for i, p := range v.Parts {
		if err != nil {
			break
		}
		_, err = t.exec(`INSERT INTO economics_part (connection_id, marketplace_id, from_day, to_day, sku, asin, seq, kind, name, part_of, currency,
			amount_minor, promotion_minor, tax_minor, total_minor, quantity) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			append(key, i, p.Kind, p.Name, p.PartOf, p.Currency, p.Amount, p.Promotion, p.Tax, p.Total, p.Quantity)...)
	}
	if err != nil {
		return fmt.Errorf("store economics of %s: %w", v.SKU, err)
	}
	return nil
}

// Economics lists spans within from-to, both included, with their parts; an
// empty SKU means all.
func (b *Book) Economics(ctx context.Context, from, to, sku string, marketplaces []string) ([]Economics, error) {
	where, args := clauses("from_day >= ?", from, "to_day <= ?", to, "sku = ?", sku)
	where, args = anyOf(where, args, "marketplace_id", marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, marketplace_id, from_day, to_day, sku, asin, parent_asin, fnsku, currency, units,
		units_refunded, units_net, ordered_minor, refunded_minor, net_sales_minor, proceeds_minor, origin, taken_at, coalesce(document_id, 0), doc_line
		FROM economics`+where+` ORDER BY 3, 4, 1, 2, 5, 6`, args...)
	if err != nil {
		return nil, fmt.Errorf("read economics: %w", err)
	}
	type key struct{ connection, marketplace, from, to, sku, asin string }
	at := map[key]int{}
	var all []Economics
	err = eachRow(rows, func(r *sql.Rows) error {
		var v Economics
		var taken int64
		err := r.Scan(&v.Connection, &v.Marketplace, &v.From, &v.To, &v.SKU, &v.ASIN, &v.ParentASIN, &v.FNSKU, &v.Currency, &v.Units, &v.Refunded,
			&v.Net, &v.Ordered, &v.RefundedSales, &v.NetSales, &v.Proceeds, &v.Origin, &taken, &v.Document, &v.DocLine)
		v.Taken = fromMillis(taken)
		at[key{v.Connection, v.Marketplace, v.From, v.To, v.SKU, v.ASIN}] = len(all)
		all = append(all, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, err = b.Reader().QueryContext(ctx, `SELECT connection_id, marketplace_id, from_day, to_day, sku, asin, kind, name, part_of, currency,
		amount_minor, promotion_minor, tax_minor, total_minor, quantity FROM economics_part`+where+` ORDER BY 1, 2, 3, 4, 5, 6, seq`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the parts of economics: %w", err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var k key
		var p EconomicsPart
		err := r.Scan(&k.connection, &k.marketplace, &k.from, &k.to, &k.sku, &k.asin, &p.Kind, &p.Name, &p.PartOf, &p.Currency, &p.Amount,
			&p.Promotion, &p.Tax, &p.Total, &p.Quantity)
		if i, known := at[k]; known {
			all[i].Parts = append(all[i].Parts, p)
		}
		return err
	})
	return all, err
}
