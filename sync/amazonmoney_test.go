package appsync_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// What Amazon says it holds is in the book under its names, equals the demo
// seller's truth, and equals the money that the books know of: what was posted
// and not yet paid out.
func TestAmazonsBalancesAgainstOurs(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 4, Orders: 400, Days: 200})
		b := newBook(t, s)
		syncAll(t, b, s)
		list, err := b.Balances(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int64{}
		for _, v := range list {
			if v.Account != "Standard Orders" || v.Taken != now || v.Updated.IsZero() || v.Document == 0 {
				t.Errorf("%+v", v)
			}
			got[v.Connection+" "+v.Path+" "+v.Currency] = v.Minor
		}
		for _, want := range s.Balances() {
			c := strings.ToLower(want.Connection)
			for path, minor := range map[string]int64{
				"TOTAL": want.Available + want.Deferred, "TOTAL/AVAILABLE": want.Available, "TOTAL/RESERVED": want.Deferred,
				"TOTAL/RESERVED/DEFERRED": want.Deferred, "TOTAL/RESERVED/ACCOUNT_LEVEL_RESERVE": 0,
			} {
				if v, told := got[c+" "+path+" "+want.Currency]; !told || v != minor {
					t.Errorf("%s %s is %d (%v), the truth is %d", c, path, v, told, minor)
				}
			}
			ours := sum(t, b, `SELECT sum(amount_minor * iif(n.type = 'Transfer', -1, 1)) FROM fact f JOIN fact_name n ON n.id = f.name_id
			WHERE n.source = 'finances' AND f.state <> 'deferred' AND f.connection_id = '`+c+`'`)
			if ours != want.Available {
				t.Errorf("%s: the postings leave %d, Amazon holds %d", c, ours, want.Available)
			}
		}
		if len(got) != 15 {
			t.Errorf("%d balances: %v", len(got), got)
		}
	})
}

// The periods that Amazon pays out are the settlements, to the cent; what is
// announced and what was paid make the calendar.
func TestPayoutCalendar(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncAll(t, b, s)
		groups, err := b.EventGroups(t.Context(), time.Time{})
		if err != nil || len(groups) < 6 {
			t.Fatalf("%d groups, %v", len(groups), err)
		}
		totals := map[string]int64{}
		open := 0
		for _, g := range groups {
			if g.Status == "Open" {
				open++
				if !g.End.IsZero() || g.TransferStatus != "" {
					t.Errorf("open group %+v", g)
				}
				continue
			}
			totals[g.Connection+" "+g.Start.Format(time.RFC3339)] = *g.Total
		}
		rows, err := b.Reader().QueryContext(t.Context(), `SELECT connection_id, start_at, total_minor FROM settlement`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		n := 0
		for rows.Next() {
			var c string
			var start, total int64
			if err := rows.Scan(&c, &start, &total); err != nil {
				t.Fatal(err)
			}
			n++
			if k := c + " " + time.UnixMilli(start).UTC().Format(time.RFC3339); totals[k] != total {
				t.Errorf("the settlement of %s pays %d, its group says %d", k, total, totals[k])
			}
		}
		if n == 0 || open != 3 {
			t.Errorf("%d settlements compared, %d groups are open", n, open)
		}
		list, err := b.AmazonPayouts(t.Context(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		expected, paid := map[string]int{}, map[string]int{}
		for _, p := range list {
			if p.Settlement == "" || p.At.IsZero() {
				t.Errorf("%+v", p)
			}
			if p.Expected {
				expected[p.Connection]++
				if !p.At.After(now.Add(-time.Hour)) {
					t.Errorf("announced for %s, which is over", p.At)
				}
				continue
			}
			paid[p.Connection]++
			if p.Status != "PAID" || p.Amount == nil || p.Currency != "EUR" {
				t.Errorf("%+v", p)
			}
		}
		if len(expected) != 3 || len(paid) != 1 || paid["eu"] == 0 {
			t.Errorf("announced %v, paid %v", expected, paid)
		}
	})
}

// Every fee invoice is whole: its parts sum to it, and nobody's name is on it.
func TestFeeInvoices(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncAll(t, b, s)
		list, err := b.FeeInvoices(t.Context(), time.Time{}, time.Time{})
		if err != nil || len(list) < 3 {
			t.Fatalf("%d invoices, %v", len(list), err)
		}
		for _, v := range list {
			parts, err := b.FeeInvoiceParts(t.Context(), v.Connection, v.Marketplace, v.ID)
			if err != nil {
				t.Fatal(err)
			}
			var total int64
			for _, p := range parts {
				if p.Path != "Total" {
					total += p.Minor
				}
			}
			if total != v.Amount || v.Amount <= 0 || v.Payer != "SELLER" || v.Start.IsZero() || !v.End.After(v.Start) {
				t.Errorf("%s: parts of %d, %+v", v.Number, total, v)
			}
			d, err := b.Document(t.Context(), v.Document)
			if err != nil {
				t.Fatal(err)
			}
			for _, private := range []string{"partnerName", "Demo Street", "DEMO-TAX-001", "payer"} {
				if strings.Contains(string(d.Body), private) {
					t.Errorf("the document holds %q", private)
				}
			}
		}
	})
}

