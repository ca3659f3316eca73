package books_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"countinghouse/data/books"
)

func TestExpensesAreSpreadPerDay(t *testing.T) {
	eur := func(n int64) books.Money { return books.Money{Minor: n, Currency: "EUR"} }
	for name, c := range map[string]struct {
		o     books.Outlay
		until string
		days  int
		sum   int64
		first string // day and amount
		last  string
	}{
		"once, one day":                  {books.Outlay{Repeat: books.Once, From: "2026-03-05", Amount: eur(1000)}, "2026-12-31", 1, 1000, "2026-03-05 1000", "2026-03-05 1000"},
		"once, spread over a quarter":    {books.Outlay{Repeat: books.Once, From: "2026-01-01", To: "2026-03-31", Amount: eur(100)}, "2026-12-31", 90, 100, "2026-01-01 1", "2026-03-31 1"},
		"once, half of it so far":        {books.Outlay{Repeat: books.Once, From: "2026-01-01", To: "2026-01-10", Amount: eur(100)}, "2026-01-05", 5, 50, "2026-01-01 10", "2026-01-05 10"},
		"a month of 30 days":             {books.Outlay{Repeat: books.Monthly, From: "2026-04-01", Amount: eur(3000)}, "2026-04-30", 30, 3000, "2026-04-01 100", "2026-04-30 100"},
		"each month its own daily part":  {books.Outlay{Repeat: books.Monthly, From: "2026-01-01", Amount: eur(3100)}, "2026-02-28", 59, 6200, "2026-01-01 100", "2026-02-28 111"},
		"from the 31st":                  {books.Outlay{Repeat: books.Monthly, From: "2026-01-31", Amount: eur(2800)}, "2026-03-30", 59, 5600, "2026-01-31 100", "2026-03-30 90"},
		"it ends in the middle":          {books.Outlay{Repeat: books.Monthly, From: "2026-04-01", To: "2026-04-15", Amount: eur(3000)}, "2026-12-31", 15, 1500, "2026-04-01 100", "2026-04-15 100"},
		"a week":                         {books.Outlay{Repeat: books.Weekly, From: "2026-04-01", Amount: eur(700)}, "2026-04-14", 14, 1400, "2026-04-01 100", "2026-04-14 100"},
		"a year":                         {books.Outlay{Repeat: books.Yearly, From: "2026-01-01", Amount: eur(36500)}, "2026-12-31", 365, 36500, "2026-01-01 100", "2026-12-31 100"},
		"a quarter":                      {books.Outlay{Repeat: books.Quarterly, From: "2026-01-01", Amount: eur(9000)}, "2026-03-31", 90, 9000, "2026-01-01 100", "2026-03-31 100"},
		"not begun":                      {books.Outlay{Repeat: books.Monthly, From: "2027-01-01", Amount: eur(9000)}, "2026-03-31", 0, 0, "", ""},
		"money back":                     {books.Outlay{Repeat: books.Once, From: "2026-01-01", To: "2026-01-03", Amount: eur(-100)}, "2026-12-31", 3, -100, "2026-01-01 -33", "2026-01-03 -33"},
		"a leap year has one day more":   {books.Outlay{Repeat: books.Yearly, From: "2028-01-01", Amount: eur(36600)}, "2028-12-31", 366, 36600, "2028-01-01 100", "2028-12-31 100"},
		"the last of February in a leap": {books.Outlay{Repeat: books.Monthly, From: "2028-01-31", Amount: eur(2900)}, "2028-02-28", 29, 2900, "2028-01-31 100", "2028-02-28 100"},
	} {
		days := c.o.Days(c.until)
		var sum int64
		for _, d := range days {
			sum += d.Minor
		}
		if len(days) != c.days || sum != c.sum {
			t.Errorf("%s: %d days and %d, want %d and %d", name, len(days), sum, c.days, c.sum)
			continue
		}
		if len(days) == 0 {
			continue
		}
		text := func(d books.DayAmount) string { return fmt.Sprint(d.Day, " ", d.Minor) }
		if f, l := text(days[0]), text(days[len(days)-1]); f != c.first || l != c.last {
			t.Errorf("%s: %s ... %s, want %s ... %s", name, f, l, c.first, c.last)
		}
	}
}

// However far an expense is spread at a time, its days are the same.
func TestExpensesDoNotChangeAsDaysPass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := books.Outlay{
			Repeat: rapid.SampledFrom(books.Repeats()).Draw(t, "repeat"), From: fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day")),
			Amount: books.Money{Minor: rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "amount"), Currency: "EUR"},
		}
		long, short := o.Days("2028-06-30"), o.Days("2027-02-11")
		if len(short) > len(long) {
			t.Fatalf("%d days by February, %d by June", len(short), len(long))
		}
		for i, d := range short {
			if long[i] != d {
				t.Fatalf("day %d is %v, later %v", i, d, long[i])
			}
		}
	})
}

func TestPurchaseIsFixedAtItsRate(t *testing.T) {
	rates := books.NewRates([]books.Quote{quote("2026-03-06", "EUR", "CNY", "7.8", "ecb")})
	p := books.Purchase{Day: "2026-03-08", SKU: "A", Units: 3, Currency: "CNY", Price: 70000, Freight: 5000, Duty: 2000, Prep: 900, Other: 100}
	landed, err := p.Landed()
	if err != nil || landed.String() != "780.00 CNY" {
		t.Fatalf("landed %s: %v", landed, err)
	}
	x, ok := p.Fix("EUR", rates)
	fixed, err := x.Convert(landed)
	if !ok || err != nil || fixed.String() != "100.00 EUR" || x.Day != "2026-03-06" {
		t.Errorf("fixed at %s on %s: %v", fixed, x.Day, err)
	}
	p.Rate, _ = books.ParseUnit("0.125")
	if x, _ = p.Fix("EUR", rates); x.Source != books.SourceTyped {
		t.Errorf("the typed rate is passed over: %+v", x)
	}
	if _, ok = (books.Purchase{Day: "2020-01-01", Currency: "CNY"}).Fix("EUR", rates); ok {
		t.Error("a rate is known where none is")
	}
	if x, ok = (books.Purchase{Day: "2020-01-01", Currency: "CNY"}).Fix("", nil); !ok || x.To != "CNY" {
		t.Errorf("without a book currency: %+v", x)
	}
}

// What rounding leaves over goes to the largest remainders, of equal ones to the
// first; a debit is divided like a credit.
func TestAllocateLeavesNothingOver(t *testing.T) {
	for _, c := range []struct {
		minor   int64
		weights []int64
		want    []int64
	}{
		{5, []int64{1, 1, 1}, []int64{2, 2, 1}}, {-5, []int64{1, 1, 1}, []int64{-2, -2, -1}},
		{100, []int64{1, 2, 4}, []int64{14, 29, 57}}, {1, []int64{1, 3}, []int64{0, 1}},
		{7, []int64{0, 5, -3}, []int64{0, 7, 0}}, {7, []int64{0, 0}, nil}, {0, []int64{1, 2}, []int64{0, 0}},
	} {
		if got := books.Allocate(c.minor, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("%d by %v: %v, want %v", c.minor, c.weights, got, c.want)
		}
	}
}
