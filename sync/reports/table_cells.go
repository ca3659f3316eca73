package reports

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
)

// toldNothing tells the words that Amazon and spreadsheets write for nothing.
func toldNothing(b []byte) bool {
	switch string(b) {
	case "", "--", "-", "\u2014", "N/A", "n/a", "#N/A", "null":
		return true
	}
	return false
}

// Number is a count or a decimal that may not be told: an empty cell is not
// zero.
type Number[T any] struct {
	Value T
	Told  bool
}

// Count is a whole number of units; "12.0" is one too.
func (r *TableRow) Count(name string) Number[int64] {
	if r.unknown(name) {
		return Number[int64]{}
	}
	b := r.cell(name)
	if toldNothing(b) {
		return Number[int64]{}
	}
	n, st := r.forms.num.whole(b)
	switch st {
	case numberOK:
		return Number[int64]{n, true}
	case numberAmbiguous:
		r.doubt(name, b, st.reason())
	default:
		r.fail(refuse(ErrNumber, r.Line, "%s %s is not a whole number; the file was edited, download it again", name, quote(b)))
	}
	return Number[int64]{}
}

// Decimal is an exact number; of a column of percents it is without the sign.
func (r *TableRow) Decimal(name string) Number[books.Decimal] {
	if r.unknown(name) {
		return Number[books.Decimal]{}
	}
	b := r.cell(name)
	if toldNothing(b) {
		return Number[books.Decimal]{}
	}
	d, st := r.forms.num.exact(trimBlank(bytes.TrimSuffix(b, []byte("%"))), r.currency())
	switch st {
	case numberOK:
		return Number[books.Decimal]{d, true}
	case numberAmbiguous:
		r.doubt(name, b, st.reason())
	default:
		r.fail(refuse(ErrNumber, r.Line, "%s %s %s; the file was edited, download it again", name, quote(b), st.reason()))
	}
	return Number[books.Decimal]{}
}

func (r *TableRow) doubt(name string, b []byte, reason string) {
	if r.forms.doubt == nil {
		r.forms.doubt = refuse(ErrAmbiguous, r.Line, "%s %s %s", name, quote(b), reason)
	}
}

// whole reads a number of units. A group of three digits after a sign can only
// be thousands, as long as they are not all zeros: units are whole.
func (f *numberForm) whole(b []byte) (int64, numberState) {
	n, ok := shape(b, "")
	if !ok {
		return 0, numberBad
	}
	f.early = f.early || f.decimal == 0 && isPoint(n.lastSep)
	frac := 0
	switch {
	case n.lastSep == 0:
	case n.lastSep == f.decimal, n.lastSep != f.decimal && isPoint(n.lastSep) && f.decimal == 0 && (n.after != 3 || !n.grouped):
		frac = n.after
	case n.grouped && n.after == 3 && f.decimal == 0 && isPoint(n.lastSep) && n.earlier == 0 && n.value%1000 == 0:
		return 0, numberAmbiguous
	case !n.grouped || n.after != 3:
		return 0, numberBad
	}
	v, st := scale(n.value, frac, 0)
	if n.neg {
		v = -v
	}
	return v, st
}

// exact reads a decimal number of up to nine places; more are rounded, because
// programs that write binary fractions add such tails.
func (f *numberForm) exact(b []byte, currency string) (books.Decimal, numberState) {
	if i := bytes.IndexAny(b, "eE"); i > 0 {
		return f.scientific(b)
	}
	n, ok := shape(b, currency)
	if !ok {
		return books.Decimal{}, numberBad
	}
	frac, st := n.decimals(f, currency)
	if st != numberOK {
		return books.Decimal{}, st
	}
	v := n.value
	for ; frac > 9; frac-- {
		v = (v + 5) / 10
	}
	text := fmt.Sprintf("%0*d", frac+1, v)
	if frac > 0 {
		text = text[:len(text)-frac] + "." + text[len(text)-frac:]
	}
	if n.neg {
		text = "-" + text
	}
	d, err := books.ParseUnit(text)
	if err != nil {
		return books.Decimal{}, numberLarge
	}
	return d, numberOK
}

// scientific reads "8.0E-4", which some of Amazon's programs write for small
// volumes.
func (f *numberForm) scientific(b []byte) (books.Decimal, numberState) {
	s := string(b)
	if f.decimal == ',' {
		s = strings.ReplaceAll(s, ",", ".")
	}
	d, err := books.ParseUnit(s)
	if err != nil {
		return books.Decimal{}, numberBad
	}
	return d, numberOK
}

// When is an instant, or a day where the cell tells no time of day.
type When struct {
	At    time.Time // UTC; noon of the day when no time is told; zero when nothing is
	Day   string    // the day as it is written, YYYY-MM-DD; "" when nothing is told
	Clock bool      // At is an instant
}

// When is a date with or without a time. A time without a zone is only its day.
func (r *TableRow) When(name string) When {
	if r.unknown(name) {
		return When{}
	}
	b := r.cell(name)
	if toldNothing(b) {
		return When{}
	}
	w, st := r.forms.dates.when(b)
	if st == dateAmbiguous && r.toldBeside(name) {
		w, st = r.forms.dates.when(b)
	}
	if st != dateOK && r.isSpan(name) {
		if month, ok := r.forms.dates.month(b); ok {
			first, _ := time.Parse("2006-01", month) // written by month
			return When{At: first.Add(noon), Day: first.Format(time.DateOnly)}
		}
	}
	switch st {
	case dateOK:
		return w
	case dateAmbiguous:
		r.doubt(name, b, st.reason())
	default:
		r.fail(refuse(ErrDate, r.Line, "%s %s %s", name, quote(b), st.reason()))
	}
	return When{}
}

