package desktop

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
)

// kitRow is a kit or multipack with what one unit of it holds.
type kitRow struct {
	sku   string
	parts []books.Part
}

func kitRows(all map[string][]books.Part) (list []kitRow) {
	for _, sku := range slices.Sorted(maps.Keys(all)) {
		list = append(list, kitRow{sku, all[sku]})
	}
	return list
}

// kitText writes parts as they are typed: "MUG-1=2, SPOON=4".
func kitText(list []books.Part) string {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%s=%d", p.SKU, p.Units))
	}
	return strings.Join(out, ", ")
}

// kitMarks and kitDigits are what Japanese and Chinese keyboards type for the marks
// between parts, and for numbers.
var (
	kitMarks  = strings.NewReplacer("，", ",", "、", ",", "＝", "=")
	kitDigits = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9")
)

// typedKit reads a kit as it was typed.
func typedKit(x map[string]string) (r kitRow, bad []costfiles.Problem) {
	fail := func(column, code string) { bad = append(bad, costfiles.Problem{Line: 1, Column: column, Code: code}) }
	if r.sku = strings.TrimSpace(x["sku"]); r.sku == "" {
		fail("sku", costfiles.Missing)
	}
	for text := range strings.SplitSeq(kitMarks.Replace(x["parts"]), ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		at := max(strings.LastIndex(text, "="), 0)
		n, err := strconv.ParseInt(kitDigits.Replace(strings.TrimSpace(strings.TrimPrefix(text[at:], "="))), 10, 32)
		if sku := strings.TrimSpace(text[:at]); sku != "" && err == nil && n > 0 {
			r.parts = append(r.parts, books.Part{SKU: sku, Units: n})
		} else {
			fail("parts", "part")
			return r, bad
		}
	}
	if len(r.parts) == 0 {
		fail("parts", costfiles.Missing)
	}
	return r, bad
}

func (s *costsScreen) kitColumns() []parts.Column[kitRow] {
	t := s.e.words.T
	return []parts.Column[kitRow]{
		{ID: "sku", Title: "SKU", Width: 160, Grow: 0.4, Mono: true, Text: func(r kitRow) string { return r.sku }, Compare: parts.By(func(r kitRow) string { return r.sku })},
		{ID: "parts", Title: t("costs.column.parts"), Width: 300, Grow: 1, Text: func(r kitRow) string { return kitText(r.parts) }},
	}
}

// askKit takes in what a kit holds, or changes the one that was opened.
func (s *costsScreen) askKit(r kitRow) {
	t := s.e.words.T
	form := &costForm{
		s: s, title: t("costs.kit.add"),
		fields: []formField{{code: "sku", value: r.sku, wide: true}, {code: "parts", hint: "MUG-1=2, SPOON=4", value: kitText(r.parts), wide: true}},
		check:  func(x map[string]string) (string, []costfiles.Problem) { _, bad := typedKit(x); return "", bad },
		keep: func(x map[string]string) {
			k, _ := typedKit(x)
			s.change(t("costs.kit.kept", k.sku), "kit "+k.sku, func(tx *store.Tx) error { return tx.PutKit(k.sku, k.parts) })
		},
	}
	if r.sku != "" {
		form.more = []fyne.CanvasObject{parts.NewButton(t("costs.remove"), parts.Danger, func() {
			form.m.hide()
			s.change(t("costs.kit.dropped", r.sku), "kit "+r.sku, func(tx *store.Tx) error { return tx.PutKit(r.sku, nil) })
		})}
	}
	form.show()
}

