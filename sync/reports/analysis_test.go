package reports_test

import (
	"errors"
	"strings"
	"testing"

	"countinghouse/sync/reports"
)

func containsCell(raw, cell string) bool {
	for c := range strings.SplitSeq(raw, "\t") {
		if strings.Trim(c, `"`) == cell {
			return true
		}
	}
	return false
}

func openText(t *testing.T, text string, hint reports.Hint) (*reports.File, error) {
	t.Helper()
	files, err := reports.Open("report", strings.NewReader(text), int64(len(text)), hint)
	if err != nil {
		return nil, err
	}
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	return files[0], nil
}

// A business report tells its currency by the sign at its amounts; one that fits
// several currencies is refused unless the currency is named.
func TestCurrencyOfBusinessReports(t *testing.T) {
	report := func(amount string) string {
		return "Date,Ordered Product Sales,Units Ordered,Sessions - Total\n2026-10-01,\"" + amount + "\",3,120\n2026-10-02,\"" + amount + "\",2,100\n"
	}
	for _, c := range []struct {
		amount, hint, currency string
		minor                  int64
		err                    error
	}{
		{"€1,234.56", "", "EUR", 1234_56, nil}, {"￥1,234", "", "JPY", 1234, nil}, {"£12.00", "", "GBP", 12_00, nil},
		{"$1,234.56", "CAD", "CAD", 1234_56, nil}, {"$1,234.56", "", "", 0, reports.ErrCurrency}, {"1,234.56", "", "", 0, reports.ErrCurrency},
		{"1,234.56", "USD", "USD", 1234_56, nil},
	} {
		f, err := openText(t, report(c.amount), reports.Hint{Currency: c.hint})
		if c.err != nil {
			if !errors.Is(err, c.err) {
				t.Errorf("%s with %q: %v", c.amount, c.hint, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s with %q: %v", c.amount, c.hint, err)
			continue
		}
		for row, err := range f.Traffic() {
			if err != nil || row.Ordered.Money.Minor != c.minor || row.Ordered.Money.Currency != c.currency || !strings.HasPrefix(row.Day, "2026-10-0") {
				t.Errorf("%s: %+v %v", c.amount, row, err)
			}
		}
	}
}

// Reports of sponsored products in three languages, by text; which of the names
// are told says what they are about.
func TestAdvertisingReports(t *testing.T) {
	for name, text := range map[string]string{
		"advertised products, English": "Date\tPortfolio name\tCurrency\tCampaign Name\tAd Group Name\tAdvertised SKU\tAdvertised ASIN\tImpressions\tClicks\tSpend\t7 Day Total Sales \t7 Day Total Orders (#)\t7 Day Total Units (#)\n" +
			"Oct 01, 2026\t\tUSD\tAuto\tAll\tUS-KIT-001\tB000000001\t1,200\t14\t$9.87\t$44.00\t2\t2\n",
		"search terms, Japanese": "開始日,終了日,ポートフォリオ名,通貨,キャンペーン名,広告グループ名,ターゲティング,マッチタイプ,カスタマーの検索キーワード,インプレッション,クリック,広告費,7日間の総売上高,7日間の総注文数 (#)\n" +
			"2026/10/01,2026/10/01,,JPY,手動,青,まな板,BROAD,竹 まな板,1200,14,987,4400,2\n",
		"targeting, German": "Startdatum;Enddatum;Portfolioname;Währung;Kampagnenname;Anzeigengruppenname;Ausrichtung;Übereinstimmungstyp;Impressionen;Klicks;Ausgaben;7 Tage, Umsatz gesamt;7 Tage, Aufträge gesamt (#)\n" +
			"01.10.2026;13.10.2026;;EUR;Manuell;Grün;schneidebrett;EXACT;1200;14;9,87;44,00;2\n",
	} {
		t.Run(name, func(t *testing.T) {
			f, err := openText(t, text, reports.Hint{})
			if err != nil {
				t.Fatal(err)
			}
			if f.Kind != reports.Advertising || f.Rows != 1 || len(f.UnknownColumns) != 0 {
				t.Fatalf("%s, %d rows, unknown %q", f.Kind, f.Rows, f.UnknownColumns)
			}
			for row, err := range f.Advertising() {
				if err != nil {
					t.Fatal(err)
				}
				spend, sales := int64(9_87), int64(44_00)
				if row.Currency == "JPY" {
					spend, sales = 987, 4400
				}
				if row.From.Day != "2026-10-01" || row.Spend.Money.Minor != spend || row.Sales.Money.Minor != sales || row.Clicks.Value != 14 ||
					row.Impressions.Value != 1200 || row.Orders.Value != 2 || row.Window != 7 || row.Campaign == "" {
					t.Errorf("%+v", row)
				}
			}
		})
	}
}

// A JSON report that is cut, a message in its place, and one with nothing in it.
func TestDamagedTrafficReports(t *testing.T) {
	for text, want := range map[string]error{
		`{"reportSpecification":{},"salesAndTrafficByDate":[{"date":"2026-10-01"`:                                              reports.ErrCut,
		`{"reportSpecification":{},"errorDetails":"data not available yet"}`:                                                   reports.ErrMessage,
		`{"reportSpecification":{},"salesAndTrafficByDate":[],"salesAndTrafficByAsin":[]}`:                                     reports.ErrEmpty,
		`{"reportSpecification":{},"salesAndTrafficByDate":[{"date":"soon"}]}`:                                                 reports.ErrDate,
		`{"reportSpecification":{},"salesAndTrafficByDate":[{"date":"2026-10-01","trafficByDate":{"buyBoxPercentage":1e99}}]}`: reports.ErrNumber,
		`{"orders":[]}`: reports.ErrKind,
	} {
		if _, err := openText(t, text, reports.Hint{}); !errors.Is(err, want) {
			t.Errorf("%.60s: %v, want %v", text, err, want)
		}
	}
}
