package appsync_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
)

// models is where Amazon's own interface files are on some machines. They are
// no part of the project; what needs them is skipped without.
var models = filepath.Join("..", "..", "shared", "spapi", "models")

// modelOperation is what a server needs of one operation: where it is and all
// good answers that Amazon shows for it.
type modelOperation struct {
	name, method string
	path         []string
	answers      []json.RawMessage
}

// readModels lists the operations of the interfaces that the engine speaks.
func readModels(t *testing.T) (list []modelOperation) {
	t.Helper()
	if _, err := os.Stat(models); err != nil {
		t.Skip("Amazon's model files are not here")
	}
	for _, name := range []string{
		"sellers.json", "orders_2026-01-01.json", "reports_2021-06-30.json", "fbaInventory.json",
		"listingsItems_2021-08-01.json", "finances_2024-06-19.json",
	} {
		b, err := os.ReadFile(filepath.Join(models, name))
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Paths map[string]map[string]json.RawMessage
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		for path, methods := range doc.Paths {
			for method, raw := range methods {
				var op struct {
					ID        string `json:"operationId"`
					Responses map[string]struct {
						Examples map[string]json.RawMessage
						Sandbox  struct {
							Static []struct{ Response json.RawMessage }
						} `json:"x-amzn-api-sandbox"`
					}
				}
				if json.Unmarshal(raw, &op) != nil || op.ID == "" {
					continue // parameters of the whole path
				}
				m := modelOperation{name: op.ID, method: strings.ToUpper(method), path: strings.Split(path, "/")}
				for status, r := range op.Responses {
					if !strings.HasPrefix(status, "2") {
						continue
					}
					for _, e := range r.Examples {
						m.answers = append(m.answers, e)
					}
					for _, s := range r.Sandbox.Static {
						m.answers = append(m.answers, s.Response)
					}
				}
				slices.SortFunc(m.answers, func(a, b json.RawMessage) int { return strings.Compare(string(a), string(b)) })
				list = append(list, m)
			}
		}
	}
	return list
}

func (m modelOperation) matches(r *http.Request) bool {
	parts := strings.Split(r.URL.Path, "/")
	return m.method == r.Method && len(parts) == len(m.path) && !slices.ContainsFunc(m.path, func(p string) bool {
		i := slices.Index(m.path, p)
		return !strings.HasPrefix(p, "{") && parts[i] != p
	})
}

// modelServer answers every request with one of Amazon's examples, whatever was
// asked for; with none of that number it answers 400 as the sandbox does.
func modelServer(list []modelOperation, variant int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("x-amzn-RateLimit-Limit", "string") // as in Amazon's examples
		if strings.HasSuffix(r.URL.Path, "/token") {
			w.Write([]byte(`{"access_token":"Atza|model","token_type":"bearer","expires_in":3600}`))
			return
		}
		for _, op := range list {
			if op.matches(r) && len(op.answers) > 0 && variant >= 0 {
				w.Write(op.answers[variant%len(op.answers)])
				return
			}
		}
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"errors":[{"code":"InvalidInput","message":"Could not match input arguments"}]}`))
	})
}

// A whole run against a server made from nothing but Amazon's models: what can
// be read is stored, the rest is told in one sentence each, and the book is
// whole and can be synced again. Its reports are never ready, so it needs a
// clock of its own.
func TestEngineAgainstAmazonsExamples(t *testing.T) {
	list := readModels(t)
	variants := 0
	for _, op := range list {
		variants = max(variants, len(op.answers))
	}
	if len(list) < 10 || variants < 2 {
		t.Fatalf("%d operations, %d answers", len(list), variants)
	}
	warmUp(t)
	stored := map[string]int64{}
	for variant := -1; variant < variants; variant++ {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) { syncExamples(t, dir, list, variant, stored) })
	}
	t.Log("stored ", stored)
	for table, n := range stored {
		if n == 0 {
			t.Errorf("no row of %s was ever stored", table)
		}
	}
}

func syncExamples(t *testing.T, dir string, list []modelOperation, variant int, stored map[string]int64) {
	v := bareVirtual(t, dir, spapifake.Credentials{ClientID: "amzn1.application-oa2-client.model", ClientSecret: "model", RefreshToken: "Atzr|model"}, modelServer(list, variant))
	defer v.close(t)
	v.cfg.LookBack = 60 * 24 * time.Hour
	e := appsync.New(v.cfg)
	for run := range 2 {
		r := once(t, e)
		for _, f := range r.Failures {
			if text := f.Err.Error(); text == "" || strings.Contains(text, "\n") || strings.Contains(text, "Atza|") || strings.Contains(text, "json:") {
				t.Errorf("variant %d, run %d, %s: %q", variant, run, f.Resource, text)
			}
			if run == 0 {
				t.Logf("variant %d: %s: %v", variant, f.Resource, f.Err)
			}
		}
		time.Sleep(time.Hour)
	}
	for _, table := range []string{"marketplace", "orders", "order_item", "listing", "financial_transaction", "fact", "money_line"} {
		stored[table] += sum(t, v.book, "SELECT count(*) FROM "+table)
	}
	if wrong, err := v.book.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("variant %d: sums: %v %v", variant, err, wrong)
	}
	if err := v.book.CheckForeignKeys(t.Context()); err != nil {
		t.Errorf("variant %d: %v", variant, err)
	}
}
