package desktop

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"countinghouse/data/store"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

func TestEntriesAreInTheReadersLanguage(t *testing.T) {
	for name, c := range map[string]struct{ language, action, text, want string }{
		"nothing varies":    {"en", "create", "the book was made", "Book made"},
		"account":           {"en", "connect", "connection eu in region EU", "Connected · EU"},
		"account's name":    {"de", "disconnect", "connection my shop", "Getrennt · connection my shop"},
		"count":             {"de", "import", "returns, 1234 rows", "Importiert · import.kind.returns, 1.234 Zeilen"},
		"one":               {"en", "cost", "cost list with 1 rows", "Unit costs · cost list, 1 row"},
		"day":               {"ja", "cost", "unit cost of KT-204 from 2026-03-01", "原価 · KT-204（2026年3月1日 から）"},
		"month and who":     {"zh-Hans", "close", "closed 2026-09 by anna", "已结账 · 2026年9月 (anna)"},
		"kind of slot":      {"ja", "slot", "added a slot of kind passphrase+keychain", "ロック解除方法 · 追加：パスフレーズとキーストア"},
		"line":              {"de", "classify", "finances / Adjustment / X/Y stands on cogs", "Name zugeordnet · Adjustment / X/Y steht unter: Wareneinsatz"},
		"what it changed":   {"en", "costs", "purchase P-7 by anna: cost of goods 2026-08 -12.34 EUR (closed; stands in 2026-09); 2026-09 +1234.50 EUR", "Purchases and costs · purchase P-7 (anna): cost of goods Aug 2026 −12.34\u00a0EUR (closed; stands in Sep 2026) · Sep 2026 +1,234.50\u00a0EUR"},
		"by in a name":      {"en", "costs", "kit stand by me by anna", "Purchases and costs · kit stand by me (anna)"},
		"two causes":        {"en", "costs", "postage; expense rent by anna", "Purchases and costs · postage · expense rent (anna)"},
		"a month's closing": {"en", "costs", "closed 2026-09 by anna", "Purchases and costs · Month closed: Sep 2026 (anna)"},
		"and its reopening": {"ja", "costs", "reopened 2026-09", "仕入・経費 · 締めを解除：2026年9月"},
		"a unit's cost":     {"en", "costs", "unit cost of KT by anna", "Purchases and costs · Unit costs: KT (anna)"},
		"semicolon":         {"en", "costs", "carrier's bill Mai; June.csv; postage by anna", "Purchases and costs · carrier's bill Mai; June.csv · postage (anna)"},
		"a name of words":   {"en", "costs", "3 of A lost B found", "Purchases and costs · 3 × A lost B: Found again"},
		"older copy":        {"de", "open", "an older copy of the book was opened", "Geöffnet · eine ältere Kopie des Buchs"},
		"damaged log":       {"ja", "open", "opened without what was damaged in the log of personal.db", "開きました · personal.dbの記録の壊れた部分を除く"},
		"another program's": {"ja", "import", "something new", "取り込み · something new"},
		"another kind":      {"ja", "beamed", "up", "beamed · up"},
	} {
		t.Run(name, func(t *testing.T) {
			e := &env{words: i18n.For(c.language), loc: format.For(c.language)}
			if got := auditText(e, store.AuditRow{Action: c.action, Detail: c.text}); got != c.want {
				t.Errorf("%q reads as %q, want %q", c.text, got, c.want)
			}
		})
	}
}

// TestEveryEntryHasWords reads the program's own source: a text that is written
// into the book and that the window could say in English only is named.
func TestEveryEntryHasWords(t *testing.T) {
	known := map[string]bool{"removed: *": true} // of goods moved, below in goodsCause
	for _, d := range deeds {
		known[deedGap.ReplaceAllString(d.text, "*")] = true
	}
	place := map[string]int{"Audit": 1, "Because": 1, "changeSlots": 0, "audited": 1, "change": 1, "putExpenses": 3}
	texts := 0
	for _, root := range []string{"../../data", "../../sync", "../../ui"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				at, ok := place[calledName(call)]
				if !ok || at >= len(call.Args) {
					return true
				}
				text := strings.TrimSuffix(skeleton(call.Args[at]), " by *")
				if text == "*" {
					return true // a variable: its own text is at its caller's
				}
				texts++
				if !known[text] {
					t.Errorf("%s: %q has no words", set.Position(call.Pos()), text)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if texts < 50 {
		t.Errorf("only %d texts were found", texts)
	}
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

var verb = regexp.MustCompile(`%[sd]`)

// skeleton is the text of an expression with stars for what varies.
func skeleton(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(x.Value); err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return skeleton(x.X) + skeleton(x.Y)
	case *ast.CallExpr:
		switch calledName(x) {
		case "Sprintf":
			return verb.ReplaceAllString(skeleton(x.Args[0]), "*")
		case "byWhom":
			return " by *"
		}
	}
	return "*"
}
