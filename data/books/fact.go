package books

import "time"

// Source says by which way a fact of money came.
type Source string

// The sources, the finest grain first.
const (
	Finances   Source = "finances"   // Finances API 2024-06-19, leaf breakdowns
	Settlement Source = "settlement" // settlement report V1 or V2, one amount each
	DateRange  Source = "daterange"  // Seller Central's date-range report, one cell each
	User       Source = "user"       // typed in
	Estimation Source = "estimate"   // no money yet
)

// State says how final an amount is.
type State string

// The states.
const (
	Estimated State = "estimated"
	Deferred  State = "deferred"
	Released  State = "released"
	Settled   State = "settled"
)

// Fact is one signed amount as Amazon sent it, under Amazon's own names. It is
// stored as it came and never changed by the rules in this package.
type Fact struct {
	ID          int64  // the store's number; 0 before it is stored
	Connection  string // connection id
	Source      Source
	Account     string // Amazon's account type ("Standard Orders", ...), "" when not told
	Posting     string // what it was posted in: transaction id, or settlement/file + row
	Seq         int    // place within Posting, from 0
	Scope       string // facts of one scope are matched together: see ScopeOf
	Order       string // Amazon order id, or "" (shipment and removal ids are kept here too)
	Item        string // order item id, or ""
	SKU         string
	Marketplace string // marketplace id, "" when not told
	Type        string // Amazon's transaction type: "Shipment", "Refund", "Order", ...
	Path        string // Amazon's names from the top, joined by "/"
	Note        string // Amazon's description; it decides the line where Type and Path do not
	Amount      Money
	Quantity    int64     // units this posting ships or refunds, told once per item (on its first fact)
	Posted      time.Time // UTC
	Settlement  string    // settlement id, when told
	State       State     // Deferred or Released from finances, Settled from settlements
	ReleaseOf   string    // on a release: the Posting of its deferred twin
	Document    int64     // the store's document, and the line in it
	DocLine     int
}
