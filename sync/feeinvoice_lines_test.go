package appsync_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
)

// oneInvoice changes what Amazon tells of the lines of one invoice, page by page.
type oneInvoice struct {
	next http.RoundTripper
	id   string
	bend func(page int, w *http.Response, text string) string // nil while all is well
}

func (l *oneInvoice) RoundTrip(r *http.Request) (*http.Response, error) {
	w, err := l.next.RoundTrip(r)
	if err != nil || l.bend == nil || !strings.HasSuffix(r.URL.Path, "/"+l.id) {
		return w, err
	}
	body, err := io.ReadAll(w.Body)
	page := 1
	if r.URL.Query().Has("nextTokenForLineItems") {
		page = 2
	}
	changed := l.bend(page, w, string(body))
	w.Body, w.ContentLength = io.NopCloser(bytes.NewReader([]byte(changed))), int64(len(changed))
	return w, err
}

// refusedFrom refuses a page and those after it.
func refusedFrom(first, code int) func(int, *http.Response, string) string {
	return func(page int, w *http.Response, text string) string {
		if page < first {
			return text
		}
		w.StatusCode = code
		return `{"errors":[{"code":"Refused","message":"no"}]}`
	}
}

func allPages(change func(string) string) func(int, *http.Response, string) string {
	return func(_ int, _ *http.Response, text string) string { return change(text) }
}

const oneAmount = `\{"currencyAmount":[-0-9.]*,"currencyCode":"USD"\}`

// The newest invoice is not as it should be: the older ones are read all the same,
// it is told, nothing wrong is stored of it, and once it is mended all is there.
func TestFeeInvoiceLinesOfAnOddInvoice(t *testing.T) {
	cfg := small
	cfg.PageSize, cfg.Days = 5, 75
	const day, newest, older = 24 * time.Hour, "US-AEU-2026-09", "US-AEU-2026-08"
	lines := `SELECT count(*) FROM fee_invoice_line WHERE invoice_id LIKE `
	for _, tc := range []struct {
		name   string
		bend   func(int, *http.Response, string) string
		ago    time.Duration // this much before now, when it was new
		says   string        // "" when nothing fails
		stored bool          // it is read as if nothing was wrong
		stops  bool          // the older ones are not asked for
	}{
		{name: "no total", bend: allPages(replaced(`"totalAmount":`+oneAmount+`,`, "")), stored: true},
		{name: "no total, and more than net and tax", says: "lines of fee invoice " + newest + ": line L-1: its amount is missing", bend: allPages(func(s string) string {
			s = replaced(`"totalAmount":`+oneAmount+`,`, "")(s)
			return strings.ReplaceAll(s, `"totalAmountBreakdown":[`, `"totalAmountBreakdown":[{"breakdownType":"Other","breakdownAmount":{"currencyAmount":1.00,"currencyCode":"USD"}},`)
		})},
		{name: "no amount at all", bend: allPages(replaced(`"totalAmount":`+oneAmount+`,"totalAmountBreakdown":`, `"else":`)), says: "its amount is missing"},
		{name: "an odd currency", bend: allPages(replaced(`"currencyCode":"USD"`, `"currencyCode":"DOLLAR"`)), says: `"DOLLAR" is no currency code`},
		{name: "tax in another currency", bend: allPages(replaced(`("ItemTaxAmount","breakdownAmount":\{"currencyAmount":[-0-9.]*,"currencyCode":)"USD"`, `$1"EUR"`)),
			says: "it has another currency than the line"},
		{name: "lines that are none", bend: allPages(replaced(`"invoiceItems":\[`, `"invoiceItems":[7,`)), says: "the answer is not what Amazon's interface sends"},
		{name: "its second page refused", bend: refusedFrom(2, http.StatusBadRequest), says: "rejected the request as invalid"},
		{name: "not there yet", bend: refusedFrom(1, http.StatusNotFound), ago: 29 * day},
		{name: "not yet to be asked for", bend: refusedFrom(1, http.StatusBadRequest), ago: 29 * day},
		{name: "Amazon is down", bend: refusedFrom(1, http.StatusServiceUnavailable), says: "does not answer properly", stops: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := seller(t, cfg)
				b := newBook(t, s)
				line := &oneInvoice{next: inside.line, id: newest + "~" + s.Credentials("NA").SellerID, bend: tc.bend}
				inside.line = line
				run := func(at time.Time) (said string) {
					r := once(t, engineNA(b, s, resources("participations", "fee-invoices"), func(c *appsync.Config) { c.Now = func() time.Time { return at } }))
					for _, f := range r.Failures {
						said += f.Err.Error()
					}
					return said
				}
				said := run(now.Add(-tc.ago))
				if (said == "") != (tc.says == "") || !strings.Contains(said, tc.says) {
					t.Errorf("it says %q, want %q", said, tc.says)
				}
				if n := sum(t, b, lines+`'`+older+`%'`); (n == 0) != tc.stops {
					t.Errorf("%d lines of the older invoice", n)
				}
				bad := sum(t, b, lines+`'`+newest+`%'`)
				if (bad > 0) != tc.stored {
					t.Errorf("%d lines of the odd invoice", bad)
				}
				line.bend = nil
				if said := run(now.Add(-tc.ago).Add(day)); said != "" {
					t.Errorf("mended: %q", said)
				}
				if n := sum(t, b, lines+`'`+newest+`%'`); n < 6 || tc.stored && n != bad {
					t.Errorf("%d lines of it, mended %d", bad, n)
				}
				if n := sum(t, b, `SELECT count(*) FROM (SELECT v.invoice_id FROM fee_invoice v JOIN fee_invoice_line l USING (invoice_id)
					GROUP BY 1 HAVING sum(l.total_minor) <> v.amount_minor OR min(l.currency) <> 'USD')`); n != 0 {
					t.Errorf("the lines of %d invoices do not add up", n)
				}
			})
		})
	}
}

// What Amazon no longer shows the lines of keeps those that it has and is not asked
// for again; nor is an invoice of a marketplace where nothing is sold any more.
func TestFeeInvoiceLinesThatAreNoLongerThere(t *testing.T) {
	for _, code := range []int{http.StatusBadRequest, http.StatusNotFound} {
		inBubble(t, func(t *testing.T) {
			s := seller(t, small)
			b := newBook(t, s)
			only := resources("participations", "fee-invoices")
			syncNA(t, b, s, only)
			list, err := b.FeeInvoices(t.Context(), time.Time{}, time.Time{})
			if err != nil || len(list) == 0 {
				t.Fatal(list, err)
			}
			had := sum(t, b, `SELECT count(*) FROM fee_invoice_line`)
			changed, left := list[0], list[0]
			changed.Updated = now.Add(-time.Hour)
			left.ID, left.Marketplace = "left", "A1VC38T7YXB528"
			err = b.Write(t.Context(), func(tx *store.Tx) error {
				return errors.Join(tx.PutFeeInvoice(changed), tx.PutFeeInvoice(left))
			})
			if err != nil {
				t.Fatal(err)
			}
			inside.line = &oneInvoice{next: inside.line, id: changed.ID, bend: refusedFrom(1, code)}
			before := len(asked(s, 0, "getInvoice"))
			for range 2 {
				syncNA(t, b, s, only)
			}
			if n := len(asked(s, 0, "getInvoice")) - before; n != 1 {
				t.Errorf("%d: asked %d times more", code, n)
			}
			if n := sum(t, b, `SELECT count(*) FROM fee_invoice_line`); n != had || had == 0 {
				t.Errorf("%d: %d lines, before %d", code, n, had)
			}
		})
	}
}
