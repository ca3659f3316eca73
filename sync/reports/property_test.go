package reports_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"countinghouse/sync/reports"
)

// number writes cents in a locale, by other means than the reader reads them.
func number(cents int64, group, decimal string) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	if cents == 0 {
		return "0"
	}
	whole := fmt.Sprint(cents / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	return fmt.Sprintf("%s%s%s%02d", sign, whole, decimal, cents%100)
}

// A date-range report of any rows in any locale gives back exactly its rows:
// none lost, none made up, equal ones kept.
func TestPropertyDateRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom([][2]string{{",", "."}, {".", ","}, {"", "."}, {"", ","}, {"\u00a0", ","}, {"'", "."}, {" ", ","}}).Draw(t, "form")
		cents := rapid.Int64Range(-500_000_000, 500_000_000)
		type row struct {
			sales, fee, other int64
			title, order      string
		}
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) row {
			return row{cents.Draw(t, "sales"), cents.Draw(t, "fee"), cents.Draw(t, "other"),
				rapid.StringMatching(`[a-z",;' äß\n]{0,12}`).Draw(t, "title"), rapid.SampledFrom([]string{"1", "2", ""}).Draw(t, "order")}
		}), 0, 12).Draw(t, "rows")
		var b strings.Builder
		b.WriteString(csvRow("Alle Beträge in Euro sofern nicht anders gekennzeichnet"))
		b.WriteString(csvRow("Datum/Uhrzeit", "Typ", "Bestellnummer", "SKU", "Beschreibung", "Umsätze", "Verkaufsgebühren", "Andere", "Gesamt"))
		for _, r := range list {
			b.WriteString(csvRow("01.03.2025 10:11:12 UTC", "Bestellung", r.order, "A", r.title, number(r.sales, form[0], form[1]),
				number(r.fee, form[0], form[1]), number(r.other, form[0], form[1]), number(r.sales+r.fee+r.other, form[0], form[1])))
		}
		files, err := reports.Open("p.csv", strings.NewReader(b.String()), int64(b.Len()), reports.Hint{})
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		i := 0
		for got, err := range files[0].DateRange() {
			if err != nil {
				t.Fatal(err)
			}
			want := list[i]
			sums := map[string]int64{}
			for _, f := range got.Facts {
				sums[f.Path] += f.Amount.Minor
				if strings.TrimSpace(f.Note) != strings.TrimSpace(want.title) || f.Order != want.order {
					t.Fatalf("row %d: note %q, order %q", i, f.Note, f.Order)
				}
			}
			if sums["product sales"] != want.sales || sums["selling fees"] != want.fee || sums["other"] != want.other || got.Total.Minor != want.sales+want.fee+want.other {
				t.Fatalf("row %d is %v, want %v", i, sums, want)
			}
			i++
		}
		if i != len(list) || files[0].Rows != i {
			t.Fatalf("%d rows, want %d", i, len(list))
		}
	})
}

// The same for settlements, several in one file, rows in any order.
func TestPropertySettlement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom([][2]string{{",", "."}, {".", ","}, {"", "."}, {"", ","}}).Draw(t, "form")
		type row struct {
			id    string
			cents int64
		}
		ids := []string{"700", "701", "702"}[:rapid.IntRange(1, 3).Draw(t, "settlements")]
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) row {
			return row{rapid.SampledFrom(ids).Draw(t, "id"), rapid.Int64Range(-90_000_000, 90_000_000).Draw(t, "cents")}
		}), 0, 20).Draw(t, "rows")
		totals := map[string]int64{}
		for _, r := range list {
			totals[r.id] += r.cents
		}
		var lines []string
		for _, id := range ids {
			lines = append(lines, v2Header(id, number(totals[id], form[0], form[1]), "EUR"))
		}
		for _, r := range list {
			lines = append(lines, v2Amount(r.id, "ItemPrice", "Principal", number(r.cents, form[0], form[1]), "1"))
		}
		data := v2File(lines...)
		files, err := reports.Open("p.txt", bytes.NewReader(data), int64(len(data)), reports.Hint{})
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		i := 0
		for got, err := range files[0].Settlement() {
			if err != nil {
				t.Fatal(err)
			}
			if got.Settlement != list[i].id || got.Facts[0].Amount.Minor != list[i].cents {
				t.Fatalf("row %d is %s %s, want %+v", i, got.Settlement, got.Facts[0].Amount, list[i])
			}
			i++
		}
		if i != len(list) {
			t.Fatalf("%d rows, want %d", i, len(list))
		}
	})
}

// Cut anywhere, a settlement is refused or, when only blanks are lost, whole.
func TestCutAnywhere(t *testing.T) {
	data := v2File(v2Header("900", "21.50", "EUR"), v2Amount("900", "ItemPrice", "Principal", "25.00", "1"), v2Amount("900", "ItemFees", "Commission", "-3.50", "1"))
	whole := len(rows(t, mustOpen(t, data)))
	for n := range len(data) {
		files, err := open(t, "s.txt", data[:n], reports.Hint{})
		if err == nil && (n < len(data)-1 || len(rows(t, files[0])) != whole) {
			t.Errorf("cut at %d of %d: read as whole", n, len(data))
		}
	}
}

// A changed digit in any amount of a row or header is noticed.
func TestChangedDigit(t *testing.T) {
	for name, data := range map[string][]byte{
		"settlement": goodSettlement(),
		"date-range": goodDateRange(),
	} {
		t.Run(name, func(t *testing.T) {
			tried := 0
			for i := range data {
				if !isAmountDigit(data, i) {
					continue
				}
				tried++
				bad := append([]byte(nil), data...)
				bad[i] = '0' + (bad[i]-'0'+5)%10
				if _, err := open(t, "x", bad, reports.Hint{}); err == nil {
					t.Errorf("digit %d (%q) changed to %q: not noticed", i, data[i-3:i+3], bad[i-3:i+3])
				}
			}
			if tried < 10 {
				t.Errorf("only %d digits were changed", tried)
			}
		})
	}
}

// isAmountDigit tells a digit right of a point with two places, or left of it.
func isAmountDigit(b []byte, i int) bool {
	if b[i] < '0' || b[i] > '9' {
		return false
	}
	for p := max(i-2, 1); p <= i+2 && p+2 < len(b); p++ {
		if b[p] == '.' && (i > p || p-i <= 2) && b[p+1] >= '0' && b[p+1] <= '9' && b[p+2] >= '0' && b[p+2] <= '9' &&
			strings.IndexByte("0123456789.", b[i]) >= 0 && !strings.ContainsAny(string(b[min(i, p):max(i, p)]), "\t\",") {
			return true
		}
	}
	return false
}
