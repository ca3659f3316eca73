package appsync_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// fromTheAPI makes a book whose orders all come by searchOrders.
func fromTheAPI(t *testing.T, s *spapifake.Server) *store.Book {
	t.Helper()
	b := newBook(t, s)
	if err := b.Write(t.Context(), func(tx *store.Tx) error {
		for _, c := range []string{"na", "eu", "fe"} {
			mark := map[string]time.Time{"since": now.AddDate(0, 0, -100)}
			if err := tx.SetBookmark(c, "orders", mark, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	cfg := engineConfig(b, credentials(s))
	resources("participations", "orders")(&cfg)
	if r := once(t, appsync.New(cfg)); len(r.Failures) > 0 {
		t.Fatal(r.Failures)
	}
	return b
}

// What the API tells of an order beside its sums: who cancelled, which promotion
// applied, what it replaces, what the points are worth, what is in which parcel.
func TestOrderDetails(t *testing.T) {
	s := seller(t, spapifake.Config{Seed: 3, Orders: 900, Days: 80})
	b := fromTheAPI(t, s)
	for what, q := range map[string]string{
		"cancelled orders without who cancelled": `SELECT count(*) FROM orders o JOIN order_item i USING (connection_id, order_id)
			LEFT JOIN order_item_detail d USING (connection_id, order_id, sku, ordinal)
			WHERE o.status = 'CANCELLED' AND coalesce(d.cancelled_by || d.cancel_reason, '') <> 'BUYERBUYER_CANCELED'`,
		"discounts without a promotion": `SELECT count(*) FROM order_item i WHERE discount_minor > 0 AND NOT EXISTS (SELECT 1 FROM order_promotion p
			WHERE p.connection_id = i.connection_id AND p.order_id = i.order_id AND p.sku = i.sku AND p.ordinal = i.ordinal)`,
		"replacements without a link": `SELECT count(*) FROM orders o WHERE replaces <> '' AND NOT EXISTS (SELECT 1 FROM order_link l
			WHERE l.connection_id = o.connection_id AND l.order_id = o.order_id AND l.other_id = o.replaces AND l.kind = 'REPLACEMENT_ORIGINAL_ID')`,
		"points without their worth": `SELECT count(*) FROM order_item i JOIN order_item_detail d USING (connection_id, order_id, sku, ordinal)
			WHERE coalesce(i.points, 0) <> coalesce(d.points_minor, 0)`,
		"lines whose unit price is not theirs": `SELECT count(*) FROM order_item i JOIN order_item_detail d USING (connection_id, order_id, sku, ordinal)
			WHERE i.price_minor > 0 AND d.unit_minor * i.quantity <> i.price_minor + iif(i.connection_id = 'na', 0, i.tax_minor - coalesce(i.shipping_tax_minor, 0))
			AND coalesce(i.shipping_minor, 0) + coalesce(i.giftwrap_minor, 0) = 0`,
		"parcels of which nothing is known": `SELECT count(*) FROM package p LEFT JOIN package_detail d USING (connection_id, order_id, reference)
			WHERE d.status IS NOT 'SHIPPED' OR NOT EXISTS (SELECT 1 FROM package_item i WHERE i.order_id = p.order_id AND i.reference = p.reference)`,
	} {
		if n := sum(t, b, q); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	for what, q := range map[string]string{
		"cancellations": `SELECT count(*) FROM order_item_detail WHERE cancelled_by = 'BUYER'`,
		"promotions":    `SELECT count(*) FROM order_promotion`, "links": `SELECT count(*) FROM order_link`,
		"worths of points": `SELECT count(*) FROM order_item_detail WHERE points_minor > 0 AND currency = 'JPY' AND connection_id = 'fe'`,
		"gift wraps":       `SELECT count(*) FROM order_item_detail WHERE gift_wrap = 'PaperBox'`, "parcels": `SELECT count(*) FROM package_detail`,
	} {
		if n := sum(t, b, q); n < 2 {
			t.Errorf("%d %s", n, what)
		}
	}
	var id string
	eachText(t, b, `SELECT order_id FROM order_promotion WHERE connection_id = 'fe' LIMIT 1`, 1, func(r []string) { id = r[0] })
	d, err := b.OrderDetails(t.Context(), "fe", id)
	if err != nil || !slices.ContainsFunc(d.Items, func(i store.ItemDetail) bool { return len(i.Promotions) > 0 && i.Condition == "NEW/NEW" }) {
		t.Errorf("%+v %v", d, err)
	}
}

// The all-orders report tells promotions too.
func TestPromotionsOfTheReport(t *testing.T) {
	s := seller(t, spapifake.Config{Seed: 3, Orders: 900, Days: 80})
	api, report := fromTheAPI(t, s), newBook(t, s)
	syncAll(t, report, s)
	const q = `SELECT connection_id, order_id, sku, ordinal, promotion_id FROM order_promotion`
	if a, r := fingerprint(t, api.Reader(), q), fingerprint(t, report.Reader(), q); a != r || strings.HasPrefix(a, "0 rows") {
		t.Errorf("by the API %s, by the report %s", a, r)
	}
}

// An account that is answered 400 for the larger set gets the smaller one, and
// what was known from the larger is not forgotten.
func TestPitfall17_SmallerSetForgetsNothing(t *testing.T) {
	s := seller(t, spapifake.Config{Seed: 3, Orders: 900, Days: 80})
	b := fromTheAPI(t, s)
	count := func() int64 {
		return sum(t, b, `SELECT (SELECT count(*) FROM order_promotion) + (SELECT count(*) FROM order_item_detail WHERE cancelled_by <> '') + (SELECT count(*) FROM order_link)`)
	}
	want := count()
	if err := b.Write(t.Context(), func(tx *store.Tx) error {
		mark := map[string]time.Time{"since": now.AddDate(0, 0, -30), "less_until": now.Add(time.Hour)}
		return tx.SetBookmark("na", "orders", mark, time.Time{})
	}); err != nil {
		t.Fatal(err)
	}
	n := len(s.Requests())
	// As if every order had changed: its document is another, for a field is new.
	s.Inject(spapifake.Fault{Operation: "searchOrders", Kind: spapifake.UnknownField, Times: -1})
	if r := once(t, engineNA(b, s, resources("participations", "orders"))); len(r.Failures) > 0 {
		t.Fatal(r.Failures)
	}
	list := asked(s, n, "searchOrders")
	if len(list) == 0 || strings.Contains(list[0].Get("includedData"), spapi.IncludePromotion) {
		t.Fatalf("asked %v", list)
	}
	if got := count(); got != want || want < 10 {
		t.Errorf("%d details, before %d", got, want)
	}
}

// Recipients too are asked for with a smaller set when the larger is refused.
func TestPitfall17_Recipients(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		s.Inject(spapifake.Fault{Operation: "getOrder", Connection: "NA", Kind: spapifake.BadInput, Times: 1})
		syncNA(t, b, s)
		list := asked(s, 0, "getOrder")
		if len(list) < 2 || list[0].Get("includedData") == list[1].Get("includedData") || !strings.Contains(list[1].Get("includedData"), "RECIPIENT") {
			t.Errorf("asked %v", list)
		}
		if n := sum(t, b, `SELECT count(*) FROM orders WHERE status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED') AND fulfilled_by = 'MERCHANT'`); n < 2 {
			t.Errorf("%d orders to ship", n)
		}
	})
}

// Parcels on their way are followed until they have arrived; those that Amazon
// does not follow are left alone for a day; nobody's town is kept.
func TestTracking(t *testing.T) {
	s := seller(t, spapifake.Config{Seed: 3, Orders: 900, Days: 80})
	b := fromTheAPI(t, s)
	cfg := engineConfig(b, credentials(s))
	resources("participations", "tracking")(&cfg)
	run := func(at time.Time) int {
		t.Helper()
		n := len(asked(s, 0, "getShipmentTracking"))
		cfg := cfg
		cfg.Now = func() time.Time { return at }
		b.Now = cfg.Now
		if r := once(t, appsync.New(cfg)); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		return len(asked(s, 0, "getShipmentTracking")) - n
	}
	first := run(now)
	parcels := sum(t, b, `SELECT count(*) FROM package WHERE shipped_at >= `+timeMillis(now.AddDate(0, 0, -30)))
	if first != int(parcels) || first < 10 {
		t.Fatalf("asked %d times for %d parcels", first, parcels)
	}
	delivered := sum(t, b, `SELECT count(*) FROM tracking WHERE code = 'DELIVERED' AND known = 1`)
	if unknown := sum(t, b, `SELECT count(*) FROM tracking WHERE known = 0 AND connection_id <> 'fe'`); unknown != 0 || delivered < 5 {
		t.Errorf("%d delivered, %d not known", delivered, unknown)
	}
	if n := run(now.Add(time.Hour)); n != 0 {
		t.Errorf("asked %d times again after an hour", n)
	}
	open := int(sum(t, b, `SELECT count(*) FROM tracking WHERE code <> 'DELIVERED' AND known = 1`))
	if n := run(now.Add(5 * time.Hour)); n != open || open == 0 {
		t.Errorf("asked %d times after five hours, %d parcels are on their way", n, open)
	}
	body := ""
	eachText(t, b, `SELECT group_concat(description || country || code, ' ') FROM milestone`, 1, func(r []string) { body = r[0] })
	for _, town := range []string{"SEATTLE", "AUSTIN", "München", "Berlin"} {
		if strings.Contains(body, town) {
			t.Errorf("the town %s is kept", town)
		}
	}
	var order, reference string
	eachText(t, b, `SELECT order_id, reference FROM tracking WHERE connection_id = 'na' AND code = 'DELIVERED' LIMIT 1`, 2, func(r []string) { order, reference = r[0], r[1] })
	v, err := b.Tracking(t.Context(), "na", order, reference)
	if err != nil || len(v.Milestones) != 4 || v.Milestones[0].Code != "CARRIER_ASSIGNED" || v.ExpectedTo.IsZero() {
		t.Errorf("%+v %v", v, err)
	}
}

func timeMillis(at time.Time) string {
	text, _ := json.Marshal(at.UnixMilli())
	return string(text)
}
