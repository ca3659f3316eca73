package desktop

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// goodsTopic is what the list of a topic needs beside its columns.
type goodsTopic struct {
	id      store.ReportTopic
	sources []string // of the sync that bring it
	now     bool     // it tells how things are, not what happened when: no period narrows it
	// first are the columns on screen until the user chooses others; those with a
	// plus share the room that is left.
	first string
}

// goodsTopics in the order of their chips. A new one is a line here and its words.
var goodsTopics = []goodsTopic{
	{store.TopicReturns, []string{"returns", "seller-returns"}, false,
		"return_day order_id sku quantity disposition sellable reason+ status+"},
	{store.TopicReimbursements, []string{"reimbursements"}, false,
		"approval_day reimbursement_id order_id reason+ sku units each_minor total_minor currency"},
	{store.TopicMoves, []string{"ledger"}, false, "move_day event+ sku quantity disposition reason reference centre country"},
	{store.TopicBalances, []string{"balances-monthly"}, false,
		"period_day sku disposition+ location start_units received shipped returned found lost end_units"},
	{store.TopicCounts, []string{"myi-inventory"}, false,
		"count_day marketplace_id report+ sku condition fulfillable unsellable reserved inbound_shipped total"},
	{store.TopicDifferences, []string{"myi-inventory", "inventory"}, false, "count_day marketplace_id report+ sku quantity told api"},
	{store.TopicStorage, []string{"storage-fees", "aged-storage-fees"}, false,
		"period kind asin sku centre tier+ units_nano volume_nano volume_unit fee_nano currency"},
	{store.TopicFees, []string{"fee-preview"}, true,
		"sku marketplace_id asin price_minor total_nano referral_nano fulfilment_nano currency size_tier+ preview_day"},
	{store.TopicInvoices, []string{"fee-invoices"}, false,
		"issued_day marketplace_id invoice description+ tax_rates net_minor tax_minor total_minor currency"},
	{store.TopicRemovals, []string{"removals"}, false,
		"request_day removal_id type+ status sku requested shipped disposed cancelled fee_minor currency"},
	{store.TopicAdvice, []string{"inventory-planning", "restock", "removal-advice"}, false,
		"advice_day report sku available days_of_supply excess recommended recommended_by_day action+"},
	{store.TopicCatalogue, []string{"listings-report"}, true, "sku marketplace_id asin title+ status price own_quantity opened_day"},
}

func goodsTopicOf(id store.ReportTopic) (goodsTopic, bool) {
	for _, t := range goodsTopics {
		if t.id == id {
			return t, true
		}
	}
	return goodsTopic{}, false
}

// filter is what the header's choice means for a topic.
func (g goodsTopic) filter(f filter) store.ReportFilter {
	r := store.ReportFilter{From: f.From, To: f.To, Marketplaces: f.Marketplaces}
	if g.now {
		r.From, r.To = "", ""
	}
	return r
}

// goodsRow is one row of a topic, with a value for each of its columns.
type goodsRow []any

// place is the document and the line in it that hold the row; ok is false when the
// API told it.
func (r goodsRow) place() (document, line int64, ok bool) {
	document, ok = r[len(r)-2].(int64)
	line, _ = r[len(r)-1].(int64)
	return document, line, ok && document != 0
}

// goodsSource reads the rows of a topic page by page.
type goodsSource struct {
	book   *store.Book
	topic  store.ReportTopic
	filter store.ReportFilter
}

// Count implements parts.Source.
func (s goodsSource) Count(ctx context.Context) (int, error) {
	n, err := s.book.CountReportRows(ctx, s.topic, s.filter)
	return int(n), err
}

// Rows implements parts.Source.
func (s goodsSource) Rows(ctx context.Context, o parts.Order, offset, limit int) ([]goodsRow, error) {
	page, err := s.book.ReportPage(ctx, s.topic, s.filter, o.Column, o.Desc, offset, limit)
	if err != nil {
		return nil, err
	}
	rows := make([]goodsRow, len(page))
	for i, row := range page {
		rows[i] = row
	}
	return rows, nil
}

// goodsText writes the rows.
type goodsText struct {
	loc   *format.Locale
	words *i18n.Words
}

// goodsDecimals are exact numbers that the store keeps as text, for they have no
// unit of their own. Text has no order of numbers, so these cannot be sorted by.
const goodsDecimals = " price business_price days_of_supply sell_through longest median shortest weight "

