package appsync_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapifake"
)

// TestThreeWaysOneTruth: books fed by Amazon's interface, by report files, and
// by both are those that the seller's generator says, for every order, SKU,
// month and line, to the cent. SELLERS names others than these, as seed/orders/days:
//
//	SELLERS="7/300/240 8/20/90" go test -tags migrated_fynedo ./sync -run ThreeWaysOneTruth
func TestThreeWaysOneTruth(t *testing.T) {
	sellers := "5/900/240 3/20/40"
	if testing.Short() {
		sellers = "5/450/240 3/20/40"
	}
	if named := os.Getenv("SELLERS"); named != "" {
		sellers = named
	}
	for _, name := range strings.Fields(sellers) {
		t.Run(name, func(t *testing.T) {
			var cfg spapifake.Config
			if _, err := fmt.Sscanf(name, "%d/%d/%d", &cfg.Seed, &cfg.Orders, &cfg.Days); err != nil {
				t.Fatalf("%q is not seed/orders/days: %v", name, err)
			}
			inBubble(t, func(t *testing.T) { threeWays(t, cfg) })
		})
	}
}

func threeWays(t *testing.T, cfg spapifake.Config) {
	s := seller(t, cfg)
	all := atomsOf(s.TruthBy(orderAndSKU))
	settled := atomsOf(s.SettledTruth(orderAndSKU, spapifake.Connections()...))
	wantWhole(t, "the truth", all, s.Truth().Rows)
	wantOrders(t, settled, s)

	api := newBook(t, s)
	syncAll(t, api, s)
	wantAtoms(t, "by interface", bookAtoms(t, api), all)

	files := emptyBook(t)
	putCosts(t, files, s)
	importFiles(t, files, s, false)
	wantAtoms(t, "by files", bookAtoms(t, files), settled)

	importFiles(t, api, s, true)
	wantAtoms(t, "by interface, then files", bookAtoms(t, api), all)

	both := newBook(t, s)
	importFiles(t, both, s, true)
	syncAll(t, both, s)
	wantAtoms(t, "by files, then interface", bookAtoms(t, both), all)

	// Where an order's money is settled whole, the two ways tell the same of it,
	// whatever the month.
	wantAtoms(t, "settled orders", timeless(settled, all), timeless(all, settled))
}

// wantWhole: the parts that are compared add up to the seller's whole statement,
// so that nothing which is true goes uncompared.
func wantWhole(t *testing.T, what string, parts map[atom]int64, whole []spapifake.Row) {
	t.Helper()
	type cell struct{ marketplace, month, line, currency string }
	left := map[cell]int64{}
	for _, r := range whole {
		if !strings.HasPrefix(r.Line, "cash.payout") {
			left[cell{r.Marketplace, r.Month, r.Line, r.Currency}] += r.Minor
		}
	}
	if len(left) == 0 {
		t.Fatalf("%s: the seller has no money", what)
	}
	for a, v := range parts {
		left[cell{a.marketplace, a.month, a.line, a.currency}] -= v
	}
	for c, v := range left {
		if v != 0 {
			t.Errorf("%s: of %+v %d is in no order and no fee", what, c, v)
		}
	}
}

// wantOrders: every order with money in the settlements' own files is compared.
func wantOrders(t *testing.T, settled map[atom]int64, s *spapifake.Server) {
	t.Helper()
	compared := map[string]bool{}
	for a := range settled {
		compared[a.order] = true
	}
	seen := 0
	for _, c := range spapifake.Connections() {
		for _, f := range s.Files(c) {
			if !strings.Contains(f.Name, "-settlement-") {
				continue
			}
			for id := range strings.FieldsSeq(string(f.Data)) {
				if orderID.MatchString(id) {
					if seen++; !compared[id] {
						t.Errorf("%s: the order %s is not in the truth", f.Name, id)
					}
				}
			}
		}
	}
	if seen == 0 {
		t.Fatal("no settlement has an order")
	}
}

// atom is the finest cell of the books that is compared.
type atom struct{ order, sku, marketplace, month, line, currency string }

var orderID = regexp.MustCompile(`^(\d{3}|S01)-\d{7}-\d{7}$`)

func orderAndSKU(order, sku string) string { return order + "\x00" + sku }

func atomsOf(rows []spapifake.KeyedRow) map[atom]int64 {
	out := map[atom]int64{}
	for _, r := range rows {
		if r.Minor != 0 && !strings.HasPrefix(r.Line, "cash.payout") {
			order, sku, _ := strings.Cut(r.Key, "\x00")
			out[atom{order, sku, r.Marketplace, r.Month, r.Line, r.Currency}] += r.Minor
		}
	}
	return out
}

func bookAtoms(t *testing.T, b *store.Book) map[atom]int64 {
	t.Helper()
	rows, err := b.Reader().QueryContext(t.Context(), `SELECT e.order_id, e.sku, e.marketplace_id, substr(e.event_day, 1, 7), l.line, l.currency,
		sum(l.amount_minor) FROM event e JOIN money_line l ON l.event_id = e.id WHERE l.line <> 'cash.payout' AND l.state <> 'estimated'
		GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(l.amount_minor) <> 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[atom]int64{}
	for rows.Next() {
		var a atom
		var minor int64
		if err := rows.Scan(&a.order, &a.sku, &a.marketplace, &a.month, &a.line, &a.currency, &minor); err != nil {
			t.Fatal(err)
		}
		if !orderID.MatchString(a.order) {
			a.order = "" // the id of a shipment to Amazon, or of a removal
		}
		out[a] += minor
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func wantAtoms(t *testing.T, what string, got, want map[atom]int64) {
	t.Helper()
	if len(want) == 0 {
		t.Fatalf("%s: the truth has no amounts", what)
	}
	wrong := 0
	for k, w := range want {
		if g := got[k]; g != w {
			if wrong++; wrong <= 8 {
				t.Errorf("%s: %+v is %d, the truth is %d", what, k, g, w)
			}
		}
	}
	for k, g := range got {
		if _, known := want[k]; !known {
			if wrong++; wrong <= 8 {
				t.Errorf("%s: %+v is %d, the truth has nothing there", what, k, g)
			}
		}
	}
	t.Logf("%s: %d amounts compared, %d differ", what, len(want), wrong)
}

// timeless adds up the months of the orders that are in both and whole in both:
// one whose deferred part is not released yet is not.
func timeless(of, other map[atom]int64) map[atom]int64 {
	sum := func(m map[atom]int64) (map[string]int64, map[string]int) {
		total, n := map[string]int64{}, map[string]int{}
		for k, v := range m {
			if k.line == "sales.product" {
				total[k.order] += v
				n[k.order]++
			}
		}
		return total, n
	}
	mine, _ := sum(of)
	theirs, _ := sum(other)
	out := map[atom]int64{}
	for k, v := range of {
		if k.order != "" && strings.HasPrefix(k.line, "sales.") && mine[k.order] == theirs[k.order] {
			k.month = ""
			out[k] += v
		}
	}
	return out
}

// importFiles gives the book every file that the seller can download.
// Without signedIn the book makes itself connections for files.
func importFiles(t *testing.T, b *store.Book, s *spapifake.Server, signedIn bool) {
	t.Helper()
	for _, c := range spapifake.Connections() {
		connection := ""
		if signedIn {
			connection = strings.ToLower(c)
		}
		for _, f := range s.Files(c) {
			done, err := appsync.Import(t.Context(), b, file(t, f.Name, f.Data), connection, reports.Hint{})
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			for _, d := range done {
				if d.Rows == 0 {
					t.Fatalf("%s has no rows", f.Name)
				}
			}
		}
	}
}
