package desktop

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// linesFilter is what a route asks for: the days and marketplaces of the route,
// where it names them, else of the header. Line is one code, several joined by
// commas, or "*" for all lines.
func linesFilter(r route, f filter) store.LinesOf {
	q := store.LinesOf{From: f.From, To: f.To, Marketplaces: f.Marketplaces, SKU: r.SKU, Order: r.Order,
		Currency: r.Currency, ByOrderDay: r.Basis == store.ByOrderDay, Group: r.Group, GroupName: r.Name, Tax: r.Tax}
	if r.Order != "" {
		q.From, q.To, q.Marketplaces = "", "", nil // an order is asked for whole
	}
	if r.From != "" || r.To != "" {
		q.From, q.To = r.From, r.To
	}
	if r.Market != "" {
		q.Marketplaces = []string{r.Market}
	}
	if r.Line != "" && r.Line != "*" {
		q.Lines = strings.Split(r.Line, ",")
	}
	return q
}

// linesTitle says which number the lines are behind.
func linesTitle(r route, q store.LinesOf, words *i18n.Words, loc *format.Locale) string {
	var list []string
	switch {
	case len(q.Lines) == 1:
		list = append(list, lineName(q.Lines[0], words))
	case len(q.Lines) > 1:
		list = append(list, words.T("lines.several", loc.Count(int64(len(q.Lines)))))
	default:
		list = append(list, words.T("lines.all"))
	}
	from, okFrom := parseDay(q.From)
	to, okTo := parseDay(q.To)
	if okFrom && okTo {
		list = append(list, loc.Range(from, to))
	}
	for _, id := range q.Marketplaces {
		if r.Market != "" {
			list = append(list, marketName(id))
		}
	}
	group := q.GroupName
	if q.Group != "" && group == "" {
		group = words.T("profit.no_" + string(q.Group))
	}
	place := ""
	if q.Tax != nil {
		place = store.TaxRow{Arrive: q.Tax.Arrive, Region: q.Tax.Region}.Place()
	}
	for _, text := range []string{q.SKU, q.Order, group, place, q.Currency} {
		if text != "" {
			list = append(list, text)
		}
	}
	if q.ByOrderDay {
		list = append(list, words.T("profit.by_order_date"))
	}
	return strings.Join(list, " · ")
}

func lineName(code string, words *i18n.Words) string {
	if books.KnownLine(books.Line(code)) {
		return words.T("lines.name." + code)
	}
	return code
}

func marketName(id string) string {
	if m, ok := markets.ByID(id); ok {
		return m.Name
	}
	return id
}

// linesSums is the sum of all lines, by currency: sums of different money are
// never added.
func linesSums(sums []store.LineSum) (count int64, list []books.Money) {
	for _, s := range sums {
		count += s.Count
		if s.Currency == "" && s.Minor == 0 {
			continue // units of which nobody told the currency
		}
		list = append(list, books.Money{Minor: s.Minor, Currency: s.Currency})
	}
	return count, list
}

// linesSumText is several sums, above the lines; one alone stands below them.
func linesSumText(list []books.Money, loc *format.Locale) string {
	if len(list) < 2 {
		return ""
	}
	var text []string
	for _, m := range list {
		text = append(text, loc.MoneyWithCode(m))
	}
	return strings.Join(text, " · ")
}

// linesTotals is the row below the lines.
func linesTotals(e *env, count int64, list []books.Money) map[string]parts.Cell {
	if count == 0 {
		return nil
	}
	cells := map[string]parts.Cell{"order": {Text: counted(e, "lines.count", count)}}
	if len(list) == 1 {
		cells["currency"], cells["amount"] = parts.Cell{Text: list[0].Currency}, parts.MoneyCell(e.loc, list[0])
	}
	return cells
}

// lineSource reads the lines page by page.
type lineSource struct {
	book *store.Book
	of   store.LinesOf
	n    int
}

func (s lineSource) Count(context.Context) (int, error) { return s.n, nil }

func (s lineSource) Rows(ctx context.Context, o parts.Order, offset, limit int) ([]store.MoneyRow, error) {
	return s.book.LinePage(ctx, s.of, o.Column, o.Desc, offset, limit)
}

