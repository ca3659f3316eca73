package appsync

import (
	"fmt"
	"strings"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// toDetails takes out what an order tells beside its lines and sums. The
// buyer's own words for a cancellation are left where they are.
func toDetails(connection string, w spapi.Order) (store.OrderDetails, error) {
	d := store.OrderDetails{Connection: connection, Order: w.OrderID}
	for _, a := range w.AssociatedOrders {
		if a.OrderID != "" {
			d.Links = append(d.Links, store.OrderLink{Other: a.OrderID, Kind: a.AssociationType})
		}
	}
	for _, it := range w.OrderItems {
		item, err := toItemDetail(it)
		if err != nil {
			return d, fmt.Errorf("item %s: %w", it.OrderItemID, err)
		}
		d.Items = append(d.Items, item)
	}
	for _, p := range w.Packages {
		v := store.PackageDetail{
			Reference: p.PackageReferenceID, Status: p.PackageStatus.Status, DetailedStatus: p.PackageStatus.DetailedStatus, Created: p.CreatedTime.Time,
		}
		for _, it := range p.PackageItems {
			v.Items = append(v.Items, store.PackageItem{ItemID: it.OrderItemID, Quantity: int64(it.Quantity)})
		}
		d.Packages = append(d.Packages, v)
	}
	return d, nil
}

func toItemDetail(w spapi.OrderItem) (d store.ItemDetail, err error) {
	d.SKU = w.Product.SellerSKU
	if c := w.Product.Condition; c != nil {
		d.Condition = strings.Trim(c.ConditionType+"/"+c.ConditionSubtype, "/")
	}
	if w.Product.Price != nil {
		if d.Unit, d.Currency, err = optMoney(w.Product.Price.UnitPrice); err != nil {
			return d, fmt.Errorf("unit price: %w", err)
		}
	}
	if w.Expense != nil && w.Expense.PointsCost != nil && w.Expense.PointsCost.PointsGranted != nil {
		value, currency, err := optMoney(w.Expense.PointsCost.PointsGranted.PointsMonetaryValue)
		if err != nil {
			return d, fmt.Errorf("points: %w", err)
		}
		d.PointsValue, d.Currency = value, firstOf(d.Currency, currency)
	}
	if w.Promotion != nil {
		for _, p := range w.Promotion.Breakdowns {
			if p.PromotionID != "" {
				d.Promotions = append(d.Promotions, p.PromotionID)
			}
		}
	}
	fillCancellation(&d, w.Cancellation)
	if f := w.Fulfillment; f != nil && f.Packing != nil && f.Packing.GiftOption != nil {
		d.GiftWrap = f.Packing.GiftOption.GiftWrapLevel
	}
	for _, a := range w.AssociatedOrderItems {
		d.OtherOrder, d.OtherItem = a.OrderID, a.OrderItemID
	}
	return d, nil
}

func fillCancellation(d *store.ItemDetail, c *spapi.ItemCancellation) {
	if c != nil {
		if c.CancellationRequest != nil {
			d.CancelAskedBy = c.CancellationRequest.Requester
		}
		if c.CancellationExecution != nil {
			d.CancelledBy, d.CancelReason = c.CancellationExecution.CancelledBy, c.CancellationExecution.CancelReason
		}
	}
}
