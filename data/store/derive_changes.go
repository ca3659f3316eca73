package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"countinghouse/data/books"
)

// goneEstimate is an estimate that gives way to money.
type goneEstimate struct {
	sku, day, currency string
	lines              map[books.Line]int64
}

// goneEstimates reads the estimates of a scope that its new events do not hold.
func (t *Tx) goneEstimates(had map[string]knownEvent, events []books.Event) ([]goneEstimate, error) {
	var gone []goneEstimate
	for key, was := range had {
		if !was.estimated || slices.ContainsFunc(events, func(e books.Event) bool { return e.Key == key }) {
			continue
		}
		g := goneEstimate{lines: map[books.Line]int64{}}
		err := t.rows(`SELECT e.sku, e.event_day, l.currency, l.line, l.amount_minor FROM event e JOIN money_line l ON l.event_id = e.id
			WHERE e.id = ? AND l.line <> 'cogs'`, []any{was.id}, func(r *sql.Rows) error {
			var line books.Line
			var minor int64
			err := r.Scan(&g.sku, &g.day, &g.currency, &line, &minor)
			g.lines[line] += minor
			return err
		})
		if err != nil {
			return nil, err
		}
		gone = append(gone, g)
	}
	return gone, nil
}

// tellEstimates keeps the difference between an estimate and the money that took
// its place. An estimate that nothing took the place of is told as such.
func (t *Tx) tellEstimates(k scopeKey, gone []goneEstimate, events []books.Event) error {
	for _, g := range gone {
		real := map[books.Line]int64{}
		for _, e := range events {
			if e.SKU != g.sku || e.Type != books.Sale || e.State == books.Estimated {
				continue
			}
			for _, l := range e.Lines {
				if l.Amount.Currency == g.currency {
					real[l.Line] += l.Amount.Minor
				}
			}
		}
		cause := "money"
		if len(real) == 0 {
			cause = "no money came"
		}
		for _, line := range books.Lines() {
			if line == books.COGS || line == books.TaxCollected || line == books.TaxWithheld || line == books.TaxInput || g.lines[line] == real[line] {
				continue
			}
			if _, err := t.exec(`INSERT INTO figure_change (changed_at, reason, cause, month, connection_id, order_id, sku, line, currency, before_minor, after_minor)
				VALUES (?, 'estimate', ?, ?, ?, ?, ?, ?, ?, ?, ?)`, t.now, cause, g.day[:7], k.connection, k.scope, g.sku, string(line), g.currency,
				g.lines[line], real[line]); err != nil {
				return fmt.Errorf("note what changed: %w", err)
			}
		}
	}
	return nil
}

// FigureChange says why a number changed.
type FigureChange struct {
	At       time.Time
	By       string // empty: sync
	Reason   string // estimate: money took its place; costs: goods were costed again
	Cause    string
	Month    string // YYYY-MM of the figure
	Order    string
	SKU      string
	Line     books.Line
	Currency string
	Before   int64 // minor units
	After    int64
}

// ChangeFilter narrows changes; empty fields do not narrow.
type ChangeFilter struct {
	Order, SKU, Month string
	Limit             int // 0: all
}

// FigureChanges lists why numbers changed, the latest first.
func (b *Book) FigureChanges(ctx context.Context, f ChangeFilter) ([]FigureChange, error) {
	where, args := clauses("order_id = ?", f.Order, "sku = ?", f.SKU, "month = ?", f.Month)
	limit := ""
	if f.Limit > 0 {
		limit = fmt.Sprintf(" LIMIT %d", f.Limit)
	}
	return b.figureChanges(ctx, where+` ORDER BY id DESC`+limit, args)
}

// figureChanges reads the changes that the end of a query asks for.
func (b *Book) figureChanges(ctx context.Context, which string, args []any) ([]FigureChange, error) {
	var all []FigureChange
	err := bookSource{ctx, b}.each(`SELECT changed_at, changed_by, reason, cause, month, order_id, sku, line, currency, before_minor, after_minor
		FROM figure_change`+which, args, func(r *sql.Rows) error {
		var c FigureChange
		var at int64
		err := r.Scan(&at, &c.By, &c.Reason, &c.Cause, &c.Month, &c.Order, &c.SKU, &c.Line, &c.Currency, &c.Before, &c.After)
		c.At = fromMillis(at)
		all = append(all, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what changed: %w", err)
	}
	return all, nil
}
