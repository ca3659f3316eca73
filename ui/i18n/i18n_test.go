package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var verb = regexp.MustCompile(`%(\[\d+\])?[sdvq]`)

func TestEveryLanguageHasEveryText(t *testing.T) {
	all := load()
	for _, tag := range []string{"ja", "de", "zh-Hans"} {
		for key, english := range all["en"] {
			text, ok := all[tag][key]
			if !ok || strings.TrimSpace(text) == "" {
				t.Errorf("%s lacks %s", tag, key)
				continue
			}
			if len(verb.FindAllString(text, -1)) != len(verb.FindAllString(english, -1)) {
				t.Errorf("%s: %s has other values than the English text", tag, key)
			}
		}
		for key := range all[tag] {
			if _, ok := all["en"][key]; !ok {
				t.Errorf("%s has %s, which English lacks", tag, key)
			}
		}
	}
}

// Chinese and Japanese have marks of their own width.
func TestMarksAreOfTheWritingTheyStandIn(t *testing.T) {
	narrow := map[string]*regexp.Regexp{
		"zh-Hans": regexp.MustCompile(`[\p{Han}）”][,:;?!(]|[,;?!)]\p{Han}`),
		"ja":      regexp.MustCompile(`[\p{Han}\p{Hiragana}\p{Katakana}）」][?!(]|[?!)][\p{Han}\p{Hiragana}\p{Katakana}]`),
	}
	for tag, of := range narrow {
		for key, text := range load()[tag] {
			if at := of.FindString(text); at != "" && !strings.Contains(key, ".code.") {
				t.Errorf("%s: %s has %q in %q", tag, key, at, text)
			}
		}
	}
}

// Every key that the code asks for as a literal must exist.
func TestEveryKeyInTheCodeHasAText(t *testing.T) {
	texts := load()["en"]
	err := filepath.WalkDir("../desktop", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			lit, isText := call.Args[0].(*ast.BasicLit)
			if !ok || sel.Sel.Name != "T" || !isText {
				return true
			}
			if key, err := strconv.Unquote(lit.Value); err == nil {
				if _, known := texts[key]; !known {
					t.Errorf("%s asks for %q, which has no text", path, key)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
