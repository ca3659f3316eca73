package reports

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"strings"
	"time"

	"countinghouse/data/books"
)

// Sales and visits as Amazon counts them: the report of the interface, which is
// a JSON document, and the two business reports of Seller Central.
const (
	SalesTraffic   Kind = "sales-traffic"
	BusinessByDate Kind = "business-by-date"
	BusinessByASIN Kind = "business-by-asin"
)

// maxTraffic bounds the JSON report, which is held in memory.
const maxTraffic = 256 << 20

// TrafficRow is the sums of a day, or of a product over the report's period.
// Amounts are to the nearest minor unit: this is analysis.
type TrafficRow struct {
	Line                       int
	Raw                        string // of a text report
	Day                        string // YYYY-MM-DD; "" on products
	ParentASIN, ASIN, SKU      string // "" on days
	Ordered, OrderedB2B        Amount // ordered product sales
	Shipped, ClaimsAmount      Amount
	Units, UnitsB2B            Number[int64]
	Items, ItemsB2B            Number[int64]
	Refunded, Claims           Number[int64]
	UnitsShipped               Number[int64]
	OrdersShipped              Number[int64]
	Views, ViewsB2B, ViewsApp  Number[int64]
	Sessions, SessionsB2B      Number[int64]
	SessionsApp                Number[int64]
	BuyBox                     Number[int64] // in 1/100 of a percent
	Offers                     Number[int64]
	Feedback, FeedbackNegative Number[int64]
}

// TrafficReport is what the JSON report says of itself.
type TrafficReport struct {
	Marketplaces []string
	From, To     string // YYYY-MM-DD, both included
	Rows         []TrafficRow
	Body         []byte // the document as it came
}

func isTrafficJSON(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	return bytes.HasPrefix(head, []byte("{")) &&
		(bytes.Contains(head, []byte(`"reportSpecification"`)) || bytes.Contains(head, []byte(`"salesAndTrafficBy`)))
}

func (f *File) proveTraffic() error {
	r, err := f.src.open()
	if err != nil {
		return readError(err)
	}
	body, err := io.ReadAll(io.LimitReader(r, maxTraffic+1))
	if cerr := r.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return readError(err)
	}
	if len(body) > maxTraffic {
		return refuse(ErrTooLarge, 0, "the report is larger than %d MB; ask for a shorter period", maxTraffic>>20)
	}
	t, err := readTraffic(body)
	if err != nil {
		return err
	}
	f.table, f.Rows, f.Decimal = t, len(t.Rows), "."
	for _, row := range t.Rows {
		if day, err := time.Parse(time.DateOnly, row.Day); err == nil {
			f.span(day.Add(noon))
		}
		if f.Currency == "" {
			f.Currency = row.Ordered.Money.Currency
		}
	}
	for _, day := range []string{t.From, t.To} {
		if at, err := time.Parse(time.DateOnly, day); err == nil {
			f.span(at.Add(noon))
		}
	}
	if f.Rows == 0 {
		return refuse(ErrEmpty, 0, "the report holds no days and no products: nothing was sold or seen in its period")
	}
	return nil
}

// TrafficReport gives a JSON report as it was proved.
func (f *File) TrafficReport() (*TrafficReport, bool) {
	t, ok := f.table.(*TrafficReport)
	return t, ok
}

type trafficAmount struct {
	Amount   json.Number `json:"amount"`
	Currency string      `json:"currencyCode"`
}

type trafficSales struct {
	Ordered       *trafficAmount `json:"orderedProductSales"`
	OrderedB2B    *trafficAmount `json:"orderedProductSalesB2B"`
	Units         *int64         `json:"unitsOrdered"`
	UnitsB2B      *int64         `json:"unitsOrderedB2B"`
	Items         *int64         `json:"totalOrderItems"`
	ItemsB2B      *int64         `json:"totalOrderItemsB2B"`
	Refunded      *int64         `json:"unitsRefunded"`
	Claims        *int64         `json:"claimsGranted"`
	ClaimsAmount  *trafficAmount `json:"claimsAmount"`
	Shipped       *trafficAmount `json:"shippedProductSales"`
	UnitsShipped  *int64         `json:"unitsShipped"`
	OrdersShipped *int64         `json:"ordersShipped"`
}

