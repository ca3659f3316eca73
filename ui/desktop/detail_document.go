package desktop

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"countinghouse/data/store"
)

// detailField is one named value of what Amazon sent.
type detailField struct {
	Name, Value string
	Head        bool // the heading of a line
}

// detailShown is what a window can show of an original without delay.
const detailShown = 64 << 10

// detailOriginal makes what Amazon sent readable. A report's lines become their
// columns with their values; anything else is its text, indented when it is
// JSON. cut tells that text is only the beginning.
func detailOriginal(d store.Document, lines []int64) (fields []detailField, text string, cut bool) {
	for _, n := range lines {
		row, whole := detailReportLine(string(d.Body), int(n))
		if whole != "" {
			row = []detailField{{Value: whole}}
		}
		if len(row) > 0 {
			fields = append(append(fields, detailField{Name: "# " + strconv.FormatInt(n, 10), Head: true}), row...)
		}
	}
	if len(fields) > 0 {
		return fields, "", false
	}
	var out bytes.Buffer
	if json.Indent(&out, d.Body, "", "  ") == nil {
		text = out.String()
	} else {
		text = string(d.Body)
	}
	if len(text) > detailShown {
		text, cut = text[:detailShown], true
	}
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return nil, text, cut
}

// detailReportLine reads line n, from 1, with the names of the columns, which
// stand in the first line that is not empty. When the two do not fit each
// other the line is given as it is.
func detailReportLine(body string, n int) ([]detailField, string) {
	var head, row string
	for i := 1; body != "" && i <= n; i++ {
		var text string
		text, body, _ = strings.Cut(body, "\n")
		text = strings.TrimSuffix(text, "\r")
		if head == "" && strings.TrimSpace(text) != "" {
			head = text
		}
		if i == n {
			row = text
		}
	}
	if row == "" {
		return nil, ""
	}
	names, values := strings.Split(head, "\t"), strings.Split(row, "\t")
	if len(names) < 2 || len(names) < len(values) || row == head {
		return nil, strings.ToValidUTF8(row, "\uFFFD")
	}
	var fields []detailField
	for i, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			fields = append(fields, detailField{Name: strings.ToValidUTF8(strings.TrimSpace(names[i]), "\uFFFD"), Value: strings.ToValidUTF8(v, "\uFFFD")})
		}
	}
	return fields, ""
}

// detailLines numbers a page's worth of a text: a label of one long text is
// laid out whole each time, lines in a list only when seen.
func detailLines(text string) []detailField {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	out := make([]detailField, len(lines))
	for i, l := range lines {
		out[i] = detailField{Name: strconv.Itoa(i + 1), Value: l}
	}
	return out
}
