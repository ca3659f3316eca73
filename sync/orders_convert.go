package appsync

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// toOrder writes Amazon's order in the words of the book. What Amazon did not
// send stays unknown.
func toOrder(connection string, w spapi.Order) (store.Order, error) {
	o := store.Order{
		Connection: connection, ID: w.OrderID, Marketplace: w.SalesChannel.MarketplaceID, SalesChannel: w.SalesChannel.MarketplaceName,
		Purchased: w.CreatedTime.Time, Updated: w.LastUpdatedTime.Time, Origin: store.FromAPI,
	}
	if o.ID == "" || o.Purchased.IsZero() || o.Updated.IsZero() {
		return o, errors.New("its id or one of its times is missing")
	}
	if !inTime(o.Purchased) || !inTime(o.Updated) {
		return o, fmt.Errorf("one of its times is in the year %d", max(o.Purchased.Year(), o.Updated.Year()))
	}
	if m, ok := markets.ByName(w.SalesChannel.MarketplaceName); ok && o.Marketplace == "" {
		o.Marketplace = m.ID
	}
	if f := w.Fulfillment; f != nil {
		o.Status, o.FulfilledBy, o.ServiceLevel = f.FulfillmentStatus, f.FulfilledBy, f.FulfillmentServiceLevel
		o.ShipBy, o.DeliverBy = latest(f.ShipByWindow), latest(f.DeliverByWindow)
	}
	for _, p := range w.Programs {
		o.Business = o.Business || p == "AMAZON_BUSINESS"
	}
	for _, a := range w.AssociatedOrders {
		if strings.HasSuffix(a.AssociationType, "_ORIGINAL_ID") {
			o.Replaces = a.OrderID
		}
	}
	if w.Proceeds != nil && w.Proceeds.GrandTotal != nil && w.Proceeds.GrandTotal.Amount != "" {
		total, err := money(w.Proceeds.GrandTotal)
		if err != nil {
			return o, fmt.Errorf("grand total: %w", err)
		}
		o.Currency, o.Total = total.Currency, &total.Minor
	}
	for _, w := range w.OrderItems {
		item, currency, err := toItem(w)
		if err != nil {
			return o, fmt.Errorf("item %s: %w", w.OrderItemID, err)
		}
		o.Currency = firstOf(o.Currency, currency)
		o.Items = append(o.Items, item)
	}
	for _, p := range w.Packages {
		o.Packages = append(o.Packages, store.Package{
			Reference: p.PackageReferenceID, Status: firstOf(p.PackageStatus.DetailedStatus, p.PackageStatus.Status), Carrier: p.Carrier,
			Service: p.ShippingService, TrackingNumber: p.TrackingNumber, Shipped: p.ShipTime.Time,
		})
	}
	return o, nil
}

func latest(w *spapi.TimeWindow) time.Time {
	if w == nil {
		return time.Time{}
	}
	return w.Latest.Time
}

func toItem(w spapi.OrderItem) (item store.OrderItem, currency string, err error) {
	item = store.OrderItem{
		SKU: w.Product.SellerSKU, ItemID: w.OrderItemID, ASIN: w.Product.ASIN, Title: w.Product.Title, Quantity: int64(w.QuantityOrdered),
	}
	if w.Fulfillment != nil {
		item.Shipped = optCount(w.Fulfillment.QuantityFulfilled)
	}
	if w.Expense != nil && w.Expense.PointsCost != nil && w.Expense.PointsCost.PointsGranted != nil {
		item.Points = optCount(w.Expense.PointsCost.PointsGranted.PointsNumber)
	}
	if w.Proceeds == nil {
		return item, "", nil
	}
	for _, b := range w.Proceeds.Breakdowns {
		if b.Subtotal == nil || b.Subtotal.Amount == "" {
			continue
		}
		v, err := money(b.Subtotal)
		if err != nil {
			return item, "", fmt.Errorf("%s: %w", b.Type, err)
		}
		currency = firstOf(currency, v.Currency)
		switch b.Type {
		case "ITEM":
			item.Price = &v.Minor
		case "SHIPPING":
			item.Shipping = &v.Minor
		case "GIFT_WRAP":
			item.GiftWrap = &v.Minor
		case "DISCOUNT":
			d := abs(v.Minor)
			item.Discount = &d
		case "TAX":
			// The parts are optional; what they do not name is tax on the item.
			rest := v.Minor
			for _, part := range b.DetailedBreakdowns {
				p, err := optMinor(part.Value)
				if err != nil || p == nil {
					return item, "", errors.Join(err, fmt.Errorf("tax of %s is missing", part.Subtype))
				}
				switch part.Subtype {
				case "SHIPPING":
					item.ShippingTax = p
					rest -= *p
				case "GIFT_WRAP":
					item.GiftWrapTax = p
					rest -= *p
				}
			}
			item.Tax = &rest
		}
	}
	return item, currency, nil
}

