package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// StockMoved is a move of a SKU's units and why.
type StockMoved struct {
	Day       string
	Event     string // Amazon's word of the ledger, "sale", "return" or "count"
	Reason    string // code of an adjustment, disposition of a return; may be empty
	Centre    string // fulfilment centre, where told
	Order     string // where it belongs to one
	Units     int64  // negative when they leave
	Sellable  bool
	Document  int64
	DocLine   int64
	FromCount bool // the difference of two counts, not told by Amazon
}

// StockLevel is what was available of a SKU at the end of a day.
type StockLevel struct {
	Day       string
	Available int64
	Known     bool
	Inbound   int64
	Counted   bool  // Amazon's own count; else reckoned from moves
	Arrived   int64 // units received on the day
}

// StockHistory is a SKU's way through the days.
type StockHistory struct {
	Levels []StockLevel // one for each day of the span
	Moves  []StockMoved // newest first
	Ledger bool         // the moves are Amazon's ledger; else what orders and counts tell
}

// StockHistory tells what was available of a SKU each day from a day to another,
// and why it changed. Counts stand as Amazon told them. Days between them are
// reckoned where the ledger tells every move of them, and are not known
// elsewhere.
func (b *Book) StockHistory(ctx context.Context, k StockKey, from, to string) (StockHistory, error) {
	var h StockHistory
	counts, err := b.StockDays(ctx, k)
	if err != nil {
		return h, err
	}
	ledger, first, last, err := b.ledgerMoves(ctx, k, from, to)
	if err != nil {
		return h, err
	}
	h.Ledger = first != ""
	h.Levels = stockLevels(counts, ledger, from, to, first, last)
	if h.Ledger {
		h.Moves = ledger
	} else {
		if h.Moves, err = b.toldMoves(ctx, k, from, to); err != nil {
			return h, err
		}
		h.Moves = append(h.Moves, countMoves(counts, h.Moves, from, to)...)
	}
	slices.SortStableFunc(h.Moves, func(a, b StockMoved) int {
		switch {
		case a.Day > b.Day:
			return -1
		case a.Day < b.Day:
			return 1
		}
		return 0
	})
	return h, nil
}

// ledgerMoves reads the ledger's moves of a SKU, and from when to when the
// connection's ledger reaches; first is empty without one.
func (b *Book) ledgerMoves(ctx context.Context, k StockKey, from, to string) (all []StockMoved, first, last string, err error) {
	err = b.Reader().QueryRowContext(ctx, `SELECT coalesce(min(move_day), ''), coalesce(max(move_day), '') FROM stock_move WHERE connection_id = ?`, k.Connection).Scan(&first, &last)
	if err != nil || first == "" {
		if err != nil {
			err = fmt.Errorf("read the ledger: %w", err)
		}
		return nil, "", "", err
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT move_day, event, reason, centre, iif(event IN ('Shipments', 'CustomerReturns'), reference, ''), quantity,
		disposition = 'SELLABLE', coalesce(document_id, 0), doc_line FROM stock_move
		WHERE sku = ? AND connection_id = ? AND move_day BETWEEN ? AND ? ORDER BY move_day, moved_at, event, ordinal`, k.SKU, k.Connection, from, to)
	if err != nil {
		return nil, "", "", fmt.Errorf("read the moves of %s: %w", k.SKU, err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var m StockMoved
		err := r.Scan(&m.Day, &m.Event, &m.Reason, &m.Centre, &m.Order, &m.Units, &m.Sellable, &m.Document, &m.DocLine)
		all = append(all, m)
		return err
	})
	return all, first, last, err
}

// toldMoves is what orders and returns tell of a SKU's units where there is no
// ledger: what Amazon shipped, and what came back.
func (b *Book) toldMoves(ctx context.Context, k StockKey, from, to string) ([]StockMoved, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT o.order_day, 'sale', '', '', o.order_id, -sum(i.quantity), 1, coalesce(o.document_id, 0), o.doc_line
		FROM order_item i JOIN orders o ON o.connection_id = i.connection_id AND o.order_id = i.order_id
		WHERE i.sku = ?1 AND i.connection_id = ?2 AND o.marketplace_id = ?3 AND o.order_day BETWEEN ?4 AND ?5
			AND o.status NOT IN ('CANCELLED', 'UNFULFILLABLE', 'PENDING', 'PENDING_AVAILABILITY') GROUP BY o.order_id HAVING sum(i.quantity) > 0
		UNION ALL SELECT return_day, 'return', disposition, centre, order_id, quantity, coalesce(sellable, 0), coalesce(document_id, 0), doc_line
		FROM customer_return WHERE sku = ?1 AND connection_id = ?2 AND return_day BETWEEN ?4 AND ?5`, k.SKU, k.Connection, k.Marketplace, from, to)
	if err != nil {
		return nil, fmt.Errorf("read the moves of %s: %w", k.SKU, err)
	}
	var all []StockMoved
	err = eachRow(rows, func(r *sql.Rows) error {
		var m StockMoved
		err := r.Scan(&m.Day, &m.Event, &m.Reason, &m.Centre, &m.Order, &m.Units, &m.Sellable, &m.Document, &m.DocLine)
		all = append(all, m)
		return err
	})
	return all, err
}

// countMoves are the differences between counts that no told move explains:
// arrivals, transfers, losses.
func countMoves(counts []StockDay, told []StockMoved, from, to string) []StockMoved {
	var out []StockMoved
	for i := 1; i < len(counts); i++ {
		a, b := counts[i-1], counts[i]
		if b.Day < from || b.Day > to {
			continue
		}
		rest := b.Fulfillable - a.Fulfillable
		for _, m := range told {
			if m.Sellable && m.Day > a.Day && m.Day <= b.Day {
				rest -= m.Units
			}
		}
		if rest != 0 {
			out = append(out, StockMoved{Day: b.Day, Event: "count", Units: rest, Sellable: true, FromCount: true})
		}
	}
	return out
}

// stockLevels puts counts on their days, and reckons the days beside them from
// sellable moves as far as the ledger reaches.
func stockLevels(counts []StockDay, moves []StockMoved, from, to, first, last string) []StockLevel {
	start, errA := time.Parse(time.DateOnly, from)
	end, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil || end.Before(start) {
		return nil
	}
	var out []StockLevel
	at := map[string]int{}
	for day := start; !day.After(end); day = day.AddDate(0, 0, 1) {
		at[day.Format(time.DateOnly)] = len(out)
		out = append(out, StockLevel{Day: day.Format(time.DateOnly)})
	}
	net := make([]int64, len(out))
	for _, m := range moves {
		if i, ok := at[m.Day]; ok && m.Sellable {
			net[i] += m.Units
			if m.Event == "Receipts" && m.Units > 0 {
				out[i].Arrived += m.Units
			}
		}
	}
	for _, c := range counts {
		if i, ok := at[c.Day]; ok {
			out[i].Available, out[i].Inbound, out[i].Known, out[i].Counted = c.Fulfillable, c.Inbound, true, true
		}
	}
	if first == "" {
		return out
	}
	told := func(day string) bool { return day >= first && day <= last }
	for i := 1; i < len(out); i++ {
		if !out[i].Known && out[i-1].Known && told(out[i].Day) {
			out[i].Available, out[i].Known = out[i-1].Available+net[i], true
		}
	}
	for i := len(out) - 2; i >= 0; i-- {
		if !out[i].Known && out[i+1].Known && told(out[i+1].Day) {
			out[i].Available, out[i].Known = out[i+1].Available-net[i+1], true
		}
	}
	return out
}
