package paper

import (
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// A table that fits its columns cuts no figure, whatever its size and sign, and
// lies on its side only where it must; words give way first.
func TestColumnsFitTheirFigures(t *testing.T) {
	money := func(minor int64) Cell { return Amount(books.Money{Minor: minor, Currency: "EUR"}) }
	for _, tc := range []struct {
		name        string
		figures     []int64
		title       string
		orientation string
	}{
		{"six months", []int64{1_234_56, -1_234_567_89, 0, 9_99, -5, 123_456_78}, "Net sales", "P"},
		{"two years of months", []int64{-1_234_567_89, 1_234_567_89, -1_234_567_89, 1_234_567_89, -1_234_567_89, 1_234_567_89, 1_234_567_89, 1_234_567_89, -1}, "Net sales", "L"},
		{"a long name", []int64{-1_234_567_89, 1_234_567_89, -1_234_567_89, 1_234_567_89}, strings.Repeat("Rückerstattungen ", 20), "P"},
	} {
		for _, language := range []string{"en", "de", "ja"} {
			t.Run(tc.name+" "+language, func(t *testing.T) {
				s := Section{Fit: true, Columns: []Column{{Title: "Line"}}}
				row := Row{Weight: Total, Cells: []Cell{Text(tc.title)}}
				for _, f := range tc.figures {
					s.Columns = append(s.Columns, Column{Title: "Nov", Right: true})
					row.Cells = append(row.Cells, money(f))
				}
				s.Rows = []Row{row}
				r := Report{Head: Head{Printed: time.Unix(0, 0), Words: i18n.For(language), Locale: format.For(language)}, Sections: []Section{s}}
				fonts, err := newLetters(language)
				if err != nil {
					t.Fatal(err)
				}
				if r, err = fitted(r, fonts); err != nil {
					t.Fatal(err)
				}
				if got := orientationOf(r); got != tc.orientation {
					t.Errorf("it lies %s, want %s", got, tc.orientation)
				}
				p, err := newPage(r, fonts, 0, lineTall)
				if err != nil {
					t.Fatal(err)
				}
				p.ink.set(sizeBody, true)
				for i, e := range p.edges(r.Sections[0])[1:] {
					text := p.shown(row.Cells[i+1])
					if room := e[1] - e[0] - 3; p.ink.width(text) > room-p.ink.width(")")+p.ink.width(")")*float64(strings.Count(text, ")")) {
						t.Errorf("%s has %.1f mm of %.1f", text, room, p.ink.width(text))
					}
				}
			})
		}
	}
}
