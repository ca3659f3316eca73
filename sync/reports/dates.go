package reports

import (
	"bytes"
	"strings"
	"time"
)

// dateState says how a piece of text reads as a date.
type dateState uint8

const (
	dateOK        dateState = iota
	dateBad                 // no form of date that Amazon writes, or not in the calendar
	dateAmbiguous           // "03/04/2025": March or April
	dateMixed               // day and month in another order than the rest of the file
	dateZone                // a zone that is not in the table
	dateNoZone              // a time of day without a zone
)

// reason finishes the sentence `date "x" ...`.
func (s dateState) reason() string {
	switch s {
	case dateAmbiguous:
		return "can be read with the day or the month first and nothing else in the file tells which; import a longer period, or the file as Amazon sent it"
	case dateMixed:
		return "has day and month in another order than the rest of the file; import the file as Amazon sent it"
	case dateZone:
		return "has a time zone that is not known here"
	case dateNoZone:
		return "has a time of day but no time zone"
	}
	return "is not a date; the file was edited, download it again"
}

// Amazon was founded in 1994; a year outside is a slip.
const minYear, maxYear = 1995, 2200

// dateOrder is the order of day and month in dates of numbers with the year
// last, as a file tells it.
type dateOrder uint8

const (
	orderUnknown dateOrder = iota
	orderDayFirst
	orderMonthFirst
)

// dateForm reads the dates of one file. It keeps the last date it read,
// because rows of one posting repeat it.
type dateForm struct {
	words    *wordTables
	zone     *time.Location // for times without a zone; nil refuses them
	currency string         // tells which IST is meant
	from, to time.Time      // the period that was asked for; zero when not known
	serial   bool           // a bare number is a workbook's day
	order    dateOrder

	last      []byte
	lastTime  time.Time
	lastValid bool
}

// noon stands for a date without a time of day: at noon UTC it is that date in
// every marketplace from Los Angeles to Sydney, at midnight it would be the day
// before in America.
const noon = 12 * time.Hour

// parse reads b as an instant in UTC. A date without a time of day is its noon.
func (f *dateForm) parse(b []byte) (time.Time, dateState) {
	if f.lastValid && bytes.Equal(b, f.last) {
		return f.lastTime, dateOK
	}
	t, st := f.read(b)
	f.lastValid = st == dateOK
	if f.lastValid {
		f.last, f.lastTime = append(f.last[:0], b...), t
	}
	return t, st
}

func (f *dateForm) read(b []byte) (time.Time, dateState) {
	if t, ok := isoTime(b); ok {
		return t, dateOK
	}
	if len(b) > 80 {
		return time.Time{}, dateBad
	}
	if day, clock, ok := serialDate(b); ok && f.serial {
		return f.ofSerial(day, clock)
	}
	var p dateParts
	for tok := range strings.FieldsFuncSeq(spaced(b), func(r rune) bool { return r == ' ' || r == ',' }) {
		if !p.take(tok, f.words) {
			return time.Time{}, dateBad
		}
	}
	if st := p.resolve(f); st != dateOK {
		return time.Time{}, st
	}
	return p.instant(f)
}

// ofSerial is a workbook's day as an instant; its time of day has no zone.
func (f *dateForm) ofSerial(day time.Time, clock bool) (time.Time, dateState) {
	switch {
	case !clock:
		return day.Add(noon), dateOK
	case f.zone == nil:
		return time.Time{}, dateNoZone
	}
	h, m, s := day.Clock()
	return time.Date(day.Year(), day.Month(), day.Day(), h, m, s, 0, f.zone).UTC(), dateOK
}

// spaced makes all blanks plain ones and sets the T of ISO dates apart.
func spaced(b []byte) string {
	s := strings.Map(func(r rune) rune {
		if isBlank(r) {
			return ' '
		}
		return r
	}, string(b))
	if len(s) > 11 && s[4] == '-' && s[10] == 'T' {
		return s[:10] + " " + s[11:]
	}
	return s
}

// dateParts collects what the words of a date tell.
type dateParts struct {
	year, month, day int
	loose            [2]int // "03/04/2025": two numbers of unknown order
	date             bool   // a date of numbers was read
	clock            bool
	hour, min, sec   int
	half             string // "am" or "pm"
	zone             string
}

// take reads one word of a date.
func (p *dateParts) take(tok string, words *wordTables) bool {
	switch {
	case strings.Contains(tok, ":") && isDigit(tok[0]) && !p.clock:
		return p.takeClock(tok)
	case isDigit(tok[0]) && strings.ContainsAny(strings.TrimSuffix(tok, "."), "./-"):
		return p.takeNumbers(tok)
	case isDigit(tok[0]):
		return p.takeNumber(strings.TrimSuffix(tok, "."))
	}
	return p.takeWord(tok, words)
}

// takeWord reads a month, a half of the day or a zone.
func (p *dateParts) takeWord(tok string, words *wordTables) bool {
	word := strings.ToLower(strings.ReplaceAll(tok, ".", ""))
	if p.clock && p.takeHalf(word) {
		return true
	}
	if month := words.months[word]; month != 0 && p.month == 0 {
		p.month = month
		return true
	}
	if !p.clock || p.zone != "" || len(tok) > 12 {
		return false
	}
	p.zone = tok
	return true
}

// takeHalf reads "am", "pm", and "a m" in two words.
func (p *dateParts) takeHalf(word string) bool {
	switch {
	case p.half == "" && (word == "am" || word == "pm" || word == "a" || word == "p"):
		p.half = word
	case word == "m" && len(p.half) == 1:
		p.half += word
	default:
		return false
	}
	return true
}

