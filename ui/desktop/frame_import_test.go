package desktop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// settlementFile is a settlement report of one row.
func settlementFile(id, currency, market string, cents int, more string) string {
	amount := fmt.Sprintf("%d.%02d", cents/100, cents%100)
	head := "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\tpromotion-id"
	first := id + "\t2026-03-01 00:00:00 UTC\t2026-03-15 00:00:00 UTC\t2026-03-17 00:00:00 UTC\t" + amount + "\t" + currency + strings.Repeat("\t", 18)
	row := id + strings.Repeat("\t", 6) + "Order\t111-0000000-000000" + id[len(id)-1:] + "\t\t\tS1\t" + market + "\tItemPrice\tPrincipal\t" + amount +
		"\tAFN\t2026-03-02\t2026-03-02 10:00:00 UTC\t1\t\t\tTEA-1\t1\t"
	if more != "" {
		head, first, row = head+"\t"+more, first+"\t", row+"\tx"
	}
	return head + "\n" + first + "\n" + row + "\n"
}

// importFolder is a folder as a seller drops it: reports, one of them changed,
// a page of a lost session, and another program's file.
func importFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"march.txt":       settlementFile("9001", "USD", "Amazon.com", 1234, ""),
		"sub/berlin.txt":  settlementFile("9002", "EUR", "Amazon.de", 950, "colour"),
		"wrong-total.txt": strings.Replace(settlementFile("9003", "USD", "Amazon.com", 500, ""), "\t5.00\tUSD", "\t6.00\tUSD", 1),
		"page.html":       "<!DOCTYPE html><html><body>Sign in</body></html>",
		"orders.json":     `{"orders":[]}`,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A dropped folder is told file by file before anything is stored; then its good
// files are stored, and the others are named.
func TestWindowImportsAFolder(t *testing.T) {
	s := newEmptySession(t)
	dir := importFolder(t)
	f, settle := frameOver(t, s, "en")
	f.d.window.Resize(fyne.NewSize(1280, 800))
	top := func() fyne.CanvasObject { return f.d.window.Canvas().Overlays().Top() }
	wait := func(what string, done func() bool) {
		t.Helper()
		for limit := time.Now().Add(time.Minute); !done(); settle() {
			if time.Now().After(limit) {
				t.Fatal("waited for", what)
			}
		}
	}
	f.d.dropped([]fyne.URI{storage.NewFileURI(dir)})
	wait("the preview", func() bool { return top() != nil && len(f.jobs) == 0 })
	ordersShoot(t, f.env, "import-preview")
	if n := rowsOf(t, s.Book); n != 0 {
		t.Fatalf("the preview left %d rows behind", n)
	}
	for _, want := range []string{"5 files · 4 rows · 2 would be new · 3 cannot be read", "orders.json"} {
		if !strings.Contains(textOn(f.env), want) {
			t.Errorf("the preview does not show %q", want)
		}
	}
	press(t, f.env, "What the files do not tell…")
	ordersShoot(t, f.env, "import-hints")
	press(t, f.env, "Look again")
	wait("the preview after more was told", func() bool { return top() != nil && len(f.jobs) == 0 })
	press(t, f.env, "Import 2 files")
	wait("the import", func() bool { return len(f.jobs) == 0 && f.notice != "" })
	if want := "Imported 4 rows, 2 of them new."; f.notice != want {
		t.Errorf("the status line says %q, want %q", f.notice, want)
	}
	if n := rowsOf(t, s.Book); n != 4 {
		t.Errorf("%d connections and settlements, want 4", n)
	}
	f.preview([]string{dir})
	wait("the second preview", func() bool { return top() != nil && len(f.jobs) == 0 })
	if said := textOn(f.env); !strings.Contains(said, "2 files were read before") || strings.Contains(said, "Import 2 files") {
		t.Errorf("files that were read before are offered again: %s", said)
	}
	if !escapeModal(f.d.window.Canvas()) || top() != nil {
		t.Errorf("Esc does not close the preview: %T", top())
	}
}

