package store

import (
	"cmp"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// deriveDirty makes the events of every touched scope anew from its facts, costs
// the goods that moved, and moves the daily sums by the difference.
func (t *Tx) deriveDirty() error {
	if len(t.dirty) == 0 && len(t.recount) == 0 {
		return nil
	}
	if err := t.spreadExpenses(); err != nil {
		return fmt.Errorf("spread the expenses: %w", err)
	}
	sums, unclear := rollups{}, map[scopeKey]struct{}{}
	for _, k := range inOrder(t.dirty) {
		t.touchUnclear(k, unclear)
		if err := t.derive(k, sums); err != nil {
			return fmt.Errorf("derive the books of %s: %w", k.scope, err)
		}
	}
	for _, k := range inOrder(unclear) { // after all that it may be
		if err := t.derive(k, sums); err != nil {
			return fmt.Errorf("derive the books of %s: %w", k.scope, err)
		}
	}
	if err := t.estimateAgain(sums); err != nil {
		return fmt.Errorf("estimate again: %w", err)
	}
	t.dirty = map[scopeKey]struct{}{}
	if err := t.recountDirty(sums); err != nil {
		return err
	}
	if err := t.freeze(sums); err != nil {
		return err
	}
	return t.applyRollups(sums)
}

// inOrder sorts scopes, so that the same facts make the same steps.
func inOrder(set map[scopeKey]struct{}) []scopeKey {
	return slices.SortedFunc(maps.Keys(set), func(a, b scopeKey) int {
		return cmp.Or(strings.Compare(a.connection, b.connection), strings.Compare(a.scope, b.scope))
	})
}

// derive makes the events of one scope. Those that come out as they were are
// left alone, so that a long scope (a year of storage fees) costs little when
// one fee is added.
func (t *Tx) derive(k scopeKey, sums rollups) error {
	had, err := t.knownEvents(k)
	if err != nil {
		return err
	}
	res, err := t.build(k)
	if err != nil {
		return err
	}
	gone, err := t.goneEstimates(had, res.Events)
	if err != nil {
		return err
	}
	for i := range res.Events {
		e := &res.Events[i]
		digest := digestOf(e)
		if was, ok := had[e.Key]; ok && was.digest == digest && !t.rewrite {
			delete(had, e.Key)
			continue
		}
		var cost *keptCost
		if was, ok := had[e.Key]; ok {
			if cost, err = t.dropEvent(k, was.id, sums); err != nil {
				return err
			}
			delete(had, e.Key)
		}
		if err := t.carryCost(e, cost); err != nil {
			return err
		}
		if err := t.putEvent(k, e, digest, sums); err != nil {
			return err
		}
	}
	for _, was := range had {
		cost, err := t.dropEvent(k, was.id, sums)
		if err == nil {
			err = t.carryCost(&books.Event{}, cost)
		}
		if err != nil {
			return err
		}
	}
	if err := t.tellEstimates(k, gone, res.Events); err != nil {
		return err
	}
	return t.putOpen(k, res.Open)
}

// build feeds a scope to the rules of money.
func (t *Tx) build(k scopeKey) (books.Result, error) {
	var facts []books.Fact
	err := t.rows(`SELECT `+factColumns+` FROM fact f JOIN fact_name n ON n.id = f.name_id
		WHERE f.scope = ? AND f.connection_id = ?`, []any{k.scope, k.connection}, func(r *sql.Rows) error {
		f, err := scanFact(r)
		facts = append(facts, f)
		return err
	})
	if err != nil {
		return books.Result{}, err
	}
	order, err := t.scopeFor(k)
	if err != nil || (len(facts) == 0 && order.nothing()) {
		return books.Result{}, err
	}
	basis, err := t.loadBasis()
	if err != nil {
		return books.Result{}, err
	}
	elsewhere, err := t.elsewhere(k, facts)
	if err != nil {
		return books.Result{}, err
	}
	return books.Build(facts, books.Context{
		Elsewhere: elsewhere,
		Rules:     t.book.rules.Load(), Costs: basis.Units, Consumption: order.consumption, Zone: markets.Zone,
		Goods: order.goods, Charges: order.charges, Estimates: order.estimates,
		Layered: func(sku string) bool { return basis.layered[sku] }, Currency: basis.currency,
		Marketplace: func(f books.Fact) string { return t.marketplaceOf(f, order) },
		OrderDate:   func(string) time.Time { return order.purchased },
		Covered:     t.coveredFor,
		FeeTaxBack:  func(marketplace string) bool { return basis.feeTaxBack[marketplace] },
	})
}

// knownEvent is an event of a scope as it is stored.
type knownEvent struct {
	id        int64
	digest    [16]byte
	estimated bool
}

func (t *Tx) knownEvents(k scopeKey) (map[string]knownEvent, error) {
	var had map[string]knownEvent
	err := t.rows(`SELECT id, key, digest, state = 'estimated' FROM event WHERE scope = ? AND connection_id = ?`, []any{k.scope, k.connection},
		func(r *sql.Rows) error {
			var e knownEvent
			var key string
			var digest []byte
			if err := r.Scan(&e.id, &key, &digest, &e.estimated); err != nil {
				return err
			}
			copy(e.digest[:], digest)
			if had == nil {
				had = map[string]knownEvent{}
			}
			had[key] = e
			return nil
		})
	return had, err
}

// digestOf sums up everything that is stored of an event but what its goods cost,
// which is counted apart. Without batches, goods that came back or were found take
// back the cost of another event, which may become known after them: theirs counts.
// Texts carry their length, so that no two events run into the same bytes.
func digestOf(e *books.Event) [16]byte {
	b := make([]byte, 0, 1024)
	text := func(parts ...string) {
		for _, p := range parts {
			b = binary.AppendUvarint(b, uint64(len(p)))
			b = append(b, p...)
		}
	}
	count := func(values ...int64) {
		for _, v := range values {
			b = binary.AppendVarint(b, v)
		}
	}
	text(e.Key, string(e.Type), e.AmazonType, e.Order, e.Item, e.SKU, e.Marketplace, e.Account, e.Day, e.Settlement, string(e.State), string(e.Origin))
	count(millis(e.Occurred), millis(e.Posted), e.Quantity, int64(len(e.Lines)))
	for i := range e.Lines {
		l := &e.Lines[i]
		text(string(l.Line), l.Path, l.Amount.Currency, string(l.Origin), string(l.State), l.Settlement)
		amount := l.Amount.Minor
		switch {
		case l.Line != books.COGS:
		case e.Type == books.GoodsReturned || e.Type == books.GoodsFound:
			count(l.Uncovered)
		default:
			amount = 0
		}
		count(amount, l.Quantity, l.Fact, int64(len(l.Matched)))
		count(l.Matched...)
	}
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}

// marketplaceOf finds the marketplace of a fact that names none: its order's,
// else the only one of its currency in which the connection takes part.
func (t *Tx) marketplaceOf(f books.Fact, o orderContext) string {
	if o.marketplace != "" {
		return o.marketplace
	}
	key := f.Connection + "\x00" + f.Amount.Currency
	if id, ok := t.soleMarket[key]; ok {
		return id
	}
	found := ""
	err := t.rows(`SELECT id FROM marketplace WHERE connection_id = ? AND currency = ? AND participating = 1`,
		[]any{f.Connection, f.Amount.Currency}, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			if _, known := markets.ByID(id); known {
				if found != "" {
					id = "?"
				}
				found = id
			}
			return err
		})
	if err != nil || found == "?" {
		found = ""
	}
	t.soleMarket[key] = found
	return found
}

