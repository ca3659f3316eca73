package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"countinghouse/data/books"
)

// StoredPurchase is a purchase as the book holds it.
type StoredPurchase struct {
	books.Purchase
	Landed       books.Money    // in the currency paid
	Fixed        books.Money    // in the book's currency, at Exchange
	Exchange     books.Exchange // the rate of the day of purchase
	RateText     string         // the rate as shown
	Document     int64          // the invoice, 0: none
	DocumentName string
	EnteredBy    string
}

// NoRateError says for which purchase or figure an exchange rate is missing.
type NoRateError struct{ From, To, Day string }

// Error says what to do.
func (e *NoRateError) Error() string {
	return fmt.Sprintf("no exchange rate from %s to %s on %s is known; import the European Central Bank's file or type the rate in", e.From, e.To, e.Day)
}

// Unwrap makes it a books.ErrNoRate.
func (e *NoRateError) Unwrap() error { return books.ErrNoRate }

// ErrKitPurchase reports a purchase of a kit: its parts are bought.
var ErrKitPurchase = errors.New("this SKU is a kit; enter the purchase of its parts")

// PutPurchase adds a purchase, or changes the one of the same code, and costs the
// goods of its SKU again. The same once more changes nothing. Its cost is fixed in
// the book's currency at the rate that was typed in or published by that day;
// without one it is a NoRateError and nothing is stored.
func (t *Tx) PutPurchase(p books.Purchase) (changed bool, err error) {
	// Not from the basis: a list of purchases would read that anew for each.
	var kit int
	if err := t.row(`SELECT count(*) FROM kit_part WHERE kit_sku = ?`, []any{p.SKU}, &kit); err != nil {
		return false, err
	}
	if kit > 0 {
		return false, fmt.Errorf("purchase %s: %w", p.Code, ErrKitPurchase)
	}
	var currency string
	if err := t.row(`SELECT value FROM setting WHERE key = ?`, []any{settingCurrency}, &currency); err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	landed, err := p.Landed()
	if err != nil {
		return false, err
	}
	x, err := t.fix(p, currency)
	if err != nil {
		return false, err
	}
	fixed, err := x.Convert(landed)
	if err != nil {
		return false, fmt.Errorf("purchase %s: %w", p.Code, err)
	}
	var before string
	err = t.row(`SELECT sku FROM cost_batch WHERE code = ?`, []any{p.Code}, &before)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	n, err := t.exec(`INSERT INTO cost_batch (code, bought_day, sku, marketplaces, quantity, currency, price_minor, freight_minor, duty_minor,
		prep_minor, other_minor, book_currency, book_minor, rate, rate_day, rate_source, supplier, invoice, note, entered_at, entered_by)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (code) DO UPDATE SET bought_day = excluded.bought_day, sku = excluded.sku, marketplaces = excluded.marketplaces,
		quantity = excluded.quantity, currency = excluded.currency, price_minor = excluded.price_minor, freight_minor = excluded.freight_minor,
		duty_minor = excluded.duty_minor, prep_minor = excluded.prep_minor, other_minor = excluded.other_minor,
		book_currency = excluded.book_currency, book_minor = excluded.book_minor, rate = excluded.rate, rate_day = excluded.rate_day,
		rate_source = excluded.rate_source, supplier = excluded.supplier, invoice = excluded.invoice, note = excluded.note,
		entered_at = excluded.entered_at, entered_by = excluded.entered_by
		WHERE (bought_day, sku, marketplaces, quantity, currency, price_minor, freight_minor, duty_minor, prep_minor, other_minor,
			book_currency, book_minor, rate, rate_day, rate_source, supplier, invoice, note) IS NOT
			(excluded.bought_day, excluded.sku, excluded.marketplaces, excluded.quantity, excluded.currency, excluded.price_minor, excluded.freight_minor,
			excluded.duty_minor, excluded.prep_minor, excluded.other_minor, excluded.book_currency, excluded.book_minor, excluded.rate,
			excluded.rate_day, excluded.rate_source, excluded.supplier, excluded.invoice, excluded.note)`,
		p.Code, p.Day, p.SKU, strings.Join(p.Marketplaces, ","), p.Units, p.Currency, p.Price, p.Freight, p.Duty, p.Prep, p.Other,
		fixed.Currency, fixed.Minor, x.Text(), x.Day, x.Source, p.Supplier, p.Invoice, p.Note, t.now, t.by)
	if err != nil {
		return false, fmt.Errorf("store purchase %s: %w", p.Code, err)
	}
	if n == 0 {
		return false, nil
	}
	t.book.basis = nil
	t.recount[p.SKU] = struct{}{}
	if before != "" {
		t.recount[before] = struct{}{}
	}
	return true, nil
}

