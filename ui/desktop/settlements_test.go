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

func TestSettlementStates(t *testing.T) {
	text := settlementsText{format.For("en"), i18n.For("en")}
	for _, c := range []struct {
		name string
		row  store.SettlementRow
		word string
		tone parts.Tone
	}{
		{"adds up", store.SettlementRow{TotalMinor: 5, RowsMinor: 5, Currency: "EUR"}, "Matched", parts.Gain},
		{"nothing paid", store.SettlementRow{Currency: "EUR"}, "Matched", parts.Gain},
		{"one row open", store.SettlementRow{TotalMinor: 5, RowsMinor: 5, Open: 1, Currency: "EUR"}, "1 row without a match", parts.Warn},
		{"rows open", store.SettlementRow{TotalMinor: 5, RowsMinor: 5, Open: 1234, Currency: "EUR"}, "1,234 rows without a match", parts.Warn},
		{"rows lack", store.SettlementRow{TotalMinor: 500, RowsMinor: 450, Open: 3, Currency: "EUR"}, "Differs by +0.50", parts.Loss},
		{"rows too many, yen", store.SettlementRow{TotalMinor: 500, RowsMinor: 550, Currency: "JPY"}, "Differs by −50", parts.Loss},
	} {
		if word, tone := text.state(c.row); word != c.word || tone != c.tone {
			t.Errorf("%s: %q %v", c.name, word, tone)
		}
	}
}

func TestSettlementsOfAPeriod(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	rows := []store.SettlementRow{
		{ID: "before", Start: day("2026-01-01"), End: day("2026-01-14")},
		{ID: "into", Start: day("2026-01-14"), End: day("2026-02-01"), Open: 1},
		{ID: "within", Start: day("2026-02-01"), End: day("2026-02-14"), TotalMinor: 1},
		{ID: "after", Start: day("2026-03-01"), End: day("2026-03-14")},
	}
	sets := settlementSetsOf(rows, filter{From: "2026-02-01", To: "2026-02-28"})
	ids := func(rows []store.SettlementRow) string {
		var out []string
		for _, r := range rows {
			out = append(out, r.ID)
		}
		return strings.Join(out, " ")
	}
	for chip, want := range map[string]string{"period": "within into", "all": "after within into before", "look": "within into"} {
		if got := ids(sets.of(chip)); got != want {
			t.Errorf("%s: %s, want %s", chip, got, want)
		}
	}
}

func TestPayoutsAreNotAddedAcrossCurrencies(t *testing.T) {
	got := settlementPayouts([]store.SettlementRow{{TotalMinor: 1, Currency: "USD"}, {TotalMinor: 2, Currency: "EUR"}, {TotalMinor: -5, Currency: "EUR"}})
	if len(got) != 2 || got[0] != (books.Money{Minor: -3, Currency: "EUR"}) || got[1] != (books.Money{Minor: 1, Currency: "USD"}) {
		t.Errorf("%v", got)
	}
}

// Each settlement of the demo seller is proved by its lines and by its rows,
// added up here once more.
func TestEverySettlementIsProved(t *testing.T) {
	book := demoSession(t).Book
	n := 0
	err := book.Settlements(t.Context(), func(r store.SettlementRow) error {
		n++
		names, err := book.SettlementNames(t.Context(), r.Connection, r.ID)
		if err != nil {
			return err
		}
		groups, err := settlementGroups(names)
		if err != nil {
			return err
		}
		var byLine, byRow, rows int64
		for _, g := range groups {
			byLine += g.Minor
			source := settlementSource{book, store.SettlementFilter{Connection: r.Connection, Settlement: r.ID, Names: g.Names}}
			count, err := source.Count(t.Context())
			if err != nil {
				return err
			}
			if int64(count) != g.Rows {
				t.Errorf("settlement %s: %s says %d rows and opens %d", r.ID, g.Line, g.Rows, count)
			}
			for offset := 0; offset < count; offset += 7 {
				page, err := source.Rows(t.Context(), parts.Order{Column: "amount"}, offset, 7)
				if err != nil {
					return err
				}
				for _, f := range page {
					byRow += f.Minor
					rows++
				}
			}
		}
		if byLine != r.TotalMinor || byRow != r.TotalMinor {
			t.Errorf("settlement %s: payout %d, lines %d, %d rows %d", r.ID, r.TotalMinor, byLine, rows, byRow)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
}

func TestTheOriginalOfARow(t *testing.T) {
	report := []byte("settlement-id\torder-id\tamount\n\n111\t\t10.00\n111\tA-1\t-2.00\n")
	fields, ok := originalFields(report, 4)
	if !ok || len(fields) != 3 || fields[1] != (originalField{"order-id", "A-1"}) || fields[2].Value != "-2.00" {
		t.Errorf("%v %v", fields, ok)
	}
	if fields, ok = originalFields(report, 3); !ok || len(fields) != 2 {
		t.Errorf("empty cells are left out: %v", fields)
	}
	if _, ok = originalFields(report, 5); ok {
		t.Error("a line that is not there")
	}
	if fields, ok = originalFields([]byte(`{"a":1}`), 0); !ok || !strings.Contains(fields[0].Value, "\n") {
		t.Errorf("JSON: %v %v", fields, ok)
	}
}

func TestTheSettlementsScreen(t *testing.T) {
	e, q := newTestEnv(t, demoSession(t), "en")
	s := newSettlements(e).(*settlementsScreen)
	e.window.SetContent(s.build())
	defer s.close()
	s.load(route{})
	q.drain()
	first := s.sets.period[0]
	shown := textOn(e)
	for _, want := range []string{"Settlement " + first.ID, "Sum of " + e.loc.Count(first.Rows) + " rows", "Referral fees"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	s.detail.groups.Select(0)
	group, ok := s.detail.groups.Selected()
	if !ok {
		t.Fatal("no line chosen")
	}
	s.detail.showRows(store.SettlementFilter{Connection: first.Connection, Settlement: first.ID, Names: group.Names}, "Line", group.Rows, func() {})
	q.drain()
	if n, known := s.detail.rows.Count(); !known || int64(n) != group.Rows {
		t.Errorf("%d rows of %d, known %v", n, group.Rows, known)
	}
	s.detail.rows.Select(0)
	row, ok := s.detail.rows.Selected()
	if !ok {
		t.Fatal("no row chosen")
	}
	s.detail.original(row)
	q.drain()
	if text := textOn(e); !strings.Contains(text, "settlement-id") || !strings.Contains(text, first.ID) {
		t.Errorf("the original: %s", text)
	}
}