type trafficVisits struct {
	Views       *int64      `json:"pageViews"`
	ViewsB2B    *int64      `json:"pageViewsB2B"`
	ViewsApp    *int64      `json:"mobileAppPageViews"`
	Sessions    *int64      `json:"sessions"`
	SessionsB2B *int64      `json:"sessionsB2B"`
	SessionsApp *int64      `json:"mobileAppSessions"`
	BuyBox      json.Number `json:"buyBoxPercentage"`
	Offers      *int64      `json:"averageOfferCount"`
	Feedback    *int64      `json:"feedbackReceived"`
	Negative    *int64      `json:"negativeFeedbackReceived"`
}

func readTraffic(body []byte) (*TrafficReport, error) {
	var w struct {
		Spec struct {
			From         string   `json:"dataStartTime"`
			To           string   `json:"dataEndTime"`
			Marketplaces []string `json:"marketplaceIds"`
		} `json:"reportSpecification"`
		ByDate []struct {
			Date   string        `json:"date"`
			Sales  trafficSales  `json:"salesByDate"`
			Visits trafficVisits `json:"trafficByDate"`
		} `json:"salesAndTrafficByDate"`
		ByASIN []struct {
			Parent string        `json:"parentAsin"`
			Child  string        `json:"childAsin"`
			SKU    string        `json:"sku"`
			Sales  trafficSales  `json:"salesByAsin"`
			Visits trafficVisits `json:"trafficByAsin"`
		} `json:"salesAndTrafficByAsin"`
		Error string `json:"errorDetails"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), &w); err != nil {
		return nil, refuse(ErrCut, 0, "the report is cut or damaged; download it again")
	}
	if w.Error != "" {
		return nil, refuse(ErrMessage, 0, "the file holds a message instead of a report: %s", quote([]byte(w.Error)))
	}
	t := &TrafficReport{Marketplaces: w.Spec.Marketplaces, From: dayOnly(w.Spec.From), To: dayOnly(w.Spec.To), Body: body}
	lines, err := entryLines(body)
	if err != nil {
		return nil, err
	}
	for i, d := range w.ByDate {
		row := TrafficRow{Line: lines[i], Day: dayOnly(d.Date)}
		if row.Day == "" {
			return nil, refuse(ErrDate, 0, "date %s of entry %d is not a day; download the report again", quote([]byte(d.Date)), i+1)
		}
		if err := row.fill(d.Sales, d.Visits); err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, row)
	}
	for i, p := range w.ByASIN {
		row := TrafficRow{Line: lines[len(w.ByDate)+i], ParentASIN: p.Parent, ASIN: p.Child, SKU: p.SKU}
		if err := row.fill(p.Sales, p.Visits); err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// entryLines are the lines on which the entries begin, by day and then by
// product: one and the same for all where Amazon breaks no lines.
func entryLines(body []byte) (lines []int, err error) {
	var w struct {
		ByDate []json.RawMessage `json:"salesAndTrafficByDate"`
		ByASIN []json.RawMessage `json:"salesAndTrafficByAsin"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), &w); err != nil {
		return nil, refuse(ErrCut, 0, "the report is cut or damaged; download it again")
	}
	for _, list := range [][]json.RawMessage{w.ByDate, w.ByASIN} {
		at, line := 0, 1
		for _, entry := range list {
			n := max(bytes.Index(body[at:], entry), 0)
			line += bytes.Count(body[at:at+n], []byte("\n"))
			at += n
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// dayOnly is the calendar day of a date with or without a time, "" for none.
func dayOnly(s string) string {
	day, _, _ := strings.Cut(s, "T")
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return ""
	}
	return day
}

func (r *TrafficRow) fill(s trafficSales, v trafficVisits) (err error) {
	for _, a := range []struct {
		from *trafficAmount
		to   *Amount
	}{{s.Ordered, &r.Ordered}, {s.OrderedB2B, &r.OrderedB2B}, {s.Shipped, &r.Shipped}, {s.ClaimsAmount, &r.ClaimsAmount}} {
		if a.from == nil || a.from.Amount == "" || a.from.Currency == "" {
			continue
		}
		d, err := nearDecimal(string(a.from.Amount))
		var m books.Money
		if err == nil {
			m, err = d.Times(1, a.from.Currency)
		}
		if err != nil {
			return refuse(ErrNumber, 0, "amount %s on line %d is not a number; download the report again", quote([]byte(a.from.Amount)), r.Line)
		}
		*a.to = Amount{m, true}
	}
	for _, n := range []struct {
		from *int64
		to   *Number[int64]
	}{{s.Units, &r.Units}, {s.UnitsB2B, &r.UnitsB2B}, {s.Items, &r.Items}, {s.ItemsB2B, &r.ItemsB2B}, {s.Refunded, &r.Refunded},
		{s.Claims, &r.Claims}, {s.UnitsShipped, &r.UnitsShipped}, {s.OrdersShipped, &r.OrdersShipped}, {v.Views, &r.Views},
		{v.ViewsB2B, &r.ViewsB2B}, {v.ViewsApp, &r.ViewsApp}, {v.Sessions, &r.Sessions}, {v.SessionsB2B, &r.SessionsB2B},
		{v.SessionsApp, &r.SessionsApp}, {v.Offers, &r.Offers}, {v.Feedback, &r.Feedback}, {v.Negative, &r.FeedbackNegative}} {
		if n.from != nil {
			*n.to = Number[int64]{*n.from, true}
		}
	}
	if v.BuyBox != "" {
		d, err := nearDecimal(string(v.BuyBox))
		if err != nil {
			return refuse(ErrNumber, 0, "percentage %s on line %d is not a number; download the report again", quote([]byte(v.BuyBox)), r.Line)
		}
		r.BuyBox = basisPoints(Number[books.Decimal]{d, true})
	}
	return nil
}

// nearDecimal reads a JSON number, cut after nine places: programs that write
// binary fractions add such tails.
func nearDecimal(s string) (books.Decimal, error) {
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s) > i+10 && !strings.ContainsAny(s, "eE") {
		s = s[:i+10]
	}
	return books.ParseUnit(s)
}

