package books_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
)

// sample reads a file of the shared samples, or skips the test without them.
func sample(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "samples", filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the shared samples are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(string(b), "\ufeff")
}

// TestSettlementSamples: every name in the settlements of real sellers is known,
// and nothing is lost: the lines add up to the header's total.
func TestSettlementSamples(t *testing.T) {
	for name, total := range map[string]int64{
		"ca-v1-33col-no-orders": -32169, "ca-v1-negative": -6231, "ca-v1-first-positive": 101608,
		"ca-v1-reversal": 463023, "us-v2-synthetic": 58289,
	} {
		t.Run(name, func(t *testing.T) {
			facts := settlementFacts(t, sample(t, "settlement/"+name+".txt"))
			for _, f := range facts {
				if c := standard(t).Classify(f); !c.Known {
					t.Errorf("unknown: %s %s", f.Type, f.Path)
				}
			}
			if got := sumOf(buildAll(t, facts, books.Context{}), true); got != total {
				t.Errorf("lines add up to %d, the header says %d", got, total)
			}
		})
	}
}

// sumOf adds up all counted lines; with cash they are turned back to Amazon's
// sign (a payout leaves the account at Amazon).
func sumOf(r books.Result, cash bool) (sum int64) {
	for _, ev := range r.Events {
		for _, l := range ev.Lines {
			switch {
			case l.Line != books.CashPayout:
				sum += l.Amount.Minor
			case cash:
				sum -= l.Amount.Minor
			}
		}
	}
	return sum
}

// settlementFacts is a reader of its own, small and strict.
func settlementFacts(t *testing.T, text string) []books.Fact {
	t.Helper()
	var facts []books.Fact
	var head []string
	for n, line := range strings.Split(text, "\n") {
		cells := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		if head == nil {
			head = cells
			continue
		}
		row := map[string]string{}
		for i, h := range head {
			if i < len(cells) {
				row[h] = strings.TrimSpace(cells[i])
			}
		}
		for i, h := range head {
			if i >= len(cells) || h == "total-amount" || (h != "amount" && !strings.HasSuffix(h, "-amount")) || row[h] == "" {
				continue
			}
			path := h
			if h == "amount" {
				path = row["amount-type"] + "/" + row["amount-description"]
			} else if kind := row[strings.TrimSuffix(h, "amount")+"type"]; kind != "" {
				path += "/" + kind
			} else if reason := row["other-fee-reason-description"]; h == "other-fee-amount" && reason != "" {
				path += "/" + reason
			}
			m, err := books.ParseDecimal(row[h], "CAD")
			if err != nil {
				t.Fatal(err)
			}
			facts = append(facts, books.Fact{
				ID: int64(len(facts) + 1), Connection: "c1", Source: books.Settlement, Posting: "S:" + strconv.Itoa(n), Seq: i,
				Settlement: "S", Order: row["order-id"], Item: row["order-item-code"], SKU: row["sku"],
				Type: row["transaction-type"], Path: path, Amount: m, Posted: day(1),
			})
		}
	}
	return facts
}

// TestDateRangeSamples compares with Seller Central's own statement of the same
// period: income and expenses are ours without tax and transfers.
func TestDateRangeSamples(t *testing.T) {
	for name, want := range map[string]struct{ income, expenses, tax, transfers int64 }{
		"us-standard-orders": {2486859, -1491763, 0, -988809},
		"us-invoiced-orders": {25496, -8292, 0, -9120},
		"ca-standard-orders": {731973, -448219, 0, -287726},
	} {
		t.Run(name, func(t *testing.T) {
			r := buildAll(t, dateRangeFacts(t, sample(t, "date-range/"+name+".csv")), books.Context{})
			var tax, payout int64
			for _, ev := range r.Events {
				for _, l := range ev.Lines {
					switch l.Line {
					case books.TaxCollected, books.TaxWithheld:
						tax += l.Amount.Minor
					case books.CashPayout:
						payout += l.Amount.Minor
					}
				}
			}
			if tax != want.tax || payout != -want.transfers {
				t.Errorf("tax %d, payout %d, want %+v", tax, payout, want)
			}
			if got := sumOf(r, false) - tax; got != want.income+want.expenses {
				t.Errorf("profit %d, want %d", got, want.income+want.expenses)
			}
			if len(r.Unknown) != 0 {
				t.Errorf("unknown: %+v", r.Unknown)
			}
		})
	}
}

func dateRangeFacts(t *testing.T, text string) []books.Fact {
	t.Helper()
	cr := csv.NewReader(strings.NewReader(text))
	cr.FieldsPerRecord = -1
	rows, err := cr.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var facts []books.Fact
	var head []string
	for n, cells := range rows {
		switch {
		case head == nil:
			if len(cells) > 15 {
				head = cells
			}
			continue
		case len(cells) != len(head):
			t.Fatalf("row %d has %d cells", n, len(cells))
		}
		for i := 13; i < len(head)-1; i++ {
			path := strings.ReplaceAll(strings.ToLower(head[i]), "giftwrap", "gift wrap")
			m, err := books.ParseDecimal(strings.ReplaceAll(cells[i], ",", ""), "USD")
			if err != nil {
				t.Fatal(err)
			}
			if m.Minor == 0 {
				continue
			}
			facts = append(facts, books.Fact{
				ID: int64(len(facts) + 1), Connection: "c1", Source: books.DateRange, Posting: "F:" + strconv.Itoa(n), Seq: i,
				Order: cells[3], SKU: cells[4], Type: cells[2], Path: path, Note: cells[5], Amount: m,
				Posted: day(1).Add(time.Duration(n) * time.Minute),
			})
		}
	}
	return facts
}
