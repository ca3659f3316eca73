package reports

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// plainKinds are the kinds whose reader is the generic one.
func plainKinds(t testing.TB) (list []Kind) {
	t.Helper()
	g, err := kinds()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range g.list {
		if r.plain {
			list = append(list, r.kind)
		}
	}
	return list
}

// writing is how one file is written.
type writing struct {
	charset       string
	letters       string
	delim, eol    string
	quoted        bool
	group, point  string
	dates         string
	extra         int // empty columns at the end, as spreadsheets leave behind
	emptyRows     int
	unknownColumn bool
}

var codecs = map[string]encoding.Encoding{
	"utf-8": encoding.Nop, "utf-8 with mark": encoding.Nop, "windows-31j": japanese.ShiftJIS, "windows-1252": charmap.Windows1252,
	"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16be": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
}

func drawWriting(t *rapid.T) writing {
	w := writing{
		charset: rapid.SampledFrom([]string{"utf-8", "utf-8 with mark", "windows-31j", "windows-1252", "utf-16le", "utf-16be"}).Draw(t, "charset"),
		delim:   rapid.SampledFrom([]string{"\t", ",", ";"}).Draw(t, "delim"), eol: rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "eol"),
		quoted: rapid.Bool().Draw(t, "quoted"), dates: rapid.SampledFrom([]string{"2006-01-02", "02.01.2006", "2006/01/02", "2006-01-02T15:04:05-07:00"}).Draw(t, "dates"),
		extra: rapid.IntRange(0, 2).Draw(t, "extra"), emptyRows: rapid.IntRange(0, 2).Draw(t, "emptyRows"), unknownColumn: rapid.Bool().Draw(t, "unknown"),
		letters: "abc12-. ",
	}
	form := rapid.SampledFrom([][2]string{{",", "."}, {".", ","}, {"", "."}, {"", ","}}).Draw(t, "numbers")
	w.group, w.point = form[0], form[1]
	switch w.charset {
	case "windows-31j":
		w.letters = "アイウのは漢字ab"
	case "windows-1252":
		w.letters = "aäöüßéñ"
	}
	if w.delim != "\t" {
		w.quoted = true // the writer of a CSV quotes what it must; all is simpler
	}
	if w.quoted {
		w.letters += `",;`
	}
	return w
}

// cellValue is a cell as it is written, and what it must be read as.
type cellValue struct{ text, want string }

func (w writing) draw(t *rapid.T, c column) cellValue {
	if !c.filled && c.form != formCurrency && rapid.IntRange(0, 4).Draw(t, "empty") == 0 {
		return cellValue{rapid.SampledFrom([]string{"", ""}).Draw(t, "nothing"), ""}
	}
	switch c.form {
	case formCount:
		n := rapid.Int64Range(-99999, 999999).Draw(t, "count")
		return cellValue{fmt.Sprint(n), fmt.Sprint(n)}
	case formDecimal, formPercent:
		n := rapid.Int64Range(-99_999_999, 99_999_999).Draw(t, "decimal")
		text := w.number(n)
		if c.form == formPercent {
			text += "%"
		}
		return cellValue{text, strings.TrimSuffix(strings.TrimRight(plainHundredths(n), "0"), ".")}
	case formMoney:
		n := rapid.Int64Range(-99_999_999, 99_999_999).Draw(t, "money")
		return cellValue{w.number(n), fmt.Sprint(n)}
	case formCurrency:
		s := rapid.SampledFrom([]string{"EUR", "USD"}).Draw(t, "currency")
		return cellValue{s, s}
	case formWhen, formSpan:
		at := time.Unix(rapid.Int64Range(1_500_000_000, 1_900_000_000).Draw(t, "when"), 0).In(time.FixedZone("", 9*3600))
		return cellValue{at.Format(w.dates), at.Format(time.DateOnly)}
	case formMonth:
		at := time.Unix(rapid.Int64Range(1_500_000_000, 1_900_000_000).Draw(t, "month"), 0)
		return cellValue{at.Format("2006-01"), at.Format("2006-01")}
	}
	s := strings.TrimSpace(rapid.StringOfN(rapid.SampledFrom([]rune(w.letters)), 1, 12, -1).Draw(t, "text"))
	if s == "" || c.filled && strings.Trim(s, `",;`) == "" {
		s = "x"
	}
	if strings.Contains(strings.ToLower(c.name), "asin") {
		s = "B" + s // eight or nine digits alone are one that a spreadsheet has shortened
	}
	return cellValue{s, s}
}

