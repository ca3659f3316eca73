package desktop

import (
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/session"
)

// frameOver is a whole window over a book that stays open; settle runs what is
// posted until nothing comes any more.
func frameOver(t testing.TB, s *session.Session, language string) (f *frame, settle func()) {
	t.Helper()
	p := &photographer{queue: make(chan func(), 10_000)}
	d := New(Params{App: test.NewTempApp(t), Place: session.Place{Home: store.Home(t.TempDir())}, Language: language, Post: func(f func()) { p.queue <- f }})
	l := look{Theme: "light", Language: language}
	d.speak(language)
	if err := d.dress(l); err != nil {
		t.Fatal(err)
	}
	facts, err := readFacts(t.Context(), s.Book)
	if err != nil {
		t.Fatal(err)
	}
	f = newFrame(d, opened{s: s, facts: facts, look: l, prefs: prefs{Period: period{Preset: last90}}})
	p.env = f.env // pictures and checks wait for what is being read, however busy the machine
	f.sync.able = false
	d.frame = f
	d.show(pageFrame, f.content)
	d.window.Resize(fyne.NewSize(1600, 1000))
	t.Cleanup(func() { f.cancel(); p.close(f); d.stop() })
	return f, func() {
		for p.settle(); len(f.jobs) > 0; {
			p.settle()
		}
	}
}

// amount is a figure of a currency with cents. A share has one place at most,
// a time a colon.
// fileAmount is an amount in a file: yen have no decimals.
var fileAmount = regexp.MustCompile(`^-?[0-9]+([.][0-9]{2})?$`)

var amount = regexp.MustCompile(`[0-9][.][0-9]{2}\b|[0-9][.0-9]*k\b`)

// While amounts are hidden no screen shows one: not in tiles, tables, charts,
// drawers or on hover. What a table exports still holds them.
func TestHiddenAmountsAreNowhere(t *testing.T) {
	f, settle := frameOver(t, demoSession(t), "en")
	order := firstOrder(t, f)
	places := []route{
		{Screen: "overview"}, {Screen: "orders"}, {Screen: "orders", Order: order}, {Screen: "inventory"}, {Screen: "inventory", SKU: firstSKU(t, f)},
		{Screen: "profit"}, {Screen: "settlements"}, {Screen: "profit", Line: "*"}, {Screen: "settings"},
	}
	count := func(hidden bool) (amounts, dots int) {
		t.Helper()
		for _, r := range places {
			f.show(r)
			settle()
			paces := map[string]bool{} // units a day have two places too
			if s, ok := f.built["inventory"]; ok {
				for _, row := range s.screen.(*inventoryScreen).data.Rows {
					if v, ok := row.Pace.perDay(); ok {
						paces[f.env.loc.Hundredths(v)] = true
					}
				}
			}
			for _, c := range chartsIn(f.content) {
				c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight}) // the first value, as on hover
			}
			for _, word := range ordersWords(f.content) {
				if r.Screen == "inventory" && paces[word] || strings.HasPrefix(word, "go1.") {
					continue
				}
				if amount.MatchString(word) {
					amounts++
					if hidden {
						t.Errorf("%v shows %q", r, word)
					}
				}
				if strings.Contains(word, format.Hidden) {
					dots++
				}
			}
		}
		return amounts, dots
	}
	if amounts, dots := count(false); amounts < 100 || dots > 0 {
		t.Fatalf("shown: %d amounts, %d hidden", amounts, dots)
	}
	f.toggleAmounts()
	if _, dots := count(true); dots < 100 {
		t.Errorf("hidden: %d dots", dots)
	}
	f.show(route{Screen: "profit", Line: "*"})
	settle()
	heads, rows := f.built["lines"].screen.(*linesScreen).table.Export(t.Context())
	for row, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range row {
			if heads[i].ID == "amount" && !fileAmount.MatchString(detailCSVValue(v)) {
				t.Fatalf("an export holds %q", detailCSVValue(v))
			}
		}
		break
	}
	f.toggleAmounts()
	if amounts, dots := count(false); amounts < 100 || dots > 0 {
		t.Errorf("shown again: %d amounts, %d hidden", amounts, dots)
	}
}

func firstOrder(t testing.TB, f *frame) (id string) {
	t.Helper()
	err := f.s.Book.Reader().QueryRowContext(t.Context(), `SELECT order_id FROM event WHERE type = 'sale' AND currency = 'USD' ORDER BY event_day DESC LIMIT 1`).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func firstSKU(t testing.TB, f *frame) (sku string) {
	t.Helper()
	if err := f.s.Book.Reader().QueryRowContext(t.Context(), `SELECT sku FROM stock_snapshot WHERE sku LIKE 'US%' ORDER BY 1 LIMIT 1`).Scan(&sku); err != nil {
		t.Fatal(err)
	}
	return sku
}

// chartsIn finds the charts on screen.
func chartsIn(o fyne.CanvasObject) (all []*parts.ChartView) {
	for _, o := range test.LaidOutObjects(o) {
		if c, ok := o.(*parts.ChartView); ok {
			all = append(all, c)
		}
	}
	return all
}
