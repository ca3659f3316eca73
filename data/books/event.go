package books

import "time"

// EventType is the kind of an event.
type EventType string

// The kinds of events.
const (
	Sale          EventType = "sale"
	Refund        EventType = "refund" // refunds, chargebacks, A-to-z claims
	Fee           EventType = "fee"
	Reimbursed    EventType = "reimbursement"
	Advertised    EventType = "advertising"
	Transfer      EventType = "transfer"
	Adjustment    EventType = "adjustment"
	ShippedUnpaid EventType = "shipment" // goods left, no money: replacements, multi-channel orders
	GoodsReturned EventType = "return"   // goods came back and can be sold again
	GoodsLost     EventType = "writeoff" // goods were lost, damaged or disposed of
	GoodsFound    EventType = "found"    // goods written off turned up again
	Charged       EventType = "charge"   // postage and expenses, told by the user
)

var eventTypes = []EventType{Sale, Refund, Fee, Reimbursed, Advertised, Transfer, Adjustment, ShippedUnpaid, GoodsReturned, GoodsLost, GoodsFound, Charged}

// Event is one fact of money counted once: a posting and one item of it.
type Event struct {
	Key         string // made of its facts' own names: the same however they arrive
	Connection  string
	Account     string
	Type        EventType
	AmazonType  string // Amazon's own word
	Order       string
	Item        string
	SKU         string
	Marketplace string
	Origin      Source    // the finest source that tells of it
	State       State     // the least final of its lines: deferred, released, settled
	Occurred    time.Time // UTC; the first posting, and what the books go by
	Posted      time.Time // UTC; the posting of the release where there is one
	OrderDate   time.Time // UTC; zero when not known
	Day         string    // Occurred as the marketplace's day, YYYY-MM-DD
	Settlement  string    // the settlement that paid it, "" when none yet
	Quantity    int64     // units shipped or refunded
	Uncovered   int64     // units shipped of which no cost is known
	Lines       []MoneyLine
}

// MoneyLine is one counted amount of an event.
type MoneyLine struct {
	Line       Line
	Path       string // Amazon's names, "" on cost of goods
	Amount     Money  // seller's sign
	Quantity   int64  // units, on the line that stands for the goods; else 0
	Uncovered  int64  // on COGS: units without a known cost, not in Amount
	Origin     Source
	State      State
	Fact       int64   // the counted fact, 0 on cost of goods
	Matched    []int64 // facts of other sources, or the deferred twin, that tell of the same money
	Settlement string
}

// Reason says why a fact is on the open list.
type Reason string

// The reasons.
const (
	// OpenMissing: the finer source covers the day and knows nothing of it.
	OpenMissing Reason = "not in the finer source"
	// OpenDiffers: the finer source has the line with another amount.
	OpenDiffers Reason = "amount differs from the finer source"
	// OpenRelease: announced when deferred, but not what was released. It is
	// listed without being counted.
	OpenRelease Reason = "differs from what was released"
	// OpenElsewhere: nobody knows the name, and another source tells as much
	// money of these days under a known one. It is listed without being counted.
	OpenElsewhere Reason = "counted under another name"
)

// Open is a difference that somebody has to look at.
type Open struct {
	Fact    int64
	Source  Source
	Posting string
	Order   string
	Line    Line
	Amount  Money
	Reason  Reason
	Counted bool // false for OpenRelease and OpenElsewhere
}

// Unknown is a name that no rule knows, with what was counted under it.
type Unknown struct {
	Source Source
	Type   string
	Path   string
	Note   string
	Count  int
	Amount Money
}

// Result is the books of one scope.
type Result struct {
	Events  []Event   // by Occurred, then Key
	Open    []Open    // by source and posting
	Unknown []Unknown // by source, type, path, note, currency
}

// Consumption is units that left for an order without a sale of their own:
// replacements, and multi-channel orders. The store may give the units of other
// orders too: what the order's sales ship is taken off.
type Consumption struct {
	Connection  string
	Order       string
	SKU         string
	Marketplace string
	Currency    string    // the marketplace's, where the cost has to be looked up
	At          time.Time // UTC; when they left
	Units       int64
}

// Goods is units that came back, were lost or were found.
type Goods struct {
	Key         string // names it within its scope
	Kind        MoveKind
	Connection  string
	Order       string // of a return
	SKU         string
	Marketplace string
	Currency    string // the marketplace's
	At          time.Time
	Units       int64
}

// Charge is money that Amazon has no part in: postage, packing, expenses.
type Charge struct {
	Key         string // names it within its scope
	Connection  string
	Line        Line
	Name        string // what it is, kept as the line's path
	Order       string
	SKU         string
	Marketplace string
	Amount      Money // seller's sign
	At          time.Time
	Day         string // its day, where that does not follow from At
}

// Estimate is what an item that was shipped will bring, while no money tells.
type Estimate struct {
	Connection  string
	Order       string
	Item        string
	SKU         string
	Marketplace string
	At          time.Time
	Units       int64
	Lines       []MoneyLine // Line, Path and Amount
}

// Context is what Build has to know besides the facts. Every function may be
// nil, must be pure, and may be called from several goroutines.
type Context struct {
	Rules       *Rules // nil: StandardRules
	Costs       *Costs // nil: no cost is known
	Consumption []Consumption
	Goods       []Goods
	Charges     []Charge
	Estimates   []Estimate // of items that a sale tells of, they are passed over
	Elsewhere   []Told     // in order of time: what money of no order under an unknown name may be

	// Layered tells that a SKU's cost follows its batches. Build then books its
	// units without a cost, for a Ledger to fill in. Nil: no SKU's does.
	Layered func(sku string) bool
	// Currency is the book's own, for goods of which nobody tells the currency.
	Currency string
	// Zone gives the zone of a marketplace's days; nil or a nil answer: UTC.
	Zone func(marketplace string) *time.Location
	// Marketplace is asked for facts that name none when no other fact of
	// their event or order does.
	Marketplace func(Fact) string
	// OrderDate gives the purchase time of an order, zero when not known.
	OrderDate func(order string) time.Time
	// Covered tells whether a source was read for the instant. An unmatched
	// coarse fact is an open difference only where the finer source is covered;
	// nil: where the scope holds any fact of it.
	Covered func(f Fact, s Source) bool
	// FeeTaxBack tells whether the seller recovers the tax on Amazon's fees in a
	// marketplace; nil: nowhere.
	FeeTaxBack func(marketplace string) bool
	// Window is how far apart the dates of two sources may be for money without
	// an order; 0: 4 days.
	Window time.Duration
}