func (s *costsScreen) postageColumns() []parts.Column[store.PostageRate] {
	t, loc := s.e.words.T, s.e.loc
	col := func(id string) string { return t("costs.column." + id) }
	type row = store.PostageRate
	figure := func(id string, f func(row) books.Decimal) parts.Column[row] {
		return parts.Column[row]{ID: id, Title: t("costs.field." + id), Width: 90, Align: parts.Right, Text: func(r row) string { return loc.Amount(f(r).String()) }}
	}
	sku := func(r row) string { return cmp.Or(r.SKU, t("costs.postage.parcel")) }
	return []parts.Column[row]{
		{ID: "sku", Title: "SKU", Width: 160, Grow: 1, Text: sku, Compare: parts.By(sku)},
		{ID: "market", Title: col("market"), Width: 130, Grow: 0.5, Text: func(r row) string { return marketplaceWord(r.Marketplace, t("costs.every")) }},
		{ID: "from", Title: col("from"), Width: dayWidth(loc), Text: func(r row) string {
			if r.From == "" {
				return t("costs.beginning")
			}
			return s.text.day(r.From)
		}, Compare: parts.By(func(r row) string { return r.From })},
		figure("postage", func(r row) books.Decimal { return r.Postage }), figure("packing", func(r row) books.Decimal { return r.Packing }),
		{ID: "currency", Title: "", Name: col("currency"), Width: 48, Text: func(r row) string { return r.Currency }},
	}
}

// typedPostage reads a rate of postage by the rules of unit costs.
func typedPostage(x map[string]string) (store.PostageRate, []costfiles.Problem) {
	unit := map[string]string{"sku": cmp.Or(strings.TrimSpace(x["sku"]), "-"), "marketplace": x["marketplace"], "valid_from": x["valid_from"], "unit_cost": "0", "currency": x["currency"]}
	c, bad := typedUnit(unit) // per parcel has no SKU
	r := store.PostageRate{SKU: strings.TrimSpace(x["sku"]), Marketplace: c.Marketplace, From: c.From, Currency: c.Currency}
	for column, to := range map[string]*books.Decimal{"postage": &r.Postage, "packing": &r.Packing} {
		unit["unit_cost"] = cmp.Or(strings.TrimSpace(x[column]), "0")
		read, problems := typedUnit(unit)
		for _, p := range problems {
			if p.Column == "unit_cost" {
				p.Column = column
				bad = append(bad, p)
			}
		}
		*to = read.Unit
	}
	return r, bad
}

// askPostage takes in what sending costs, or changes the rate that was opened.
func (s *costsScreen) askPostage(r store.PostageRate) {
	t := s.e.words.T
	amount := func(d books.Decimal) string {
		if d.Sign() == 0 {
			return ""
		}
		return d.String()
	}
	form := &costForm{
		s: s, title: t("costs.postage.add"),
		fields: []formField{
			{code: "sku", hint: t("costs.postage.parcel"), value: r.SKU}, {code: "marketplace", hint: t("costs.every"), value: marketplaceWord(r.Marketplace, "")},
			{code: "postage", hint: "4.99", value: amount(r.Postage)}, {code: "packing", hint: "0.35", value: amount(r.Packing)},
			{code: "valid_from", hint: "2026-03-01", value: r.From}, {code: "currency", hint: "EUR", value: r.Currency},
		},
		check: func(x map[string]string) (string, []costfiles.Problem) { _, bad := typedPostage(x); return "", bad },
		keep: func(x map[string]string) {
			k, _ := typedPostage(x)
			s.change(t("costs.postage.kept"), "postage", func(tx *store.Tx) error { return tx.PutPostageRate(k) })
		},
	}
	if r.Postage.Sign() != 0 || r.Packing.Sign() != 0 {
		form.more = []fyne.CanvasObject{parts.NewButton(t("costs.remove"), parts.Danger, func() {
			form.m.hide()
			s.change(t("costs.postage.dropped"), "postage", func(tx *store.Tx) error { return tx.DeletePostageRate(r) })
		})}
	}
	form.show()
}

// readBill reads a carrier's bill.
func readBill(path string, body []byte, x costsText, in costImport) (costImport, error) {
	rows, bad, err := costfiles.CarrierBill(body)
	for _, p := range rows {
		in.lines = append(in.lines, fmt.Sprintf("%s   %s   %s", x.day(p.Day), cmp.Or(p.Tracking, p.Order), x.loc.MoneyWithCode(p.Amount)))
	}
	in.bad, in.store = bad, func(tx *store.Tx) error { _, _, err := tx.PutCarrierBill(path, body, rows); return err }
	return in, err
}
