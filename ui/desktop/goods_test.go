package desktop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// goodsReturns is how many returns goodsSession puts into the days shown: more
// than two pages of a table.
const goodsReturns = 300

// goodsSession is a book of its own with returns and a reimbursement, each on a
// line of the report that told it; one return is older than the days shown.
func goodsSession(t *testing.T) *session.Session {
	t.Helper()
	s, err := ordersEmptyBook(t)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC()
	day := func(ago int) string { return now.AddDate(0, 0, -ago).Format(time.DateOnly) }
	report := strings.Builder{}
	report.WriteString("return-date\torder-id\tsku\tdetailed-disposition\n")
	for i := range goodsReturns + 1 {
		fmt.Fprintf(&report, "%s\t304-%07d\tSKU-%d\tWORD-%d\n", day(i%50), i, i%7, i)
	}
	err = s.Book.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutConnection(store.Connection{ID: "eu", Region: "EU", Kind: store.KindAPI}, nil); err != nil {
			return err
		}
		document, err := tx.PutDocument("report", []byte(report.String()))
		if err != nil {
			return err
		}
		told := func(i int) store.Told {
			return store.Told{Connection: "eu", Until: now, Document: document, Line: i + 2}
		}
		for i := range goodsReturns + 1 {
			ago := i % 50
			if i == goodsReturns {
				ago = 400
			}
			r := store.CustomerReturn{Told: told(i), Channel: "AMAZON", Order: fmt.Sprintf("304-%07d", i), SKU: fmt.Sprint("SKU-", i%7),
				Returned: now.AddDate(0, 0, -ago), Day: day(ago), Units: int64(i%3 + 1), Disposition: fmt.Sprint("WORD-", i), Ordinal: 1}
			if _, err := tx.PutCustomerReturn(r); err != nil {
				return err
			}
		}
		each, total := int64(123456), int64(246912)
		_, err = tx.PutReimbursement(store.Reimbursement{Told: told(0), ID: "77", SKU: "SKU-1", Reason: "Lost_Warehouse", Ordinal: 1, Day: day(3),
			Approved: now, Currency: "EUR", Each: &each, Total: &total})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func goodsOpen(t testing.TB, s *session.Session, language string, view string) (*env, *queue, *inventoryScreen) {
	t.Helper()
	e, q := newTestEnv(t, s, language)
	screen := newInventory(e).(*inventoryScreen)
	ordersInWindow(t, e, screen, ordersSmall)
	screen.load(route{Screen: "inventory", View: view})
	ordersSettle(t, q, func() bool { return goodsKnown(screen.goods) })
	return e, q, screen
}

// goodsKnown says that the rows asked for are counted, in the list and on the
// chips.
func goodsKnown(g *goodsPart) bool {
	n, known := g.list.table.Count()
	_, loaded := g.list.table.Selected()
	return g.ready && known && (n == 0 || loaded) && strings.ContainsAny(g.chips.Chips[0].AccessibilityLabel(), "0123456789")
}

// goodsExport is what the list exports: a line for each row.
func goodsExport(t testing.TB, g *goodsPart) (heads []string, rows []string) {
	t.Helper()
	hs, all := g.list.table.Export(t.Context())
	for _, h := range hs {
		heads = append(heads, h.ID)
	}
	for row, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		var cells []string
		for _, v := range row {
			cells = append(cells, detailCSVValue(v))
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return heads, rows
}

// The list holds what the book holds for the header's days, newest first, and
// exports exactly that.
func TestGoodsListIsWhatTheBookHolds(t *testing.T) {
	s := goodsSession(t)
	e, _, screen := goodsOpen(t, s, "en", "returns")
	g := screen.goods
	if n, _ := g.list.table.Count(); n != goodsReturns {
		t.Errorf("%d rows, want %d", n, goodsReturns)
	}
	ordersSays(t, g.page, "300 rows", "Returns 300", "Reimbursements 1", "Listings 0", "304-0000000")
	heads, got := goodsExport(t, g)
	if want := "return_day order_id sku quantity disposition sellable reason status"; strings.Join(heads, " ") != want {
		t.Errorf("columns %v", heads)
	}
	rows, err := s.Book.Reader().QueryContext(e.ctx, `SELECT return_day || '|' || order_id || '|' || sku || '|' || quantity || '|' || disposition || '|||'
		FROM customer_return WHERE return_day >= ? ORDER BY return_day DESC, order_id`, e.filter().From)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var want []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		want = append(want, line)
	}
	if !slices.Equal(got, want) || len(want) != goodsReturns {
		t.Errorf("the export has %d rows, the book %d; first %q and %q", len(got), len(want), got[0], want[0])
	}
}

func TestGoodsNarrowsSortsAndOpens(t *testing.T) {
	e, q, screen := goodsOpen(t, goodsSession(t), "en", "returns")
	g := screen.goods
	test.Type(g.search, "word-29")
	ordersSettle(t, q, func() bool { n, known := g.list.table.Count(); return g.ready && known && n == 11 })
	_, rows := goodsExport(t, g)
	for _, r := range rows {
		if !strings.Contains(r, "WORD-29") {
			t.Errorf("%q holds no WORD-29", r)
		}
	}
	ordersSettle(t, q, func() bool { return goodsKnown(g) })
	ordersSays(t, g.page, "11 rows")

	row, ok := g.list.table.Selected()
	if !ok {
		t.Fatal("no row is chosen")
	}
	g.open(row)
	ordersSettle(t, q, func() bool { return e.window.Canvas().Overlays().Top() != nil })
	for i, c := range store.ReportColumns(store.TopicReturns) {
		if c.Name == "order_id" || c.Name == "disposition" {
			ordersSays(t, e.window.Canvas().Overlays().Top(), row[i].(string))
		}
	}
	e.window.Canvas().Overlays().Remove(e.window.Canvas().Overlays().Top())

	test.Type(g.search, " nowhere")
	ordersSettle(t, q, func() bool { n, known := g.list.table.Count(); return g.ready && known && n == 0 })
	ordersSays(t, g.page, "Nothing holds")
	tapWord(t, g.page, "Show all rows")
	ordersSettle(t, q, func() bool { n, known := g.list.table.Count(); return g.ready && known && n == goodsReturns })
}

// A row that the API told has no line to open, and says so.
func TestGoodsWithoutAPlace(t *testing.T) {
	e, _, screen := goodsOpen(t, goodsSession(t), "en", "returns")
	said := ""
	e.notify = func(text string) { said = text }
	screen.goods.open(goodsRow{"2026-01-01", nil, nil})
	if said != e.words.T("goods.noplace") {
		t.Errorf("it says %q", said)
	}
}

// Without rows the list tells which reports bring them, how often and when last,
// and leads to the plan of the sync.
func TestGoodsEmptyTellsTheReport(t *testing.T) {
	s, err := ordersEmptyBook(t)
	if err != nil {
		t.Fatal(err)
	}
	e, q, screen := goodsOpen(t, s, "en", "advice")
	text := strings.Join(ordersWords(screen.goods.page), " ")
	for _, want := range []string{"Inventory planning (once a day)", "Recommended removals (once a week)", "not fetched yet"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	gone := ""
	e.show = func(r route) { gone = r.Screen }
	tapWord(t, screen.goods.page, "When it is fetched next")
	if gone != "timeline" {
		t.Errorf("it leads to %q", gone)
	}
	last := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	states := []store.SyncState{{Resource: "restock", OK: last}, {Resource: "orders", OK: last.AddDate(0, 0, 9)}}
	topic, _ := goodsTopicOf(store.TopicAdvice)
	if _, got := screen.goods.text.empty(topic, states); !strings.Contains(got, e.loc.Moment(last.Local())) {
		t.Errorf("it was fetched, and says %q", got)
	}
	screen.goods.failed(errors.New("disk I/O error"))
	ordersSays(t, screen.goods.page, "Amazon’s reports could not be read.", "Try again")
	tapWord(t, screen.goods.page, "Try again")
	ordersSettle(t, q, func() bool { return goodsKnown(screen.goods) })
	ordersSays(t, screen.goods.page, "Inventory planning")
}

// The switch leads to the reports and back; a SKU asked for is in the stock.
func TestInventorySwitchesToReports(t *testing.T) {
	_, q, s := inventoryOpen(t, demoSession(t), "en", ordersSmall)
	row, _ := s.table.Selected()
	s.tabs.OnChange([]string{inventoryReportsView})
	ordersSettle(t, q, func() bool { return goodsKnown(s.goods) })
	if s.page.Visible() || !s.goods.page.Visible() || s.escape() {
		t.Error("the reports are not alone on screen")
	}
	s.goods.chips.OnChange([]string{string(store.TopicMoves)})
	ordersSettle(t, q, func() bool { return goodsKnown(s.goods) })
	s.load(route{}) // the book changed
	ordersSettle(t, q, func() bool { return goodsKnown(s.goods) })
	if s.goods.topic.id != store.TopicMoves || s.view != inventoryReportsView {
		t.Errorf("after loading again: %s of %s", s.goods.topic.id, s.view)
	}
	s.load(route{SKU: row.SKU, Market: row.Marketplace})
	ordersSettle(t, q, func() bool { return s.drawer.Visible() })
	if !s.page.Visible() || s.goods.page.Visible() {
		t.Error("a SKU that was asked for is not shown")
	}
}

// While amounts are hidden no cell shows one; an export still holds them.
func TestGoodsHidesAmounts(t *testing.T) {
	e, q := newTestEnv(t, goodsSession(t), "de")
	e.loc = e.loc.Hide(true)
	screen := newInventory(e).(*inventoryScreen)
	ordersInWindow(t, e, screen, ordersSmall)
	screen.load(route{View: "reimbursements"})
	ordersSettle(t, q, func() bool { return goodsKnown(screen.goods) })
	if words := strings.Join(ordersWords(screen.goods.page), " "); strings.Contains(words, "1.234") || !strings.Contains(words, format.Hidden) {
		t.Errorf("it shows %s", words)
	}
	if _, rows := goodsExport(t, screen.goods); len(rows) != 1 || !strings.Contains(rows[0], "|1234.56|2469.12") {
		t.Errorf("the export holds %q", rows)
	}
}

// Numbers keep all their digits, in the reader's own form.
func TestGoodsCells(t *testing.T) {
	storage, _ := goodsTopicOf(store.TopicStorage)
	listings, _ := goodsTopicOf(store.TopicCatalogue)
	for _, tc := range []struct {
		topic          goodsTopic
		column         string
		of             map[string]any
		en, de, export string
	}{
		{storage, "fee_nano", map[string]any{"fee_nano": int64(1_230_000_000), "currency": "EUR"}, "1.23", "1,23", "1.23"},
		{storage, "fee_nano", map[string]any{"fee_nano": int64(1_234_500_000_001), "currency": "EUR"}, "1,234.500000001", "1.234,500000001", "1234.500000001"},
		{storage, "fee_nano", map[string]any{"fee_nano": int64(39_000_000_000), "currency": "JPY"}, "39", "39", "39"},
		{storage, "fee_nano", map[string]any{"currency": "EUR"}, format.Unknown, format.Unknown, ""},
		{storage, "units_nano", map[string]any{"units_nano": int64(-2_500_000_000)}, "−2.5", "−2,5", "-2.5"},
		{storage, "period", map[string]any{"period": "2026-03"}, "Mar 2026", "März 2026", "2026-03"},
		{storage, "kind", map[string]any{"kind": "aged"}, "Aged stock", "Alter Bestand", "Aged stock"},
		{storage, "kind", map[string]any{"kind": "new one"}, "new one", "new one", "new one"},
		{listings, "price", map[string]any{"price": "1234.5", "marketplace_id": "A1PA6795UKMFR9"}, "1,234.50", "1.234,50", "1234.5"},
		{listings, "price", map[string]any{"price": "12,5", "marketplace_id": ""}, "12,5", "12,5", "12,5"},
		{listings, "price", map[string]any{"price": ""}, format.Unknown, format.Unknown, ""},
		{listings, "own_quantity", map[string]any{"own_quantity": int64(1200)}, "1,200", "1.200", "1200"},
	} {
		for language, want := range map[string]string{"en": tc.en, "de": tc.de} {
			text := goodsText{format.For(language), i18n.For(language)}
			var row goodsRow
			for _, c := range store.ReportColumns(tc.topic.id) {
				row = append(row, tc.of[c.Name])
			}
			for _, c := range text.columns(tc.topic) {
				if c.ID != tc.column {
					continue
				}
				if got := c.Text(row); got != want {
					t.Errorf("%s %v in %s: %q, want %q", tc.column, tc.of, language, got, want)
				}
				if got := c.Value(row); language == "en" && (tc.export == "" && got != nil || tc.export != "" && fmt.Sprint(got) != tc.export) {
					t.Errorf("%s %v: exports %v, want %q", tc.column, tc.of, got, tc.export)
				}
			}
		}
	}
}

// Every topic of the book has its place, every column its heading in every
// language, and every source is one of the sync.
func TestGoodsTopicsAreComplete(t *testing.T) {
	test.NewTempApp(t)
	var ids []store.ReportTopic
	var sources []string
	for _, r := range appsync.All() {
		sources = append(sources, r.Name())
	}
	for _, topic := range goodsTopics {
		ids = append(ids, topic.id)
		for _, s := range topic.sources {
			if !slices.Contains(sources, s) {
				t.Errorf("%s comes with %s, which nothing fetches", topic.id, s)
			}
		}
		var names []string
		for _, c := range store.ReportColumns(topic.id) {
			names = append(names, c.Name)
		}
		for _, name := range strings.Fields(strings.ReplaceAll(topic.first, "+", "")) {
			if !slices.Contains(names, name) {
				t.Errorf("%s shows %s, which it has not", topic.id, name)
			}
		}
		for _, tag := range format.Tags() {
			text := goodsText{format.For(tag), i18n.For(tag)}
			width := float32(0)
			for _, c := range text.columns(topic) {
				if strings.HasPrefix(c.Title, "goods.") {
					t.Errorf("%s in %s has no heading %s", topic.id, tag, c.Title)
				}
				if !c.Hidden {
					width += c.Width
				}
			}
			if room := ordersSmall.Width - 220; width > room {
				t.Errorf("%s in %s is %v wide, %v fit", topic.id, tag, width, room)
			}
			for _, key := range []string{"goods.topic.", "goods.about."} {
				if word := text.words.T(key + string(topic.id)); strings.HasPrefix(word, "goods.") {
					t.Errorf("%s in %s has no words %s", topic.id, tag, word)
				}
			}
		}
	}
	slices.Sort(ids)
	if want := store.ReportTopics(); !slices.Equal(ids, want) {
		t.Errorf("topics %v, the book has %v", ids, want)
	}
}

// Amazon's codes are said in the reader's language; what has no words yet stays
// as Amazon wrote it, and the pointer shows Amazon's own.
func TestGoodsCodesHaveWords(t *testing.T) {
	for _, c := range []struct{ language, column, code, text, tip string }{
		{"en", "reason", "UNWANTED_ITEM", "No longer wanted", "No longer wanted · UNWANTED_ITEM"},
		{"ja", "disposition", "CUSTOMER_DAMAGED", "カスタマーによる損傷", "カスタマーによる損傷 · CUSTOMER_DAMAGED"},
		{"de", "status", "Unit returned to inventory", "Zurück im Bestand", "Zurück im Bestand · Unit returned to inventory"},
		{"zh-Hans", "event", "WhseTransfers", "库房转移", "库房转移 · WhseTransfers"},
		{"de", "disposition", "販売可", "Verkäuflich", "Verkäuflich · 販売可"}, // as Japanese files have it
		{"ja", "reason", "Lost_Warehouse", "倉庫での紛失", "倉庫での紛失 · Lost_Warehouse"},
		{"de", "type", "Disposal", "Entsorgung", "Entsorgung · Disposal"},
		{"ja", "condition", "New", "新品", "新品 · New"},
		{"zh-Hans", "condition", "11", "全新", "全新 · 11"},
		{"de", "action", "No action required", "Nichts zu tun", "Nichts zu tun · No action required"},
		{"ja", "tier", "271-300 days", "271〜300日", "271〜300日 · 271-300 days"},
		{"de", "tier", "365+ days", "365 Tage und mehr", "365 Tage und mehr · 365+ days"},
		{"de", "tier", "Oversize", "Übergröße", "Übergröße · Oversize"},
		{"en", "volume_unit", "cubic meters", "m³", "m³ · cubic meters"},
		{"de", "reason", "EATEN_BY_DOG", "EATEN_BY_DOG", "EATEN_BY_DOG"},
		{"de", "sku", "SELLABLE", "SELLABLE", "SELLABLE"}, // a name of the seller's
	} {
		cell := goodsCell{goodsText{format.For(c.language), i18n.For(c.language)}, store.ReportColumn{Name: c.column}, 0, -1}
		if text, look := cell.text(goodsRow{c.code}), cell.look(goodsRow{c.code}); text != c.text || look.Tip != c.tip {
			t.Errorf("%s %s in %s: %q, on hover %q", c.column, c.code, c.language, text, look.Tip)
		}
	}
}
