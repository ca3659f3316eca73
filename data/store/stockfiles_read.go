package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// ReportTopic names rows that reports tell of goods.
type ReportTopic string

// The topics.
const (
	TopicReturns        ReportTopic = "returns"
	TopicReimbursements ReportTopic = "reimbursements"
	TopicMoves          ReportTopic = "moves"
	TopicBalances       ReportTopic = "balances"
	TopicCounts         ReportTopic = "counts"
	TopicDifferences    ReportTopic = "differences" // between inventory reports and the API's snapshots
	TopicCatalogue      ReportTopic = "catalogue"
	TopicAdvice         ReportTopic = "advice"
	TopicStorage        ReportTopic = "storage"
	TopicFees           ReportTopic = "fees"
	TopicRemovals       ReportTopic = "removals"
	TopicInvoices       ReportTopic = "invoices" // what Amazon writes for its fees, line by line
)

// ReportForm says what a column of a topic holds.
type ReportForm int

// The forms. A nil value is not told, whatever the form.
const (
	FormText  ReportForm = iota // string
	FormUnits                   // int64, whole units
	FormMoney                   // int64, minor units of the column "currency"
	FormNano                    // int64, 1/1,000,000,000 of a unit of the column "currency", or of a unit
	FormID                      // int64, number of a document or a line
)

// ReportColumn is one column of a topic.
type ReportColumn struct {
	Name string
	Form ReportForm
}

// ReportFilter chooses rows; empty fields mean all. From and To are days, both
// included; of rows of a month they mean the months that they are in.
type ReportFilter struct {
	From, To     string
	Marketplaces []string // ids
	Connection   string
	SKU, Order   string
	Text         string // held by any text of the row; the case of A to Z does not count
	Means        []ReportMeaning
}

// ReportMeaning widens a search: rows whose Column holds one of Names are found
// too. These are Amazon's names for what the reader knows by the text he searches.
type ReportMeaning struct {
	Column string
	Names  []string
}

// topic is how the rows of a topic are read: from is a table or a query.
type topic struct {
	from    string
	columns string // names, each with its form: a word after a colon
	day     string // the column of the period
	months  bool   // which may hold months
	market  string // "" where rows do not tell
	sku     string
	order   string
	sort    string
}

const documentColumns = " document_id:id doc_line:id"