// coveredFor tells whether a source was read for a fact. A settlement is of one
// currency and one account type, which its file does not name: a row that says which
// settlement pays it is covered when that one is here, whatever others are.
func (t *Tx) coveredFor(f books.Fact, s books.Source) bool {
	switch {
	case s != books.Settlement:
		return t.covered(f.Connection, string(s), f.Posted)
	case f.Settlement != "":
		return t.covered(f.Connection, settlementCalled(f.Settlement), f.Posted)
	}
	return t.covered(f.Connection, settlementsIn(f.Amount.Currency), f.Posted)
}

// settlementsIn names the settlements of one currency as a source.
func settlementsIn(currency string) string { return string(books.Settlement) + "/" + currency }

// settlementCalled names one settlement as a source: it covers every instant.
func settlementCalled(id string) string { return string(books.Settlement) + ":" + id }

// covered tells whether a source was read for an instant.
func (t *Tx) covered(connection, s string, at time.Time) bool {
	if t.coverage == nil {
		t.coverage = map[string][]Interval{}
		err := t.rows(`SELECT connection_id, source, from_at, to_at FROM coverage
			UNION ALL SELECT connection_id, 'settlement/' || currency, start_at, end_at FROM settlement
			UNION ALL SELECT connection_id, 'settlement:' || settlement_id, -1 << 62, 1 << 62 FROM settlement`, nil, func(r *sql.Rows) error {
			var conn, source string
			var from, to int64
			err := r.Scan(&conn, &source, &from, &to)
			t.coverage[conn+"\x00"+source] = append(t.coverage[conn+"\x00"+source], Interval{fromMillis(from), fromMillis(to)})
			return err
		})
		if err != nil {
			return false
		}
	}
	for _, span := range t.coverage[connection+"\x00"+s] {
		if !at.Before(span.From) && at.Before(span.To) {
			return true
		}
	}
	return false
}

