package appsync_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The table of pitfalls in the package's documentation names all of them, each
// with a test that exists or with why it does not touch us; and every test of
// that name stands for a number of the table.
func TestPitfallsAreAllHere(t *testing.T) {
	text, err := os.ReadFile("doc_pitfalls.go")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]int{}
	for _, folder := range []string{".", "spapi", "reports", "../data/books", "../data/store", "spapifake"} {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`(?m)^func (TestPitfall(\d+)_\w+)\(t \*testing\.T\)`).FindAllStringSubmatch(string(b), -1) {
				n, _ := strconv.Atoi(m[2])
				tests[m[1]] = n
			}
		}
	}
	const all = 57
	listed := map[int]bool{}
	for _, m := range regexp.MustCompile(`(?m)^//\t *(\d+)  (.*)$`).FindAllStringSubmatch(string(text), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || n > all || listed[n] {
			t.Errorf("%q stands there twice, or is none of 1 to %d", m[1], all)
		}
		listed[n] = true
		why, untouched := strings.CutPrefix(m[2], "Does not touch us: ")
		name := regexp.MustCompile(`TestPitfall\w+$`).FindString(m[2])
		switch of, exists := tests[name]; {
		case untouched && (len(why) < 40 || name != ""):
			t.Errorf("pitfall %d does not touch us, but why? %q", n, why)
		case !untouched && !exists:
			t.Errorf("pitfall %d: there is no test %q", n, name)
		case !untouched && of != n:
			t.Errorf("pitfall %d names a test of another", n)
		case !untouched && len(m[2]) < len(name)+30:
			t.Errorf("pitfall %d does not say what is done", n)
		}
	}
	if len(listed) != all {
		t.Errorf("%d of %d pitfalls are listed", len(listed), all)
	}
	for name, n := range tests {
		if !listed[n] {
			t.Errorf("%s is about a pitfall that is not listed", name)
		}
	}
}
