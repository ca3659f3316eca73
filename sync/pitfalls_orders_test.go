package appsync_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// One look at the list of orders in a run, and runs far enough apart.
func TestPitfall1_OneLookAtTheOrdersInARun(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		core := resources(coreResources...)
		if r := once(t, engineNA(b, s, core)); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		before := len(s.Requests())
		for range 4 {
			once(t, engineNA(b, s, core))
		}
		if n := len(asked(s, before, "searchOrders")); n != 4 {
			t.Errorf("%d looks in 4 runs", n)
		}
		for _, o := range spapi.Operations() {
			if perHour := int64(time.Hour / appsync.Interval); o.Op == spapi.OpSearchOrders && perHour*1_000_000*10 > o.Limit.Rate*3600*7 {
				t.Errorf("%d looks an hour are more than 70 %% of what Amazon allows", perHour)
			}
		}
	})
}

// Every time that is sent is UTC and ends with Z, so that no plus sign can be
// taken for a space.
func TestPitfall11_TimesAreSentInUTC(t *testing.T) {
	w := synced(t)
	times(t, w.s, "searchOrders", "lastUpdatedAfter")
	times(t, w.s, "listTransactions", "postedAfter")
	times(t, w.s, "getReports", "createdSince")
	for _, r := range w.s.Requests() {
		if strings.Contains(r.Query, "+") || strings.Contains(r.Query, "%2B0") && r.Operation != "searchOrders" && !strings.Contains(r.Query, "oken=") {
			t.Errorf("%s was asked with %q", r.Operation, r.Query)
		}
	}
}

const price = `,"proceeds":{"proceedsTotal":{"amount":"12.34","currencyCode":"USD"},"breakdowns":[{"type":"ITEM","subtotal":{"amount":"12.34","currencyCode":"USD"}}]}`

// The price of a pending order is unknown, which is not zero; when Amazon tells
// it, it is filled in.
func TestPitfall13_PendingOrdersHaveNoPriceYet(t *testing.T) {
	a := tellOrders(t)
	const q = `SELECT count(*) FROM order_item JOIN orders USING (connection_id, order_id) WHERE price_minor IS NULL AND total_minor IS NULL`
	a.sync(anOrder("111-0000001-0000001", "PENDING", "2026-10-20T10:00:00Z", "", ""))
	if n := sum(t, a.b, q); n != 1 {
		t.Errorf("%d orders without a price, want 1", n)
	}
	a.sync(anOrder("111-0000001-0000001", "SHIPPED", "2026-10-20T10:00:00Z", `,"proceeds":{"grandTotal":{"amount":"12.34","currencyCode":"USD"}}`, price))
	if n := sum(t, a.b, `SELECT sum(price_minor * 10000 + total_minor) FROM order_item JOIN orders USING (connection_id, order_id)`); n != 1234_1234 {
		t.Errorf("price and total are %d", n)
	}
}

// Some pending orders do show a price. It is stored as any other.
func TestPitfall14_PendingOrdersMayHaveAPrice(t *testing.T) {
	a := tellOrders(t)
	yen := strings.ReplaceAll(strings.ReplaceAll(price, "12.34", "1780.0"), "USD", "JPY")
	a.sync(anOrder("249-0000001-0000001", "PENDING", "2026-10-20T10:00:00Z", "", yen))
	if n := sum(t, a.b, `SELECT price_minor FROM order_item WHERE currency = 'JPY'`); n != 1780 {
		t.Errorf("the price is %d", n)
	}
}

// Only orders that still have to be shipped by the seller are read one by one.
func TestPitfall16_SingleReadsOnlyForOrdersToShip(t *testing.T) {
	w := synced(t)
	read := map[string]int{}
	for _, r := range w.s.Requests() {
		if r.Operation == "getOrder" {
			read[r.Path[strings.LastIndex(r.Path, "/")+1:]]++
		}
	}
	if len(read) == 0 || len(read) > 60 {
		t.Fatalf("%d orders were read", len(read))
	}
	for id, n := range read {
		if sum(t, w.b, `SELECT count(*) FROM orders WHERE order_id = ? AND fulfilled_by = 'MERCHANT' AND status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED')`, id) != 1 || n != 1 {
			t.Errorf("%s was read %d times", id, n)
		}
	}
}

