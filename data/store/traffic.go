package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Traffic is Amazon's own count of sales and visits. What was not told is nil.
// It is analysis: no money of the books.
type Traffic struct {
	Connection, Marketplace string
	From, To                string // marketplace's days, both included; a day has the same twice
	ParentASIN, ASIN, SKU   string // empty on the sums of a day
	Currency                string
	Ordered, OrderedB2B     *int64 // ordered product sales, minor units
	Units, UnitsB2B         *int64
	OrderItems, OrderB2B    *int64 // lines of orders
	PageViews, PageViewsB2B *int64
	PageViewsApp            *int64 // of these, in the mobile app
	Sessions, SessionsB2B   *int64
	SessionsApp             *int64
	BuyBox                  *int64 // page views with our offer featured, in 1/100 of a percent
	Refunded, Claims        *int64 // units; A-to-z claims (on days only)
	ClaimsMinor             *int64
	Shipped                 *int64 // shipped product sales, minor units (on days only)
	UnitsShipped            *int64
	OrdersShipped           *int64
	Offers                  *int64 // on average (on days only)
	Feedback, FeedbackBad   *int64
	Origin                  string // report or file
	Taken                   time.Time
	Document                int64
	DocLine                 int
}

// PutTrafficDay stores the sums of a day; what was told later is the truth.
func (t *Tx) PutTrafficDay(v Traffic) error {
	_, err := t.exec(`INSERT INTO traffic_day (connection_id, marketplace_id, traffic_day, currency, ordered_minor, ordered_b2b_minor, units,
		units_b2b, order_items, order_items_b2b, units_refunded, claims, claims_minor, shipped_minor, units_shipped, orders_shipped, page_views,
		page_views_b2b, page_views_app, sessions, sessions_b2b, sessions_app, buy_box_bp, offers, feedback, feedback_negative, origin, taken_at,
		document_id, doc_line) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET currency = iif(excluded.currency = '', currency, excluded.currency),
		ordered_minor = coalesce(excluded.ordered_minor, ordered_minor), ordered_b2b_minor = coalesce(excluded.ordered_b2b_minor, ordered_b2b_minor),
		units = coalesce(excluded.units, units), units_b2b = coalesce(excluded.units_b2b, units_b2b),
		order_items = coalesce(excluded.order_items, order_items), order_items_b2b = coalesce(excluded.order_items_b2b, order_items_b2b),
		units_refunded = coalesce(excluded.units_refunded, units_refunded), claims = coalesce(excluded.claims, claims),
		claims_minor = coalesce(excluded.claims_minor, claims_minor), shipped_minor = coalesce(excluded.shipped_minor, shipped_minor),
		units_shipped = coalesce(excluded.units_shipped, units_shipped), orders_shipped = coalesce(excluded.orders_shipped, orders_shipped),
		page_views = coalesce(excluded.page_views, page_views), page_views_b2b = coalesce(excluded.page_views_b2b, page_views_b2b),
		page_views_app = coalesce(excluded.page_views_app, page_views_app), sessions = coalesce(excluded.sessions, sessions),
		sessions_b2b = coalesce(excluded.sessions_b2b, sessions_b2b), sessions_app = coalesce(excluded.sessions_app, sessions_app),
		buy_box_bp = coalesce(excluded.buy_box_bp, buy_box_bp), offers = coalesce(excluded.offers, offers),
		feedback = coalesce(excluded.feedback, feedback), feedback_negative = coalesce(excluded.feedback_negative, feedback_negative),
		origin = excluded.origin, taken_at = excluded.taken_at, document_id = excluded.document_id, doc_line = excluded.doc_line
		WHERE excluded.taken_at >= taken_at`,
		v.Connection, v.Marketplace, v.From, v.Currency, v.Ordered, v.OrderedB2B, v.Units, v.UnitsB2B, v.OrderItems, v.OrderB2B, v.Refunded, v.Claims,
		v.ClaimsMinor, v.Shipped, v.UnitsShipped, v.OrdersShipped, v.PageViews, v.PageViewsB2B, v.PageViewsApp, v.Sessions, v.SessionsB2B,
		v.SessionsApp, v.BuyBox, v.Offers, v.Feedback, v.FeedbackBad, v.Origin, millis(v.Taken), nullID(v.Document), v.DocLine)
	if err != nil {
		return fmt.Errorf("store traffic of %s: %w", v.From, err)
	}
	return nil
}

