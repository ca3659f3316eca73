package appsync_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// later runs some resources of the NA connection again, d after now.
func later(t *testing.T, b *store.Book, s *spapifake.Server, d time.Duration, names ...string) {
	t.Helper()
	at := now.Add(d)
	b.Now = func() time.Time { return at }
	r := once(t, engineNA(b, s, resources(names...), func(c *appsync.Config) { c.Now = func() time.Time { return at } }))
	if len(r.Failures) > 0 {
		t.Fatal(r.Failures)
	}
}

// eachText calls f with the rows of a query of texts.
func eachText(t *testing.T, b *store.Book, q string, columns int, f func([]string)) (n int) {
	t.Helper()
	rows, err := b.Reader().QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		cells, at := make([]sql.NullString, columns), make([]any, columns)
		for i := range cells {
			at[i] = &cells[i]
		}
		if err := rows.Scan(at...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, columns)
		for i, c := range cells {
			row[i] = c.String
		}
		f(row)
		n++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

// Every own product has brand, family, measures and rank, under the names of its
// marketplace's language; one that the catalogue lost is known to be lost.
func TestCatalog(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncAll(t, b, s)
		if own, found := sum(t, b, `SELECT count(DISTINCT connection_id || asin) FROM listing`), sum(t, b, `SELECT count(*) FROM catalog_item`); own != found || own < 100 {
			t.Fatalf("%d products, %d in the catalogue", own, found)
		}
		if lost := sum(t, b, `SELECT count(*) FROM catalog_item WHERE found = 0 AND title = ''`); lost != 3 {
			t.Errorf("%d products are lost, want one per marketplace", lost)
		}
		n := eachText(t, b, `SELECT c.title, c.brand, c.parent_asin, c.image, l.title, c.connection_id, c.asin FROM catalog_item c
		JOIN listing l ON l.connection_id = c.connection_id AND l.asin = c.asin WHERE c.found = 1`, 7, func(r []string) {
			if r[0] != r[4] || !strings.HasPrefix(r[0], r[1]) || r[1] == "" || !strings.HasPrefix(r[2], "B0FAM") || !strings.HasSuffix(r[3], r[6]+".jpg") {
				t.Errorf("%q", r)
			}
		})
		if n < 100 {
			t.Errorf("only %d products compared", n)
		}
		if n := sum(t, b, `SELECT count(*) FROM catalog_item WHERE connection_id = 'fe' AND title LIKE '%ヨガマット%'`); n == 0 {
			t.Error("no Japanese title")
		}
		for unit, connection := range map[string]string{"inches": "na", "centimeters": "fe"} {
			if n := sum(t, b, `SELECT count(*) FROM catalog_dimension WHERE subject = 'package' AND name = 'length' AND unit = '`+unit+`' AND connection_id = '`+connection+`'`); n < 30 {
				t.Errorf("%d lengths in %s", n, unit)
			}
		}
		if n := sum(t, b, `SELECT count(*) FROM catalog_item WHERE parent_asin IN (SELECT parent_asin FROM catalog_item GROUP BY 1, connection_id HAVING count(*) > 1)`); n == 0 {
			t.Error("no family of several")
		}
	})
}

// Ranks are asked for once a day of the marketplace: not again on the same day,
// and again on the next, with the day before kept.
func TestRanksPerDay(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncNA(t, b, s)
		calls := len(asked(s, 0, "searchCatalogItems"))
		later(t, b, s, 7*time.Hour, "participations", "catalog")
		if again := len(asked(s, 0, "searchCatalogItems")); again != calls || calls < 3 {
			t.Errorf("%d calls, then %d", calls, again)
		}
		ranks := sum(t, b, `SELECT count(*) FROM sales_rank`)
		later(t, b, s, 30*time.Hour, "participations", "catalog")
		if n := sum(t, b, `SELECT count(*) FROM sales_rank`); n != 2*ranks || ranks < 30 {
			t.Errorf("%d ranks on the first day, %d on both", ranks, n)
		}
		var asin string
		eachText(t, b, `SELECT asin FROM sales_rank WHERE connection_id = 'na' ORDER BY rank LIMIT 1`, 1, func(r []string) { asin = r[0] })
		list, err := b.SalesRanks(t.Context(), "na", "ATVPDKIKX0DER", asin)
		if err != nil || len(list) != 2 || list[0].Day != "2026-11-02" || list[1].Day != "2026-11-01" || list[0].Rank < 1 {
			t.Errorf("%+v %v", list, err)
		}
	})
}

