package spapi

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"
)

// params are query parameters, one value each; lists are comma-separated in
// one value, as Amazon wants them.
type params map[string]string

// encode percent-encodes everything but letters, digits and -._~ , with
// parameters in alphabetical order. Page tokens contain +, / and =, and a plus
// or an offset sign left as it is would arrive as a space.
func (p params) encode() string {
	names := make([]string, 0, len(p))
	for n := range p {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	for i, n := range names {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(escape(n) + "=" + escape(p[n]))
	}
	return b.String()
}

// escape is strict percent-encoding of UTF-8, for query values and for path
// segments alike: a slash in a SKU must not become a path of its own.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// segment escapes one path segment. "." and ".." cannot be escaped, and an
// empty one would change the path: they name nothing at Amazon.
func segment(op Op, what, s string) (string, error) {
	if s == "" || s == "." || s == ".." {
		return "", fail(op, ErrArgument, "%s %q names nothing", what, s)
	}
	return escape(s), nil
}

func (p params) text(name, v string) {
	if v != "" {
		p[name] = v
	}
}

func (p params) list(name string, v []string) {
	if len(v) > 0 {
		p[name] = strings.Join(v, ",")
	}
}

func (p params) time(name string, t time.Time) {
	if !t.IsZero() {
		p[name] = formatTime(t)
	}
}

// formatTime is UTC with Z: an offset's plus sign is too easily lost.
func formatTime(t time.Time) string {
	return t.UTC().Truncate(time.Second).Format("2006-01-02T15:04:05Z")
}

// checkList refuses lists that Amazon would refuse, and values with a comma,
// which cannot be told from two values.
func checkList(op Op, name string, v []string, least, most int) error {
	if len(v) < least || len(v) > most {
		return fail(op, ErrArgument, "%s takes %d to %d values, not %d", name, least, most, len(v))
	}
	for _, s := range v {
		if s == "" || strings.Contains(s, ",") {
			return fail(op, ErrArgument, "%s: a value is empty or holds a comma", name)
		}
	}
	return nil
}

func (p params) number(name string, n int) {
	if n > 0 {
		p[name] = strconv.Itoa(n)
	}
}