// PutTrafficASINs stores the products of one span in place of what was known of
// exactly that span; all rows are of the same connection, marketplace and span.
func (t *Tx) PutTrafficASINs(list []Traffic) error {
	if len(list) == 0 {
		return nil
	}
	first := list[0]
	if _, err := t.exec(`DELETE FROM traffic_asin WHERE connection_id = ? AND marketplace_id = ? AND from_day = ? AND to_day = ?`,
		first.Connection, first.Marketplace, first.From, first.To); err != nil {
		return err
	}
	for _, v := range list {
		_, err := t.exec(`INSERT INTO traffic_asin (connection_id, marketplace_id, from_day, to_day, parent_asin, asin, sku, currency, ordered_minor,
			ordered_b2b_minor, units, units_b2b, order_items, order_items_b2b, page_views, page_views_b2b, page_views_app, sessions, sessions_b2b,
			sessions_app, buy_box_bp, origin, taken_at, document_id, doc_line) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			v.Connection, v.Marketplace, v.From, v.To, v.ParentASIN, v.ASIN, v.SKU, v.Currency, v.Ordered, v.OrderedB2B, v.Units, v.UnitsB2B,
			v.OrderItems, v.OrderB2B, v.PageViews, v.PageViewsB2B, v.PageViewsApp, v.Sessions, v.SessionsB2B, v.SessionsApp, v.BuyBox, v.Origin,
			millis(v.Taken), nullID(v.Document), v.DocLine)
		if err != nil {
			return fmt.Errorf("store traffic of %s: %w", v.ASIN, err)
		}
	}
	return nil
}

// TrafficDays lists the sums of days from-to, both included; no marketplace
// means all.
func (b *Book) TrafficDays(ctx context.Context, from, to string, marketplaces []string) ([]Traffic, error) {
	where, args := clauses("traffic_day >= ?", from, "traffic_day <= ?", to)
	where, args = anyOf(where, args, "marketplace_id", marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, marketplace_id, traffic_day, currency, ordered_minor, ordered_b2b_minor, units,
		units_b2b, order_items, order_items_b2b, units_refunded, claims, claims_minor, shipped_minor, units_shipped, orders_shipped, page_views,
		page_views_b2b, page_views_app, sessions, sessions_b2b, sessions_app, buy_box_bp, offers, feedback, feedback_negative, origin, taken_at,
		coalesce(document_id, 0), doc_line FROM traffic_day`+where+` ORDER BY 3, 1, 2`, args...)
	if err != nil {
		return nil, fmt.Errorf("read traffic: %w", err)
	}
	var all []Traffic
	err = eachRow(rows, func(r *sql.Rows) error {
		var v Traffic
		var taken int64
		err := r.Scan(&v.Connection, &v.Marketplace, &v.From, &v.Currency, &v.Ordered, &v.OrderedB2B, &v.Units, &v.UnitsB2B, &v.OrderItems, &v.OrderB2B,
			&v.Refunded, &v.Claims, &v.ClaimsMinor, &v.Shipped, &v.UnitsShipped, &v.OrdersShipped, &v.PageViews, &v.PageViewsB2B, &v.PageViewsApp,
			&v.Sessions, &v.SessionsB2B, &v.SessionsApp, &v.BuyBox, &v.Offers, &v.Feedback, &v.FeedbackBad, &v.Origin, &taken, &v.Document, &v.DocLine)
		v.To, v.Taken = v.From, fromMillis(taken)
		all = append(all, v)
		return err
	})
	return all, err
}

// TrafficASINs lists products by span within from-to, both included; an empty
// ASIN means all.
func (b *Book) TrafficASINs(ctx context.Context, from, to, asin string, marketplaces []string) ([]Traffic, error) {
	where, args := clauses("from_day >= ?", from, "to_day <= ?", to, "asin = ?", asin)
	where, args = anyOf(where, args, "marketplace_id", marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, marketplace_id, from_day, to_day, parent_asin, asin, sku, currency, ordered_minor,
		ordered_b2b_minor, units, units_b2b, order_items, order_items_b2b, page_views, page_views_b2b, page_views_app, sessions, sessions_b2b,
		sessions_app, buy_box_bp, origin, taken_at, coalesce(document_id, 0), doc_line FROM traffic_asin`+where+` ORDER BY 3, 4, 1, 2, 5, 6, 7`, args...)
	if err != nil {
		return nil, fmt.Errorf("read traffic by product: %w", err)
	}
	var all []Traffic
	err = eachRow(rows, func(r *sql.Rows) error {
		var v Traffic
		var taken int64
		err := r.Scan(&v.Connection, &v.Marketplace, &v.From, &v.To, &v.ParentASIN, &v.ASIN, &v.SKU, &v.Currency, &v.Ordered, &v.OrderedB2B, &v.Units,
			&v.UnitsB2B, &v.OrderItems, &v.OrderB2B, &v.PageViews, &v.PageViewsB2B, &v.PageViewsApp, &v.Sessions, &v.SessionsB2B, &v.SessionsApp,
			&v.BuyBox, &v.Origin, &taken, &v.Document, &v.DocLine)
		v.Taken = fromMillis(taken)
		all = append(all, v)
		return err
	})
	return all, err
}