// An account whose larger question is answered 400 is asked the smaller one,
// for a day, and everything comes.
func TestPitfall17_ASmallerQuestionWhereTheLargerIsRefused(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		s.Inject(spapifake.Fault{Operation: "searchOrders", Kind: spapifake.BadInput, Times: 2})
		if r := once(t, engineNA(b, s, resources(coreResources...))); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		list := asked(s, 0, "searchOrders")
		if len(list) < 3 {
			t.Fatalf("%d questions", len(list))
		}
		size := func(i int) int { return len(strings.Split(list[i].Get("includedData"), ",")) }
		if size(0) <= size(2) || size(0) != size(1) {
			t.Errorf("asked for %d, %d, then %d kinds of data", size(0), size(1), size(2))
		}
		before := len(s.Requests())
		once(t, engineNA(b, s, resources(coreResources...)))
		if again := asked(s, before, "searchOrders"); len(again) != 1 || again[0].Get("includedData") != list[2].Get("includedData") {
			t.Errorf("the next run asks %v", again)
		}
	})
}

// What the total of an order means is Amazon's secret: it is kept as given,
// with the whole answer beside it.
func TestPitfall18_TotalsAreKeptAsGiven(t *testing.T) {
	a := tellOrders(t)
	a.sync(anOrder("111-0000001-0000001", "SHIPPED", "2026-10-20T10:00:00Z", `,"proceeds":{"grandTotal":{"amount":"99.01","currencyCode":"USD"}}`, price))
	if n := sum(t, a.b, `SELECT total_minor FROM orders`); n != 9901 {
		t.Errorf("the total is %d, want the 9901 that Amazon gave, whatever the items add up to", n)
	}
	id := sum(t, a.b, `SELECT document_id FROM orders`)
	d, err := a.b.Document(t.Context(), id)
	if err != nil || !strings.Contains(string(d.Body), `"99.01"`) || !strings.Contains(string(d.Body), `"breakdowns"`) {
		t.Errorf("the original: %v %.80s", err, d.Body)
	}
}

// The report of all orders has no item ids, and one SKU may stand in several
// lines of an order: each is a line of its own.
func TestPitfall19_OneSKUInTwoLinesOfAnOrder(t *testing.T) {
	line := func(quantity, price string) []string {
		return []string{"111-0000001-0000001", "", "2026-10-01T10:00:00+00:00", "2026-10-02T10:00:00+00:00", "Shipped", "Amazon", "Amazon.com",
			"LAMP", "B000000017", "Lamp", "Shipped", quantity, "USD", price}
	}
	b := emptyBook(t)
	path := file(t, "orders.txt", ordersFile(line("1", "10.00"), line("2", "20.00"), line("1", "10.00")))
	for range 2 { // the second time changes nothing
		importOne(t, b, path, "")
		if n, units := sum(t, b, `SELECT count(*) FROM order_item`), sum(t, b, `SELECT sum(quantity) FROM order_item`); n != 3 || units != 4 {
			t.Errorf("%d lines of %d units, want 3 of 4", n, units)
		}
	}
}

// No report of more than thirty days is asked for, and a sentence in the place
// of a report is refused, not read as an empty one.
func TestPitfall20_ReportsOfThirtyDays(t *testing.T) {
	w := synced(t)
	var mark struct {
		Windows []struct{ From, To time.Time }
	}
	bookmark(t, w.b, "order-reports", &mark)
	if len(mark.Windows) < 4 {
		t.Fatalf("%d windows", len(mark.Windows))
	}
	for _, v := range mark.Windows {
		if d := v.To.Sub(v.From); d > 30*24*time.Hour || d <= 0 {
			t.Errorf("a window of %v", d)
		}
	}
	path := file(t, "sentence.txt", []byte("The requested date range exceeds 30 days. Please narrow the range.\n"))
	b := emptyBook(t)
	_, err := appsync.Import(t.Context(), b, path, "", reports.Hint{})
	if !errors.Is(err, reports.ErrMessage) {
		t.Errorf("a sentence: %v", err)
	}
}

