package spapi

import (
	"bytes"
	"encoding/json"
)

// Order is an order of the Orders interface 2026-01-01. Texts that are empty
// and pointers that are nil were not sent: unknown, not zero. Fields marked
// (person) identify a buyer or recipient. What is not decoded here
// (delivery preferences, measurements, substitutions) is in Raw.
type Order struct {
	OrderID          string            `json:"orderId"`
	OrderAliases     []OrderAlias      `json:"orderAliases"`
	CreatedTime      Time              `json:"createdTime"`
	LastUpdatedTime  Time              `json:"lastUpdatedTime"`
	Programs         []string          `json:"programs"`
	AssociatedOrders []AssociatedOrder `json:"associatedOrders"`
	SalesChannel     SalesChannel      `json:"salesChannel"`
	Buyer            *Buyer            `json:"buyer"`     // (person)
	Recipient        *Recipient        `json:"recipient"` // (person)
	Proceeds         *OrderProceeds    `json:"proceeds"`
	Payment          *OrderPayment     `json:"payment"`
	Tax              *OrderTax         `json:"tax"` // (person)
	Fulfillment      *OrderFulfillment `json:"fulfillment"`
	OrderItems       []OrderItem       `json:"orderItems"`
	Packages         []OrderPackage    `json:"packages"`

	Raw json.RawMessage `json:"-"` // the order as it came, persons included
}

