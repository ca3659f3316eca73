package reports

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
)

// layout is where the rows of a file begin and how they are split.
type layout struct {
	kind     Kind
	charset  string
	repair   bool // UTF-8 with a few damaged signs
	eol      byte
	delim    byte
	csv      bool
	line     int // of the headings
	headings []string
	raw      string // the headings as they stand
	preamble []string
	language string // of the headings
}

const maxPreamble = 40 // lines before the headings

// recognise finds the headings by what they say, not by where they stand.
func recognise(s *survey, charset string, g *registry, w *wordTables) (*layout, error) {
	if err := sniff(s); err != nil {
		return nil, err
	}
	l := &layout{charset: charset, repair: s.utf8Bad > 0}
	if l.eol = '\n'; l.endsInCR(s) {
		l.eol = '\r'
	}
	lines := records{r: decoded(bytes.NewReader(s.head), charset, l.repair), eol: l.eol, next: 1}
	var seen [][]byte
	for len(seen) < maxPreamble {
		b, err := lines.readLine()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		b = bytes.Clone(b)
		if l.headingsIn(b, g, w) {
			l.line = len(seen) + 1
			for _, p := range seen {
				l.preamble = append(l.preamble, strings.Trim(string(p), `", `))
			}
			return l, nil
		}
		seen = append(seen, b)
	}
	return nil, unrecognised(seen, s)
}

// endsInCR tells the lines of old Macintoshes by the end of the first line, and by
// how many there are: line feeds may stand in cells below, and a return in a heading
// of others. It looks at letters, not at bytes: in UTF-16 half a letter can look like
// a line feed. A line feed after several returns is one line end: some programs
// write "\r\n" through a layer that adds a return.
func (l *layout) endsInCR(s *survey) bool {
	if s.cr == 0 {
		return false
	}
	text, err := io.ReadAll(decoded(bytes.NewReader(s.head), l.charset, l.repair))
	if err != nil {
		return false
	}
	feeds := bytes.Count(text, []byte{'\n'})
	lone, first := 0, -1 // returns that no line feed follows
	for i := 0; i < len(text); i++ {
		run := len(text[i:]) - len(bytes.TrimLeft(text[i:], "\r"))
		if i += run; run > 0 && (i == len(text) || text[i] != '\n') {
			if lone += run; first < 0 {
				first = i - run
			}
		}
	}
	feed := bytes.IndexByte(text, '\n')
	return lone > feeds && (feed < 0 || first < feed)
}

// headingsIn tells whether the line holds the headings of a kind, by any of
// the delimiters that Amazon or a spreadsheet writes.
func (l *layout) headingsIn(b []byte, g *registry, w *wordTables) bool {
	for _, delim := range []byte{'\t', ',', ';', '|'} {
		if bytes.IndexByte(b, delim) < 0 {
			continue
		}
		t := records{delim: delim, raw: b, csv: delim != '\t' || quotedThroughout(b)}
		if t.csv {
			if t.splitCSV() != nil {
				continue
			}
		} else {
			t.splitPlain()
		}
		headings := make([]string, len(t.fields))
		for i, f := range t.fields {
			headings[i] = strings.TrimSpace(string(f))
		}
		if kind := g.kindOf(newHeadings(headings, w)); kind != "" {
			l.kind, l.delim, l.csv, l.headings, l.raw = kind, delim, t.csv, headings, string(b)
			l.language = "en"
			if spec := g.tables[kind]; spec != nil {
				l.language = spec.language(headings)
			} else if kind == DateRange {
				l.language = w.language(headings)
			}
			return true
		}
	}
	return false
}

// quotedThroughout tells that every cell of a tab line is quoted: then quotes
// are quotes; otherwise they are inches and names.
func quotedThroughout(b []byte) bool {
	for cell := range bytes.SplitSeq(b, []byte{'\t'}) {
		if len(cell) < 2 || cell[0] != '"' || cell[len(cell)-1] != '"' {
			return false
		}
	}
	return true
}

// documents are the beginnings of files that are no text table.
var documents = []struct {
	begins string // as it is, or in small letters
	err    error
	reason string
}{
	{"<!doctype html", ErrMarkup, webPage}, {"<html", ErrMarkup, webPage}, {"<head", ErrMarkup, webPage},
	{"<", ErrMarkup, "this is an XML document; download the report as a flat file (TXT or CSV)"},
	{"{", ErrKind, "this is a JSON document; download the report as a flat file (TXT or CSV)"},
	{"[", ErrKind, "this is a JSON document; download the report as a flat file (TXT or CSV)"},
	{"%pdf", ErrBinary, "this is a PDF document; download the report as CSV"},
	{"\xff\xd8\xff", ErrBinary, aPicture}, {"\x89PNG", ErrBinary, aPicture}, {"gif8", ErrBinary, aPicture},
	{"\xd0\xcf\x11\xe0", ErrBinary, "this is an office document; save the sheet as CSV, or import the file as Amazon sent it"},
}

const aPicture = "this is a picture, not a report; import the report as Amazon sent it (TXT, CSV, ZIP or GZ)"

const webPage = "this is a web page, not a report (the download may have asked to sign in); sign in to Seller Central and download the report again"