// Japanese reports tell local time. It is stored as UTC, and the day is Japan's.
func TestPitfall21_JapaneseDatesAreLocal(t *testing.T) {
	b := emptyBook(t)
	importOne(t, b, file(t, "jp.txt", ordersFile([]string{"249-0000001-0000001", "", "2026-10-20T08:30:00+09:00", "2026-10-20T08:30:00+09:00",
		"Shipped", "Amazon", "Amazon.co.jp", "LAMP", "B000000017", "ランプ", "Shipped", "1", "JPY", "1780"})), "")
	at := time.Date(2026, 10, 19, 23, 30, 0, 0, time.UTC).UnixMilli()
	if n := sum(t, b, `SELECT count(*) FROM orders WHERE purchased_at = ? AND order_day = '2026-10-20'`, at); n != 1 {
		t.Errorf("the order is not of 08:30 in Tokyo")
	}
}

// Moments are UTC, days are those of the marketplace: with and without summer
// time.
func TestPitfall22_DaysAreThoseOfTheMarketplace(t *testing.T) {
	a := tellOrders(t)
	a.sync(
		anOrder("111-0000001-0000001", "SHIPPED", "2026-10-20T06:59:00Z", "", ""), // 23:59 in Los Angeles, summer time
		anOrder("111-0000002-0000002", "SHIPPED", "2026-10-20T07:00:00Z", "", ""), // midnight
		anOrder("111-0000003-0000003", "SHIPPED", "2026-01-20T07:59:00Z", "", ""), // 23:59, winter time
		anOrder("111-0000004-0000004", "SHIPPED", "2026-01-20T08:00:00Z", "", ""),
	)
	for id, day := range map[string]string{
		"111-0000001-0000001": "2026-10-19", "111-0000002-0000002": "2026-10-20", "111-0000003-0000003": "2026-01-19", "111-0000004-0000004": "2026-01-20",
	} {
		if sum(t, a.b, `SELECT count(*) FROM orders WHERE order_id = ? AND order_day = ?`, id, day) != 1 {
			t.Errorf("%s is not of %s", id, day)
		}
	}
}

// A state that nobody has heard of is stored as it came.
func TestPitfall55_NamesThatTheModelLacks(t *testing.T) {
	a := tellOrders(t)
	a.sync(anOrder("111-0000001-0000001", "HELD_BY_CUSTOMS_2027", "2026-10-20T10:00:00Z", "", ""))
	if sum(t, a.b, `SELECT count(*) FROM orders WHERE status = 'HELD_BY_CUSTOMS_2027'`) != 1 {
		t.Error("the state is lost")
	}
}

// Blank people do not wipe out those that were told before.
func TestPitfall15_BlankPeopleDoNotReplaceKnownOnes(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, oneSeller)
		b := newBook(t, s)
		core := resources(coreResources...)
		if r := once(t, engineNA(b, s, core)); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		people := func() string {
			return fingerprint(t, b.People(), `SELECT connection_id, order_id, name, address, buyer_email FROM person`)
		}
		was := people()
		if strings.HasPrefix(was, "0 rows") {
			t.Fatal("nobody was told")
		}
		s.Inject(spapifake.Fault{Operation: "getOrder", Kind: spapifake.BlankBuyer, Times: -1})
		for i := range 3 {
			once(t, engineNA(b, s, core, func(c *appsync.Config) { c.Now = func() time.Time { return now.Add(time.Duration(i) * 7 * time.Hour) } }))
		}
		if got := people(); got != was {
			t.Errorf("people are %s, were %s", got, was)
		}
	})
}
