package spapifake

import "time"

type orderStatus uint8

const (
	pending orderStatus = iota
	unshipped
	partiallyShipped
	shipped
	cancelled
)

// names of the states in the Orders API and in the all-orders report.
var statusNames = [...]struct{ api, report string }{
	pending:          {"PENDING", "Pending"},
	unshipped:        {"UNSHIPPED", "Unshipped"},
	partiallyShipped: {"PARTIALLY_SHIPPED", "Shipping"},
	shipped:          {"SHIPPED", "Shipped"},
	cancelled:        {"CANCELLED", "Cancelled"},
}

// story is the one remarkable thing that happens to an order.
type story uint8

const (
	plain story = iota
	refundLate
	deferred19Days
	twoParcels
	twoParcelsSameDay
	sameSKUTwice
	multiChannel
	replacement
	refundFull
	refundPart // goodwill: some money back, no units
	refundShipping
	refundEqualTwice
	refundBeforeSale
	refundReturnless
	restockingFee
	chargeback
	aToZ
	mysteryFee
	giftWrapped
	discounted
	freeShipping
	businessInvoice
	notWithheld
	cancelledEarly
	longTail // several items and units
	storyCount
	partlyShipped // only on the newest orders
)

// storyPermille is how often each story happens by chance; every story also
// happens at least once per marketplace when there are orders enough.
var storyPermille = [storyCount]int{
	refundLate: 4, twoParcels: 14, twoParcelsSameDay: 8, sameSKUTwice: 10,
	multiChannel: 14, replacement: 6, refundFull: 45, refundPart: 8, refundShipping: 3,
	refundEqualTwice: 4, refundBeforeSale: 2, refundReturnless: 8, restockingFee: 4,
	chargeback: 2, aToZ: 3, mysteryFee: 1, giftWrapped: 14, discounted: 70,
	freeShipping: 50, businessInvoice: 20, notWithheld: 25, cancelledEarly: 26, longTail: 30,
}

type order struct {
	id            string
	m             *market
	created       time.Time
	updated       time.Time
	status        orderStatus
	story         story
	mfn           bool
	business      bool
	offAmazon     bool
	replacementOf string // the order it replaces, "" for all others
	taxBP         int64  // tax on the sale, basis points
	taxWithheld   bool   // Amazon remits the tax itself
	service       string // ship service level
	place         int    // index into the market's places
	items         []*item
	parcels       []*parcel
	person        *Person // nil where the API gives no personal data
}

type item struct {
	id   string
	p    *product
	qty  int
	sent int // units shipped so far

	// per unit, minor units
	principal, tax, discount, points int64
	// per item, with its first parcel
	shipping, shippingTax, shippingDiscount, gift, giftTax int64
	promotion                                              string
}

type parcel struct {
	at       time.Time
	shipment string
	tracking string
	lines    []parcelLine
}

type parcelLine struct {
	item  *item
	qty   int
	first bool // carries the item's shipping and gift wrap
}

// free tells an order that moves goods but no product money.
func (o *order) free() bool { return o.offAmazon || o.replacementOf != "" }

// total is what the buyer pays for the item, tax included.
func (it *item) total() int64 {
	return int64(it.qty)*(it.principal+it.tax-it.discount) + it.shipping + it.shippingTax - it.shippingDiscount + it.gift + it.giftTax
}

type place struct{ city, state, postal string }

var places = map[string][]place{
	"US": {{"SEATTLE", "WA", "98101"}, {"AUSTIN", "TX", "78701"}, {"PORTLAND", "OR", "97204"}, {"Brooklyn", "NY", "11201"}, {"Chicago", "IL", "60601"}, {"miami", "FL", "33101"}},
	"DE": {{"Berlin", "", "10115"}, {"München", "Bayern", "80331"}, {"Köln", "", "50667"}, {"Hamburg", "", "20095"}, {"Görlitz", "Sachsen", "02826"}},
	"JP": {{"渋谷区", "東京都", "150-0002"}, {"神戸市", "兵庫県", "651-1303"}, {"札幌市", "北海道", "060-0001"}, {"福岡市", "福岡県", "810-0001"}},
}

// taxRates are basis points; Oregon has none.
var taxRates = map[string][]int64{
	"US": {1025, 825, 0, 888, 1025, 700},
	"DE": {1900}, "JP": {1000},
}