func (r *TableRow) isSpan(name string) bool {
	return slices.ContainsFunc(r.read, func(c column) bool { return c.name == name && c.form == formSpan })
}

// toldBeside settles the order of day and month where another date of the row
// leaves no doubt: the ledger has "Date" and, for the same day in another form,
// "Date and Time".
func (r *TableRow) toldBeside(name string) bool {
	dates := &r.forms.dates
	var p dateParts
	if tok, _, _ := strings.Cut(string(r.cell(name)), " "); !p.take(tok, dates.words) {
		return false
	}
	for _, c := range r.read {
		if c.form != formWhen || !strings.HasPrefix(c.name, name+" ") {
			continue
		}
		w, st := dates.when(r.cell(c.name))
		if st != dateOK || w.Day[:4] != fmt.Sprintf("%04d", p.year) {
			continue
		}
		switch w.Day[5:] {
		case fmt.Sprintf("%02d-%02d", p.loose[0], p.loose[1]):
			dates.order = orderMonthFirst
			return true
		case fmt.Sprintf("%02d-%02d", p.loose[1], p.loose[0]):
			dates.order = orderDayFirst
			return true
		}
	}
	return false
}

// when reads a date and the day that is written in it.
func (f *dateForm) when(b []byte) (When, dateState) {
	if w, ok := isoWhen(b); ok {
		return w, dateOK
	}
	if day, clock, ok := serialDate(b); ok && f.serial {
		w := When{At: day.Truncate(24 * time.Hour).Add(noon), Day: day.Format(time.DateOnly)}
		if clock && f.zone != nil {
			w.At, _ = f.ofSerial(day, clock)
			w.Clock = true
		}
		return w, dateOK
	}
	var p dateParts
	words := strings.FieldsFunc(f.namedMonth(spaced(b)), func(r rune) bool { return r == ' ' || r == ',' })
	for i, tok := range words {
		if !p.clock && i > 0 && i == len(words)-1 && f.isZone(tok) {
			continue // "2026-08-12 PDT": a day, and where it is one
		}
		if len(b) > 80 || !p.take(tok, f.words) {
			return When{}, dateBad
		}
	}
	if st := p.resolve(f); st != dateOK {
		return When{}, st
	}
	day := time.Date(p.year, time.Month(p.month), p.day, 0, 0, 0, 0, time.UTC)
	w := When{At: day.Add(noon), Day: day.Format(time.DateOnly)}
	if p.clock && (p.zone != "" || f.zone != nil) {
		at, st := p.instant(f)
		if st != dateOK {
			return When{}, st
		}
		w.At, w.Clock = at, true
	}
	return w, dateOK
}

// isoWhen is the quick way for what Amazon's newer reports write.
func isoWhen(b []byte) (When, bool) {
	at, ok := isoTime(b)
	if !ok || len(b) == len("2006-01-02 15:04:05") {
		return When{}, false // a time without a zone
	}
	return When{At: at, Day: string(b[:10]), Clock: len(b) > 10}, true
}

// namedMonth takes "24-Sep-2026" apart.
func (f *dateForm) namedMonth(s string) string {
	day, rest, _ := strings.Cut(s, "-")
	name, _, ok := strings.Cut(rest, "-")
	if ok && len(day) <= 2 && f.words.months[strings.ToLower(name)] != 0 {
		return strings.Replace(s, "-", " ", 2)
	}
	return s
}

func (f *dateForm) isZone(tok string) bool {
	_, ok := f.words.offset(tok, f.currency)
	return ok
}

// Month is the month of a cell as YYYY-MM, "" when none is told.
func (r *TableRow) Month(name string) string {
	if r.unknown(name) {
		return ""
	}
	b := r.cell(name)
	if toldNothing(b) {
		return ""
	}
	m, ok := r.forms.dates.month(b)
	if !ok {
		r.fail(refuse(ErrDate, r.Line, "%s %s is not a month; import the file as Amazon sent it", name, quote(b)))
	}
	return m
}

// month reads "2022-09", "2022/9", "September 2022", and a day of the month.
func (f *dateForm) month(b []byte) (string, bool) {
	s := strings.Join(strings.Fields(spaced(b)), " ")
	for _, layout := range []string{"2006-01", "2006/01", "2006/1", "2006-1", "01/2006", "1/2006", "01.2006"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= minYear && t.Year() <= maxYear {
			return t.Format("2006-01"), true
		}
	}
	if name, year, ok := strings.Cut(s, " "); ok && len(year) == 4 {
		n, good := shortNumber(year, 4)
		if m := f.words.months[strings.ToLower(strings.TrimSuffix(name, "."))]; good && m != 0 && n >= minYear && n <= maxYear {
			return fmt.Sprintf("%04d-%02d", n, m), true
		}
	}
	w, st := f.when(b)
	if st != dateOK {
		return "", false
	}
	return w.Day[:7], true
}
