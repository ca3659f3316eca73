package desktop

import (
	"math/big"
	"time"

	"countinghouse/data/books"
)

// The forecast looks back on whole weeks, so that each weekday counts as often
// as the others; of a new seller four of them must do.
const (
	forecastBack  = 56 // days
	forecastLeast = 28
)

// overviewForecast is what the month will leave, if its remaining days go like
// those of the weeks before: each takes the average of its weekday.
type overviewForecast struct {
	books.Figure        // Known false: Days and Uncovered tell why
	Days         int    // of the last eight weeks whose profit is known
	Uncovered    int64  // units without a cost among them
	SoFar        int    // days of the month that are counted as they are
	Left         int    // days of the month that are forecast
	From, To     string // days that the averages are made of
}

// forecastOf forecasts the month that today lies in. rows are daily sums of the
// currency that reach back eight weeks before the covered days end.
func forecastOf(rows []books.Rollup, coverage []books.Coverage, today string, covered statementSpan, currency string) (overviewForecast, error) {
	f := overviewForecast{Figure: books.Figure{Money: books.Money{Currency: currency}}}
	day, err := time.Parse(time.DateOnly, today)
	if err != nil || covered.To == "" {
		return f, nil
	}
	last := statementDay(covered.To)
	if last.After(day.AddDate(0, 0, -1)) {
		last = day.AddDate(0, 0, -1) // today is not over
	}
	first, end := monthOf(day)
	write := func(t time.Time) string { return t.Format(time.DateOnly) }
	f.From, f.To = write(last.AddDate(0, 0, 1-forecastBack)), write(last)
	if f.From < covered.From {
		f.From = covered.From
	}
	var sum [7]big.Int
	var count [7]int64
	for d := statementDay(f.From); !d.After(last); d = d.AddDate(0, 0, 1) {
		s, err := statementOf(rows, coverage, statementSpan{write(d), write(d)}, currency)
		if err != nil {
			return f, err
		}
		f.Uncovered += s.Uncovered
		if s.NetProfit.Known {
			f.Days++
			count[d.Weekday()]++
			sum[d.Weekday()].Add(&sum[d.Weekday()], big.NewInt(s.NetProfit.Minor))
		}
	}
	if f.Days < forecastLeast || f.Uncovered > 0 {
		return f, nil
	}
	total := new(big.Int)
	if !last.Before(first) {
		s, err := statementOf(rows, coverage, statementSpan{write(first), write(last)}, currency)
		if err != nil || !s.NetProfit.Known {
			return f, err
		}
		total.SetInt64(s.NetProfit.Minor)
		f.SoFar = last.Day()
	}
	var left [7]int64
	for d := first.AddDate(0, 0, f.SoFar); !d.After(end); d = d.AddDate(0, 0, 1) {
		f.Left++
		left[d.Weekday()]++
	}
	for w := range left {
		if left[w] > 0 {
			total.Add(total, dividedHalfUp(new(big.Int).Mul(&sum[w], big.NewInt(left[w])), count[w]))
		}
	}
	f.Known = total.IsInt64()
	f.Minor = total.Int64()
	return f, nil
}

func monthOf(day time.Time) (first, last time.Time) {
	first = day.AddDate(0, 0, 1-day.Day())
	return first, first.AddDate(0, 1, -1)
}

// dividedHalfUp is a quotient rounded half away from zero.
func dividedHalfUp(a *big.Int, by int64) *big.Int {
	if by == 0 {
		return new(big.Int)
	}
	n := new(big.Int).Abs(a)
	n.Add(n.Lsh(n, 1), big.NewInt(by))
	n.Quo(n, big.NewInt(2*by))
	if a.Sign() < 0 {
		n.Neg(n)
	}
	return n
}
