package format

import (
	"strings"
	"time"
)

// Date writes a day with its year: "21 Nov 2026", "2026年11月21日". The zone
// of t decides the day; callers pass the marketplace's. The zero time is
// [Unknown], here and below.
func (l *Locale) Date(t time.Time) string { return l.date(l.words.day, t) }

// DayMonth writes a day without its year, where the head names the year.
func (l *Locale) DayMonth(t time.Time) string { return l.date(l.words.dayMonth, t) }

// Month writes a month and its year: "Nov 2026".
func (l *Locale) Month(t time.Time) string { return l.date(l.words.month, t) }

// MonthName writes a month alone, for the head of a column.
func (l *Locale) MonthName(m time.Month) string {
	if m < time.January || m > time.December {
		return Unknown
	}
	return l.words.months[m-1]
}

// Clock writes the time of day, 24 hours: "14:05".
func (l *Locale) Clock(t time.Time) string {
	if t.IsZero() {
		return Unknown
	}
	return t.Format("15:04")
}

// Moment writes day, month and time: "21 Nov 13:58".
func (l *Locale) Moment(t time.Time) string {
	if t.IsZero() {
		return Unknown
	}
	return l.DayMonth(t) + " " + l.Clock(t)
}

// Range writes a span of days, both included, naming what they share once:
// "1 – 30 Nov 2026".
func (l *Locale) Range(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return Unknown
	}
	sameYear := from.Year() == to.Year()
	switch {
	case sameYear && from.YearDay() == to.YearDay():
		return l.Date(from)
	case sameYear && strings.HasPrefix(l.words.day, "{y}"):
		return l.Date(from) + " – " + l.DayMonth(to)
	case sameYear && from.Month() == to.Month():
		head, _, _ := strings.Cut(l.words.dayMonth, " ")
		return l.date(head, from) + " – " + l.Date(to)
	case sameYear:
		return l.DayMonth(from) + " – " + l.Date(to)
	}
	return l.Date(from) + " – " + l.Date(to)
}

// Ago writes how long t lies before now, growing coarser with distance;
// beyond a week it is the date. A t up to a minute ahead of now counts as
// now, for clocks differ; further ahead it is [Locale.Until].
func (l *Locale) Ago(t, now time.Time) string {
	if t.IsZero() {
		return Unknown
	}
	age := now.Sub(t)
	switch {
	case age < -time.Minute:
		return l.Until(t, now)
	case age < time.Minute:
		return l.words.justNow
	case age < time.Hour:
		return l.span(l.words.minutesAgo, age, time.Minute)
	}
	days := daysBetween(t.In(now.Location()), now)
	switch {
	case days == 0 || age < 6*time.Hour:
		return l.span(l.words.hoursAgo, age, time.Hour)
	case days == 1:
		return l.words.yesterday
	case days < 7:
		return strings.ReplaceAll(l.words.daysAgo, "{n}", itoa(days))
	}
	return l.Date(t.In(now.Location()))
}

// Until writes how far t lies ahead of now: "in 12 min". A t that has passed
// is [Locale.Ago].
func (l *Locale) Until(t, now time.Time) string {
	if t.IsZero() {
		return Unknown
	}
	ahead := t.Sub(now)
	switch {
	case ahead < 0:
		return l.Ago(t, now)
	case ahead < time.Hour:
		// Rounded up: "in 0 min" would be wrong until it happens.
		return l.span(l.words.inMinutes, ahead+time.Minute-1, time.Minute)
	case ahead < 48*time.Hour:
		return l.span(l.words.inHours, ahead, time.Hour)
	case ahead < 31*24*time.Hour:
		return l.span(l.words.inDays, ahead, 24*time.Hour)
	}
	return l.Date(t.In(now.Location()))
}

func (l *Locale) span(pattern string, d, unit time.Duration) string {
	return strings.ReplaceAll(pattern, "{n}", itoa(int(d/unit)))
}

func (l *Locale) date(pattern string, t time.Time) string {
	if t.IsZero() {
		return Unknown
	}
	return strings.NewReplacer(
		"{d}", itoa(t.Day()),
		"{m}", l.words.months[t.Month()-1],
		"{y}", itoa(t.Year()),
	).Replace(pattern)
}

// daysBetween counts midnights from a to b, both in one zone. It compares
// calendar days because a day of a zone change has 23 or 25 hours.
func daysBetween(a, b time.Time) int {
	noon := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
	}
	return int(noon(b).Sub(noon(a)).Hours()) / 24
}
