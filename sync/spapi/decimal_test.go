package spapi_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"countinghouse/sync/spapi"
)

func TestDecimal(t *testing.T) {
	tests := []struct {
		json, want string
		ok         bool
	}{
		{`"12.34"`, "12.34", true}, {`12.34`, "12.34", true}, {`-0.10`, "-0.10", true}, {`"1780.0"`, "1780.0", true}, {`1780.0`, "1780.0", true},
		{`10`, "10", true}, {`0`, "0", true}, {`-0`, "-0", true}, {`"+5"`, "5", true}, {`" 7.50 "`, "7.50", true},
		{`null`, "", true}, {`""`, "", true},
		{`1E+2`, "100", true}, {`1.5e3`, "1500", true}, {`-12e-2`, "-0.12", true}, {`1.25E1`, "12.5", true}, {`0e10`, "0", true},
		{`9007199254740993.01`, "9007199254740993.01", true}, // beyond what a float64 can hold
		{`0.1234567890123456789`, "0.1234567890123456789", true},
		{`"1,234.56"`, "", false}, {`"12,34"`, "", false}, {`"$5"`, "", false}, {`"5 USD"`, "", false}, {`"."`, "", false}, {`"5."`, "", false}, {`".5"`, "", false},
		{`"--5"`, "", false}, {`"NaN"`, "", false}, {`"Infinity"`, "", false}, {`"0x1F"`, "", false}, {`"１２"`, "", false}, {`"1e999999999"`, "", false},
		{`true`, "", false}, {`{}`, "", false}, {`[1]`, "", false}, {`"1\u00002"`, "", false}, {`"` + strings.Repeat("9", 41) + `"`, "", false},
	}
	for _, tt := range tests {
		var d spapi.Decimal
		err := json.Unmarshal([]byte(tt.json), &d)
		if (err == nil) != tt.ok || string(d) != tt.want {
			t.Errorf("%s: got %q, %v; want %q, ok %v", tt.json, d, err, tt.want, tt.ok)
		}
	}
}

// Whatever the spelling, the value is the same as exact arithmetic reads.
func TestDecimalIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?([eE][+-]?[0-9])?`).Draw(t, "number")
		var d spapi.Decimal
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		want, _ := new(big.Rat).SetString(text)
		got, ok := new(big.Rat).SetString(string(d))
		if !ok || got.Cmp(want) != 0 || strings.ContainsAny(string(d), "eE") {
			t.Fatalf("%s became %s", text, d)
		}
	})
}

func TestMoneySpellings(t *testing.T) {
	for _, s := range []string{
		`{"amount":"12.34","currencyCode":"EUR"}`, `{"amount":12.34,"currencyCode":"EUR"}`,
		`{"currencyAmount":12.34,"currencyCode":"EUR"}`, `{"CurrencyCode":"EUR","Amount":"12.34"}`, `{"CurrencyCode":"EUR","CurrencyAmount":12.34,"new":1}`,
	} {
		var m spapi.Money
		if err := json.Unmarshal([]byte(s), &m); err != nil || m.Amount != "12.34" || m.CurrencyCode != "EUR" {
			t.Errorf("%s: %+v, %v", s, m, err)
		}
	}
}

func TestTimes(t *testing.T) {
	want := time.Date(2026, 3, 7, 1, 2, 3, 0, time.UTC)
	for s, w := range map[string]time.Time{
		"2026-03-07T01:02:03Z": want, "2026-03-07T10:02:03+09:00": want, "2026-03-07T10:02:03+0900": want, "2026-03-07T01:02:03.000Z": want,
		"2026-03-07T01:02:03": want, "2026-03-07": time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC), "2026-03-07T01:02Z": want.Truncate(time.Minute), "": {},
	} {
		var got spapi.Time
		if err := json.Unmarshal([]byte(fmt.Sprintf("%q", s)), &got); err != nil || !got.Equal(w) || got.Location() != time.UTC {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{`"yesterday"`, `"07/03/2026"`, `5`, `"2026-13-01T00:00:00Z"`} {
		var got spapi.Time
		if err := json.Unmarshal([]byte(s), &got); err == nil {
			t.Errorf("%s was taken for %v", s, got)
		}
	}
}

func TestTransactionsInEveryForm(t *testing.T) {
	node := `{"breakdownType":"Sales","breakdownAmount":{"currencyCode":"USD","currencyAmount":10.00},"breakdowns":null}`
	for name, form := range map[string]string{
		"a list": `[` + node + `]`, "an object around a list": `{"breakdowns":[` + node + `]}`, "one node": node,
	} {
		var x spapi.Transaction
		text := `{"transactionType":"BrandNewType","transactionStatus":null,"futureField":{"a":1},"breakdowns":` + form +
			`,"contexts":[{"contextType":"FutureContext","x":1},{"contextType":"DeferredContext","deferralReason":"DD7","maturityDate":"2026-01-02T00:00:00Z"}]}`
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(x.Breakdowns) != 1 || x.Breakdowns[0].Amount.Amount != "10.00" || x.TransactionType != "BrandNewType" || x.TotalAmount != nil {
			t.Errorf("%s: %+v", name, x)
		}
		if len(x.Contexts) != 2 || x.Contexts[0].Type != "FutureContext" || x.Contexts[1].DeferralReason != "DD7" {
			t.Errorf("%s: contexts %+v", name, x.Contexts)
		}
		if string(x.Raw) != text {
			t.Errorf("%s: raw is not what came", name)
		}
	}
	var single spapi.Transaction
	if err := json.Unmarshal([]byte(`{"contexts":{"contextType":"ProductContext","sku":"a/b"}}`), &single); err != nil || single.Contexts[0].SKU != "a/b" {
		t.Errorf("a single context: %+v, %v", single.Contexts, err)
	}
	for _, form := range []string{`"text"`, `5`, `[5]`} {
		var x spapi.Transaction
		if err := json.Unmarshal([]byte(`{"breakdowns":`+form+`}`), &x); err == nil {
			t.Errorf("breakdowns %s were taken", form)
		}
	}
}

func TestClassesAreDistinct(t *testing.T) {
	names, sentences := map[string]bool{}, map[string]bool{}
	for _, c := range spapi.Classes() {
		if names[c.Name] || sentences[c.Error()] || c.Name == "" || len(c.Error()) > 200 || strings.Contains(c.Error(), "\n") {
			t.Errorf("class %q is not one clear sentence of its own", c.Name)
		}
		names[c.Name], sentences[c.Error()] = true, true
		if spapi.StopsConnection(c) && spapi.Temporary(c) {
			t.Errorf("class %q stops the connection and passes by itself", c.Name)
		}
	}
}

func TestPlainKeepsWhatHelps(t *testing.T) {
	for in, want := range map[string]string{
		"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL is not known": "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL is not known",
		"GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2_AND_SOME_MORE":          "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2_AND_SOME_MORE",
		"bad eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9eyJzdWIiOiIxMjM0NTY3ODkw!": "bad [cut]!",
		"see https://h/p?X-Amz-Signature=abc&x=1, please":                   "see https://h/p[cut], please",
		"really? yes": "really? yes",
	} {
		if got := spapi.Plain(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("line\r\nbreak Atza|abc \u2028 https://x/y?z=1")
	f.Fuzz(func(t *testing.T, s string) {
		got := spapi.Plain(s)
		if strings.ContainsAny(got, "\r\n\x00\x1b\u2028") || strings.Contains(got, "Atza|") || len(got) > 310 {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
