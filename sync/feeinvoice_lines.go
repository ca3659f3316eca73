package appsync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// feeLinesLate is how long after the day of issue Amazon may still have no lines to
// show of an invoice; what is older is not asked for again until it changes.
const feeLinesLate = 7 * 24 * time.Hour

// oddInvoice is an error that is of one invoice: the others can be read all the same.
type oddInvoice struct{ error }

func (e oddInvoice) Unwrap() error { return e.error }

// allLines reads the lines of the invoices that are new or have changed, the
// newest first. One that cannot be read is told when the others are in, and asked
// for again by the next run.
func (f feeInvoices) allLines(ctx context.Context, s *Session, marketplaces []string) error {
	due, err := s.Book.FeeInvoicesWithoutLines(ctx, s.ID())
	if err != nil {
		return err
	}
	var told error
	for _, v := range due {
		if !slices.Contains(marketplaces, v.Marketplace) {
			continue // Amazon answers for those of today only
		}
		lines, body, err := f.lines(ctx, s, v)
		var odd oddInvoice
		switch {
		case errors.As(err, &odd):
			if told == nil {
				told = fmt.Errorf("lines of fee invoice %s: %w", v.Number, err)
			}
			continue
		case notOffered(err) && s.clock().Sub(v.Issued) <= feeLinesLate:
			continue
		case notOffered(err):
			err = s.Page(ctx, 0, func(tx *store.Tx) error { return tx.FeeInvoiceRead(v) })
		case err != nil:
			err = fmt.Errorf("lines of fee invoice %s: %w", v.Number, err)
		default:
			err = f.putLines(ctx, s, v, lines, body)
		}
		if err != nil {
			return err
		}
	}
	return told
}

func (feeInvoices) putLines(ctx context.Context, s *Session, v store.FeeInvoice, lines []store.FeeInvoiceLine, body []byte) error {
	return s.Page(ctx, len(lines), func(tx *store.Tx) error {
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
}

// lines reads one invoice, all its pages; the document has a line for each of its
// lines. One that comes on two pages is one. What is wrong with the invoice, not
// with the way to Amazon, is an oddInvoice.
func (feeInvoices) lines(ctx context.Context, s *Session, v store.FeeInvoice) (lines []store.FeeInvoiceLine, body []byte, err error) {
	known, pages := map[string]bool{}, 0
	for page, err := range s.API.InvoiceLines(ctx, v.Marketplace, v.ID) {
		if err != nil {
			if ofOneList(err) || pages > 0 && notOffered(err) {
				err = oddInvoice{err}
			}
			return nil, nil, err
		}
		pages++
		for _, w := range page.Items {
			if known[string(w.Raw)] && w.Value.ID != "" {
				continue
			}
			known[string(w.Raw)] = true
			l, err := toFeeInvoiceLine(w.Value)
			if err != nil {
				return nil, nil, oddInvoice{fmt.Errorf("line %s: %w", w.Value.ID, err)}
			}
			raw, err := invoiceLineAlone(w.Raw)
			if err != nil {
				return nil, nil, oddInvoice{err}
			}
			l.Line = int64(len(lines) + 1)
			lines, body = append(lines, l), append(append(body, raw...), '\n')
		}
	}
	return lines, body, nil
}

// ofOneList tells that an answer came that cannot be used, or that this list cannot
// be asked for: another list may do.
func ofOneList(err error) bool {
	switch spapi.ClassOf(err) {
	case spapi.ErrMalformed, spapi.ErrPaging, spapi.ErrPageExpired, spapi.ErrTooLarge, spapi.ErrArgument:
		return true
	}
	return false
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
	told, parts := w.Amount != nil && w.Amount.Amount != "", true // parts: net and tax are all there is
	if told {
		total, err := money(w.Amount)
		if err != nil {
			return l, fmt.Errorf("amount: %w", err)
		}
		l.Currency, l.Total = total.Currency, total.Minor
	}
	err := eachBreakdown(w.Amounts, "", func(path string, m *spapi.Money) error {
		into := map[string]**int64{"ItemCostWithoutTax": &l.Net, "ItemTaxAmount": &l.Tax}[path[strings.LastIndexByte(path, '/')+1:]]
		if into == nil || *into != nil {
			parts = false
			return nil
		}
		part, err := money(m)
		if l.Currency == "" {
			l.Currency = part.Currency
		}
		if err == nil && part.Currency != l.Currency {
			err = errors.New("it has another currency than the line")
		}
		*into = &part.Minor
		return err
	})
	if err != nil || told {
		return l, err
	}
	if l.Net == nil || l.Tax == nil || !parts {
		return l, errors.New("its amount is missing")
	}
	total, err := books.Money{Minor: *l.Net, Currency: l.Currency}.Add(books.Money{Minor: *l.Tax, Currency: l.Currency})
	l.Total = total.Minor
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