// plainHundredths writes hundredths by other means than the reader reads them.
func plainHundredths(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

func (w writing) number(hundredths int64) string {
	whole, frac, _ := strings.Cut(plainHundredths(hundredths), ".")
	digits := strings.TrimPrefix(whole, "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + w.group + digits[i:]
	}
	return strings.Repeat("-", len(whole)-len(strings.TrimPrefix(whole, "-"))) + digits + w.point + frac
}

func (w writing) row(b *strings.Builder, cells []string) {
	for i, c := range append(slices.Clone(cells), make([]string, w.extra)...) {
		if i > 0 {
			b.WriteString(w.delim)
		}
		if w.quoted {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(c)
	}
	b.WriteString(w.eol)
}

func (w writing) encode(t *rapid.T, s string) []byte {
	out, err := codecs[w.charset].NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatalf("write %s: %v", w.charset, err)
	}
	if w.charset == "utf-8 with mark" {
		out = append([]byte("\xef\xbb\xbf"), out...)
	}
	return out
}

// tooFewLetters: Western letters may pair up as Japanese ones, and kanji without
// any kana may be read as Western signs. Kana are always told.
func (w writing) tooFewLetters(s string) bool {
	return w.charset == "windows-1252" || w.charset == "windows-31j" && !strings.ContainsFunc(s, func(r rune) bool { return r >= 'ぁ' && r <= 'ヿ' })
}

// drawColumns are columns in any order, each under any of its headings that
// the charset can write; some of those that may be missing are.
func drawColumns(t *rapid.T, spec *columnTable, w writing) (columns []column, headings []string) {
	for _, c := range rapid.Permutation(spec.columns).Draw(t, "order") {
		optional := !c.needed && c.form != formCurrency
		if optional && rapid.IntRange(0, 3).Draw(t, "dropped") == 0 {
			continue
		}
		var names []string
		for _, h := range spec.names[c.name] {
			if _, err := codecs[w.charset].NewEncoder().String(h); err == nil {
				names = append(names, h)
			}
		}
		columns = append(columns, c)
		headings = append(headings, rapid.SampledFrom(names).Draw(t, "heading"))
	}
	return columns, headings
}

// A report of any kind, written with its columns in any order and under any of
// their names, in any charset and form, gives back exactly its rows.
func TestPropertyTables(t *testing.T) {
	for _, kind := range plainKinds(t) {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { checkTable(t, kind) })
		})
	}
}

func checkTable(t *rapid.T, kind Kind) {
	g, _ := kinds()
	w := drawWriting(t)
	columns, headings := drawColumns(t, g.tables[kind], w)
	if w.unknownColumn {
		headings = append(headings, "a-column-of-2031")
	}
	var b strings.Builder
	w.row(&b, headings)
	rows := make([][]cellValue, rapid.IntRange(1, 6).Draw(t, "rows"))
	for i := range rows {
		var cells []string
		for _, c := range columns {
			v := w.draw(t, c)
			rows[i] = append(rows[i], v)
			cells = append(cells, v.text)
		}
		if w.unknownColumn {
			cells = append(cells, "secret")
		}
		w.row(&b, cells)
	}
	for range w.emptyRows {
		w.row(&b, make([]string, len(headings)))
	}
	data := w.encode(t, b.String())
	files, err := Open("p", bytes.NewReader(data), int64(len(data)), Hint{})
	if errors.Is(err, ErrCharset) || err == nil && files[0].Charset != w.charset && w.tooFewLetters(b.String()) {
		t.Skip("too few letters to tell the charset")
	}
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	f := files[0]
	if f.Kind != kind || f.Rows != len(rows) || (len(f.UnknownColumns) > 0) != w.unknownColumn {
		t.Fatalf("%s with %d rows, unknown %q, want %s with %d in\n%s", f.Kind, f.Rows, f.UnknownColumns, kind, len(rows), b.String())
	}
	i := 0
	for got, err := range tableRows(f, kind, func(r *TableRow) []string { return readBack(r, columns) }) {
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		for j, c := range columns {
			if got[j] != rows[i][j].want {
				t.Fatalf("row %d, %s: %q is read as %q, want %q, in\n%s", i, c.name, rows[i][j].text, got[j], rows[i][j].want, b.String())
			}
		}
		if raw := got[len(columns)]; g.tables[kind].personal && strings.Contains(raw, "secret") {
			t.Fatalf("row %d keeps an unknown cell of a report with personal columns: %s", i, raw)
		}
		i++
	}
	if i != len(rows) {
		t.Fatalf("%d rows, want %d", i, len(rows))
	}
}

// readBack gives every cell by its column's name, and the row as it stands.
func readBack(r *TableRow, columns []column) (out []string) {
	for _, c := range columns {
		text := ""
		switch c.form {
		case formCount:
			if n := r.Count(c.name); n.Told {
				text = fmt.Sprint(n.Value)
			}
		case formDecimal, formPercent:
			if n := r.Decimal(c.name); n.Told {
				text = n.Value.String()
			}
		case formMoney:
			if m := r.Money(c.name); m.Told {
				text = fmt.Sprint(m.Money.Minor)
			}
		case formWhen, formSpan:
			text = r.When(c.name).Day
		case formMonth:
			text = r.Month(c.name)
		default:
			text = r.Text(c.name)
		}
		out = append(out, text)
	}
	return append(out, r.Raw)
}

