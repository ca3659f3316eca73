package desktop

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	appsync "countinghouse/sync"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// newEmptyBook is a book into which nothing was read yet.
func newEmptyBook(t *testing.T) *session.Session {
	t.Helper()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	slots := []vault.NewSlot{{Kind: vault.KindRecovery, Label: "test", Recovery: code}}
	s, err := session.Create(t.Context(), session.Place{Home: store.Home(t.TempDir())}, "Empty", session.Demo, slots)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// overviewShown loads the overview over the demo book.
func overviewShown(t *testing.T) (*overviewScreen, *queue, *[]route) {
	t.Helper()
	e, q := newTestEnv(t, demoSession(t), "en")
	var went []route
	e.show = func(r route) { went = append(went, r) }
	o := newOverview(e).(*overviewScreen)
	e.window.SetContent(o.build())
	o.load(route{})
	q.read(t, e)
	t.Cleanup(o.close)
	return o, q, &went
}

// The tiles' figures are those that other queries give, line by line.
func TestOverviewTilesEqualTheirLines(t *testing.T) {
	o, q, _ := overviewShown(t)
	for _, currency := range []string{"USD", "EUR", "JPY"} {
		o.currency = currency
		o.load(route{})
		q.read(t, o.env)
		if len(o.data.Tiles) != overviewTiles-1 {
			t.Fatalf("%d tiles", len(o.data.Tiles))
		}
		for _, tile := range o.data.Tiles {
			var net, units, refunded int64
			orders := map[string]bool{}
			err := demoSession(t).Book.MoneyLines(t.Context(), store.LineFilter{From: tile.Span.From, To: tile.Span.To}, func(m store.MoneyRow) error {
				if m.Currency != currency {
					return nil
				}
				if !strings.HasPrefix(m.Line, "tax.") && !strings.HasPrefix(m.Line, "cash.") {
					net += m.Minor
				}
				switch books.Line(m.Line) {
				case books.SalesProduct:
					units += m.Quantity
				case books.RefundProduct:
					refunded += m.Quantity
				}
				if m.Type == "sale" && m.Order != "" {
					orders[m.Connection+m.Order] = true
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if tile.NetProfit.Known && tile.NetProfit.Minor != net || tile.Units != units || tile.UnitsRefunded != refunded || tile.Orders != int64(len(orders)) {
				t.Errorf("%s %s: %+v, %d units, %d refunded, %d orders; want %d, %d, %d, %d",
					currency, tile.ID, tile.NetProfit, tile.Units, tile.UnitsRefunded, tile.Orders, net, units, refunded, len(orders))
			}
		}
	}
}

// Today shows orders, as another query lists them, and never a profit.
func TestOverviewToday(t *testing.T) {
	o, _, _ := overviewShown(t)
	var orders, units int64
	err := demoSession(t).Book.Orders(t.Context(), store.OrderFilter{From: o.data.Today.Day, To: o.data.Today.Day, Marketplaces: []string{o.data.Market}}, func(r store.OrderRow) error {
		if r.Status != "CANCELLED" {
			orders, units = orders+1, units+r.Units
		}
		return nil
	})
	if err != nil || o.data.Today.Now.Orders != orders || o.data.Today.Now.Units != units {
		t.Errorf("today %+v, want %d orders, %d units (%v)", o.data.Today.Now, orders, units, err)
	}
	text := o.texts().today(o.data)
	if strings.Contains(strings.Join(text.Lines, " "), "profit") {
		t.Errorf("today says %v", text.Lines)
	}
}

func TestOverviewOpensWhatIsBehind(t *testing.T) {
	o, _, went := overviewShown(t)
	month := o.data.Tiles[1]
	test.Tap(o.tiles[0])
	test.Tap(o.tiles[2])
	g := o.data.Products[0]
	o.openProduct(g, "title")
	o.openProduct(g, "units")
	o.openMarket(o.data.Markets[0], "market")
	span := o.data.money()
	want := []route{
		{Screen: "orders", From: o.data.Today.Day, To: o.data.Today.Day, Market: o.data.Market},
		{Screen: "profit", From: month.Span.From, To: month.Span.To, Market: o.data.Market},
		{Screen: "profit", SKU: g.SKU, From: span.From, To: span.To, Market: g.Marketplace},
		{Screen: "profit", Line: "sales.product", SKU: g.SKU, From: span.From, To: span.To, Market: g.Marketplace},
		{Screen: "profit", From: o.data.Markets[0].From, To: o.data.Markets[0].To, Market: o.data.Markets[0].Marketplace},
	}
	if !slices.Equal(*went, want) {
		t.Errorf("went to\n%+v\nwant\n%+v", *went, want)
	}
}

// Everything that may need somebody makes one line with a way to go.
func TestOverviewNeeds(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	o := overviewTexts{i18n.For("en"), format.For("en"), now}
	d := &overviewData{Currency: "USD", Facts: overviewFacts{
		Connections: []store.Connection{
			{ID: "na", Kind: store.KindAPI, State: store.StateRevoked, StateAt: now.Add(-3 * time.Hour)},
			{ID: "eu", Kind: store.KindAPI, State: store.StateActive}, {ID: "files", Kind: store.KindFiles, State: "paused"},
		},
		States: []store.SyncState{
			{Connection: "eu", Resource: "orders", Error: "no", ErrorAt: now.Add(-time.Hour), OK: now.Add(-2 * time.Hour)},
			{Connection: "eu", Resource: "finances", Error: "no", ErrorAt: now.Add(-2 * time.Hour)},
			{Connection: "eu", Resource: "listings", OK: now}, {Connection: "na", Resource: "orders", Error: "no", ErrorAt: now},
		},
		Due: store.DueOrders{Count: 1, Order: "114-1", By: now.Add(-time.Hour), Minor: 3990},
		Gap: store.CostGap{Units: 1200, SKUs: 1, Minor: 100000}, Difference: store.Difference{Items: 2, Minor: 1420},
		Unclassified: store.Unclassified{Names: 1, Example: "Fee/Strange", Minor: 18},
		Span:         statementSpan{"2026-09-01", "2026-11-21"},
		Renew:        []appsync.Notice{{Connection: "eu", Kind: appsync.NoticeSecretExpires, Due: time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)}},
		Short: []inventoryRow{
			overviewStock("MUG", 0, 0, 1299), overviewStock("CUP", 20, 0, 500), overviewStock("POT", 6, 4, 0), overviewStock("PAN", 1, 0, 100),
		},
	}}
	var got []string
	for _, n := range o.needs(d) {
		got = append(got, n.Title+" | "+n.Detail+" | "+n.Amount+" | "+n.Route.Screen)
	}
	want := []string{
		"Amazon refuses the connection NA | 3 h ago |  | connect",
		"Sync of EU fails | orders, finances · 2 h ago |  | timeline",
		"1 order has to leave by tomorrow | 114-1: 1 h ago | 39.90\u00a0USD | orders",
		"MUG is out of stock | 0 left · at stake: 60 sold in 30 days | 779.40\u00a0USD | inventory",
		"CUP runs out about 1 Dec | 20 left · at stake: 60 sold in 30 days | 300.00\u00a0USD | inventory",
		"POT runs out about 24 Nov | 6 left · at stake: 60 sold in 30 days |  | inventory",
		"1 more product runs out | within 14 days at today's pace |  | inventory",
		"Client secret of EU ends | good until 1 Dec 2026; then sync stops |  | settings",
		"1,200 units have no cost | 1 product since 1 Sep 2026; profit stays unknown | 1,000.00\u00a0USD | costs",
		"2 settlement differences | rows that finances do not tell | 14.20\u00a0USD | settlements",
		"1 name not classified | Fee/Strange | 0.18\u00a0USD | profit",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := len(o.needs(&overviewData{Currency: "USD"})); n != 0 {
		t.Errorf("nothing is wrong, yet %d things are", n)
	}
}

// overviewStock is a product that sells two units a day.
func overviewStock(sku string, units, inbound, price int64) inventoryRow {
	r := inventoryRow{
		StockRow: store.StockRow{SKU: sku, Marketplace: "ATVPDKIKX0DER", Fulfillable: units, Inbound: inbound},
		Sold:     store.SoldUnits{Days30: 60, Days90: 180}, Pace: inventoryPace{Units: 60, Days: 30}, Known: 90,
	}
	if price > 0 {
		r.Listing = &store.Listing{Currency: "USD", Price: &price}
	}
	return r
}

// What runs out is what sells and has nothing sufficient under way.
func TestOverviewRunsOut(t *testing.T) {
	idle := overviewStock("IDLE", 0, 0, 100)
	idle.Pace, idle.Sold.Days30 = inventoryPace{Days: 30}, 0
	for name, c := range map[string]struct {
		row  inventoryRow
		want bool
	}{
		"out":                         {overviewStock("A", 0, 0, 100), true},
		"out, some under way":         {overviewStock("A", 0, 59, 100), true},
		"out, a month's under way":    {overviewStock("A", 0, 60, 100), false},
		"thirteen days left":          {overviewStock("A", 27, 0, 100), true},
		"fourteen days left":          {overviewStock("A", 28, 0, 100), false},
		"out, and nobody buys it":     {idle, false},
		"low, a month's with inbound": {overviewStock("A", 20, 40, 100), false},
	} {
		if got := c.row.runsOut(); got != c.want {
			t.Errorf("%s: runs out = %v", name, got)
		}
	}
}

// The demo's products that run out are those that Inventory says to reorder now.
func TestOverviewShortOfTheDemo(t *testing.T) {
	s := demoSession(t)
	e, _ := newTestEnv(t, s, "en")
	d, err := inventoryRead(e.ctx, s.Book, nil, e.now())
	if err != nil {
		t.Fatal(err)
	}
	texts := inventoryText{e.loc, e.words}
	for _, currency := range []string{"USD", "EUR", "JPY"} {
		short, err := overviewShort(e.ctx, s.Book, nil, currency, e.now())
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, r := range short {
			got = append(got, r.SKU)
		}
		for _, r := range d.Rows {
			m, _ := markets.ByID(r.Marketplace)
			if next, _ := texts.next(r); m.Currency == currency && next == "Reorder now" && r.Sold.Days30 > 0 {
				want = append(want, r.SKU)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v run out, Inventory says to reorder %v", currency, got, want)
		}
	}
}

// read does what is posted until the screen has read everything. A load that
// was given up ends without a word.
func (q *queue) read(t testing.TB, e *env) {
	t.Helper()
	limit := time.After(time.Minute)
	for e.reading.Load() > 0 || len(q.calls) > 0 {
		select {
		case f := <-q.calls:
			f()
		case <-time.After(10 * time.Millisecond):
		case <-limit:
			t.Fatal("the screen reads on and on")
		}
	}
}

func TestOverviewStates(t *testing.T) {
	e, q := newTestEnv(t, newEmptyBook(t), "en")
	o := newOverview(e).(*overviewScreen)
	content := o.build()
	e.window.SetContent(content)
	defer o.close()
	if texts := strings.Join(profitTexts(content), " "); !strings.Contains(texts, "Needs you") || strings.Contains(texts, "0.00") {
		t.Errorf("loading: %s", texts)
	}
	o.load(route{})
	q.read(t, e)
	if texts := strings.Join(profitTexts(content), " "); !strings.Contains(texts, "No orders or money yet") {
		t.Errorf("empty: %s", texts)
	}
	o.failed(errors.New("disk on fire"))
	if texts := strings.Join(profitTexts(content), " "); !strings.Contains(texts, "could not be read") {
		t.Errorf("error: %s", texts)
	}
}

// A book whose database is closed under the screen tells so.
func TestOverviewLoadFails(t *testing.T) {
	s := newEmptyBook(t)
	e, q := newTestEnv(t, s, "en")
	o := newOverview(e).(*overviewScreen)
	content := o.build()
	e.window.SetContent(content)
	defer o.close()
	if err := s.Book.Reader().Close(); err != nil {
		t.Fatal(err)
	}
	o.load(route{})
	q.read(t, e)
	if texts := strings.Join(profitTexts(content), " "); !strings.Contains(texts, "could not be read") {
		t.Errorf("error: %s", texts)
	}
}
