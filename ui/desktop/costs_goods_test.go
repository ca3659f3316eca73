package desktop

import (
	"strings"
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
)

// Goods that were lost are noted on the screen of costs: what it changes is said
// first, and nothing is changed until the second word.
func TestGoodsAreNotedAfterTheirEffectWasSaid(t *testing.T) {
	s := newEmptySession(t)
	if err := s.Book.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutConnection(store.Connection{ID: "de", Region: "EU", Kind: store.KindFiles}, nil); err != nil {
			return err
		}
		if err := tx.SetCostMethod(books.FIFO, nil); err != nil {
			return err
		}
		_, err := tx.PutPurchase(books.Purchase{Code: "PO-1", SKU: "MUG-1", Day: "2026-01-01", Units: 10, Price: 2500, Currency: "EUR"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	f, settle := frameOver(t, s, "en")
	f.show(route{Screen: "costs", View: tabGoods, SKU: "MUG-1", Market: "A1PA6795UKMFR9"})
	settle()
	screen := f.built["costs"].screen.(*costsScreen)
	if screen.tab != tabGoods {
		t.Fatalf("it opened %s", screen.tab)
	}
	note := func() {
		screen.askGoods() // of the product that it was asked for
		press(t, f.env, "Save")
		settle()
	}
	note()
	if said := textOn(f.env); !strings.Contains(said, "cost of goods and net profit −2.50 EUR") || !strings.Contains(said, "1 × MUG-1") {
		t.Errorf("it says %s", said)
	}
	ordersShoot(t, f.env, "costs-goods-effect")
	if n := len(screen.facts.goods); n != 0 {
		t.Fatalf("%d moves before the second word", n)
	}
	press(t, f.env, "Cancel")
	note()
	press(t, f.env, "Note it")
	settle()
	g := screen.facts.goods
	if len(g) != 1 || g[0].Cost.String() != "-2.50 EUR" || g[0].Marketplace != "A1PA6795UKMFR9" || g[0].Connection != "de" {
		t.Fatalf("noted %+v", g)
	}
	ordersShoot(t, f.env, "costs-goods")
	if l, ok := screen.facts.list(tabGoods); !ok || len(l.rows) != 1 || strings.Join(l.rows[0][1:], " ") != "lost MUG-1 1 Amazon.de  -2.50 EUR " {
		t.Errorf("written as %q", l.rows)
	}
	screen.askGoodsMove(g[0])
	settle()
	if said := textOn(f.env); !strings.Contains(said, "net profit +2.50 EUR") {
		t.Errorf("taken back it says %s", said)
	}
	press(t, f.env, "Remove")
	settle()
	if n := len(screen.facts.goods); n != 0 {
		t.Errorf("%d moves after it was removed", n)
	}
}

// A return of an order that the book does not know is refused with what to do.
func TestAReturnOfAnUnknownOrderIsRefused(t *testing.T) {
	f, settle := frameOver(t, newEmptySession(t), "en")
	f.show(route{Screen: "costs"})
	settle()
	screen := f.built["costs"].screen.(*costsScreen)
	screen.tryGoods(costfiles.Goods{Kind: "returned", SKU: "A", Units: 1, Day: "2026-03-01", Order: "028-0000000-0000000"})
	settle()
	if said := textOn(f.env); !strings.Contains(said, "Check the order number") {
		t.Errorf("it says %s", said)
	}
}
