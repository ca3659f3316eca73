package books_test

import (
	"errors"
	"strings"
	"testing"

	"countinghouse/data/books"
)

func standard(t testing.TB) *books.Rules {
	t.Helper()
	r, err := books.StandardRules()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// names are Amazon's names of one kind of money: in Finances (below the item),
// in settlements V2, and the lines they stand on in a sale and in a refund.
var names = []struct{ finances, settlement, sale, refund string }{
	{"ProductCharges/OurPricePrincipal", "ItemPrice/Principal", "sales.product", "refund.product"},
	{"Tax/OurPriceTax", "ItemPrice/Tax", "tax.collected", "tax.collected"},
	{"Shipping/ShippingPrincipal", "ItemPrice/Shipping", "sales.shipping", "refund.shipping"},
	{"Tax/ShippingTax", "ItemPrice/ShippingTax", "tax.collected", "tax.collected"},
	{"Giftwrap/GiftwrapPrincipal", "ItemPrice/GiftWrap", "sales.giftwrap", "refund.giftwrap"},
	{"Tax/GiftwrapTax", "ItemPrice/GiftWrapTax", "tax.collected", "tax.collected"},
	{"PromoRebates/OurPriceDiscount", "Promotion/Principal", "promotion", "refund.promotion"},
	{"PromoRebates/ShippingDiscount", "Promotion/Shipping", "promotion", "refund.promotion"},
	{"ProductCharges/GoodwillPrincipal", "ItemPrice/Goodwill", "refund.product", "refund.product"},
	{"ProductCharges/RestockingDeductionPrincipal", "ItemPrice/RestockingFee", "refund.product", "refund.product"},
	{"TaxWithheld/MarketplaceFacilitatorTax-Principal", "ItemWithheldTax/MarketplaceFacilitatorTax-Principal", "tax.withheld", "tax.withheld"},
	{"TaxWithheld/MarketplaceFacilitatorTax-Shipping", "ItemWithheldTax/MarketplaceFacilitatorTax-Shipping", "tax.withheld", "tax.withheld"},
	{"TaxWithheld/MarketplaceFacilitatorTax-Other", "ItemWithheldTax/MarketplaceFacilitatorTax-Other", "tax.withheld", "tax.withheld"},
	{"CostOfPoints/CostOfPointsGranted", "ItemPrice/CostOfPointsGranted", "promotion.points", "promotion.points"},
	{"CostOfPoints/CostOfPointsReturned", "ItemPrice/CostOfPointsReturned", "refund.promotion", "refund.promotion"},
	{"AmazonFees/Commission/Base", "ItemFees/Commission", "fee.referral", "fee.referral"},
	{"AmazonFees/Commission/Tax", "ItemFees/Commission", "fee.referral", "fee.referral"},
	{"AmazonFees/RefundCommission/Base", "ItemFees/RefundCommission", "fee.refund_admin", "fee.refund_admin"},
	{"AmazonFees/RefundCommission/Tax", "ItemFees/RefundCommission", "fee.refund_admin", "fee.refund_admin"},
	{"AmazonFees/ShippingHB/Base", "ItemFees/ShippingHB", "fee.referral", "fee.referral"},
	{"AmazonFees/ShippingHB/Tax", "ItemFees/ShippingHB", "fee.referral", "fee.referral"},
	{"AmazonFees/VariableClosingFee/Base", "ItemFees/VariableClosingFee", "fee.closing", "fee.closing"},
	{"AmazonFees/VariableClosingFee/Tax", "ItemFees/VariableClosingFee", "fee.closing", "fee.closing"},
	{"AmazonFees/FBAPerUnitFulfillmentFee/Base", "ItemFees/FBAPerUnitFulfillmentFee", "fba.fulfilment", "fba.fulfilment"},
	{"AmazonFees/FBAPerUnitFulfillmentFee/Tax", "ItemFees/FBAPerUnitFulfillmentFee", "fba.fulfilment", "fba.fulfilment"},
	{"AmazonFees/ShippingChargeback/Base", "ItemFees/ShippingChargeback", "fba.fulfilment", "fba.fulfilment"},
	{"AmazonFees/ShippingChargeback/Tax", "ItemFees/ShippingChargeback", "fba.fulfilment", "fba.fulfilment"},
	{"AmazonFees/GiftwrapChargeback/Base", "ItemFees/GiftwrapChargeback", "fba.fulfilment", "fba.fulfilment"},
	{"AmazonFees/GiftwrapChargeback/Tax", "ItemFees/GiftwrapChargeback", "fba.fulfilment", "fba.fulfilment"},
	{"AmazonFees/LowInventoryLevelFee/Base", "ItemFees/LowInventoryLevelFee", "fba.other", "fba.other"},
	{"AmazonFees/LowInventoryLevelFee/Tax", "ItemFees/LowInventoryLevelFee", "fba.other", "fba.other"},
	{"AmazonFees/QuietHoursSurcharge/Base", "ItemFees/QuietHoursSurcharge", "unclassified", "unclassified"},
	{"AmazonFees/QuietHoursSurcharge/Tax", "ItemFees/QuietHoursSurcharge", "unclassified", "unclassified"},
	{"AmazonFees/Subscription/Base", "other-transaction/Subscription Fee", "fee.subscription", ""},
	{"AmazonFees/Subscription/Tax", "other-transaction/Subscription Fee", "fee.subscription", ""},
	{"AmazonFees/FBAStorageFee/Base", "other-transaction/Storage Fee", "fba.storage", ""},
	{"AmazonFees/FBAStorageFee/Tax", "other-transaction/Storage Fee", "fba.storage", ""},
	{"AmazonFees/FBALongTermStorageFee/Base", "other-transaction/StorageRenewalBilling", "fba.aged", ""},
	{"AmazonFees/FBALongTermStorageFee/Tax", "other-transaction/StorageRenewalBilling", "fba.aged", ""},
	{"AmazonFees/FBAInboundTransportationFee/Base", "other-transaction/FBAInboundTransportationFee", "fba.inbound", ""},
	{"AmazonFees/FBAInboundTransportationFee/Tax", "other-transaction/FBAInboundTransportationFee", "fba.inbound", ""},
	{"AmazonFees/FBAInboundConvenienceFee/Base", "other-transaction/FBA Inbound Placement Service Fee", "fba.inbound", ""},
	{"AmazonFees/FBAInboundConvenienceFee/Tax", "other-transaction/FBA Inbound Placement Service Fee", "fba.inbound", ""},
	{"AmazonFees/FBARemovalFee/Base", "other-transaction/RemovalComplete", "fba.removal", ""},
	{"AmazonFees/FBARemovalFee/Tax", "other-transaction/RemovalComplete", "fba.removal", ""},
	{"AmazonFees/FBADisposalFee/Base", "other-transaction/DisposalComplete", "fba.removal", ""},
	{"AmazonFees/FBADisposalFee/Tax", "other-transaction/DisposalComplete", "fba.removal", ""},
	{"AmazonFees/CustomerReturnHRRUnitFee/Base", "other-transaction/CustomerReturnHRRUnitFee", "fba.returns", ""},
	{"AmazonFees/CustomerReturnHRRUnitFee/Tax", "other-transaction/CustomerReturnHRRUnitFee", "fba.returns", ""},
	{"AmazonFees/CouponParticipationFee/Base", "other-transaction/CouponParticipationFee", "fee.coupon", ""},
	{"AmazonFees/CouponParticipationFee/Tax", "other-transaction/CouponParticipationFee", "fee.coupon", ""},
	{"AmazonFees/CouponPerformanceFee/Base", "other-transaction/CouponPerformanceFee", "fee.coupon", ""},
	{"AmazonFees/CouponPerformanceFee/Tax", "other-transaction/CouponPerformanceFee", "fee.coupon", ""},
	{"AmazonFees/HighVolumeListingFee/Base", "other-transaction/HighVolumeListingFee", "fee.other", ""},
	{"AmazonFees/HighVolumeListingFee/Tax", "other-transaction/HighVolumeListingFee", "fee.other", ""},
	{"AmazonFees/NewMysteryFee2026/Base", "other-transaction/NewMysteryFee2026", "unclassified", ""},
	{"AmazonFees/NewMysteryFee2026/Tax", "other-transaction/NewMysteryFee2026", "unclassified", ""},
	{"AdvertisingFee/Base", "Cost of Advertising/TransactionTotalAmount", "advertising", ""},
	{"AdvertisingFee/Tax", "Cost of Advertising/TransactionTotalAmount", "advertising", ""},
	{"FBAInventoryReimbursement", "FBA Inventory Reimbursement/WAREHOUSE_LOST", "reimbursement", ""},
	{"FBAInventoryReimbursement", "FBA Inventory Reimbursement/WAREHOUSE_DAMAGE", "reimbursement", ""},
	{"FBAReversedReimbursement", "FBA Inventory Reimbursement/COMPENSATED_CLAWBACK", "reimbursement", ""},
	{"PostageBilling_Postage", "other-transaction/Shipping label purchase", "postage", ""},
	{"ReserveDebit", "other-transaction/Current Reserve Amount", "cash.reserve", ""},
	{"ReserveCredit", "other-transaction/Previous Reserve Amount Balance", "cash.reserve", ""},
	{"LoanAdvance", "other-transaction/Amazon Lending Advance", "cash.loan", ""},
	{"LoanPayment", "other-transaction/Amazon Lending Repayment", "cash.loan", ""},
	{"FundTransfer", "", "cash.payout", ""},
}

func TestNamesMeanTheSameInFinancesAndSettlements(t *testing.T) {
	r := standard(t)
	for _, n := range names {
		if n.finances == "FundTransfer" {
			continue // a type of its own: TestClassify
		}
		for _, c := range []struct{ source, typ, path, want string }{
			{"finances", "Shipment", n.finances, n.sale},
			{"finances", "Shipment", "Sales/" + n.finances, n.sale}, // the transaction's tree has one level more
			{"finances", "ServiceFee", n.finances, n.sale},
			{"settlement", "Order", n.settlement, n.sale},
			{"settlement", "other-transaction", n.settlement, n.sale},
			{"finances", "Refund", n.finances, n.refund},
			{"finances", "GuaranteeClaim", "Refunded Sales/" + n.finances, n.refund},
			{"settlement", "Chargeback Refund", n.settlement, n.refund},
		} {
			if c.want == "" {
				c.want = n.sale
			}
			got := r.Classify(books.Fact{Source: books.Source(c.source), Type: c.typ, Path: c.path})
			if string(got.Line) != c.want {
				t.Errorf("%s %s %s: %s, want %s", c.source, c.typ, c.path, got.Line, c.want)
			}
			if got.Known != (c.want != "unclassified") {
				t.Errorf("%s %s %s: known = %v", c.source, c.typ, c.path, got.Known)
			}
		}
	}
}

func TestClassify(t *testing.T) {
	r := standard(t)
	tests := []struct {
		name   string
		source books.Source
		typ    string
		path   string
		note   string
		line   books.Line
		event  books.EventType
		negate bool
	}{
		{"payout in finances", "finances", "Transfer", "Sales/FundTransfer", "", books.CashPayout, books.Transfer, false},
		{"payout in a file", "daterange", "Transfer", "other", "To your account ending in: 278", books.CashPayout, books.Transfer, true},
		{"debt paid by card", "settlement", "Successful charge", "other-amount", "", books.CashPayout, books.Transfer, true},
		{"debt carried over", "settlement", "Payable to Amazon", "other-amount", "", books.CashReserve, books.Adjustment, false},
		{"reserve under Transfer", "settlement", "Transfer", "other-transaction/Current Reserve Amount", "", books.CashReserve, books.Transfer, false},
		{"V1 principal", "settlement", "Order", "price-amount/Principal", "", books.SalesProduct, books.Sale, false},
		{"V1 principal refunded", "settlement", "Refund", "price-amount/Principal", "", books.RefundProduct, books.Refund, false},
		{"V1 shipping promotion", "settlement", "Order", "promotion-amount/Shipping", "", books.Promotion, books.Sale, false},
		{"V1 commission", "settlement", "Order", "item-related-fee-amount/Commission", "", books.FeeReferral, books.Sale, false},
		{"V1 digital services", "settlement", "Order", "item-related-fee-amount/DigitalServicesFee", "", books.FeeOther, books.Sale, false},
		{"V1 shipment fee", "settlement", "Order", "shipment-fee-amount/FBA transportation fee", "", books.FBAFulfilment, books.Sale, false},
		{"V1 advertising", "settlement", "ServiceFee", "item-related-fee-amount/Cost of Advertising", "", books.Advertising, books.Fee, false},
		{"V1 tax on advertising", "settlement", "ServiceFee", "other-fee-amount/TaxAmount", "", books.Advertising, books.Fee, false},
		{"V1 type is the name", "settlement", "Subscription Fee", "other-amount", "", books.FeeSubscription, books.Fee, false},
		{"V1 inbound", "settlement", "Inbound Transportation Fee", "other-amount", "", books.FBAInbound, books.Fee, false},
		{"V1 damage", "settlement", "WAREHOUSE_DAMAGE", "other-amount", "", books.Reimbursement, books.Reimbursed, false},
		{"V1 reversal", "settlement", "REVERSAL_REIMBURSEMENT", "other-amount", "", books.Reimbursement, books.Reimbursed, false},
		{"V1 carrier's damage", "settlement", "INBOUND_CARRIER_DAMAGE", "other-amount", "", books.Reimbursement, books.Reimbursed, false},
		{"V2 carrier's damage", "settlement", "other-transaction", "FBA Inventory Reimbursement/INBOUND_CARRIER_DAMAGE", "", books.Reimbursement, books.Adjustment, false},
		{"V2 fees of no item given back", "settlement", "other-transaction", "FBA Inventory Reimbursement/INCORRECT_FEES_NON_ITEMIZED", "", books.Reimbursement, books.Adjustment, false},
		{"V2 lost on the way from another channel", "settlement", "other-transaction", "FBA Inventory Reimbursement/MULTICHANNEL_ORDER_LOST", "", books.Reimbursement, books.Adjustment, false},
		{"V2 lost in a removal", "settlement", "other-transaction", "FBA Inventory Reimbursement/REMOVAL_ORDER_LOST", "", books.Reimbursement, books.Adjustment, false},
		{"V2 bare names", "settlement", "other-transaction", "other-transaction/MULTICHANNEL_ORDER_DAMAGED", "", books.Reimbursement, books.Adjustment, false},
		{"V2 freight from abroad", "settlement", "other-transaction", "other-transaction/FBA International Freight Duties and Taxes Charge", "", books.FBAInbound, books.Adjustment, false},
		{"V2 boxes opened by hand", "settlement", "other-transaction", "other-transaction/Manual Processing Fee", "", books.FBAInbound, books.Adjustment, false},
		{"V2 no label on the box", "settlement", "other-transaction", "other-transaction/Unplanned Service Fee - Barcode label missing", "", books.FBAInbound, books.Adjustment, false},
		{"V2 long-term storage", "settlement", "other-transaction", "other-transaction/Long-Term Storage Fee", "", books.FBAAged, books.Adjustment, false},
		{"V2 conversion", "settlement", "other-transaction", "other-transaction/Currency Conversion Fee", "", books.FeeOther, books.Adjustment, false},
		{"advertising given back by hand", "daterange", "Service Fee", "other transaction fees", "Refund for Advertiser", books.Advertising, books.Fee, false},
		{"a deal of a week", "daterange", "Deal Fee", "other transaction fees", "Best Deal Fee", books.FeeCoupon, books.Adjustment, false},
		{"V2 storage", "settlement", "FBAFees", "FBA Inventory Storage Fee/Base fee", "", books.FBAStorage, books.Fee, false},
		{"V2 carrier discount", "settlement", "FBAFees", "FBA Amazon-Partnered Carrier Shipment Fee/Discount on Fee", "", books.FBAInbound, books.Fee, false},
		{"V2 withheld among fees", "settlement", "Order", "ItemFees/MarketplaceFacilitatorVAT-Principal", "", books.TaxWithheld, books.Sale, false},
		{"V2 reimbursal", "settlement", "Adjustment", "other-transaction/Refund Reimbursal", "", books.Reimbursement, books.Adjustment, false},
		{"promotion on a fee stays a fee", "finances", "Shipment", "AmazonFees/Commission/Promo", "", books.FeeReferral, books.Sale, false},
		{"a fee under Sales", "finances", "Shipment", "Sales/AmazonFees/FBAPerUnitFulfillmentFee/Base", "", books.FBAFulfilment, books.Sale, false},
		{"an early leaf", "finances", "Shipment", "ProductCharges", "", books.SalesProduct, books.Sale, false},
		{"tax of an unknown fee", "finances", "Shipment", "AmazonFees/SomethingNew/Tax", "", books.Unclassified, books.Sale, false},
		{"other case", "settlement", "order", "itemprice/PRINCIPAL", "", books.SalesProduct, books.Sale, false},
		{"ads by description", "daterange", "Service Fee", "other transaction fees", "Werbekosten", books.Advertising, books.Fee, false},
		{"subscription in Japanese", "daterange", "Service Fee", "other", "月額登録料", books.FeeSubscription, books.Fee, false},
		{"long-term before storage", "daterange", "FBA Inventory Fee", "other", "FBA長期在庫保管手数料", books.FBAAged, books.Fee, false},
		{"coupon without type", "daterange", "", "other transaction fees", "ein Titel", books.FeeCoupon, books.Adjustment, false},
		{"a title decides nothing", "daterange", "Order", "selling fees", "Storage fee removal coupon box", books.FeeReferral, books.Sale, false},
		{"a title decides nothing on refunds", "daterange", "Refund", "fba fees", "Cost of Advertising, a book", books.FBAFulfilment, books.Refund, false},
		{"other money of an order was paid on delivery", "daterange", "Order", "other", "Cost of Advertising, a book", books.SalesShipping, books.Sale, false},
		{"other money of a refund is of the goods", "daterange", "Refund", "other", "FBA storage fee, a book", books.RefundProduct, books.Refund, false},
		{"other money taken of an order is unclear", "daterange", "Order", "other charged", "a title", books.Unclassified, books.Sale, false},
		{"a fee for paying on delivery given back", "daterange", "Refund", "other charged", "a title", books.RefundShipping, books.Refund, false},
		{"tax on a discount is tax", "daterange", "Order", "promotional rebates tax", "a title", books.TaxCollected, books.Sale, false},
		{"tax on a discount taken back", "daterange", "Refund", "promotional rebates tax", "a title", books.TaxCollected, books.Refund, false},
		{"a discount", "daterange", "Order", "promotional rebates", "a title", books.Promotion, books.Sale, false},
		{"a discount taken back", "daterange", "Refund", "promotional rebates", "a title", books.RefundPromotion, books.Refund, false},
		{"disposal in Japanese", "daterange", "FBA Inventory Fee", "other", "FBA在庫の廃棄手数料", books.FBARemoval, books.Fee, false},
		{"fee of goods sold off", "daterange", "Liquidations", "other transaction fees", "a title", books.FBARemoval, books.Sale, false},
		{"Vine in Japanese", "daterange", "Amazon Fees", "selling fees", "Amazon Vine登録手数料", books.FeeOther, books.Adjustment, false},
		{"a fee of Amazon's", "daterange", "Amazon Fees", "selling fees", "anything", books.FeeOther, books.Adjustment, false},
		{"lightning deal", "daterange", "Lightning Deal Fee", "other transaction fees", "秒杀-2025/01/21", books.FeeCoupon, books.Adjustment, false},
		{"weight measured again", "daterange", "Fee Adjustment", "other", "Cambio de peso y dimensión", books.FBAFulfilment, books.Adjustment, false},
		{"ads in Polish", "daterange", "Service Fee", "other transaction fees", "Koszt reklamy", books.Advertising, books.Fee, false},
		{"reimbursement by description", "daterange", "Adjustment", "other", "FBA Inventory Reimbursement - Customer Return", books.Reimbursement, books.Adjustment, false},
		{"unknown adjustment", "daterange", "Adjustment", "other", "Goodness knows", books.Unclassified, books.Adjustment, false},
		{"a name without sense", "settlement", "Zzz", "Yyy/Xxx", "", books.Unclassified, books.Adjustment, false},
		{"typed in", "user", "", "postage", "stamps", books.Postage, books.Adjustment, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := books.Fact{Source: tt.source, Type: tt.typ, Path: tt.path, Note: tt.note, Amount: books.Money{Minor: 100, Currency: "USD"}}
			if name, charged := strings.CutSuffix(tt.path, " charged"); charged {
				f.Path, f.Amount.Minor = name, -100
			}
			got := r.Classify(f)
			want := books.Class{Line: tt.line, Event: tt.event, Negate: tt.negate, Known: tt.line != books.Unclassified}
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if again := r.Classify(f); again != got {
				t.Errorf("the second look-up says %+v", again)
			}
		})
	}
}

