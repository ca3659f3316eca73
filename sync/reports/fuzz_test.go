package reports_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"countinghouse/sync/reports"
)

// fuzz reads whatever it is given. A refusal must be a refusal; a file that was
// accepted must give all its rows, and they must add up.
func fuzz(t *testing.T, data []byte) {
	files, err := reports.Open("fuzz", bytes.NewReader(data), int64(len(data)), reports.Hint{Currency: "USD"})
	if err != nil {
		if len(files) != 0 {
			t.Fatal("a refused file was given out")
		}
		return
	}
	for _, f := range files {
		switch f.Kind {
		case reports.DateRange:
			var total int64
			for r, err := range f.DateRange() {
				if err != nil {
					t.Fatal(err)
				}
				var row int64
				for _, fact := range r.Facts {
					row += fact.Amount.Minor
				}
				if row != r.Total.Minor || r.Equal < 1 || r.Posted.IsZero() {
					t.Fatalf("line %d: %d in facts, total %s", r.Line, row, r.Total)
				}
				total += row
			}
			if total != f.Total.Minor {
				t.Fatalf("rows sum to %d, the file to %s", total, f.Total)
			}
		case reports.AllOrders:
			n := 0
			for r, err := range f.AllOrders() {
				if err != nil || r.OrderID == "" || r.Ordinal < 1 {
					t.Fatalf("%+v, %v", r, err)
				}
				n++
			}
			if n != f.Rows {
				t.Fatalf("%d rows of %d", n, f.Rows)
			}
		case reports.SettlementV1, reports.SettlementV2:
			fuzzSettlement(t, f)
		}
	}
}

func fuzzSettlement(t *testing.T, f *reports.File) {
	got := map[string]int64{}
	for r, err := range f.Settlement() {
		if err != nil {
			t.Fatal(err)
		}
		for _, fact := range r.Facts {
			got[r.Settlement] += fact.Amount.Minor
		}
	}
	for _, s := range f.Settlements {
		if got[s.ID] != s.Total.Minor {
			t.Fatalf("settlement %q: rows sum to %d, header tells %s", s.ID, got[s.ID], s.Total)
		}
		delete(got, s.ID)
	}
	if len(got) > 0 {
		t.Fatalf("rows of settlements without header: %v", got)
	}
}

// seeds adds the fixtures whose name begins so, whole and cut.
func seeds(f *testing.F, prefix string) {
	f.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", prefix+"*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		st, err := os.Stat(name)
		if err != nil || st.IsDir() {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
}

func FuzzSettlement(f *testing.F) {
	seeds(f, "settlement")
	f.Add(goodSettlement())
	f.Fuzz(fuzz)
}

func FuzzDateRange(f *testing.F) {
	seeds(f, "date-range")
	f.Add(goodDateRange())
	f.Add(german())
	ja, err := japanese.ShiftJIS.NewEncoder().Bytes(japanese1())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(ja)
	f.Fuzz(fuzz)
}

func FuzzAllOrders(f *testing.F) {
	f.Add(ordersFile(order("1", "A"), order("1", "A")))
	f.Fuzz(fuzz)
}

func FuzzPacked(f *testing.F) {
	f.Add(gzipped(f, goodSettlement()))
	f.Add(zipped(f, "a", goodSettlement(), "b", goodDateRange()))
	f.Fuzz(fuzz)
}

// FuzzAmount and FuzzDate put any text into one cell.
func FuzzAmount(f *testing.F) {
	for _, s := range []string{"1,234.56", "1.234,56", "(1.00)", "\u22121", "1'234.5", "￥1,372", "1.234", ".5", "--", "1e5"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		fuzz(t, dateRangeFile("All amounts in USD", [7]string{usDate, "Order", "1", "A", a, "0", a}, [7]string{usDate, "Order", "1", "A", b, "0", b}))
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{usDate, "28.02.2025 23:09:05 UTC", "1 mars 2025 17:06:21 UTC", "2025/03/02 6:04:30 JST", "03/04/2025", "2017-03-02T18:16:34+00:00"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		fuzz(t, dateRangeFile("All amounts in USD", [7]string{a, "Order", "1", "A", "1.00", "0", "1.00"}, [7]string{b, "Order", "1", "A", "1.00", "0", "1.00"}))
	})
}