// goodsCodes are the columns that hold Amazon's own names of things. Those that
// have words are said in the reader's language, with Amazon's name on hover.
const goodsCodes = " disposition reason status event type condition action tier volume_unit "

func goodsIn(list, name string) bool { return strings.Contains(list, " "+name+" ") }

// columns are the columns of a topic, the same and in the same order as those of
// the report on the command line.
func (t goodsText) columns(g goodsTopic) []parts.Column[goodsRow] {
	all := store.ReportColumns(g.id)
	currency := -1
	for i, c := range all {
		if c.Name == "currency" {
			currency = i
		}
	}
	first := " " + g.first + " "
	out := make([]parts.Column[goodsRow], len(all))
	for i, c := range all {
		cell := goodsCell{t, c, i, currency}
		title := t.words.T("goods.column." + c.Heading())
		col := parts.Column[goodsRow]{ID: c.Name, Title: title, Width: t.width(c, title), Text: cell.text, Value: cell.value, Look: cell.look,
			Mono: goodsIn(" sku asin fnsku order_id ", c.Name), Sortable: !goodsIn(goodsDecimals, c.Name)}
		if goodsIn(first, c.Name+"+") {
			col.Grow = 1
		} else {
			col.Hidden = !goodsIn(first, c.Name)
		}
		if (c.Form != store.FormText || goodsIn(goodsDecimals, c.Name)) && c.Name != "sellable" {
			col.Align = parts.Right
		}
		out[i] = col
	}
	return out
}

// width is how wide a column begins; its title always fits.
func (t goodsText) width(c store.ReportColumn, title string) float32 {
	base := float32(96)
	switch {
	case strings.HasSuffix(c.Name, "_day") || c.Name == "period":
		base = dayWidth(t.loc)
	case c.Form == store.FormUnits || c.Form == store.FormID:
		base = 58
	case c.Form == store.FormMoney || c.Form == store.FormNano || goodsIn(goodsDecimals, c.Name):
		base = 78
	case c.Name == "order_id":
		base = 178
	case goodsIn(" sku asin fnsku reason removal_id reimbursement_id ", c.Name):
		base = 112
	case goodsIn(" disposition report ", c.Name):
		base = 150
	case c.Name == "status":
		base = 120
	case c.Name == "title":
		base = 240
	case goodsIn(" centre country currency volume_unit ", c.Name):
		base = 66
	}
	return max(base, theme.Measure(title, theme.TextCaption, fyne.TextStyle{Bold: true}).Width+30)
}

// goodsCell writes one column.
type goodsCell struct {
	goodsText
	column   store.ReportColumn
	at       int
	currency int // index of the column that holds it; -1: none
}

func (c goodsCell) text(r goodsRow) string {
	switch v := r[c.at].(type) {
	case string:
		return c.worded(r, v)
	case int64:
		return c.number(r, v)
	}
	return format.Unknown
}

func (c goodsCell) number(r goodsRow, v int64) string {
	switch {
	case c.column.Name == "sellable":
		if v == 0 {
			return c.words.T("goods.no")
		}
		return c.words.T("goods.yes")
	case c.column.Form == store.FormMoney:
		return c.loc.Money(books.Money{Minor: v, Currency: c.money(r)})
	case goodsIn(" units_nano volume_nano ", c.column.Name):
		return c.loc.Decimal(store.NanoText(v))
	case c.column.Form == store.FormNano:
		return c.exact(store.NanoText(v), c.money(r))
	}
	return c.loc.Count(v)
}

// exact writes an amount with its currency's decimals, or all it has beyond them.
func (c goodsCell) exact(text, currency string) string {
	if m, err := books.ParseDecimal(text, currency); err == nil && currency != "" {
		return c.loc.Money(m)
	}
	return c.loc.Amount(c.loc.Decimal(text))
}

func (c goodsCell) money(r goodsRow) string {
	if c.currency < 0 {
		return ""
	}
	code, _ := r[c.currency].(string)
	return code
}

