package appsync_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/internal/openapi"
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// watched is a line that keeps every request as it was sent.
type watched struct {
	next http.RoundTripper
	mu   sync.Mutex
	seen []sent
}

type sent struct {
	method, host string
	url          *url.URL
	header       http.Header
	body         []byte
}

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	s := sent{method: r.Method, host: r.URL.Host, url: r.URL, header: r.Header.Clone()}
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body.Close()
		s.body, r.Body = b, io.NopCloser(bytes.NewReader(b))
	}
	w.mu.Lock()
	w.seen = append(w.seen, s)
	w.mu.Unlock()
	return w.next.RoundTrip(r)
}

// contracts are Amazon's models as validators.
type contracts []*openapi3.T

// readContracts reads every model file, also those that nothing here calls.
func readContracts(t *testing.T) (all contracts) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(models, "*.json"))
	if err != nil || len(files) == 0 {
		t.Skip("Amazon's model files are not here")
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := openapi.Read(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, doc)
	}
	return all
}

// check tells the operation of a request, and what Amazon's model has against it.
func (all contracts) check(t *testing.T, s sent) (string, error) {
	for _, doc := range all {
		for path, item := range doc.Paths.Map() {
			op := item.GetOperation(s.method)
			values, ok := matchPath(path, s.url.EscapedPath())
			if op == nil || !ok {
				continue
			}
			for q, list := range s.url.Query() {
				declared := slices.ContainsFunc(op.Parameters, func(p *openapi3.ParameterRef) bool { return p.Value.In == "query" && p.Value.Name == q })
				if !declared || len(list) != 1 || list[0] == "" {
					return op.OperationID, fmt.Errorf("parameter %s=%q", q, list)
				}
			}
			r, err := http.NewRequestWithContext(t.Context(), s.method, s.url.String(), bytes.NewReader(s.body))
			if err != nil {
				return op.OperationID, err
			}
			r.Header = s.header
			return op.OperationID, openapi3filter.ValidateRequest(t.Context(), &openapi3filter.RequestValidationInput{
				Request: r, PathParams: values,
				Route:   &routers.Route{Spec: doc, Path: path, PathItem: item, Method: s.method, Operation: op},
				Options: &openapi3filter.Options{MultiError: true, RejectWhenRequestBodyNotSpecified: len(s.body) > 0},
			})
		}
	}
	return "", fmt.Errorf("%s %s is in no model", s.method, s.url.Path)
}

func matchPath(template, path string) (map[string]string, bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	values := map[string]string{}
	if len(want) != len(got) {
		return nil, false
	}
	for i, w := range want {
		if name, ok := strings.CutPrefix(w, "{"); ok {
			v, err := url.PathUnescape(got[i])
			if err != nil || v == "" {
				return nil, false
			}
			values[strings.TrimSuffix(name, "}")] = v
		} else if w != got[i] {
			return nil, false
		}
	}
	return values, true
}

var (
	agentForm = regexp.MustCompile(`^[A-Za-z]+/[^ ()]+ \(Language=Go/[^;()]+; Platform=[^;()]+\)$`)
	dateForm  = regexp.MustCompile(`^\d{8}T\d{6}Z$`)
)

// wantHeaders checks what every call of the interface has to say, and not to say.
func wantHeaders(t *testing.T, op string, s sent) {
	t.Helper()
	h := s.header
	if a := h.Get("User-Agent"); !agentForm.MatchString(a) || len(a) > 500 {
		t.Errorf("%s: user-agent %q", op, a)
	}
	if !dateForm.MatchString(h.Get("x-amz-date")) || !strings.HasPrefix(h.Get("x-amz-access-token"), "Atza|") {
		t.Errorf("%s: date %q, token of %d letters", op, h.Get("x-amz-date"), len(h.Get("x-amz-access-token")))
	}
	if h.Get("Authorization") != "" || h.Get("Cookie") != "" || h.Get("Referer") != "" {
		t.Errorf("%s: headers %v", op, h)
	}
	if len(s.body) > 0 != (h.Get("Content-Type") == "application/json") || s.method == http.MethodGet && len(s.body) > 0 {
		t.Errorf("%s: %d bytes of %q", op, len(s.body), h.Get("Content-Type"))
	}
}

