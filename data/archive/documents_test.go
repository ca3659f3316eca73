package archive_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"countinghouse/data/archive"
)

func TestDocuments(t *testing.T) {
	db := sampleBook(t)
	packed := map[string]string{}
	for _, body := range []string{`{"AmazonOrderId":"1","n":1.10}`, "{\n \"pretty\": true\n}", "plain\ttext", "", "\xff\xfe", ` {"space":1}`, `[1`} {
		packed[addDocument(t, db, "order", []byte(body))] = body
	}
	report := []byte("settlement-id\tamount\r\n1\t2,50\r\n")
	sumTSV := addDocument(t, db, "settlement report", report)
	big := []byte(`{"x":"` + strings.Repeat("abc", 60_000) + `"}`)
	sumBig := addDocument(t, db, "inventory", big)
	sum, files := exportTo(t, db, archive.ExportOptions{})
	if sum.Documents != int64(len(packed)+2) {
		t.Errorf("%d documents", sum.Documents)
	}
	if got := files["documents/settlement-20report/"+sumTSV[:2]+"/"+sumTSV+".tsv"]; !bytes.Equal(got, report) {
		t.Errorf("the report: %q", got)
	}
	if got := files["documents/inventory/"+sumBig[:2]+"/"+sumBig+".json"]; !bytes.Equal(got, big) {
		t.Errorf("the large document has %d bytes", len(got))
	}
	for _, l := range bytes.Split(bytes.TrimSpace(files["documents/order.jsonl"]), []byte("\n")) {
		var d struct {
			SHA256     string
			ReceivedAt int64 `json:"received_at"`
			JSON       json.RawMessage
			Text       *string
			Base64     []byte
		}
		if err := json.Unmarshal(l, &d); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		body := string(d.JSON) + string(d.Base64)
		if d.Text != nil {
			body += *d.Text
		}
		if want, ok := packed[d.SHA256]; !ok || body != want || d.ReceivedAt != 1770000000000 {
			t.Errorf("line %s: %q, want %q", l, body, want)
		}
		delete(packed, d.SHA256)
	}
	if len(packed) > 0 {
		t.Errorf("%d packed documents are missing", len(packed))
	}
	if h := header(parseCSV(t, files["csv/document.csv"])[0]); h != "id|sha256|kind|size|received_at|received_utc" {
		t.Errorf("table document: %s", h)
	}
}

func TestDamagedDocumentStopsTheExport(t *testing.T) {
	for name, damage := range map[string]string{
		"checksum packed": `UPDATE document SET sha256 = '00' || substr(sha256, 3) WHERE kind = 'order'`,
		"checksum file":   `UPDATE document SET sha256 = '00' || substr(sha256, 3) WHERE kind = 'report'`,
		"body packed":     `UPDATE document SET body = x'28b52ffd00' WHERE kind = 'order'`,
		"body file":       `UPDATE document SET body = x'0102' WHERE kind = 'report'`,
		"no checksum":     `UPDATE document SET sha256 = 'none' WHERE kind = 'order'`,
	} {
		t.Run(name, func(t *testing.T) {
			db := sampleBook(t)
			addDocument(t, db, "order", []byte(`{"a":1}`))
			addDocument(t, db, "report", []byte("a\tb"))
			execSQL(t, db, damage)
			dir := t.TempDir()
			_, err := archive.Export(context.Background(), db, archive.ExportOptions{Out: filepath.Join(dir, "b.zip")})
			if !errors.Is(err, archive.ErrDocument) {
				t.Errorf("error %v", err)
			}
			expectEmpty(t, dir)
		})
	}
}
