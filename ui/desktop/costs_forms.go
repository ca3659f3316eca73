package desktop

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// formField is a line of a form: its code is that of the column in a list.
type formField struct {
	code, hint, value string
	choices           []string // codes; their words are costs.<code>.<choice>
	wide              bool     // it takes the whole width
}

// costForm is a form whose fields are read by the rules of lists, so that both
// take the same. What is wrong stands below its field.
type costForm struct {
	s       *costsScreen
	title   string
	fields  []formField
	check   func(map[string]string) (summary string, bad []costfiles.Problem)
	keep    func(map[string]string)
	more    []fyne.CanvasObject // buttons before Cancel
	entries map[string]*parts.Entry
	selects map[string]*parts.Select
	wrong   map[string]*parts.Label
	summary *parts.Label
	touched map[string]bool
	m       *modal
}

func (f *costForm) show() {
	f.entries, f.selects, f.wrong = map[string]*parts.Entry{}, map[string]*parts.Select{}, map[string]*parts.Label{}
	f.touched = map[string]bool{}
	f.summary = parts.NewLabel("", theme.TextBody, parts.Accent).Bold()
	grid := container.NewVBox()
	var pair *fyne.Container
	for _, field := range f.fields {
		box := f.field(field)
		switch {
		case field.wide:
			grid.Add(box)
			pair = nil
		case pair == nil:
			pair = container.New(parts.Shares{Gap: theme.Space3, Weights: []float32{1, 1}}, box)
			grid.Add(pair)
		default:
			pair.Add(box)
			pair = nil
		}
	}
	if pair != nil {
		pair.Add(container.NewStack())
	}
	t := f.s.e.words.T
	grid.Add(spacer(theme.Space1))
	grid.Add(f.summary)
	buttons := append(f.more, parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { f.m.hide() }), parts.NewButton(t("privacy.save"), parts.Primary, f.accept))
	f.m = newModal(f.s.e, f.title, grid, fyne.NewSize(620, 120+float32(len(f.fields)+2)*36), buttons...)
	f.m.show()
	f.look(false)
	f.s.e.window.Canvas().Focus(f.first())
}

func (f *costForm) first() fyne.Focusable {
	for _, field := range f.fields {
		if e, ok := f.entries[field.code]; ok && e.Text == "" {
			return e
		}
	}
	return f.entries[f.fields[0].code]
}

func (f *costForm) field(field formField) fyne.CanvasObject {
	wrong := parts.NewLabel("", theme.TextCaption, parts.Loss)
	f.wrong[field.code] = wrong
	name := parts.NewLabel(f.s.text.column(field.code), theme.TextCaption, parts.Muted)
	head := parts.NewBorder(nil, nil, name, nil, wrong)
	if len(field.choices) > 0 {
		words := make([]string, len(field.choices))
		for i, c := range field.choices {
			words[i] = f.s.e.words.T("costs." + field.code + "." + c)
		}
		sel := parts.NewSelect(words, func(string) { f.look(false) })
		for i, c := range field.choices {
			if c == field.value {
				sel.SetSelectedIndex(i)
			}
		}
		f.selects[field.code] = sel
		return container.NewVBox(head, sel)
	}
	e := parts.NewEntry()
	e.SetPlaceHolder(field.hint)
	e.SetText(field.value)
	e.OnChanged = func(string) { f.touched[field.code] = true; f.look(false) }
	e.OnSubmitted = func(string) { f.accept() }
	f.entries[field.code] = e
	return container.NewVBox(head, e)
}

func (f *costForm) texts() map[string]string {
	out := map[string]string{}
	for code, e := range f.entries {
		out[code] = e.Text
	}
	for _, field := range f.fields {
		if sel := f.selects[field.code]; sel != nil && sel.SelectedIndex() >= 0 {
			out[field.code] = field.choices[sel.SelectedIndex()]
		}
	}
	return out
}

// look reads what was typed and shows what is wrong: while one types of the
// fields that were changed, in the end of all.
func (f *costForm) look(all bool) (good bool) {
	if f.summary == nil {
		return false
	}
	summary, bad := f.check(f.texts())
	f.summary.SetText(summary, parts.Accent)
	said := map[string]bool{}
	for _, p := range bad {
		if l := f.wrong[p.Column]; l != nil && !said[p.Column] && (all || f.touched[p.Column] && p.Code != costfiles.Missing) {
			l.SetText(f.s.text.problem(p), parts.Loss)
			said[p.Column] = true
		}
	}
	for code, l := range f.wrong {
		if !said[code] {
			l.SetText("", parts.Loss)
		}
	}
	return len(bad) == 0
}

func (f *costForm) accept() {
	if f.look(true) {
		f.m.hide()
		f.keep(f.texts())
	}
}

func plainMinor(minor int64, currency string) string {
	if minor == 0 {
		return ""
	}
	return books.Money{Minor: minor, Currency: currency}.Decimal()
}

