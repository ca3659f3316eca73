package store

import (
	"context"
	"database/sql"
	"fmt"

	"countinghouse/data/books"
)

// rebuildBatch is how many scopes are derived in one transaction.
const rebuildBatch = 2000

// Rebuild makes events, money lines and daily sums anew from the stored facts.
// It goes in steps, each a transaction that puts the events of some orders in
// place of those before them: a reader never sees half an order or a sum without
// its lines, a sync goes on in between, and stopped or killed half-way the book is
// whole. The next call goes on where it stopped, as long as it is the same program
// with the same rules. progress is told how many scopes are done of how many; it
// may be nil.
func (b *Book) Rebuild(ctx context.Context, progress func(done, total int)) error {
	var scopes []scopeKey
	var mark rebuildMark
	begin := 0
	err := b.Write(ctx, func(tx *Tx) error {
		if err := tx.rescope(); err != nil {
			return err
		}
		var err error
		if scopes, err = tx.allScopes(); err != nil {
			return err
		}
		if mark, err = tx.rebuildMark(); err != nil {
			return err
		}
		for begin < len(scopes) && !scopes[begin].after(mark.scope()) {
			begin++
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	for from := begin; from < len(scopes); from += rebuildBatch {
		to := min(from+rebuildBatch, len(scopes))
		err := b.Write(ctx, func(tx *Tx) error {
			tx.rewrite = true
			for _, k := range scopes[from:to] {
				tx.dirty[k] = struct{}{}
			}
			if err := tx.deriveDirty(); err != nil {
				return err
			}
			return tx.setRebuildMark(mark.at(scopes[to-1]))
		})
		if err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
		if progress != nil {
			progress(to, len(scopes))
		}
	}
	if err := b.Write(ctx, (*Tx).rebuildWhole); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	return nil
}

// rebuildWhole does what concerns all scopes together: costs, later differences,
// and the daily sums if they differ from their lines.
func (t *Tx) rebuildWhole() error {
	if _, err := t.exec(`DELETE FROM setting WHERE key = ?`, settingRebuild); err != nil {
		return err
	}
	if err := t.recountAll(); err != nil {
		return err
	}
	if err := t.touchAllEstimates(); err != nil {
		return err
	}
	if err := t.deriveDirty(); err != nil {
		return err
	}
	sums := rollups{}
	if err := t.dropLate(sums); err != nil {
		return err
	}
	if err := t.putLate(sums); err != nil {
		return err
	}
	if err := t.applyRollups(sums); err != nil {
		return err
	}
	differ := false
	err := t.rows(`SELECT 1 FROM (SELECT event_day, connection_id, marketplace_id, currency, sku, line, state, amount_minor, quantity, uncovered, lines FROM rollup
			EXCEPT `+linesSummed+`) UNION ALL SELECT 1 FROM (`+linesSummed+`
			EXCEPT SELECT event_day, connection_id, marketplace_id, currency, sku, line, state, amount_minor, quantity, uncovered, lines FROM rollup) LIMIT 1`, nil,
		func(*sql.Rows) error { differ = true; return nil })
	if err != nil || !differ {
		return err
	}
	if _, err := t.exec(`DELETE FROM rollup`); err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO rollup (event_day, connection_id, marketplace_id, currency, sku, line, state, amount_minor, quantity, uncovered, lines) ` + linesSummed)
	return err
}

// linesSummed is the daily sums as the lines make them.
const linesSummed = `SELECT e.event_day, e.connection_id, e.marketplace_id, l.currency, e.sku, l.line, l.state, sum(l.amount_minor), sum(l.quantity),
	sum(l.uncovered), count(*) FROM event e JOIN money_line l ON l.event_id = e.id GROUP BY 1, 2, 3, 4, 5, 6, 7`

// rescope puts every fact into the scope that today's rules give it.
func (t *Tx) rescope() error {
	moved, err := t.factsOutOfScope("")
	if err != nil {
		return err
	}
	for _, m := range moved {
		if err := t.moveFact(m); err != nil {
			return err
		}
	}
	return nil
}

// movedFact is a fact that today's rules put into another scope, or whose line
// they changed.
type movedFact struct {
	id         int64
	connection string
	from, to   string
}

// factsOutOfScope compares the scopes of facts with today's rules. With a
// condition it gives all facts that meet it, moved or not.
func (t *Tx) factsOutOfScope(where string, args ...any) (list []movedFact, err error) {
	rules := t.book.rules.Load()
	err = t.rows(`SELECT `+factColumns+` FROM fact f JOIN fact_name n ON n.id = f.name_id`+where, args, func(r *sql.Rows) error {
		f, err := scanFact(r)
		if err != nil {
			return err
		}
		if scope := rules.Scope(f); where != "" || scope != f.Scope {
			list = append(list, movedFact{f.ID, f.Connection, f.Scope, scope})
		}
		return nil
	})
	return list, err
}

// moveFacts moves facts and has the events of both scopes derived again.
func (t *Tx) moveFacts(list []movedFact) error {
	for _, m := range list {
		t.touch(m.connection, m.from)
		t.touch(m.connection, m.to)
		if m.from == m.to {
			continue
		}
		if err := t.moveFact(m); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) moveFact(m movedFact) error {
	_, err := t.exec(`UPDATE fact SET scope = ? WHERE id = ?`, m.to, m.id)
	return err
}

func (t *Tx) allScopes() ([]scopeKey, error) {
	var all []scopeKey
	err := t.rows(`SELECT connection_id, scope FROM fact UNION SELECT connection_id, order_id FROM orders
		UNION SELECT connection_id, scope FROM event WHERE scope NOT LIKE '`+lateScope+`%'
		UNION SELECT connection_id, '`+goodsScope+`' || sku FROM stock_move WHERE event = 'Adjustments'
		UNION SELECT connection_id, iif(order_id = '', '`+goodsScope+`' || sku, order_id) FROM goods_move
		UNION SELECT connection_id, order_id FROM customer_return WHERE order_id <> '' AND sellable = 1
		UNION SELECT c.id, '`+expenseScope+`' || x.id FROM connection c, expense x
		UNION SELECT DISTINCT c.id, '`+billScope+`' || b.bill FROM connection c, carrier_bill b ORDER BY 1, 2`, nil,
		func(r *sql.Rows) error {
			var k scopeKey
			err := r.Scan(&k.connection, &k.scope)
			all = append(all, k)
			return err
		})
	return all, err
}

// CheckSums compares the stored daily sums with the money lines, and every
// event's lines with the facts they stand for; it returns one sentence per
// difference, nothing when all agree.
func (b *Book) CheckSums(ctx context.Context) ([]string, error) {
	var wrong []string
	note := func(rows *sql.Rows, err error, format string) error {
		if err != nil {
			return err
		}
		return eachRow(rows, func(r *sql.Rows) error {
			var what string
			var a, z int64
			if err := r.Scan(&what, &a, &z); err != nil {
				return err
			}
			wrong = append(wrong, fmt.Sprintf(format, what, a, z))
			return nil
		})
	}
	rows, err := b.Reader().QueryContext(ctx, `WITH made AS (
		SELECT e.event_day || ' ' || e.connection_id || ' ' || e.marketplace_id || ' ' || l.currency || ' ' || e.sku || ' ' || l.line || ' ' || l.state AS k,
			sum(l.amount_minor) AS m FROM event e JOIN money_line l ON l.event_id = e.id GROUP BY 1),
		kept AS (SELECT event_day || ' ' || connection_id || ' ' || marketplace_id || ' ' || currency || ' ' || sku || ' ' || line || ' ' || state AS k,
			amount_minor AS m FROM rollup)
		SELECT coalesce(made.k, kept.k), coalesce(kept.m, 0), coalesce(made.m, 0) FROM made FULL JOIN kept ON made.k = kept.k
		WHERE made.m IS NOT kept.m LIMIT 20`)
	if err := note(rows, err, "daily sum of %s is %d, its lines sum to %d; run rebuild"); err != nil {
		return nil, fmt.Errorf("check the daily sums: %w", err)
	}
	rows, err = b.Reader().QueryContext(ctx, `SELECT s.settlement_id, s.total_minor, coalesce(sum(f.amount_minor), 0)
		FROM settlement s LEFT JOIN fact f ON f.connection_id = s.connection_id AND f.settlement_id = s.settlement_id
			AND f.name_id IN (SELECT id FROM fact_name WHERE source = 'settlement')
		GROUP BY s.connection_id, s.settlement_id HAVING s.total_minor IS NOT coalesce(sum(f.amount_minor), 0) LIMIT 20`)
	if err := note(rows, err, "settlement %s pays %d, its rows sum to %d; import it again"); err != nil {
		return nil, fmt.Errorf("check the settlements: %w", err)
	}
	rows, err = b.Reader().QueryContext(ctx, `SELECT t.transaction_id, t.total_minor, coalesce(sum(f.amount_minor), 0)
		FROM financial_transaction t LEFT JOIN fact f ON f.posting = t.transaction_id AND f.connection_id = t.connection_id
		GROUP BY t.connection_id, t.transaction_id HAVING t.total_minor IS NOT coalesce(sum(f.amount_minor), 0) LIMIT 20`)
	if err := note(rows, err, "transaction %s has the total %d, its parts sum to %d; sync again"); err != nil {
		return nil, fmt.Errorf("check the transactions: %w", err)
	}
	return wrong, nil
}

// Rollups reads daily sums of a span of days, both included; empty marketplaces
// and SKU mean all. Those of one SKU hold what it bears of divided expenses.
func (b *Book) Rollups(ctx context.Context, from, to string, marketplaces []string, sku string) ([]books.Rollup, error) {
	where, args := clauses("event_day >= ?", from, "event_day <= ?", to, "sku = ?", sku)
	where, args = anyOf(where, args, "marketplace_id", marketplaces)
	all, err := b.sums(ctx, `SELECT event_day, connection_id, marketplace_id, currency, sku, line, state,
		amount_minor, quantity, uncovered FROM rollup`+where+` ORDER BY 1, 2, 3, 4, 5, 6, 7`, args)
	if err != nil || sku == "" {
		return all, err
	}
	return b.withDivided(ctx, all, SumFilter{From: from, To: to, Marketplaces: marketplaces, SKU: sku}, true)
}
