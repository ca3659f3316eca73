package archive

import (
	"strings"
	"time"

	"countinghouse/data/books"
)

// field is one column of a CSV file: a column of the table as it is stored, or
// a readable twin of one. The twin stands right of what it is made from.
type field struct {
	name     string
	source   int // index of the table's column
	currency int // for twin == twinDecimal: index of the currency's column
	twin     twin

	seen seen
}

type twin int

const (
	stored      twin = iota // the value as it is
	twinDecimal             // minor units as a plain decimal number: 1234 and USD give 12.34
	twinTime                // milliseconds since 1970 as 2026-01-31T23:59:59.000Z
)

// seen gathers what kinds of values a field held, for the data package.
type seen struct {
	null, integer, real, text, blob bool
	emptyText                       bool
	notDay                          bool // a text that is no YYYY-MM-DD
	badText                         int64
}

// fields lists the fields of t's CSV file: each column, and after each
// X_minor with a currency beside it its decimal X, after each X_at its X_utc.
// A twin whose name is taken gets a longer one, or is left out: what is stored
// always keeps its name.
func (t *table) fields() []field {
	var out []field
	for i, c := range t.columns {
		out = append(out, field{name: c.name, source: i})
		lower := strings.ToLower(c.name)
		if c.decl != "INTEGER" && c.decl != "INT" {
			continue
		}
		if stem, ok := strings.CutSuffix(lower, "_minor"); ok {
			if cur := t.currencyOf(stem); cur >= 0 {
				out = t.addTwin(out, field{source: i, currency: cur, twin: twinDecimal}, stem, stem+"_decimal")
			}
		}
		if lower == "at" || strings.HasSuffix(lower, "_at") {
			out = t.addTwin(out, field{source: i, twin: twinTime}, strings.TrimSuffix(lower, "_at")+"_utc")
		}
	}
	return out
}

// currencyOf finds the currency of X_minor: X_currency, or else currency.
func (t *table) currencyOf(stem string) int {
	if i := t.column(stem + "_currency"); i >= 0 {
		return i
	}
	return t.column("currency")
}

func (t *table) addTwin(fields []field, f field, names ...string) []field {
	for _, n := range names {
		taken := t.column(n) >= 0
		for _, have := range fields {
			taken = taken || strings.EqualFold(have.name, n)
		}
		if !taken && n != "" {
			f.name = n
			return append(fields, f)
		}
	}
	return fields
}

// value gives the field's cell of a row. A twin of a value that it cannot
// express (no currency, a year beyond four digits) is NULL.
func (f *field) value(row []any) any {
	v := row[f.source]
	switch f.twin {
	case twinDecimal:
		minor, ok := v.(int64)
		code, named := row[f.currency].(string)
		if !ok || !named || len(code) != 3 {
			return nil
		}
		return number(books.Money{Minor: minor, Currency: code}.Decimal())
	case twinTime:
		ms, ok := v.(int64)
		if !ok || ms < minMillis || ms > maxMillis {
			return nil
		}
		return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return v
}

// number is the text of an exact decimal number, for the data package's types.
type number string

// Times between the years 0 and 9999, which ISO 8601 writes with four digits.
var (
	minMillis = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	maxMillis = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).UnixMilli()
)

// note records what kind of value v is.
func (s *seen) note(v any) {
	switch v := v.(type) {
	case nil:
		s.null = true
	case int64:
		s.integer = true
	case float64, number:
		s.real = true
	case []byte:
		s.blob = true
		s.emptyText = s.emptyText || len(v) == 0
	case string:
		s.text = true
		s.emptyText = s.emptyText || v == ""
		if !s.notDay {
			_, err := time.Parse(time.DateOnly, v)
			s.notDay = err != nil
		}
	}
}
