package desktop

import (
	"testing"
	"time"

	"countinghouse/data/books"
)

// The forecast of a month equals one that is added up day by day.
func TestForecastOf(t *testing.T) {
	day := func(text string) time.Time { return statementDay(text) }
	// Profit follows the weekday: Sunday 100.00, Monday 101.00 ... plus a cent
	// in the newest week, which shifts the averages.
	rowsOf := func(from, to string, uncovered int64) []books.Rollup {
		var rows []books.Rollup
		for d := day(from); !d.After(day(to)); d = d.AddDate(0, 0, 1) {
			minor := int64(10000 + 100*int(d.Weekday()))
			if !d.Before(day("2026-11-14")) {
				minor++
			}
			rows = append(rows, books.Rollup{Day: d.Format(time.DateOnly), Connection: "na", Line: books.SalesProduct, Currency: "USD", Minor: minor, State: books.Settled, Quantity: 1})
		}
		if uncovered > 0 {
			rows = append(rows, books.Rollup{Day: to, Connection: "na", Line: books.COGS, Currency: "USD", State: books.Settled, Quantity: uncovered, Uncovered: uncovered})
		}
		return rows
	}
	coverageOf := func(from, to string) ([]books.Coverage, statementSpan) {
		return []books.Coverage{{Connection: "na", Source: books.Finances, From: from, To: to}}, statementSpan{from, to}
	}
	t.Run("known", func(t *testing.T) {
		coverage, covered := coverageOf("2026-01-01", "2026-11-20")
		rows := rowsOf("2026-09-01", "2026-11-20", 0)
		f, err := forecastOf(rows, coverage, "2026-11-21", covered, "USD")
		if err != nil || !f.Known || f.Days != forecastBack || f.SoFar != 20 || f.Left != 10 {
			t.Fatalf("%+v, %v", f, err)
		}
		var want int64
		for _, r := range rows {
			if r.Day >= "2026-11-01" {
				want += r.Minor
			}
		}
		// Eight of each weekday, one of them a cent higher: an eighth of a cent
		// is rounded away, two days of a weekday make a quarter.
		for d := day("2026-11-21"); !d.After(day("2026-11-30")); d = d.AddDate(0, 0, 1) {
			want += int64(10000 + 100*int(d.Weekday()))
		}
		if f.Minor != want {
			t.Errorf("%d, want %d", f.Minor, want)
		}
	})
	for _, tt := range []struct {
		name, from, to string
		uncovered      int64
		days           int
	}{
		{"too few days", "2026-10-25", "2026-11-20", 0, 27},
		{"a cost is missing", "2026-01-01", "2026-11-20", 3, 55},
		{"no money", "", "", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var coverage []books.Coverage
			var covered statementSpan
			var rows []books.Rollup
			if tt.from != "" {
				coverage, covered = coverageOf(tt.from, tt.to)
				rows = rowsOf(max(tt.from, "2026-09-01"), tt.to, tt.uncovered)
			}
			f, err := forecastOf(rows, coverage, "2026-11-21", covered, "USD")
			if err != nil || f.Known || f.Days != tt.days || f.Uncovered != tt.uncovered {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
}
