package spapifake

// Name ties one kind of money to the names Amazon gives it and to the line of
// the statement that the generator means by it.
type Name struct {
	// Path is the leaf's place in Finances, from the item's root, joined by "/".
	Path string
	// AmountType and AmountDescription are the settlement row's names.
	AmountType        string
	AmountDescription string
	// Line is the statement line where the money is not a refund.
	Line string
	// RefundLine is the line in a Refund, Chargeback or GuaranteeClaim.
	RefundLine string
}

// kind is an index into names.
type kind uint8

const (
	kPrincipal kind = iota
	kTax
	kShipping
	kShippingTax
	kGiftWrap
	kGiftWrapTax
	kDiscount
	kShippingDiscount
	kGoodwill
	kRestocking
	kWithheld
	kWithheldShipping
	kWithheldOther
	kPoints
	kPointsReturned
	kCommission
	kCommissionTax
	kRefundCommission
	kRefundCommissionTax
	kShippingHB
	kShippingHBTax
	kClosing
	kClosingTax
	kFulfilment
	kFulfilmentTax
	kShippingChargeback
	kShippingChargebackTax
	kGiftWrapChargeback
	kGiftWrapChargebackTax
	kLowInventory
	kLowInventoryTax
	kItemMystery
	kItemMysteryTax
	kSubscription
	kSubscriptionTax
	kStorage
	kStorageTax
	kAged
	kAgedTax
	kInbound
	kInboundTax
	kPlacement
	kPlacementTax
	kRemoval
	kRemovalTax
	kDisposal
	kDisposalTax
	kReturnUnit
	kReturnUnitTax
	kCouponFixed
	kCouponFixedTax
	kCouponSales
	kCouponSalesTax
	kHighVolume
	kHighVolumeTax
	kMystery
	kMysteryTax
	kAds
	kAdsTax
	kReimbursedLost
	kReimbursedDamaged
	kReimbursementReversed
	kPostage
	kReserveDebit
	kReserveCredit
	kLoanAdvance
	kLoanPayment
	kTransfer
	kindCount
)

// Names of the amount types of settlement rows.
const (
	itemPrice = "ItemPrice"
	itemFees  = "ItemFees"
	withheld  = "ItemWithheldTax"
	promo     = "Promotion"
	otherRow  = "other-transaction"
	reimbRow  = "FBA Inventory Reimbursement"
)

