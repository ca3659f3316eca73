package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// OrderFilter narrows a list of orders; empty fields do not narrow.
type OrderFilter struct {
	From, To     string // purchase days YYYY-MM-DD, both inclusive
	Marketplaces []string
	Order        string // exact order id
}

// OrderRow is one order as lists show it.
type OrderRow struct {
	Connection  string `json:"connection"`
	ID          string `json:"order_id"`
	Marketplace string `json:"marketplace_id"`
	Day         string `json:"order_day"`
	Status      string `json:"status"`
	FulfilledBy string `json:"fulfilled_by"`
	Items       int64  `json:"items"`
	Units       int64  `json:"units"`
	SKUs        string `json:"skus"`
	Currency    string `json:"currency"`
	TotalMinor  *int64 `json:"total_minor"`
}

// Orders calls row for each order of the filter, by purchase time.
func (b *Book) Orders(ctx context.Context, f OrderFilter, row func(OrderRow) error) error {
	where, args := clauses("order_day >= ?", f.From, "order_day <= ?", f.To, "o.order_id = ?", f.Order)
	where, args = anyOf(where, args, "marketplace_id", f.Marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT o.connection_id, o.order_id, marketplace_id, order_day, o.status, fulfilled_by,
		count(i.sku), coalesce(sum(i.quantity), 0), coalesce(group_concat(DISTINCT i.sku), ''), o.currency,
		coalesce(total_minor, CASE WHEN count(i.sku) = count(i.price_minor) THEN
			sum(i.price_minor + coalesce(i.tax_minor, 0) + coalesce(i.shipping_minor, 0) + coalesce(i.shipping_tax_minor, 0)
			+ coalesce(i.giftwrap_minor, 0) + coalesce(i.giftwrap_tax_minor, 0) - coalesce(i.discount_minor, 0)) END)
		FROM orders o LEFT JOIN order_item i USING (connection_id, order_id)`+where+`
		GROUP BY o.connection_id, o.order_id ORDER BY purchased_at, o.connection_id, o.order_id`, args...)
	if err != nil {
		return fmt.Errorf("read orders: %w", err)
	}
	return eachRow(rows, func(r *sql.Rows) error {
		var o OrderRow
		if err := r.Scan(&o.Connection, &o.ID, &o.Marketplace, &o.Day, &o.Status, &o.FulfilledBy, &o.Items, &o.Units, &o.SKUs,
			&o.Currency, &o.TotalMinor); err != nil {
			return err
		}
		return row(o)
	})
}

// StockRow is the newest stock of a SKU.
type StockRow struct {
	Connection    string `json:"connection"`
	Marketplace   string `json:"marketplace_id"`
	SKU           string `json:"sku"`
	ASIN          string `json:"asin"`
	Title         string `json:"title"`
	Day           string `json:"snapshot_day"`
	Fulfillable   int64  `json:"fulfillable"`
	Inbound       int64  `json:"inbound"`
	Reserved      int64  `json:"reserved"`
	Unfulfillable int64  `json:"unfulfillable"`
	OwnQuantity   *int64 `json:"own_quantity"`
}

// Inventory calls row for each SKU that Amazon holds or that is listed, with
// the newest snapshot.
func (b *Book) Inventory(ctx context.Context, marketplaces []string, row func(StockRow) error) error {
	where, args := anyOf("", nil, "k.marketplace_id", marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `WITH k AS (
			SELECT connection_id, marketplace_id, sku FROM listing UNION SELECT connection_id, marketplace_id, sku FROM stock_snapshot),
		newest AS (SELECT connection_id, marketplace_id, sku, max(snapshot_day) AS day FROM stock_snapshot GROUP BY 1, 2, 3)
		SELECT k.connection_id, k.marketplace_id, k.sku, coalesce(l.asin, max(s.asin), ''), coalesce(l.title, ''), coalesce(n.day, ''),
		coalesce(sum(s.fulfillable), 0), coalesce(sum(s.inbound_working + s.inbound_shipped + s.inbound_receiving), 0),
		coalesce(sum(s.reserved), 0), coalesce(sum(s.unfulfillable), 0), l.own_quantity
		FROM k LEFT JOIN listing l USING (connection_id, marketplace_id, sku)
		LEFT JOIN newest n USING (connection_id, marketplace_id, sku)
		LEFT JOIN stock_snapshot s ON s.connection_id = k.connection_id AND s.marketplace_id = k.marketplace_id AND s.sku = k.sku
			AND s.snapshot_day = n.day`+where+` GROUP BY 1, 2, 3 ORDER BY 2, 3, 1`, args...)
	if err != nil {
		return fmt.Errorf("read inventory: %w", err)
	}
	return eachRow(rows, func(r *sql.Rows) error {
		var s StockRow
		if err := r.Scan(&s.Connection, &s.Marketplace, &s.SKU, &s.ASIN, &s.Title, &s.Day, &s.Fulfillable, &s.Inbound,
			&s.Reserved, &s.Unfulfillable, &s.OwnQuantity); err != nil {
			return err
		}
		return row(s)
	})
}

// SettlementRow is one settlement with its check: total = sum of rows.
type SettlementRow struct {
	Connection string    `json:"connection"`
	ID         string    `json:"settlement_id"`
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"`
	Deposit    time.Time `json:"deposit"`
	Currency   string    `json:"currency"`
	TotalMinor int64     `json:"total_minor"`
	RowsMinor  int64     `json:"rows_minor"`
	Rows       int64     `json:"rows"`
	Open       int64     `json:"open"` // rows without a twin in finances where finances cover the period
}

// Settlements calls row for each settlement, oldest first.
func (b *Book) Settlements(ctx context.Context, row func(SettlementRow) error) error {
	rows, err := b.Reader().QueryContext(ctx, `SELECT s.connection_id, s.settlement_id, start_at, end_at, coalesce(deposit_at, 0), s.currency,
		s.total_minor, coalesce(t.minor, 0), s.row_count, coalesce(t.open, 0)
		FROM settlement s LEFT JOIN (SELECT f.connection_id, f.settlement_id, sum(f.amount_minor) AS minor,
			count(DISTINCT o.fact_id) AS open
			FROM fact f JOIN fact_name n ON n.id = f.name_id AND n.source = 'settlement'
			LEFT JOIN open_item o ON o.connection_id = f.connection_id AND o.scope = f.scope AND o.fact_id = f.id
			GROUP BY 1, 2) t USING (connection_id, settlement_id) ORDER BY start_at, 1, 2`)
	if err != nil {
		return fmt.Errorf("read settlements: %w", err)
	}
	return eachRow(rows, func(r *sql.Rows) error {
		var s SettlementRow
		var start, end, deposit int64
		if err := r.Scan(&s.Connection, &s.ID, &start, &end, &deposit, &s.Currency, &s.TotalMinor, &s.RowsMinor, &s.Rows, &s.Open); err != nil {
			return err
		}
		s.Start, s.End = fromMillis(start), fromMillis(end)
		if deposit != 0 {
			s.Deposit = fromMillis(deposit)
		}
		return row(s)
	})
}

// Counts are the sizes of what a connection has stored.
type Counts struct {
	Connection                                         string
	Orders, Items, Events, Settlements, Listings, SKUs int64
	Calls                                              int64
}

// Counts lists how much each connection has stored.
func (b *Book) Counts(ctx context.Context) ([]Counts, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT id,
		(SELECT count(*) FROM orders WHERE connection_id = c.id), (SELECT count(*) FROM order_item WHERE connection_id = c.id),
		(SELECT count(*) FROM event WHERE connection_id = c.id), (SELECT count(*) FROM settlement WHERE connection_id = c.id),
		(SELECT count(*) FROM listing WHERE connection_id = c.id),
		(SELECT count(DISTINCT sku) FROM stock_snapshot WHERE connection_id = c.id),
		(SELECT count(*) FROM api_call WHERE connection_id = c.id) FROM connection c ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("count what is stored: %w", err)
	}
	var all []Counts
	err = eachRow(rows, func(r *sql.Rows) error {
		var c Counts
		err := r.Scan(&c.Connection, &c.Orders, &c.Items, &c.Events, &c.Settlements, &c.Listings, &c.SKUs, &c.Calls)
		all = append(all, c)
		return err
	})
	return all, err
}