// fix finds the exchange of a purchase into the book's currency.
func (t *Tx) fix(p books.Purchase, currency string) (books.Exchange, error) {
	if x, ok := p.Fix(currency, nil); ok {
		return x, nil
	}
	rates, err := readRates(txSource{t}, map[string]bool{p.Currency: true, currency: true}, p.Day)
	if err != nil {
		return books.Exchange{}, fmt.Errorf("read the exchange rates: %w", err)
	}
	x, ok := p.Fix(currency, rates)
	if !ok {
		return x, &NoRateError{p.Currency, currency, p.Day}
	}
	return x, nil
}

// DeletePurchase removes a purchase; ErrNotFound when there is none of that code.
func (t *Tx) DeletePurchase(code string) error {
	var sku string
	if err := t.row(`SELECT sku FROM cost_batch WHERE code = ?`, []any{code}, &sku); err != nil {
		return fmt.Errorf("purchase %s: %w", code, err)
	}
	if _, err := t.exec(`DELETE FROM cost_batch WHERE code = ?`, code); err != nil {
		return fmt.Errorf("remove purchase %s: %w", code, err)
	}
	t.book.basis = nil
	t.recount[sku] = struct{}{}
	return nil
}

// AttachInvoice keeps the file of a purchase's invoice in the book.
func (t *Tx) AttachInvoice(code, name string, body []byte) error {
	id, err := t.PutDocument("invoice", body)
	if err != nil {
		return err
	}
	n, err := t.exec(`UPDATE cost_batch SET document_id = ?, document_name = ? WHERE code = ?`, id, filepath.Base(name), code)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("attach the invoice to purchase %s: %w", code, err)
	}
	return nil
}

// ErrKit reports a kit that cannot be.
var ErrKit = errors.New("a kit holds other SKUs, each at least once; it has no purchases of its own, holds no kit and is in none")

// PutKit says what one unit of a kit or multipack holds, in place of what was
// said before; no parts: it is no kit any more.
func (t *Tx) PutKit(kit string, parts []books.Part) error {
	basis, err := t.loadBasis()
	if err != nil {
		return err
	}
	for _, p := range parts {
		if p.SKU == "" || p.SKU == kit || p.Units <= 0 || len(basis.Kits[p.SKU]) > 0 {
			return fmt.Errorf("kit %s: %w", kit, ErrKit)
		}
	}
	var batches int
	if err := t.row(`SELECT count(*) FROM cost_batch WHERE sku = ?`, []any{kit}, &batches); err != nil {
		return err
	}
	if len(parts) > 0 && (kit == "" || batches > 0 || len(basis.partOf[kit]) > 0) {
		return fmt.Errorf("kit %s: %w", kit, ErrKit)
	}
	for _, sku := range basis.group(map[string]struct{}{kit: {}}) {
		t.recount[sku] = struct{}{}
	}
	if _, err := t.exec(`DELETE FROM kit_part WHERE kit_sku = ?`, kit); err != nil {
		return fmt.Errorf("change kit %s: %w", kit, err)
	}
	for _, p := range parts {
		if _, err := t.exec(`INSERT INTO kit_part (kit_sku, part_sku, units) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET units = units + excluded.units`, kit, p.SKU, p.Units); err != nil {
			return fmt.Errorf("store kit %s: %w", kit, err)
		}
		t.recount[p.SKU] = struct{}{}
	}
	t.book.basis = nil
	return nil
}

