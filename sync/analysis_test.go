package appsync_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// Amazon's count of sales and visits is in for the last seven days of each
// marketplace with own products, and agrees with the orders of the book.
func TestTraffic(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 8, Orders: 900, Days: 60})
		b := newBook(t, s)
		syncAll(t, b, s)
		days, err := b.TrafficDays(t.Context(), "", "", nil)
		if err != nil || len(days) != 21 {
			t.Fatalf("%d days, %v", len(days), err)
		}
		for _, d := range days {
			units := sum(t, b, fmt.Sprintf(`SELECT coalesce(sum(i.quantity), 0) FROM orders o JOIN order_item i USING (connection_id, order_id)
			WHERE o.connection_id = '%s' AND o.order_day = '%s' AND o.status <> 'CANCELLED' AND o.sales_channel NOT LIKE 'Non-Amazon%%'`, d.Connection, d.From))
			if d.Units == nil || *d.Units != units || d.Sessions == nil || d.BuyBox == nil || *d.BuyBox < 9000 || d.Origin != "report" || d.Document == 0 {
				t.Errorf("%s %s: %d units are ordered, %+v", d.Connection, d.From, units, d)
			}
			products, err := b.TrafficASINs(t.Context(), d.From, d.From, "", []string{d.Marketplace})
			if err != nil {
				t.Fatal(err)
			}
			var byProduct, sales int64
			for _, p := range products {
				byProduct, sales = byProduct+*p.Units, sales+*p.Ordered
				if p.SKU == "" || p.ASIN == "" || p.ParentASIN == "" || p.Currency != d.Currency {
					t.Errorf("%+v", p)
				}
			}
			if byProduct != units || sales != *d.Ordered {
				t.Errorf("%s %s: by product %d units of %d, by day %d of %d", d.Connection, d.From, byProduct, sales, units, *d.Ordered)
			}
		}
		if n := sum(t, b, `SELECT count(*) FROM traffic_asin WHERE connection_id = 'fe' AND sku LIKE '%青%'`); n == 0 {
			t.Log("the Japanese SKU was not sold in these days")
		}
	})
}

// Recent days are asked for again the next day, the past is filled step by step,
// and what is being made when a run ends is fetched by the next.
func TestPitfall48_TrafficIsReadAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncNA(t, b, s)
		count := func() int64 { return sum(t, b, `SELECT count(*) FROM traffic_day`) }
		reports := func() int64 {
			return sum(t, b, `SELECT count(*) FROM api_call WHERE operation = 'createReport' AND purpose = 'traffic'`)
		}
		if count() != 7 || reports() != 7 {
			t.Fatalf("%d days by %d reports", count(), reports())
		}
		later(t, b, s, 10*time.Minute, "participations", "traffic")
		if count() != 7 || reports() != 7 {
			t.Errorf("ten minutes later %d days by %d reports", count(), reports())
		}
		later(t, b, s, 2*time.Hour, "participations", "traffic")
		if count() != 14 || reports() != 14 {
			t.Errorf("after a step into the past %d days by %d reports", count(), reports())
		}
		later(t, b, s, 25*time.Hour, "participations", "traffic")
		if count() != 22 || reports() != 14+7+7 { // the new day, six again, and a step
			t.Errorf("a day later %d days by %d reports", count(), reports())
		}
	})
}

// A report that is cancelled or fails says that there are no data yet: no error,
// and the day comes again. A missing role rests.
func TestFaultsOfTraffic(t *testing.T) {
	s := seller(t, small)
	b := newBook(t, s)
	syncNA(t, b, s) // everything else is in
	if err := b.Write(t.Context(), func(tx *store.Tx) error { return tx.SetBookmark("na", "traffic", struct{}{}, time.Time{}) }); err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]spapifake.FaultKind{"cancelled": spapifake.ReportCancels, "fatal": spapifake.ReportFatal} {
		t.Run(name, func(t *testing.T) {
			s.Inject(spapifake.Fault{Operation: "getReport", Kind: kind, Times: -1})
			defer s.ClearFaults()
			later(t, b, s, time.Minute, "participations", "traffic")
		})
	}
	s.Inject(spapifake.Fault{Operation: "createReport", Kind: spapifake.MissingRole, Times: -1})
	at := now.Add(25 * time.Hour)
	b.Now = func() time.Time { return at }
	got := failed(once(t, engineNA(b, s, resources("participations", "traffic"), func(c *appsync.Config) { c.Now = b.Now })))
	if !errors.Is(got["na traffic"], spapi.ErrRole) {
		t.Errorf("failures %v", got)
	}
	s.ClearFaults()
	later(t, b, s, 26*time.Hour, "participations", "traffic")
	if n := sum(t, b, `SELECT count(*) FROM traffic_day WHERE taken_at >= `+timeMillis(at)); n < 7 {
		t.Errorf("%d days after the role was there", n)
	}
}