// askPurchase takes a purchase in, or changes the one that was opened.
func (s *costsScreen) askPurchase(p books.Purchase) {
	t := s.e.words.T
	units, rate := "", ""
	if p.Units > 0 {
		units = fmt.Sprint(p.Units)
	}
	if p.Rate.Sign() > 0 {
		rate = p.Rate.String()
	}
	markets := ""
	if len(p.Marketplaces) > 0 {
		markets = marketWords(p.Marketplaces, "")
	}
	was := p.Code
	form := &costForm{
		s: s, title: t("costs.purchase.add"),
		fields: []formField{
			{code: "sku", value: p.SKU}, {code: "date", hint: "2026-03-01", value: p.Day},
			{code: "quantity", value: units}, {code: "currency", hint: "EUR", value: p.Currency},
			{code: "price", hint: "1250.00", value: plainMinor(p.Price, p.Currency)}, {code: "freight", value: plainMinor(p.Freight, p.Currency)},
			{code: "duty", value: plainMinor(p.Duty, p.Currency)}, {code: "preparation", value: plainMinor(p.Prep, p.Currency)},
			{code: "other", value: plainMinor(p.Other, p.Currency)}, {code: "rate", hint: t("costs.form.rate"), value: rate},
			{code: "batch", hint: t("costs.form.batch"), value: p.Code}, {code: "marketplaces", hint: t("costs.every"), value: markets},
			{code: "supplier", value: p.Supplier}, {code: "invoice", value: p.Invoice},
			{code: "note", value: p.Note, wide: true},
		},
		check: func(texts map[string]string) (string, []costfiles.Problem) {
			p, bad := costfiles.Purchase(texts, marketplaceOf)
			return s.text.landedOf(p, bad), bad
		},
		keep: func(texts map[string]string) {
			p, _ := costfiles.Purchase(texts, marketplaceOf)
			s.keepPurchase(was, p)
		},
	}
	if p.ID != 0 {
		form.title = t("costs.purchase.change", p.Code)
		form.more = []fyne.CanvasObject{
			parts.NewButton(t("costs.remove"), parts.Danger, func() { form.m.hide(); s.askDrop(p) }),
			parts.NewButton(t("costs.attach"), parts.Quiet, func() { form.m.hide(); s.askInvoice(p) }),
		}
	}
	form.show()
}

// keepPurchase stores a purchase; was is the name it had before.
func (s *costsScreen) keepPurchase(was string, p books.Purchase) {
	taken := map[string]bool{}
	for _, r := range s.facts.purchases {
		taken[r.Code] = r.Code != was
	}
	p.Code = costfiles.PurchaseCode(p, func(code string) bool { return taken[code] })
	s.change(s.e.words.T("costs.purchase.kept", p.Code), "purchase "+p.Code, func(tx *store.Tx) error {
		if was != "" && was != p.Code {
			if err := tx.RenamePurchase(was, p.Code); err != nil {
				return err
			}
		}
		_, err := tx.PutPurchase(p)
		return err
	})
}

func (s *costsScreen) askDrop(p books.Purchase) {
	t := s.e.words.T
	confirm(s.e, t("costs.remove"), t("costs.purchase.drop", p.Code), t("costs.remove"), parts.Danger, func() {
		s.change(t("costs.purchase.dropped", p.Code), "removed purchase "+p.Code, func(tx *store.Tx) error { return tx.DeletePurchase(p.Code) })
	})
}

// maxInvoiceFile is the size of the largest file that is kept with a purchase.
const maxInvoiceFile = 20 << 20

func (s *costsScreen) askInvoice(p books.Purchase) {
	t := s.e.words.T
	chooseFile(s.e, fileChoice{Title: t("costs.attach"), Word: t("costs.attach.do")}, func(path string) {
		info, err := os.Stat(path)
		if err == nil && info.Size() > maxInvoiceFile {
			err = errInvoiceSize
		}
		var body []byte
		if err == nil {
			body, err = os.ReadFile(path)
		}
		if err != nil {
			s.refused(err)
			return
		}
		s.change(t("costs.attach.done", filepath.Base(path), p.Code), "invoice of purchase "+p.Code, func(tx *store.Tx) error {
			return tx.AttachInvoice(p.Code, filepath.Base(path), body)
		})
	})
}

var errInvoiceSize = errors.New("the file is larger than 20 MB")

