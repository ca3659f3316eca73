package spapi

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// Error is a failed call. It never holds an address, a query, a body or a
// token; Detail is Amazon's own sentence with anything token-like cut out.
type Error struct {
	Op        Op
	Class     *Class
	Status    int    // HTTP status, 0 when no answer came
	Code      string // Amazon's error code, e.g. "InvalidInput"
	Detail    string // Amazon's message or the cause, redacted, at most 300 bytes
	RequestID string // x-amzn-RequestId, what Amazon's support asks for
}

// Error returns one line: what is wrong and what to do, then the evidence that
// support asks for, in brackets.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Class.sentence)
	facts := []string{string(e.Op)}
	if e.Status != 0 {
		facts = append(facts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.Code != "" {
		facts = append(facts, e.Code)
	}
	if e.Detail != "" {
		facts = append(facts, e.Detail)
	}
	if e.RequestID != "" {
		facts = append(facts, "request id "+e.RequestID)
	}
	fmt.Fprintf(&b, " (%s)", strings.Join(facts, ", "))
	return b.String()
}

// Unwrap gives the class, so that errors.Is(err, ErrRevoked) works.
func (e *Error) Unwrap() error { return e.Class }

// fail builds an Error without an answer.
func fail(op Op, c *Class, format string, args ...any) *Error {
	return &Error{Op: op, Class: c, Detail: plain(fmt.Sprintf(format, args...))}
}

const maxDetail = 300

// LWA tokens start with Atza| (access), Atzr| (refresh) or Atz.sprdt|; client
// secrets of newer applications with amzn1.oa2-cs. Query strings and long runs
// of token letters are cut too: no sentence for a person needs one.
var (
	tokenLike = regexp.MustCompile(`Atz[a-z.]*\|[^\s"',]*|amzn1\.oa2-cs[^\s"',]*|\?[A-Za-z][\w.-]*=[^\s"',]*`)
	longRun   = regexp.MustCompile(`[A-Za-z0-9+/_=\-]{48,}`)
)

// cutRun spares names of report types, which are long, in capitals and full of
// underscores, and cuts what looks random.
func cutRun(s string) string {
	if strings.ToUpper(s) == s && strings.Count(s, "_") >= 4 {
		return s
	}
	return "[cut]"
}

// plain makes text from outside fit for one line of an error: no control
// characters, nothing token-like, bounded.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.TrimSpace(longRun.ReplaceAllStringFunc(tokenLike.ReplaceAllString(s, "[cut]"), cutRun))
	if len(s) > maxDetail {
		s = strings.ToValidUTF8(s[:maxDetail], "") + "..."
	}
	return s
}
