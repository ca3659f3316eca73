package appsync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// allLines reads the lines of the invoices that are new or have changed, the
// newest first. What Amazon has no lines of is not asked for again until it
// changes.
func (f feeInvoices) allLines(ctx context.Context, s *Session) error {
	due, err := s.Book.FeeInvoicesWithoutLines(ctx, s.ID())
	if err != nil {
		return err
	}
	for _, v := range due {
		lines, body, err := f.lines(ctx, s, v)
		if err != nil && !notOffered(err) {
			return fmt.Errorf("lines of fee invoice %s: %w", v.Number, err)
		}
		err = s.Page(ctx, len(lines), func(tx *store.Tx) error {
			if len(lines) > 0 {
				doc, err := tx.PutDocument("fee-invoice-lines", body)
				if err != nil {
					return err
				}
				for i := range lines {
					lines[i].Document = doc
				}
			}
			return tx.PutFeeInvoiceLines(v, lines)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lines reads one invoice, all its pages; the document has a line for each of its
// lines. One that comes on two pages is one.
func (feeInvoices) lines(ctx context.Context, s *Session, v store.FeeInvoice) (lines []store.FeeInvoiceLine, body []byte, err error) {
	known := map[string]bool{}
	for page, err := range s.API.InvoiceLines(ctx, v.Marketplace, v.ID) {
		if err != nil {
			return nil, nil, err
		}
		for _, w := range page.Items {
			if known[string(w.Raw)] && w.Value.ID != "" {
				continue
			}
			known[string(w.Raw)] = true
			l, err := toFeeInvoiceLine(w.Value)
			if err != nil {
				return nil, nil, fmt.Errorf("line %s: %w", w.Value.ID, err)
			}
			raw, err := invoiceLineAlone(w.Raw)
			if err != nil {
				return nil, nil, err
			}
			l.Line = int64(len(lines) + 1)
			lines, body = append(lines, l), append(append(body, raw...), '\n')
		}
	}
	return lines, body, nil
}

func toFeeInvoiceLine(w spapi.InvoiceLine) (store.FeeInvoiceLine, error) {
	l := store.FeeInvoiceLine{ID: w.ID, Kind: w.Context.Type, Service: w.Context.Service, Description: w.Context.Description,
		TaxRates: strings.Join(w.TaxRates, ", ")}
	for _, id := range w.Context.Identifiers {
		switch id.Name {
		case "SKU":
			l.SKU = id.Value
		case "ASIN":
			l.ASIN = id.Value
		}
	}
	if p := w.Context.Period; p != nil {
		l.Start, l.End = p.Start.Time, p.End.Time
	}
	if w.Quantity != nil {
		n := int64(*w.Quantity)
		l.Units = &n
	}
	total, err := money(w.Amount)
	if err != nil {
		return l, fmt.Errorf("amount: %w", err)
	}
	l.Currency, l.Total = total.Currency, total.Minor
	err = eachBreakdown(w.Amounts, "", func(path string, m *spapi.Money) error {
		into := map[string]**int64{"ItemCostWithoutTax": &l.Net, "ItemTaxAmount": &l.Tax}[path[strings.LastIndexByte(path, '/')+1:]]
		if into == nil || *into != nil {
			return nil
		}
		part, err := money(m)
		if err == nil && part.Currency != l.Currency {
			err = errors.New("it has another currency than the line")
		}
		*into = &part.Minor
		return err
	})
	return l, err
}

// invoiceLineKeys are what is kept of a line as it came: Amazon may add who is
// meant by it.
var invoiceLineKeys = []string{"lineItemId", "unitCost", "quantity", "taxRateCodes", "totalAmount", "totalAmountBreakdown", "lineItemContext",
	"relatedItemIdentifiers"}

func invoiceLineAlone(raw []byte) ([]byte, error) {
	all, err := decodeObject(raw)
	if err != nil {
		return nil, err
	}
	return json.Marshal(pick(all, invoiceLineKeys))
}
