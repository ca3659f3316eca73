package reports

import (
	"strings"
	"time"
)

// isoTime is the quick way for "2017-02-25" and "2017-02-24 23:57:39 UTC", with
// T, Z and offsets like +09:00 as well.
func isoTime(b []byte) (time.Time, bool) {
	const shape = "0000-00-00 00:00:00"
	if len(b) != 10 && len(b) <= len(shape) {
		return time.Time{}, false
	}
	var n [6]int
	part := 0
	for i, c := range b[:min(len(b), len(shape))] {
		switch {
		case shape[i] == '0' && isDigit(c):
			n[part] = n[part]*10 + int(c-'0')
		case shape[i] == c || shape[i] == ' ' && c == 'T':
			part++
		default:
			return time.Time{}, false
		}
	}
	offset, ok := isoOffset(b[min(len(b), len(shape)):])
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC)
	if n[0] < minYear || n[0] > maxYear || n != [6]int{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second()} {
		return time.Time{}, false // time.Date would turn February 30 into March 2
	}
	if len(b) == 10 {
		return t.Add(noon), ok
	}
	return t.Add(-offset), ok
}

// isoOffset reads what follows the seconds of an ISO time.
func isoOffset(b []byte) (time.Duration, bool) {
	switch string(b) {
	case "", " UTC", "Z":
		return 0, true
	}
	if len(b) != 6 || b[3] != ':' || !isDigit(b[1]) || !isDigit(b[2]) || !isDigit(b[4]) || !isDigit(b[5]) {
		return 0, false
	}
	h, m := int(b[1]-'0')*10+int(b[2]-'0'), int(b[4]-'0')*10+int(b[5]-'0')
	d := time.Duration(h*60+m) * time.Minute
	if b[0] == '-' {
		d = -d
	}
	return d, (b[0] == '+' || b[0] == '-') && h <= 14 && m < 60
}

// offset gives the minutes east of UTC of "PST", "+09:00", "GMT-7", "UTC+0530".
func (w *wordTables) offset(zone, currency string) (int, bool) {
	if m, ok := w.zones[strings.ToUpper(zone)]; ok {
		return m, true
	}
	if zone == "IST" && currency == "INR" {
		return 330, true // elsewhere it may be Ireland's or Israel's
	}
	s := strings.TrimPrefix(strings.TrimPrefix(zone, "GMT"), "UTC")
	if s == "" || (s[0] != '+' && s[0] != '-') {
		return 0, false
	}
	minutes, ok := hoursAndMinutes(s[1:])
	if s[0] == '-' {
		minutes = -minutes
	}
	return minutes, ok
}

// hoursAndMinutes reads "9", "09", "0930", "09:30" as minutes, up to 14 hours.
func hoursAndMinutes(s string) (int, bool) {
	hh, mm, colon := strings.Cut(s, ":")
	switch {
	case !colon && len(hh) == 4:
		hh, mm = hh[:2], hh[2:]
	case !colon:
		mm = "00"
	}
	h, okHours := shortNumber(hh, 2)
	m, okMinutes := shortNumber(mm, 2)
	return h*60 + m, okHours && okMinutes && len(mm) == 2 && h <= 14 && m <= 59
}
