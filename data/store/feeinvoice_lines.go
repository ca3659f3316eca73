package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"countinghouse/data/markets"
)

// FeeInvoiceLine is one line of a fee invoice.
type FeeInvoiceLine struct {
	ID                   string // Amazon's
	Kind                 string // GOODS, SERVICES, OTHERS
	Service, Description string
	SKU, ASIN            string    // empty when it is about no product
	Start, End           time.Time // of the charge, zero when not told
	Units                *int64    // nil when not told
	TaxRates             string    // "DE 19"
	Currency             string
	Net, Tax             *int64 // minor units, nil when not told
	Total                int64  // minor units, with tax
	Document, Line       int64  // where it stands
}

// FeeInvoicesWithoutLines lists the invoices whose lines were never read, or not
// since the invoice changed; the newest first, without their parts.
func (b *Book) FeeInvoicesWithoutLines(ctx context.Context, connection string) ([]FeeInvoice, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT marketplace_id, invoice_id, number, issued_at, v.updated_at FROM fee_invoice v
		LEFT JOIN fee_invoice_read r USING (connection_id, marketplace_id, invoice_id)
		WHERE connection_id = ? AND r.updated_at IS NOT coalesce(v.updated_at, 0)
		ORDER BY issued_at DESC, marketplace_id, invoice_id`, connection)
	if err != nil {
		return nil, fmt.Errorf("find fee invoices without lines: %w", err)
	}
	var all []FeeInvoice
	err = eachRow(rows, func(r *sql.Rows) error {
		v := FeeInvoice{Connection: connection}
		var issued, updated sql.NullInt64
		err := r.Scan(&v.Marketplace, &v.ID, &v.Number, &issued, &updated)
		v.Issued, v.Updated = optTime(issued), optTime(updated)
		all = append(all, v)
		return err
	})
	return all, err
}

// FeeInvoiceRead notes that the lines of an invoice as of v.Updated were asked for;
// those that it has stay.
func (t *Tx) FeeInvoiceRead(v FeeInvoice) error {
	day := ""
	if !v.Issued.IsZero() {
		day = markets.Day(v.Marketplace, v.Issued)
	}
	updated := int64(0)
	if !v.Updated.IsZero() {
		updated = millis(v.Updated)
	}
	_, err := t.exec(`INSERT INTO fee_invoice_read (connection_id, marketplace_id, invoice_id, updated_at, issued_day) VALUES (?,?,?,?,?)
		ON CONFLICT DO UPDATE SET updated_at = excluded.updated_at, issued_day = excluded.issued_day`, v.Connection, v.Marketplace, v.ID, updated, day)
	if err != nil {
		return fmt.Errorf("note fee invoice %s as read: %w", v.Number, err)
	}
	return nil
}

// PutFeeInvoiceLines stores the lines of an invoice, in their order and instead of
// those that it had, and that they are those of the invoice as of v.Updated.
func (t *Tx) PutFeeInvoiceLines(v FeeInvoice, lines []FeeInvoiceLine) error {
	if err := t.FeeInvoiceRead(v); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM fee_invoice_line WHERE connection_id = ? AND marketplace_id = ? AND invoice_id = ?`, v.Connection, v.Marketplace, v.ID)
	for i, l := range lines {
		if err != nil {
			break
		}
		_, err = t.exec(`INSERT INTO fee_invoice_line (connection_id, marketplace_id, invoice_id, seq, line_id, kind, service, description, sku, asin,
			start_at, end_at, units, tax_rates, currency, net_minor, tax_minor, total_minor, document_id, doc_line)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			v.Connection, v.Marketplace, v.ID, i, l.ID, l.Kind, l.Service, l.Description, l.SKU, l.ASIN, optMillis(l.Start), optMillis(l.End),
			l.Units, l.TaxRates, l.Currency, l.Net, l.Tax, l.Total, nullID(l.Document), l.Line)
	}
	if err != nil {
		return fmt.Errorf("store the lines of fee invoice %s: %w", v.Number, err)
	}
	return nil
}