// CallSummary sums the calls to one host.
type CallSummary struct {
	Host     string    `json:"host"`
	Calls    int64     `json:"calls"`
	BytesIn  int64     `json:"bytes_in"`
	BytesOut int64     `json:"bytes_out"`
	Last     time.Time `json:"last"`
}

// Calls sums what was called, by host.
func (b *Book) Calls(ctx context.Context) ([]CallSummary, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT host, sum(calls), sum(bytes_in), sum(bytes_out), max(last_at) FROM `+allCalls+` GROUP BY host ORDER BY host`)
	if err != nil {
		return nil, fmt.Errorf("read the list of calls: %w", err)
	}
	var all []CallSummary
	err = eachRow(rows, func(r *sql.Rows) error {
		var c CallSummary
		var last int64
		err := r.Scan(&c.Host, &c.Calls, &c.BytesIn, &c.BytesOut, &last)
		c.Last = fromMillis(last)
		all = append(all, c)
		return err
	})
	return all, err
}

// clauses joins the conditions whose value is not empty; conditions and values
// alternate.
func clauses(pairs ...string) (string, []any) {
	var parts []string
	var args []any
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			parts = append(parts, pairs[i])
			args = append(args, pairs[i+1])
		}
	}
	if len(parts) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(parts, " AND "), args
}

func anyOf(where string, args []any, column string, values []string) (string, []any) {
	if len(values) == 0 {
		return where, args
	}
	glue := " WHERE "
	if where != "" {
		glue = " AND "
	}
	for _, v := range values {
		args = append(args, v)
	}
	return where + glue + column + " IN (?" + strings.Repeat(",?", len(values)-1) + ")", args
}
