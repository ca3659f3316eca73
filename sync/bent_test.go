package appsync_test

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// bent is a line on which answers are changed on their way.
type bent struct {
	next http.RoundTripper
	bend func(at place, w *http.Response, body []byte) []byte // nil while all is well
	n    int                                                  // answers that were changed
}

// place is where an answer comes from.
type place string

const (
	atLogin     place = "login"
	atInterface place = "interface" // of a connection
	atStorage   place = "storage"   // of documents
)

func (l *bent) RoundTrip(r *http.Request) (*http.Response, error) {
	w, err := l.next.RoundTrip(r)
	if err != nil || l.bend == nil {
		return w, err
	}
	body, err := io.ReadAll(w.Body)
	if err != nil {
		return nil, err
	}
	at := atInterface
	switch {
	case strings.HasSuffix(r.URL.Path, "/token"):
		at = atLogin
	case r.Header.Get("x-amz-access-token") == "":
		at = atStorage
	}
	changed := l.bend(at, w, bytes.Clone(body))
	if !bytes.Equal(changed, body) || w.StatusCode >= 300 {
		l.n++
	}
	w.Body, w.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
	return w, nil
}

// interfaceText bends the JSON of every interface.
func interfaceText(f func(string) string) func(place, *http.Response, []byte) []byte {
	return func(at place, _ *http.Response, b []byte) []byte {
		if at != atInterface {
			return b
		}
		return []byte(f(string(b)))
	}
}

func status(code int, body string) func(place, *http.Response, []byte) []byte {
	return func(at place, w *http.Response, b []byte) []byte {
		if at != atInterface {
			return b
		}
		w.StatusCode = code
		return []byte(body)
	}
}

func document(f func([]byte) []byte) func(place, *http.Response, []byte) []byte {
	return func(at place, _ *http.Response, b []byte) []byte {
		if at != atStorage {
			return b
		}
		return f(b)
	}
}

func replaced(pattern, by string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(s string) string { return re.ReplaceAllString(s, by) }
}

// sizes are numbers of things, which the models call integers.
var sizes = `("[A-Za-z]*[qQ]uantity[A-Za-z]*"|"pointsNumber"|"numberOfResults"):(\d+)`

// lastPage puts something where the token of the next page would be.
func lastPage(token string) func(place, *http.Response, []byte) []byte {
	return interfaceText(func(s string) string {
		if strings.Contains(s, "nextToken") || !strings.HasPrefix(s, `{"orders"`) {
			return s
		}
		return strings.TrimSuffix(strings.TrimSpace(s), "}") + `,"pagination":` + token + `}`
	})
}

// plainOnly bends documents that are not compressed.
func plainOnly(f func([]byte) []byte) func(place, *http.Response, []byte) []byte {
	return document(func(b []byte) []byte {
		if bytes.HasPrefix(b, []byte("\x1f\x8b")) {
			return b
		}
		return f(b)
	})
}

// oddAnswers are what nobody has seen Amazon send, but somebody may: a server
// between, a new program of Amazon's, one that is made for a test.
var oddAnswers = []struct {
	name string
	bend func(place, *http.Response, []byte) []byte
	says string // by what failed first, "" when nothing does
}{
	{"nothing", func(_ place, _ *http.Response, b []byte) []byte { return b }, ""},
	{"200 without a body", status(200, ""), "not what Amazon's interface sends"},
	{"a mark before the JSON", interfaceText(func(s string) string { return "\ufeff" + s }), ""},
	{"NaN", interfaceText(replaced(`"currencyAmount":-?[0-9.]+`, `"currencyAmount":NaN`)), "not what Amazon's interface sends"},
	{"whole numbers with .0", interfaceText(replaced(sizes, `$1:$2.0`)), ""},
	{"whole numbers as text", interfaceText(replaced(sizes, `$1:"$2"`)), ""},
	{"halves of things", interfaceText(replaced(sizes, `$1:$2.5`)), "is not a whole number"},
	{"an empty token at the end", lastPage(`{"nextToken":""}`), ""},
	{"no token at the end", lastPage(`{"nextToken":null}`), ""},
	{"no list of pages at the end", lastPage(`null`), ""},
	{"409", status(409, `{"errors":[{"code":"Conflict","message":"m"}]}`), "Amazon rejected the request as invalid"},
	{"413", status(413, ``), "the answer is larger than allowed"},
	{"421", status(421, ``), "Amazon does not answer properly at the moment"},
	{"429 everywhere and for ever", status(429, ``), "Amazon limits this call again and again"},
	{"a mile of brackets", status(200, strings.Repeat("[", 100_000)), "not what Amazon's interface sends"},
	{"a list instead of an object", status(200, `[]`), "not what Amazon's interface sends"},
	{"orders without id", interfaceText(replaced(`"orderId":"[^"]*"`, `"orderId":""`)), "its id or one of its times is missing"},
	{"small letters for a currency", interfaceText(replaced(`"currencyCode":"USD"`, `"currencyCode":"usd"`)), ""},
	{"transactions without a total", interfaceText(replaced(`"totalAmount":\{[^{}]*\}`, `"totalAmount":null`)), ""},
	{"no currency", interfaceText(replaced(`"currencyCode":"[A-Z]*"`, `"currencyCode":""`)), "is no currency code"},
	{"the 30th of February", interfaceText(replaced(`"(postedDate|createdTime)":"[^"]*"`, `"$1":"2026-02-30T00:00:00Z"`)), "is not ISO 8601"},
	{"the year 9999", interfaceText(replaced(`"(postedDate|createdTime)":"[^"]*"`, `"$1":"9999-12-31T23:59:59Z"`)), "in the year 9999"},
	{"huge amounts", interfaceText(replaced(`"currencyAmount":(-?)[0-9.]+`, `"currencyAmount":${1}99999999999999999999.99`)), "amount too large"},
	{"a document of 0 bytes", plainOnly(func([]byte) []byte { return nil }), "the file is empty"},
	{"a document of one long row", plainOnly(func(b []byte) []byte { return append(b, bytes.Repeat([]byte("x"), 4<<20)...) }), "the line is longer than"},
	{"a token that is two lines", atSignIn(`{"access_token":"a b\r\nx: y","expires_in":"3600"}`), "no access token in the answer"},
	{"a token for no time", atSignIn(`{"access_token":"%s","expires_in":-1}`), ""},
}

