package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

const usMarket = "ATVPDKIKX0DER"

// sold is a shipment of units in one transaction of the Finances API.
func sold(order, sku string, units, price int64, on string) books.Fact {
	at, err := time.Parse(time.DateOnly, on)
	if err != nil {
		panic(err)
	}
	return books.Fact{
		Connection: "na", Source: books.Finances, Posting: "T-" + order + "-" + sku, Order: order, SKU: sku, Marketplace: usMarket,
		Type: "Shipment", Path: "ProductCharges/OurPricePrincipal", Amount: books.Money{Minor: price, Currency: "USD"}, Quantity: units,
		Posted: at.Add(20 * time.Hour), State: books.Released,
	}
}

func addFacts(t testing.TB, b *store.Book, facts ...books.Fact) {
	t.Helper()
	write(t, b, func(tx *store.Tx) error {
		for _, f := range facts {
			if _, err := tx.AddFact(f); err != nil {
				return err
			}
		}
		return nil
	})
}

func buy(sku, day string, units, price int64) books.Purchase {
	return books.Purchase{Code: sku + " " + day, SKU: sku, Day: day, Units: units, Price: price, Currency: "USD"}
}

func put(t testing.TB, b *store.Book, list ...books.Purchase) {
	t.Helper()
	write(t, b, func(tx *store.Tx) error {
		tx.Because("Ada", "purchases")
		for _, p := range list {
			if _, err := tx.PutPurchase(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// costs gives the cost of goods per order, and the units without one.
func costs(t testing.TB, b *store.Book) string {
	t.Helper()
	rows, err := b.Reader().QueryContext(t.Context(), `SELECT e.type, e.order_id, l.amount_minor, l.uncovered FROM event e JOIN money_line l ON l.event_id = e.id
		WHERE l.line = 'cogs' ORDER BY e.event_day, e.occurred_at, e.order_id, e.key`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var typ, order string
		var minor, uncovered int64
		if err := rows.Scan(&typ, &order, &minor, &uncovered); err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprint(order, " ", minor)
		if typ != "sale" {
			text = typ + " " + text
		}
		if uncovered > 0 {
			text += fmt.Sprintf("/%d", uncovered)
		}
		out = append(out, text)
	}
	wrong, err := b.CheckSums(t.Context())
	if err != nil || len(wrong) > 0 {
		t.Errorf("sums: %v %v", wrong, err)
	}
	return strings.Join(out, ", ")
}

func wantCosts(t testing.TB, b *store.Book, step, want string) {
	t.Helper()
	if got := costs(t, b); got != want {
		t.Errorf("%s: %s, want %s", step, got, want)
	}
}

func TestPurchasesCostWhatIsSold(t *testing.T) {
	b := newBook(t)
	addFacts(t, b, sold("O1", "A", 1, 2000, "2026-01-05"), sold("O2", "A", 2, 4000, "2026-02-05"), sold("O3", "A", 1, 2000, "2026-03-05"))
	wantCosts(t, b, "nothing is known", "O1 0/1, O2 0/2, O3 0/1")
	write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(books.FIFO, nil) })
	put(t, b, buy("A", "2026-01-01", 2, 1000))
	wantCosts(t, b, "one batch", "O1 -500, O2 -500/1, O3 0/1")
	put(t, b, buy("A", "2026-02-01", 10, 7000))
	wantCosts(t, b, "a second one", "O1 -500, O2 -1200, O3 -700")

	// A late invoice: the first batch cost more.
	late := buy("A", "2026-01-01", 2, 1000)
	late.Freight = 100
	put(t, b, late)
	wantCosts(t, b, "a late invoice", "O1 -550, O2 -1250, O3 -700")
	detail := text(t, b, `SELECT detail FROM audit_entry ORDER BY id DESC LIMIT 1`)
	if detail != "purchases by Ada: cost of goods 2026-01 -0.50 USD; 2026-02 -0.50 USD" {
		t.Errorf("the audit log says %q", detail)
	}
	changes, err := b.FigureChanges(t.Context(), store.ChangeFilter{Month: "2026-02"})
	if err != nil || len(changes) != 3 || changes[0].Before != -1200 || changes[0].After != -1250 || changes[0].By != "Ada" {
		t.Errorf("changes: %+v %v", changes, err)
	}

	for _, m := range []struct {
		method books.Method
		want   string
	}{
		{books.Average, "O1 -550, O2 -1373, O3 -686"}, // 550 + 7000 over 11: 7550/11 = 686.36
		{books.ByPeriod, "O1 -550, O2 -1400, O3 -700"},
		{books.FIFO, "O1 -550, O2 -1250, O3 -700"},
	} {
		write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(m.method, nil) })
		wantCosts(t, b, string(m.method), m.want)
		before := costs(t, b)
		if err := b.Rebuild(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		wantCosts(t, b, string(m.method)+" rebuilt", before)
	}

	values, err := b.StockValues(t.Context(), "2026-12-31", books.Methods(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"[56.00 USD] [-25.00 USD]", "[54.91 USD] [-26.09 USD]", "[56.00 USD] [-26.50 USD]"} {
		if got := fmt.Sprint(values[i].Totals, " ", values[i].Cost); got != want {
			t.Errorf("%s: left and cost %s, want %s", values[i].Method, got, want)
		}
	}
	write(t, b, func(tx *store.Tx) error { return tx.DeletePurchase("A 2026-02-01") })
	wantCosts(t, b, "a purchase is removed", "O1 -550, O2 -550/1, O3 0/1")
	if err := b.Write(t.Context(), func(tx *store.Tx) error { return tx.DeletePurchase("A 2026-02-01") }); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	uncovered, err := b.Uncovered(t.Context())
	if err != nil || len(uncovered) != 1 || uncovered[0].Units != 2 || uncovered[0].Gap != books.GapSoldOut || uncovered[0].First != "2026-02-05" {
		t.Errorf("uncovered: %+v %v", uncovered, err)
	}
}

// Facts that arrive late, in any order, give the same costs.
func TestLateSalesMoveTheLayers(t *testing.T) {
	b := newBook(t)
	write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(books.FIFO, nil) })
	put(t, b, buy("A", "2026-01-01", 1, 100), buy("A", "2026-01-02", 1, 900))
	addFacts(t, b, sold("O2", "A", 1, 2000, "2026-02-05"))
	wantCosts(t, b, "the later sale first", "O2 -100")
	addFacts(t, b, sold("O1", "A", 1, 2000, "2026-01-05"))
	wantCosts(t, b, "an earlier one arrives", "O1 -100, O2 -900")
	same := sold("O1", "A", 1, 2000, "2026-01-05")
	same.Source, same.Posting, same.Path, same.Type, same.State, same.Settlement = books.Settlement, "S1:1", "ItemPrice/Principal", "Order", books.Settled, "S1"
	addFacts(t, b, same)
	wantCosts(t, b, "the settlement comes", "O1 -100, O2 -900")
}

func TestReturnsAndLosses(t *testing.T) {
	b := newBook(t)
	write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(books.FIFO, nil) })
	put(t, b, buy("A", "2026-01-01", 2, 400), buy("A", "2026-01-02", 3, 1500))
	addFacts(t, b, sold("O1", "A", 1, 2000, "2026-01-05"), sold("O2", "A", 2, 4000, "2026-01-06"))
	wantCosts(t, b, "sold", "O1 -200, O2 -700")
	yes, no := true, false
	when := time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC)
	goods := store.CustomerReturn{Channel: "AMAZON", Order: "O1", SKU: "A", Returned: when, Reference: "LPN1", Ordinal: 1, Day: "2026-01-20", Marketplace: usMarket, Units: 1, Sellable: &yes}
	goods.Connection = "na"
	broken := goods
	broken.Order, broken.Reference, broken.Sellable = "O2", "LPN2", &no
	lost := store.StockMove{Day: "2026-01-22", FNSKU: "X", SKU: "A", Event: "Adjustments", Reason: "M", Disposition: "SELLABLE", Country: "US", Units: -1, Ordinal: 1}
	lost.Connection = "na"
	found := lost
	found.Day, found.Reason, found.Units = "2026-01-25", "F", 1
	write(t, b, func(tx *store.Tx) error {
		for _, r := range []store.CustomerReturn{goods, broken} {
			if _, err := tx.PutCustomerReturn(r); err != nil {
				return err
			}
		}
		_, err := tx.PutStockMove(lost)
		return err
	})
	wantCosts(t, b, "one came back whole, one was lost", "O1 -200, O2 -700, return O1 200, writeoff  -200")
	write(t, b, func(tx *store.Tx) error { _, err := tx.PutStockMove(found); return err })
	addFacts(t, b, sold("O3", "A", 3, 6000, "2026-02-06"))
	wantCosts(t, b, "found and sold again", "O1 -200, O2 -700, return O1 200, writeoff  -200, found  200, O3 -1200")
	before := costs(t, b)
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wantCosts(t, b, "rebuilt", before)
	var id int64
	write(t, b, func(tx *store.Tx) (err error) {
		id, err = tx.AddGoodsMove(store.GoodsMove{Connection: "na", Kind: "returned", Order: "O2", SKU: "A", Marketplace: usMarket, Units: 1, At: when})
		return err
	})
	wantCosts(t, b, "the seller says that O2 came back too", "O1 -200, O2 -700, return O1 200, return O2 500, writeoff  -200, found  200, O3 -1200")
	write(t, b, func(tx *store.Tx) error { return tx.DeleteGoodsMove(id) })
	wantCosts(t, b, "no, it did not", before)
}

