package desktop

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

func TestInventoryPace(t *testing.T) {
	tests := []struct {
		name          string
		sold          int64
		stocked       store.StockedDays
		listed, known int64
		units         int64 // in stock
		days          int64
		perDay        int64 // hundredths; -1 unknown
		cover         int64 // -1 unknown
	}{
		{"a month of sales", 60, store.StockedDays{}, 0, 90, 100, 30, 200, 50},
		{"no sales have no cover", 0, store.StockedDays{}, 0, 90, 100, 30, 0, -1},
		{"nothing left", 60, store.StockedDays{}, 0, 90, 0, 30, 200, 0},
		{"a new listing has fewer days", 20, store.StockedDays{}, 10, 90, 30, 10, 200, 15},
		{"a new book knows fewer days", 20, store.StockedDays{}, 0, 10, 30, 10, 200, 15},
		{"a book without orders knows nothing", 0, store.StockedDays{}, 0, 0, 30, 0, -1, -1},
		{"days out of stock do not count", 20, store.StockedDays{Seen: 30, InStock: 10}, 0, 90, 30, 10, 200, 15},
		{"but a week must be left", 20, store.StockedDays{Seen: 30, InStock: 3}, 0, 90, 30, 30, 67, 45},
		{"rounded half up", 1, store.StockedDays{}, 8, 90, 1, 8, 13, 8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := inventoryPaceOf(store.SoldUnits{Days30: tt.sold}, tt.stocked, tt.listed, tt.known)
			if p.Days != tt.days {
				t.Errorf("%d days, want %d", p.Days, tt.days)
			}
			perDay, ok := p.perDay()
			if !ok {
				perDay = -1
			}
			cover, ok := p.cover(tt.units)
			if !ok {
				cover = -1
			}
			if perDay != tt.perDay || cover != tt.cover {
				t.Errorf("%d a day, %d days of cover; want %d and %d", perDay, cover, tt.perDay, tt.cover)
			}
		})
	}
}

func TestInventoryState(t *testing.T) {
	own := int64(5)
	row := func(fulfillable, sold int64) inventoryRow {
		return inventoryRow{StockRow: store.StockRow{Fulfillable: fulfillable}, Sold: store.SoldUnits{Days30: sold, Days90: sold}, Known: 90, Pace: inventoryPace{sold, 30}}
	}
	idle := row(10, 0)
	unknown, partly := row(10, 0), row(10, 0)
	unknown.Known, unknown.Pace, partly.Known, partly.Pace = 0, inventoryPace{}, 29, inventoryPace{0, 29}
	inbound := row(0, 30)
	inbound.Inbound = 40
	seller := row(0, 30)
	seller.OwnQuantity = &own
	for name, tt := range map[string]struct {
		row  inventoryRow
		want inventoryState
	}{
		"out": {row(0, 30), inventoryOut}, "out with units on their way": {inbound, inventoryOut}, "low": {row(13, 30), inventoryLow},
		"a fortnight": {row(14, 30), inventoryOrderSoon}, "a month": {row(30, 30), inventoryFine}, "half a year": {row(180, 30), inventoryFine},
		"more": {row(181, 30), inventoryTooMuch}, "idle": {idle, inventoryIdle}, "nobody knows": {unknown, inventoryUnknown}, "a day is missing": {partly, inventoryUnknown}, "nothing": {row(0, 0), inventoryNothing}, "the seller's own": {seller, inventoryLow},
	} {
		if got := tt.row.state(); got != tt.want {
			t.Errorf("%s: state %d, want %d", name, got, tt.want)
		}
	}
}

func TestInventorySumNeverAddsCurrencies(t *testing.T) {
	usd, eur := books.Money{Minor: 1000, Currency: "USD"}, books.Money{Minor: 500, Currency: "EUR"}
	held := store.StockRow{Fulfillable: 1}
	s, err := inventorySumOf([]inventoryRow{{StockRow: held, Value: &usd}, {StockRow: held, Value: &usd}, {StockRow: held, Value: &eur}, {StockRow: held}, {}})
	if err != nil || len(s.Values) != 2 || s.Values[0] != (books.Money{Minor: 2000, Currency: "USD"}) || s.Values[1] != eur || s.NoCost != 1 || s.SKUs != 5 {
		t.Errorf("%+v, %v", s, err)
	}
	most := books.Money{Minor: 1<<63 - 1, Currency: "USD"}
	if _, err := inventorySumOf([]inventoryRow{{Value: &most}, {Value: &usd}}); err == nil {
		t.Error("a sum beyond 64 bits is not told")
	}
}

