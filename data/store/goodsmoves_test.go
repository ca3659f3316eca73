package store_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// What a move would change is told before it is noted, by the same rules: the book
// stays as it is until it is, and then holds just that.
func TestGoodsMovesAreTriedBeforeTheyAreNoted(t *testing.T) {
	b := newBook(t)
	write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(books.FIFO, nil) })
	put(t, b, buy("A", "2026-01-01", 2, 400), buy("A", "2026-01-02", 3, 1500))
	addFacts(t, b, sold("O1", "A", 1, 2000, "2026-01-05"), sold("O2", "A", 1, 4000, "2026-02-06"))
	const before = "O1 -200, O2 -200"
	wantCosts(t, b, "sold", before)
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at.Add(20 * time.Hour)
	}
	effect := func(month string, change, open int64) store.GoodsEffect {
		return store.GoodsEffect{Month: month, Currency: "USD", Change: change, Open: open}
	}
	for _, tc := range []struct {
		name  string
		move  store.GoodsMove
		want  []store.GoodsEffect
		costs string
		shown string // of the list
	}{
		{"one lost between the sales moves the layers after it", store.GoodsMove{Kind: "lost", SKU: "A", Marketplace: usMarket, Units: 1, At: day("2026-01-20")},
			[]store.GoodsEffect{effect("2026-01", -200, 0), effect("2026-02", -300, 0)}, "O1 -200, writeoff  -200, O2 -500", "-2.00 USD"},
		{"one came back", store.GoodsMove{Kind: "returned", Order: "O2", SKU: "A", Units: 1, At: day("2026-03-02")},
			[]store.GoodsEffect{effect("2026-03", 200, 0)}, "O1 -200, O2 -200, return O2 200", "2.00 USD"},
		{"more were lost than were there", store.GoodsMove{Kind: "lost", SKU: "A", Marketplace: usMarket, Units: 5, At: day("2026-03-02")},
			[]store.GoodsEffect{effect("2026-03", -1500, 2)}, "O1 -200, O2 -200, writeoff  -1500/2", "-"},
		{"nothing was lost that could be found", store.GoodsMove{Kind: "found", SKU: "A", Marketplace: usMarket, Units: 1, At: day("2026-03-02")}, nil, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := tc.move
			if err := b.PlaceGoods(t.Context(), &m); err != nil || m.Connection != "na" || m.Marketplace != usMarket {
				t.Fatalf("placed at %q %q: %v", m.Connection, m.Marketplace, err)
			}
			got, err := b.TryGoods(t.Context(), func(tx *store.Tx) error { _, err := tx.AddGoodsMove(m); return err })
			if err != nil || !reflect.DeepEqual(got, tc.want) {
				t.Errorf("it would change %+v (%v), want %+v", got, err, tc.want)
			}
			wantCosts(t, b, "only tried", before)
			if tc.want == nil {
				return
			}
			var id int64
			write(t, b, func(tx *store.Tx) (err error) { id, err = tx.AddGoodsMove(m); return err })
			wantCosts(t, b, "noted", tc.costs)
			list, err := b.GoodsMoves(t.Context())
			if err != nil || len(list) != 1 || list[0].ID != id || list[0].SKU != "A" {
				t.Fatalf("listed %+v (%v)", list, err)
			}
			shown := "-"
			if list[0].Cost.Known {
				shown = list[0].Cost.String()
			}
			if shown != tc.shown || list[0].Day == "" {
				t.Errorf("listed with %s on %q, want %s", shown, list[0].Day, tc.shown)
			}
			drop := func(tx *store.Tx) error { return tx.DeleteGoodsMove(id) }
			back, err := b.TryGoods(t.Context(), drop)
			if err != nil || len(back) != len(tc.want) {
				t.Fatalf("taken back it would change %+v (%v)", back, err)
			}
			for i, e := range back {
				if e.Change != -tc.want[i].Change || e.Open != -tc.want[i].Open {
					t.Errorf("taken back it would change %+v, want the opposite of %+v", e, tc.want[i])
				}
			}
			write(t, b, drop)
			wantCosts(t, b, "taken back", before)
		})
	}
	if err := b.PlaceGoods(t.Context(), &store.GoodsMove{Kind: "returned", Order: "unknown", SKU: "A"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a return of an unknown order: %v", err)
	}
	if _, err := b.TryGoods(t.Context(), func(tx *store.Tx) error { return tx.DeleteGoodsMove(99) }); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a move that is not there: %v", err)
	}
}

// The list tells two moves of one day apart.
func TestGoodsMovesOfOneDayHaveTheirOwnCost(t *testing.T) {
	b := newBook(t)
	write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(books.FIFO, nil) })
	put(t, b, buy("A", "2026-01-01", 1, 400), buy("A", "2026-01-02", 1, 900))
	at := time.Date(2026, 1, 9, 12, 0, 0, 0, time.UTC)
	write(t, b, func(tx *store.Tx) error {
		for range 2 {
			if _, err := tx.AddGoodsMove(store.GoodsMove{Connection: "na", Kind: "lost", SKU: "A", Marketplace: usMarket, Units: 1, At: at}); err != nil {
				return err
			}
		}
		return nil
	})
	list, err := b.GoodsMoves(t.Context())
	if err != nil || len(list) != 2 || list[0].Cost.Minor+list[1].Cost.Minor != -1300 || list[0].Cost.Minor == list[1].Cost.Minor {
		t.Errorf("listed %+v (%v)", list, err)
	}
}
