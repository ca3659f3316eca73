package reports

import (
	"fmt"
	"slices"
	"strings"
)

// form is what the cells of a column hold.
type form string

const (
	formText     form = "text"
	formCount    form = "count"    // whole number of units
	formDecimal  form = "decimal"  // exact number, up to nine places
	formPercent  form = "percent"  // the same, a percent sign taken off
	formMoney    form = "money"    // amount in the row's currency
	formCurrency form = "currency" // ISO code: the currency of the row
	formWhen     form = "when"     // instant, or a day where no time is told
	formMonth    form = "month"    // YYYY-MM
	formSpan     form = "span"     // a day or a month: its first day
)

// column is one column of a plain table.
type column struct {
	name     string // English, as Amazon writes it; the key for readers
	form     form
	needed   bool // a file without it is refused
	filled   bool // a row without it is refused
	personal bool // about people: given out, never part of Raw
	period   bool // its dates are the file's period
}

// columnTable is the columns of one kind, and what they are called.
type columnTable struct {
	columns   []column
	byHeading map[string]string   // folded heading: column
	languages map[string][]string // folded heading: languages
	names     map[string][]string // column: its headings, as they are written
	personal  bool                // some column is personal: unknown ones are not kept either
}

var forms = []form{formText, formCount, formDecimal, formPercent, formMoney, formCurrency, formWhen, formMonth, formSpan}

// newColumnTable reads rows of column, form, rules, language, heading. The
// first row of a column says its form and rules; further ones add headings.
func newColumnTable(rows [][]string) (*columnTable, error) {
	t := &columnTable{byHeading: map[string]string{}, languages: map[string][]string{}, names: map[string][]string{}}
	for _, r := range rows {
		name := r[0]
		if !slices.ContainsFunc(t.columns, func(c column) bool { return c.name == name }) {
			c, err := newColumn(name, form(r[1]), r[2])
			if err != nil {
				return nil, err
			}
			t.columns = append(t.columns, c)
			t.personal = t.personal || c.personal
		}
		h := fold(r[4])
		if was, ok := t.byHeading[h]; ok && was != name {
			return nil, fmt.Errorf("heading %q stands for %q and %q", r[4], was, name)
		}
		t.byHeading[h] = name
		t.names[name] = append(t.names[name], r[4])
		t.languages[h] = append(t.languages[h], r[3])
	}
	return t, nil
}

func newColumn(name string, f form, rules string) (column, error) {
	c := column{name: name, form: f}
	if !slices.Contains(forms, f) {
		return c, fmt.Errorf("column %q has the form %q, which is none", name, f)
	}
	for rule := range strings.FieldsSeq(rules) {
		switch rule {
		case "needed":
			c.needed = true
		case "filled":
			c.needed, c.filled = true, true
		case "personal":
			c.personal = true
		case "period":
			c.period = true
		default:
			return c, fmt.Errorf("column %q has the rule %q, which is none", name, rule)
		}
	}
	return c, nil
}

// language is the one that most of the headings belong to; English when two
// have as many.
func (t *columnTable) language(headings []string) string {
	votes := map[string]int{}
	for _, h := range headings {
		for _, l := range t.languages[fold(h)] {
			votes[l]++
		}
	}
	best := "en"
	for l, n := range votes {
		if n > votes[best] || n == votes[best] && best != "en" && l < best {
			best = l
		}
	}
	return best
}

// needed are the names of the columns that a file must have.
func (t *columnTable) needed() (list []string) {
	for _, c := range t.columns {
		if c.needed {
			list = append(list, c.name)
		}
	}
	return list
}
