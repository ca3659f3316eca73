package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
)

// PostageRate is what sending costs from a day on: per parcel, or per unit of a
// SKU. Both count where both are there.
type PostageRate struct {
	SKU         string // "" per parcel
	Marketplace string // "" every marketplace of the currency
	From        string // "" from the beginning
	Currency    string
	Postage     books.Decimal
	Packing     books.Decimal
}

// PutPostageRate adds a rate or replaces that of the same SKU, marketplace, day
// and currency, and counts the postage of seller-fulfilled orders again.
func (t *Tx) PutPostageRate(r PostageRate) error {
	if _, err := t.exec(`INSERT INTO postage_rate (sku, marketplace_id, valid_from_day, currency, postage, packing, entered_at) VALUES (?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET postage = excluded.postage, packing = excluded.packing, entered_at = excluded.entered_at`,
		r.SKU, r.Marketplace, r.From, r.Currency, r.Postage.String(), r.Packing.String(), t.now); err != nil {
		return fmt.Errorf("store the postage: %w", err)
	}
	return t.touchSellerFulfilled()
}

// DeletePostageRate removes a rate; ErrNotFound when there is none.
func (t *Tx) DeletePostageRate(r PostageRate) error {
	n, err := t.exec(`DELETE FROM postage_rate WHERE sku = ? AND marketplace_id = ? AND valid_from_day = ? AND currency = ?`,
		r.SKU, r.Marketplace, r.From, r.Currency)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("remove the postage: %w", err)
	}
	return t.touchSellerFulfilled()
}

func (t *Tx) touchSellerFulfilled() error {
	t.book.basis = nil
	return t.rows(`SELECT connection_id, order_id FROM orders WHERE fulfilled_by = 'MERCHANT' AND status = 'SHIPPED'`, nil, func(r *sql.Rows) error {
		var k scopeKey
		err := r.Scan(&k.connection, &k.scope)
		t.dirty[k] = struct{}{}
		return err
	})
}

// PostageRates lists the rates.
func (b *Book) PostageRates(ctx context.Context) ([]PostageRate, error) {
	var all []PostageRate
	err := bookSource{ctx, b}.each(`SELECT sku, marketplace_id, valid_from_day, currency, postage, packing FROM postage_rate ORDER BY 1, 2, 3, 4`, nil,
		func(r *sql.Rows) error {
			var p PostageRate
			var postage, packing string
			if err := r.Scan(&p.SKU, &p.Marketplace, &p.From, &p.Currency, &postage, &packing); err != nil {
				return err
			}
			var errPostage, errPacking error
			p.Postage, errPostage = books.ParseUnit(postage)
			p.Packing, errPacking = books.ParseUnit(packing)
			all = append(all, p)
			return errors.Join(errPostage, errPacking)
		})
	if err != nil {
		return nil, fmt.Errorf("read the postage: %w", err)
	}
	return all, nil
}

// PutCarrierBill keeps a carrier's bill with its file and books each row on its
// order, found by order id or tracking number; rows of no known order stand by
// themselves until the order comes. The same file again changes nothing: known.
func (t *Tx) PutCarrierBill(name string, body []byte, rows []costfiles.Parcel) (matched int, known bool, err error) {
	sum := sha256.Sum256(body)
	bill := hex.EncodeToString(sum[:])
	var had int
	if err := t.row(`SELECT count(*) FROM carrier_bill WHERE bill = ?`, []any{bill}, &had); err != nil || had > 0 {
		return 0, had > 0, err
	}
	doc, err := t.PutDocument("carrier-bill", body)
	if err != nil {
		return 0, false, err
	}
	for _, p := range rows {
		k, err := t.orderOfParcel(p)
		if err != nil {
			return 0, false, err
		}
		if k.scope != "" {
			matched++
			t.dirty[k] = struct{}{}
		}
		if _, err := t.exec(`INSERT INTO carrier_bill (bill, line, name, billed_day, tracking_number, connection_id, order_id, currency, amount_minor, document_id, entered_at)
			VALUES (?,?,?,?,?,?,?,?,?,?,?)`, bill, p.Line, filepath.Base(name), p.Day, p.Tracking, k.connection, k.scope, p.Amount.Currency, p.Amount.Minor, doc, t.now); err != nil {
			return 0, false, fmt.Errorf("store line %d of the carrier's bill: %w", p.Line, err)
		}
	}
	t.book.basis = nil
	return matched, false, t.touchBill(bill)
}

func (t *Tx) orderOfParcel(p costfiles.Parcel) (scopeKey, error) {
	var k scopeKey
	err := ErrNotFound
	if p.Order != "" {
		err = t.row(`SELECT connection_id, order_id FROM orders WHERE order_id = ? ORDER BY 1 LIMIT 1`, []any{p.Order}, &k.connection, &k.scope)
	}
	if errors.Is(err, ErrNotFound) && p.Tracking != "" {
		err = t.row(`SELECT connection_id, order_id FROM package WHERE tracking_number = ? ORDER BY 1, 2 LIMIT 1`, []any{p.Tracking}, &k.connection, &k.scope)
	}
	if errors.Is(err, ErrNotFound) {
		return scopeKey{}, nil
	}
	return k, err
}

func (t *Tx) touchBill(bill string) error {
	return t.rows(`SELECT id FROM connection`, nil, func(r *sql.Rows) error {
		var connection string
		err := r.Scan(&connection)
		t.touch(connection, billScope+bill)
		return err
	})
}

// claimParcels books rows of carriers' bills on an order that came after them.
func (t *Tx) claimParcels(o Order) error {
	basis, err := t.loadBasis()
	if err != nil || !basis.bills {
		return err
	}
	var bills []string
	note := func(r *sql.Rows) error {
		var bill string
		err := r.Scan(&bill)
		bills = append(bills, bill)
		return err
	}
	for _, p := range o.Packages {
		if p.TrackingNumber == "" {
			continue
		}
		if err := t.rows(`UPDATE carrier_bill SET connection_id = ?, order_id = ? WHERE tracking_number = ? AND order_id = '' RETURNING bill`,
			[]any{o.Connection, o.ID, p.TrackingNumber}, note); err != nil {
			return err
		}
	}
	for _, bill := range bills {
		if err := t.touchBill(bill); err != nil {
			return err
		}
	}
	return nil
}
