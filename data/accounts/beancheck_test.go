package accounts_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
)

// beanCheck runs Debian's bean-check, which says nothing of a journal that is
// right.
func beanCheck(t *testing.T, journal string) {
	t.Helper()
	path, err := exec.LookPath("bean-check")
	if err != nil {
		t.Skip("beancount is not installed")
	}
	file := filepath.Join(t.TempDir(), "books.beancount")
	if err := os.WriteFile(file, []byte(journal), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--no-cache", file)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Fatalf("bean-check: %v\n%.2000s", err, out)
	}
}

// Names that mean something to Beancount stay text, and its checker takes every
// entry.
func TestHostileNamesPassBeanCheck(t *testing.T) {
	chart := accounts.StandardChart()
	chart[accounts.Key(books.SalesProduct)] = accounts.Account{Name: "erlöse:8400 inland", Code: `84"00`, Type: accounts.Income}
	chart[accounts.Key(books.Promotion)] = accounts.Account{Name: "売上:(値引)", Code: "8700", Type: accounts.Income}
	var items []accounts.Item
	for i, h := range hostile {
		line := books.SalesProduct
		if i%2 == 1 {
			line = books.Promotion
		}
		items = append(items, accounts.Item{
			Day: "2026-03-04", Connection: "na", Marketplace: h, Settlement: h, Event: strings.Repeat("e", i+1), Order: h, SKU: h, Line: line, Amount: usd(int64(100 + i)),
		})
	}
	items = append(items, accounts.Item{Day: "2026-03-05", Connection: "fe", Event: "yen", Line: books.SalesProduct, Amount: books.Money{Minor: 1980, Currency: "JPY"}})
	var out bytes.Buffer
	if err := accounts.WriteBeancount(&out, entries(t, chart, accounts.Options{Detail: accounts.ByEvent}, items...)); err != nil {
		t.Fatal(err)
	}
	beanCheck(t, out.String())
}