var granted = regexp.MustCompile(`"access_token":"([^"]+)"`)

// atSignIn answers the sign-in; %s is the token that was granted.
func atSignIn(text string) func(place, *http.Response, []byte) []byte {
	return func(at place, _ *http.Response, b []byte) []byte {
		m := granted.FindSubmatch(b)
		if at != atLogin || m == nil {
			return b
		}
		return []byte(strings.Replace(text, "%s", string(m[1]), 1))
	}
}

// oddSources have an interface or a report of every form.
var oddSources = []string{"participations", "order-reports", "orders", "inventory", "finances", "settlement", "listings", "recipients", "returns"}

// Whatever comes instead of an answer: the run ends, what failed says so in one
// sentence, and when it is over the books are those of an undisturbed sync.
func TestOddAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("its parts run under the race detector elsewhere")
	}
	warmUp(t)
	var want map[string]string
	for _, tc := range oddAnswers {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				v := newVirtual(t, spapifake.Config{Seed: 9, Orders: 60, Days: 40, SKUs: 6}, dir)
				defer v.close(t)
				got := oddRun(t, v, tc.bend, tc.says)
				if want == nil {
					want = got
				}
				wantSame(t, "afterwards", got, want)
			})
		})
	}
}

// oddRun syncs while answers are bent, and then until all is well; it gives the
// books.
func oddRun(t *testing.T, v *virtual, bend func(place, *http.Response, []byte) []byte, says string) map[string]string {
	t.Helper()
	line := &bent{next: v.line, bend: bend}
	v.line = line
	resources(oddSources...)(&v.cfg)
	v.cfg.Only, v.cfg.Everything, v.cfg.LookBack = []string{"na"}, true, 60*24*time.Hour
	began := v.now()
	r := once(t, appsync.New(v.cfg))
	if took := v.now().Sub(began); took > 3*time.Hour {
		t.Errorf("the run took %v", took)
	}
	said := false
	for _, f := range r.Failures {
		text := f.Err.Error()
		said = said || says != "" && strings.Contains(text, says)
		if word := oddJargon.FindString(text); word != "" || strings.Contains(text, "\n") {
			t.Errorf("%s reads %q: %q is not for a seller", f.Resource, text, word)
		}
	}
	if said != (says != "") || says == "" && len(r.Failures) > 0 {
		t.Errorf("reads %v, want %q", r.Failures, says)
	}
	line.bend = nil
	var failures []appsync.Failure
	for n := 0; n < 5 && (n == 0 || len(failures) > 0); n++ {
		time.Sleep(time.Hour)
		failures = once(t, appsync.New(v.cfg)).Failures
	}
	if len(failures) > 0 {
		t.Errorf("afterwards: %v", failures)
	}
	if wrong, err := v.book.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("sums: %v %v", err, wrong)
	}
	rows := only(fingerprints(t, v.book), moneyTables)
	delete(rows, "coverage") // begins where the first run does that gets through
	return rows
}

// oddJargon are words of libraries, also within what is meant for support.
var oddJargon = regexp.MustCompile(`json:|Go struct|unmarshal|invalid character|goroutine|panic|\bnil\b|x509|sqlite`)
