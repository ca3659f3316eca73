package store

import (
	"fmt"
	"time"
)

// AdRow is a row of an advertising report. It is analysis: what Amazon charges
// for advertising stands in the transactions and settlements.
type AdRow struct {
	Connection, Key              string // Key says what the row is about
	Report                       string // advertised-product, search-term, targeting, placement, purchased-product, campaign
	From, To                     string // days, both included
	Marketplace                  string
	Portfolio, Campaign, AdGroup string
	SKU, ASIN                    string
	Targeting, MatchType         string
	SearchTerm, Placement        string
	Currency                     string
	Impressions, Clicks          *int64
	Spend, Sales                 *int64 // minor units; Sales is what Amazon attributes to it
	Orders, Units                *int64
	Window                       int // days after the click, 0 when not told
	Taken                        time.Time
	Document                     int64
	DocLine                      int
}

// PutAdRow stores a row; one of a later report about the same takes its place.
// changed is false for a row of the same document.
func (t *Tx) PutAdRow(r AdRow) (changed bool, err error) {
	var window any
	if r.Window > 0 {
		window = r.Window
	}
	n, err := t.exec(`INSERT INTO ad_row (connection_id, row_key, report, from_day, to_day, marketplace_id, portfolio, campaign, ad_group, sku, asin,
		targeting, match_type, search_term, placement, currency, impressions, clicks, spend_minor, sales_minor, orders, units, window_days,
		taken_at, document_id, doc_line) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET currency = excluded.currency, impressions = excluded.impressions, clicks = excluded.clicks,
		spend_minor = excluded.spend_minor, sales_minor = excluded.sales_minor, orders = excluded.orders, units = excluded.units,
		window_days = excluded.window_days, taken_at = excluded.taken_at, document_id = excluded.document_id, doc_line = excluded.doc_line
		WHERE excluded.taken_at >= taken_at AND (excluded.document_id IS NOT document_id OR excluded.doc_line <> doc_line)`,
		r.Connection, r.Key, r.Report, r.From, r.To, r.Marketplace, r.Portfolio, r.Campaign, r.AdGroup, r.SKU, r.ASIN, r.Targeting, r.MatchType,
		r.SearchTerm, r.Placement, r.Currency, r.Impressions, r.Clicks, r.Spend, r.Sales, r.Orders, r.Units, window, millis(r.Taken),
		nullID(r.Document), r.DocLine)
	if err != nil {
		return false, fmt.Errorf("store advertising of %s: %w", r.Campaign, err)
	}
	return n > 0, nil
}
