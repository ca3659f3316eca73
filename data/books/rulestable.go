package books

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ParseRules reads a table of rules (source, type, path, note, line, refund,
// sign) and one of types (source, type, event), as in resources. A wrong table
// gives an error that wraps ErrRules and names the line.
func ParseRules(rules, types io.Reader) (*Rules, error) {
	r := &Rules{cache: map[nameKey]hit{}}
	err := eachRow(rules, 7, func(c []string) error {
		rule := Rule{Source: Source(c[0]), Type: c[1], Path: c[2], Note: c[3], Line: Line(c[4]), Refund: Line(c[5])}
		if !KnownLine(rule.Line) || (rule.Refund != "" && !KnownLine(rule.Refund)) {
			return fmt.Errorf("no line %q or %q", c[4], c[5])
		}
		if c[6] != "" && c[6] != "-" && c[6] != "+" {
			return fmt.Errorf("sign %q is neither empty nor - nor +", c[6])
		}
		rule.Negate, rule.Credit = c[6] == "-", c[6] == "+"
		r.rules = append(r.rules, rule.folded())
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w: table of names: %w", ErrRules, err)
	}
	err = eachRow(types, 3, func(c []string) error {
		event := EventType(c[2])
		if !slices.Contains(eventTypes, event) {
			return fmt.Errorf("no event %q", c[2])
		}
		r.types = append(r.types, typeRule{fold(c[0]), fold(c[1]), event})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w: table of types: %w", ErrRules, err)
	}
	return r, nil
}

func eachRow(from io.Reader, columns int, row func([]string) error) error {
	r := csv.NewReader(from)
	r.Comment, r.FieldsPerRecord = '#', columns
	for first := true; ; first = false {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if first {
			continue
		}
		if err := row(cells); err != nil {
			at, _ := r.FieldPos(0)
			return fmt.Errorf("line %d: %w", at, err)
		}
	}
}
