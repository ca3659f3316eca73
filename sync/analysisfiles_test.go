package appsync_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
)

// importText imports a file of that text into a book.
func importText(t *testing.T, b *store.Book, name, text string, hint reports.Hint) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := appsync.Import(t.Context(), b, path, "", hint); err != nil {
		t.Fatal(err)
	}
}

// Files of analysis go into the book whoever sent them; read twice they change
// nothing, a later file about the same takes the place of the earlier one, and
// nothing of them becomes money of the books.
func TestImportOfAnalysis(t *testing.T) {
	b := emptyBook(t)
	const head = "Date\tPortfolio name\tCurrency\tCampaign Name\tAd Group Name\tCountry\tAdvertised SKU\tAdvertised ASIN\tImpressions\tClicks\tSpend\t7 Day Total Sales\t7 Day Total Orders (#)\n"
	row := func(spend string) string {
		return "Oct 01, 2026\t\tEUR\tAuto\tAll\tDE\tDE-KIT-größe\tB000000001\t1,200\t14\t" + spend + "\t44.00\t2\n"
	}
	importText(t, b, "ads.txt", head+row("9.87")+strings.Replace(row("5.00"), "Auto", "Hand", 1), reports.Hint{})
	importText(t, b, "ads-again.txt", head+row("10.12"), reports.Hint{})
	sums, err := b.AdSums(t.Context(), "advertised-product", "2026-10-01", "2026-10-31")
	if err != nil || len(sums) != 1 || sums[0].Spend != 15_12 || sums[0].Sales != 88_00 || sums[0].SKU != "DE-KIT-größe" || sums[0].Marketplace != "A1PA6795UKMFR9" {
		t.Errorf("%+v %v", sums, err)
	}
	const vat = "ACTIVITY_PERIOD\tSALES_CHANNEL\tMARKETPLACE\tPROGRAM\tTRANSACTION_EVENT_ID\tACTIVITY_TRANSACTION_ID\tTRANSACTION_COMPLETE_DATE\tTRANSACTION_TYPE\tSELLER_SKU\tQTY\t" +
		"TOTAL_ACTIVITY_VALUE_AMT_VAT_EXCL\tTOTAL_ACTIVITY_VALUE_VAT_AMT\tTOTAL_ACTIVITY_VALUE_AMT_VAT_INCL\tTRANSACTION_CURRENCY_CODE\tSALE_DEPART_COUNTRY\tSALE_ARRIVAL_COUNTRY\tTAXABLE_JURISDICTION\tBUYER_VAT_NUMBER\tARRIVAL_CITY\n"
	sale := "2026-JUL\tMFN\tamazon.de\tREGULAR\t302-1111111-1111111\tD1\t29-07-2026\tSALE\tDE-1\t1\t10.00\t1.90\t11.90\tEUR\tDE\tDE\tGERMANY\tDE123456789\tGörlitz\n"
	importText(t, b, "vat.txt", vat+sale+sale, reports.Hint{}) // two equal lines are two
	importText(t, b, "vat-copy.txt", vat+sale+sale+strings.Replace(sale, "D1", "D2", 1), reports.Hint{})
	rows, err := b.VATTransactions(t.Context(), "2026-07-01", "2026-07-31")
	if err != nil || len(rows) != 3 || *rows[0].Net+*rows[0].VAT != *rows[0].Gross || rows[0].CompleteDay != "2026-07-29" {
		t.Errorf("%d rows %+v %v", len(rows), rows, err)
	}
	for _, secret := range []string{"DE123456789", "Görlitz"} {
		docs, err := b.VerifyDocuments(t.Context(), func(int64, error) {})
		if err != nil || docs == 0 {
			t.Fatal(docs, err)
		}
		for id := range int64(docs) {
			if d, err := b.Document(t.Context(), id+1); err == nil && strings.Contains(string(d.Body), secret) {
				t.Errorf("a document holds %q", secret)
			}
		}
	}
	const business = "日付,注文商品売上,注文された商品点数,セッション - 合計\n2026/10/01,\"￥32,928\",25,517\n2026/10/02,￥100,1,20\n"
	importText(t, b, "business.csv", business, reports.Hint{})
	days, err := b.TrafficDays(t.Context(), "", "", nil)
	if err != nil || len(days) != 2 || *days[0].Ordered != 32928 || days[0].Currency != "JPY" || days[0].Marketplace != "A1VC38T7YXB528" || days[0].Origin != "file" {
		t.Errorf("%+v %v", days, err)
	}
	if n := sum(t, b, `SELECT (SELECT count(*) FROM fact) + (SELECT count(*) FROM event) + (SELECT count(*) FROM money_line)`); n != 0 {
		t.Errorf("%d rows of money come from analysis", n)
	}
}

// The files of real sellers go in whole.
func TestImportOfAnalysisSamples(t *testing.T) {
	samples := filepath.Join("..", "..", "shared", "samples")
	for name, want := range map[string]struct {
		query string
		n     int64
	}{
		"sales-traffic/us-day-parent.json":                      {`SELECT sum(units) FROM traffic_asin WHERE from_day = '2024-02-14' AND to_day = '2024-02-26'`, 6707},
		"business-reports/jp-by-asin-sales-traffic-utf8bom.csv": {`SELECT sum(ordered_minor) FROM traffic_asin WHERE from_day = '' AND currency = 'JPY'`, 1_364_099},
		"business-reports/jp-by-date-sales-traffic-utf8bom.csv": {`SELECT sum(ordered_minor) FROM traffic_day`, 1_364_099},
		"economics/us-sku-economics-2026-w1.xlsx":               {`SELECT count(*) FROM economics WHERE marketplace_id = 'ATVPDKIKX0DER' AND origin = 'file'`, 178},
		"vat/eu-vat-transactions-synthetic.txt":                 {`SELECT count(*) FROM vat_transaction`, 4},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(samples, filepath.FromSlash(name))
			if _, err := os.Stat(path); err != nil {
				t.Skip("the shared samples are not here")
			}
			b := emptyBook(t)
			for range 2 {
				if _, err := appsync.Import(t.Context(), b, path, "", reports.Hint{}); err != nil {
					t.Fatal(err)
				}
				if n := sum(t, b, want.query); n != want.n {
					t.Errorf("%d, want %d", n, want.n)
				}
			}
		})
	}
}
