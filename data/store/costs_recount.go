package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"countinghouse/data/books"
)

// costLine is a cost of goods as it stands in the books.
type costLine struct {
	event, seq int64
	move       books.Move
	amount     int64
	uncovered  int64
	connection string
	state      string
}

// costKey is what has to stay the same for a cost to stay the same.
type costKey struct {
	typ, sku, order, marketplace, currency, day string
	at, units                                   int64
}

// keptCost is the cost of an event that is written again.
type keptCost struct {
	costKey
	amount, uncovered int64
}

// carryCost gives an event that is written again the cost it had, when nothing
// changed that the cost depends on; else its SKU is counted anew.
func (t *Tx) carryCost(e *books.Event, was *keptCost) error {
	basis, err := t.loadBasis()
	if err != nil {
		return err
	}
	for i := range e.Lines {
		l := &e.Lines[i]
		if l.Line != books.COGS || !basis.layered[e.SKU] {
			continue
		}
		key := costKey{string(e.Type), e.SKU, e.Order, e.Marketplace, l.Amount.Currency, e.Day, millis(e.Occurred), l.Quantity}
		if was != nil && was.costKey == key {
			l.Amount.Minor, l.Uncovered, e.Uncovered = was.amount, was.uncovered, was.uncovered
			return nil
		}
		t.recount[e.SKU] = struct{}{}
	}
	if was != nil && basis.layered[was.sku] {
		t.recount[was.sku] = struct{}{}
	}
	return nil
}

// recountDirty costs the goods of every touched SKU anew, with those of the kits
// it is part of.
func (t *Tx) recountDirty(sums rollups) error {
	if len(t.recount) == 0 {
		return nil
	}
	basis, err := t.loadBasis()
	if err != nil {
		return err
	}
	skus := basis.group(t.recount)
	t.recount = map[string]struct{}{}
	families := basis.families(skus)
	for i, family := range families {
		if err := t.recountFamily(basis, family, sums); err != nil {
			return fmt.Errorf("count the cost of %s: %w", family[0], err)
		}
		if t.progress != nil {
			t.progress(i+1, len(families))
		}
	}
	return nil
}

func (t *Tx) recountFamily(basis *costBasis, family []string, sums rollups) error {
	lines, err := readCostLines(txSource{t}, family, "")
	if err != nil {
		return err
	}
	ledger, err := books.NewLedger(basis.of(family, basis.Method))
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		c, err := ledger.Apply(l.move)
		if err != nil {
			return err
		}
		if c.Amount.Minor == l.amount && c.Uncovered == l.uncovered && c.Amount.Currency == l.move.Currency {
			continue
		}
		if err := t.putCost(l, c, sums); err != nil {
			return err
		}
	}
	return nil
}

// putCost moves one cost of goods, and the daily sums with it.
func (t *Tx) putCost(l *costLine, c books.Costed, sums rollups) error {
	if _, err := t.exec(`UPDATE money_line SET amount_minor = ?, uncovered = ?, currency = ? WHERE event_id = ? AND seq = ?`,
		c.Amount.Minor, c.Uncovered, c.Amount.Currency, l.event, l.seq); err != nil {
		return err
	}
	if c.Uncovered != l.uncovered {
		if _, err := t.exec(`UPDATE event SET uncovered = ? WHERE id = ?`, c.Uncovered, l.event); err != nil {
			return err
		}
	}
	key := rollupKey{l.move.Day, l.connection, l.move.Marketplace, l.move.Currency, l.move.SKU, string(books.COGS), l.state}
	if c.Amount.Currency == l.move.Currency {
		sums.add(key, rollupSum{c.Amount.Minor - l.amount, 0, c.Uncovered - l.uncovered, 0})
	} else {
		quantity := l.move.Units
		if l.move.Kind == books.Returned || l.move.Kind == books.Found {
			quantity = -quantity
		}
		sums.add(key, rollupSum{-l.amount, -quantity, -l.uncovered, -1})
		key.currency = c.Amount.Currency
		sums.add(key, rollupSum{c.Amount.Minor, quantity, c.Uncovered, 1})
	}
	t.noteCost(l, c)
	return nil
}

