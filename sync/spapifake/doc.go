// Package spapifake is the demo seller: a local Amazon that speaks Login with
// Amazon and the operations of the Selling Partner API this project uses, from
// a seeded generator. It owns an invented business in three marketplaces (US,
// DE, JP on three connections NA, EU, FE), its orders, money, stock and
// settlements, Amazon's limits and paging traps, and faults on demand.
//
// It must not know the rest of the project: it imports nothing of it, so that
// its Truth (what the generator itself decided each amount to be) is a witness
// that no shared mistake can bribe.
//
// The data is built once by New and never changes; requests may come from any
// number of goroutines. Start opens five loopback listeners (one per region,
// login, documents); Close stops them and waits for their goroutines.
//
//	s := spapifake.New(spapifake.Config{Seed: 1, Speed: 2000})
//	if err := s.Start("127.0.0.1:0"); err != nil { ... }
//	defer s.Close()
//	e := s.Endpoints()        // e.NA, e.EU, e.FE, e.Login: base URLs
//	c := s.Credentials("NA")  // client id, secret, refresh token, seller id
//
// Beside orders, stock and money it answers for what Amazon says of all that,
// from the same records: balances are the postings less the payouts, event groups
// and summaries the settlements, fee invoices the fees of a month, fee estimates
// what the ledger charges for one unit at a price, visits and order metrics the
// orders of a day, economics the orders and fees of a SKU and day. One product of
// each marketplace is missing in the catalogue, of one nobody knows prices and
// fees, some are featured by somebody else or by nobody, and parcels in Japan are
// not followed. Balances gives the truth about what Amazon holds.
//
// # Names in Finances (listTransactions)
//
// A transaction with items states its money in items[].breakdowns; the same
// money stands again in the transaction's own tree, there under one more level
// (Sales or Expenses; Refunded Sales or Refunded Expenses on refunds). Add only
// one of the two. Two exceptions, both Amazon's: a transaction without items
// (or whose items have no breakdowns, as FBAInventoryReimbursement) has its
// money in the transaction tree only; and some trees hold an empty node
// (Sales, 0.00) without children. Names gives the paths as on items, without
// that extra level.
//
//	transactionType           description             settlement transaction-type  nature
//	Shipment                  Order Payment           Order                        sale
//	Refund                    Refund Order            Refund                       refund
//	Chargeback                Chargeback              Chargeback Refund            refund
//	GuaranteeClaim            A-to-z Guarantee Claim  A-to-z Guarantee Refund      refund
//	ServiceFee                (per fee)               other-transaction            fee
//	ProductAdsPayment         Cost of Advertising     ServiceFee                   fee
//	FBAInventoryReimbursement FBA Inventory Reimb...  other-transaction            reimbursement
//	Adjustment                (per kind)              other-transaction            adjustment
//	LoanServicing             Amazon Lending          other-transaction            cash
//	Transfer                  Settlement payout       (no row: it is the total)    cash
//
// The leaf names with the settlement's amount-type and amount-description and
// the line of the statement are the table in names.go; Names returns it.
// Under AmazonFees every fee has a leaf Base and, where Amazon charges tax on
// fees (DE, JP), a leaf Tax. A settlement has ONE row for both.
//
// # What a reader of the data has to know
//
//   - A deferred sale is posted once with status DEFERRED (context
//     DeferredContext) and again, when released, as its own transaction: status
//     RELEASED, related identifier DEFERRED_TRANSACTION_ID; the first then has
//     status DEFERRED_RELEASED and RELEASE_TRANSACTION_ID. It is one sale, of
//     the first date. The settlement holds it at the release.
//   - ProductContext.quantityShipped is the units shipped or, on refunds, the
//     units refunded; it is absent where only money moved.
//   - Replacement orders have no transaction at all. They are SHIPPED orders
//     with item prices of zero (associatedOrders REPLACEMENT_ORIGINAL_ID in
//     the Orders API). A shipped order's last-updated time is the time of its
//     last parcel, so that is the day on which they consume cost.
//   - Multi-channel orders (ids S01-..., channel NON_AMAZON, marketplace name
//     "Non-Amazon US"/"DE"/"JP") have a Shipment with the fulfilment fee only;
//     they belong to the connection's marketplace and consume cost.
//   - Reserves are posted as Adjustment (ReserveDebit at the end of a
//     settlement, ReserveCredit at the start of the next) and are the rows
//     "Current Reserve Amount" and "Previous Reserve Amount Balance".
//   - Inbound transport, placement, removal and disposal fees carry an FBA
//     shipment id (FBA15...) or removal id (rm...): SHIPMENT_ID in Finances, the
//     order-id column in settlements.
//   - Two coupon fees of one second make settlement rows equal in all fields.
//   - A Transfer is the settlement's total, positive when money reaches the
//     seller's bank; it has no settlement row.
//
// Truth gives the statement per marketplace, month and line; its rules stand
// at Truth and Row.
package spapifake
