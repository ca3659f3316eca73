package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// FeeInvoice is an invoice of Amazon's for its fees.
type FeeInvoice struct {
	Connection, Marketplace, ID string
	Number, Status, Type        string
	Payer, Payee                string // SELLER, AMAZON, VENDOR
	Issued, Due                 time.Time
	Start, End                  time.Time // billing period, zero when not told
	Currency                    string
	Amount                      int64 // minor units
	Updated                     time.Time
	Document                    int64
	Parts                       []FeeInvoicePart // empty in lists
}

// FeeInvoicePart is a node of an invoice's trees.
type FeeInvoicePart struct {
	Kind     string // amount or settlement
	Path     string // Amazon's names joined by /
	Currency string
	Minor    int64
}

// PutFeeInvoice stores an invoice with its parts as Amazon now tells it.
func (t *Tx) PutFeeInvoice(v FeeInvoice) error {
	_, err := t.exec(`INSERT INTO fee_invoice (connection_id, marketplace_id, invoice_id, number, status, type, payer, payee, issued_at,
		due_at, start_at, end_at, currency, amount_minor, updated_at, document_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET number = excluded.number, status = excluded.status, type = excluded.type, payer = excluded.payer,
		payee = excluded.payee, issued_at = excluded.issued_at, due_at = excluded.due_at, start_at = excluded.start_at,
		end_at = excluded.end_at, currency = excluded.currency, amount_minor = excluded.amount_minor, updated_at = excluded.updated_at,
		document_id = excluded.document_id`,
		v.Connection, v.Marketplace, v.ID, v.Number, v.Status, v.Type, v.Payer, v.Payee, optMillis(v.Issued), optMillis(v.Due),
		optMillis(v.Start), optMillis(v.End), v.Currency, v.Amount, optMillis(v.Updated), nullID(v.Document))
	if err == nil {
		_, err = t.exec(`DELETE FROM fee_invoice_part WHERE connection_id = ? AND marketplace_id = ? AND invoice_id = ?`, v.Connection, v.Marketplace, v.ID)
	}
	for i, p := range v.Parts {
		if err != nil {
			break
		}
		_, err = t.exec(`INSERT INTO fee_invoice_part (connection_id, marketplace_id, invoice_id, seq, kind, path, currency, amount_minor)
			VALUES (?,?,?,?,?,?,?,?)`, v.Connection, v.Marketplace, v.ID, i, p.Kind, p.Path, p.Currency, p.Minor)
	}
	if err != nil {
		return fmt.Errorf("store fee invoice %s: %w", v.Number, err)
	}
	return nil
}

// FeeInvoices lists invoices issued from-to (to excluded), the newest first,
// without their parts. Zero times mean all.
func (b *Book) FeeInvoices(ctx context.Context, from, to time.Time) ([]FeeInvoice, error) {
	if to.IsZero() {
		to = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if from.IsZero() {
		from = time.Unix(0, 0)
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, marketplace_id, invoice_id, number, status, type, payer, payee, issued_at,
		due_at, start_at, end_at, currency, amount_minor, updated_at, coalesce(document_id, 0) FROM fee_invoice
		WHERE coalesce(issued_at, 0) >= ? AND coalesce(issued_at, 0) < ? ORDER BY issued_at DESC, 1, 2, 3`, millis(from), millis(to))
	if err != nil {
		return nil, fmt.Errorf("read fee invoices: %w", err)
	}
	var all []FeeInvoice
	err = eachRow(rows, func(r *sql.Rows) error {
		var v FeeInvoice
		var issued, due, start, end, updated sql.NullInt64
		err := r.Scan(&v.Connection, &v.Marketplace, &v.ID, &v.Number, &v.Status, &v.Type, &v.Payer, &v.Payee, &issued, &due, &start, &end,
			&v.Currency, &v.Amount, &updated, &v.Document)
		v.Issued, v.Due, v.Start, v.End, v.Updated = optTime(issued), optTime(due), optTime(start), optTime(end), optTime(updated)
		all = append(all, v)
		return err
	})
	return all, err
}

// FeeInvoiceParts reads the parts of one invoice, in its order.
func (b *Book) FeeInvoiceParts(ctx context.Context, connection, marketplace, id string) ([]FeeInvoicePart, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT kind, path, currency, amount_minor FROM fee_invoice_part
		WHERE connection_id = ? AND marketplace_id = ? AND invoice_id = ? ORDER BY seq`, connection, marketplace, id)
	if err != nil {
		return nil, fmt.Errorf("read the parts of fee invoice %s: %w", id, err)
	}
	var all []FeeInvoicePart
	err = eachRow(rows, func(r *sql.Rows) error {
		var p FeeInvoicePart
		err := r.Scan(&p.Kind, &p.Path, &p.Currency, &p.Minor)
		all = append(all, p)
		return err
	})
	return all, err
}