// The lines of each fee invoice, over several pages, are the fees that were posted in
// its month, name by name, and add up to it; each opens to where it stands.
func TestFeeInvoiceLines(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		cfg := small
		cfg.PageSize, cfg.Days = 5, 75
		s := seller(t, cfg)
		b := newBook(t, s)
		s.Inject(spapifake.Fault{Operation: "getInvoice", Kind: spapifake.DuplicateRows, Paged: true, Times: 2})
		run := func() {
			c := engineConfig(b, credentials(s))
			resources("participations", "finances", "fee-invoices")(&c)
			if r := once(t, appsync.New(c)); len(r.Failures) > 0 {
				t.Fatal(r.Failures)
			}
		}
		run()
		list, err := b.FeeInvoices(t.Context(), time.Time{}, time.Time{})
		list = slices.DeleteFunc(list, func(v store.FeeInvoice) bool { return v.Start.Before(now.AddDate(0, 0, -cfg.Days)) }) // part of it is history
		if err != nil || len(list) < 3 {
			t.Fatalf("%d invoices, %v", len(list), err)
		}
		taxed, paged := 0, 0
		for _, v := range list {
			posted := postedFees(t, b, v)
			n := 0
			total := int64(0)
			err := b.ReportRows(t.Context(), store.TopicInvoices, store.ReportFilter{Connection: v.Connection}, func(row []any) error {
				r := rowOf(store.TopicInvoices, row)
				if r["invoice"] != v.Number {
					return nil
				}
				n++
				fee, sum := r["description"].(string), r["total_minor"].(int64)
				total += sum
				if want := posted[fee]; sum != want.net+want.tax || r["net_minor"] != want.net || r["tax_minor"] != want.tax {
					t.Errorf("%s of %s: %v, posted were %+v", fee, v.Number, r, want)
				}
				if delete(posted, fee); r["tax_minor"] != int64(0) {
					taxed++
				}
				d, err := b.Document(t.Context(), r["document_id"].(int64))
				if err != nil {
					return err
				}
				if at := strings.Split(string(d.Body), "\n")[r["doc_line"].(int64)-1]; !strings.Contains(at, fee) {
					t.Errorf("%s of %s stands in %q", fee, v.Number, at)
				}
				return nil
			})
			if err != nil || total != v.Amount || len(posted) > 0 {
				t.Errorf("%s of %d: %d lines add up to %d, not on it: %v; %v", v.Number, v.Amount, n, total, posted, err)
			}
			if n > cfg.PageSize {
				paged++
			}
		}
		if taxed == 0 || paged == 0 {
			t.Errorf("%d lines with tax, %d invoices of several pages", taxed, paged)
		}
		before := len(asked(s, 0, "getInvoice"))
		run()
		if n := len(asked(s, 0, "getInvoice")); n != before {
			t.Errorf("asked %d times, after the second sync %d times", before, n)
		}
	})
}

type feePosted struct{ net, tax int64 }

// postedFees are the fees that Amazon's transactions post in the month of an
// invoice, released sales when they are released.
func postedFees(t *testing.T, b *store.Book, v store.FeeInvoice) map[string]feePosted {
	t.Helper()
	rows, err := b.Reader().QueryContext(t.Context(), `SELECT substr(n.path, instr(n.path, 'AmazonFees/')), sum(f.amount_minor) FROM fact f JOIN fact_name n ON n.id = f.name_id
		WHERE n.source = 'finances' AND n.path LIKE '%AmazonFees/%' AND f.connection_id = ? AND f.posted_at >= ? AND f.posted_at < ?
		AND f.state <> 'deferred' GROUP BY 1`, v.Connection, v.Start.UnixMilli(), v.End.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	posted := map[string]feePosted{}
	for rows.Next() {
		var path string
		var minor int64
		if err := rows.Scan(&path, &minor); err != nil {
			t.Fatal(err)
		}
		name := strings.Split(path, "/")
		p := posted[name[1]]
		if name[2] == "Tax" {
			p.tax -= minor
		} else {
			p.net -= minor
		}
		posted[name[1]] = p
	}
	return posted
}

// rowOf names the values of a row of a topic.
func rowOf(topic store.ReportTopic, row []any) map[string]any {
	m := map[string]any{}
	for i, c := range store.ReportColumns(topic) {
		m[c.Name] = row[i]
	}
	return m
}

// Amazon's own statement of a settlement agrees with the rows of it.
func TestSummariesEqualSettlements(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncAll(t, b, s)
		n := sum(t, b, `SELECT count(*) FROM settlement`)
		same := sum(t, b, `SELECT count(*) FROM settlement s JOIN summary_line l ON l.connection_id = s.connection_id AND l.settlement_id = s.settlement_id
		AND l.path = '(net)' AND l.amount_minor = s.total_minor AND l.currency = s.currency`)
		apart := sum(t, b, `SELECT count(*) FROM (SELECT settlement_id FROM summary_line GROUP BY connection_id, settlement_id
		HAVING sum(iif(path = '(net)', amount_minor, -amount_minor)) <> 0)`)
		if n < 6 || same != n || apart != 0 {
			t.Errorf("%d settlements, %d summaries agree, %d do not add up", n, same, apart)
		}
		calls := len(asked(s, 0, "listSummary"))
		syncAll(t, b, s)
		if again := len(asked(s, 0, "listSummary")); again != calls {
			t.Errorf("asked %d times, after the second sync %d times", calls, again)
		}
	})
}