// worded writes what the store keeps as text.
func (c goodsCell) worded(r goodsRow, v string) string {
	name := c.column.Name
	switch {
	case v == "" && goodsIn(goodsDecimals, name):
		return format.Unknown
	case v == "":
		return ""
	case strings.HasSuffix(name, "_day") || name == "period":
		if day, ok := parseDay(v); ok {
			return c.loc.Date(day)
		}
		if month, err := time.Parse("2006-01", v); err == nil {
			return c.loc.Month(month)
		}
	case name == "marketplace_id":
		return marketName(v)
	case name == "price" || name == "business_price":
		m, _ := markets.ByID(c.market(r))
		return c.exact(v, m.Currency)
	case goodsIn(goodsDecimals, name):
		return c.loc.Decimal(v)
	}
	return c.known(name, v)
}

// market is the marketplace of a listing: the third column of its topic.
func (c goodsCell) market(r goodsRow) string {
	id, _ := r[2].(string)
	return id
}

// goodsKeys are where the names that a column holds have words, up to the name.
func goodsKeys(column string) []string {
	switch {
	case column == "report":
		return []string{"timeline.resource.", "goods.report."}
	case column == "kind":
		return []string{"goods.kind."}
	case column == "condition": // a number in reports on listings
		return []string{"goods.condition."}
	case goodsIn(goodsCodes, column):
		return []string{"goods.code."}
	case column == "quantity": // which one differs
		return []string{"goods.column."}
	}
	return nil
}

// value is what a spreadsheet gets: the day, the number or the amount itself.
func (c goodsCell) value(r goodsRow) any {
	switch v := r[c.at].(type) {
	case int64:
		switch {
		case c.column.Name == "sellable":
			return c.text(r)
		case c.column.Form == store.FormMoney:
			return books.Money{Minor: v, Currency: c.money(r)}
		case c.column.Form == store.FormNano:
			return store.NanoText(v)
		}
		return v
	case string:
		if v == "" {
			return nil
		}
		if goodsIn(" marketplace_id report kind quantity ", c.column.Name) || goodsIn(goodsCodes, c.column.Name) {
			return c.text(r)
		}
		return v
	}
	return nil
}

func (c goodsCell) look(r goodsRow) parts.Cell {
	switch v := r[c.at].(type) {
	case nil:
		return parts.Cell{Tone: parts.Hint} // not told
	case int64:
		if v == 0 && c.column.Name != "sellable" {
			return parts.Cell{Tone: parts.Muted}
		}
	case string:
		if v == "" {
			return parts.Cell{Tone: parts.Hint}
		}
		tip := c.text(r)
		if goodsIn(goodsCodes, c.column.Name) && tip != v {
			tip += " · " + v
		}
		return parts.Cell{Tip: tip}
	}
	return parts.Cell{}
}

// about is the line above the list: what it is, or what the choice of marketplaces
// means for it.
func (t goodsText) about(g goodsTopic, f filter) string {
	if len(f.Marketplaces) == 0 {
		return t.words.T("goods.about." + string(g.id))
	}
	for _, c := range store.ReportColumns(g.id) {
		if c.Name == "marketplace_id" {
			return t.words.T("goods.untold")
		}
	}
	return t.words.T("goods.nomarket")
}

// empty says that a topic has no rows, and why: which reports bring it, how often
// they are fetched, and when they last were.
func (t goodsText) empty(g goodsTopic, states []store.SyncState) (what, why string) {
	w := t.words.T
	var names []string
	var last time.Time
	for _, source := range g.sources {
		names = append(names, w("goods.empty.each", w("timeline.resource."+source), w("goods.every."+goodsEvery(source))))
		for _, s := range states {
			if s.Resource == source && s.OK.After(last) {
				last = s.OK
			}
		}
	}
	what = w("goods.empty.days")
	if g.now {
		what = w("goods.empty.all")
	}
	fetched := w("goods.empty.never")
	if !last.IsZero() {
		fetched = w("goods.empty.last", t.loc.Moment(last.Local()))
	}
	return what, strings.Join([]string{w("goods.empty.source", strings.Join(names, w("goods.empty.join"))), fetched, w("goods.empty.also")}, "\n")
}

// goodsEvery is the rhythm of a source, as the last part of a key.
func goodsEvery(source string) string {
	const day = 24 * time.Hour
	for _, r := range appsync.All() {
		if p, ok := r.(appsync.Periodic); ok && r.Name() == source {
			switch every := p.Every(); {
			case every >= 7*day:
				return "week"
			case every >= day:
				return "day"
			}
		}
	}
	return "often"
}