// Amazon's count of orders agrees with the book's; where an order is missing in
// the book, its day is listed.
func TestOrderMetricsCrossCheck(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 8, Orders: 900, Days: 60})
		b := newBook(t, s)
		syncAll(t, b, s)
		if n := sum(t, b, `SELECT count(*) FROM order_metric WHERE orders > 0`); n < 100 {
			t.Fatalf("%d days with orders", n)
		}
		list, err := b.OrderMetricDifferences(t.Context(), "", "")
		if err != nil || len(list) != 0 {
			t.Errorf("%d differences, the first %+v, %v", len(list), first(list), err)
		}
		var day string
		eachText(t, b, `SELECT order_day FROM orders WHERE connection_id = 'eu' AND status = 'SHIPPED' AND sales_channel = 'Amazon.de' ORDER BY purchased_at LIMIT 1 OFFSET 40`, 1,
			func(r []string) { day = r[0] })
		if err := b.Write(t.Context(), func(tx *store.Tx) error {
			price := int64(1000)
			_, err := tx.PutOrder(store.Order{
				Connection: "eu", ID: "000-0000000-0000000", Marketplace: "A1PA6795UKMFR9", SalesChannel: "Amazon.de", Status: "SHIPPED", Currency: "EUR",
				Purchased: mustTime(t, day+"T12:00:00Z"), Updated: now, Origin: store.FromReport, Items: []store.OrderItem{{SKU: "X", Quantity: 3, Price: &price}},
			})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		list, err = b.OrderMetricDifferences(t.Context(), "", "")
		if err != nil || len(list) != 1 || list[0].Amazon.Day != day || list[0].Ours.Units-list[0].Amazon.Units != 3 || list[0].Ours.Orders-list[0].Amazon.Orders != 1 {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func first[T any](list []T) (v T) {
	if len(list) > 0 {
		v = list[0]
	}
	return v
}

func mustTime(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// A whole sync, and one that follows, stays below the limit of every operation;
// the list of the server's operations is the client's.
func TestEveryOperationBelowItsLimit(t *testing.T) {
	warmUp(t)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, spapifake.Config{Seed: 9, Orders: 300, Days: 60}, dir)
		defer v.close(t)
		v.syncAll(t)
		v.syncAll(t)
		wantAllCalled(t, v.seller)
	})
}

// wantAllCalled compares what was called with what is served, and that with what
// the client knows.
func wantAllCalled(t *testing.T, s *spapifake.Server) {
	if n := s.Violations(); n != 0 {
		t.Errorf("%d calls were over their limits", n)
	}
	called := map[string]bool{}
	for _, r := range s.Requests() {
		called[r.Operation] = true
	}
	served := map[string]bool{}
	for _, l := range s.Limits() {
		served[l.Operation] = true
		if !called[l.Operation] && !strings.HasPrefix(l.Operation, "getShipmentTracking") {
			t.Errorf("%s was never called", l.Operation)
		}
	}
	for _, o := range spapi.Operations() {
		if !served[string(o.Op)] {
			t.Errorf("the demo seller does not answer %s", o.Op)
		}
	}
}

// Amazon's reckoning per SKU and day is in, every part of the answer: what was
// ordered, each fee, advertising and net proceeds, which add up.
func TestEconomics(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 8, Orders: 900, Days: 60})
		b := newBook(t, s)
		syncAll(t, b, s)
		list, err := b.Economics(t.Context(), "", "", "", nil)
		if err != nil || len(list) < 100 {
			t.Fatalf("%d rows, %v", len(list), err)
		}
		fees, ads := 0, 0
		for _, v := range list {
			left := *v.NetSales - *v.Proceeds
			for _, p := range v.Parts {
				if p.PartOf == "" {
					left -= p.Total
				}
				switch p.Kind {
				case "fee":
					fees++
				case "ad":
					ads++
				}
			}
			if left != 0 || v.From != v.To || v.Origin != "kiosk" || v.Document == 0 || v.ParentASIN == "" {
				t.Errorf("%d is not told: %+v", left, v)
			}
		}
		if fees < 100 || ads < 100 {
			t.Errorf("%d fees, %d kinds of advertising", fees, ads)
		}
		n := sum(t, b, `SELECT count(*) FROM (SELECT e.connection_id, e.from_day, e.sku, e.units - coalesce((SELECT sum(i.quantity) FROM orders o
		JOIN order_item i USING (connection_id, order_id) WHERE o.connection_id = e.connection_id AND o.order_day = e.from_day AND i.sku = e.sku
		AND o.status <> 'CANCELLED' AND o.sales_channel NOT LIKE 'Non-Amazon%'), 0) AS apart FROM economics e) WHERE apart <> 0`)
		if n != 0 {
			t.Errorf("%d rows whose units are not those of the orders", n)
		}
		if n := sum(t, b, `SELECT count(DISTINCT from_day) FROM economics WHERE connection_id = 'fe'`); n != 14 {
			t.Errorf("%d days", n)
		}
		if n := sum(t, b, `SELECT count(*) FROM money_line WHERE origin NOT IN ('finances', 'settlement', 'user', 'estimate')`); n != 0 {
			t.Errorf("%d money lines come from analysis", n)
		}
	})
}

// A query that fails is asked once more and then told with Amazon's reason; a
// missing role rests; the days come again later.
func TestFaultsOfEconomics(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		s.Inject(spapifake.Fault{Operation: "getQuery", Kind: spapifake.ReportFatal, Times: -1})
		got := failed(once(t, engineNA(b, s)))
		if err := got["na economics"]; len(got) != 1 || err == nil || !strings.Contains(err.Error(), "20471") {
			t.Fatalf("failures %v", got)
		}
		s.ClearFaults()
		later(t, b, s, 25*time.Hour, "participations", "economics")
		if n := sum(t, b, `SELECT count(DISTINCT from_day) FROM economics`); n < 10 {
			t.Errorf("%d days after Amazon could", n)
		}
		before := sum(t, b, `SELECT count(*) FROM economics`)
		s.Inject(spapifake.Fault{Operation: "createQuery", Kind: spapifake.MissingRole, Times: -1})
		at := now.Add(60 * time.Hour)
		b.Now = func() time.Time { return at }
		got = failed(once(t, engineNA(b, s, resources("participations", "economics"), func(c *appsync.Config) { c.Now = b.Now })))
		if !errors.Is(got["na economics"], spapi.ErrRole) || sum(t, b, `SELECT count(*) FROM economics`) != before {
			t.Errorf("failures %v", got)
		}
	})
}
