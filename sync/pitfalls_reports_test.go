package appsync_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// CANCELLED says that there was nothing, mostly: it is no failure, but nothing is
// known to be complete until the run of another time is told the same.
func TestPitfall42_CancelledIsNoFailure(t *testing.T) {
	r := newFaultRun(t, nil)
	r.inject(spapifake.Fault{Operation: "getReport", Kind: spapifake.ReportCancels, Times: -1})
	windows := 0
	for _, at := range []struct {
		after              time.Duration
		asked, unconfirmed int // per window
		covered            int64
	}{{after: 0, asked: 1, unconfirmed: 1}, {after: 50 * time.Minute, asked: 1, unconfirmed: 1}, {after: 2 * time.Hour, asked: 2, covered: 1}, {after: 50 * time.Hour, asked: 2, covered: 1}} {
		r.engine = func(c *appsync.Config) {
			resources("participations", "order-reports")(c)
			c.Now = func() time.Time { return now.Add(at.after) }
		}
		if result := r.run(); len(result.Failures) != 0 {
			t.Errorf("failures %v", result.Failures)
		}
		var mark struct{ Windows []struct{ Done bool } }
		bookmark(t, r.b, "order-reports", &mark)
		if windows = len(mark.Windows); windows < 2 {
			t.Fatalf("%d windows", windows)
		}
		if n := len(asked(r.s, 0, "createReport")); n != at.asked*windows {
			t.Errorf("after %v %d windows were asked for %d times", at.after, windows, n)
		}
		open, err := appsync.Unconfirmed(t.Context(), r.b, "na")
		if err != nil || len(open) != at.unconfirmed*windows {
			t.Errorf("after %v %d are to be confirmed, %v", at.after, len(open), err)
		}
		if n := sum(t, r.b, `SELECT count(*) FROM coverage WHERE source = 'orders'`); n != at.covered {
			t.Errorf("after %v %d periods are covered", at.after, n)
		}
	}
}

// FATAL may come with a document: what it says is what the user reads.
func TestPitfall43_FatalTellsItsReason(t *testing.T) {
	r := newFaultRun(t, nil)
	r.inject(spapifake.Fault{Operation: "getReport", Kind: spapifake.ReportFatal, Times: -1})
	r.wantReads(r.run(), map[string]string{"order-reports": "internal error 20471"})
}

// Columns come and go without notice: they are found by name, and unknown ones
// are kept in the original.
func TestPitfall44_ColumnsComeAndGo(t *testing.T) {
	for _, kind := range []spapifake.FaultKind{spapifake.UnknownColumn, spapifake.FewerColumns} {
		r := newFaultRun(t, nil)
		rows, _ := undisturbedRows(t, r.regions, 0)
		r.inject(spapifake.Fault{Operation: "downloadDocument", Kind: kind, Times: -1})
		if result := r.run(); len(result.Failures) > 0 {
			t.Fatal(result.Failures)
		}
		wantSame(t, string(kind), only(fingerprints(t, r.b), moneyTables), only(rows, moneyTables))
	}
}

// A link to a document is used once and kept nowhere.
func TestPitfall49_LinksAreNotKept(t *testing.T) {
	w := synced(t)
	texts := 0
	rows, err := w.b.Reader().QueryContext(t.Context(), `SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND c.type IN ('TEXT', 'BLOB')`)
	if err != nil {
		t.Fatal(err)
	}
	var all [][2]string
	for rows.Next() {
		var c [2]string
		if err := rows.Scan(&c[0], &c[1]); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		texts++
		if n := sum(t, w.b, `SELECT count(*) FROM "`+c[0]+`" WHERE instr("`+c[1]+`", 'X-Amz-')`); n != 0 {
			t.Errorf("%s.%s holds %d links", c[0], c[1], n)
		}
	}
	if n := len(asked(w.s, 0, "downloadDocument")); texts < 50 || n == 0 {
		t.Errorf("%d columns looked at, %d documents fetched", texts, n)
	}
	for _, kind := range []string{"order", "transaction", "report"} {
		originals(t, w.b, kind, func(d store.Document) {
			if strings.Contains(string(d.Body), "X-Amz-") {
				t.Errorf("a document of %s holds a link", kind)
			}
		})
	}
}