// sniff tells what is no text table at all.
func sniff(s *survey) error {
	head := bytes.TrimLeft(bytes.TrimPrefix(s.head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(head) == 0 {
		return refuse(ErrEmpty, 0, "the file is empty; download it again")
	}
	start := bytes.ToLower(head[:min(len(head), 512)])
	if bytes.HasPrefix(start, []byte("<")) && bytes.Contains(start, []byte("<html")) {
		return refuse(ErrMarkup, 0, webPage)
	}
	for _, d := range documents {
		if strings.HasPrefix(string(head[:min(len(head), 4)]), d.begins) || bytes.HasPrefix(start, []byte(d.begins)) {
			return refuse(d.err, 0, "%s", d.reason)
		}
	}
	if !s.isUTF16() && (s.evenZero+s.oddZero > 0 || controls(s.head) > len(s.head)/100) {
		return refuse(ErrBinary, 0, "this is not a text file; import the report as Amazon sent it (TXT, CSV, ZIP or GZ)")
	}
	return nil
}

// controls counts signs that no text holds.
func controls(b []byte) (n int) {
	for _, c := range b {
		if c < ' ' && !bytes.ContainsRune([]byte("\t\n\r\f\x1a"), rune(c)) {
			n++
		}
	}
	return n
}

// unrecognised tells a sentence of Amazon's from a table of another kind.
func unrecognised(lines [][]byte, s *survey) error {
	wide := slices.IndexFunc(lines, func(b []byte) bool {
		return max(bytes.Count(b, []byte{'\t'}), bytes.Count(b, []byte{';'}), bytes.Count(b, []byte{'|'}), bytes.Count(b, []byte{','})/2) >= 3
	})
	if wide < 0 {
		var text []byte
		for _, b := range lines {
			if text = bytes.TrimSpace(b); len(text) > 0 {
				break
			}
		}
		if s.size <= 16<<10 {
			return refuse(ErrMessage, 0, "the file holds a message instead of a report: %s", quote(text))
		}
		return refuse(ErrKind, 0, "no headings of a report that can be read here were found; import the report as Amazon sent it")
	}
	headings := bytes.ReplaceAll(lines[wide], []byte{'\t'}, []byte(", "))
	return refuse(ErrKind, wide+1, "the headings %s are not those of a report that can be read here", quote(headings))
}

// records opens the rows that follow the headings.
func (l *layout) records(src source) (*records, io.Closer, error) {
	f, err := src.open()
	if err != nil {
		return nil, nil, readError(err)
	}
	t := &records{r: decoded(f, l.charset, l.repair), eol: l.eol, delim: l.delim, csv: l.csv, want: len(l.headings), next: 1}
	for range l.line {
		if _, err := t.readLine(); err != nil {
			_ = f.Close() // nothing was written; the read error counts
			return nil, nil, readError(err)
		}
	}
	return t, f, nil
}

// columns maps folded column names to places, or says which is missing or
// twice there. name translates a heading.
func (l *layout) columns(name func(string) string, needed ...string) (map[string]int, error) {
	at := map[string]int{}
	for i, h := range l.headings {
		c := name(h)
		if c == "" {
			continue
		}
		if _, twice := at[c]; twice {
			return nil, refuse(ErrColumns, l.line, "the column %s is there twice; the file was edited", quote([]byte(h)))
		}
		at[c] = i
	}
	var missing []string
	for _, c := range needed {
		if _, ok := at[c]; !ok {
			missing = append(missing, `"`+c+`"`)
		}
	}
	if len(missing) > 0 {
		return nil, refuse(ErrColumns, l.line, "the column %s is missing; download the report again", strings.Join(missing, ", "))
	}
	return at, nil
}

// unknown lists the headings that name does not translate.
func (l *layout) unknown(known func(string) bool) []string {
	var out []string
	for _, h := range l.headings {
		if !known(h) && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

var currencyCode = regexp.MustCompile(`\b(USD|CAD|MXN|BRL|GBP|EUR|SEK|PLN|TRY|AED|SAR|EGP|INR|ZAR|JPY|AUD|SGD)\b`)

// preambleCurrency reads "All amounts in USD, unless specified" in any
// language; "" when the preamble names no currency or several.
func (l *layout) preambleCurrency() string {
	found := map[string]bool{}
	for _, p := range l.preamble {
		for _, code := range currencyCode.FindAllString(p, -1) {
			found[code] = true
		}
		for word, code := range map[string]string{"Euro": "EUR", "単位は円": "JPY"} {
			if strings.Contains(p, word) {
				found[code] = true
			}
		}
	}
	if len(found) != 1 {
		return ""
	}
	for code := range found {
		return code
	}
	return ""
}

// checkWidth refuses a row with other cells than the headings have.
func checkWidth(t *records, want int) error {
	n := len(t.fields)
	if n == want {
		return nil
	}
	if n < want {
		return refuse(ErrCut, t.line, "the line has %d of %d columns; the file is cut or damaged, download it again", n, want)
	}
	for _, extra := range t.fields[want:] {
		if len(trimBlank(extra)) > 0 {
			return refuse(ErrColumns, t.line, "the line has %d columns, the headings have %d; the file is damaged or was edited", n, want)
		}
	}
	t.fields, t.spans = t.fields[:want], t.spans[:want]
	return nil
}

// intern keeps one copy of texts that come again and again.
type intern map[string]string

func (m intern) get(b []byte) string {
	if s, ok := m[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(m) < 4096 {
		m[string(b)] = s
	}
	return s
}