func (t *Tx) putEvent(k scopeKey, e *books.Event, digest [16]byte, sums rollups) error {
	t.noteSale(k.connection, e.SKU, string(e.Type), string(e.State))
	currency := ""
	if len(e.Lines) > 0 {
		currency = e.Lines[0].Amount.Currency
	}
	id, err := t.insert(`INSERT INTO event (connection_id, scope, key, type, amazon_type, order_id, item_id, sku, marketplace_id, account,
		currency, occurred_at, event_day, posted_at, quantity, uncovered, settlement_id, state, origin, digest)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		k.connection, k.scope, e.Key, string(e.Type), e.AmazonType, e.Order, e.Item, e.SKU, e.Marketplace, e.Account,
		currency, millis(e.Occurred), e.Day, millis(e.Posted), e.Quantity, e.Uncovered, e.Settlement, string(e.State), string(e.Origin),
		digest[:])
	if err != nil {
		return err
	}
	for i, l := range e.Lines {
		if _, err := t.exec(`INSERT INTO money_line (event_id, seq, line, path, currency, amount_minor, quantity, uncovered, origin, state,
			settlement_id, fact_id, matched) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			id, i, string(l.Line), l.Path, l.Amount.Currency, l.Amount.Minor, l.Quantity, l.Uncovered, string(l.Origin), string(l.State),
			l.Settlement, nullID(l.Fact), joinIDs(l.Matched)); err != nil {
			return err
		}
		key := rollupKey{e.Day, k.connection, e.Marketplace, l.Amount.Currency, e.SKU, string(l.Line), string(l.State)}
		sums.add(key, rollupSum{l.Amount.Minor, l.Quantity, l.Uncovered, 1})
	}
	return nil
}

// dropEvent removes an event and takes its lines out of the daily sums. It gives
// the cost of the event's goods, nil when it has none.
func (t *Tx) dropEvent(k scopeKey, id int64, sums rollups) (*keptCost, error) {
	var kept *keptCost
	err := t.rows(`SELECT e.event_day, e.marketplace_id, l.currency, e.sku, l.line, l.state, l.amount_minor, l.quantity, l.uncovered,
		e.type, e.order_id, e.occurred_at
		FROM event e JOIN money_line l ON l.event_id = e.id WHERE e.id = ?`, []any{id}, func(r *sql.Rows) error {
		key := rollupKey{connection: k.connection}
		var s rollupSum
		var c costKey
		err := r.Scan(&key.day, &key.marketplace, &key.currency, &key.sku, &key.line, &key.state, &s.minor, &s.quantity, &s.uncovered,
			&c.typ, &c.order, &c.at)
		if key.line == string(books.COGS) {
			c.sku, c.marketplace, c.currency, c.day, c.units = key.sku, key.marketplace, key.currency, key.day, s.quantity
			kept = &keptCost{c, s.minor, s.uncovered}
		}
		t.noteSale(k.connection, key.sku, c.typ, key.state)
		sums.add(key, rollupSum{-s.minor, -s.quantity, -s.uncovered, -1})
		return err
	})
	if err != nil {
		return nil, err
	}
	_, err = t.exec(`DELETE FROM event WHERE id = ?`, id)
	return kept, err
}

// putOpen replaces a scope's open differences.
func (t *Tx) putOpen(k scopeKey, open []books.Open) error {
	if _, err := t.exec(`DELETE FROM open_item WHERE connection_id = ? AND scope = ?`, k.connection, k.scope); err != nil {
		return err
	}
	for _, o := range open {
		if _, err := t.exec(`INSERT INTO open_item (connection_id, scope, fact_id, reason, line, currency, amount_minor, counted)
			VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
			k.connection, k.scope, o.Fact, string(o.Reason), string(o.Line), o.Amount.Currency, o.Amount.Minor, flag(o.Counted)); err != nil {
			return err
		}
	}
	return nil
}

func joinIDs(ids []int64) string {
	if len(ids) == 0 {
		return ""
	}
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(parts, ",")
}