var names = [kindCount]Name{
	kPrincipal:        {"ProductCharges/OurPricePrincipal", itemPrice, "Principal", "sales.product", "refund.product"},
	kTax:              {"Tax/OurPriceTax", itemPrice, "Tax", "tax.collected", "tax.collected"},
	kShipping:         {"Shipping/ShippingPrincipal", itemPrice, "Shipping", "sales.shipping", "refund.shipping"},
	kShippingTax:      {"Tax/ShippingTax", itemPrice, "ShippingTax", "tax.collected", "tax.collected"},
	kGiftWrap:         {"Giftwrap/GiftwrapPrincipal", itemPrice, "GiftWrap", "sales.giftwrap", "refund.giftwrap"},
	kGiftWrapTax:      {"Tax/GiftwrapTax", itemPrice, "GiftWrapTax", "tax.collected", "tax.collected"},
	kDiscount:         {"PromoRebates/OurPriceDiscount", promo, "Principal", "promotion", "refund.promotion"},
	kShippingDiscount: {"PromoRebates/ShippingDiscount", promo, "Shipping", "promotion", "refund.promotion"},
	kGoodwill:         {"ProductCharges/GoodwillPrincipal", itemPrice, "Goodwill", "refund.product", "refund.product"},
	kRestocking:       {"ProductCharges/RestockingDeductionPrincipal", itemPrice, "RestockingFee", "refund.product", "refund.product"},
	kWithheld:         {"TaxWithheld/MarketplaceFacilitatorTax-Principal", withheld, "MarketplaceFacilitatorTax-Principal", "tax.withheld", "tax.withheld"},
	kWithheldShipping: {"TaxWithheld/MarketplaceFacilitatorTax-Shipping", withheld, "MarketplaceFacilitatorTax-Shipping", "tax.withheld", "tax.withheld"},
	kWithheldOther:    {"TaxWithheld/MarketplaceFacilitatorTax-Other", withheld, "MarketplaceFacilitatorTax-Other", "tax.withheld", "tax.withheld"},
	kPoints:           {"CostOfPoints/CostOfPointsGranted", itemPrice, "CostOfPointsGranted", "promotion.points", "promotion.points"},
	kPointsReturned:   {"CostOfPoints/CostOfPointsReturned", itemPrice, "CostOfPointsReturned", "refund.promotion", "refund.promotion"},

	kCommission:            {"AmazonFees/Commission/Base", itemFees, "Commission", "fee.referral", "fee.referral"},
	kCommissionTax:         {"AmazonFees/Commission/Tax", itemFees, "Commission", "fee.referral", "fee.referral"},
	kRefundCommission:      {"AmazonFees/RefundCommission/Base", itemFees, "RefundCommission", "fee.refund_admin", "fee.refund_admin"},
	kRefundCommissionTax:   {"AmazonFees/RefundCommission/Tax", itemFees, "RefundCommission", "fee.refund_admin", "fee.refund_admin"},
	kShippingHB:            {"AmazonFees/ShippingHB/Base", itemFees, "ShippingHB", "fee.referral", "fee.referral"},
	kShippingHBTax:         {"AmazonFees/ShippingHB/Tax", itemFees, "ShippingHB", "fee.referral", "fee.referral"},
	kClosing:               {"AmazonFees/VariableClosingFee/Base", itemFees, "VariableClosingFee", "fee.closing", "fee.closing"},
	kClosingTax:            {"AmazonFees/VariableClosingFee/Tax", itemFees, "VariableClosingFee", "fee.closing", "fee.closing"},
	kFulfilment:            {"AmazonFees/FBAPerUnitFulfillmentFee/Base", itemFees, "FBAPerUnitFulfillmentFee", "fba.fulfilment", "fba.fulfilment"},
	kFulfilmentTax:         {"AmazonFees/FBAPerUnitFulfillmentFee/Tax", itemFees, "FBAPerUnitFulfillmentFee", "fba.fulfilment", "fba.fulfilment"},
	kShippingChargeback:    {"AmazonFees/ShippingChargeback/Base", itemFees, "ShippingChargeback", "fba.fulfilment", "fba.fulfilment"},
	kShippingChargebackTax: {"AmazonFees/ShippingChargeback/Tax", itemFees, "ShippingChargeback", "fba.fulfilment", "fba.fulfilment"},
	kGiftWrapChargeback:    {"AmazonFees/GiftwrapChargeback/Base", itemFees, "GiftwrapChargeback", "fba.fulfilment", "fba.fulfilment"},
	kGiftWrapChargebackTax: {"AmazonFees/GiftwrapChargeback/Tax", itemFees, "GiftwrapChargeback", "fba.fulfilment", "fba.fulfilment"},
	kLowInventory:          {"AmazonFees/LowInventoryLevelFee/Base", itemFees, "LowInventoryLevelFee", "fba.other", "fba.other"},
	kLowInventoryTax:       {"AmazonFees/LowInventoryLevelFee/Tax", itemFees, "LowInventoryLevelFee", "fba.other", "fba.other"},
	kItemMystery:           {"AmazonFees/QuietHoursSurcharge/Base", itemFees, "QuietHoursSurcharge", "unclassified", "unclassified"},
	kItemMysteryTax:        {"AmazonFees/QuietHoursSurcharge/Tax", itemFees, "QuietHoursSurcharge", "unclassified", "unclassified"},

	kSubscription:    {"AmazonFees/Subscription/Base", otherRow, "Subscription Fee", "fee.subscription", ""},
	kSubscriptionTax: {"AmazonFees/Subscription/Tax", otherRow, "Subscription Fee", "fee.subscription", ""},
	kStorage:         {"AmazonFees/FBAStorageFee/Base", otherRow, "Storage Fee", "fba.storage", ""},
	kStorageTax:      {"AmazonFees/FBAStorageFee/Tax", otherRow, "Storage Fee", "fba.storage", ""},
	kAged:            {"AmazonFees/FBALongTermStorageFee/Base", otherRow, "StorageRenewalBilling", "fba.aged", ""},
	kAgedTax:         {"AmazonFees/FBALongTermStorageFee/Tax", otherRow, "StorageRenewalBilling", "fba.aged", ""},
	kInbound:         {"AmazonFees/FBAInboundTransportationFee/Base", otherRow, "FBAInboundTransportationFee", "fba.inbound", ""},
	kInboundTax:      {"AmazonFees/FBAInboundTransportationFee/Tax", otherRow, "FBAInboundTransportationFee", "fba.inbound", ""},
	kPlacement:       {"AmazonFees/FBAInboundConvenienceFee/Base", otherRow, "FBA Inbound Placement Service Fee", "fba.inbound", ""},
	kPlacementTax:    {"AmazonFees/FBAInboundConvenienceFee/Tax", otherRow, "FBA Inbound Placement Service Fee", "fba.inbound", ""},
	kRemoval:         {"AmazonFees/FBARemovalFee/Base", otherRow, "RemovalComplete", "fba.removal", ""},
	kRemovalTax:      {"AmazonFees/FBARemovalFee/Tax", otherRow, "RemovalComplete", "fba.removal", ""},
	kDisposal:        {"AmazonFees/FBADisposalFee/Base", otherRow, "DisposalComplete", "fba.removal", ""},
	kDisposalTax:     {"AmazonFees/FBADisposalFee/Tax", otherRow, "DisposalComplete", "fba.removal", ""},
	kReturnUnit:      {"AmazonFees/CustomerReturnHRRUnitFee/Base", otherRow, "CustomerReturnHRRUnitFee", "fba.returns", ""},
	kReturnUnitTax:   {"AmazonFees/CustomerReturnHRRUnitFee/Tax", otherRow, "CustomerReturnHRRUnitFee", "fba.returns", ""},
	kCouponFixed:     {"AmazonFees/CouponParticipationFee/Base", otherRow, "CouponParticipationFee", "fee.coupon", ""},
	kCouponFixedTax:  {"AmazonFees/CouponParticipationFee/Tax", otherRow, "CouponParticipationFee", "fee.coupon", ""},
	kCouponSales:     {"AmazonFees/CouponPerformanceFee/Base", otherRow, "CouponPerformanceFee", "fee.coupon", ""},
	kCouponSalesTax:  {"AmazonFees/CouponPerformanceFee/Tax", otherRow, "CouponPerformanceFee", "fee.coupon", ""},
	kHighVolume:      {"AmazonFees/HighVolumeListingFee/Base", otherRow, "HighVolumeListingFee", "fee.other", ""},
	kHighVolumeTax:   {"AmazonFees/HighVolumeListingFee/Tax", otherRow, "HighVolumeListingFee", "fee.other", ""},
	kMystery:         {"AmazonFees/NewMysteryFee2026/Base", otherRow, "NewMysteryFee2026", "unclassified", ""},
	kMysteryTax:      {"AmazonFees/NewMysteryFee2026/Tax", otherRow, "NewMysteryFee2026", "unclassified", ""},
	kAds:             {"AdvertisingFee/Base", "Cost of Advertising", "TransactionTotalAmount", "advertising", ""},
	kAdsTax:          {"AdvertisingFee/Tax", "Cost of Advertising", "TransactionTotalAmount", "advertising", ""},

	kReimbursedLost:        {"FBAInventoryReimbursement", reimbRow, "WAREHOUSE_LOST", "reimbursement", ""},
	kReimbursedDamaged:     {"FBAInventoryReimbursement", reimbRow, "WAREHOUSE_DAMAGE", "reimbursement", ""},
	kReimbursementReversed: {"FBAReversedReimbursement", reimbRow, "COMPENSATED_CLAWBACK", "reimbursement", ""},
	kPostage:               {"PostageBilling_Postage", otherRow, "Shipping label purchase", "postage", ""},
	kReserveDebit:          {"ReserveDebit", otherRow, "Current Reserve Amount", "cash.reserve", ""},
	kReserveCredit:         {"ReserveCredit", otherRow, "Previous Reserve Amount Balance", "cash.reserve", ""},
	kLoanAdvance:           {"LoanAdvance", otherRow, "Amazon Lending Advance", "cash.loan", ""},
	kLoanPayment:           {"LoanPayment", otherRow, "Amazon Lending Repayment", "cash.loan", ""},
	kTransfer:              {"FundTransfer", "", "", "cash.payout", ""},
}

