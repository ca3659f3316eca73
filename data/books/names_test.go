package books_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"countinghouse/data/books"
)

// namesOfLines are names that Amazon documents or sends for money, by the line
// on which each stands on purpose. Those of unclassified say too little to be
// booked anywhere without the seller.
var namesOfLines = map[books.Line][]string{
	books.FeeReferral:     {"Commission", "ReferralFee", "ShippingHB", "GiftwrapCommission", "BrandReferralBonus"},
	books.FeeClosing:      {"FixedClosingFee", "VariableClosingFee", "PerItemFee"},
	books.FeeRefundAdmin:  {"RefundCommission", "RefundAdministrationFee"},
	books.FeeSubscription: {"Subscription", "SubscriptionFee", "SubscriptionFeeCorrection"},
	books.FeeCoupon:       {"CouponRedemptionFee", "CouponParticipationFee", "CouponPerformanceFee", "RunLightningDealFee", "SellerDealComplete"},
	books.FeeOther: {"DigitalServicesFee", "DigitalServicesFeeFBA", "SalesTaxCollectionFee", "HighVolumeListingFee", "GetPaidFasterFee", "PaymentMethodFee",
		"AmazonForAllFee", "AmazonExclusivesFee", "BuyWithPrimeFee", "CSBAFee", "EPSOCrossBorderFee", "RenewedProgramFee", "ShippingServicesFee",
		"VineEnrollmentFee", "RentalHandlingFee", "Other Support Service fees", "SellerRewards", "CODChargeback"},
	books.FBAFulfilment: {"FBAPerUnitFulfillmentFee", "FBAPerOrderFulfillmentFee", "FBAWeightBasedFee", "FBAPickAndPackFee", "ShippingChargeback",
		"GiftwrapChargeback", "FBATransportationFee", "FBADeliveryServicesFee"},
	books.FBAOther: {"LowInventoryLevelFee", "GlobalInventoryTransferFee"},
	books.FBAInbound: {"FBAInboundTransportationFee", "FBAInboundTransportationProgramFee", "FBAInboundConvenienceFee", "FBAInboundDefectFee",
		"FBAPlacementServiceFee", "InventoryPlacementFee", "LabelingFee", "PolybaggingFee", "BubblewrapFee", "TapingFee", "OpaqueBaggingFee"},
	books.FBAStorage: {"FBAStorageFee", "FBAStorageBilling", "FBAOverageFee", "FBAInventoryStorageOverageFee", "CapacityReservationFee", "FBAInventoryFee", "FBA Inventory Fee"},
	books.FBAAged:    {"FBALongTermStorageFee", "AgedInventorySurcharge"},
	books.FBARemoval: {"FBARemovalFee", "FBADisposalFee", "LiquidationsBrokerageFee"},
	books.FBAReturns: {"FBACustomerReturnPerUnitFee", "FBACustomerReturnPerOrderFee", "FBACustomerReturnWeightBasedFee", "CustomerReturnHRRUnitFee",
		"HighReturnRateProcessingFee", "ReturnsProcessingFee"},
	books.Reimbursement: {"FBAInventoryReimbursement", "FBAReversedReimbursement", "LostOrDamagedReimbursement", "CanceledButPickedUpReimbursement",
		"ReimbursementClawback", "SAFETReimbursement", "RentalLostItemReimbursement", "RentalChargeFailureReimbursement"},
	books.Advertising:     {"AdvertisingFee", "Cost of Advertising"},
	books.Postage:         {"PostageBilling", "PostageRefund", "PostageBilling_Postage", "PostageRefund_Tracking", "MFNPostageFee"},
	books.SalesProduct:    {"Principal", "OurPricePrincipal", "WHOLESALE_LIQUIDATION", "RentalCustomerPayment-Buyout", "RentalCustomerPayment-Extension"},
	books.RefundProduct:   {"RentalCustomerRefund-Buyout", "RentalCustomerRefund-Extension", "Goodwill", "RestockingFee"},
	books.SalesShipping:   {"ShippingCharge", "ShippingPrincipal", "ReturnShipping", "CODItemCharge", "CODOrderCharge", "CODShippingCharge", "CODFee"},
	books.RefundShipping:  {"FreeReplacementReturnShipping"},
	books.SalesGiftWrap:   {"GiftWrap", "GiftwrapPrincipal"},
	books.Promotion:       {"PromoRebates", "OurPriceDiscount", "CreditCardDiscount"},
	books.Points:          {"CostOfPointsGranted"},
	books.RefundPromotion: {"CostOfPointsReturned"},
	books.TaxCollected: {"Tax", "ShippingTax", "GiftWrapTax", "OurPriceTax", "CODItemTaxCharge", "CODOrderTaxCharge", "CODShippingTaxCharge", "ExportCharge",
		"TaxDiscount", "ComminglingVAT", "NetCo", "Retrocharge", "RetrochargeReversal", "RegulatoryFee"},
	books.TaxWithheld: {"MarketplaceFacilitatorTax-Principal", "MarketplaceFacilitatorTax-Shipping", "MarketplaceFacilitatorTax-Giftwrap",
		"MarketplaceFacilitatorTax-Other", "MarketplaceFacilitatorVAT-Principal", "LowValueGoodsTax-Principal", "TCS-CGST", "TDS"},
	books.CashPayout: {"FundTransfer", "StoredValueCardRevenue", "StoredValueCardRefund", "PrivateLabelCreditCardRevenue", "PrivateLabelCreditCardRefund",
		"CollectOnDeliveryRevenue", "CollectOnDeliveryRefund", "Disbursed to Amazon Gift Card balance"},
	books.CashReserve:  {"ReserveEvent", "ReserveDebit", "ReserveCredit", "DebtPayment", "DebtPaymentFailure", "DebtAdjustment"},
	books.CashLoan:     {"LoanAdvance", "LoanPayment", "LoanRefund"},
	books.Unclassified: {"GenericDeduction"},
}

