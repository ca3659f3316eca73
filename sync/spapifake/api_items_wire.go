package spapifake

type itemWire struct {
	ID           string                  `json:"orderItemId"`
	Quantity     int                     `json:"quantityOrdered"`
	Product      itemProduct             `json:"product"`
	Proceeds     *itemProceeds           `json:"proceeds,omitempty"`
	Expense      *itemExpense            `json:"expense,omitempty"`
	Promotion    *itemPromotion          `json:"promotion,omitempty"`
	Cancellation *cancellationWire       `json:"cancellation,omitempty"`
	Fulfillment  *itemFulfillment        `json:"fulfillment,omitempty"`
	Tax          map[string][]collection `json:"tax,omitempty"`
}

type itemProduct struct {
	ASIN      string            `json:"asin"`
	Title     string            `json:"title"`
	SKU       string            `json:"sellerSku"`
	Condition map[string]string `json:"condition"`
	Price     *itemPriceWire    `json:"price,omitempty"`
}

type itemPriceWire struct {
	Unit        moneyText `json:"unitPrice"`
	Designation string    `json:"priceDesignation,omitempty"`
}

type itemExpense struct {
	PointsCost struct {
		Granted struct {
			Number int64     `json:"pointsNumber"`
			Value  moneyText `json:"pointsMonetaryValue"`
		} `json:"pointsGranted"`
	} `json:"pointsCost"`
}

type itemPromotion struct {
	Breakdowns []promotionWire `json:"breakdowns"`
}

type promotionWire struct {
	ID string `json:"promotionId"`
}

type cancellationWire struct {
	Execution map[string]string `json:"cancellationExecution"`
}

type itemFulfillment struct {
	Fulfilled   int          `json:"quantityFulfilled"`
	Unfulfilled int          `json:"quantityUnfulfilled"`
	Packing     *packingWire `json:"packing,omitempty"`
}

type packingWire struct {
	Gift giftWire `json:"giftOption"`
}

type giftWire struct {
	Level string `json:"giftWrapLevel"`
}

type collection struct {
	Model string `json:"model"`
	Party string `json:"responsibleParty"`
}

func itemToWire(o *order, it *item, has func(string) bool) itemWire {
	m := o.m
	w := itemWire{ID: it.id, Quantity: it.qty, Product: itemProduct{ASIN: it.p.asin, Title: it.p.title, SKU: it.p.sku,
		Condition: map[string]string{"conditionType": "NEW", "conditionSubtype": "NEW"}}}
	if o.status != pending {
		w.Product.Price = &itemPriceWire{Unit: m.text(shownPrice(o, it))}
		if o.business {
			w.Product.Price.Designation = "BUSINESS_PRICE"
		}
	}
	if has("PROCEEDS") && o.status != pending {
		w.Proceeds = itemProceedsWire(m, it)
	}
	if has("EXPENSE") && it.points > 0 {
		w.Expense = &itemExpense{}
		w.Expense.PointsCost.Granted.Number = it.points * int64(it.qty)
		w.Expense.PointsCost.Granted.Value = m.text(it.points * int64(it.qty))
	}
	if has("PROMOTION") && it.promotion != "" {
		w.Promotion = &itemPromotion{[]promotionWire{{it.promotion}}}
	}
	if has("CANCELLATION") && o.status == cancelled {
		w.Cancellation = &cancellationWire{map[string]string{"cancelledBy": "BUYER", "cancelReason": "BUYER_CANCELED"}}
	}
	if has("FULFILLMENT") {
		w.Fulfillment = &itemFulfillment{Fulfilled: it.sent, Unfulfilled: it.qty - it.sent}
		if o.status == cancelled {
			w.Fulfillment.Unfulfilled = 0
		}
		if it.gift > 0 {
			w.Fulfillment.Packing = &packingWire{giftWire{"PaperBox"}}
		}
	}
	if has("TAX") && o.taxWithheld && it.tax > 0 {
		w.Tax = map[string][]collection{"taxCollections": {{"MARKETPLACE_FACILITATOR", "Amazon Services, Inc."}}}
	}
	return w
}

// shownPrice is the unit price as the buyer sees it: with tax in DE and JP.
func shownPrice(o *order, it *item) int64 {
	if o.m.Country == "US" {
		return it.principal
	}
	return it.principal + it.tax
}

func itemProceedsWire(m *market, it *item) *itemProceeds {
	n := int64(it.qty)
	p := &itemProceeds{Total: m.text(it.total())}
	for _, part := range []struct {
		typ    string
		amount int64
	}{
		{"ITEM", n * it.principal}, {"SHIPPING", it.shipping}, {"GIFT_WRAP", it.gift},
		{"TAX", n*it.tax + it.shippingTax + it.giftTax}, {"DISCOUNT", -n*it.discount - it.shippingDiscount},
	} {
		if part.amount != 0 {
			p.Breakdowns = append(p.Breakdowns, proceedsPart{part.typ, m.text(part.amount)})
		}
	}
	return p
}
