package spapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Amazon's own model files, where they are at hand. They are no part of the
// project, so everything over them is skipped without.
var modelDir = filepath.Join("..", "..", "..", "shared", "spapi", "models")

// modelFiles are the interfaces this client speaks.
var modelFiles = []string{
	"sellers.json", "orders_2026-01-01.json", "reports_2021-06-30.json",
	"fbaInventory.json", "listingsItems_2021-08-01.json", "finances_2024-06-19.json",
	"financesV0.json", "transfers_2024-06-01.json", "financesInvoices_2026-06-25.json", "catalogItems_2022-04-01.json",
	"productPricing_2022-05-01.json", "productFeesV0.json", "dataKiosk_2023-11-15.json", "sales.json", "tracking_2026-01-30.json",
}

// modelParam, modelOp and modelStatic are what the tests need of Swagger 2.
type modelParam struct {
	Name, In, Type string
	Required       bool
}

type modelStatic struct {
	Request struct {
		Parameters map[string]struct{ Value any }
	}
	Response json.RawMessage
}

type modelResponse struct {
	Examples map[string]json.RawMessage
	Sandbox  struct{ Static []modelStatic } `json:"x-amzn-api-sandbox"`
}

type modelOp struct {
	file, method, path string
	OperationID        string `json:"operationId"`
	Description        string
	Parameters         []modelParam
	Responses          map[string]modelResponse
}

// readModels returns the operations by name, and each file's bytes.
func readModels(t *testing.T) (map[string]modelOp, map[string][]byte) {
	t.Helper()
	ops, files := map[string]modelOp{}, map[string][]byte{}
	for _, name := range modelFiles {
		b, err := os.ReadFile(filepath.Join(modelDir, name))
		if os.IsNotExist(err) {
			t.Skipf("Amazon's model files are not here")
		}
		if err != nil {
			t.Fatal(err)
		}
		files[name] = b
		var doc struct {
			Paths map[string]map[string]json.RawMessage
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for path, methods := range doc.Paths {
			for method, raw := range methods {
				op := modelOp{file: name, method: strings.ToUpper(method), path: path}
				if json.Unmarshal(raw, &op) == nil && op.OperationID != "" {
					ops[op.OperationID] = op
				}
			}
		}
	}
	return ops, files
}

// match reads the path parameters of an escaped path.
func (op modelOp) match(escaped string) (map[string]string, bool) {
	want, got := strings.Split(op.path, "/"), strings.Split(escaped, "/")
	if len(want) != len(got) {
		return nil, false
	}
	found := map[string]string{}
	for i := range want {
		if strings.HasPrefix(want[i], "{") {
			v, err := url.PathUnescape(got[i])
			if err != nil || v == "" {
				return nil, false
			}
			found[strings.Trim(want[i], "{}")] = v
		} else if want[i] != got[i] {
			return nil, false
		}
	}
	return found, true
}

// sandbox serves the static examples of the models as Amazon's sandbox does:
// every listed parameter has to match and every required one to be there,
// otherwise 400.
func sandbox(t *testing.T, ops map[string]modelOp) *amazon {
	return newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		var body any
		if r.Body != nil {
			_ = json.NewDecoder(r.Body).Decode(&body)
		}
		for _, op := range ops {
			path, ok := op.match(r.URL.EscapedPath())
			if !ok || op.method != r.Method {
				continue
			}
			for code, resp := range op.Responses {
				for _, s := range resp.Sandbox.Static {
					if op.complete(r, path) && s.matches(r, path, body) {
						status := 0
						_, _ = fmt.Sscan(code, &status)
						reply(w, status, string(s.Response))
						return
					}
				}
			}
		}
		reply(w, 400, amazonError("InvalidInput", "Could not match input arguments"))
	})
}

func (op modelOp) complete(r *http.Request, path map[string]string) bool {
	for _, p := range op.Parameters {
		if p.Required && p.In == "query" && !r.URL.Query().Has(p.Name) || p.Required && p.In == "path" && path[p.Name] == "" {
			return false
		}
	}
	return true
}

func (s modelStatic) matches(r *http.Request, path map[string]string, body any) bool {
	for name, p := range s.Request.Parameters {
		if name == "body" {
			if !same(p.Value, body) {
				return false
			}
			continue
		}
		got, ok := path[name]
		if !ok {
			got = r.URL.Query().Get(name)
		}
		want := fmt.Sprint(p.Value)
		if list, isList := p.Value.([]any); isList {
			parts := make([]string, len(list))
			for i, v := range list {
				parts[i] = fmt.Sprint(v)
			}
			want = strings.Join(parts, ",")
		}
		if got != want && !sameTime(got, want) {
			return false
		}
	}
	return true
}

// same compares JSON values; two spellings of one moment are the same.
func same(a, b any) bool {
	am, aok := a.(map[string]any)
	bm, bok := b.(map[string]any)
	if aok && bok {
		if len(am) != len(bm) {
			return false
		}
		for k := range am {
			if !same(am[k], bm[k]) {
				return false
			}
		}
		return true
	}
	as, aok := a.(string)
	bs, bok := b.(string)
	return aok && bok && sameTime(as, bs) || reflect.DeepEqual(a, b)
}

func sameTime(a, b string) bool {
	parse := func(s string) (time.Time, error) {
		if t, err := time.Parse("2006-01-02", s); err == nil {
			return t, nil
		}
		return time.Parse(time.RFC3339, s)
	}
	x, err1 := parse(a)
	y, err2 := parse(b)
	return err1 == nil && err2 == nil && x.Equal(y)
}

// examples are all good answers the model shows for an operation. One of
// Amazon's files has the answer itself where the media type should be.
func (op modelOp) examples() (all []json.RawMessage) {
	for code, resp := range op.Responses {
		if code[0] != '2' {
			continue
		}
		for kind, ex := range resp.Examples {
			all = append(all, ex)
			if !strings.Contains(kind, "/") {
				whole, _ := json.Marshal(resp.Examples)
				all = append(all, whole)
			}
		}
		for _, s := range resp.Sandbox.Static {
			all = append(all, s.Response)
		}
	}
	return all
}

// amounts walks JSON and returns every amount below a key of that name,
// without any of the code under test.
func amounts(t *testing.T, raw []byte, key string) (all []string) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if name == key && v["currencyCode"] != nil { // an item's price wraps the money
				a := v["amount"]
				if a == nil {
					a = v["currencyAmount"]
				}
				all = append(all, fmt.Sprint(a, v["currencyCode"]))
			}
			for k, x := range v {
				walk(k, x)
			}
		case []any:
			for _, x := range v {
				walk(name, x)
			}
		}
	}
	walk("", v)
	return all
}