// Reports come in any order: what came back may be told before its sale, and
// what was found before its loss.
func TestGoodsAreToldBeforeWhatTheyTakeBack(t *testing.T) {
	b := newBook(t)
	yes := true
	goods := store.CustomerReturn{Channel: "AMAZON", Order: "O1", SKU: "A", Returned: time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC), Reference: "LPN1",
		Ordinal: 1, Day: "2026-01-20", Marketplace: usMarket, Units: 1, Sellable: &yes}
	found := store.StockMove{Day: "2026-01-25", FNSKU: "X", SKU: "A", Event: "Adjustments", Reason: "F", Disposition: "SELLABLE", Country: "US", Units: 1, Ordinal: 1}
	goods.Connection, found.Connection = "na", "na"
	write(t, b, func(tx *store.Tx) error {
		unit, err := books.ParseUnit("2.5")
		if err != nil {
			return err
		}
		if err := tx.PutCosts([]books.Cost{{SKU: "A", Unit: unit, Currency: "USD"}}); err != nil {
			return err
		}
		_, returned := tx.PutCustomerReturn(goods)
		_, moved := tx.PutStockMove(found)
		return errors.Join(returned, moved)
	})
	wantCosts(t, b, "nothing to take back", "return O1 0, found  0")
	addFacts(t, b, sold("O1", "A", 1, 2000, "2026-01-05"))
	wantCosts(t, b, "the sale", "O1 -250, return O1 250, found  0")
	lost := found
	lost.Day, lost.Reason, lost.Units = "2026-01-22", "M", -1
	write(t, b, func(tx *store.Tx) error { _, err := tx.PutStockMove(lost); return err })
	wantCosts(t, b, "the loss", "O1 -250, return O1 250, writeoff  -250, found  250")
	before := costs(t, b)
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wantCosts(t, b, "rebuilt", before)
}