// Without details the quantities by kind are missing.
func TestPitfall51_DetailsAreAskedFor(t *testing.T) {
	w := synced(t)
	for _, q := range asked(w.s, 0, "getInventorySummaries") {
		if q.Get("details") != "true" {
			t.Errorf("asked with %v", q)
		}
	}
	if sum(t, w.b, `SELECT count(*) FROM stock_snapshot WHERE fulfillable > 0 AND reserved > 0`) == 0 {
		t.Error("no quantities by kind")
	}
}

// A SKU may lie at Amazon and at the seller's own place: two numbers, none of
// which hides the other.
func TestPitfall52_TwoStocksOfOneSKU(t *testing.T) {
	w := synced(t)
	both := 0
	for _, region := range spapifake.Connections() {
		for _, row := range w.s.Stock(region) {
			const q = `SELECT count(*) FROM listing l JOIN stock_snapshot s USING (connection_id, sku)
				WHERE connection_id = ? AND sku = ? AND l.own_quantity = ? AND s.fulfillable = ?`
			if row.SellerFulfilled == 0 || row.Fulfillable == 0 {
				continue
			}
			if sum(t, w.b, q, strings.ToLower(region), row.SKU, row.SellerFulfilled, row.Fulfillable) != 1 {
				t.Errorf("%s %s: own %d and Amazon's %d are not both there", region, row.SKU, row.SellerFulfilled, row.Fulfillable)
			}
			both++
		}
	}
	if both == 0 {
		t.Error("this seller has no such SKU")
	}
}

// Why stock is unsellable is told nowhere else: the answer is kept whole.
func TestPitfall53_CausesOfUnsellableStockAreKept(t *testing.T) {
	w := synced(t)
	causes := 0
	originals(t, w.b, "inventory", func(d store.Document) {
		var raw struct {
			Details struct {
				Unfulfillable map[string]json.RawMessage `json:"unfulfillableQuantity"`
			} `json:"inventoryDetails"`
		}
		if err := json.Unmarshal(d.Body, &raw); err != nil {
			t.Fatal(err)
		}
		causes += len(raw.Details.Unfulfillable)
	})
	if causes == 0 {
		t.Error("no causes")
	}
}

// The ledger may be of other days than were asked for. Each row is of the day
// that it names itself.
func TestPitfall45_LedgerRowsCountByTheirOwnDate(t *testing.T) {
	columns := strings.Split("Date,FNSKU,ASIN,MSKU,Title,Event Type,Reference ID,Quantity,Fulfillment Center,Disposition,Reason,Country", ",")
	row := func(day, quantity string) map[string]string {
		return map[string]string{"Date": day, "FNSKU": "X001", "ASIN": "B000000017", "MSKU": "LAMP", "Title": "Lamp", "Event Type": "Shipments",
			"Reference ID": "", "Quantity": quantity, "Fulfillment Center": "LEJ1", "Disposition": "SELLABLE", "Country": "DE"}
	}
	b := emptyBook(t)
	putConnections(t, b, store.Connection{ID: "eu", Region: "EU", Kind: store.KindFiles})
	name := "ledger 2026-10-01 to 2026-10-31.txt" // as asked for
	importOne(t, b, file(t, name, table(columns, []map[string]string{row("09/30/2026", "-1"), row("10/15/2026", "-2"), row("11/01/2026", "-4")})), "eu")
	for day, units := range map[string]int64{"2026-09-30": -1, "2026-10-15": -2, "2026-11-01": -4} {
		if n := sum(t, b, `SELECT coalesce(sum(quantity), 0) FROM stock_move WHERE move_day = ?`, day); n != units {
			t.Errorf("%d units moved on %s, want %d", n, day, units)
		}
	}
}