var topics = map[ReportTopic]topic{
	TopicReturns: {from: "customer_return", day: "return_day", market: "marketplace_id", sku: "sku", order: "order_id",
		columns: `return_day connection_id marketplace_id channel order_id sku asin fnsku quantity:units disposition sellable:units reason status
		resolution reference centre currency refunded_minor:money label_minor:money`,
		sort: "return_day, order_id, sku, reference, ordinal"},
	TopicReimbursements: {from: "reimbursement", day: "approval_day", sku: "sku", order: "order_id",
		columns: `approval_day connection_id reimbursement_id order_id reason sku fnsku asin condition currency each_minor:money total_minor:money
		units_cash:units units_stock:units units:units case_id original_id original_type`,
		sort: "approval_day, reimbursement_id, sku, reason, ordinal"},
	TopicMoves: {from: "stock_move", day: "move_day", sku: "sku",
		columns: `move_day connection_id event sku fnsku asin quantity:units disposition reason reference centre country reconciled:units unreconciled:units`,
		sort:    "move_day, sku, event, reference, quantity, ordinal"},
	TopicBalances: {from: "stock_balance", day: "period_day", sku: "sku",
		columns: `period_day connection_id sku fnsku asin disposition location start_units:units received:units shipped:units returned:units removed:units
		transferred:units found:units lost:units damaged:units disposed:units other:units unknown:units end_units:units in_transit:units`,
		sort: "period_day, sku, fnsku, disposition, location"},
	TopicCounts: {from: "stock_count", day: "count_day", market: "marketplace_id", sku: "sku",
		columns: `count_day connection_id marketplace_id report country sku fnsku asin condition part fulfillable:units unsellable:units reserved:units
		warehouse:units total:units inbound_working:units inbound_shipped:units inbound_receiving:units researching:units own:units`,
		sort: "count_day, report, sku, condition, part, ordinal"},
	TopicDifferences: {from: differencesQuery, day: "count_day", market: "marketplace_id", sku: "sku",
		columns: `count_day connection_id marketplace_id report sku quantity told:units api:units`,
		sort:    "count_day, connection_id, report, sku, quantity"},
	TopicCatalogue: {from: "listing_row", day: "opened_day", market: "marketplace_id", sku: "sku",
		columns: `sku connection_id marketplace_id asin listing_id title status channel price business_price own_quantity:units condition opened_day
		shipping_group points`,
		sort: "sku, marketplace_id, ordinal"},
	TopicAdvice: {from: "stock_advice", day: "advice_day", market: "marketplace_id", sku: "sku",
		columns: `advice_day connection_id marketplace_id report sku fnsku asin condition available:units inbound:units reserved:units unfulfillable:units
		pending_removal:units age_0_90:units age_91_180:units age_181_270:units age_271_365:units age_over_365:units sold_7:units sold_30:units
		sold_60:units sold_90:units days_of_supply sell_through excess:units recommended:units recommended_by_day alert action currency
		storage_next_month_nano:nano`,
		sort: "advice_day, report, sku, condition, ordinal"},
	TopicStorage: {from: "storage_fee", day: "period", months: true, sku: "sku",
		columns: `period connection_id kind asin fnsku sku centre country tier units_nano:nano volume_nano:nano volume_unit currency rate_nano:nano
		fee_nano:nano dangerous`,
		sort: "period, kind, asin, fnsku, centre, tier, ordinal"},
	TopicFees: {from: "fee_preview", day: "preview_day", market: "marketplace_id", sku: "sku",
		columns: `sku connection_id marketplace_id asin fnsku fulfilled_by currency price_minor:money total_nano:nano referral_nano:nano closing_nano:nano
		fulfilment_nano:nano size_tier longest median shortest side_unit weight weight_unit preview_day`,
		sort: "sku, marketplace_id, currency, ordinal"},
	TopicRemovals: {from: "removal", day: "request_day", sku: "sku", order: "removal_id",
		columns: `request_day connection_id removal_id type status sku fnsku disposition requested:units cancelled:units disposed:units shipped:units
		in_process:units currency fee_minor:money`,
		sort: "request_day, removal_id, sku, fnsku, disposition, ordinal"},
	TopicInvoices: {from: invoicesQuery, day: "issued_day", market: "marketplace_id", sku: "sku",
		columns: `issued_day connection_id marketplace_id invoice status description service sku asin units:units tax_rates currency
		net_minor:money tax_minor:money total_minor:money`,
		sort: "issued_day, connection_id, marketplace_id, invoice, seq"},
}

// invoicesQuery has a row for each line of a fee invoice; an invoice that Amazon
// told no lines of is one row.
const invoicesQuery = `(SELECT r.issued_day, v.connection_id, v.marketplace_id, v.number AS invoice, v.status, l.description, l.service, l.sku, l.asin,
	l.units, l.tax_rates, coalesce(l.currency, v.currency) AS currency, l.net_minor, l.tax_minor, coalesce(l.total_minor, v.amount_minor) AS total_minor,
	coalesce(l.document_id, v.document_id) AS document_id, coalesce(l.doc_line, 1) AS doc_line, l.seq FROM fee_invoice v
	JOIN fee_invoice_read r USING (connection_id, marketplace_id, invoice_id)
	LEFT JOIN fee_invoice_line l USING (connection_id, marketplace_id, invoice_id))`

// ReportTopics lists the topics.
func ReportTopics() []ReportTopic {
	var list []ReportTopic
	for t := range topics {
		list = append(list, t)
	}
	slices.Sort(list)
	return list
}

// ReportColumns lists the columns of a topic; the last two are the document
// that holds the row and its line there.
func ReportColumns(of ReportTopic) []ReportColumn {
	forms := map[string]ReportForm{"": FormText, "units": FormUnits, "money": FormMoney, "nano": FormNano, "id": FormID}
	var list []ReportColumn
	for word := range strings.FieldsSeq(topics[of].columns + documentColumns) {
		name, form, _ := strings.Cut(word, ":")
		list = append(list, ReportColumn{name, forms[form]})
	}
	return list
}