func TestKitsDrawFromTheirParts(t *testing.T) {
	b := newBook(t)
	addFacts(t, b, sold("O1", "A3", 1, 6000, "2026-01-05"), sold("O2", "A", 1, 2000, "2026-01-06"))
	write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(books.FIFO, nil) })
	put(t, b, buy("A", "2026-01-01", 3, 300), buy("A", "2026-01-02", 3, 600))
	wantCosts(t, b, "no kit yet", "O1 0/1, O2 -100")
	write(t, b, func(tx *store.Tx) error { return tx.PutKit("A3", []books.Part{{SKU: "A", Units: 3}}) })
	wantCosts(t, b, "a multipack", "O1 -300, O2 -200")
	for name, f := range map[string]func(tx *store.Tx) error{
		"a kit of itself":      func(tx *store.Tx) error { return tx.PutKit("B", []books.Part{{SKU: "B", Units: 1}}) },
		"a kit of a kit":       func(tx *store.Tx) error { return tx.PutKit("B", []books.Part{{SKU: "A3", Units: 1}}) },
		"a part becomes a kit": func(tx *store.Tx) error { return tx.PutKit("A", []books.Part{{SKU: "C", Units: 1}}) },
		"none of a part":       func(tx *store.Tx) error { return tx.PutKit("B", []books.Part{{SKU: "C"}}) },
	} {
		if err := b.Write(t.Context(), f); !errors.Is(err, store.ErrKit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := b.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.PutPurchase(buy("A3", "2026-01-01", 1, 1)); return err })
	if !errors.Is(err, store.ErrKitPurchase) {
		t.Errorf("a kit is bought: %v", err)
	}
	write(t, b, func(tx *store.Tx) error { return tx.PutKit("A3", nil) })
	wantCosts(t, b, "no kit any more", "O1 0/1, O2 -100")
}

