package store_test

import (
	"testing"
	"time"

	"countinghouse/data/store"
)

// Days between counts are reckoned from the ledger's moves, as far as it
// reaches and no further; without a ledger only counts are known, and what
// orders do not explain is told as such.
func TestStockHistory(t *testing.T) {
	const us = "ATVPDKIKX0DER"
	key := store.StockKey{Connection: "na", Marketplace: us, SKU: "A"}
	b := newBook(t)
	count := func(day string, units int64) {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		write(t, b, func(tx *store.Tx) error {
			return tx.PutStock(store.Stock{Connection: "na", Marketplace: us, SKU: "A", Taken: at.Add(20 * time.Hour), Fulfillable: units, InboundShipped: 7, Total: units + 7})
		})
	}
	count("2026-10-05", 10)
	count("2026-10-08", 4)
	h, err := b.StockHistory(t.Context(), key, "2026-10-01", "2026-10-10")
	if err != nil {
		t.Fatal(err)
	}
	levels := func(h store.StockHistory) (out []int64) {
		for _, l := range h.Levels {
			if l.Known {
				out = append(out, l.Available)
			} else {
				out = append(out, -1)
			}
		}
		return out
	}
	same(t, "levels of two counts", levels(h), []int64{-1, -1, -1, -1, 10, -1, -1, 4, -1, -1})
	if h.Ledger || len(h.Moves) != 1 || h.Moves[0].Units != -6 || !h.Moves[0].FromCount {
		t.Errorf("moves without a ledger: %+v", h.Moves)
	}

	move := func(day, event, disposition string, units int64) {
		write(t, b, func(tx *store.Tx) error {
			_, err := tx.PutStockMove(store.StockMove{Told: store.Told{Connection: "na", Until: now}, Day: day, SKU: "A", FNSKU: "X", Event: event, Disposition: disposition, Units: units, Ordinal: 1})
			return err
		})
	}
	move("2026-10-03", "Receipts", "SELLABLE", 12)
	move("2026-10-04", "Shipments", "SELLABLE", -2)
	move("2026-10-06", "Shipments", "SELLABLE", -5)
	move("2026-10-06", "CustomerReturns", "CUSTOMER_DAMAGED", 1)
	move("2026-10-07", "Shipments", "SELLABLE", -1)
	move("2026-10-09", "Shipments", "SELLABLE", -4)
	h, err = b.StockHistory(t.Context(), key, "2026-10-01", "2026-10-10")
	if err != nil {
		t.Fatal(err)
	}
	// The ledger reaches from the 3rd to the 9th: the 2nd is what was there
	// before its first move, the 10th and the 1st nobody knows.
	same(t, "levels with a ledger", levels(h), []int64{-1, 0, 12, 10, 10, 5, 4, 4, 0, -1})
	if !h.Ledger || len(h.Moves) != 6 || h.Moves[0].Day != "2026-10-09" || h.Levels[2].Arrived != 12 {
		t.Errorf("moves of the ledger: %+v", h.Moves)
	}
	if l := h.Levels[4]; !l.Counted || l.Inbound != 7 || h.Levels[5].Counted {
		t.Errorf("the count of the 5th: %+v", l)
	}
}

func same(t *testing.T, what string, got, want []int64) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
	}
}
