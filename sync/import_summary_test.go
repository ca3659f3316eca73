package appsync_test

import (
	"path/filepath"
	"strings"
	"testing"

	"countinghouse/data/store"
)

// summed is what Seller Central's own summary of a period prints, in minor
// units. Tax is nothing where the summary has no such line.
type summed struct{ profit, tax, payouts int64 }

// bookSummed is the same of a book: all that is profit, tax, and what left for
// the bank.
func bookSummed(t *testing.T, b *store.Book) (s summed) {
	t.Helper()
	err := b.Reader().QueryRowContext(t.Context(), `SELECT
		coalesce(sum(amount_minor) FILTER (WHERE line NOT LIKE 'tax.%' AND line NOT LIKE 'cash.%'), 0),
		coalesce(sum(amount_minor) FILTER (WHERE line LIKE 'tax.%'), 0),
		coalesce(sum(amount_minor) FILTER (WHERE line = 'cash.payout'), 0) FROM money_line`).Scan(&s.profit, &s.tax, &s.payouts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSamplesAgreeWithAmazonsSummary: income and expenses, tax, and transfers of
// real files, in every language, are those that Amazon printed beside them.
func TestSamplesAgreeWithAmazonsSummary(t *testing.T) {
	for name, want := range map[string]summed{
		"us-standard-orders.csv":   {24868_59 - 14917_63, 0, 9888_09},
		"us-invoiced-orders.csv":   {254_96 - 82_92, 0, 91_20},
		"ca-standard-orders.csv":   {7319_73 - 4482_19, 0, 2877_26},
		"ae-20-columns.csv":        {29866_59 - 9293_95, 0, 20367_43},
		"de.csv":                   {3504_21 - 1857_17, 8_26, 1730_44},
		"be-french-23-columns.csv": {493_20 - 249_83, 0, 191_60},
		"es.csv":                   {1132_27 - 641_12, 0, 417_79},
		"uk.csv":                   {141_68 - 90_68, 0, 36_26},
		"jp-utf8-2025.csv":         {93823 - 59586, 9532, 26893},
	} {
		t.Run(strings.TrimSuffix(name, filepath.Ext(name)), func(t *testing.T) {
			b := emptyBook(t)
			importOne(t, b, sample(t, "date-range/"+name), "")
			if got := bookSummed(t, b); got != want {
				t.Errorf("the books say %+v, Amazon %+v", got, want)
			}
			names, err := b.Unclassified(t.Context())
			if err != nil || len(names) > 0 {
				t.Errorf("without a line: %+v %v", names, err)
			}
		})
	}
}