func rowsOf(t *testing.T, b *store.Book) (n int) {
	t.Helper()
	if err := b.Reader().QueryRow(`SELECT (SELECT count(*) FROM connection) + (SELECT count(*) FROM settlement)`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// The preview of the window tells of each file what it is, what of it is new, and
// what is wrong with it and what to do.
func TestImportRowsTellAll(t *testing.T) {
	s := newEmptySession(t)
	results, err := appsync.Preview(t.Context(), s.Book, []string{importFolder(t)}, appsync.ImportOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := importText{i18n.For("en"), format.For("en")}
	said := map[string]string{}
	for _, r := range importRows(results) {
		word, _ := text.state(r, false)
		said[r.Name] = strings.Join(append([]string{text.kind(r), text.period(r), text.money(r), word}, text.detail(r)...), " | ")
	}
	for name, want := range map[string][]string{
		"march.txt":       {"Settlement report", "12.34", "Ready", "files-na", "Amazon.com", "Every row and every column is used."},
		"berlin.txt":      {"9.50", "1 column not used", "files-eu", "not read: colour"},
		"wrong-total.txt": {"Cannot be read", "do not add up to the total", "wrong-total.txt"},
		"page.html":       {"Cannot be read", "signed you out"},
		"orders.json":     {"Cannot be read", "no report that can be read here"},
	} {
		for _, w := range want {
			if !strings.Contains(said[name], w) {
				t.Errorf("%s: %q lacks %q", name, said[name], w)
			}
		}
	}
	if got, want := text.outcome(importSums{files: 5, refused: 3, fresh: 2}, 5, false), "2 of 5 files were imported, with 2 new rows. The others left nothing behind."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What is no file at all, or changes while it is read, has advice of its own.
func TestImportHelpFits(t *testing.T) {
	changed := &reports.FileError{Name: "a.txt", Reason: "the file has changed", Err: reports.ErrChanged}
	locked := fmt.Errorf("look into the folder: %w", &fs.PathError{Op: "open", Path: "locked", Err: fs.ErrPermission})
	results, err := appsync.Preview(t.Context(), newEmptySession(t).Book, []string{linkToFolder(t), os.DevNull}, appsync.ImportOptions{}, nil)
	if err != nil || len(results) != 2 {
		t.Fatal(results, err)
	}
	for _, tag := range []string{"en", "de", "ja", "zh-Hans"} {
		text := importText{i18n.For(tag), format.For(tag)}
		for _, tc := range []struct {
			err error
			key string
		}{
			{changed, "import.help.changed"},
			{locked, "import.help.locked"},
			{results[0].Err, "import.help.folder"},
			{results[1].Err, "import.help.no_file"},
		} {
			if got := text.detail(importRow{err: tc.err}); len(got) != 2 || got[0] != text.w.T(tc.key) {
				t.Errorf("%s: %v is told as %q, want %s", tag, tc.err, got, tc.key)
			}
		}
	}
}

// linkToFolder gives a folder that holds nothing but a link to another one.
func linkToFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(t.TempDir(), filepath.Join(dir, "link")); err != nil {
		t.Skip("links cannot be made here:", err)
	}
	return dir
}

// What was cancelled says how far it came, and what it read stays.
func TestWindowImportStopped(t *testing.T) {
	s := newEmptySession(t)
	dir := importFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	done, err := appsync.ImportFiles(ctx, s.Book, []string{filepath.Join(dir, "march.txt"), filepath.Join(dir, "sub")}, appsync.ImportOptions{},
		func(done, _ int, _ string) {
			if done == 1 {
				cancel()
			}
		})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	text := importText{i18n.For("en"), format.For("en")}
	if got, want := text.outcome(sumImport(reached(done)), 2, true), "Stopped: 1 of 2 files were read and stay in the book."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestImportHints(t *testing.T) {
	o, err := importHints{"na", "ATVPDKIKX0DER", " eur ", "2026-03-01", "Asia/Tokyo", " Invoiced Orders"}.options()
	if err != nil || o.Connection != "na" || o.Marketplace != "ATVPDKIKX0DER" || o.Hint.Currency != "EUR" || o.Hint.Account != "Invoiced Orders" ||
		o.Taken != time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) || o.Hint.Zone.String() != "Asia/Tokyo" {
		t.Fatalf("%+v, %v", o, err)
	}
	if again, err := hintsOf(o).options(); err != nil || again.Hint.Zone.String() != "Asia/Tokyo" || again.Taken != o.Taken || again.Connection != o.Connection || again.Hint.Account != o.Hint.Account {
		t.Errorf("%+v became %+v, %v", o, again, err)
	}
	for _, tc := range []struct {
		name string
		h    importHints
		want error
	}{
		{"a currency in words", importHints{currency: "euro"}, errHintCurrency},
		{"a day the wrong way", importHints{made: "01.03.2026"}, errHintMade},
		{"no such zone", importHints{zone: "Asia/Nowhere"}, errHintZone},
	} {
		if _, err := tc.h.options(); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// Every kind of report has its word, in every language.
func TestEveryKindOfReportHasAWord(t *testing.T) {
	for _, tag := range []string{"en", "de", "ja", "zh-Hans"} {
		w := i18n.For(tag)
		for _, k := range reports.Kinds() {
			if key := "import.kind." + string(k); w.T(key) == key {
				t.Errorf("%s: %s has no word", tag, k)
			}
		}
		for _, h := range importHelp {
			if w.T(h.key) == h.key {
				t.Errorf("%s: %s has no text", tag, h.key)
			}
		}
	}
}