// SetCostMethod chooses how costs are counted and counts all goods anew; progress
// is told how many groups of SKUs are done of how many, and may be nil.
func (t *Tx) SetCostMethod(m books.Method, progress func(done, total int)) error {
	if !books.KnownMethod(m) {
		return ErrUnknownMethod
	}
	if err := t.SetSetting(settingMethod, string(m)); err != nil {
		return err
	}
	t.book.basis, t.progress = nil, progress
	return t.recountAll()
}

func (t *Tx) recountAll() error {
	basis, err := t.loadBasis()
	if err != nil {
		return err
	}
	for sku := range basis.layered {
		t.recount[sku] = struct{}{}
	}
	return nil
}

const selectPurchases = `SELECT id, code, bought_day, sku, marketplaces, quantity, currency, price_minor, freight_minor, duty_minor, prep_minor,
	other_minor, book_currency, book_minor, rate, rate_day, rate_source, supplier, invoice, note, coalesce(document_id, 0), document_name, entered_by
	FROM cost_batch ORDER BY bought_day DESC, id DESC`

// Purchases lists the purchases, the newest first.
func (b *Book) Purchases(ctx context.Context) ([]StoredPurchase, error) {
	rows, err := b.Reader().QueryContext(ctx, selectPurchases)
	if err != nil {
		return nil, fmt.Errorf("read the purchases: %w", err)
	}
	var all []StoredPurchase
	err = eachRow(rows, func(r *sql.Rows) error {
		p, err := scanPurchase(r)
		all = append(all, p)
		return err
	})
	return all, err
}

func scanPurchase(r *sql.Rows) (StoredPurchase, error) {
	var p StoredPurchase
	var markets string
	x := &p.Exchange
	err := r.Scan(&p.ID, &p.Code, &p.Day, &p.SKU, &markets, &p.Units, &p.Currency, &p.Price, &p.Freight, &p.Duty, &p.Prep, &p.Other,
		&p.Fixed.Currency, &p.Fixed.Minor, &p.RateText, &x.Day, &x.Source, &p.Supplier, &p.Invoice, &p.Note, &p.Document, &p.DocumentName, &p.EnteredBy)
	if err != nil {
		return p, err
	}
	p.Marketplaces = splitList(markets)
	x.From, x.To = p.Currency, p.Fixed.Currency
	if x.Source == books.SourceTyped {
		if p.Rate, err = books.ParseUnit(p.RateText); err != nil {
			return p, fmt.Errorf("the stored rate of purchase %s: %w", p.Code, err)
		}
	}
	p.Landed, err = p.Purchase.Landed()
	return p, err
}

// Kits lists what each kit holds.
func (b *Book) Kits(ctx context.Context) (map[string][]books.Part, error) {
	basis, err := b.readBasis(ctx)
	if err != nil {
		return nil, err
	}
	return basis.Kits, nil
}

// CostMethod tells how the book counts its costs.
func (b *Book) CostMethod(ctx context.Context) (books.Method, error) {
	text, err := b.Setting(ctx, settingMethod)
	if m := books.Method(text); err == nil && books.KnownMethod(m) {
		return m, nil
	}
	return books.ByPeriod, err
}

// RenamePurchase gives a purchase another name; ErrNotFound when there is none of
// that code, ErrTaken when the new name is another's.
func (t *Tx) RenamePurchase(code, to string) error {
	var n int
	if err := t.row(`SELECT count(*) FROM cost_batch WHERE code = ?`, []any{to}, &n); err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("purchase %s: %w", to, ErrTaken)
	}
	changed, err := t.exec(`UPDATE cost_batch SET code = ? WHERE code = ?`, to, code)
	if err == nil && changed == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("rename purchase %s: %w", code, err)
	}
	return nil
}

// ErrTaken reports a name that is in use.
var ErrTaken = errors.New("this name is taken; choose another")