// The estimate for an offer at a price is what Amazon charged for a unit sold at
// that price, fee by fee.
func TestFeeEstimatesAreWhatIsCharged(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 6, Orders: 900, Days: 60})
		b := newBook(t, s)
		syncAll(t, b, s)
		if n := sum(t, b, `SELECT count(*) FROM (SELECT 1 FROM fee_estimate e LEFT JOIN fee_estimate_part p USING (connection_id, marketplace_id, sku,
		fulfilled_by, currency, price_minor, taken_day) WHERE e.total_minor IS NOT NULL GROUP BY e.connection_id, e.sku
		HAVING sum(iif(p.part_of = '', p.final_minor, 0)) <> max(e.total_minor))`); n != 0 {
			t.Errorf("%d estimates whose fees do not sum to their total", n)
		}
		if n := sum(t, b, `SELECT count(*) FROM fee_estimate WHERE total_minor IS NULL AND error LIKE 'There is no offer%'`); n != 3 {
			t.Errorf("%d estimates failed by themselves", n)
		}
		compared := 0
		for _, pair := range [][2]string{{"ReferralFee", "Commission"}, {"FBAFees", "FBAPerUnitFulfillmentFee"}} {
			compared += eachText(t, b, `SELECT f.sku, e.final_minor, -sum(f.amount_minor), f.connection_id FROM fee_estimate_part e
			JOIN order_item i ON i.sku = e.sku AND i.connection_id = e.connection_id AND i.quantity = 1 AND coalesce(i.discount_minor, 0) = 0
				AND i.price_minor + iif(e.connection_id = 'na', 0, i.tax_minor) = e.price_minor
			JOIN orders o ON o.connection_id = i.connection_id AND o.order_id = i.order_id AND o.fulfilled_by = e.fulfilled_by AND o.replaces = ''
			JOIN fact f ON f.connection_id = i.connection_id AND f.order_id = i.order_id AND f.sku = i.sku
			JOIN fact_name n ON n.id = f.name_id AND n.source = 'finances' AND n.type = 'Shipment' AND n.path LIKE '%`+pair[1]+`%'
			WHERE e.fee = '`+pair[0]+`' AND f.release_of = '' AND (SELECT count(*) FROM order_item x WHERE x.connection_id = i.connection_id AND x.order_id = i.order_id) = 1
			GROUP BY i.connection_id, i.order_id`, 4, func(r []string) {
				if r[1] != r[2] {
					t.Errorf("%s of %s: estimated %s, charged %s", pair[0], r[0], r[1], r[2])
				}
			})
		}
		if compared < 100 {
			t.Errorf("only %d fees compared", compared)
		}
		one := ""
		eachText(t, b, `SELECT sku FROM fee_estimate WHERE connection_id = 'fe' AND total_minor IS NOT NULL AND sku LIKE '%青%'`, 1, func(r []string) { one = r[0] })
		e, err := b.FeeEstimate(t.Context(), "fe", "A1VC38T7YXB528", one, "", "JPY", 1, "")
		if err != nil || one == "" || *e.Total <= 0 || len(e.Parts) < 2 || e.Parts[0].Tax == nil {
			t.Errorf("%q: %+v %v", one, e, err)
		}
		if _, err := b.FeeEstimate(t.Context(), "fe", "A1VC38T7YXB528", one, "", "JPY", 1, "2026-10-31"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an estimate from before it was asked for: %v", err)
		}
	})
}

// An estimate is asked for once: again when the price changed, when Amazon gave
// none a day ago, and after a month.
func TestFeeEstimatesAreKept(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncNA(t, b, s)
		count := func() int { return len(asked(s, 0, "getMyFeesEstimates")) }
		first := count()
		later(t, b, s, time.Hour, "participations", "fee-estimates")
		if count() != first || first < 3 {
			t.Errorf("%d calls, an hour later %d", first, count())
		}
		err := b.Write(t.Context(), func(tx *store.Tx) error {
			price := int64(4321)
			return tx.PutListing(store.Listing{Connection: "na", Marketplace: "ATVPDKIKX0DER", SKU: sku(t, b), FNSKU: "X1", Currency: "USD", Price: &price})
		})
		if err != nil {
			t.Fatal(err)
		}
		later(t, b, s, 2*time.Hour, "participations", "fee-estimates")
		if n := sum(t, b, `SELECT count(*) FROM fee_estimate WHERE price_minor = 4321 AND total_minor > 0`); n != 1 || count() != first+1 {
			t.Errorf("%d estimates of the new price, %d calls", n, count()-first)
		}
		later(t, b, s, 26*time.Hour, "participations", "fee-estimates")
		if count() != first+2 {
			t.Errorf("what failed was asked for %d times more", count()-first-1)
		}
		later(t, b, s, 31*24*time.Hour, "participations", "fee-estimates")
		if n := sum(t, b, `SELECT count(DISTINCT taken_day) FROM fee_estimate`); n != 3 {
			t.Errorf("estimates of %d days are kept", n)
		}
	})
}

