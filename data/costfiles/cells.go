package costfiles

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
)

// cells reads one row; problems gather in bad.
type cells struct {
	g    *grid
	at   map[string]int // column code to place
	row  []string
	line int
	bad  []Problem
}

// columns finds the columns of a list; the required ones that are missing are
// problems of the heading line.
func (g *grid) columns(required, others []string, aliases map[string]string) (map[string]int, []Problem) {
	at := map[string]int{}
	for i, h := range g.head {
		if to, ok := aliases[h]; ok {
			h = to
		}
		if _, twice := at[h]; !twice && (slices.Contains(required, h) || slices.Contains(others, h)) {
			at[h] = i
		}
	}
	var bad []Problem
	for _, c := range required {
		if _, ok := at[c]; !ok {
			bad = append(bad, Problem{1, c, NoColumn, ""})
		}
	}
	return at, bad
}

func (c *cells) text(column string) string {
	i, ok := c.at[column]
	if !ok || i >= len(c.row) {
		return ""
	}
	return strings.TrimSpace(c.row[i])
}

// figure is the text of a number or a day: what a Japanese or Chinese keyboard
// types wide is the same digit.
func (c *cells) figure(column string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // in the order of ASCII
			return r - '！' + '!'
		}
		return r
	}, c.text(column))
}

func (c *cells) fail(column, code string) {
	c.bad = append(c.bad, Problem{c.line, column, code, c.text(column)})
}

const maxText = 500

// words is text of the seller's own, at most 500 letters.
func (c *cells) words(column string, required bool) string {
	v := strings.Join(strings.Fields(c.text(column)), " ")
	if v == "" && required {
		c.fail(column, Missing)
	}
	if len([]rune(v)) > maxText {
		c.bad = append(c.bad, Problem{c.line, column, TooLong, string([]rune(v)[:20]) + "..."})
	}
	return v
}

func (c *cells) day(column string, required bool) string {
	v := c.figure(column)
	if v == "" {
		if required {
			c.fail(column, Missing)
		}
		return ""
	}
	if n, err := strconv.Atoi(v); err == nil && c.g.xlsx && n > 20000 && n < 90000 {
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly) // Excel's day number
	}
	for _, form := range dayForms {
		if t, err := time.Parse(form, v); err == nil && t.Year() >= 1990 && t.Year() <= 2200 {
			return t.Format(time.DateOnly)
		}
	}
	c.fail(column, BadDay)
	return ""
}

// dayForms are the ways to write a day that can be read in one way only: the year
// first, or dots between. 3/4/2026 is not among them.
var dayForms = []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "2.1.2006", "2006-01-02 15:04:05", "2006-01-02T15:04:05"}

func (c *cells) currency(column string) string {
	v := strings.ToUpper(c.text(column))
	switch {
	case v == "":
		c.fail(column, Missing)
	case len(v) != 3 || strings.Trim(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		c.fail(column, BadCurrency)
	}
	return v
}

func (c *cells) whole(column string) int64 {
	v := c.figure(column)
	if v == "" {
		c.fail(column, Missing)
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(v, ".0"), 10, 64)
	if err != nil || n <= 0 || n > 1_000_000_000 {
		c.fail(column, BadWhole)
		return 0
	}
	return n
}

// plain turns a typed number into the plain form. A comma is the decimal sign
// where the file cannot mean anything else by it; what can be read two ways is
// refused.
func (c *cells) plain(v string) (string, bool) {
	if strings.ContainsAny(v, "eE") && c.g.xlsx || len(v) > 16 && c.g.xlsx {
		return tidy(v)
	}
	commas, dots := strings.Count(v, ","), strings.Count(v, ".")
	switch {
	case commas == 0 && dots == 1 && c.g.comma && !c.g.xlsx && !c.g.point && !c.g.typed:
		before, after, _ := strings.Cut(strings.TrimPrefix(v, "-"), ".")
		return v, len(after) != 3 || before == "" || before == "0" || len(before) > 3 // 1.234 may be a thousand
	case commas == 0 && dots <= 1:
		return v, true
	case commas == 1 && dots == 0:
		_, after, _ := strings.Cut(v, ",")
		return strings.Replace(v, ",", ".", 1), c.g.comma && len(after) != 3
	case commas >= 1 && dots == 1 && strings.LastIndex(v, ",") < strings.Index(v, "."):
		return strings.ReplaceAll(v, ",", ""), grouped(v, ",", ".")
	case dots >= 1 && commas == 1 && strings.LastIndex(v, ".") < strings.Index(v, ","):
		return strings.Replace(strings.ReplaceAll(v, ".", ""), ",", ".", 1), grouped(v, ".", ",")
	}
	return "", false
}

// grouped tells that all groups but the first have three digits.
func grouped(v, sep, decimal string) bool {
	whole, _, _ := strings.Cut(v, decimal)
	groups := strings.Split(strings.TrimPrefix(whole, "-"), sep)
	for i, g := range groups {
		if len(g) == 0 || len(g) > 3 || (i > 0 && len(g) != 3) {
			return false
		}
	}
	return true
}

// tidy takes a spreadsheet's binary number back to the 15 digits that were typed.
func tidy(v string) (string, bool) {
	r, ok := new(big.Rat).SetString(v)
	if !ok {
		return "", false
	}
	digits := len(new(big.Int).Quo(new(big.Int).Abs(r.Num()), r.Denom()).String())
	text := r.FloatString(max(15-digits, 0))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text, true
}

// decimal is an exact number; empty is 0 unless it is required.
func (c *cells) decimal(column string, required bool) books.Decimal {
	v := c.figure(column)
	if v == "" {
		if required {
			c.fail(column, Missing)
		}
		return books.Decimal{}
	}
	text, ok := c.plain(v)
	d, err := books.ParseUnit(text)
	switch {
	case !ok || err != nil:
		c.fail(column, BadNumber)
	case d.Sign() < 0:
		c.fail(column, Negative)
	}
	return d
}

// amount is money in minor units; empty is 0 unless it is required.
func (c *cells) amount(column, currency string, required, signed bool) int64 {
	v := c.figure(column)
	if v == "" {
		if required {
			c.fail(column, Missing)
		}
		return 0
	}
	text, ok := c.plain(v)
	if !ok {
		c.fail(column, BadNumber)
		return 0
	}
	if _, err := books.ParseUnit(text); err != nil {
		c.fail(column, BadNumber)
		return 0
	}
	m, err := books.ParseDecimal(text, currency)
	switch {
	case err != nil:
		c.fail(column, BadPlaces)
	case m.Minor < 0 && !signed:
		c.fail(column, Negative)
	}
	return m.Minor
}

// market turns a name of a marketplace into its id.
func (c *cells) market(column, name string, lookup func(string) (string, bool)) string {
	if name == "" || lookup == nil {
		return name
	}
	id, ok := lookup(name)
	if !ok {
		c.bad = append(c.bad, Problem{c.line, column, BadMarket, name})
	}
	return id
}

func (c *cells) markets(column string, lookup func(string) (string, bool)) []string {
	var out []string
	for _, name := range strings.FieldsFunc(c.text(column), func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, c.market(column, name, lookup))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
