package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"countinghouse/data/books"
)

// GoodsMove is units that came back, were lost or were found, as the user tells.
type GoodsMove struct {
	ID          int64
	Connection  string
	Kind        string // returned, lost or found
	Order       string // of a return
	SKU         string
	Marketplace string
	Units       int64
	At          time.Time
	Note        string
}

// AddGoodsMove stores a move of goods and books it.
func (t *Tx) AddGoodsMove(m GoodsMove) (int64, error) {
	id, err := t.insert(`INSERT INTO goods_move (connection_id, kind, order_id, sku, marketplace_id, units, moved_at, note, entered_at, entered_by)
		VALUES (?,?,?,?,?,?,?,?,?,?)`, m.Connection, m.Kind, m.Order, m.SKU, m.Marketplace, m.Units, millis(m.At), m.Note, t.now, t.by)
	t.touch(m.Connection, m.scope())
	return id, err
}

func (m GoodsMove) scope() string {
	if m.Order != "" {
		return m.Order
	}
	return goodsScope + m.SKU
}

// PlaceGoods fills in whose goods moved, where that is not said: of a return the
// account and the marketplace of its order's money, else the account that sells the SKU in
// the marketplace. It is ErrNotFound where the book knows of no such order, or of
// no such account.
func (b *Book) PlaceGoods(ctx context.Context, m *GoodsMove) error {
	if m.Connection != "" {
		return nil
	}
	query, args := `SELECT connection_id, marketplace_id FROM event WHERE scope = ? ORDER BY marketplace_id = '' LIMIT 1`, []any{m.Order}
	if m.Order == "" {
		query = `SELECT connection_id, id FROM marketplace m WHERE id = ?1 ORDER BY
			EXISTS (SELECT 1 FROM listing l WHERE l.connection_id = m.connection_id AND l.marketplace_id = m.id AND l.sku = ?2) DESC, participating DESC, 1 LIMIT 1`
		args = []any{m.Marketplace, m.SKU}
	}
	err := b.Reader().QueryRowContext(ctx, query, args...).Scan(&m.Connection, &m.Marketplace)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	all, err := b.Connections(ctx)
	if err != nil {
		return fmt.Errorf("find whose goods moved: %w", err)
	}
	if m.Order != "" || len(all) != 1 {
		return ErrNotFound
	}
	m.Connection = all[0].ID // of files, which do not list where they sell
	return nil
}

// DeleteGoodsMove takes back what the user told; ErrNotFound when there is none.
func (t *Tx) DeleteGoodsMove(id int64) error {
	m := GoodsMove{ID: id}
	if err := t.row(`SELECT connection_id, order_id, sku FROM goods_move WHERE id = ?`, []any{id}, &m.Connection, &m.Order, &m.SKU); err != nil {
		return err
	}
	t.touch(m.Connection, m.scope())
	_, err := t.exec(`DELETE FROM goods_move WHERE id = ?`, id)
	return err
}

// GoodsMoved is a move that the user told of with what it did to the cost of
// goods. Cost is below 0 where it is a cost; it is not known while the cost of one
// of its units is not.
type GoodsMoved struct {
	GoodsMove
	Day     string // in the marketplace's zone
	By      string // who told
	Entered time.Time
	Cost    books.Figure
}

// GoodsMoves lists the moves that the user told of, the latest first.
func (b *Book) GoodsMoves(ctx context.Context) ([]GoodsMoved, error) {
	var all []GoodsMoved
	from := bookSource{ctx, b}
	err := from.each(`SELECT id, connection_id, kind, order_id, sku, marketplace_id, units, moved_at, note, entered_at, entered_by
		FROM goods_move ORDER BY moved_at DESC, id DESC`, nil, func(r *sql.Rows) error {
		var m GoodsMoved
		var at, entered int64
		err := r.Scan(&m.ID, &m.Connection, &m.Kind, &m.Order, &m.SKU, &m.Marketplace, &m.Units, &at, &m.Note, &entered, &m.By)
		m.At, m.Entered = fromMillis(at), fromMillis(entered)
		all = append(all, m)
		return err
	})
	for i := range all {
		if err == nil {
			err = all[i].readCost(from)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the moves of goods: %w", err)
	}
	return all, nil
}

func (m *GoodsMoved) readCost(from bookSource) error {
	key := books.Goods{Kind: moveKinds[m.Kind], Key: fmt.Sprint("typed ", m.ID), Connection: m.Connection, SKU: m.SKU}.EventKey()
	return from.each(`SELECT e.event_day, l.currency, l.amount_minor, l.uncovered FROM event e JOIN money_line l ON l.event_id = e.id
		WHERE e.scope = ? AND e.connection_id = ? AND e.key = ? AND l.line = 'cogs'`, []any{m.scope(), m.Connection, key}, func(r *sql.Rows) error {
		var open int64
		err := r.Scan(&m.Day, &m.Cost.Currency, &m.Cost.Minor, &open)
		m.Cost.Known = open == 0
		return err
	})
}

// GoodsEffect is what a change of goods does to the cost of goods of one month:
// Change is below 0 where profit falls by it, in minor units, and Open is how many
// more units lack a cost.
type GoodsEffect struct {
	Month    string // YYYY-MM
	Currency string
	Change   int64
	Open     int64
}

// TryGoods tells what f, which notes or takes back moves of goods, would do to the
// cost of goods, by month and currency. It books it for a moment, closed months and
// all, and takes it back: the book stays as it is.
func (b *Book) TryGoods(ctx context.Context, f func(*Tx) error) ([]GoodsEffect, error) {
	type month struct{ month, currency string }
	effects := map[month]GoodsEffect{}
	tried := errors.New("only tried")
	err := b.Write(ctx, func(tx *Tx) error {
		add := func(sign int64) error {
			return tx.rows(`SELECT substr(event_day, 1, 7), currency, sum(amount_minor), sum(uncovered) FROM rollup WHERE line = 'cogs' GROUP BY 1, 2`, nil,
				func(r *sql.Rows) error {
					var k month
					var minor, open int64
					err := r.Scan(&k.month, &k.currency, &minor, &open)
					e := effects[k]
					effects[k] = GoodsEffect{k.month, k.currency, e.Change + sign*minor, e.Open + sign*open}
					return err
				})
		}
		for _, step := range []func() error{
			func() error { return add(-1) }, func() error { return f(tx) }, tx.deriveDirty, func() error { return add(1) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return tried
	})
	if !errors.Is(err, tried) {
		return nil, fmt.Errorf("try a move of goods: %w", err)
	}
	maps.DeleteFunc(effects, func(_ month, e GoodsEffect) bool { return e.Change == 0 && e.Open == 0 })
	return slices.SortedFunc(maps.Values(effects), func(x, y GoodsEffect) int {
		return cmp.Or(cmp.Compare(x.Month, y.Month), cmp.Compare(x.Currency, y.Currency))
	}), nil
}