// linesColumns are the columns of the table.
func linesColumns(words *i18n.Words, loc *format.Locale) []parts.Column[store.MoneyRow] {
	type row = store.MoneyRow
	day := func(r row) string {
		t, ok := parseDay(r.Day)
		if !ok {
			return r.Day
		}
		return loc.Date(t)
	}
	money := func(r row) books.Money { return books.Money{Minor: r.Minor, Currency: r.Currency} }
	// A cost of which no unit is known is not nothing.
	unknown := func(r row) bool { return r.Uncovered > 0 && r.Minor == 0 }
	amount := func(r row) string {
		if unknown(r) {
			return format.Unknown
		}
		return loc.Statement(money(r))
	}
	return []parts.Column[row]{
		{ID: "day", Title: words.T("lines.day"), Width: dayWidth(loc), Sortable: true, Text: day, Value: func(r row) any { return r.Day }},
		{ID: "market", Title: words.T("profit.market"), Width: 56, Spare: 2, Text: func(r row) string { return profitMarketName(r.Marketplace) },
			Look: func(r row) parts.Cell { return parts.Cell{Tip: marketName(r.Marketplace)} }},
		{ID: "order", Title: words.T("lines.order"), Width: 172, Mono: true, Sortable: true, Text: func(r row) string { return r.Order }},
		{ID: "sku", Title: words.T("lines.sku"), Width: 98, Mono: true, Sortable: true, Text: func(r row) string { return r.SKU }},
		{ID: "line", Title: words.T("lines.line"), Width: 146, Grow: 1, Sortable: true, Text: func(r row) string { return lineName(r.Line, words) }},
		{ID: "amazon", Title: words.T("lines.amazon"), Width: 154, Grow: 3, Text: func(r row) string { return r.AmazonName }},
		{ID: "currency", Title: words.T("lines.currency"), Width: 66, Text: func(r row) string { return r.Currency }},
		{ID: "amount", Title: words.T("lines.amount"), Width: 100, Align: parts.Right, Sortable: true,
			Text: amount, Value: func(r row) any {
				if unknown(r) {
					return nil
				}
				return money(r)
			},
			Look: func(r row) parts.Cell {
				if unknown(r) {
					return parts.UnknownCell(words.T("orders.why.nocost", loc.Count(r.Uncovered)))
				}
				return parts.PostingCell(loc, money(r))
			}},
		{ID: "origin", Title: words.T("lines.origin"), Width: 86, Text: func(r row) string { return words.T("lines.origin." + r.Origin) }},
		{ID: "state", Title: words.T("lines.state"), Width: 84, Text: func(r row) string { return words.T("lines.state." + r.State) }},
		{ID: "settlement", Title: words.T("lines.settlement"), Width: 110, Mono: true, Hidden: true, Text: func(r row) string { return r.Settlement }},
	}
}

// maxOriginal is how much of a document is shown: a report has many megabytes,
// and only its line concerns the number.
const maxOriginal = 24 << 10

// original is what Amazon sent of a money line, ready to read: of a report its
// line under its headings, of an answer the whole JSON.
func original(doc store.Document, line int64) string {
	if doc.Kind == "report" && line > 0 {
		return originalLine(string(doc.Body), line)
	}
	var pretty bytes.Buffer
	if json.Indent(&pretty, doc.Body, "", "  ") == nil {
		return cutOriginal(pretty.String())
	}
	return cutOriginal(string(doc.Body))
}

// originalLine pairs a line's cells with the headings. The stored form of a
// report has one heading line and tabs.
func originalLine(text string, number int64) string {
	var head, row string
	for i := int64(1); i <= number && text != ""; i++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimRight(line, "\r")
		if i == 1 {
			head = line
		}
		if i == number {
			row = line
		}
	}
	if row == "" || head == "" {
		return ""
	}
	heads, cells := strings.Split(head, "\t"), strings.Split(row, "\t")
	if len(heads) != len(cells) || number == 1 {
		return cutOriginal(head + "\n" + row)
	}
	var b strings.Builder
	for i, h := range heads {
		if cells[i] != "" {
			b.WriteString(h + ": " + cells[i] + "\n")
		}
	}
	return cutOriginal(b.String())
}

func cutOriginal(text string) string {
	if len(text) <= maxOriginal {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	end := maxOriginal
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.ToValidUTF8(text[:end], "\uFFFD") + "\n…"
}

// linesFacts are the facts of one line, name and value in turn.
func linesFacts(r store.MoneyRow, words *i18n.Words, loc *format.Locale) [][2]string {
	day, _ := time.Parse(time.DateOnly, r.Day)
	facts := [][2]string{
		{words.T("lines.amount"), loc.MoneyWithCode(books.Money{Minor: r.Minor, Currency: r.Currency})},
		{words.T("lines.line"), lineName(r.Line, words)},
		{words.T("lines.amazon"), r.AmazonName},
		{words.T("lines.day"), loc.Date(day)},
		{words.T("lines.market"), marketName(r.Marketplace)},
		{words.T("lines.order"), r.Order},
		{words.T("lines.sku"), r.SKU},
		{words.T("lines.state"), words.T("lines.state." + r.State)},
		{words.T("lines.origin"), words.T("lines.origin." + r.Origin)},
		{words.T("lines.settlement"), r.Settlement},
	}
	known := facts[:0]
	for _, f := range facts {
		if f[1] != "" {
			known = append(known, f)
		}
	}
	return known
}
