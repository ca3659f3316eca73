package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// Scopes of money that Amazon has no part in.
const (
	expenseScope = "~expense~" // and the expense's number
	billScope    = "~postage~" // and the bill's hash: parcels of no known order
)

// settingSpread is the day up to which expenses are spread.
const settingSpread = "expenses.until"

// expenseFor spreads an expense over its days.
func (t *Tx) expenseFor(k scopeKey, c *orderContext) error {
	o := books.Outlay{}
	err := t.row(`SELECT id, code, repeat, from_day, to_day, currency, amount_minor, marketplace_id, sku FROM expense WHERE id = ?`,
		[]any{strings.TrimPrefix(k.scope, expenseScope)}, &o.ID, &o.Code, &o.Repeat, &o.From, &o.To, &o.Amount.Currency, &o.Amount.Minor, &o.Marketplace, &o.SKU)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	connection, err := t.homeOf(o.Marketplace, o.Amount.Currency)
	if err != nil || connection != k.connection {
		return err
	}
	var until string
	if err := t.row(`SELECT value FROM setting WHERE key = ?`, []any{settingSpread}, &until); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	for _, d := range o.Days(until) {
		at, err := time.Parse(time.DateOnly, d.Day)
		if err != nil {
			return err
		}
		c.charges = append(c.charges, books.Charge{
			Key: k.scope + " " + d.Day, Connection: connection, Line: books.Expense, Name: o.Code, SKU: o.SKU, Marketplace: o.Marketplace,
			Amount: books.Money{Minor: -d.Minor, Currency: o.Amount.Currency}, At: at.Add(12 * time.Hour), Day: d.Day,
		})
	}
	return nil
}

// homeOf finds the connection under which money without one stands: that of its
// marketplace, else of a marketplace with its currency, else the first. Empty when
// the book has no connection yet.
func (t *Tx) homeOf(marketplace, currency string) (string, error) {
	var id string
	err := t.row(`SELECT c.id FROM connection c LEFT JOIN marketplace m ON m.connection_id = c.id AND m.participating = 1
		ORDER BY coalesce(m.id = ?, 0) DESC, coalesce(m.currency = ?, 0) DESC, c.id LIMIT 1`, []any{marketplace, currency}, &id)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return id, err
}

// touchExpense lets an expense be spread anew, wherever it stands.
func (t *Tx) touchExpense(id int64) error {
	scope := expenseScope + strconv.FormatInt(id, 10)
	return t.rows(`SELECT id FROM connection`, nil, func(r *sql.Rows) error {
		var connection string
		err := r.Scan(&connection)
		t.touch(connection, scope)
		return err
	})
}

// spreadExpenses goes on with recurring expenses when a day has passed.
func (t *Tx) spreadExpenses() error {
	today := fromMillis(t.now).Format(time.DateOnly)
	var until string
	err := t.row(`SELECT value FROM setting WHERE key = ?`, []any{settingSpread}, &until)
	if errors.Is(err, ErrNotFound) || until >= today {
		return nil // there never was an expense
	}
	if err != nil {
		return err
	}
	if err := t.SetSetting(settingSpread, today); err != nil {
		return err
	}
	return t.rows(`SELECT id FROM expense WHERE to_day = '' OR to_day > ?`, []any{until}, func(r *sql.Rows) error {
		var id int64
		if err := r.Scan(&id); err != nil {
			return err
		}
		return t.touchExpense(id)
	})
}

// postageFor is what an order's parcels cost: what the carrier billed, else the
// typed rates per parcel and per unit.
func (t *Tx) postageFor(k scopeKey, o *shippedOrder, c *orderContext) error {
	basis, err := t.loadBasis()
	if err != nil {
		return err
	}
	charge := books.Charge{Connection: k.connection, Line: books.Postage, Order: k.scope, Marketplace: o.marketplace, At: o.updated}
	if basis.bills {
		err := t.rows(`SELECT bill || ' ' || line, name, currency, -amount_minor FROM carrier_bill WHERE order_id = ? AND connection_id = ?`,
			[]any{k.scope, k.connection}, func(r *sql.Rows) error {
				b := charge
				err := r.Scan(&b.Key, &b.Name, &b.Amount.Currency, &b.Amount.Minor)
				c.charges = append(c.charges, b)
				return err
			})
		if err != nil || len(c.charges) > 0 {
			return err
		}
	}
	if basis.postage == nil {
		return nil
	}
	return t.ratedPostage(k, o, c, basis, charge)
}

