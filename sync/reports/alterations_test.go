package reports_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// grid is a report taken apart: the lines above the headings, the headings, the
// rows.
type grid struct {
	above [][]string
	cells [][]string // the headings first
	comma bool       // it was separated by commas
}

// takeApart reads a sample without the code under test.
func takeApart(t *testing.T, data []byte, line int) grid {
	t.Helper()
	if !utf8.Valid(data) {
		text, err := japanese.ShiftJIS.NewDecoder().Bytes(data)
		if err != nil {
			t.Fatal(err)
		}
		data = text
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	g := grid{}
	head := strings.SplitN(text, "\n", line+1)[line-1]
	if strings.Contains(head, "\t") {
		for l := range strings.Lines(text) {
			if l = strings.TrimRight(l, "\r\n"); l != "" {
				g.cells = append(g.cells, strings.Split(l, "\t"))
			}
		}
		return g
	}
	g.comma = true
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	top := slices.IndexFunc(all, func(row []string) bool { return len(row) > 3 })
	g.above, g.cells = all[:top], all[top:]
	return g
}

// each gives a copy of the grid with every cell below the headings changed.
func (g grid) each(f func(heading, cell string) string) grid {
	out := g
	out.cells = [][]string{slices.Clone(g.cells[0])}
	for _, row := range g.cells[1:] {
		row = slices.Clone(row)
		for i, c := range row {
			if i < len(g.cells[0]) {
				row[i] = f(g.cells[0][i], c)
			}
		}
		out.cells = append(out.cells, row)
	}
	return out
}

// columns gives a copy with other columns: f is told a row, the headings first.
func (g grid) columns(f func(n int, row []string) []string) grid {
	out := g
	out.cells = nil
	for n, row := range g.cells {
		out.cells = append(out.cells, f(n, slices.Clone(row)))
	}
	return out
}

// saved is how a program writes a table.
type saved struct {
	delim  string
	eol    string
	quotes string // "all", "needed", "" for none
}

func (s saved) write(g grid) []byte {
	var b strings.Builder
	for _, row := range append(slices.Clone(g.above), g.cells...) {
		for i, c := range row {
			if i > 0 {
				b.WriteString(s.delim)
			}
			if s.quotes == "all" || s.quotes == "needed" && strings.ContainsAny(c, s.delim+"\",\n\r") {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			b.WriteString(c)
		}
		b.WriteString(s.eol)
	}
	return []byte(b.String())
}

// own is the form that the sample had.
func own(g grid) saved {
	if g.comma {
		return saved{",", "\r\n", "all"}
	}
	return saved{"\t", "\r\n", ""}
}

func inUTF16(text []byte, order binary.AppendByteOrder, mark bool) []byte {
	var out []byte
	if mark {
		out = order.AppendUint16(out, 0xfeff)
	}
	for _, u := range utf16.Encode([]rune(string(text))) {
		out = order.AppendUint16(out, u)
	}
	return out
}

// in encodes, or gives nil where the charset lacks a letter.
func in(e encoding.Encoding, text []byte) []byte {
	out, err := e.NewEncoder().Bytes(text)
	if err != nil {
		return nil
	}
	return out
}

var (
	pointNumber   = regexp.MustCompile(`^-?\d+\.\d+$`)
	isoDay        = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)$`)
	groupedNumber = regexp.MustCompile(`^-?\d{1,3}(,\d{3})*(\.\d+)?$`)
	wholeNumber   = regexp.MustCompile(`^-?\d{1,7}$`)
)

// thousands writes a number of the English form in another one.
func thousands(c, group, point string) string {
	if grouped := strings.TrimSpace(c); groupedNumber.MatchString(grouped) {
		c = strings.ReplaceAll(grouped, ",", "")
	}
	if !pointNumber.MatchString(c) {
		return c
	}
	sign := ""
	if c[0] == '-' {
		sign, c = "-", c[1:]
	}
	whole, frac, _ := strings.Cut(c, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	return sign + whole + point + frac
}

// day writes ISO days in another order.
func day(to string) func(_, c string) string {
	return func(_, c string) string { return isoDay.ReplaceAllString(c, to) }
}

// alterations are what programs and people make of a report.
var alterations = map[string]func(*testing.T, grid) []byte{
	"CSV, few quotes":          func(_ *testing.T, g grid) []byte { return saved{",", "\n", "needed"}.write(g) },
	"CSV, all quoted, CRLF":    func(_ *testing.T, g grid) []byte { return saved{",", "\r\n", "all"}.write(g) },
	"CSV of the old Macintosh": func(_ *testing.T, g grid) []byte { return saved{",", "\r", "all"}.write(g) },
	"bars":                     func(_ *testing.T, g grid) []byte { return saved{"|", "\n", "needed"}.write(g) },
	"the old Macintosh, with a line feed in a cell": func(_ *testing.T, g grid) []byte {
		g = g.columns(func(n int, r []string) []string {
			if n == 0 {
				return append(r, "my notes")
			}
			return append(r, "line\nfeed")
		})
		return saved{",", "\r", "all"}.write(g)
	},
	"semicolons with a mark": func(_ *testing.T, g grid) []byte {
		return append([]byte("\ufeff"), saved{";", "\r\n", "needed"}.write(g)...)
	},
	"semicolons and sep=": func(_ *testing.T, g grid) []byte {
		return append([]byte("sep=;\r\n"), saved{";", "\r\n", "needed"}.write(g)...)
	},
	"tabs, all quoted":     func(_ *testing.T, g grid) []byte { return saved{"\t", "\n", "all"}.write(g) },
	"tabs as Excel quotes": func(_ *testing.T, g grid) []byte { return saved{"\t", "\r\n", "needed"}.write(g) },
	"Unicode text of Excel": func(_ *testing.T, g grid) []byte {
		return inUTF16(saved{"\t", "\r\n", "needed"}.write(g), binary.LittleEndian, true)
	},
	"UTF-16BE with a mark": func(_ *testing.T, g grid) []byte {
		return inUTF16(saved{",", "\r\n", "all"}.write(g), binary.BigEndian, true)
	},
	"windows-1252": func(_ *testing.T, g grid) []byte { return in(charmap.Windows1252, own(g).write(g)) },
	"CP932":        func(_ *testing.T, g grid) []byte { return in(japanese.ShiftJIS, own(g).write(g)) },
	"two marks":    func(_ *testing.T, g grid) []byte { return append([]byte("\ufeff\ufeff"), own(g).write(g)...) },
	"gzip":         func(t *testing.T, g grid) []byte { return gzipped(t, own(g).write(g)) },
	"gzip of gzip": func(t *testing.T, g grid) []byte { return gzipped(t, gzipped(t, own(g).write(g))) },
	"gzip four times": func(t *testing.T, g grid) []byte {
		return gzipped(t, gzipped(t, gzipped(t, gzipped(t, own(g).write(g)))))
	},
	"rounded ids": func(_ *testing.T, g grid) []byte {
		return own(g).write(g.each(func(h, c string) string {
			if slices.Contains([]string{"settlement id", "order-item-code", "sku"}, strings.ToLower(h)) && c != "" {
				return "5.47134E+13"
			}
			return c
		}))
	},
	"zip in a zip":           func(t *testing.T, g grid) []byte { return zipped(t, "in.zip", zipped(t, "r.csv", own(g).write(g))) },
	"gzip in a zip":          func(t *testing.T, g grid) []byte { return zipped(t, "in.gz", gzipped(t, own(g).write(g))) },
	"empty lines at the end": func(_ *testing.T, g grid) []byte { return append(own(g).write(g), "\r\n\r\n \r\n\x1a"...) },
	"empty cells below": func(_ *testing.T, g grid) []byte {
		return append(own(g).write(g), strings.Repeat(strings.Repeat(own(g).delim, len(g.cells[0])-1)+"\r\n", 3)...)
	},
	"an empty line above":     func(_ *testing.T, g grid) []byte { return append([]byte("\r\n"), own(g).write(g)...) },
	"no end of the last line": func(_ *testing.T, g grid) []byte { return bytes.TrimRight(own(g).write(g), "\r\n") },
	"empty columns to the right": func(_ *testing.T, g grid) []byte {
		g = g.columns(func(_ int, r []string) []string { return append(r, "", "") })
		return own(g).write(g)
	},
	"columns turned round": func(_ *testing.T, g grid) []byte {
		g = g.columns(func(_ int, r []string) []string { slices.Reverse(r); return r })
		return own(g).write(g)
	},
	"a column of one's own first": func(_ *testing.T, g grid) []byte {
		g = g.columns(func(n int, r []string) []string {
			if n == 0 {
				return append([]string{"my notes"}, r...)
			}
			return append([]string{"checked"}, r...)
		})
		return own(g).write(g)
	},
	"a column of one's own last": func(_ *testing.T, g grid) []byte {
		g = g.columns(func(n int, r []string) []string {
			if n == 0 {
				return append(r, "my notes")
			}
			return append(r, "checked")
		})
		return own(g).write(g)
	},
	"headings in capitals": func(_ *testing.T, g grid) []byte {
		g = g.columns(func(n int, r []string) []string {
			for i := range r {
				if n == 0 {
					r[i] = " " + strings.ToUpper(r[i]) + "\u00a0"
				}
			}
			return r
		})
		return own(g).write(g)
	},
	"decimal commas": func(_ *testing.T, g grid) []byte {
		return saved{";", "\r\n", "needed"}.write(g.each(func(_, c string) string { return thousands(c, "", ",") }))
	},
	"German thousands": func(_ *testing.T, g grid) []byte {
		return saved{";", "\r\n", "needed"}.write(g.each(func(_, c string) string { return thousands(c, ".", ",") }))
	},
	"French thousands": func(_ *testing.T, g grid) []byte {
		return saved{";", "\r\n", "needed"}.write(g.each(func(_, c string) string { return thousands(c, "\u202f", ",") }))
	},
	"Swiss thousands": func(_ *testing.T, g grid) []byte {
		return saved{";", "\r\n", "needed"}.write(g.each(func(_, c string) string { return thousands(c, "’", ".") }))
	},
	"English thousands": func(_ *testing.T, g grid) []byte {
		return saved{"\t", "\r\n", "needed"}.write(g.each(func(_, c string) string { return thousands(c, ",", ".") }))
	},
	"negatives in brackets": func(_ *testing.T, g grid) []byte {
		return own(g).write(g.each(func(_, c string) string {
			if pointNumber.MatchString(c) && c[0] == '-' {
				return "(" + c[1:] + ")"
			}
			return c
		}))
	},
	"minus behind the number": func(_ *testing.T, g grid) []byte {
		return own(g).write(g.each(func(_, c string) string {
			if pointNumber.MatchString(c) && c[0] == '-' {
				return c[1:] + "-"
			}
			return c
		}))
	},
	"the sign of minus": func(_ *testing.T, g grid) []byte {
		return own(g).write(g.each(func(_, c string) string {
			if pointNumber.MatchString(c) && c[0] == '-' {
				return "\u2212" + c[1:]
			}
			return c
		}))
	},
	"days as in America": func(_ *testing.T, g grid) []byte { return own(g).write(g.each(day("$2/$3/$1"))) },
	"days as in Germany": func(_ *testing.T, g grid) []byte { return own(g).write(g.each(day("$3.$2.$1"))) },
	"days as in Britain": func(_ *testing.T, g grid) []byte { return own(g).write(g.each(day("$3/$2/$1"))) },
	"days as in Japan":   func(_ *testing.T, g grid) []byte { return own(g).write(g.each(day("$1/$2/$3"))) },
	`text as ="..."`: func(_ *testing.T, g grid) []byte {
		return saved{",", "\r\n", "needed"}.write(g.each(func(_, c string) string {
			if c == "" || pointNumber.MatchString(c) || wholeNumber.MatchString(c) || strings.ContainsAny(c, `"`) {
				return c
			}
			return `="` + c + `"`
		}))
	},
	`text as ="..." without quotes`: func(_ *testing.T, g grid) []byte {
		return saved{"\t", "\r\n", ""}.write(g.each(func(_, c string) string {
			if c == "" || pointNumber.MatchString(c) || wholeNumber.MatchString(c) || strings.ContainsAny(c, `"`) {
				return c
			}
			return `="` + c + `"`
		}))
	},
	"whole numbers with .0": func(_ *testing.T, g grid) []byte {
		return own(g).write(g.each(func(h, c string) string {
			h = strings.ToLower(h)
			if wholeNumber.MatchString(c) && (strings.Contains(h, "quantity") || h == "menge" || h == "数量") {
				return c + ".0"
			}
			return c
		}))
	},
	"a line of totals": func(_ *testing.T, g grid) []byte {
		row := make([]string, len(g.cells[0]))
		row[0] = "Total"
		last := g.cells[len(g.cells)-1]
		for i := 1; i < len(row) && i < len(last); i++ {
			if pointNumber.MatchString(last[i]) {
				row[i] = "123.45"
			}
		}
		g.cells = append(slices.Clone(g.cells), row)
		return own(g).write(g)
	},
	"two files in one":    func(_ *testing.T, g grid) []byte { return append(own(g).write(g), own(g).write(g)...) },
	"workbook of texts":   func(t *testing.T, g grid) []byte { return inWorkbook(t, g, false) },
	"workbook of numbers": func(t *testing.T, g grid) []byte { return inWorkbook(t, g, true) },
}

func inWorkbook(t *testing.T, g grid, numbers bool) []byte {
	t.Helper()
	book := excelize.NewFile()
	for r, row := range append(slices.Clone(g.above), g.cells...) {
		for c, text := range row {
			name, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err == nil {
				if numbers && pointNumber.MatchString(text) {
					err = book.SetCellDefault("Sheet1", name, text)
				} else {
					err = book.SetCellStr("Sheet1", name, text)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
