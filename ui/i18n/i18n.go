// Package i18n gives the interface's words in the reader's language. Keys are
// "screen.what"; the texts are files in resources/translations, with %s and %d
// (or %[1]s) where values go. A missing text falls back to English, and a
// missing key shows itself, which a test forbids.
//
//	w := i18n.For("ja")
//	w.T("orders.title")
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"strings"
	"sync"

	"countinghouse/resources"
	"countinghouse/ui/format"
)

// Words are the texts of one language. Immutable; safe for concurrent use.
type Words struct {
	tag      string
	texts    map[string]string
	fallback map[string]string
}

var load = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	err := fs.WalkDir(resources.Translations, "translations", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := resources.Translations.ReadFile(name)
		if err != nil {
			return err
		}
		tag := path.Base(path.Dir(name))
		if all[tag] == nil {
			all[tag] = map[string]string{}
		}
		texts := map[string]string{}
		if err := json.Unmarshal(data, &texts); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for k, v := range texts {
			all[tag][k] = v
		}
		return nil
	})
	if err != nil {
		panic("translations: " + err.Error()) // embedded at build time, proved by a test
	}
	return all
})

// For returns the words of the language that fits a tag best.
func For(tag string) *Words {
	tag = format.For(tag).Tag()
	return &Words{tag: tag, texts: load()[tag], fallback: load()["en"]}
}

// Tag is the language, such as "ja".
func (w *Words) Tag() string { return w.tag }

// T gives the text of a key with the values in their places.
func (w *Words) T(key string, values ...any) string {
	text, ok := w.texts[key]
	if !ok {
		text, ok = w.fallback[key]
	}
	if !ok {
		return key
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}

// Under gives the rest of each key that begins with prefix, in no order.
func (w *Words) Under(prefix string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for key := range w.fallback { // English has them all
			if rest, ok := strings.CutPrefix(key, prefix); ok && !yield(rest) {
				return
			}
		}
	}
}
