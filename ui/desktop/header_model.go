package desktop

import (
	"slices"
	"strings"
	"time"

	"countinghouse/data/markets"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// The presets of the period.
const (
	thisMonth = "month"
	lastMonth = "last_month"
	last30    = "30"
	last90    = "90"
	last365   = "365"
	covered   = "covered" // all days that the book knows
	custom    = "custom"
)

// presets in the order of the menu.
var presets = []string{thisMonth, lastMonth, last30, last90, last365, covered}

// The presets of the comparison.
const (
	compareNone   = ""
	compareBefore = "before" // as many days right before; months: the month before
	compareYear   = "year"   // the same days a year before
)

// period is the span of days that the header narrows to. Presets move with the
// calendar; custom days stay.
type period struct {
	Preset  string `json:"preset"`
	From    string `json:"from,omitempty"` // of custom
	To      string `json:"to,omitempty"`
	Compare string `json:"compare,omitempty"`
}

func (p period) valid() bool {
	if p.Compare != compareNone && p.Compare != compareBefore && p.Compare != compareYear {
		return false
	}
	if p.Preset != custom {
		return slices.Contains(presets, p.Preset)
	}
	_, from := parseDay(p.From)
	_, to := parseDay(p.To)
	return from && to && p.From <= p.To
}

func parseDay(day string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, day)
	return t, err == nil
}

func dayOf(t time.Time) string { return t.Format(time.DateOnly) }

// span gives the first and last day of the period. today is the user's day;
// first and last are those of the book, empty when it knows none.
func (p period) span(today time.Time, first, last string) (from, to time.Time) {
	today = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	back := func(days int) (time.Time, time.Time) { return today.AddDate(0, 0, 1-days), today }
	switch p.Preset {
	case thisMonth:
		return today.AddDate(0, 0, 1-today.Day()), today
	case lastMonth:
		begin := today.AddDate(0, 0, 1-today.Day())
		return begin.AddDate(0, -1, 0), begin.AddDate(0, 0, -1)
	case last90:
		return back(90)
	case last365:
		return back(365)
	case covered:
		a, ok := parseDay(first)
		z, okToo := parseDay(last)
		if ok && okToo {
			return a, z
		}
	case custom:
		a, ok := parseDay(p.From)
		z, okToo := parseDay(p.To)
		if ok && okToo {
			return a, z
		}
	}
	return back(30)
}

// compared gives the days that the period is compared with; ok is false
// without a comparison.
func (p period) compared(from, to time.Time) (a, z time.Time, ok bool) {
	switch p.Compare {
	case compareYear:
		return from.AddDate(-1, 0, 0), to.AddDate(-1, 0, 0), true
	case compareBefore:
		if p.Preset == thisMonth || p.Preset == lastMonth {
			a = from.AddDate(0, -1, 0)
			z = a.AddDate(0, 0, to.Day()-1)
			if end := from.AddDate(0, 0, -1); z.After(end) || p.Preset == lastMonth {
				z = end
			}
			return a, z, true
		}
		days := int(to.Sub(from).Hours()/24) + 1
		return from.AddDate(0, 0, -days), from.AddDate(0, 0, -1), true
	}
	return a, z, false
}

// filterOf is what the screens get of the header's choices.
func filterOf(p period, chosen []string, today time.Time, facts bookFacts) filter {
	from, to := p.span(today, facts.First, facts.Last)
	f := filter{From: dayOf(from), To: dayOf(to), Marketplaces: slices.Clone(chosen)}
	if a, z, ok := p.compared(from, to); ok {
		f.CompareFrom, f.CompareTo = dayOf(a), dayOf(z)
	}
	return f
}

// periodText is the period's words on its button.
func periodText(p period, today time.Time, facts bookFacts, words *i18n.Words, loc *format.Locale) string {
	from, to := p.span(today, facts.First, facts.Last)
	text := loc.Range(from, to)
	switch p.Compare {
	case compareBefore:
		text = words.T("frame.versus_before", text)
	case compareYear:
		text = words.T("frame.versus_year", text)
	}
	return text
}

// marketsText is the choice of marketplaces on its button: countries, or all.
func marketsText(chosen []string, all []markets.Marketplace, words *i18n.Words) string {
	var countries []string
	for _, m := range all {
		if len(chosen) == 0 || slices.Contains(chosen, m.ID) {
			countries = append(countries, m.Country)
		}
	}
	switch {
	case len(countries) == 0:
		return words.T("frame.no_marketplace")
	case len(countries) > 4 && len(countries) == len(all):
		return words.T("frame.all_marketplaces")
	case len(countries) > 4:
		return strings.Join(countries[:4], " · ") + " +"
	}
	return strings.Join(countries, " · ")
}
