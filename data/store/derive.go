package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// deriveDirty makes the events of every touched scope anew from its facts and
// moves the daily sums by the difference.
func (t *Tx) deriveDirty() error {
	if len(t.dirty) == 0 {
		return nil
	}
	scopes := make([]scopeKey, 0, len(t.dirty))
	for k := range t.dirty {
		scopes = append(scopes, k)
	}
	slices.SortFunc(scopes, func(a, b scopeKey) int {
		return strings.Compare(a.connection+"\x00"+a.scope, b.connection+"\x00"+b.scope)
	})
	sums := rollups{}
	for _, k := range scopes {
		if err := t.derive(k, sums); err != nil {
			return fmt.Errorf("derive the books of %s: %w", k.scope, err)
		}
	}
	t.dirty = map[scopeKey]struct{}{}
	return t.applyRollups(sums)
}

func (t *Tx) derive(k scopeKey, sums rollups) error {
	had, err := t.dropEvents(k, sums)
	if err != nil {
		return err
	}
	var facts []books.Fact
	err = t.rows(`SELECT `+factColumns+` FROM fact f JOIN fact_name n ON n.id = f.name_id
		WHERE f.scope = ? AND f.connection_id = ?`, []any{k.scope, k.connection}, func(r *sql.Rows) error {
		f, err := scanFact(r)
		facts = append(facts, f)
		return err
	})
	if err != nil {
		return err
	}
	order, err := t.orderFor(k)
	if err != nil {
		return err
	}
	if len(facts) == 0 && len(order.consumption) == 0 {
		return nil
	}
	costs, err := t.loadCosts()
	if err != nil {
		return err
	}
	res, err := books.Build(facts, books.Context{
		Rules: t.book.rules, Costs: costs, Consumption: order.consumption, Zone: markets.Zone,
		Marketplace: func(f books.Fact) string { return t.marketplaceOf(f, order) },
		OrderDate:   func(string) time.Time { return order.purchased },
		Covered:     t.covered,
	})
	if err != nil {
		return err
	}
	for i := range res.Events {
		if err := t.putEvent(k, &res.Events[i], sums); err != nil {
			return err
		}
	}
	return t.putOpen(k, res.Open, had)
}

// orderContext is what the books have to know of the order behind a scope.
type orderContext struct {
	marketplace string
	purchased   time.Time
	consumption []books.Consumption
}

// orderFor reads the order of a scope. Shipped lines that cost the buyer
// nothing (replacements, multi-channel orders) consume goods although no sale
// tells of them; Amazon gives no ship date for them, but such an order's last
// update is its last parcel.
func (t *Tx) orderFor(k scopeKey) (orderContext, error) {
	var c orderContext
	var purchased, updated int64
	var status, currency string
	err := t.row(`SELECT marketplace_id, purchased_at, updated_at, status, currency FROM orders WHERE connection_id = ? AND order_id = ?`,
		[]any{k.connection, k.scope}, &c.marketplace, &purchased, &updated, &status, &currency)
	if errors.Is(err, ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	c.purchased = fromMillis(purchased)
	if status != "SHIPPED" {
		return c, nil
	}
	if m, ok := markets.ByID(c.marketplace); ok && currency == "" {
		currency = m.Currency
	}
	err = t.rows(`SELECT sku, sum(coalesce(shipped, quantity)) FROM order_item WHERE connection_id = ? AND order_id = ?
		GROUP BY sku HAVING coalesce(sum(price_minor), 0) = 0`, []any{k.connection, k.scope}, func(r *sql.Rows) error {
		u := books.Consumption{Connection: k.connection, Order: k.scope, Marketplace: c.marketplace, Currency: currency, At: fromMillis(updated)}
		err := r.Scan(&u.SKU, &u.Units)
		if u.Units > 0 {
			c.consumption = append(c.consumption, u)
		}
		return err
	})
	return c, err
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

// covered tells whether a source was read for an instant.
func (t *Tx) covered(connection string, s books.Source, at time.Time) bool {
	if t.coverage == nil {
		t.coverage = map[string][]Interval{}
		err := t.rows(`SELECT connection_id, source, from_at, to_at FROM coverage`, nil, func(r *sql.Rows) error {
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
	for _, span := range t.coverage[connection+"\x00"+string(s)] {
		if !at.Before(span.From) && at.Before(span.To) {
			return true
		}
	}
	return false
}

func (t *Tx) putEvent(k scopeKey, e *books.Event, sums rollups) error {
	currency := ""
	if len(e.Lines) > 0 {
		currency = e.Lines[0].Amount.Currency
	}
	id, err := t.insert(`INSERT INTO event (connection_id, scope, key, type, amazon_type, order_id, item_id, sku, marketplace_id, account,
		currency, occurred_at, event_day, posted_at, quantity, uncovered, settlement_id, state, origin)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		k.connection, k.scope, e.Key, string(e.Type), e.AmazonType, e.Order, e.Item, e.SKU, e.Marketplace, e.Account,
		currency, millis(e.Occurred), e.Day, millis(e.Posted), e.Quantity, e.Uncovered, e.Settlement, string(e.State), string(e.Origin))
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

// dropEvents removes a scope's events and takes them out of the daily sums.
func (t *Tx) dropEvents(k scopeKey, sums rollups) (had bool, err error) {
	err = t.rows(`SELECT e.event_day, e.marketplace_id, l.currency, e.sku, l.line, l.state, l.amount_minor, l.quantity, l.uncovered
		FROM event e JOIN money_line l ON l.event_id = e.id WHERE e.scope = ? AND e.connection_id = ?`, []any{k.scope, k.connection},
		func(r *sql.Rows) error {
			had = true
			key := rollupKey{connection: k.connection}
			var s rollupSum
			err := r.Scan(&key.day, &key.marketplace, &key.currency, &key.sku, &key.line, &key.state, &s.minor, &s.quantity, &s.uncovered)
			sums.add(key, rollupSum{-s.minor, -s.quantity, -s.uncovered, -1})
			return err
		})
	if err != nil || !had {
		return had, err
	}
	_, err = t.exec(`DELETE FROM event WHERE scope = ? AND connection_id = ?`, k.scope, k.connection)
	return had, err
}

func (t *Tx) putOpen(k scopeKey, open []books.Open, had bool) error {
	if had {
		if _, err := t.exec(`DELETE FROM open_item WHERE connection_id = ? AND scope = ?`, k.connection, k.scope); err != nil {
			return err
		}
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
