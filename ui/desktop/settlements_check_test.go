package desktop

import (
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

func TestChecksOfASettlement(t *testing.T) {
	text := settlementsText{format.For("en"), i18n.For("en")}
	kept := int64(300)
	full := store.SettlementCheck{
		SettlementRow:   store.SettlementRow{TotalMinor: 500, RowsMinor: 450, Rows: 9, Currency: "EUR"},
		Previous:        "s0",
		Next:            "s2",
		ReserveIn:       300,
		ReserveOut:      120,
		PreviousReserve: &kept,
		Gap:             50 * time.Hour,
		Alone:           1,
		Paid:            store.Payout{Transfer: true, Amount: books.Money{Minor: 500, Currency: "EUR"}},
		Bank:            &store.BankLine{Day: "2026-03-02", Amount: books.Money{Minor: 500, Currency: "EUR"}},
	}
	written := func(c store.SettlementCheck) string {
		var all []string
		for _, k := range text.checks(c) {
			all = append(all, k.Name+": "+k.Sides+": "+k.Result)
		}
		return strings.Join(all, "\n")
	}
	got := written(full)
	for _, want := range []string{
		"Header and sum of rows: 5.00 ≠ 4.50: Differs by +0.50", "Amazon's transfer: 5.00 = 5.00: Equal", "line of the bank: 5.00 = 5.00 · booked on",
		"settlement before: 3.00 = 3.00: Equal", "kept for the next: 1.20: In settlement s2", "Gap after s0: 2 days: A settlement is missing", "1 row: Only the settlement",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if tone := text.checks(full)[0].Tone; tone != parts.Loss {
		t.Errorf("a header that differs has tone %v", tone)
	}
	bare := written(store.SettlementCheck{SettlementRow: store.SettlementRow{TotalMinor: 500, RowsMinor: 500, Currency: "JPY"}})
	for _, want := range []string{"500 = 500: Equal", "no transfer", "No line of the bank", "before is not in the book", "next settlement is not in the book"} {
		if !strings.Contains(bare, want) {
			t.Errorf("%q is not in\n%s", want, bare)
		}
	}
	if strings.Contains(bare, "Gap") || strings.Contains(bare, "without transactions") {
		t.Errorf("a check that has nothing to say:\n%s", bare)
	}
}

// What the window shows of a settlement is what the store found.
func TestTheCheckOfASettlementIsShown(t *testing.T) {
	e, q := newTestEnv(t, demoSession(t), "en")
	s := newSettlements(e).(*settlementsScreen)
	e.window.SetContent(s.build())
	defer s.close()
	s.load(route{})
	q.drain()
	open := 0
	for _, r := range s.sets.all[:min(3, len(s.sets.all))] {
		c, err := e.s.Book.CheckSettlement(t.Context(), r.Connection, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		s.detail.showCheck(r)
		q.drain()
		shown := textOn(e)
		for _, k := range s.detail.text.checks(c) {
			if !strings.Contains(shown, k.Name) || !strings.Contains(shown, k.Sides) {
				t.Errorf("settlement %s: %q, %q are not shown", r.ID, k.Name, k.Sides)
			}
		}
		for _, o := range c.OpenSum {
			if do := e.words.T("cash.do." + string(o.Reason)); !strings.Contains(shown, do) {
				t.Errorf("settlement %s: %q is not shown", r.ID, do)
			}
		}
		if len(c.Open) > 0 {
			open++
			s.detail.showOpen(c)
			q.drain()
			if n, known := s.detail.open.Count(); !known || n != len(c.Open) {
				t.Errorf("settlement %s: %d open differences of %d", r.ID, n, len(c.Open))
			}
		}
	}
	if open == 0 {
		t.Error("no settlement with an open difference")
	}
}
