package store_test

import (
	"fmt"
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// Orders are derived by name: an estimate goes by the latest sale also where that
// comes after it, in the same step.
func TestEstimatesGoByTheLatestSale(t *testing.T) {
	b := newBook(t)
	fee := func(f books.Fact, minor int64) books.Fact {
		f.Path, f.Amount.Minor, f.Quantity, f.Seq = "AmazonFees/Commission/Base", minor, 0, 1
		return f
	}
	old := sold("O1", "A", 1, 1000, "2026-10-20")
	addFacts(t, b, old, fee(old, -150))
	price := int64(1000)
	late := sold("O9", "A", 1, 1000, "2026-10-29")
	fresh := sold("O8", "B", 1, 1000, "2026-10-29")
	write(t, b, func(tx *store.Tx) error {
		for i, sku := range []string{"A", "B"} {
			if _, err := tx.PutOrder(store.Order{
				Connection: "na", ID: fmt.Sprint("O", 2+i), Marketplace: usMarket, Status: "SHIPPED", FulfilledBy: "AMAZON", Purchased: now.AddDate(0, 0, -3), Updated: now.AddDate(0, 0, -2),
				Currency: "USD", Origin: store.FromAPI, Items: []store.OrderItem{{SKU: sku, ItemID: "I1", Quantity: 1, Price: &price}},
			}); err != nil {
				return err
			}
		}
		for _, f := range []books.Fact{late, fee(late, -170), fresh, fee(fresh, -80)} {
			if _, err := tx.AddFact(f); err != nil {
				return err
			}
		}
		return tx.AddCoverage("na", "finances", store.Interval{From: now.AddDate(0, -2, 0), To: now.AddDate(0, 0, -1)})
	})
	lines := func() string {
		return text(t, b, `SELECT group_concat(order_id || ' ' || amount_minor, ', ') FROM (SELECT order_id, amount_minor FROM event JOIN money_line l ON event_id = id
			WHERE l.state = 'estimated' AND line = 'fee.referral' ORDER BY 1)`)
	}
	if got := lines(); got != "O2 -170, O3 -80" {
		t.Errorf("estimated: %s", got)
	}
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := lines(); got != "O2 -170, O3 -80" {
		t.Errorf("rebuilt: %s", got)
	}
}

// What Amazon says the fees will be comes after the order: the estimate follows.
func TestEstimatesFollowWhatAmazonSays(t *testing.T) {
	b := newBook(t)
	price, total := int64(1000), int64(140)
	order := func(sku, id string) store.Order {
		return store.Order{
			Connection: "na", ID: id, Marketplace: usMarket, Status: "SHIPPED", FulfilledBy: "AMAZON", Purchased: now.AddDate(0, 0, -3), Updated: now.AddDate(0, 0, -2),
			Currency: "USD", Origin: store.FromAPI, Items: []store.OrderItem{{SKU: sku, ItemID: "I1", Quantity: 1, Price: &price}},
		}
	}
	old := sold("O1", "A", 1, 1000, "2026-10-20")
	fee := old
	fee.Path, fee.Amount.Minor, fee.Quantity, fee.Seq = "AmazonFees/Commission/Base", -150, 0, 1
	addFacts(t, b, old, fee)
	write(t, b, func(tx *store.Tx) error {
		for _, o := range []store.Order{order("A", "O2"), order("B", "O3")} {
			if _, err := tx.PutOrder(o); err != nil {
				return err
			}
		}
		return tx.AddCoverage("na", "finances", store.Interval{From: now.AddDate(0, -2, 0), To: now.AddDate(0, 0, -1)})
	})
	lines := func() string {
		return text(t, b, `SELECT group_concat(order_id || ' ' || amount_minor, ', ') FROM (SELECT order_id, amount_minor FROM event JOIN money_line l ON event_id = id
			WHERE l.state = 'estimated' AND line = 'fee.referral' ORDER BY 1)`)
	}
	if got := lines(); got != "O2 -150" {
		t.Errorf("by the latest sale: %s", got)
	}
	write(t, b, func(tx *store.Tx) error {
		for _, sku := range []string{"A", "B"} {
			if err := tx.PutFeeEstimate(store.FeeEstimate{Connection: "na", Marketplace: usMarket, SKU: sku, FulfilledBy: "AMAZON", Currency: "USD", Price: price,
				Taken: now, Total: &total, Parts: []store.FeePart{{Fee: "ReferralFee", Amount: 140, Final: 140}}}); err != nil {
				return err
			}
		}
		return nil
	})
	if got := lines(); got != "O2 -140, O3 -140" {
		t.Errorf("by what Amazon says: %s", got)
	}
}