// Everything that a first sync and the day after it send is in Amazon's models,
// with every value that they list, every required header, and nothing more. No
// token for restricted data is asked for, because nothing that is asked for needs
// one: people come by the order, with the ordinary token.
func TestEverythingSentIsInTheModels(t *testing.T) {
	if testing.Short() {
		t.Skip("its parts run under the race detector elsewhere")
	}
	all := readContracts(t)
	for _, bad := range []string{
		"/orders/2026-01-01/orders?createdAfter=2026-01-01T00:00:00Z&includedData=SHOE_SIZE", "/orders/2026-01-01/orders?shoes=1",
		"/fba/inventory/v1/summaries?granularityType=Marketplace", "/orders/v9/orders",
	} {
		u, err := url.Parse("http://127.0.0.1:1" + bad)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := all.check(t, sent{method: http.MethodGet, url: u}); err == nil {
			t.Errorf("%s passes", bad)
		}
	}
	warmUp(t)
	dir := t.TempDir()
	var line *watched
	var links []string
	synctest.Test(t, func(t *testing.T) {
		v := newVirtual(t, spapifake.Config{Seed: 7, Orders: 120, Days: 40, SKUs: 8}, dir)
		defer v.close(t)
		line = &watched{next: v.line}
		v.line, v.cfg.LookBack = line, 60*24*time.Hour
		err := v.book.Write(t.Context(), func(tx *store.Tx) error { // parcels come with orders of the last weeks
			return tx.SetBookmark("na", "orders", map[string]time.Time{"since": now.AddDate(0, 0, -20)}, time.Time{})
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if r := once(t, appsync.New(v.cfg)); len(r.Failures) > 0 {
				t.Errorf("%v", r.Failures)
			}
			time.Sleep(7 * time.Hour)
		}
		links = []string{v.seller.Endpoints().Login, v.seller.Endpoints().Documents}
	})
	calls := map[string]int{}
	for _, s := range line.seen {
		switch at := "http://" + s.host; {
		case at == links[0]:
			wantLogin(t, s)
			continue
		case at == links[1]:
			if s.method != http.MethodGet || len(s.body) > 0 || s.header.Get("x-amz-access-token") != "" || s.header.Get("x-amz-date") != "" {
				t.Errorf("document: %s with %v", s.method, s.header)
			}
			continue
		}
		op, err := all.check(t, s)
		if err != nil {
			t.Errorf("%s: %v", op, err)
		}
		wantHeaders(t, op, s)
		calls[op]++
	}
	for _, o := range spapi.Operations() {
		if calls[string(o.Op)] == 0 {
			t.Errorf("%s was never called", o.Op)
		}
	}
	if calls["createRestrictedDataToken"] > 0 {
		t.Error("a token for restricted data was asked for")
	}
	t.Log(len(line.seen), " requests: ", calls)
}

func wantLogin(t *testing.T, s sent) {
	t.Helper()
	form, err := url.ParseQuery(string(s.body))
	if err != nil || s.method != http.MethodPost || s.url.Path != "/auth/o2/token" || s.url.RawQuery != "" ||
		!strings.HasPrefix(s.header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		t.Errorf("sign-in: %s %s %q, %v", s.method, s.url, s.header.Get("Content-Type"), err)
	}
	for _, k := range []string{"grant_type", "refresh_token", "client_id", "client_secret"} {
		if form.Get(k) == "" {
			t.Errorf("sign-in without %s", k)
		}
	}
	if len(form) != 4 || form.Get("grant_type") != "refresh_token" {
		t.Errorf("sign-in with %d fields", len(form))
	}
}
