package appsync

import (
	"context"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// inventory: FBA Inventory v1 getInventorySummaries, 2/s burst 2, about 50 a
// page. The page token lives 30 seconds, so the client reads all pages before
// anything is written. A snapshot only; the last one of a day is kept.
type inventory struct{}

func (inventory) Name() string         { return nameInventory }
func (inventory) Stage() int           { return 1 }
func (inventory) Every() time.Duration { return 30 * time.Minute }
func (inventory) After() []string      { return nil }

func (inventory) Sync(ctx context.Context, s *Session) error {
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	for _, m := range marketplaces {
		list, err := s.API.InventorySummaries(ctx, spapi.InventoryQuery{MarketplaceID: m})
		if err != nil {
			return fmt.Errorf("stock of %s: %w", m, err)
		}
		err = s.Page(ctx, len(list), func(tx *store.Tx) error {
			for _, w := range list {
				st := toStock(w)
				st.Connection, st.Marketplace, st.Taken = s.ID(), m, s.Now
				if st.Document, err = tx.PutDocument("inventory", w.Raw); err != nil {
					return err
				}
				if err := tx.PutStock(st); err != nil {
					return err
				}
			}
			return tx.SetBookmark(s.ID(), nameInventory, map[string]string{"last": m}, s.Now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func toStock(w spapi.InventorySummary) store.Stock {
	st := store.Stock{SKU: w.SellerSKU, ASIN: w.ASIN, FNSKU: w.FNSKU, Condition: w.Condition, Total: count(w.TotalQuantity)}
	d := w.InventoryDetails
	if d == nil {
		return st
	}
	st.Fulfillable = count(d.FulfillableQuantity)
	st.InboundWorking, st.InboundShipped, st.InboundReceiving = count(d.InboundWorkingQuantity), count(d.InboundShippedQuantity), count(d.InboundReceivingQuantity)
	if r := d.ReservedQuantity; r != nil {
		st.Reserved = count(r.Total)
	}
	if r := d.ResearchingQuantity; r != nil {
		st.Researching = count(r.Total)
	}
	if u := d.UnfulfillableQuantity; u != nil {
		st.Unfulfillable = count(u.Total)
	}
	return st
}
