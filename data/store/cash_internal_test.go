package store

import (
	"fmt"
	"strings"
	"testing"
)

// The bridge of orders by hand: what stands between two levels adds up to the next.
func TestBridgeByHand(t *testing.T) {
	amazon := int64(120_00)
	cases := []struct {
		name   string
		orders bridgeOrders
		money  bridgeMoney
		amazon *int64
		none   bool // no order is in the book
		want   string
	}{
		// 119.00 of 100.00 net and 19.00 tax was posted as 98.00: 2.00 are something else.
		{"prices that hold the tax", bridgeOrders{ordered: 150_00, cancelled: 10_00, pending: 12_00, unposted: 9_00, posted: 119_00, postedTax: 19_00, postedSales: 98_00, later: 8_00},
			bridgeMoney{earlier: 5_00, shipping: 4_00, promotion: -3_00, refunds: -20_00, net: 76_00}, &amazon, false,
			"seller_central=12000 report_differs+3000 ordered=15000 cancelled-1000 not_shipped-1200 not_posted-900 tax-1900 price_differs-200 " +
				"posted_for_orders=9800 posted_elsewhere-800 posted_from_elsewhere+500 shipping_giftwrap+400 promotions-300 refunds-2000 residue+0 net_sales=7600"},
		// The same prices without: tax is no step; 1.00 is explained by nothing.
		{"prices without tax", bridgeOrders{ordered: 100_00, posted: 100_00, postedTax: 8_00, postedSales: 99_00}, bridgeMoney{net: 98_00}, nil, false,
			"seller_central=? ordered=10000 cancelled+0 not_shipped+0 not_posted+0 tax+0 price_differs-100 " +
				"posted_for_orders=9900 posted_elsewhere+0 posted_from_elsewhere+0 shipping_giftwrap+0 promotions+0 refunds+0 residue-100 net_sales=9800"},
		{"money without orders", bridgeOrders{}, bridgeMoney{earlier: 50_00, refunds: -5_00, net: 45_00}, nil, true,
			"seller_central=? ordered=? cancelled? not_shipped? not_posted? tax? price_differs? posted_for_orders=? posted_elsewhere? " +
				"posted_from_elsewhere+5000 shipping_giftwrap+0 promotions+0 refunds-500 residue+0 net_sales=4500"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range bridgeOf("EUR", c.orders, c.money, c.amazon, !c.none).Steps {
				switch {
				case p.Minor == nil && p.Total:
					got = append(got, string(p.Step)+"=?")
				case p.Minor == nil:
					got = append(got, string(p.Step)+"?")
				case p.Total:
					got = append(got, fmt.Sprintf("%s=%d", p.Step, *p.Minor))
				default:
					got = append(got, fmt.Sprintf("%s%+d", p.Step, *p.Minor))
				}
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("the bridge is\n%s, want\n%s", text, c.want)
			}
		})
	}
}

// Amazon tells a rate as a part of one, or as per cent.
func TestPercentText(t *testing.T) {
	for rate, want := range map[string]string{
		"0.19": "19", "0.2": "20", "0.055": "5.5", "0.0550": "5.5", "0.021": "2.1", "0.005": "0.5", "0.00": "0", "0.0": "0", ".07": "7",
		"0": "0", "19": "19", "19.6": "19.6", "": "",
	} {
		if got := percentText(rate); got != want {
			t.Errorf("%q is %q per cent, want %q", rate, got, want)
		}
	}
}

// A bank books a payout from a day before the day that Amazon tells to days after it.
func TestDaysBetweenPayoutAndBank(t *testing.T) {
	for bank, want := range map[string]int{
		addDays("2026-03-10", -bankBefore): bankBefore, addDays("2026-03-10", -bankBefore-1): -1, "2026-03-10": 0, "2026-03-11": 1,
		addDays("2026-03-10", bankAfter): bankAfter, addDays("2026-03-10", bankAfter+1): -1, "10.03.2026": -1,
	} {
		if got := daysApart("2026-03-10", bank); got != want {
			t.Errorf("%s is %d days from 2026-03-10, want %d", bank, got, want)
		}
	}
}
