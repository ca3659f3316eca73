package spapifake_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"

	"countinghouse/sync/spapifake"
)

type amount struct {
	Amount   json.Number `json:"currencyAmount"`
	Currency string      `json:"currencyCode"`
}

type breakdown struct {
	Type       string      `json:"breakdownType"`
	Amount     amount      `json:"breakdownAmount"`
	Breakdowns []breakdown `json:"breakdowns"`
}

type financeContext struct {
	Type     string `json:"contextType"`
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantityShipped"`
	Network  string `json:"fulfillmentNetwork"`
	Reason   string `json:"deferralReason"`
}

type transaction struct {
	ID      string `json:"transactionId"`
	Type    string `json:"transactionType"`
	Status  string `json:"transactionStatus"`
	Posted  time.Time
	PostedS string `json:"postedDate"`
	Related []struct {
		Name  string `json:"relatedIdentifierName"`
		Value string `json:"relatedIdentifierValue"`
	} `json:"relatedIdentifiers"`
	Total amount `json:"totalAmount"`
	Items []struct {
		Total      amount           `json:"totalAmount"`
		Breakdowns []breakdown      `json:"breakdowns"`
		Contexts   []financeContext `json:"contexts"`
	} `json:"items"`
	Contexts    []financeContext  `json:"contexts"`
	Breakdowns  []breakdown       `json:"breakdowns"`
	Marketplace map[string]string `json:"marketplaceDetails"`
}

func (t transaction) related(name string) string {
	for _, r := range t.Related {
		if r.Name == name {
			return r.Value
		}
	}
	return ""
}

// minor reads an exact amount; the currency decides the digits.
func minor(t testing.TB, a amount) int64 {
	t.Helper()
	r, ok := new(big.Rat).SetString(a.Amount.String())
	if !ok {
		t.Fatalf("amount %q", a.Amount)
	}
	if a.Currency != "JPY" {
		r.Mul(r, big.NewRat(100, 1))
	}
	if !r.IsInt() {
		t.Fatalf("amount %s %s is finer than its currency", a.Amount, a.Currency)
	}
	return r.Num().Int64()
}

// walk checks that every parent is the sum of its children and calls f with
// the path and amount of each leaf.
func walk(t testing.TB, prefix string, list []breakdown, f func(path string, minor int64)) (sum int64) {
	t.Helper()
	for _, b := range list {
		m := minor(t, b.Amount)
		sum += m
		path := strings.TrimPrefix(prefix+"/"+b.Type, "/")
		if len(b.Breakdowns) == 0 {
			f(path, m)
			continue
		}
		if s := walk(t, path, b.Breakdowns, f); s != m {
			t.Fatalf("%s is %d, its children are %d", path, m, s)
		}
	}
	return sum
}

// allTransactions reads the whole history in 30-day windows.
func allTransactions(t testing.TB, k *client, s *spapifake.Server) []transaction {
	t.Helper()
	var out []transaction
	end := k.clock.now().Add(-2 * time.Minute)
	for from := s.DataFrom().AddDate(0, 0, -2); from.Before(end); from = from.AddDate(0, 0, 30) {
		until := from.AddDate(0, 0, 30)
		if until.After(end) {
			until = end
		}
		out = append(out, transactions(t, k, url.Values{"postedAfter": {from.Format(time.RFC3339)}, "postedBefore": {until.Format(time.RFC3339)}})...)
	}
	return out
}

func transactions(t testing.TB, k *client, q url.Values) []transaction {
	t.Helper()
	var out []transaction
	for {
		var a struct {
			Payload struct {
				NextToken    string
				Transactions []transaction
			}
		}
		k.get("/finances/2024-06-19/transactions", q, &a)
		for _, x := range a.Payload.Transactions {
			at, err := time.Parse(time.RFC3339, x.PostedS)
			if err != nil {
				t.Fatal(err)
			}
			x.Posted = at
			out = append(out, x)
		}
		if a.Payload.NextToken == "" {
			return out
		}
		q.Set("nextToken", a.Payload.NextToken)
	}
}

// PITFALL 39: the item trees and the transaction's tree state the same money.
func TestTreesSum(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 3, Orders: 1500, Speed: 5000})
	for _, conn := range spapifake.Connections() {
		t.Run(conn, func(t *testing.T) {
			list := allTransactions(t, connect(t, s, c, conn), s)
			if len(list) < 300 {
				t.Fatalf("only %d transactions", len(list))
			}
			for _, x := range list {
				top, item := map[string]int64{}, map[string]int64{}
				total := minor(t, x.Total)
				if sum := walk(t, "", x.Breakdowns, func(p string, m int64) { _, p, _ = strings.Cut(p, "/"); top[p] += m }); sum != total {
					t.Fatalf("%s %s: total %d, tree %d", x.Type, x.ID, total, sum)
				}
				var sum int64
				bare := false
				for _, it := range x.Items {
					sum += minor(t, it.Total)
					bare = bare || len(it.Breakdowns) == 0
					if s := walk(t, "", it.Breakdowns, func(p string, m int64) { item[p] += m }); s != minor(t, it.Total) && !bare {
						t.Fatalf("%s %s: item total %s, tree %d", x.Type, x.ID, it.Total.Amount, s)
					}
				}
				if len(x.Items) == 0 {
					continue
				}
				if sum != total {
					t.Fatalf("%s %s: total %d, items %d", x.Type, x.ID, total, sum)
				}
				delete(top, "")
				if !bare && fmt.Sprint(top) != fmt.Sprint(item) {
					t.Fatalf("%s %s: transaction tree %v, item trees %v", x.Type, x.ID, top, item)
				}
			}
		})
	}
}

