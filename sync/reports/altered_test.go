package reports_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"countinghouse/sync/reports"
)

// refusedWith are the alterations after which nothing is certain any more, and what
// the refusal says.
var refusedWith = map[string]string{
	"a line of totals":        `Total`, // a settlement's are of no settlement
	"two files in one":        `the headings stand here a second time|of \d+ columns|has two header rows`,
	"rounded ids":             `was rounded by a spreadsheet`,
	"minus behind the number": `is not a number`,
	"decimal commas":          `another decimal sign`, // a yen file with thousandths of yen: "9,783" is a thousand in others
	"German thousands":        `another decimal sign`,
	"French thousands":        `another decimal sign`,
	"gzip four times":         `packed more than 3 times`,
}

// Reports re-saved as programs and people do it: the same rows, or a refusal that
// says why.
func TestAltered(t *testing.T) {
	orders := ordersFile(order("1", "A"), order("1", "A"), order("1", "B\" wide"), order("2", "A"))
	for name, data := range map[string][]byte{"date range": goodDateRange(), "settlement": goodSettlement(), "orders": orders} {
		f := mustOpen(t, data)
		line, _ := f.Headings()
		alterAll(t, name, takeApart(t, data, line), map[string]int{})
	}
}

// The same with real ones.
func TestAlteredSamples(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "samples")
	if _, err := os.Stat(root); err != nil {
		t.Skip("the shared samples are not here")
	}
	refusals, samples := map[string]int{}, 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".txt", ".csv"}, filepath.Ext(path)) {
			return err
		}
		if g, ok := smallGrid(t, path); ok {
			samples++
			alterAll(t, d.Name(), g, refusals)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range refusedWith {
		if refusals[name] == 0 {
			t.Errorf("%s was never refused", name)
		}
	}
	t.Logf("%d samples, %d alterations", samples, len(alterations))
}

// alterAll tries every alteration on one report.
func alterAll(t *testing.T, what string, g grid, refusals map[string]int) {
	t.Helper()
	base := own(g).write(g)
	want := rows(t, mustOpen(t, base))
	for name, alter := range alterations {
		altered := alter(t, g)
		if altered == nil {
			continue // the charset lacks its letters: there is no such file
		}
		t.Run(what+"/"+name, func(t *testing.T) {
			if wantAltered(t, name, altered, !bytes.Equal(altered, base), want) {
				refusals[name]++
			}
		})
	}
}

// wantAltered opens an altered report and tells whether it was refused, as it has
// to be.
func wantAltered(t *testing.T, name string, altered []byte, changed bool, want []string) (refused bool) {
	t.Helper()
	files, err := open(t, "altered", altered, reports.Hint{})
	says := refusedWith[name]
	if says != "" && changed && err != nil {
		var fe *reports.FileError
		if !errors.As(err, &fe) || !regexp.MustCompile(says).MatchString(err.Error()) || strings.Contains(err.Error(), "\n") {
			t.Errorf("refused with %v, want %q", err, says)
		}
		return true
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, rows(t, files[0])); diff != "" {
		t.Errorf("%.600s", diff)
	}
	return false
}

// smallGrid takes a sample of rows apart; of a long one the first rows, where they
// can stand alone. Settlements cannot: they are told whole.
func smallGrid(t *testing.T, path string) (grid, bool) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files, err := open(t, filepath.Base(path), data, reports.Hint{})
	if err != nil || len(files) != 1 {
		return grid{}, false // broken on purpose
	}
	f := files[0]
	settlement := f.Kind == reports.SettlementV1 || f.Kind == reports.SettlementV2
	business := f.Kind == reports.BusinessByASIN || f.Kind == reports.BusinessByDate || f.Kind == reports.VATTransactions
	if settlement && len(data) > 40_000 || business {
		return grid{}, false
	}
	line, _ := f.Headings()
	g := takeApart(t, data, line)
	if !settlement {
		g.cells = g.cells[:min(40, len(g.cells))]
	}
	return g, true
}