func sku(t *testing.T, b *store.Book) (s string) {
	t.Helper()
	eachText(t, b, `SELECT sku FROM listing WHERE connection_id = 'na' AND fnsku <> '' ORDER BY sku LIMIT 1`, 1, func(r []string) { s = r[0] })
	return s
}

// The offers for every own product are in: who is featured, the cheapest, and
// whose they are. Later looks of a day replace, those of other days stay, and
// the own products come in turn.
func TestPrices(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncNA(t, b, s)
		own := sum(t, b, `SELECT count(DISTINCT asin) FROM listing WHERE connection_id = 'na'`)
		looks := sum(t, b, `SELECT count(*) FROM price_day`)
		if own != looks || own < 50 {
			t.Fatalf("%d products, %d looks", own, looks)
		}
		for q, least := range map[string]int64{
			`SELECT count(*) FROM price_day WHERE featured_ours = 1`:                                                                20,
			`SELECT count(*) FROM price_day WHERE featured_ours = 0`:                                                                3,
			`SELECT count(*) FROM price_day WHERE featured_ours IS NULL AND error = ''`:                                             3,
			`SELECT count(*) FROM price_day WHERE error LIKE 'The ASIN was not found%'`:                                             1,
			`SELECT count(*) FROM price_offer WHERE kind = 'lowest' AND ours = 1 AND shipping_minor = 0`:                            50,
			`SELECT count(*) FROM price_offer WHERE kind = 'featured' AND segment = 'PRIME 82 %'`:                                   30,
			`SELECT count(*) FROM reference_price WHERE name = 'WasPrice'`:                                                          50,
			`SELECT count(*) FROM price_offer p JOIN listing l ON l.asin = p.asin AND l.price_minor = p.price_minor AND p.ours = 1`: 50,
		} {
			if n := sum(t, b, q); n < least {
				t.Errorf("%d, want %d or more of %s", n, least, q)
			}
		}
		calls := len(asked(s, 0, "getCompetitiveSummary"))
		later(t, b, s, time.Hour, "participations", "prices")
		if n := len(asked(s, 0, "getCompetitiveSummary")); n != calls {
			t.Errorf("asked again after an hour: %d calls, %d before", n, calls)
		}
		later(t, b, s, 5*time.Hour, "participations", "prices")
		if n := len(asked(s, 0, "getCompetitiveSummary")); n != 2*calls {
			t.Errorf("after five hours %d calls, %d before", n, calls)
		}
		if n := sum(t, b, `SELECT count(*) FROM price_day`); n != looks {
			t.Errorf("%d looks of one day, want %d", n, looks)
		}
		later(t, b, s, 25*time.Hour, "participations", "prices")
		if n := sum(t, b, `SELECT count(*) FROM price_day`); n != 2*looks {
			t.Errorf("%d looks of two days, want %d", n, 2*looks)
		}
		asin := ""
		eachText(t, b, `SELECT asin FROM price_day WHERE featured_ours = 1 LIMIT 1`, 1, func(r []string) { asin = r[0] })
		list, err := b.PriceLooks(t.Context(), "na", "ATVPDKIKX0DER", asin, "2026-11-02")
		if err != nil || len(list) != 1 || list[0].FeaturedOurs == nil || !*list[0].FeaturedOurs || len(list[0].Offers) != 3 || len(list[0].References) != 2 {
			t.Errorf("%+v %v", list, err)
		}
		if n := s.Violations(); n != 0 {
			t.Errorf("%d calls were over the limits", n)
		}
	})
}

// A missing role, throttling and a server that fails leave what was there; an
// amount as text where a number is due is read all the same.
func TestFaultsOfProducts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		for _, op := range []string{"searchCatalogItems", "getCompetitiveSummary", "getMyFeesEstimates"} {
			s.Inject(spapifake.Fault{Operation: op, Connection: "NA", Kind: spapifake.MissingRole, Times: -1})
		}
		got := failed(once(t, engineNA(b, s)))
		for _, name := range []string{"na catalog", "na prices", "na fee-estimates"} {
			if !errors.Is(got[name], spapi.ErrRole) {
				t.Errorf("%s: %v", name, got[name])
			}
		}
		if len(got) != 3 {
			t.Errorf("failures %v", got)
		}
		s.ClearFaults()
		s.Inject(spapifake.Fault{Operation: "searchCatalogItems", Kind: spapifake.ServerError, Times: 2})
		s.Inject(spapifake.Fault{Operation: "getMyFeesEstimates", Kind: spapifake.Throttle})
		s.Inject(spapifake.Fault{Operation: "getCompetitiveSummary", Kind: spapifake.UnknownField})
		syncNA(t, b, s)
		for _, table := range []string{"catalog_item", "price_day", "fee_estimate"} {
			if n := sum(t, b, `SELECT count(*) FROM `+table); n < 50 {
				t.Errorf("%s has %d rows", table, n)
			}
		}
	})
}