func (t *Tx) ratedPostage(k scopeKey, o *shippedOrder, c *orderContext, basis *costBasis, charge books.Charge) error {
	day := markets.Day(o.marketplace, o.updated)
	add := func(sku, key string, units int64) error {
		for _, part := range []struct {
			name  string
			rates *books.Costs
		}{{"postage", basis.postage}, {"packing", basis.packing}} {
			rate, ok := part.rates.At(sku, o.marketplace, o.currency, day)
			if !ok {
				continue
			}
			m, err := rate.Unit.Times(units, o.currency)
			if err != nil {
				return fmt.Errorf("%s of order %s: %w", part.name, k.scope, err)
			}
			b := charge
			b.Key, b.Name, b.SKU, b.Amount = part.name+" "+key, part.name, sku, m.Neg()
			c.charges = append(c.charges, b)
		}
		return nil
	}
	var parcels int64
	if err := t.row(`SELECT count(*) FROM package WHERE connection_id = ? AND order_id = ?`, []any{k.connection, k.scope}, &parcels); err != nil {
		return err
	}
	if err := add("", k.scope, max(parcels, 1)); err != nil {
		return err
	}
	type item struct {
		sku   string
		units int64
	}
	var items []item
	err := t.rows(`SELECT sku, sum(coalesce(shipped, quantity)) FROM order_item WHERE connection_id = ? AND order_id = ? GROUP BY sku`,
		[]any{k.connection, k.scope}, func(r *sql.Rows) error {
			var i item
			err := r.Scan(&i.sku, &i.units)
			items = append(items, i)
			return err
		})
	if err != nil {
		return err
	}
	for _, i := range items {
		if err := add(i.sku, k.scope+" "+i.sku, i.units); err != nil {
			return err
		}
	}
	return nil
}

// billFor holds the rows of a carrier's bill whose order nobody knows.
func (t *Tx) billFor(k scopeKey, c *orderContext) error {
	return t.rows(`SELECT bill || ' ' || line, name, billed_day, currency, -amount_minor FROM carrier_bill WHERE bill = ? AND order_id = ''`,
		[]any{strings.TrimPrefix(k.scope, billScope)}, func(r *sql.Rows) error {
			b := books.Charge{Connection: k.connection, Line: books.Postage}
			if err := r.Scan(&b.Key, &b.Name, &b.Day, &b.Amount.Currency, &b.Amount.Minor); err != nil {
				return err
			}
			home, err := t.homeOf("", b.Amount.Currency)
			if err != nil || home != k.connection {
				return err
			}
			at, err := time.Parse(time.DateOnly, b.Day)
			b.At = at.Add(12 * time.Hour)
			c.charges = append(c.charges, b)
			return err
		})
}

// readPostage reads the typed rates of postage and packing, nil without any.
func readPostage(from source) (postage, packing *books.Costs, err error) {
	var a, b []books.Cost
	err = from.each(`SELECT sku, marketplace_id, valid_from_day, currency, postage, packing FROM postage_rate ORDER BY 1, 2, 3, 4`, nil,
		func(r *sql.Rows) error {
			var c books.Cost
			var post, pack string
			if err := r.Scan(&c.SKU, &c.Marketplace, &c.From, &c.Currency, &post, &pack); err != nil {
				return err
			}
			var errPost, errPack error
			d := c
			c.Unit, errPost = books.ParseUnit(post)
			d.Unit, errPack = books.ParseUnit(pack)
			a, b = append(a, c), append(b, d)
			return cmp.Or(errPost, errPack)
		})
	if err != nil || len(a) == 0 {
		return nil, nil, err
	}
	return books.NewCosts(a), books.NewCosts(b), nil
}