// TestTruth counts the served JSON again, by rules written down here, and
// compares with what the generator says. Nothing of the package's own tables
// is used.
func TestTruth(t *testing.T) {
	s, c := start(t, spapifake.Config{Seed: 7, Orders: 1500, Speed: 5000})
	zones := map[string]string{"ATVPDKIKX0DER": "America/Los_Angeles", "A1PA6795UKMFR9": "Europe/Berlin", "A1VC38T7YXB528": "Asia/Tokyo"}
	got := map[string]int64{}
	for _, conn := range spapifake.Connections() {
		for _, x := range allTransactions(t, connect(t, s, c, conn), s) {
			if x.related("DEFERRED_TRANSACTION_ID") != "" {
				continue
			}
			shop := x.Marketplace["marketplaceId"]
			loc, err := time.LoadLocation(zones[shop])
			if err != nil {
				t.Fatal(err)
			}
			walk(t, "", x.Breakdowns, func(p string, m int64) {
				if m != 0 {
					got[shop+" "+x.Posted.In(loc).Format("2006-01")+" "+lineOf(x.Type, p)] += m
				}
			})
		}
	}
	want := map[string]int64{}
	for _, r := range s.Truth().Rows {
		if r.Line != "cogs" && r.Minor != 0 {
			want[r.Marketplace+" "+r.Month+" "+r.Line] += r.Minor
		}
	}
	if len(want) < 500 {
		t.Fatalf("the truth has only %d rows", len(want))
	}
	for k, v := range got {
		if v != 0 && want[k] != v {
			t.Errorf("%s: truth %d, served %d", k, want[k], v)
		}
	}
	for k := range want {
		if got[k] == 0 {
			t.Errorf("%s: truth %d, nothing served", k, want[k])
		}
	}
}

// lineOf is this test's own reading of Amazon's names.
func lineOf(typ, path string) string {
	refund := typ == "Refund" || typ == "Chargeback" || typ == "GuaranteeClaim"
	side := func(sale, back string) string {
		if refund {
			return back
		}
		return sale
	}
	for _, r := range []struct{ part, line string }{
		{"/MarketplaceFacilitatorTax", "tax.withheld"}, {"/OurPriceTax", "tax.collected"}, {"/ShippingTax", "tax.collected"},
		{"/GiftwrapTax", "tax.collected"}, {"/OurPricePrincipal", side("sales.product", "refund.product")},
		{"/GoodwillPrincipal", "refund.product"}, {"/RestockingDeduction", "refund.product"},
		{"/ShippingPrincipal", side("sales.shipping", "refund.shipping")}, {"/GiftwrapPrincipal", side("sales.giftwrap", "refund.giftwrap")},
		{"Discount", side("promotion", "refund.promotion")}, {"PointsGranted", "promotion.points"}, {"PointsReturned", "refund.promotion"},
		{"/RefundCommission/", "fee.refund_admin"}, {"/Commission/", "fee.referral"}, {"/ShippingHB/", "fee.referral"},
		{"/VariableClosingFee/", "fee.closing"}, {"/FBAPerUnitFulfillmentFee/", "fba.fulfilment"}, {"Chargeback/", "fba.fulfilment"},
		{"/LowInventoryLevelFee/", "fba.other"}, {"/Subscription/", "fee.subscription"}, {"/FBAStorageFee/", "fba.storage"},
		{"/FBALongTermStorageFee/", "fba.aged"}, {"/FBAInbound", "fba.inbound"}, {"/FBARemovalFee/", "fba.removal"},
		{"/FBADisposalFee/", "fba.removal"}, {"/CustomerReturnHRRUnitFee/", "fba.returns"}, {"/Coupon", "fee.coupon"},
		{"/HighVolumeListingFee/", "fee.other"}, {"AdvertisingFee", "advertising"}, {"Reimbursement", "reimbursement"},
		{"PostageBilling", "postage"}, {"/Reserve", "cash.reserve"}, {"/Loan", "cash.loan"}, {"FundTransfer", "cash.payout"},
	} {
		if strings.Contains(path, r.part) {
			return r.line
		}
	}
	return "unclassified"
}