func TestNamesStandWhereTheyAreMeantTo(t *testing.T) {
	r := standard(t)
	for line, names := range namesOfLines {
		for _, n := range names {
			for _, path := range []string{n, "Group/" + n + "/Base"} {
				c := r.Classify(books.Fact{Source: books.Finances, Type: "Adjustment", Path: path})
				if c.Line != line || c.Known != (line != books.Unclassified) {
					t.Errorf("%s stands on %s, want %s", path, c.Line, line)
				}
			}
		}
	}
}

// notMoney are words of Amazon's models that look like names of money and are
// none: states, methods and reasons.
var notMoney = []string{"Charge", "Refund", "charge", "refund", "Sales", "Shipment", "CREDIT_CARD"}

// TestNamesOfAmazonsModels: every value that Amazon's model of financial events
// lists for a kind of money has its place above.
func TestNamesOfAmazonsModels(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "spapi", "models", "financesV0.json"))
	if os.IsNotExist(err) {
		t.Skip("Amazon's models are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var model struct {
		Definitions map[string]struct {
			Properties map[string]struct{ Description string }
		}
	}
	if err := json.Unmarshal(raw, &model); err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile("`([A-Za-z_-]+)`")
	kinds := regexp.MustCompile(`(?i)(type|reasoncode)$`)
	found := 0
	for _, d := range model.Definitions {
		for name, p := range d.Properties {
			if !kinds.MatchString(name) {
				continue
			}
			for _, m := range quoted.FindAllStringSubmatch(p.Description, -1) {
				found++
				if !slices.Contains(notMoney, m[1]) && !meant(m[1]) {
					t.Errorf("%s: nothing says where %q stands", name, m[1])
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d names were found in the model", found)
	}
}

func meant(name string) bool {
	for _, names := range namesOfLines {
		if slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// TestNamesOfEconomics: the fee columns of a real SKU economics report, and those
// of a real fee estimate.
func TestNamesOfEconomics(t *testing.T) {
	f, err := excelize.OpenFile(filepath.Join("..", "..", "..", "shared", "samples", "economics", "us-sku-economics-2026-w1.xlsx"))
	if os.IsNotExist(err) {
		t.Skip("the shared samples are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"ReferralFee", "VariableClosingFee", "PerItemFee", "FBAFees", "FBAFees/FBAPickAndPack", "FBAWeightHandling", "FBAOrderHandling"}
	for _, head := range rows[0] {
		if name, ok := strings.CutSuffix(head, " total"); ok && name != "Net proceeds" {
			names = append(names, name)
		}
	}
	if len(names) < 15 {
		t.Fatalf("only %d names: %q", len(names), names)
	}
	for _, n := range names {
		if c := standard(t).Classify(books.Fact{Source: "economics", Path: n, Type: "Fee"}); !c.Known {
			t.Errorf("%s is not known", n)
		}
	}
}