// The summaries of stock and the inventory report of the same day are compared,
// and what differs is listed: a number, and a SKU that only one of them has.
func TestPitfall50_StockIsComparedWithTheReport(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		if r := once(t, engineNA(b, s, resources(coreResources...))); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		columns := strings.Fields(`sku fnsku asin product-name condition your-price mfn-listing-exists mfn-fulfillable-quantity afn-listing-exists
		afn-warehouse-quantity afn-fulfillable-quantity afn-unsellable-quantity afn-reserved-quantity afn-total-quantity per-unit-volume
		afn-inbound-working-quantity afn-inbound-shipped-quantity afn-inbound-receiving-quantity`)
		var rows []map[string]string
		var wrong, missing string
		for _, row := range s.Stock("NA") {
			if sum(t, b, `SELECT count(*) FROM stock_snapshot WHERE sku = ? AND connection_id = 'na'`, row.SKU) == 0 {
				continue
			}
			told := row.Fulfillable
			switch {
			case wrong == "" && told > 0:
				wrong, told = row.SKU, told+3
			case missing == "" && told > 0:
				missing = row.SKU
				continue
			}
			rows = append(rows, map[string]string{"sku": row.SKU, "fnsku": "X", "asin": "B", "condition": "New", "afn-listing-exists": "Yes",
				"afn-warehouse-quantity": fmt.Sprint(told), "afn-fulfillable-quantity": fmt.Sprint(told), "afn-total-quantity": fmt.Sprint(told)})
		}
		path := file(t, "inventory.txt", table(columns, rows))
		if _, err := appsync.ImportFiles(t.Context(), b, []string{path}, appsync.ImportOptions{Connection: "na", Taken: now}, nil); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		err := b.ReportRows(t.Context(), store.TopicDifferences, store.ReportFilter{}, func(row []any) error {
			seen[fmt.Sprint(row...)] = true
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		lists := func(sku string) (n int) {
			for text := range seen {
				if strings.Contains(text, sku) && strings.Contains(text, "fulfillable") {
					n++
				}
			}
			return n
		}
		if lists(wrong) != 1 || lists(missing) != 1 || len(seen) != 2 {
			t.Errorf("differences %v, want those of %s and %s", seen, wrong, missing)
		}
	})
}

// The days of sales and traffic are those of the marketplace's calendar: a
// day's units are those of the orders that were placed on it there.
func TestPitfall46_TrafficDaysAreTheMarketplaces(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 8, Orders: 600, Days: 40})
		b := newBook(t, s)
		cfg := engineConfig(b, credentials(s))
		cfg.LookBack = 45 * 24 * time.Hour
		resources(append(coreResources, "traffic", "order-metrics", "metrics")...)(&cfg)
		if r := once(t, appsync.New(cfg)); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		const ours = `(SELECT coalesce(sum(i.quantity), 0) FROM orders o JOIN order_item i USING (connection_id, order_id) WHERE o.connection_id = d.connection_id
		AND o.order_day = d.%s AND o.status <> 'CANCELLED' AND o.sales_channel NOT LIKE 'Non-Amazon%%')`
		days := sum(t, b, `SELECT count(*) FROM traffic_day WHERE units > 0`)
		if wrong := sum(t, b, `SELECT count(*) FROM traffic_day d WHERE units <> `+fmt.Sprintf(ours, "traffic_day")); days < 10 || wrong != 0 {
			t.Errorf("%d of %d days are not those of the orders", wrong, days)
		}
	})
}

// Amazon's own count of sales differs by where a day ends. It is asked for by
// the marketplace's days, kept apart from the books, and compared with them.
func TestPitfall47_MetricsAreByTheMarketplacesDays(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncAll(t, b, s)
		days := sum(t, b, `SELECT count(*) FROM order_metric m WHERE units > 0 AND EXISTS (SELECT 1 FROM orders o WHERE o.order_day = m.metric_day)`)
		wrong := sum(t, b, `SELECT count(*) FROM order_metric m WHERE units > 0 AND orders <> (SELECT count(*) FROM orders o WHERE o.connection_id = m.connection_id
		AND o.marketplace_id = m.marketplace_id AND o.order_day = m.metric_day AND o.status <> 'CANCELLED' AND o.sales_channel NOT LIKE 'Non-Amazon%')`)
		if days < 20 || wrong != 0 {
			t.Errorf("%d of %d days differ from the orders of the book", wrong, days)
		}
		if n := sum(t, b, `SELECT count(*) FROM fact_name WHERE source NOT IN ('finances', 'settlement', 'daterange')`); n != 0 {
			t.Errorf("%d names of the books come from elsewhere", n)
		}
	})
}
