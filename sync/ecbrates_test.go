package appsync_test

import (
	"archive/zip"
	"bytes"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	appsync "countinghouse/sync"
)

const ecbDays = "Date,USD,JPY,GBP,\n2026-11-20,1.0800,160.00,0.8400,\n2026-11-19,1.0700,159.50,N/A,\n"

// ecbZip is the bank's file as it publishes it.
func ecbZip(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("eurofxref-hist.csv")
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ecbServer is the bank, on a socket with TLS.
func ecbServer(t *testing.T, answer http.HandlerFunc) (appsync.RateSource, *int) {
	t.Helper()
	asked := 0
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.Method != http.MethodGet || r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			t.Errorf("the bank is told %v", r.Header)
		}
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return appsync.RateSource{Address: s.URL + "/eurofxref-hist.zip", Roots: roots}, &asked
}

func fetchOn(t *testing.T, b *store.Book) {
	t.Helper()
	if err := b.Write(t.Context(), func(tx *store.Tx) error { return tx.SetFetchRates(true) }); err != nil {
		t.Fatal(err)
	}
}

// Nothing is asked until the seller switches it on; then the rates come, the call
// is on the list, and a second fetch adds nothing.
func TestFetchRates(t *testing.T) {
	b := emptyBook(t)
	file := ecbZip(t, ecbDays)
	from, asked := ecbServer(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(file) })
	if _, err := appsync.FetchRates(t.Context(), b, from); !errors.Is(err, appsync.ErrRatesOff) || *asked != 0 {
		t.Fatalf("switched off: %v, asked %d times", err, *asked)
	}
	if n, err := appsync.RefreshRates(t.Context(), b, from); n != 0 || err != nil || *asked != 0 {
		t.Fatalf("switched off, after a sync: %d, %v, asked %d times", n, err, *asked)
	}
	fetchOn(t, b)
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	b.Now = func() time.Time { return now }
	if n, err := appsync.RefreshRates(t.Context(), b, from); n != 5 || err != nil {
		t.Fatalf("%d rates, %v; want 5", n, err)
	}
	if n, err := appsync.RefreshRates(t.Context(), b, from); n != 0 || err != nil || *asked != 1 {
		t.Errorf("at once again: %d, %v, asked %d times", n, err, *asked)
	}
	now = now.Add(13 * time.Hour)
	file = ecbZip(t, strings.Replace(ecbDays, "\n", "\n2026-11-21,1.0900,161.00,0.8500,\n", 1))
	if n, err := appsync.RefreshRates(t.Context(), b, from); n != 3 || err != nil {
		t.Errorf("the next day: %d rates, %v; want its 3", n, err)
	}
	if n := number(t, b, `SELECT count(*) FROM api_call WHERE operation = 'eurofxref' AND status = 200 AND bytes_in > 100 AND host = ?`, strings.TrimPrefix(strings.TrimSuffix(from.Address, "/eurofxref-hist.zip"), "https://")); n != int64(*asked) {
		t.Errorf("%d calls are on the list, the bank counted %d", n, *asked)
	}
	if err := b.Write(t.Context(), func(tx *store.Tx) error { return tx.SetBookCurrency("EUR") }); err != nil {
		t.Fatal(err)
	}
	got, err := b.InBookCurrency(t.Context(), []store.DatedMoney{
		{Day: "2026-11-20", Amount: books.Money{Minor: 108_00, Currency: "USD"}}, {Day: "2026-11-19", Amount: books.Money{Minor: 15950, Currency: "JPY"}},
		{Day: "2026-11-20", Amount: books.Money{Minor: 1_00, Currency: "EUR"}},
	})
	if err != nil || !got.Known() || got.Total != (books.Money{Minor: 201_00, Currency: "EUR"}) || len(got.Rates) != 2 || got.Rates[0].Source != "ecb" || got.Rates[0].Day != "2026-11-20" {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = b.InBookCurrency(t.Context(), []store.DatedMoney{{Day: "2020-01-01", Amount: books.Money{Minor: 1, Currency: "USD"}}})
	if err != nil || got.Known() {
		t.Errorf("a day without a rate: %+v, %v", got, err)
	}
}

// Days that the book lacks between two that it has are not passed over.
func TestFetchRatesFillsGaps(t *testing.T) {
	b := emptyBook(t)
	fetchOn(t, b)
	quote := func(day, rate string) books.Quote {
		d, err := books.ParseUnit(rate)
		if err != nil {
			t.Fatal(err)
		}
		return books.Quote{Day: day, From: "EUR", To: "USD", Rate: d, Source: "ecb"}
	}
	err := b.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.PutRates([]books.Quote{quote("2026-11-18", "1.0600"), quote("2026-11-20", "1.0800")}) // files of single days
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	file := ecbZip(t, "Date,USD,CYP,\n2026-11-20,1.0800,N/A,\n2026-11-19,1.0700,N/A,\n2026-11-18,1.0600,N/A,\n2007-12-31,1.4721,0.585274,\n")
	from, _ := ecbServer(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(file) })
	if n, err := appsync.FetchRates(t.Context(), b, from); n != 3 || err != nil {
		t.Errorf("%d rates are new, %v; want the day between, and two of long ago", n, err)
	}
	rates, err := b.Rates(t.Context(), "EUR", "USD", "CYP")
	if err != nil {
		t.Fatal(err)
	}
	if x, ok := rates.At("EUR", "USD", "2026-11-19"); !ok || x.Day != "2026-11-19" || x.Text() != "1.07" {
		t.Errorf("the day between: %+v %v", x, ok)
	}
	if x, ok := rates.At("CYP", "USD", "2026-11-20"); ok { // no longer a currency
		t.Errorf("a currency that ended has %+v", x)
	}
}

// Whatever the bank answers, the call is on the list and the book has no rate of
// it.
func TestFetchRatesThatFail(t *testing.T) {
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect is followed") }))
	defer elsewhere.Close()
	for _, tc := range []struct {
		name, want string
		answer     http.HandlerFunc
	}{
		{"a redirect", "elsewhere", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }},
		{"no service", "503", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }},
		{"a web page", "ECB", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>maintenance</html>")) }},
		{"a damaged zip", "", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("PK\x03\x04 and nothing")) }},
		{"a cut answer", "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte("Date,USD,\n2026"))
		}},
		{"a rate below zero", "", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("Date,USD,\n2026-11-20,-1.08,\n")) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := emptyBook(t)
			fetchOn(t, b)
			from, _ := ecbServer(t, tc.answer)
			_, err := appsync.FetchRates(t.Context(), b, from)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error is %v, want one with %q", err, tc.want)
			}
			if calls, rates := number(t, b, `SELECT count(*) FROM api_call`), number(t, b, `SELECT count(*) FROM fx_rate`); calls != 1 || rates != 0 {
				t.Errorf("%d calls and %d rates", calls, rates)
			}
		})
	}
	b := emptyBook(t)
	fetchOn(t, b)
	if _, err := appsync.FetchRates(t.Context(), b, appsync.RateSource{Address: "http://127.0.0.1:1/x"}); err == nil {
		t.Error("an address without TLS is asked")
	}
}