// ReportRows calls each for every row of a topic, oldest first; row has one
// value per column, a string, an int64 or nil, and is valid until each returns.
func (b *Book) ReportRows(ctx context.Context, of ReportTopic, f ReportFilter, each func(row []any) error) error {
	t, ok := topics[of]
	if !ok {
		return fmt.Errorf("read %q: no such topic", of)
	}
	columns := ReportColumns(of)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	where, args := t.where(f)
	rows, err := b.Reader().QueryContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+t.from+where+" ORDER BY "+t.sort, args...)
	if err != nil {
		return fmt.Errorf("read %s: %w", of, err)
	}
	row, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	return eachRow(rows, func(r *sql.Rows) error {
		if err := r.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", of, err)
		}
		return each(row)
	})
}

func (t topic) where(f ReportFilter) (string, []any) {
	first, last := t.day, t.day
	if t.months {
		first, last = "substr("+t.day+" || '-99', 1, 10)", "substr("+t.day+" || '-00', 1, 10)"
	}
	conditions := []string{"connection_id = ?", f.Connection, first + " >= ?", f.From, last + " <= ?", f.To}
	if t.sku != "" {
		conditions = append(conditions, t.sku+" = ?", f.SKU)
	}
	if t.order != "" {
		conditions = append(conditions, t.order+" = ?", f.Order)
	}
	where, args := clauses(conditions...)
	if t.market != "" {
		where, args = anyOf(where, args, t.market, f.Marketplaces)
	}
	return t.holding(where, args, f.Text, f.Means)
}

// differencesQuery compares the newest inventory report of each kind with the
// API's snapshot of the same day, quantity by quantity. A SKU that only one of
// the two names is compared with nothing there.
var differencesQuery = func() string {
	quantities := []struct{ report, api string }{
		{"fulfillable", "fulfillable"}, {"reserved", "reserved"}, {"unsellable", "unfulfillable"}, {"inbound_working", "inbound_working"},
		{"inbound_shipped", "inbound_shipped"}, {"inbound_receiving", "inbound_receiving"}, {"researching", "researching"},
	}
	var told, api, both []string
	for _, q := range quantities {
		told = append(told, "sum(c."+q.report+") AS "+q.report)
		api = append(api, "sum("+q.api+") AS "+q.report)
		both = append(both, "SELECT count_day, connection_id, marketplace_id, report, sku, '"+q.report+"' AS quantity, t."+q.report+
			" AS told, a."+q.report+" AS api, document_id, doc_line FROM t LEFT JOIN a USING (connection_id, count_day, market, sku) WHERE t."+q.report+
			" IS NOT NULL AND t."+q.report+" <> coalesce(a."+q.report+", 0)",
			"SELECT count_day, connection_id, marketplace_id, report, sku, '"+q.report+"', NULL, a."+q.report+", NULL, NULL FROM n"+
				" JOIN a USING (connection_id, count_day, market) WHERE a."+q.report+" <> 0 AND NOT EXISTS (SELECT 1 FROM t"+
				" WHERE t.connection_id = n.connection_id AND t.report = n.report AND t.count_day = n.count_day AND t.market = n.market AND t.sku = a.sku)"+
				" AND EXISTS (SELECT 1 FROM t WHERE t.connection_id = n.connection_id AND t.report = n.report AND t.count_day = n.count_day AND t."+q.report+" IS NOT NULL)")
	}
	// A report whose marketplace is not known is compared with the only one that
	// has a snapshot of the connection on that day.
	return `(WITH n AS (SELECT c.connection_id, c.report, c.marketplace_id, max(c.count_day) AS count_day, min(s.marketplace_id) AS market
		FROM stock_count c JOIN (SELECT DISTINCT connection_id, snapshot_day, marketplace_id FROM stock_snapshot) s
			ON s.connection_id = c.connection_id AND s.snapshot_day = c.count_day AND c.marketplace_id IN (s.marketplace_id, '')
		WHERE c.report <> 'afn-by-country' GROUP BY 1, 2, 3 HAVING min(s.marketplace_id) = max(s.marketplace_id)),
	t AS (SELECT c.connection_id, c.report, c.marketplace_id, c.count_day, n.market, c.sku, ` + strings.Join(told, ", ") + `,
		min(c.document_id) AS document_id, min(c.doc_line) AS doc_line
		FROM stock_count c JOIN n USING (connection_id, report, marketplace_id, count_day) GROUP BY 1, 2, 3, 4, 5, 6),
	a AS (SELECT connection_id, snapshot_day AS count_day, marketplace_id AS market, sku, ` + strings.Join(api, ", ") + `
		FROM stock_snapshot GROUP BY 1, 2, 3, 4) ` + strings.Join(both, " UNION ALL ") + `)`
}()