// UnmarshalJSON keeps the order as it came beside the decoded form, so that a
// stored document decodes to the same value.
func (o *Order) UnmarshalJSON(b []byte) error {
	type plain Order
	if err := json.Unmarshal(b, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = bytes.Clone(b)
	return nil
}

// OrderAlias is another number of the order, such as the seller's own.
type OrderAlias struct {
	AliasID   string `json:"aliasId"`
	AliasType string `json:"aliasType"`
}

// AssociatedOrder points to the order this one replaces or exchanges.
type AssociatedOrder struct {
	OrderID         string `json:"orderId"`
	AssociationType string `json:"associationType"`
}

// SalesChannel is where the order was placed.
type SalesChannel struct {
	ChannelName     string `json:"channelName"` // AMAZON, NON_AMAZON
	MarketplaceID   string `json:"marketplaceId"`
	MarketplaceName string `json:"marketplaceName"`
}

// Buyer is the person or firm that bought (person).
type Buyer struct {
	BuyerName                string `json:"buyerName"`
	BuyerEmail               string `json:"buyerEmail"`
	BuyerCompanyName         string `json:"buyerCompanyName"`
	BuyerPurchaseOrderNumber string `json:"buyerPurchaseOrderNumber"`
}

// Recipient is where the parcel goes (person).
type Recipient struct {
	DeliveryAddress    *Address        `json:"deliveryAddress"`
	DeliveryPreference json.RawMessage `json:"deliveryPreference"`
}

// Address is a postal address; of a customer it is (person).
type Address struct {
	Name             string `json:"name"`
	CompanyName      string `json:"companyName"`
	AddressLine1     string `json:"addressLine1"`
	AddressLine2     string `json:"addressLine2"`
	AddressLine3     string `json:"addressLine3"`
	City             string `json:"city"`
	DistrictOrCounty string `json:"districtOrCounty"`
	StateOrRegion    string `json:"stateOrRegion"`
	Municipality     string `json:"municipality"`
	PostalCode       string `json:"postalCode"`
	CountryCode      string `json:"countryCode"`
	Phone            string `json:"phone"`
	AddressType      string `json:"addressType"`
}

// OrderProceeds is what the order brought, as Amazon sums it.
type OrderProceeds struct {
	GrandTotal *Money `json:"grandTotal"`
	Breakdowns []struct {
		Type     string `json:"type"`
		Status   string `json:"status"`
		Subtotal *Money `json:"subtotal"`
	} `json:"breakdowns"`
}

// OrderPayment is how it was paid.
type OrderPayment struct {
	PaymentExecutions []struct {
		PaymentMethod string `json:"paymentMethod"`
		PaymentAmount *Money `json:"paymentAmount"`
		CardBrand     string `json:"cardBrand"`
	} `json:"paymentExecutions"`
}

// OrderTax holds registrations, which are (person), and invoicing wishes.
type OrderTax struct {
	TaxRegistrations []struct {
		EntityType               string   `json:"entityType"`
		LegalName                string   `json:"legalName"`
		TaxRegistrationType      string   `json:"taxRegistrationType"`
		TaxRegistrationNumber    string   `json:"taxRegistrationNumber"`
		TaxRegistrationAddress   *Address `json:"taxRegistrationAddress"`
		TaxRegistrationAttribute []struct {
			Key   string `json:"key"`
			Value string `json:"value"`
		} `json:"taxRegistrationAttributes"`
	} `json:"taxRegistrations"`
	TaxInvoicing *struct {
		BuyerInvoicePreference string `json:"buyerInvoicePreference"`
		InvoiceStatus          string `json:"invoiceStatus"`
	} `json:"taxInvoicing"`
}

// TimeWindow is a span; either end may be missing.
type TimeWindow struct {
	Earliest Time `json:"earliestDateTime"`
	Latest   Time `json:"latestDateTime"`
}

// OrderFulfillment is the state of the shipment as a whole.
type OrderFulfillment struct {
	FulfillmentStatus       string      `json:"fulfillmentStatus"`
	FulfilledBy             string      `json:"fulfilledBy"` // MERCHANT, AMAZON
	FulfillmentServiceLevel string      `json:"fulfillmentServiceLevel"`
	ShipByWindow            *TimeWindow `json:"shipByWindow"`
	DeliverByWindow         *TimeWindow `json:"deliverByWindow"`
	LabelPrintingWindow     *TimeWindow `json:"labelPrintingWindow"`
}

// OrderPackage is a parcel the seller shipped.
type OrderPackage struct {
	PackageReferenceID string `json:"packageReferenceId"`
	CreatedTime        Time   `json:"createdTime"`
	PackageStatus      struct {
		Status         string `json:"status"`
		DetailedStatus string `json:"detailedStatus"`
	} `json:"packageStatus"`
	Carrier         string   `json:"carrier"`
	ShipTime        Time     `json:"shipTime"`
	ShippingService string   `json:"shippingService"`
	TrackingNumber  string   `json:"trackingNumber"`
	ShipFromAddress *Address `json:"shipFromAddress"` // the seller's own
	PackageItems    []struct {
		OrderItemID       string   `json:"orderItemId"`
		Quantity          Int      `json:"quantity"`
		TransparencyCodes []string `json:"transparencyCodes"`
	} `json:"packageItems"`
}

// OrderItem is one line of an order. The same SKU can fill several lines.
type OrderItem struct {
	OrderItemID          string            `json:"orderItemId"`
	QuantityOrdered      Int               `json:"quantityOrdered"`
	Programs             []string          `json:"programs"`
	AssociatedOrderItems []AssociatedItem  `json:"associatedOrderItems"`
	Product              ItemProduct       `json:"product"`
	Proceeds             *ItemProceeds     `json:"proceeds"`
	Expense              *ItemExpense      `json:"expense"`
	Promotion            *ItemPromotion    `json:"promotion"`
	Cancellation         *ItemCancellation `json:"cancellation"`
	Fulfillment          *ItemFulfillment  `json:"fulfillment"`
	Tax                  *ItemTax          `json:"tax"`
}

// AssociatedItem points to the line this one replaces or exchanges.
type AssociatedItem struct {
	OrderID         string `json:"orderId"`
	OrderItemID     string `json:"orderItemId"`
	AssociationType string `json:"associationType"`
}

// ItemProduct is what was bought.
type ItemProduct struct {
	ASIN      string `json:"asin"`
	Title     string `json:"title"`
	SellerSKU string `json:"sellerSku"`
	Condition *struct {
		ConditionType    string `json:"conditionType"`
		ConditionSubtype string `json:"conditionSubtype"`
		ConditionNote    string `json:"conditionNote"`
	} `json:"condition"`
	Price *struct {
		UnitPrice        *Money `json:"unitPrice"`
		PriceDesignation string `json:"priceDesignation"`
	} `json:"price"`
	SerialNumbers []string `json:"serialNumbers"`
	Customization *struct {
		CustomizedURL string `json:"customizedUrl"` // (person)
	} `json:"customization"`
}

// ItemProceeds is what the line brought, with its parts.
type ItemProceeds struct {
	ProceedsTotal *Money `json:"proceedsTotal"`
	Breakdowns    []struct {
		Type               string `json:"type"`
		Subtotal           *Money `json:"subtotal"`
		DetailedBreakdowns []struct {
			Subtype string `json:"subtype"`
			Value   *Money `json:"value"`
		} `json:"detailedBreakdowns"`
	} `json:"breakdowns"`
}

// ItemExpense holds the points the seller grants in Japan.
type ItemExpense struct {
	PointsCost *struct {
		PointsGranted *struct {
			PointsNumber        *Int   `json:"pointsNumber"`
			PointsMonetaryValue *Money `json:"pointsMonetaryValue"`
		} `json:"pointsGranted"`
	} `json:"pointsCost"`
}

// ItemPromotion names the promotions applied.
type ItemPromotion struct {
	Breakdowns []struct {
		PromotionID string `json:"promotionId"`
	} `json:"breakdowns"`
}

// ItemCancellation is a wish to cancel and what became of it.
type ItemCancellation struct {
	CancellationRequest *struct {
		Requester    string `json:"requester"`
		CancelReason string `json:"cancelReason"`
	} `json:"cancellationRequest"`
	CancellationExecution *struct {
		CancelledBy  string `json:"cancelledBy"`
		CancelReason string `json:"cancelReason"`
	} `json:"cancellationExecution"`
}

// ItemFulfillment is the state of the line's shipment.
type ItemFulfillment struct {
	QuantityFulfilled   *Int `json:"quantityFulfilled"`
	QuantityUnfulfilled *Int `json:"quantityUnfulfilled"`
	Packing             *struct {
		GiftOption *struct {
			GiftMessage   string `json:"giftMessage"` // (person)
			GiftWrapLevel string `json:"giftWrapLevel"`
		} `json:"giftOption"`
	} `json:"packing"`
	Shipping *struct {
		ScheduledDeliveryWindow *TimeWindow `json:"scheduledDeliveryWindow"`
		InternationalShipping   *struct {
			IOSSNumber string `json:"iossNumber"`
		} `json:"internationalShipping"`
	} `json:"shipping"`
}

// ItemTax says who collects the tax.
type ItemTax struct {
	TaxCalculationBreakdowns []struct {
		ReportingScheme string `json:"reportingScheme"`
	} `json:"taxCalculationBreakdowns"`
	TaxCollections []struct {
		Model            string `json:"model"`
		ResponsibleParty string `json:"responsibleParty"`
	} `json:"taxCollections"`
}