// askUnit takes a unit cost by period in.
func (s *costsScreen) askUnit(c books.Cost) {
	t := s.e.words.T
	amount := ""
	if c.SKU != "" {
		amount = c.Unit.String()
	}
	form := &costForm{
		s: s, title: t("costs.unit.add"),
		fields: []formField{
			{code: "sku", value: c.SKU}, {code: "marketplace", hint: t("costs.every"), value: marketplaceWord(c.Marketplace, "")},
			{code: "valid_from", hint: "2026-03-01", value: c.From}, {code: "unit_cost", hint: "3.25", value: amount},
			{code: "currency", hint: "EUR", value: c.Currency},
		},
		check: func(x map[string]string) (string, []costfiles.Problem) { _, bad := typedUnit(x); return "", bad },
		keep: func(x map[string]string) {
			cost, _ := typedUnit(x)
			s.change(t("costs.unit.kept", cost.SKU), "unit cost of "+cost.SKU, func(tx *store.Tx) error { return tx.PutCosts([]books.Cost{cost}) })
		},
	}
	if c.SKU != "" {
		form.more = []fyne.CanvasObject{parts.NewButton(t("costs.remove"), parts.Danger, func() {
			form.m.hide()
			s.change(t("costs.unit.dropped", c.SKU), "removed a unit cost of "+c.SKU, func(tx *store.Tx) error { return tx.DeleteCost(c) })
		})}
	}
	form.show()
}

// typedUnit reads one unit cost by the rules of cost lists.
func typedUnit(x map[string]string) (books.Cost, []costfiles.Problem) {
	return costfiles.UnitCost(x, marketplaceOf)
}

// askExpense takes an expense in, or changes the one that was opened.
func (s *costsScreen) askExpense(o books.Outlay) {
	t := s.e.words.T
	repeats, ways := []string{}, []string{}
	for _, r := range books.Repeats() {
		repeats = append(repeats, string(r))
	}
	for _, a := range books.Allocations() {
		ways = append(ways, string(a))
	}
	if o.Allocation == "" {
		o.Allocation = books.AllocateNone
	}
	form := &costForm{
		s: s, title: t("costs.expense.add"),
		fields: []formField{
			{code: "expense", value: o.Code}, {code: "category", value: o.Category},
			{code: "amount", hint: "120.00", value: plainMinor(o.Amount.Minor, o.Amount.Currency)}, {code: "currency", hint: "EUR", value: o.Amount.Currency},
			{code: "repeat", choices: repeats, value: string(o.Repeat)}, {code: "allocation", choices: ways, value: string(o.Allocation)},
			{code: "from", hint: "2026-03-01", value: o.From}, {code: "to", hint: t("costs.form.open"), value: o.To},
			{code: "marketplace", hint: t("costs.whole"), value: marketplaceWord(o.Marketplace, "")}, {code: "sku", value: o.SKU},
			{code: "supplier", value: o.Supplier}, {code: "note", value: o.Note},
		},
		check: func(x map[string]string) (string, []costfiles.Problem) {
			_, bad := costfiles.Expense(x, marketplaceOf)
			return "", bad
		},
		keep: func(x map[string]string) {
			o, _ := costfiles.Expense(x, marketplaceOf)
			s.change(t("costs.expense.kept", o.Code), "expense "+o.Code, func(tx *store.Tx) error { _, err := tx.PutExpense(o); return err })
		},
	}
	if o.ID != 0 {
		form.title = t("costs.expense.change", o.Code)
		form.more = []fyne.CanvasObject{parts.NewButton(t("costs.remove"), parts.Danger, func() {
			form.m.hide()
			s.change(t("costs.expense.dropped", o.Code), "removed expense "+o.Code, func(tx *store.Tx) error { return tx.DeleteExpense(o.Code) })
		})}
	}
	form.show()
}

// askRate types an exchange rate in.
func (s *costsScreen) askRate() {
	t := s.e.words.T
	form := &costForm{
		s: s, title: t("costs.rate.add"),
		fields: []formField{
			{code: "day", hint: "2026-03-01"}, {code: "rate", hint: "1.0853"}, {code: "from_currency", hint: "EUR"}, {code: "to_currency", hint: "USD"},
		},
		check: func(x map[string]string) (string, []costfiles.Problem) {
			q, bad := costfiles.Quote(x)
			if len(bad) > 0 {
				return "", bad
			}
			return fmt.Sprintf("1 %s = %s %s", q.From, q.Rate, q.To), nil
		},
		keep: func(x map[string]string) {
			q, _ := costfiles.Quote(x)
			s.change(t("costs.rate.kept"), "rate of "+q.From+" to "+q.To+" on "+q.Day, func(tx *store.Tx) error {
				_, err := tx.PutRates([]books.Quote{q})
				return err
			})
		},
	}
	form.show()
}

// askCurrency chooses the currency in which purchases are fixed.
func (s *costsScreen) askCurrency() {
	t := s.e.words.T
	form := &costForm{
		s: s, title: t("costs.currency.choose"), fields: []formField{{code: "currency", hint: "EUR", value: s.facts.currency, wide: true}},
		check: func(x map[string]string) (string, []costfiles.Problem) {
			_, bad := costfiles.Currency(x)
			return t("costs.currency.text"), bad
		},
		keep: func(x map[string]string) {
			code, _ := costfiles.Currency(x)
			s.change(t("costs.currency.kept", code), "book currency "+code, func(tx *store.Tx) error { return tx.SetBookCurrency(code) })
		},
	}
	form.show()
}
