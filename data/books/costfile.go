package books

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// ErrCostFile reports a cost list that cannot be read at all; errors of single
// rows are CostErrors.
var ErrCostFile = errors.New("not a cost list")

// CostError is one row of a cost list that cannot be used.
type CostError struct {
	Line   int // as an editor counts it, from 1
	Reason string
}

// Error gives "line 7: ...".
func (e CostError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

var costColumns = []string{"sku", "marketplace", "valid_from", "unit_cost", "currency"}

// ParseCosts reads a cost list: CSV with a heading line, columns by name in any
// order (sku, marketplace, valid_from, unit_cost, currency; others are passed
// over), separated by comma, semicolon or tab, UTF-8 with or without a byte order
// mark. marketplace may turn the seller's name for a marketplace into its id, and
// refuse it; nil takes the text as it is. Of rows with the same key the last
// counts. Rows with mistakes are left out and reported; nothing is guessed.
func ParseCosts(from io.Reader, marketplace func(string) (string, bool)) ([]Cost, []CostError, error) {
	in := bufio.NewReader(from)
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
	}
	head, _ := in.Peek(4096)
	r := csv.NewReader(in)
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = separator(head), -1, true
	names, err := r.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: no heading line: %w", ErrCostFile, err)
	}
	at := make([]int, len(costColumns))
	for i, want := range costColumns {
		at[i] = slices.IndexFunc(names, func(n string) bool { return fold(n) == want })
		if at[i] < 0 {
			return nil, nil, fmt.Errorf("%w: column %q is missing (wanted: %s)", ErrCostFile, want, strings.Join(costColumns, ", "))
		}
	}
	p := costParser{at: at, marketplace: marketplace, comma: r.Comma != ',', place: map[Cost]int{}}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return p.rows, p.bad, nil
		}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			p.bad = append(p.bad, CostError{syntax.Line, syntax.Err.Error()})
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read cost list: %w", err)
		}
		line, _ := r.FieldPos(0)
		p.row(line, row)
	}
}

func separator(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

type costParser struct {
	at          []int
	marketplace func(string) (string, bool)
	comma       bool // a comma may be the decimal sign
	rows        []Cost
	place       map[Cost]int // row of a cost, its unit cost aside
	bad         []CostError
}

func (p *costParser) row(line int, cells []string) {
	if len(cells) == 1 && strings.TrimSpace(cells[0]) == "" {
		return
	}
	c, reason := p.cost(cells)
	if reason != "" {
		p.bad = append(p.bad, CostError{line, reason})
		return
	}
	key := c
	key.Unit = Decimal{}
	if i, ok := p.place[key]; ok {
		p.rows[i] = c
		return
	}
	p.place[key] = len(p.rows)
	p.rows = append(p.rows, c)
}

func (p *costParser) cost(cells []string) (c Cost, reason string) {
	var v [5]string
	for i, at := range p.at {
		if at >= len(cells) {
			return c, fmt.Sprintf("column %q is missing in this row", costColumns[i])
		}
		v[i] = strings.TrimSpace(cells[at])
	}
	c = Cost{SKU: v[0], Marketplace: v[1], From: v[2], Currency: strings.ToUpper(v[4])}
	if c.SKU == "" {
		return c, "the sku is empty"
	}
	if c.Marketplace != "" && p.marketplace != nil {
		id, ok := p.marketplace(c.Marketplace)
		if !ok {
			return c, fmt.Sprintf("marketplace %q is not known", v[1])
		}
		c.Marketplace = id
	}
	if _, err := time.Parse(time.DateOnly, c.From); err != nil && c.From != "" {
		return c, fmt.Sprintf("valid_from %q is not a day like 2026-03-01", v[2])
	}
	if len(c.Currency) != 3 || strings.Trim(c.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return c, fmt.Sprintf("currency %q is not a code like USD", v[4])
	}
	number := v[3]
	if p.comma && strings.Count(number, ",") == 1 && !strings.Contains(number, ".") {
		number = strings.Replace(number, ",", ".", 1)
	}
	unit, err := ParseUnit(number)
	if err != nil {
		return c, fmt.Sprintf("unit_cost %q is not a plain number like 3.25", v[3])
	}
	if unit.Sign() < 0 {
		return c, fmt.Sprintf("unit_cost %q is negative", v[3])
	}
	c.Unit = unit
	return c, ""
}