func TestPurchasesAreFixedInTheBooksCurrency(t *testing.T) {
	b := newBook(t)
	addFacts(t, b, sold("O1", "A", 1, 2000, "2026-01-05"))
	write(t, b, func(tx *store.Tx) error {
		return errors.Join(tx.SetCostMethod(books.FIFO, nil), tx.SetBookCurrency("USD"))
	})
	p := buy("A", "2026-01-04", 10, 70000)
	p.Currency = "CNY"
	var missing *store.NoRateError
	err := b.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.PutPurchase(p); return err })
	if !errors.As(err, &missing) || missing.Day != "2026-01-04" {
		t.Fatalf("without a rate: %v", err)
	}
	rate := func(day, to, r string) books.Quote {
		d, err := books.ParseUnit(r)
		if err != nil {
			t.Fatal(err)
		}
		return books.Quote{Day: day, From: "EUR", To: to, Rate: d, Source: "ecb"}
	}
	write(t, b, func(tx *store.Tx) error {
		n, err := tx.PutRates([]books.Quote{rate("2026-01-02", "USD", "1.1"), rate("2026-01-02", "CNY", "7.7")})
		if n != 2 {
			t.Errorf("%d rates stored", n)
		}
		return err
	})
	put(t, b, p) // 700.00 CNY * 1.1 / 7.7 = 100.00 USD
	wantCosts(t, b, "through the euro, of the Friday before", "O1 -1000")
	list, err := b.Purchases(t.Context())
	if err != nil || len(list) != 1 || list[0].Fixed.String() != "100.00 USD" || list[0].Exchange.Day != "2026-01-02" || list[0].RateText != "0.142857" {
		t.Errorf("stored: %+v %v", list, err)
	}
	p.Rate, _ = books.ParseUnit("0.15")
	put(t, b, p)
	wantCosts(t, b, "a rate typed in", "O1 -1050")
	write(t, b, func(tx *store.Tx) error { return tx.SetBookCurrency("EUR") })
	list, err = b.Purchases(t.Context())
	if err != nil || list[0].Fixed.String() != "90.91 EUR" {
		t.Errorf("in euros: %+v %v", list, err)
	}
	wantCosts(t, b, "sold in dollars at the rate of the day of sale", "O1 -1000") // 9.09 EUR * 1.1
	again := false
	write(t, b, func(tx *store.Tx) (err error) {
		p.Rate = books.Decimal{}
		again, err = tx.PutPurchase(p)
		return err
	})
	if again {
		t.Error("the same purchase was stored twice")
	}
}
