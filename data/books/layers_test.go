package books_test

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
)

// A costing is written in lines: "batch ID SKU DAY UNITS COST [for=US,DE] [fixed=COST]",
// "kit SKU PARTxN ...", "unit SKU COST [from=DAY]", "rate DAY FROM TO RATE", and
// moves "ship|return|lost|found DAY SKU UNITS [order=O] [at=US] [cur=EUR]" with
// what they cost per method: "fifo=.. avg=.. period=..", each AMOUNT[/UNCOVERED].
type costing struct {
	basis books.Basis
	moves []books.Move
	wants []map[string]string
	stock map[string]string
	day   string
}

func parseCosting(t *testing.T, text string) costing {
	t.Helper()
	c := costing{basis: books.Basis{Kits: map[string][]books.Part{}}, stock: map[string]string{}}
	var units []books.Cost
	var quotes []books.Quote
	number := func(s string) int64 {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		return n
	}
	decimal := func(s string) books.Decimal {
		d, err := books.ParseUnit(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		w := strings.Fields(line)
		kv := pairs(w)
		switch w[0] {
		case "batch":
			b := books.Batch{ID: number(w[1]), SKU: w[2], Day: "2026-" + w[3], Units: number(w[4]), Cost: money(t, w[5])}
			b.Fixed = b.Cost
			if kv["fixed"] != "" {
				b.Fixed = money(t, kv["fixed"])
			}
			if kv["for"] != "" {
				b.Marketplaces = strings.Split(kv["for"], ",")
			}
			c.basis.Batches = append(c.basis.Batches, b)
		case "kit":
			for _, p := range w[2:] {
				sku, n, _ := strings.Cut(p, "x")
				c.basis.Kits[w[1]] = append(c.basis.Kits[w[1]], books.Part{SKU: sku, Units: number(n)})
			}
		case "unit":
			m := money(t, w[3])
			from := ""
			if kv["from"] != "" {
				from = "2026-" + kv["from"]
			}
			units = append(units, books.Cost{SKU: w[1], From: from, Unit: decimal(w[2]), Currency: m.Currency})
		case "rate":
			quotes = append(quotes, books.Quote{Day: "2026-" + w[1], From: w[2], To: w[3], Rate: decimal(w[4]), Source: "ecb"})
		case "stock":
			c.day = "2026-" + w[1]
			for k, v := range kv {
				c.stock[k] = v
			}
		default:
			kind, known := map[string]books.MoveKind{"ship": books.Shipped, "return": books.Returned, "lost": books.Lost, "found": books.Found}[w[0]]
			if !known {
				t.Fatalf("%q is nothing this format knows", line)
			}
			m := books.Move{Key: fmt.Sprintf("%03d", i), Kind: kind, SKU: w[2], Day: "2026-" + w[1], Units: number(w[3]), Order: kv["order"], Marketplace: "US", Currency: "USD"}
			if kv["at"] != "" {
				m.Marketplace = kv["at"]
			}
			if kv["cur"] != "" {
				m.Currency = kv["cur"]
			}
			m.At, _ = time.Parse(time.DateOnly, m.Day)
			c.moves, c.wants = append(c.moves, m), append(c.wants, kv)
		}
	}
	c.basis.Units, c.basis.Rates = books.NewCosts(units), books.NewRates(quotes)
	return c
}

// money reads 12.34USD.
func money(t *testing.T, s string) books.Money {
	t.Helper()
	m, err := books.ParseDecimal(s[:len(s)-3], s[len(s)-3:])
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func costings() map[books.Method]string {
	return map[books.Method]string{books.FIFO: "fifo", books.Average: "avg", books.ByPeriod: "period"}
}

func TestCostsByHand(t *testing.T) {
	for name, text := range costScenarios {
		t.Run(name, func(t *testing.T) {
			for method, code := range costings() {
				c := parseCosting(t, text)
				c.basis.Method = method
				l, err := books.NewLedger(c.basis)
				if err != nil {
					t.Fatal(err)
				}
				for i, m := range c.moves {
					got, err := l.Apply(m)
					if err != nil {
						t.Fatal(err)
					}
					want, told := c.wants[i][code]
					if all := c.wants[i]["all"]; !told && all != "" {
						want, told = all, true
					}
					text := got.Amount.Decimal()
					if got.Uncovered > 0 {
						text += fmt.Sprintf("/%d", got.Uncovered)
					}
					if told && text != want {
						t.Errorf("%s, move %d (%s %d %s): %s, by hand %s", method, i+1, m.Day, m.Units, m.SKU, text, want)
					}
				}
				if want, told := c.stock[code]; told {
					if got := stockText(t, l, c.day); got != want {
						t.Errorf("%s: left in stock %s, by hand %s", method, got, want)
					}
				}
			}
		})
	}
}

// stockText gives units and value: 5=12.34USD, each SKU's after a plus sign.
func stockText(t *testing.T, l *books.Ledger, day string) string {
	t.Helper()
	held, err := l.Stock(day)
	if err != nil {
		t.Fatal(err)
	}
	var skus []string
	units, value := map[string]int64{}, map[string]books.Money{}
	for _, h := range held {
		if units[h.SKU] == 0 {
			skus = append(skus, h.SKU)
		}
		units[h.SKU] += h.Units
		v, err := value[h.SKU].Add(h.Fixed)
		if err != nil {
			t.Fatal(err)
		}
		value[h.SKU] = v
	}
	var parts []string
	for _, s := range skus {
		parts = append(parts, fmt.Sprintf("%s:%d:%s", s, units[s], value[s].Decimal()))
	}
	return strings.Join(parts, "+")
}

func TestLedgerRefuses(t *testing.T) {
	usd := func(n int64) books.Money { return books.Money{Minor: n, Currency: "USD"} }
	for name, b := range map[string]books.Batch{
		"no units":      {ID: 1, SKU: "A", Day: "2026-01-01", Cost: usd(1), Fixed: usd(1)},
		"negative cost": {ID: 1, SKU: "A", Day: "2026-01-01", Units: 1, Cost: usd(-1), Fixed: usd(1)},
		"no day":        {ID: 1, SKU: "A", Units: 1, Cost: usd(1), Fixed: usd(1)},
	} {
		if _, err := books.NewLedger(books.Basis{Batches: []books.Batch{b}}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	l, err := books.NewLedger(books.Basis{Method: books.FIFO, Kits: map[string][]books.Part{"K": {{SKU: "A", Units: math.MaxInt64 / 2}}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Apply(books.Move{SKU: "K", Day: "2026-01-02", Units: 3, Currency: "USD"}); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("a kit of too many units: %v", err)
	}
	if _, err := l.Apply(books.Move{SKU: "A", Day: "2026-01-01", Units: 1, Currency: "USD"}); !errors.Is(err, books.ErrOrder) {
		t.Errorf("an older move: %v", err)
	}
}
