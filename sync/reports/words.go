package reports

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"countinghouse/data/books"
	"countinghouse/resources"
)

// wordTables are the words of Amazon's reports, folded (see fold).
type wordTables struct {
	headings  map[string]string // heading -> English column of the date-range report
	languages map[string][]string
	types     map[string]string // transaction type -> its English word
	statuses  map[string]books.State
	months    map[string]int
	zones     map[string]int // minutes east of UTC
	charsets  map[string]string
}

// words reads the embedded tables once.
var words = sync.OnceValues(readWords)

func readWords() (*wordTables, error) {
	w := &wordTables{
		headings: map[string]string{}, languages: map[string][]string{},
		types: map[string]string{}, statuses: map[string]books.State{},
		months: map[string]int{}, zones: map[string]int{}, charsets: map[string]string{},
	}
	for _, table := range []struct {
		name, text string
		row        func([]string) error
	}{
		{"headings", resources.ReportHeadings, w.addHeading},
		{"types", resources.ReportTypes, func(r []string) error { w.types[fold(r[1])] = r[2]; return nil }},
		{"statuses", resources.ReportStatuses, func(r []string) error { w.statuses[fold(r[1])] = books.State(r[2]); return nil }},
		{"months", resources.ReportMonths, number(w.months)},
		{"zones", resources.ReportZones, number(w.zones)},
		{"charsets", resources.ReportCharsets, func(r []string) error { w.charsets[r[0]] = r[1]; return nil }},
	} {
		rows, err := csv.NewReader(strings.NewReader(table.text)).ReadAll()
		if err != nil {
			return nil, fmt.Errorf("read table of report %s: %w", table.name, err)
		}
		for _, r := range rows[1:] {
			if err := table.row(r); err != nil {
				return nil, fmt.Errorf("read table of report %s: %w", table.name, err)
			}
		}
	}
	return w, nil
}

func number(m map[string]int) func([]string) error {
	return func(r []string) error {
		n, err := strconv.Atoi(r[1])
		m[r[0]] = n
		return err
	}
}

func (w *wordTables) addHeading(r []string) error {
	h := fold(r[1])
	if was, ok := w.headings[h]; ok && was != r[2] {
		return fmt.Errorf("heading %q stands for %q and %q", r[1], was, r[2])
	}
	w.headings[h] = r[2]
	w.languages[h] = append(w.languages[h], r[0])
	return nil
}

// language returns the language that most of the headings belong to.
func (w *wordTables) language(headings []string) string {
	votes := map[string]int{}
	best := ""
	for _, h := range headings {
		for _, l := range w.languages[fold(h)] {
			votes[l]++
		}
	}
	for _, l := range []string{"en", "de", "fr", "es", "es-MX", "it", "nl", "sv", "pl", "pt-BR", "tr", "ja"} {
		if votes[l] > votes[best] {
			best = l
		}
	}
	return best
}

var quotes = strings.NewReplacer("\u2019", "'", "\u2018", "'", "\u00b4", "'", "`", "'", "\u301c", "~")

// fold makes headings and words comparable: letter case, blanks of every
// width, straight and curly apostrophes, composed letters, a colon at the end.
func fold(s string) string {
	s = quotes.Replace(strings.ToLower(norm.NFKC.String(quotes.Replace(s))))
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimRight(s, ": ")
}