// toPerson takes out who gets the parcel; ok is false when Amazon told nobody,
// because the role is missing or the order is no longer to ship.
func toPerson(s *Session, w spapi.Order) (p store.Person, ok bool) {
	p = store.Person{Connection: s.ID(), Order: w.OrderID, Fetched: s.Now}
	if w.Buyer != nil {
		p.BuyerName, p.BuyerEmail = w.Buyer.BuyerName, w.Buyer.BuyerEmail
	}
	if w.Recipient != nil && w.Recipient.DeliveryAddress != nil {
		a := w.Recipient.DeliveryAddress
		p.Name, p.Company, p.City, p.Region = a.Name, a.CompanyName, firstOf(a.City, a.Municipality), a.StateOrRegion
		p.PostalCode, p.Country, p.Phone = a.PostalCode, a.CountryCode, a.Phone
		var street []string
		for _, l := range []string{a.AddressLine1, a.AddressLine2, a.AddressLine3, a.DistrictOrCounty} {
			if l != "" {
				street = append(street, l)
			}
		}
		p.Address = strings.Join(street, "\n")
	}
	for _, i := range w.OrderItems {
		if f := i.Fulfillment; f != nil && f.Packing != nil && f.Packing.GiftOption != nil {
			p.GiftMessage = firstOf(p.GiftMessage, f.Packing.GiftOption.GiftMessage)
		}
	}
	// 30 days after delivery, which Amazon seldom tells: the latest promise.
	delivered := w.CreatedTime.Time
	if w.Fulfillment != nil {
		for _, t := range []time.Time{latest(w.Fulfillment.ShipByWindow), latest(w.Fulfillment.DeliverByWindow)} {
			if t.After(delivered) {
				delivered = t
			}
		}
	}
	p.Purge = delivered.Add(30 * 24 * time.Hour)
	return p, p.Name != "" || p.Address != "" || p.BuyerName != "" || p.BuyerEmail != "" || p.PostalCode != ""
}

// orderKeys are the parts of an order that are kept as Amazon sent them. What
// is not on the list is dropped, because Amazon may add people anywhere.
var orderKeys = []string{"orderId", "orderAliases", "createdTime", "lastUpdatedTime", "programs", "associatedOrders", "salesChannel",
	"proceeds", "payment", "fulfillment", "orderItems", "packages"}

var itemKeys = []string{"orderItemId", "quantityOrdered", "programs", "associatedOrderItems", "measurement", "product", "proceeds",
	"expense", "promotion", "cancellation", "fulfillment"}

// withoutPeople gives the order as it came, less everything about people, in
// one spelling.
func withoutPeople(raw []byte) ([]byte, error) {
	all, err := decodeObject(raw)
	if err != nil {
		return nil, err
	}
	kept := pick(all, orderKeys)
	items, _ := kept["orderItems"].([]any)
	for i, it := range items {
		item, _ := it.(map[string]any)
		item = pick(item, itemKeys)
		cut(item, "product", "customization")
		cut(item, "product", "serialNumbers")
		cut(item, "fulfillment", "packing", "giftOption", "giftMessage")
		cut(item, "cancellation", "cancellationRequest", "cancelReason") // the buyer's own words
		items[i] = item
	}
	packages, _ := kept["packages"].([]any)
	for _, p := range packages {
		if m, ok := p.(map[string]any); ok {
			cut(m, "shipFromAddress")
		}
	}
	return json.Marshal(kept)
}

// decodeObject reads a JSON object with its numbers as they are written.
func decodeObject(raw []byte) (all map[string]any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		return nil, fmt.Errorf("read it again: %w", err)
	}
	return all, nil
}

func pick(m map[string]any, keys []string) map[string]any {
	out := map[string]any{}
	for _, k := range keys {
		if v, ok := m[k]; ok {
			out[k] = v
		}
	}
	return out
}

func cut(m map[string]any, path ...string) {
	for ; len(path) > 1 && m != nil; path = path[1:] {
		m, _ = m[path[0]].(map[string]any)
	}
	if m != nil {
		delete(m, path[0])
	}
}
