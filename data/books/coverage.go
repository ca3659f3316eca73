package books

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Coverage says for which days a source of a connection was read completely.
// From and To are days of the marketplace (YYYY-MM-DD), both included.
// Without From it says that the connection brings the money and nothing was read
// yet: then no day is covered.
type Coverage struct {
	Connection string
	Source     Source
	Account    string   // Amazon's account type of a report that is of one only, "" otherwise
	Currencies []string // whose money the connection brings; none: any
	Idle       bool     // no money came yet: the currencies are those that could come
	From, To   string
}

func (c Coverage) brings(currency string) bool {
	return len(c.Currencies) == 0 || slices.Contains(c.Currencies, currency)
}

// invoiceWords are the beginnings of what Amazon calls an invoice in the languages of
// its files, without case: English, German, French and Spanish and Dutch, Italian,
// Polish and Swedish, Portuguese and Turkish, Japanese, Chinese twice.
var invoiceWords = []string{"invoice", "rechnung", "factu", "gefactu", "fattur", "faktur", "fatur", "請求書", "发票", "發票"}

// aside tells a report of the account of invoiced orders. Every other account counts
// as that of standard orders, which some countries call by the way of payment.
func (c Coverage) aside() bool {
	account := " " + strings.ToLower(c.Account)
	return slices.ContainsFunc(invoiceWords, func(word string) bool {
		return strings.Contains(account, " "+word) || word[0] >= utf8.RuneSelf && strings.Contains(account, word) // no spaces in Chinese and Japanese
	})
}

// Covered gives the last days in a row on which the money of a currency is complete
// for every connection that brings it, both ends included; empty when there are none.
func Covered(coverage []Coverage, currency string) (from, to string) {
	var all []span
	seen := map[string]bool{}
	for _, c := range coverage {
		if seen[c.Connection] || !c.brings(currency) {
			continue
		}
		known := spans(coverage, c.Connection, currency)
		if len(seen) == 0 {
			all = known
		} else {
			all = common(all, known)
		}
		seen[c.Connection] = true
	}
	if len(all) == 0 {
		return "", ""
	}
	last := all[len(all)-1]
	return last.from, last.to
}

// common are the days that both lists have; both are in order and without overlaps.
func common(a, b []span) []span {
	var out []span
	for len(a) > 0 && len(b) > 0 {
		if s := (span{max(a[0].from, b[0].from), min(a[0].to, b[0].to)}); s.from <= s.to {
			out = append(out, s)
		}
		if a[0].to < b[0].to {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}

// span is days, both ends included.
type span struct{ from, to string }

// spans joins what any source covers of a connection's money in a currency: days
// that touch become one span. Reports of an account beside the standard one cover no
// day of that; it is not asked for itself, since it has no report of a time in which
// it rested.
func spans(coverage []Coverage, connection, currency string) []span {
	var all, aside []span
	for _, c := range coverage {
		switch {
		case c.Connection != connection || c.Source == User || c.From == "" || c.From > c.To || !c.brings(currency):
		case c.aside():
			aside = append(aside, span{c.From, c.To})
		default:
			all = append(all, span{c.From, c.To})
		}
	}
	if len(all) == 0 {
		all = aside
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out []span
	for _, s := range all {
		if n := len(out); n > 0 && s.from <= nextDay(out[n-1].to) {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

func nextDay(day string) string { return addDays(day, 1) }

// addDays gives the day n days after; text that is no day is returned as it is.
func addDays(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// uncovered says why a period is not covered for a currency, "" when it is: each
// connection that brings the currency, or has rows of it, must be.
func uncovered(coverage []Coverage, rows []Rollup, currency string, f Filter) string {
	var connections []string
	for _, c := range coverage {
		if c.brings(currency) {
			connections = append(connections, c.Connection)
		}
	}
	for _, r := range rows {
		if r.Currency == currency {
			connections = append(connections, r.Connection)
		}
	}
	slices.Sort(connections)
	connections = slices.Compact(connections)
	for _, c := range connections {
		known := spans(coverage, c, currency)
		if slices.ContainsFunc(known, func(s span) bool { return s.from <= f.From && f.To <= s.to }) {
			continue
		}
		if len(known) == 0 {
			return "no money was fetched or imported yet"
		}
		parts := make([]string, len(known))
		for i, s := range known {
			parts[i] = "from " + s.from + " to " + s.to
		}
		return "money is covered " + strings.Join(parts, " and ")
	}
	if len(connections) == 0 {
		return "no money was fetched or imported yet"
	}
	return ""
}