// Names returns the table of every kind of money the demo seller uses: its
// path in Finances, its names in settlements and its line. An empty
// AmountType means that settlements have no row for it.
func Names() []Name {
	out := make([]Name, kindCount)
	copy(out, names[:])
	return out
}

// isFeeTax tells a tax-on-fee leaf; its base is the kind before it.
func (k kind) isFeeTax() bool {
	p := names[k].Path
	return len(p) > 4 && p[len(p)-4:] == "/Tax"
}

// txType is one of Amazon's transaction types.
type txType uint8

const (
	tShipment txType = iota
	tRefund
	tChargeback
	tGuarantee
	tServiceFee
	tAds
	tReimbursement
	tAdjustment
	tLoan
	tTransfer
)

var typeNames = [...]struct {
	finances, description, settlement string
	refund                            bool
}{
	tShipment:      {"Shipment", "Order Payment", "Order", false},
	tRefund:        {"Refund", "Refund Order", "Refund", true},
	tChargeback:    {"Chargeback", "Chargeback", "Chargeback Refund", true},
	tGuarantee:     {"GuaranteeClaim", "A-to-z Guarantee Claim", "A-to-z Guarantee Refund", true},
	tServiceFee:    {"ServiceFee", "", otherRow, false},
	tAds:           {"ProductAdsPayment", "Cost of Advertising", "ServiceFee", false},
	tReimbursement: {"FBAInventoryReimbursement", "FBA Inventory Reimbursement", otherRow, false},
	tAdjustment:    {"Adjustment", "", otherRow, false},
	tLoan:          {"LoanServicing", "Amazon Lending", otherRow, false},
	tTransfer:      {"Transfer", "Settlement payout", "", false},
}

// line says which line of the statement an amount of kind k belongs to when it
// comes in a transaction of type t.
func (t txType) line(k kind) string {
	if typeNames[t].refund {
		return names[k].RefundLine
	}
	return names[k].Line
}
