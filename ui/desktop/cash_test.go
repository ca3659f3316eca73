package desktop

import (
	"bytes"
	"slices"
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/paper"
)

func cashEuros(minor int64) books.Money { return books.Money{Minor: minor, Currency: "EUR"} }

// cashCase is a book in one currency: two payouts, one of them at the bank, and
// a line of the bank that nobody explains.
func cashCase() *cashData {
	amazon, deferred := int64(900_00), int64(100_00)
	return &cashData{
		Query: cashQuery{Span: statementSpan{"2026-09-01", "2026-10-31"}, Currency: "EUR"}, Currencies: []string{"EUR"},
		Position: store.CashPosition{
			Currency: "EUR", Available: books.Figure{Money: cashEuros(790_00), Known: true}, Deferred: books.Figure{Money: cashEuros(100_00), Known: true},
			Total: books.Figure{Money: cashEuros(890_00), Known: true}, Amazon: &amazon, AmazonDeferred: &deferred,
		},
		Paid: []store.PaidOut{
			{Payout: store.Payout{Day: "2026-10-04", Settlement: "2", Amount: cashEuros(50_01)}},
			{Payout: store.Payout{Day: "2026-09-20", Settlement: "1", Amount: cashEuros(49_99)}, Bank: &store.BankLine{Day: "2026-09-21", Amount: cashEuros(49_99)}},
		},
		Rest: []store.BankLine{{Day: "2026-10-01", Amount: cashEuros(12_00), Text: "AMAZON EU"}},
		Due: []store.Due{
			{Day: "2026-11-02", Kind: store.DueRelease, Amount: cashEuros(100_00), Count: 3},
			{Day: "2026-11-05", Kind: store.DuePayout, Amount: cashEuros(790_00), Count: 1},
		},
	}
}

func TestCashTellsWhatDoesNotFit(t *testing.T) {
	text := cashText{i18n.For("en"), format.For("en")}
	var got []string
	for _, x := range text.differences(cashCase()) {
		got = append(got, x.What+" "+x.Amount.String())
	}
	want := []string{
		"Amazon's balance differs from the books -10.00 EUR", "Bank line of 1 Oct 2026 without a payout 12.00 EUR",
		"Payout of 4 Oct 2026 not found at the bank 50.01 EUR",
	}
	if len(got) != len(want) {
		t.Fatalf("differences %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("difference %q, want %q", got[i], want[i])
		}
	}
	unread := cashCase()
	unread.Paid[1].Bank, unread.Rest = nil, nil
	if n := len(text.differences(unread)); n != 1 {
		t.Errorf("%d differences although no bank file was read, want only the balance", n)
	}
}

func TestCashTiles(t *testing.T) {
	text := cashText{i18n.For("en"), format.For("en")}
	tiles := text.tiles(cashCase())
	for i, want := range []string{"100.00", "890.00", "100.00", "790.00"} {
		if tiles[i].Figure != want || tiles[i].Unit != "EUR" {
			t.Errorf("%s is %s %s, want %s", tiles[i].Title, tiles[i].Figure, tiles[i].Unit, want)
		}
	}
	if tiles[0].Lines[1] != "1 found at the bank" || tiles[1].Lines[0] != "Amazon says 900.00" || tiles[2].Lines[0] != "3 transactions" {
		t.Errorf("lines %q %q %q", tiles[0].Lines, tiles[1].Lines, tiles[2].Lines)
	}
	bare := &cashData{Query: cashQuery{Currency: "EUR"}, Position: store.CashPosition{Total: books.Figure{Why: "x"}}}
	for _, tile := range text.tiles(bare)[1:2] {
		if tile.Figure != format.Unknown {
			t.Errorf("%s shows %s although nothing is known", tile.Title, tile.Figure)
		}
	}
}

// The screen, over the demo seller's book: what Amazon holds by the books is what
// Amazon says, and every report goes on paper.
func TestTheCashScreen(t *testing.T) {
	e, q := newTestEnv(t, demoSession(t), "en")
	s := newCash(e).(*cashScreen)
	s.build()
	defer s.close()
	s.load(route{Screen: "cash"})
	for s.data == nil {
		q.run(t)
	}
	if len(s.data.Currencies) != 3 || len(s.data.Paid) == 0 || len(s.data.Due) == 0 {
		t.Fatalf("currencies %v, %d payouts, %d due", s.data.Currencies, len(s.data.Paid), len(s.data.Due))
	}
	profit, err := profitLoad(t.Context(), s.e.s.Book, profitQuery{Span: s.data.Query.Span, By: statementWhole}, nil)
	if err != nil || !slices.Equal(profit.Currencies, s.data.Currencies) {
		t.Errorf("currencies are %v here and %v in Profit, %v", s.data.Currencies, profit.Currencies, err)
	}
	allocs := func(f func() error) float64 {
		return testing.AllocsPerRun(1, func() {
			if err := f(); err != nil {
				t.Error(err)
			}
		})
	}
	rank := func() error { return s.data.rank(t.Context(), s.e.s.Book) }
	ranked := min(allocs(rank), allocs(rank), allocs(rank)) // what else runs is not counted
	products := allocs(func() error {
		_, err := s.e.s.Book.Rollups(t.Context(), s.data.Query.Span.From, s.data.Query.Span.To, nil, "")
		return err
	})
	if ranked > products*3/4 {
		t.Errorf("the order of the currencies takes %.0f allocations, all products %.0f", ranked, products)
	}
	p := s.data.Position
	if p.Amazon == nil || !p.Total.Known || *p.Amazon != p.Total.Minor {
		t.Errorf("the books say %s, Amazon %v", p.Total, p.Amazon)
	}
	name, read := s.report()
	if name == "" || read == nil {
		t.Fatal("there is no report")
	}
	r, err := read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var pdf, xlsx bytes.Buffer
	if err := paper.WritePDF(&pdf, r); err != nil || pdf.Len() < 5000 {
		t.Errorf("PDF of %d bytes, %v", pdf.Len(), err)
	}
	if err := paper.WriteXLSX(&xlsx, r); err != nil {
		t.Error(err)
	}
}