// takeNumber reads a day or a year that stands alone.
func (p *dateParts) takeNumber(tok string) bool {
	n, ok := shortNumber(tok, 4)
	switch {
	case !ok || p.date:
		return false
	case len(tok) == 4 && p.year == 0:
		p.year = n
	case len(tok) <= 2 && p.day == 0:
		p.day = n
	default:
		return false
	}
	return true
}

// takeNumbers reads "2025/03/02", "28.02.2025", "03/04/2025".
func (p *dateParts) takeNumbers(tok string) bool {
	sep := tok[strings.IndexAny(tok, "./-")]
	parts := strings.Split(tok, string(sep))
	if len(parts) != 3 || p.date || p.day != 0 || p.month != 0 || p.year != 0 {
		return false
	}
	var n [3]int
	for i, part := range parts {
		var ok bool
		if n[i], ok = shortNumber(part, 4); !ok {
			return false
		}
	}
	p.date = true
	switch {
	case len(parts[0]) == 4 && len(parts[1]) <= 2 && len(parts[2]) <= 2:
		p.year, p.month, p.day = n[0], n[1], n[2]
	case len(parts[2]) != 4 || len(parts[0]) > 2 || len(parts[1]) > 2:
		return false
	case sep == '.':
		p.day, p.month, p.year = n[0], n[1], n[2] // a date with dots is never month first
	default:
		p.loose, p.year = [2]int{n[0], n[1]}, n[2]
	}
	return true
}

// shortNumber reads one to most digits.
func shortNumber(s string, most int) (int, bool) {
	if s == "" || len(s) > most {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// takeClock reads "6:04:30", "12:59", "18:16:34.000+00:00", "18:16:34Z".
func (p *dateParts) takeClock(tok string) bool {
	if i := strings.IndexAny(tok, "+-Zz"); i > 0 {
		p.zone, tok = tok[i:], tok[:i]
	}
	tok, frac, hasFrac := strings.Cut(tok, ".")
	parts := strings.Split(tok, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return false
	}
	if _, ok := shortNumber(frac, 9); hasFrac && (!ok || len(parts) != 3) {
		return false
	}
	for i, dst := range []*int{&p.hour, &p.min, &p.sec}[:len(parts)] {
		var ok bool
		if *dst, ok = shortNumber(parts[i], 2); !ok || (i > 0 && len(parts[i]) != 2) {
			return false
		}
	}
	p.clock = true
	return true
}

// resolve decides the order of loose numbers and checks the calendar.
func (p *dateParts) resolve(f *dateForm) dateState {
	if p.loose != [2]int{} {
		if st := p.resolveOrder(f); st != dateOK {
			return st
		}
	}
	if p.year < minYear || p.year > maxYear || p.month < 1 || p.month > 12 || p.day < 1 ||
		p.day > time.Date(p.year, time.Month(p.month)+1, 0, 0, 0, 0, 0, time.UTC).Day() {
		return dateBad
	}
	return p.resolveClock()
}

// resolveOrder tells day and month apart by a number beyond 12, here or
// elsewhere in the file.
func (p *dateParts) resolveOrder(f *dateForm) dateState {
	a, b := p.loose[0], p.loose[1]
	told := orderUnknown
	switch {
	case a > 12 && b > 12:
		return dateBad
	case a > 12:
		told = orderDayFirst
	case b > 12:
		told = orderMonthFirst
	}
	if f.order == orderUnknown {
		f.order = told
	}
	switch {
	case told != orderUnknown && told != f.order:
		return dateMixed
	case f.order == orderUnknown && a != b:
		return p.resolveByPeriod(f)
	case f.order == orderMonthFirst:
		p.month, p.day = a, b
	default:
		p.day, p.month = a, b
	}
	return dateOK
}

// resolveByPeriod takes the reading that lies in the period that was asked for,
// with a day to each side; it says nothing of other dates.
func (p *dateParts) resolveByPeriod(f *dateForm) dateState {
	inside := func(month, day int) bool {
		t := time.Date(p.year, time.Month(month), day, 12, 0, 0, 0, time.UTC)
		return !f.from.IsZero() && t.After(f.from.AddDate(0, 0, -2)) && t.Before(f.to.AddDate(0, 0, 2))
	}
	a, b := p.loose[0], p.loose[1]
	switch first, second := inside(a, b), inside(b, a); {
	case first && !second:
		p.month, p.day = a, b
	case second && !first:
		p.day, p.month = a, b
	default:
		return dateAmbiguous
	}
	return dateOK
}

func (p *dateParts) resolveClock() dateState {
	if p.half != "" {
		if p.hour < 1 || p.hour > 12 || len(p.half) != 2 {
			return dateBad
		}
		p.hour %= 12
		if p.half == "pm" {
			p.hour += 12
		}
	}
	if p.hour > 23 || p.min > 59 || p.sec > 59 {
		return dateBad
	}
	return dateOK
}

// instant applies the zone.
func (p *dateParts) instant(f *dateForm) (time.Time, dateState) {
	t := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.min, p.sec, 0, time.UTC)
	switch {
	case p.zone != "":
		minutes, ok := f.words.offset(p.zone, f.currency)
		if !ok {
			return time.Time{}, dateZone
		}
		return t.Add(-time.Duration(minutes) * time.Minute), dateOK
	case !p.clock:
		return t.Add(noon), dateOK
	case f.zone == nil:
		return time.Time{}, dateNoZone
	}
	return time.Date(p.year, time.Month(p.month), p.day, p.hour, p.min, p.sec, 0, f.zone).UTC(), dateOK
}