func TestUserRulesComeFirst(t *testing.T) {
	r, err := standard(t).With([]books.Rule{
		{Type: "*", Path: "*/NewMysteryFee2026/*", Line: books.FeeOther},
		{Source: books.DateRange, Type: "Adjustment", Path: "other", Note: "Goodness*", Line: books.Expense},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		fact books.Fact
		want books.Line
	}{
		{books.Fact{Source: books.Finances, Type: "ServiceFee", Path: "AmazonFees/NewMysteryFee2026/Base"}, books.FeeOther},
		{books.Fact{Source: books.Settlement, Type: "other-transaction", Path: "other-transaction/NewMysteryFee2026"}, books.FeeOther},
		{books.Fact{Source: books.DateRange, Type: "Adjustment", Path: "other", Note: "Goodness knows"}, books.Expense},
		{books.Fact{Source: books.DateRange, Type: "Adjustment", Path: "other", Note: "Badness"}, books.Unclassified},
		{books.Fact{Source: books.Finances, Type: "Refund", Path: "ProductCharges/OurPricePrincipal"}, books.RefundProduct},
	} {
		if got := r.Classify(c.fact); got.Line != c.want {
			t.Errorf("%+v: %s, want %s", c.fact, got.Line, c.want)
		}
	}
	if _, err := standard(t).With([]books.Rule{{Path: "*", Line: "no.such"}}); !errors.Is(err, books.ErrRules) {
		t.Errorf("a line that does not exist: %v", err)
	}
}

func TestParseRulesRefuses(t *testing.T) {
	const types = "source,type,event\n*,Order,sale\n"
	const head = "source,type,path,note,line,refund,sign\n"
	for name, table := range map[string]string{
		"unknown line":   head + "*,*,*,,sales.nothing,,\n",
		"unknown refund": head + "*,*,*,,fee.other,refund.nothing,\n",
		"sign":           head + "*,*,*,,fee.other,,minus\n",
		"columns":        head + "*,*,*\n",
	} {
		if _, err := books.ParseRules(strings.NewReader(table), strings.NewReader(types)); !errors.Is(err, books.ErrRules) {
			t.Errorf("%s: %v", name, err)
		} else if !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: the error does not name the line: %v", name, err)
		}
	}
	good := head + "*,*,*,,fee.other,,\n"
	if _, err := books.ParseRules(strings.NewReader(good), strings.NewReader("source,type,event\n*,Order,party\n")); !errors.Is(err, books.ErrRules) {
		t.Errorf("unknown event: %v", err)
	}
}

func TestScope(t *testing.T) {
	r := standard(t)
	usd := books.Money{Minor: -100, Currency: "USD"}
	for _, c := range []struct {
		name string
		fact books.Fact
		want string
	}{
		{"a sale is its order's", books.Fact{Source: books.Finances, Type: "Shipment", Path: "ProductCharges/OurPricePrincipal", Order: "111-1", Amount: usd}, "111-1"},
		{"an unknown fee of an order too", books.Fact{Source: books.Finances, Type: "Shipment", Path: "AmazonFees/New/Base", Order: "111-1", Amount: usd}, "111-1"},
		{"advertising has no order", books.Fact{Source: books.Settlement, Type: "ServiceFee", Path: "Cost of Advertising/TransactionTotalAmount", Amount: usd}, "~USD~advertising"},
		{"a coupon's order id is none", books.Fact{Source: books.DateRange, Path: "other transaction fees", Order: "dc236d0f", Amount: usd}, "~USD~fee.coupon"},
		{"a reimbursement's order is not told by all", books.Fact{Source: books.Finances, Type: "FBAInventoryReimbursement", Path: "FBAInventoryReimbursement", Order: "111-1", Amount: usd}, "~USD~reimbursement"},
	} {
		if got := r.Scope(c.fact); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