// readCostLines reads the cost lines of SKUs in the order in which a ledger takes
// them, up to a day when one is given.
func readCostLines(from source, skus []string, until string) ([]costLine, error) {
	args := make([]any, 0, len(skus)+1)
	for _, s := range skus {
		args = append(args, s)
	}
	where := ""
	if until != "" {
		where = " AND e.event_day <= ?"
		args = append(args, until)
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(skus)), ",")
	var lines []costLine
	err := from.each(`SELECT e.id, l.seq, e.key, e.type, e.order_id, e.sku, e.marketplace_id, l.currency, e.event_day, e.occurred_at,
		l.quantity, l.amount_minor, l.uncovered, e.connection_id, l.state
		FROM event e CROSS JOIN money_line l ON l.event_id = e.id WHERE e.sku IN (`+marks+`)`+where+` AND l.line = 'cogs'`, args,
		func(r *sql.Rows) error {
			l, ok, err := scanCostLine(r)
			if ok {
				lines = append(lines, l)
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read the goods that moved: %w", err)
	}
	slices.SortFunc(lines, func(a, b costLine) int { return books.CompareMoves(a.move, b.move) })
	return lines, nil
}

func scanCostLine(r *sql.Rows) (costLine, bool, error) {
	var l costLine
	var at, units int64
	var typ books.EventType
	m := &l.move
	err := r.Scan(&l.event, &l.seq, &m.Key, &typ, &m.Order, &m.SKU, &m.Marketplace, &m.Currency, &m.Day, &at, &units,
		&l.amount, &l.uncovered, &l.connection, &l.state)
	m.At = fromMillis(at)
	var ok bool
	m.Kind, m.Units, ok = books.MoveOf(typ, units)
	return l, ok, err
}

// changeKey is where costs changed: what the audit log tells.
type changeKey struct{ month, currency string }

type changeSum struct{ before, after int64 }

// noteCost remembers by how much a month's costs change.
func (t *Tx) noteCost(l *costLine, c books.Costed) {
	if t.cause == "" {
		return
	}
	k := changeKey{l.move.Day[:7], c.Amount.Currency}
	s := t.costChanges[k]
	s.before += l.amount
	s.after += c.Amount.Minor
	t.costChanges[k] = s
}

// tellChanges writes down who changed costs, why, and by how much in each month.
func (t *Tx) tellChanges() error {
	if t.cause == "" {
		return nil
	}
	keys := make([]changeKey, 0, len(t.costChanges))
	for k, s := range t.costChanges {
		if s.before != s.after {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b changeKey) int { return strings.Compare(a.month+a.currency, b.month+b.currency) })
	detail := t.cause
	if t.by != "" {
		detail += " by " + t.by
	}
	closed, err := t.lastClosed()
	if err != nil {
		return err
	}
	for i, k := range keys {
		s := t.costChanges[k]
		sign, sep := "", "; "
		if i == 0 {
			sep = ": cost of goods "
		}
		if s.after > s.before {
			sign = "+"
		}
		detail += sep + k.month + " " + sign + books.Money{Minor: s.after - s.before, Currency: k.currency}.String()
		if k.month <= closed {
			detail += " (closed; stands in " + nextMonth(closed) + ")"
		}
		if _, err := t.exec(`INSERT INTO figure_change (changed_at, changed_by, reason, cause, month, line, currency, before_minor, after_minor)
			VALUES (?, ?, 'costs', ?, ?, ?, ?, ?, ?)`, t.now, t.by, t.cause, k.month, string(books.COGS), k.currency, s.before, s.after); err != nil {
			return fmt.Errorf("note what changed: %w", err)
		}
	}
	return t.Audit("costs", detail)
}

// Because says who changes something and what: the audit log tells it, with the
// difference to each month's cost of goods.
func (t *Tx) Because(by, cause string) {
	if t.cause == "" {
		t.by, t.cause = by, cause
		return
	}
	if cause != t.cause {
		t.cause += "; " + cause
	}
}
