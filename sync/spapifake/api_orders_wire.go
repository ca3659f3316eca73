package spapifake

import (
	"slices"
	"time"
)

type moneyText struct {
	Amount   string `json:"amount"`
	Currency string `json:"currencyCode"`
}

func (m *market) text(minor int64) moneyText { return moneyText{decimal(minor, m.Digits), m.Currency} }

type orderWire struct {
	OrderID      string            `json:"orderId"`
	Created      string            `json:"createdTime"`
	Updated      string            `json:"lastUpdatedTime"`
	Programs     []string          `json:"programs,omitempty"`
	Associated   []associatedWire  `json:"associatedOrders,omitempty"`
	SalesChannel salesChannelWire  `json:"salesChannel"`
	Buyer        *buyerWire        `json:"buyer,omitempty"`
	Recipient    *recipientWire    `json:"recipient,omitempty"`
	Proceeds     *orderProceeds    `json:"proceeds,omitempty"`
	Payment      *paymentWire      `json:"payment,omitempty"`
	Fulfillment  *orderFulfillment `json:"fulfillment,omitempty"`
	OrderItems   []itemWire        `json:"orderItems"`
	Packages     []packageWire     `json:"packages,omitempty"`
}

type associatedWire struct {
	OrderID string `json:"orderId"`
	Type    string `json:"associationType"`
}

type salesChannelWire struct {
	Name            string `json:"channelName"`
	MarketplaceID   string `json:"marketplaceId,omitempty"`
	MarketplaceName string `json:"marketplaceName,omitempty"`
}

type buyerWire struct {
	Name    string `json:"buyerName"`
	Email   string `json:"buyerEmail"`
	Company string `json:"buyerCompanyName,omitempty"`
}

type recipientWire struct {
	Address addressWire `json:"deliveryAddress"`
}

type addressWire struct {
	Name    string `json:"name"`
	Company string `json:"companyName,omitempty"`
	Line1   string `json:"addressLine1"`
	City    string `json:"city"`
	State   string `json:"stateOrRegion,omitempty"`
	Postal  string `json:"postalCode"`
	Country string `json:"countryCode"`
	Phone   string `json:"phone"`
	Type    string `json:"addressType"`
}

type orderProceeds struct {
	GrandTotal moneyText      `json:"grandTotal"`
	Breakdowns []proceedsPart `json:"breakdowns,omitempty"`
}

type itemProceeds struct {
	Total      moneyText      `json:"proceedsTotal"`
	Breakdowns []proceedsPart `json:"breakdowns,omitempty"`
}

type proceedsPart struct {
	Type     string    `json:"type"`
	Subtotal moneyText `json:"subtotal"`
}

type paymentWire struct {
	Executions []executionWire `json:"paymentExecutions"`
}

type executionWire struct {
	Method string    `json:"paymentMethod"`
	Amount moneyText `json:"paymentAmount"`
}

type orderFulfillment struct {
	Status    string      `json:"fulfillmentStatus"`
	By        string      `json:"fulfilledBy"`
	Level     string      `json:"fulfillmentServiceLevel"`
	ShipBy    *windowWire `json:"shipByWindow,omitempty"`
	DeliverBy *windowWire `json:"deliverByWindow,omitempty"`
}

type windowWire struct {
	Earliest string `json:"earliestDateTime"`
	Latest   string `json:"latestDateTime"`
}

type packageWire struct {
	Reference string            `json:"packageReferenceId"`
	Created   string            `json:"createdTime"`
	Status    map[string]string `json:"packageStatus"`
	Carrier   string            `json:"carrier"`
	Shipped   string            `json:"shipTime"`
	Service   string            `json:"shippingService"`
	Tracking  string            `json:"trackingNumber"`
	Items     []packageItemWire `json:"packageItems"`
}

type packageItemWire struct {
	ItemID   string `json:"orderItemId"`
	Quantity int    `json:"quantity"`
}

var serviceLevels = map[string]string{"Expedited": "EXPEDITED", "Standard": "STANDARD", "SecondDay": "SECOND_DAY"}

// orderWire writes an order with the data asked for.
func (c *call) orderWire(o *order, include []string) *orderWire {
	has := func(what string) bool { return slices.Contains(include, what) }
	w := &orderWire{OrderID: o.id, Created: stamp(o.created), Updated: stamp(o.updated),
		SalesChannel: salesChannelWire{"AMAZON", o.m.ID, o.m.Name}}
	if o.offAmazon {
		w.SalesChannel = salesChannelWire{Name: "NON_AMAZON", MarketplaceName: o.m.offAmazon}
	} else if !o.mfn {
		w.Programs = append(w.Programs, "PRIME")
	}
	if o.business {
		w.Programs = append(w.Programs, "AMAZON_BUSINESS")
	}
	if o.replacementOf != "" {
		w.Associated = []associatedWire{{o.replacementOf, "REPLACEMENT_ORIGINAL_ID"}}
	}
	if c.fault.Kind != BlankBuyer {
		addPerson(w, o.person, has)
	}
	var total int64
	for _, it := range o.items {
		w.OrderItems = append(w.OrderItems, itemToWire(o, it, has))
		total += it.total()
	}
	if has("PROCEEDS") && o.status != pending {
		w.Proceeds = &orderProceeds{GrandTotal: o.m.text(total)}
	}
	if has("PAYMENT") && o.status != pending && total > 0 {
		w.Payment = &paymentWire{[]executionWire{{"Standard", o.m.text(total)}}}
	}
	if has("FULFILLMENT") {
		w.Fulfillment = fulfillmentWire(o)
	}
	if has("PACKAGES") && o.mfn {
		w.Packages = packagesWire(o)
	}
	return w
}

func addPerson(w *orderWire, p *Person, has func(string) bool) {
	if p == nil {
		return
	}
	if has("BUYER") {
		w.Buyer = &buyerWire{p.Name, p.Email, p.Company}
	}
	if has("RECIPIENT") {
		w.Recipient = &recipientWire{addressWire{p.Name, p.Company, p.Line1, p.City, p.State, p.Postal, p.Country, p.Phone, "RESIDENTIAL"}}
	}
}

func fulfillmentWire(o *order) *orderFulfillment {
	f := &orderFulfillment{Status: statusNames[o.status].api, By: fulfilledBy(o), Level: serviceLevels[o.service]}
	if o.status != pending {
		f.ShipBy = &windowWire{stamp(o.created), stamp(o.created.Add(72 * time.Hour))}
		f.DeliverBy = &windowWire{stamp(o.created.Add(96 * time.Hour)), stamp(o.created.Add(168 * time.Hour))}
	}
	return f
}

func packagesWire(o *order) []packageWire {
	carrier := map[string]string{"US": "UPS", "DE": "DHL", "JP": "YAMATO"}[o.m.Country]
	var list []packageWire
	for i, p := range o.parcels {
		w := packageWire{Reference: decimal(int64(i+1), 0), Created: stamp(p.at), Status: map[string]string{"status": "SHIPPED"},
			Carrier: carrier, Shipped: stamp(p.at), Service: "Standard", Tracking: p.tracking}
		for _, l := range p.lines {
			w.Items = append(w.Items, packageItemWire{l.item.id, l.qty})
		}
		list = append(list, w)
	}
	return list
}