func TestInventoryWeeks(t *testing.T) {
	today := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	weeks := inventoryWeeks([]store.DayUnits{
		{Day: "2026-11-21", Units: 9}, // not over yet
		{Day: "2026-11-20", Units: 1}, {Day: "2026-11-14", Units: 2}, {Day: "2026-11-13", Units: 4}, {Day: "2026-11-07", Units: 8},
		{Day: "2026-11-06", Units: 16}, {Day: "no day", Units: 32},
	}, today, 2, 10)
	if len(weeks) != 2 || weeks[1].Units != 3 || weeks[0].Units != 12 || !weeks[1].Known || weeks[0].Known || weeks[0].From.Format(time.DateOnly) != "2026-11-07" {
		t.Errorf("%+v", weeks)
	}
}

func TestInventoryCostForm(t *testing.T) {
	for name, tt := range map[string]struct{ from, amount, why string }{
		"all": {"", "4.35", ""}, "a day": {"2026-02-28", "0.0375", ""}, "free": {"", "0", ""},
		"no such day": {"2026-02-30", "4", "inventory.cost.badday"}, "two days": {"3/4/2026", "4", "inventory.cost.badday"},
		"no number": {"", "four", "inventory.cost.badamount"}, "empty": {"", "", "inventory.cost.badamount"},
		"negative": {"", "-1", "inventory.cost.badamount"}, "ten places": {"", "0.0000000001", "inventory.cost.badamount"},
	} {
		c, why := inventoryCost("A", "M", "EUR", tt.from, tt.amount)
		if why != tt.why || why == "" && (c.Unit.String() != tt.amount || c.From != tt.from || c.Currency != "EUR") {
			t.Errorf("%s: %+v, %q", name, c, why)
		}
	}
}

// What is typed as people of other countries do is read, where it can mean one
// thing only.
func TestInventoryCostAsPeopleType(t *testing.T) {
	for _, tt := range []struct{ from, amount, day, unit, why string }{
		{"", "4,35", "", "4.35", ""}, {"", "1.234,50", "", "1234.5", ""}, {"", "1,234.50", "", "1234.5", ""}, {"", "１２３．５", "", "123.5", ""},
		{"28.2.2026", "4", "2026-02-28", "4", ""}, {"２０２６年２月２８日", "4", "2026-02-28", "4", ""}, {"2026/2/28", "4", "2026-02-28", "4", ""},
		{"", "1,234", "", "", "inventory.cost.badamount"}, // a thousand, or a little more than one
	} {
		c, why := inventoryCost("A, B", "M", "JPY", tt.from, tt.amount)
		if why != tt.why || why == "" && (c.Unit.String() != tt.unit || c.From != tt.day || c.SKU != "A, B" || c.Marketplace != "M") {
			t.Errorf("%s from %s: %+v, %q", tt.amount, tt.from, c, why)
		}
	}
}

func TestInventoryUnknownIsNotZero(t *testing.T) {
	text := inventoryText{format.For("en"), i18n.For("en")}
	r := inventoryRow{Known: 20, Pace: inventoryPace{0, 20}}
	for _, days := range []int64{30, 90} {
		if got, why := text.sold(r, 0, days); got != format.Unknown || why == "" {
			t.Errorf("sold in %d days: %q, %q", days, got, why)
		}
	}
	if got, _ := text.sold(r, 0, 7); got != "0" {
		t.Errorf("sold in 7 days: %q", got)
	}
	if got, why := text.cover(r); got != format.Unknown || why == "" {
		t.Errorf("cover: %q, %q", got, why)
	}
}

// Stock whose sales nobody knows is neither low nor slow.
func TestInventoryCountsWhatIsNotKnown(t *testing.T) {
	text := inventoryText{format.For("en"), i18n.For("en")}
	row := func(known int64) inventoryRow {
		return inventoryRow{StockRow: store.StockRow{SKU: "A", Fulfillable: 5}, Known: known, Pace: inventoryPace{0, known}}
	}
	for name, c := range map[string]struct {
		rows []inventoryRow
		want string
	}{
		"none known": {[]inventoryRow{row(0), row(20)}, "Sales unknown: 2"},
		"some":       {[]inventoryRow{row(0), row(90)}, "Low: 0, order soon: 0|Slow or excess: 1|Sales unknown: 1"},
		"all":        {[]inventoryRow{row(90)}, "Low: 0, order soon: 0|Slow or excess: 1"},
		"no stock":   {nil, "Low: 0, order soon: 0|Slow or excess: 0"},
	} {
		sum, err := inventorySumOf(c.rows)
		if got := strings.Join(text.covers(sum), "|"); err != nil || got != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	// The number is at the end: a tile of the smallest window holds it.
	const edges, tiles = 2 * 20, 5
	room := (theme.MinWindowWidth-theme.Rail-edges-(tiles-1)*theme.Space3)/tiles - 2*theme.Space3
	for _, tag := range format.Tags() {
		line := inventoryText{format.For(tag), i18n.For(tag)}.covers(inventorySum{Unknown: 888})[0]
		if w := theme.Measure(line, theme.TextCaption, fyne.TextStyle{}).Width; w > room || !strings.HasSuffix(line, "888") {
			t.Errorf("%s: %q is %v wide in a room of %v", tag, line, w, room)
		}
	}
}
