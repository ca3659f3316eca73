package main

import (
	"os/exec"
	"strings"
	"testing"
)

// A rule says which packages must not be reached from where, and why.
type rule struct {
	from   string // package prefix, ours
	not    []string
	except []string
	why    string
}

var rules = []rule{
	{"countinghouse/resources", []string{"countinghouse/"}, []string{"countinghouse/resources"},
		"resources only embeds files; nothing there may compute with our types"},
	{"countinghouse/data", []string{"countinghouse/ui", "countinghouse/sync", "countinghouse/charts"}, nil,
		"the books must stand without network and screens"},
	{"countinghouse/data/books", []string{"database/sql", "net/http", "os/exec", "fyne.io/"}, nil,
		"the rules of money are pure, so that they can be proved"},
	{"countinghouse/data/cipher", []string{"countinghouse/"}, []string{"countinghouse/data/cipher"},
		"the cipher knows nothing of the application"},
	{"countinghouse/sync", []string{"countinghouse/ui", "countinghouse/charts", "fyne.io/"}, nil,
		"fetching reports events; it never makes a sentence or a widget"},
	{"countinghouse/sync/spapi", []string{"countinghouse/data", "github.com/mattn/go-sqlite3"}, nil,
		"the client speaks to Amazon and stores nothing itself"},
	{"countinghouse/sync/spapifake", []string{"countinghouse/"}, []string{"countinghouse/sync/spapifake"},
		"the demo seller is a witness: sharing code would let one mistake prove itself right"},
	{"countinghouse/charts", []string{"countinghouse/", "fyne.io/"}, []string{"countinghouse/charts"},
		"numbers in, image out"},
	{"countinghouse/ui/cli", []string{"fyne.io/fyne/v2/app"}, nil,
		"only main links the window system, so that everything else is tested without a display"},
}

func TestArrowsRunOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-tags", "migrated_fynedo", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	seen := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		f := strings.Fields(line)
		for _, r := range rules {
			if f[0] != r.from && !strings.HasPrefix(f[0], r.from+"/") {
				continue
			}
			seen++
			for _, imp := range f[1:] {
				if under(imp, r.not) && !under(imp, r.except) {
					t.Errorf("%s imports %s, but %s", f[0], imp, r.why)
				}
			}
		}
	}
	if seen < len(rules)-2 {
		t.Errorf("only %d packages matched a rule: have the folders moved?", seen)
	}
}

// Each of these does one job in one place.
func TestOutsideLibrariesHaveOneHome(t *testing.T) {
	homes := map[string]string{
		"github.com/mattn/go-sqlite3":      "countinghouse/data/",
		"github.com/zalando/go-keyring":    "countinghouse/data/vault",
		"github.com/go-resty/resty/v2":     "countinghouse/sync/spapi",
		"github.com/wcharczuk/go-chart/v2": "countinghouse/charts",
		"github.com/alecthomas/kong":       "countinghouse/ui/cli",
		"fyne.io/fyne/v2/app":              "countinghouse",
	}
	out, err := exec.Command("go", "list", "-tags", "migrated_fynedo", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		f := strings.Fields(line)
		for _, imp := range f[1:] {
			if home, ok := homes[imp]; ok && !strings.HasPrefix(f[0]+"/", strings.TrimSuffix(home, "/")+"/") {
				t.Errorf("%s imports %s, whose only home is %s", f[0], imp, home)
			}
		}
	}
}

func under(path string, prefixes []string) bool {
	for _, p := range prefixes {
		if path == strings.TrimSuffix(p, "/") || strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}