// Money's side shows rest when their role is missing, and hold up nothing.
func TestMissingRolesOfMoneyRest(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		ops := map[string]string{
			"listBalances": "balances", "listFinancialEventGroups": "event-groups", "listExpectedPayouts": "payouts",
			"getInvoiceHeaders": "fee-invoices", "listSummary": "summaries",
		}
		s := seller(t, small)
		b := newBook(t, s)
		for op := range ops {
			s.Inject(spapifake.Fault{Operation: op, Connection: "NA", Kind: spapifake.MissingRole, Times: -1})
		}
		got := failed(once(t, engineNA(b, s)))
		var names []string
		for _, resource := range ops {
			names = append(names, "na "+resource)
		}
		slices.Sort(names)
		for _, name := range names {
			if !errors.Is(got[name], spapi.ErrRole) {
				t.Errorf("%s: %v", name, got[name])
			}
		}
		if len(got) != len(ops) {
			t.Errorf("failures %v", got)
		}
		if n := sum(t, b, `SELECT count(*) FROM orders`); n == 0 {
			t.Error("no orders")
		}
		s.ClearFaults()
		syncNA(t, b, s)
		if n := sum(t, b, `SELECT count(*) FROM balance`); n != 5 {
			t.Errorf("%d balances once the role was there", n)
		}
	})
}

// Where Amazon does not offer an interface yet, the others are read all the same.
func TestInterfacesNotOffered(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		s.Inject(spapifake.Fault{Operation: "getInvoiceHeaders", Kind: spapifake.BadInput, Times: 1}) // the first marketplace
		s.Inject(spapifake.Fault{Operation: "listExpectedPayouts", Kind: spapifake.BadInput, Times: -1})
		syncNA(t, b, s)
		if n := len(asked(s, 0, "getInvoiceHeaders")); n < 2 {
			t.Errorf("asked for invoices %d times", n)
		}
		if n := sum(t, b, `SELECT count(*) FROM amazon_payout`); n != 0 {
			t.Errorf("%d payouts", n)
		}
	})
}

// A balance without amounts, an expected payout without one, and an open group
// are as Amazon may send them; pages go on, and a later look replaces.
func TestAmazonsMoneyAsItMayCome(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		s.Inject(spapifake.Fault{Operation: "listFinancialEventGroups", Kind: spapifake.DuplicateRows, Times: -1})
		s.Inject(spapifake.Fault{Operation: "listBalances", Kind: spapifake.SwappedNumbers, Times: -1})
		s.Inject(spapifake.Fault{Operation: "listExpectedPayouts", Kind: spapifake.UnknownField, Times: -1})
		syncNA(t, b, s)
		want := sum(t, b, `SELECT sum(amount_minor) FROM balance`)
		later := now.Add(3 * time.Hour)
		b.Now = func() time.Time { return later }
		if r := once(t, engineNA(b, s, resources("participations", "balances", "payouts"), func(c *appsync.Config) { c.Now = func() time.Time { return later } })); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		if n, taken := sum(t, b, `SELECT count(*) FROM balance`), sum(t, b, `SELECT min(taken_at) FROM balance`); n != 5 || taken != later.UnixMilli() {
			t.Errorf("%d balances, the oldest of %s", n, time.UnixMilli(taken).UTC())
		}
		if got := sum(t, b, `SELECT sum(amount_minor) FROM balance`); got != want {
			t.Errorf("balances of %d, before %d", got, want)
		}
		if err := b.Write(t.Context(), func(tx *store.Tx) error {
			return tx.PutPayout(store.AmazonPayout{Connection: "na", ID: "expected:old", Expected: true, Status: "SCHEDULED", Taken: now})
		}); err != nil {
			t.Fatal(err)
		}
		evening := now.Add(12 * time.Hour)
		if r := once(t, engineNA(b, s, resources("participations", "balances", "payouts"), func(c *appsync.Config) { c.Now = func() time.Time { return evening } })); len(r.Failures) > 0 {
			t.Fatal(r.Failures)
		}
		if n := sum(t, b, `SELECT count(*) FROM amazon_payout WHERE payout_id = 'expected:old'`); n != 0 {
			t.Error("what is no longer announced is still in the calendar")
		}
	})
}
