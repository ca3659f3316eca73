package appsync_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"countinghouse/data/store"
)

// foundBy says by which columns a row is found again in its original; the
// other tables are found by the texts of their keys.
var foundBy = map[string][]string{
	"orders": {"order_id"}, "order_item": {"order_id", "sku"}, "listing": {"sku"}, "stock_snapshot": {"sku"},
	"financial_transaction": {"transaction_id"}, "settlement": {"settlement_id"}, "fact": {"order_id", "sku", "settlement_id"},
	"amazon_payout":    {"currency", "marketplace_id"}, // an expected one has no id of Amazon's yet
	"traffic_day":      {"traffic_day"},
	"fee_invoice_line": {"line_id", "service", "sku", "asin", "currency"}, // the document is the invoice
}

// notFound are rows that say that Amazon had nothing to tell: no answer, no
// original.
var notFound = map[string]string{"catalog_item": "title = ''"}

// Every row that names a document opens to it, and the line it names holds that
// row: its order, SKU, transaction or whatever its key is.
func TestEveryRowOpensToItsOriginal(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		syncAll(t, b, s)
		importOne(t, b, file(t, "march.txt", march.v2()), "na")
		importOne(t, b, file(t, "orders.txt", ordersFile([]string{"111-9999999-0000001", "", "2026-09-20T08:30:00+00:00", "2026-09-20T08:30:00+00:00",
			"Shipped", "Amazon", "Amazon.com", "LAMP", "B000000017", "Lamp", "Shipped", "1", "USD", "17.80"})), "na")
		read := documentsOf(t, b)
		tables := tablesWith(t, b, "document_id")
		if len(tables) < 12 {
			t.Fatalf("only %v have originals", tables)
		}
		for _, table := range tables {
			columns := columnsOf(t, b.Reader(), table)
			if table == "import_file" {
				continue // its document is the whole file
			}
			find, known := foundBy[table]
			if !known {
				find = keyTexts(t, b, table)
			}
			line := "0"
			if slices.ContainsFunc(columns, func(c column) bool { return c.name == "doc_line" }) {
				line = "doc_line"
			}
			rows, err := b.Reader().QueryContext(t.Context(), fmt.Sprintf(`SELECT coalesce(document_id, 0), %s, "%s" FROM "%s"`, line, strings.Join(find, `", "`), table))
			if err != nil {
				t.Fatalf("%s: %v", table, err)
			}
			n, without, wrong := 0, 0, 0
			for rows.Next() {
				var id, at int64
				values := make([]any, 0, len(find)+2)
				texts := make([]string, len(find))
				values = append(values, &id, &at)
				for i := range texts {
					values = append(values, &texts[i])
				}
				if err := rows.Scan(values...); err != nil {
					t.Fatal(err)
				}
				n++
				if id == 0 {
					without++
					continue
				}
				if place := read(id, at); !holds(place, texts) {
					if wrong++; wrong <= 2 {
						t.Errorf("%s: %q is not in line %d of document %d: %.200q", table, texts, at, id, place)
					}
				}
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			rows.Close()
			t.Logf("%-22s %5d rows, found by %v", table, n, find)
			if q := notFound[table]; q != "" {
				without -= int(sum(t, b, `SELECT count(*) FROM "`+table+`" WHERE document_id IS NULL AND `+q))
			}
			if without > 0 || wrong > 0 {
				t.Errorf("%s: %d of %d rows without a document, %d that it does not hold", table, without, n, wrong)
			}
		}
	})
}

// documentsOf reads a document, or one line of it; line 0 is the whole.
func documentsOf(t *testing.T, b *store.Book) func(id, line int64) string {
	bodies, lines := map[int64]string{}, map[int64][]string{}
	return func(id, line int64) string {
		body, known := bodies[id]
		if !known {
			d, err := b.Document(t.Context(), id)
			if err != nil {
				t.Fatalf("document %d: %v", id, err)
			}
			body = string(d.Body)
			bodies[id], lines[id] = body, strings.Split(body, "\n")
		}
		switch {
		case line == 0:
			return body
		case line > int64(len(lines[id])):
			return ""
		}
		return lines[id][line-1]
	}
}

// holds tells whether the place names every text, as it is or as JSON writes it.
func holds(place string, texts []string) bool {
	told := 0
	for _, v := range texts {
		if v == "" || strings.HasPrefix(v, "unnamed:") {
			continue
		}
		told++
		quoted, err := json.Marshal(v)
		if err != nil || !strings.Contains(place, v) && !strings.Contains(place, string(quoted[1:len(quoted)-1])) {
			return false
		}
	}
	return place != "" && (told > 0 || len(texts) > 0)
}

func tablesWith(t *testing.T, b *store.Book, name string) (list []string) {
	t.Helper()
	rows, err := b.Reader().QueryContext(t.Context(), `SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND c.name = ? ORDER BY 1`, name)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// keyTexts are the columns of a table that name something of Amazon's.
func keyTexts(t *testing.T, b *store.Book, table string) (list []string) {
	t.Helper()
	for _, c := range columnsOf(t, b.Reader(), table) {
		switch c.name {
		case "sku", "asin", "order_id", "transaction_id", "settlement_id", "invoice_id", "group_id", "payout_id", "return_id", "currency", "fnsku":
			list = append(list, c.name)
		}
	}
	if len(list) == 0 {
		t.Errorf("%s: by what is a row found in its original?", table)
		list = []string{columnsOf(t, b.Reader(), table)[0].name}
	}
	return list
}
