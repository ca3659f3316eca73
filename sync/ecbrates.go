package appsync

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
)

// RateSource is where the European Central Bank publishes its exchange rates:
// a CSV in a zip with every day since 1999, about 700 kB, changed on each banking
// day at about 16:00 CET. There is no limit and no sign-in. Nothing of the seller
// is sent. The zero value is the bank's own address.
type RateSource struct {
	Address string         // https only
	Roots   *x509.CertPool // nil: the system's
}

const (
	ecbAddress  = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
	ecbMost     = 32 << 20 // bytes of an answer
	ecbTimeout  = 2 * time.Minute
	ecbEvery    = 12 * time.Hour // between fetches by itself
	ecbRedirect = "the European Central Bank sent the request elsewhere; import its file by hand"
)

// ErrRatesOff reports that fetching exchange rates was not switched on.
var ErrRatesOff = errors.New("fetching exchange rates is switched off; switch it on, or import the bank's file")

// FetchRates reads the exchange rates that the bank published since the last time
// and tells how many are new. It goes to no other host, follows no redirect, and
// stands in the list of calls like every call to Amazon, whatever came of it.
// Where the seller did not switch it on it is ErrRatesOff and nothing is sent.
func FetchRates(ctx context.Context, book *store.Book, from RateSource) (int, error) {
	switch on, err := book.FetchesRates(ctx); {
	case err != nil:
		return 0, err
	case !on:
		return 0, ErrRatesOff
	}
	if from.Address == "" {
		from.Address = ecbAddress
	}
	to, err := url.Parse(from.Address)
	if err != nil || to.Scheme != "https" {
		return 0, fmt.Errorf("fetch exchange rates: %q is no https address", from.Address)
	}
	call := store.APICall{At: book.Now(), Host: to.Host, Method: http.MethodGet, Operation: "eurofxref", Purpose: "exchange rates of the European Central Bank"}
	body, err := from.get(ctx, &call)
	call.Duration = book.Now().Sub(call.At)
	if err != nil {
		call.ErrorName = "failed"
	}
	noted := book.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := tx.SetRatesAsked(call.At); err != nil {
			return err
		}
		return tx.PutCall(call)
	})
	if err := errors.Join(err, noted); err != nil {
		return 0, fmt.Errorf("fetch exchange rates: %w", err)
	}
	quotes, err := costfiles.ECBRates(body)
	if err != nil {
		return 0, fmt.Errorf("fetch exchange rates: %w", err)
	}
	return storeRates(ctx, book, quotes)
}

// storeRates keeps what the book does not have: of a currency of which it has as many
// days of the bank as the file within its first and last, only those before and after.
func storeRates(ctx context.Context, book *store.Book, quotes []books.Quote) (n int, err error) {
	spans, err := book.RateSpans(ctx)
	if err != nil {
		return 0, err
	}
	have, within := map[string]store.RateSpan{}, map[string]int64{}
	for _, s := range spans {
		if s.Source == costfiles.SourceECB {
			have[s.To] = s
		}
	}
	known := func(q books.Quote) bool {
		s, ok := have[q.To]
		return ok && q.Day >= s.First && q.Day <= s.Last
	}
	for _, q := range quotes {
		if known(q) {
			within[q.To]++
		}
	}
	var fresh []books.Quote
	for _, q := range quotes {
		if !known(q) || within[q.To] != have[q.To].Count {
			fresh = append(fresh, q)
		}
	}
	err = book.Write(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.PutRates(fresh)
		return err
	})
	return n, err
}

// get asks once. The transport is made for this call: no line stays open.
func (s RateSource) get(ctx context.Context, call *store.APICall) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, ecbTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Address, nil)
	if err != nil {
		return nil, err
	}
	client := http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: s.Roots},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	call.Status = res.StatusCode
	body, err := io.ReadAll(io.LimitReader(res.Body, ecbMost+1))
	call.BytesIn = int64(len(body))
	switch {
	case err != nil:
		return nil, err
	case len(body) > ecbMost:
		return nil, errors.New("the answer is larger than the file of rates can be")
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return nil, errors.New(ecbRedirect)
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the European Central Bank answered %s; try again later", res.Status)
	}
	return body, nil
}

// RefreshRates fetches exchange rates after a sync where the seller switched that
// on and the last time is half a day ago. Where it is off it does nothing.
func RefreshRates(ctx context.Context, book *store.Book, from RateSource) (int, error) {
	on, err := book.FetchesRates(ctx)
	if err != nil || !on {
		return 0, err
	}
	asked, err := book.RatesAsked(ctx)
	if err != nil || book.Now().Sub(asked) < ecbEvery {
		return 0, err
	}
	return FetchRates(ctx, book, from)
}
