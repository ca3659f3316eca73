package desktop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// costFacts is everything that the screen of costs shows.
type costFacts struct {
	purchases []purchaseRow
	units     []books.Cost
	uncovered []store.UncoveredSKU
	expenses  []books.Outlay
	rates     []store.RateSpan
	kits      []kitRow
	postage   []store.PostageRate
	goods     []store.GoodsMoved // that the seller told of
	values    []store.StockValue // one per method
	method    books.Method
	day       string // as of which goods are valued
	currency  string // of the book, empty when none was chosen
	fetches   bool   // exchange rates come from the bank by themselves
}

// purchaseRow is a purchase with what is left of it.
type purchaseRow struct {
	store.StoredPurchase
	left books.Holding
	gone bool // nothing is left
}

// readCosts reads the costs as of a day.
func readCosts(ctx context.Context, book *store.Book, day string) (costFacts, error) {
	f := costFacts{day: day}
	var errs [12]error
	f.units, errs[0] = book.Costs(ctx)
	f.uncovered, errs[1] = book.Uncovered(ctx)
	f.expenses, errs[2] = book.Expenses(ctx)
	f.rates, errs[3] = book.RateSpans(ctx)
	f.method, errs[4] = book.CostMethod(ctx)
	f.currency, errs[5] = book.BookCurrency(ctx)
	f.values, errs[6] = book.StockValues(ctx, day, books.Methods(), nil)
	list, err := book.Purchases(ctx)
	errs[7] = err
	f.fetches, errs[8] = book.FetchesRates(ctx)
	kits, err := book.Kits(ctx)
	f.kits, errs[9] = kitRows(kits), err
	f.postage, errs[10] = book.PostageRates(ctx)
	f.goods, errs[11] = book.GoodsMoves(ctx)
	if err := errors.Join(errs[:]...); err != nil {
		return f, err
	}
	held := map[int64]books.Holding{}
	for _, v := range f.values {
		if v.Method == f.method {
			for _, h := range v.Held {
				held[h.Batch] = h
			}
		}
	}
	for _, p := range list {
		h, ok := held[p.ID]
		f.purchases = append(f.purchases, purchaseRow{StoredPurchase: p, left: h, gone: !ok})
	}
	return f, nil
}

// value is what is left of a purchase, at cost; false where that is not known.
func (r purchaseRow) value() (books.Money, bool) {
	if r.gone {
		return books.Money{Currency: r.Fixed.Currency}, true
	}
	return r.left.Fixed, r.left.Known
}

// each is what one unit costs, rounded to the minor unit.
func (r purchaseRow) each() string {
	m, err := eachOf(r.Landed, r.Units)
	if err != nil {
		return ""
	}
	return m
}

// rounded is what one unit costs in whole minor units.
func (r purchaseRow) rounded() books.Money {
	parts := books.Allocate(r.Landed.Minor, []int64{1, max(r.Units-1, 0)})
	if parts == nil {
		return books.Money{Currency: r.Currency}
	}
	return books.Money{Minor: parts[0], Currency: r.Currency}
}

// eachOf divides a landed cost by its units, with up to two places more than
// money has, the last one rounded.
func eachOf(m books.Money, units int64) (string, error) {
	r, ok := new(big.Rat).SetString(m.Decimal())
	if units <= 0 || !ok {
		return "", errors.New("no units")
	}
	text := r.Quo(r, new(big.Rat).SetInt64(units)).FloatString(books.Digits(m.Currency) + 2)
	for i := 0; i < 2 && strings.HasSuffix(text, "0"); i++ {
		text = text[:len(text)-1]
	}
	return strings.TrimSuffix(text, "."), nil
}

// costsText makes the words of the screen.
type costsText struct {
	loc   *format.Locale
	words *i18n.Words
}

// day shows a day like 2026-03-01 in the user's way; other text as it is.
func (x costsText) day(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return x.loc.Date(t)
}

// gap says why units have no cost and what to do.
func (x costsText) gap(u store.UncoveredSKU) (why, todo string) {
	key := map[books.Gap]string{books.GapSoldOut: "soldout", books.GapNoRate: "rate"}[u.Gap]
	if key == "" {
		key = "none"
	}
	return x.words.T("costs.gap." + key), x.words.T("costs.todo." + key)
}

// problem says what is wrong with a cell.
func (x costsText) problem(p costfiles.Problem) string { return x.words.T("costs.problem." + p.Code) }

// column names a column of a list.
func (x costsText) column(code string) string { return x.words.T("costs.field." + code) }

// summary is the sentence over uncovered SKUs: the worst few by name.
func (x costsText) summary(list []store.UncoveredSKU) string {
	var units int64
	var names []string
	seen := map[string]bool{}
	for _, u := range list {
		units += u.Units
		if !seen[u.SKU] && len(names) < 3 {
			names = append(names, fmt.Sprintf("%s (%s)", u.SKU, x.loc.Count(u.Units)))
		}
		seen[u.SKU] = true
	}
	key := "costs.uncovered.sum"
	if x.loc.One(units) {
		key += ".one"
	}
	out := x.words.T(key, x.loc.Count(units)) + " " + strings.Join(names, ", ")
	if len(seen) > len(names) {
		out += ", …"
	}
	return out
}