// Each table is told from every other by what it needs alone: a file with just
// its needed columns is of its kind. One that lacks one of them is refused with
// its name, unless there are too few columns to be sure.
func TestTablesAreTold(t *testing.T) {
	g, err := kinds()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range plainKinds(t) {
		t.Run(string(kind), func(t *testing.T) {
			needed := g.tables[kind].needed()
			if len(needed) < 3 {
				t.Fatalf("only %d columns are needed: other tables look like it", len(needed))
			}
			w, _ := words()
			var all, headings []string
			for _, c := range g.tables[kind].columns {
				h := g.tables[kind].names[c.name][0]
				if all = append(all, h); c.needed {
					headings = append(headings, h)
				}
			}
			if got := g.kindOf(newHeadings(headings, w)); got != kind {
				t.Errorf("its needed columns %q are taken for %q", headings, got)
			}
			for i := range all {
				c := g.tables[kind].columns[i].name
				if !slices.Contains(needed, c) {
					continue
				}
				text := strings.Join(slices.Delete(slices.Clone(all), i, i+1), "\t") + "\n"
				_, err := Open("x", strings.NewReader(text), int64(len(text)), Hint{})
				if few := len(all) < 8 && errors.Is(err, ErrKind); !few && (!errors.Is(err, ErrColumns) || !strings.Contains(err.Error(), `"`+c+`"`)) {
					t.Errorf("without %q: %v", c, err)
				}
			}
		})
	}
}

// fullRow is a file of one kind with every column and one row, for the corpus.
func fullRow(t testing.TB, kind Kind) []byte {
	t.Helper()
	g, err := kinds()
	if err != nil {
		t.Fatal(err)
	}
	var headings, cells []string
	for _, c := range g.tables[kind].columns {
		headings = append(headings, g.tables[kind].names[c.name][0])
		cells = append(cells, map[form]string{
			formText: "a b", formCount: "12", formDecimal: "3.25", formPercent: "4.64%", formMoney: "1,234.56", formCurrency: "EUR",
			formWhen: "2026-03-01T10:11:12+09:00", formMonth: "2026-03", formSpan: "03/2026",
		}[c.form])
	}
	return []byte(strings.Join(headings, "\t") + "\r\n" + strings.Join(cells, "\t") + "\r\n")
}

// FuzzTables reads whatever it is given as a plain table: a refusal must be a
// refusal, and what was accepted gives all its rows.
func FuzzTables(f *testing.F) {
	g, err := kinds()
	if err != nil {
		f.Fatal(err)
	}
	for _, r := range g.list {
		if r.plain {
			data := fullRow(f, r.kind)
			f.Add(data)
			f.Add(data[:len(data)-5])
			f.Add(bytes.ReplaceAll(data, []byte("\t"), []byte(";")))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := Open("fuzz", bytes.NewReader(data), int64(len(data)), Hint{})
		if err != nil {
			if len(files) != 0 {
				t.Fatal("a refused file was given out")
			}
			return
		}
		for _, file := range files {
			spec := g.tables[file.Kind]
			if spec == nil {
				continue
			}
			n := 0
			for _, err := range tableRows(file, file.Kind, func(r *TableRow) []string { return readBack(r, spec.columns) }) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != file.Rows || n == 0 {
				t.Fatalf("%d rows of %d", n, file.Rows)
			}
		}
	})
}

// FuzzTableCell puts any text into one cell of any kind.
func FuzzTableCell(f *testing.F) {
	g, err := kinds()
	if err != nil {
		f.Fatal(err)
	}
	for i, s := range []string{"1,234.56", "--", "8.0E-4", "4.64%", "￥1,372", "03/04/2025", "2026-08-12 PDT", "24-Sep-2026", "2022年9月", `"a""b"`, "1.000"} {
		f.Add(i, i, s)
	}
	f.Add(27, -35, "1.234") // a thousand units, until a later cell tells the sign
	f.Fuzz(func(t *testing.T, kind, at int, text string) {
		list := plainKinds(t)
		k := list[uint(kind)%uint(len(list))]
		lines := strings.Split(string(fullRow(t, k)), "\r\n")
		cells := strings.Split(lines[1], "\t")
		cells[uint(at)%uint(len(cells))] = text
		data := lines[0] + "\r\n" + strings.Join(cells, "\t") + "\r\n"
		files, err := Open("fuzz", strings.NewReader(data), int64(len(data)), Hint{})
		if err != nil {
			return
		}
		for _, file := range files {
			spec := g.tables[file.Kind]
			if spec == nil {
				continue
			}
			for _, err := range tableRows(file, file.Kind, func(r *TableRow) []string { return readBack(r, spec.columns) }) {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
