package accounts

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"countinghouse/data/books"
)

// CSVColumns are the columns of WriteCSV, one row per posting. Debit and credit
// are positive decimal numbers with a dot, one of them empty; per entry and
// currency they add up to the same.
var CSVColumns = []string{
	"entry", "date", "description", "account_code", "account", "account_type", "debit", "credit", "currency",
	"line", "connection", "marketplace", "settlement", "order_id", "sku", "state",
}

// WriteCSV writes the journal as CSV, with the columns CSVColumns.
func WriteCSV(to io.Writer, entries []Entry) error {
	w := csv.NewWriter(to)
	if err := w.Write(CSVColumns); err != nil {
		return err
	}
	for _, e := range entries {
		state := "final"
		if e.Pending {
			state = "estimated"
		}
		for _, p := range e.Postings {
			debit, credit := p.Amount.Decimal(), ""
			if p.Amount.Minor < 0 {
				debit, credit = "", strings.TrimPrefix(p.Amount.Decimal(), "-") // the sign, cut off the text, holds for the least int64 too
			}
			row := []string{
				e.ID, e.Day, e.Text, p.Account.Code, p.Account.Name, string(p.Account.Type), debit, credit, p.Amount.Currency,
				string(p.Key), e.Connection, e.Marketplace, e.Settlement, e.Order, e.SKU, state,
			}
			for i := range row {
				row[i] = Cell(row[i])
			}
			if err := w.Write(row); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}

// Cell makes outside text safe for a spreadsheet: what it would run as a formula
// gets an apostrophe in front, what breaks a line becomes a space.
func Cell(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	if t := strings.TrimLeft(text, " "); t != "" && strings.ContainsRune("=+-@", rune(t[0])) {
		return "'" + text
	}
	return text
}

// WriteHledger writes the journal for hledger, with its accounts and
// commodities declared, so that "hledger check --strict" holds.
func WriteHledger(to io.Writer, entries []Entry) error {
	w := bufio.NewWriter(to)
	for _, c := range currencies(entries) {
		form := "1000."
		if n := books.Digits(c); n > 0 {
			form += strings.Repeat("0", n)
		}
		fmt.Fprintf(w, "commodity %s %s\n", form, c)
	}
	fmt.Fprintln(w)
	letters := map[Type]string{Asset: "A", Liability: "L", Equity: "E", Income: "R", Expense: "X"}
	for _, a := range used(entries) {
		fmt.Fprintf(w, "account %s  ; type:%s%s\n", a.Name, letters[a.Type], tag("code", a.Code))
	}
	for _, e := range entries {
		mark := "*"
		if e.Pending {
			mark = "!"
		}
		fmt.Fprintf(w, "\n%s %s (%s) %s", e.Day, mark, plain(e.ID, inTag), plain(e.Text, inText))
		tags := tag("settlement", e.Settlement) + tag("order", e.Order) + tag("sku", e.SKU) + tag("marketplace", e.Marketplace)
		if tags != "" {
			fmt.Fprintf(w, "  ; %s", strings.TrimPrefix(tags, ", "))
		}
		fmt.Fprintln(w)
		for _, p := range e.Postings {
			fmt.Fprintf(w, "    %-48s  %14s %s\n", p.Account.Name, p.Amount.Decimal(), p.Amount.Currency)
		}
	}
	return w.Flush()
}

// tag is a tag of a hledger comment. What a comment gives a meaning to (dates in
// brackets, the colon of a tag, the comma at its end) is percent-encoded.
func tag(name, value string) string {
	if value == "" {
		return ""
	}
	return ", " + name + ":" + plain(value, inTag)
}

// plain percent-encodes what steers a journal; letters of all languages stay.
func plain(text, allowed string) string {
	var b strings.Builder
	space := true
	for _, r := range text {
		if r != utf8.RuneError && (r == ' ' && !space || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune(allowed, r)) {
			b.WriteRune(r)
		} else {
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
		space = r == ' '
	}
	return b.String()
}

// What stands for itself in a code or tag, and in a description.
const (
	inTag  = "-_./#&+'"
	inText = inTag + ",()"
)

func currencies(entries []Entry) []string {
	all := map[string]bool{}
	for _, e := range entries {
		for _, p := range e.Postings {
			all[p.Amount.Currency] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// used are the accounts of the entries, by name.
func used(entries []Entry) []Account {
	all := map[string]Account{}
	for _, e := range entries {
		for _, p := range e.Postings {
			all[p.Account.Name] = p.Account
		}
	}
	var out []Account
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[name])
	}
	return out
}