// landedOf tells what a typed purchase costs, in all and per unit; empty while it
// cannot be read.
func (x costsText) landedOf(p books.Purchase, bad []costfiles.Problem) string {
	if len(bad) > 0 || p.Units == 0 {
		return ""
	}
	m, err := p.Landed()
	if err != nil {
		return ""
	}
	each, err := eachOf(m, p.Units)
	if err != nil {
		return ""
	}
	return x.words.T("costs.form.landed", x.loc.MoneyWithCode(m), x.loc.Amount(each))
}

// worker is who works here: the audit log tells it.
func worker() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}

// costList is one of the lists that can be written and read again.
type costList struct {
	name    string // of its file, without ending
	columns []string
	rows    [][]string
}

// lists gives the list of a tab; false: that tab has none.
func (f *costFacts) list(tab string) (costList, bool) {
	market := func(id string) string { return marketplaceWord(id, "") }
	switch tab {
	case tabPurchases:
		l := costList{name: "purchases", columns: costfiles.PurchaseColumns()}
		for _, p := range f.purchases {
			l.rows = append(l.rows, costfiles.PurchaseRow(p.Purchase, market))
		}
		return l, true
	case tabExpenses:
		l := costList{name: "expenses", columns: costfiles.ExpenseColumns()}
		for _, o := range f.expenses {
			l.rows = append(l.rows, costfiles.ExpenseRow(o, market))
		}
		return l, true
	case tabUnits:
		l := costList{name: "unit-costs", columns: []string{"sku", "marketplace", "valid_from", "unit_cost", "currency"}}
		for _, c := range f.units {
			l.rows = append(l.rows, []string{c.SKU, market(c.Marketplace), c.From, c.Unit.String(), c.Currency})
		}
		return l, true
	case tabGoods:
		l := costList{name: "goods", columns: []string{"day", "kind", "sku", "quantity", "marketplace", "order", "cost", "currency", "note"}}
		for _, m := range f.goods {
			cost := ""
			if m.Cost.Known {
				cost = m.Cost.Money.Decimal()
			}
			l.rows = append(l.rows, []string{goodsDay(m), m.Kind, m.SKU, strconv.FormatInt(m.Units, 10), market(m.Marketplace), m.Order, cost, m.Cost.Currency, m.Note})
		}
		return l, true
	}
	return costList{}, false
}

// write makes the file, which must not exist yet.
func (l costList) write(path string) error {
	var b bytes.Buffer
	if err := costfiles.Write(&b, path, l.name, l.columns, l.rows); err != nil {
		return err
	}
	return writeNewFile(path, b.String())
}

// costImport is a list that was read and waits for the user's word.
type costImport struct {
	lines []string // what would be stored, one line each
	bad   []costfiles.Problem
	store func(*store.Tx) error
	cause string
}

// readCostList reads the list that belongs to a tab.
func readCostList(tab, path string, x costsText) (costImport, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return costImport{}, err
	}
	in := costImport{cause: filepath.Base(path)}
	switch tab {
	case tabExpenses:
		rows, bad, err := costfiles.Expenses(body, marketplaceOf)
		for _, o := range rows {
			in.lines = append(in.lines, fmt.Sprintf("%s   %s   %s", o.Code, x.loc.MoneyWithCode(o.Amount), x.words.T("costs.repeat."+string(o.Repeat))))
		}
		in.bad, in.store = bad, func(tx *store.Tx) error {
			for _, o := range rows {
				if _, err := tx.PutExpense(o); err != nil {
					return err
				}
			}
			return nil
		}
		return in, err
	case tabPostage:
		return readBill(path, body, x, in)
	case tabRates:
		quotes, err := costfiles.ECBRates(body)
		if err == nil {
			in.lines = []string{x.words.T("costs.import.rates", x.loc.Count(int64(len(quotes))), x.day(quotes[len(quotes)-1].Day), x.day(quotes[0].Day))}
		}
		in.store = func(tx *store.Tx) error { _, err := tx.PutRates(quotes); return err }
		return in, err
	}
	rows, bad, err := costfiles.Purchases(body, marketplaceOf)
	for _, p := range rows {
		m, _ := p.Landed() // its sum was proved when it was read
		in.lines = append(in.lines, fmt.Sprintf("%s   %s × %s   %s", p.Code, x.loc.Count(p.Units), p.SKU, x.loc.MoneyWithCode(m)))
	}
	in.bad, in.store = bad, func(tx *store.Tx) error {
		for _, p := range rows {
			if _, err := tx.PutPurchase(p); err != nil {
				return err
			}
		}
		return nil
	}
	return in, err
}
