package books

// Line is a line of the profit and loss statement, or one of the lists beside
// it. The codes are stable: they stand in the database, in exports and in
// `report --format json`.
type Line string

// The lines, in the order of the statement. Amounts keep the seller's sign:
// what he earns is positive, what he pays is negative.
const (
	SalesProduct  Line = "sales.product"
	SalesShipping Line = "sales.shipping"
	SalesGiftWrap Line = "sales.giftwrap"
	Promotion     Line = "promotion"        // discounts the seller pays for
	Points        Line = "promotion.points" // Amazon points granted (Japan)

	RefundProduct   Line = "refund.product" // refunds, chargebacks, A-to-z claims
	RefundShipping  Line = "refund.shipping"
	RefundGiftWrap  Line = "refund.giftwrap"
	RefundPromotion Line = "refund.promotion" // discounts and points taken back

	FeeReferral     Line = "fee.referral" // tax on a fee stays on that fee's line, unless it is recovered
	FeeClosing      Line = "fee.closing"
	FeeRefundAdmin  Line = "fee.refund_admin"
	FeeSubscription Line = "fee.subscription"
	FeeCoupon       Line = "fee.coupon"
	FeeOther        Line = "fee.other"

	FBAFulfilment Line = "fba.fulfilment"
	FBAInbound    Line = "fba.inbound"
	FBAStorage    Line = "fba.storage"
	FBAAged       Line = "fba.aged"
	FBARemoval    Line = "fba.removal"
	FBAReturns    Line = "fba.returns"
	FBAOther      Line = "fba.other"

	Reimbursement Line = "reimbursement"
	Advertising   Line = "advertising"
	COGS          Line = "cogs"
	Postage       Line = "postage" // seller-fulfilled postage and packing
	Expense       Line = "expense" // indirect expenses

	Unclassified Line = "unclassified" // in the total, and on a list of its own

	// Liabilities and cash: never profit.
	TaxCollected Line = "tax.collected" // tax on sales, and given back on refunds
	TaxWithheld  Line = "tax.withheld"  // tax Amazon remits itself
	TaxInput     Line = "tax.input"     // tax on Amazon's fees that the seller recovers
	CashPayout   Line = "cash.payout"
	CashReserve  Line = "cash.reserve"
	CashLoan     Line = "cash.loan"
)
