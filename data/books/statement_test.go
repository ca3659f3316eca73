package books_test

import (
	"testing"

	"pgregory.net/rapid"

	"countinghouse/data/books"
)

func sales(minor int64) books.Rollup {
	return books.Rollup{
		Day: "2026-03-10", Connection: "c1", Marketplace: "US", Currency: "USD", SKU: "A", Line: books.SalesProduct,
		State: books.Released, Minor: minor, Quantity: 1,
	}
}

func march(t *testing.T, rows []books.Rollup, coverage []books.Coverage) books.Statement {
	t.Helper()
	all, err := books.Statements(rows, coverage, books.Filter{From: "2026-03-01", To: "2026-03-31", Currencies: []string{"USD"}})
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v %v", all, err)
	}
	return all[0]
}

func TestCovered(t *testing.T) {
	cover := func(connection, from, to string, currencies ...string) books.Coverage {
		return books.Coverage{Connection: connection, Source: books.Settlement, From: from, To: to, Currencies: currencies}
	}
	tests := []struct {
		name     string
		coverage []books.Coverage
		from, to string
	}{
		{"nothing", nil, "", ""},
		{"one", []books.Coverage{cover("c1", "2026-03-01", "2026-03-31")}, "2026-03-01", "2026-03-31"},
		{"the days after a gap", []books.Coverage{cover("c1", "2026-01-01", "2026-01-31"), cover("c1", "2026-03-01", "2026-03-31")}, "2026-03-01", "2026-03-31"},
		{"what two share", []books.Coverage{cover("c1", "2026-01-01", "2026-02-20"), cover("c2", "2026-02-01", "2026-03-31")}, "2026-02-01", "2026-02-20"},
		{"what two share beside the gap of one", []books.Coverage{
			cover("c1", "2026-01-01", "2026-02-20"), cover("c1", "2026-03-01", "2026-03-31"), cover("c2", "2026-02-01", "2026-02-25"),
		}, "2026-02-01", "2026-02-20"},
		{"no day in common", []books.Coverage{cover("c1", "2026-01-01", "2026-01-31"), cover("c2", "2026-02-01", "2026-02-28")}, "", ""},
		{"one was never read", []books.Coverage{cover("c1", "2026-01-01", "2026-01-31"), cover("c2", "", "", "USD")}, "", ""},
		{"one that was never read brings other money", []books.Coverage{cover("c1", "2026-01-01", "2026-01-31"), cover("c2", "", "", "EUR")}, "2026-01-01", "2026-01-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if from, to := books.Covered(tt.coverage, "USD"); from != tt.from || to != tt.to {
				t.Errorf("%q to %q, want %q to %q", from, to, tt.from, tt.to)
			}
		})
	}
}

// Only a report of invoiced orders is one beside the standard account, whatever the
// account is called that has a report of its own.
func TestCoveredByAccount(t *testing.T) {
	for account, counts := range map[string]bool{
		"": true, "Standard Orders": true, "Electronic Transactions": true, "Pay on Delivery": true, "Standaardbestellingen": true,
		"Standart Siparişler": true, "标准订单": true, "標準注文": true, "Standard-Bestellungen": true, "Abrechnung": true,
		"Invoiced Orders": false, "INVOICED ORDERS": false, "Bestellung auf Rechnung": false, "Commandes facturées": false, "Pedidos facturados": false,
		"Ordini fatturati": false, "Gefactureerde bestellingen": false, "Fakturerade beställningar": false, "Zamówienia na fakturę": false,
		"Pedidos faturados": false, "Faturalı Siparişler": false, "請求書払い": false, "发票订单": false,
	} {
		report := books.Coverage{Connection: "c1", Source: books.DateRange, Account: "Standard Orders", From: "2026-05-01", To: "2026-05-31"}
		june := report
		june.Account, june.From, june.To = account, "2026-06-01", "2026-06-30"
		want := report.To
		if counts {
			want = june.To
		}
		if from, to := books.Covered([]books.Coverage{report, june}, "USD"); from != report.From || to != want {
			t.Errorf("%q: %s to %s, want until %s", account, from, to, want)
		}
	}
}

func TestCoverage(t *testing.T) {
	cover := func(connection string, s books.Source, from, to string, currencies ...string) books.Coverage {
		return books.Coverage{Connection: connection, Source: s, From: from, To: to, Currencies: currencies}
	}
	tests := []struct {
		name     string
		coverage []books.Coverage
		why      string // "" when covered
	}{
		{"one source, all of it", []books.Coverage{cover("c1", books.Finances, "2026-03-01", "2026-03-31")}, ""},
		{"two sources that touch", []books.Coverage{
			cover("c1", books.Finances, "2026-03-15", "2026-12-31"), cover("c1", books.Settlement, "2025-01-01", "2026-03-14"),
		}, ""},
		{"a day is missing", []books.Coverage{
			cover("c1", books.Finances, "2026-03-16", "2026-12-31"), cover("c1", books.Settlement, "2026-01-01", "2026-03-14"),
		}, "money is covered from 2026-01-01 to 2026-03-14 and from 2026-03-16 to 2026-12-31"},
		{"another connection's does not help", []books.Coverage{cover("c2", books.Finances, "2026-01-01", "2026-12-31")},
			"no money was fetched or imported yet"},
		{"one of two is behind", []books.Coverage{
			cover("c1", books.Finances, "2026-01-01", "2026-12-31"), cover("c2", books.Finances, "2026-01-01", "2026-03-20"),
		}, "money is covered from 2026-01-01 to 2026-03-20"},
		{"the one behind brings other money", []books.Coverage{
			cover("c1", books.Finances, "2026-01-01", "2026-12-31", "USD"), cover("c2", books.Finances, "2026-01-01", "2026-03-20", "EUR"),
		}, ""},
		{"one of two was never read", []books.Coverage{
			cover("c1", books.Finances, "2026-01-01", "2026-12-31"), cover("c2", books.Finances, "", "", "USD"),
		}, "no money was fetched or imported yet"},
		{"what is typed in covers nothing", []books.Coverage{cover("c1", books.User, "2026-01-01", "2026-12-31")},
			"no money was fetched or imported yet"},
		{"nothing", nil, "no money was fetched or imported yet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := march(t, []books.Rollup{sales(1000)}, tt.coverage)
			if s.NetProfit.Known != (tt.why == "") || s.NetProfit.Why != tt.why {
				t.Errorf("net profit: %+v, want %q", s.NetProfit, tt.why)
			}
			if !s.NetSales.Known || s.NetSales.Minor != 1000 || s.NetSales.Why != tt.why {
				t.Errorf("known sales are shown with their gap: %+v", s.NetSales)
			}
			if empty := s.SellingFees; empty.Known != (tt.why == "") {
				t.Errorf("a 0 nobody knows: %+v", empty)
			}
		})
	}
}