// basisPoints writes a percentage in 1/100 of a percent.
func basisPoints(n Number[books.Decimal]) Number[int64] {
	if !n.Told {
		return Number[int64]{}
	}
	m, err := n.Value.Times(100, "JPY") // a currency without decimals: the nearest whole number
	return Number[int64]{m.Minor, err == nil}
}

// Traffic gives the rows of a business report of Seller Central.
func (f *File) Traffic() iter.Seq2[TrafficRow, error] {
	return tableRows(f, f.Kind, func(r *TableRow) TrafficRow {
		row := TrafficRow{
			Line: r.Line, Raw: r.Raw, Ordered: r.Money("ordered"), OrderedB2B: r.Money("ordered-b2b"), Units: r.Count("units"),
			UnitsB2B: r.Count("units-b2b"), Items: r.Count("items"), ItemsB2B: r.Count("items-b2b"), Views: r.Count("views"),
			ViewsB2B: r.Count("views-b2b"), Sessions: r.Count("sessions"), SessionsB2B: r.Count("sessions-b2b"),
			BuyBox: basisPoints(r.Decimal("buy-box")),
		}
		if f.Kind == BusinessByASIN {
			row.ParentASIN, row.ASIN, row.SKU = r.Text("parent-asin"), r.Text("asin"), r.Text("sku")
			return row
		}
		row.Day = r.When("date").Day
		row.Refunded, row.Shipped, row.UnitsShipped = r.Count("refunded"), r.Money("shipped"), r.Count("units-shipped")
		row.OrdersShipped, row.Offers = r.Count("orders-shipped"), r.Count("offers")
		return row
	})
}

// proveBusiness finds the currency by the sign at the amounts: no column and no
// line above the headings tells it.
func (f *File) proveBusiness() error {
	if f.hint.Currency == "" {
		doubtful := ""
		err := f.eachRow(func(rec *records) error {
			for _, cell := range rec.fields {
				found := marked(trimBlank(cell))
				if len(found) == 3 {
					f.hint.Currency = found
					return errStop
				}
				if found != "" {
					doubtful = found
				}
			}
			return nil
		})
		if err != nil && err != errStop {
			return err
		}
		if f.hint.Currency == "" && doubtful != "" {
			return refuse(ErrCurrency, 0, "the sign at the amounts may be of %s; name the currency (--currency)", strings.ReplaceAll(doubtful, " ", ", "))
		}
		if f.hint.Currency == "" {
			return refuse(ErrCurrency, 0, "nothing in the file tells the currency of its amounts; name it (--currency)")
		}
	}
	return f.proveTable()
}

// marked gives the currencies that the sign before or after an amount fits, ""
// when there is none.
func marked(cell []byte) string {
	for _, m := range marks {
		rest, before := bytes.CutPrefix(cell, []byte(m.mark))
		if !before {
			rest, before = bytes.CutSuffix(cell, []byte(m.mark))
		}
		if rest = trimBlank(rest); before && len(rest) > 0 && (isDigit(rest[0]) || isDigit(rest[len(rest)-1])) {
			return m.fits
		}
	}
	return ""
}
