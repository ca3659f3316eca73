package accounts

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
)

var roots = map[Type]string{Asset: "Assets", Liability: "Liabilities", Equity: "Equity", Income: "Income", Expense: "Expenses"}

// beanName gives an account as Beancount wants it: one of five roots, then parts
// of letters, digits and dashes that begin with a capital or a digit.
func beanName(a Account) string {
	parts := strings.Split(a.Name, ":")
	out := []string{roots[a.Type]}
	if strings.EqualFold(parts[0], roots[a.Type]) {
		parts = parts[1:]
	}
	for _, p := range parts {
		p = strings.Trim(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return '-'
		}, p), "-")
		first := []rune(p + " ")[0]
		if unicode.IsLower(first) {
			p = string(unicode.ToUpper(first)) + p[len(string(first)):]
		}
		if first = []rune(p + " ")[0]; !unicode.IsUpper(first) && !unicode.IsDigit(first) { // letters without capitals, as in 売上
			p = "X" + p
		}
		out = append(out, p)
	}
	if len(out) == 1 {
		out = append(out, "Amazon")
	}
	return strings.Join(out, ":")
}

// WriteBeancount writes the journal for Beancount, with its accounts opened on
// the first day. Two accounts that become one under Beancount's rules for names
// are an error.
func WriteBeancount(to io.Writer, entries []Entry) error {
	w := bufio.NewWriter(to)
	names, by := map[string]string{}, map[string]string{}
	if len(entries) > 0 {
		for _, a := range used(entries) {
			name := beanName(a)
			if other, ok := by[name]; ok {
				return fmt.Errorf("accounts %q and %q are both %s in Beancount; give one another name", other, a.Name, name)
			}
			by[name], names[a.Name] = a.Name, name
			fmt.Fprintf(w, "%s open %s\n", entries[0].Day, name)
			if a.Code != "" {
				fmt.Fprintf(w, "  code: %s\n", quoted(a.Code))
			}
		}
	}
	for _, e := range entries {
		mark := "*"
		if e.Pending {
			mark = "!"
		}
		fmt.Fprintf(w, "\n%s %s \"Amazon\" %s\n  entry: %s\n", e.Day, mark, quoted(e.Text), quoted(e.ID))
		for _, m := range [][2]string{{"settlement", e.Settlement}, {"order", e.Order}, {"sku", e.SKU}, {"marketplace", e.Marketplace}} {
			if m[1] != "" {
				fmt.Fprintf(w, "  %s: %s\n", m[0], quoted(m[1]))
			}
		}
		for _, p := range e.Postings {
			fmt.Fprintf(w, "  %-50s  %14s %s\n", names[p.Account.Name], p.Amount.Decimal(), p.Amount.Currency)
		}
	}
	return w.Flush()
}

// quoted is a string of Beancount's on one line.
func quoted(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