func TestMissingCostHidesProfit(t *testing.T) {
	all := []books.Coverage{{Connection: "c1", Source: books.Finances, From: "2026-01-01", To: "2026-12-31"}}
	bare := func(sku string, units int64, currency string) books.Rollup {
		return books.Rollup{Day: "2026-03-10", Connection: "c1", Marketplace: "US", Currency: currency, SKU: sku, Line: books.COGS, Quantity: units, Uncovered: units}
	}
	for _, tt := range []struct {
		name string
		rows []books.Rollup
		why  string
	}{
		{"one", []books.Rollup{bare("A", 1, "USD")}, "1 unit of 1 SKU has no cost"},
		{"many of one", []books.Rollup{bare("A", 2, "USD")}, "2 units of 1 SKU have no cost"},
		{"many", []books.Rollup{bare("A", 11, "USD"), bare("B", 1, "USD"), bare("A", 1, "USD")}, "13 units of 2 SKUs have no cost"},
		{"of no currency", []books.Rollup{bare("A", 1, "")}, "1 unit of 1 SKU has no cost"},
	} {
		s := march(t, append(tt.rows, sales(1000)), all)
		for _, f := range []books.Figure{s.CostOfGoods, s.Contribution, s.NetProfit} {
			if f.Known || f.Why != tt.why {
				t.Errorf("%s: %+v", tt.name, f)
			}
		}
		if s.Margin.Known || !s.NetSales.Known {
			t.Errorf("%s: margin %+v, net sales %+v", tt.name, s.Margin, s.NetSales)
		}
	}
}

func TestRatesAreRoundedHalfAway(t *testing.T) {
	all := []books.Coverage{{Connection: "c1", Source: books.Finances, From: "2026-01-01", To: "2026-12-31"}}
	fee := sales(0)
	fee.Line, fee.Quantity = books.FeeReferral, 0
	for _, tt := range []struct{ sales, fee, bp int64 }{
		{10000, -2500, 7500},
		{30000, -10000, 6667},
		{20000, -19999, 1},  // 0.5 of a basis point
		{20000, -20001, -1}, // away from zero on both sides
		{1, -10001, -100000000},
	} {
		fee.Minor = tt.fee
		if s := march(t, []books.Rollup{sales(tt.sales), fee}, all); !s.Margin.Known || s.Margin.BasisPoints != tt.bp {
			t.Errorf("%+v: %+v", tt, s.Margin)
		}
	}
	if s := march(t, []books.Rollup{fee}, all); s.Margin.Known || s.Margin.Why == "" || s.RefundRate.Known {
		t.Errorf("a share of nothing: %+v %+v", s.Margin, s.RefundRate)
	}
	// A month of refunds: 125 % would be the loss of a loss, which reads like a gain.
	fee.Minor = -2500
	s := march(t, []books.Rollup{sales(-10000), fee}, all)
	if s.Margin.Known || s.Margin.Why == "" || s.NetProfit.Minor != -12500 {
		t.Errorf("a share of refunds: %+v", s.Margin)
	}
	explained, err := books.Explain(s, books.Beside{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range explained {
		if e.Name == books.FigureMargin && (e.Value.Known || e.Value.Why != "net sales is not above 0") {
			t.Errorf("explained: %+v", e)
		}
	}
}

func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []books.Rollup
		some := false
		for _, st := range []books.State{books.Settled, books.Released, books.Deferred, books.Estimated} {
			r := sales(rapid.Int64Range(-1<<40, 1<<40).Draw(t, string(st)))
			r.State = st
			some = some || r.Minor != 0
			rows = append(rows, r)
		}
		all, err := books.Statements(rows, nil, books.Filter{From: "2026-01-01", To: "2026-12-31"})
		if err != nil {
			t.Fatal(err)
		}
		s := all[0].Shares
		if s.Known != some || (some && s.Settled+s.Released+s.Deferred+s.Estimated != 10000) {
			t.Fatalf("%+v", s)
		}
	})
}

func TestEveryLineStandsInTheStatement(t *testing.T) {
	s := march(t, nil, nil)
	if len(s.Lines) != len(books.Lines()) {
		t.Fatalf("%d lines, want %d", len(s.Lines), len(books.Lines()))
	}
	for _, l := range s.Lines {
		if l.Known || l.Why == "" {
			t.Errorf("%s of a book without data is %+v", l.Line, l.Figure)
		}
	}
}
