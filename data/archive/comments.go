package archive

import "strings"

// columnComments reads the comments that follow the columns of a CREATE TABLE
// statement on their own lines ("price_minor INTEGER, -- for all units"), by
// lower-case column name, and the comment on the line of the opening bracket,
// which is about the table. A comment alone on the next line continues the one
// above it when both begin at the same place of the line.
func columnComments(sql string) (columns map[string]string, table string) {
	s := &commentScan{sql: sql, columns: map[string]string{}, lastStart: -1}
	for s.pos < len(s.sql) {
		s.step()
	}
	return s.columns, s.table
}

type commentScan struct {
	sql       string
	pos       int
	lineStart int
	depth     int

	expectName bool   // the next name at depth 1 names a column
	current    string // the column being defined, or just ended on this line
	fresh      bool   // something other than white space stands on this line
	lastStart  int    // place in its line of the comment last taken, -1 for none
	last       string // the column it went to

	columns map[string]string
	table   string
}

func (s *commentScan) step() {
	switch c := s.sql[s.pos]; {
	case c == '\n':
		s.pos++
		s.lineStart = s.pos
		if !s.fresh {
			s.lastStart = -1
		}
		s.fresh = false
	case c == ' ' || c == '\t' || c == '\r':
		s.pos++
	case strings.HasPrefix(s.sql[s.pos:], "--"):
		s.lineComment()
	case strings.HasPrefix(s.sql[s.pos:], "/*"):
		end := strings.Index(s.sql[s.pos+2:], "*/")
		if end < 0 {
			s.pos = len(s.sql)
			return
		}
		s.pos += end + 4
	case strings.IndexByte(`"'`+"`[", c) >= 0:
		s.name(s.quoted(c))
	case c == '(':
		s.pos++
		s.depth++
		s.expectName = s.depth == 1
		s.fresh = true
	case c == ')':
		s.pos++
		s.depth--
		s.fresh = true
	case c == ',':
		s.pos++
		s.expectName = s.depth == 1
		s.fresh = true
	default:
		s.word()
	}
}

func (s *commentScan) lineComment() {
	start := s.pos - s.lineStart
	end := strings.IndexByte(s.sql[s.pos:], '\n')
	if end < 0 {
		end = len(s.sql) - s.pos
	}
	text := strings.TrimSpace(strings.TrimLeft(s.sql[s.pos:s.pos+end], "-"))
	s.pos += end
	continues := !s.fresh && start == s.lastStart
	if !s.fresh && !continues {
		s.lastStart = -1
		return
	}
	name := s.current
	if continues {
		name = s.last
	}
	if name == "" {
		s.table = joinText(s.table, text)
	} else {
		s.columns[name] = joinText(s.columns[name], text)
	}
	s.lastStart, s.last, s.fresh = start, name, true
}

// word takes a bare word: a column's name, a type, a keyword, an operator.
func (s *commentScan) word() {
	start := s.pos
	for s.pos < len(s.sql) && strings.IndexByte(" \t\r\n(),\"'`[", s.sql[s.pos]) < 0 &&
		!strings.HasPrefix(s.sql[s.pos:], "--") {
		s.pos++
	}
	s.name(s.sql[start:s.pos])
}

// name starts a new column when one is due. The words that begin a table
// constraint give names no column has, which does no harm.
func (s *commentScan) name(text string) {
	s.fresh = true
	if s.depth == 1 && s.expectName {
		s.current = strings.ToLower(text)
		s.expectName = false
	}
}

// quoted takes a quoted name or text and returns it without quotes.
func (s *commentScan) quoted(open byte) string {
	end := open
	if open == '[' {
		end = ']'
	}
	var b strings.Builder
	for s.pos++; s.pos < len(s.sql); s.pos++ {
		if c := s.sql[s.pos]; c != end {
			if c == '\n' {
				s.lineStart = s.pos + 1
			}
			b.WriteByte(c)
			continue
		}
		if open == '[' || s.pos+1 >= len(s.sql) || s.sql[s.pos+1] != end {
			s.pos++
			break
		}
		b.WriteByte(end)
		s.pos++
	}
	return b.String()
}

func joinText(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
