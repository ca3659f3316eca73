package appsync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// feeInvoices: Finances Invoices 2026-06-25 getInvoiceHeaders, no rate told (one
// call in five seconds here, burst 5), 100 a page, windows of 90 days by date of
// issue, one marketplace at a time. Amazon's invoices for its fees. Later runs
// ask for what was modified since the last one, a day earlier. getInvoice, no rate
// told either: the lines of each invoice, once and again when it has changed.
// Surprises: payer and payee carry names, addresses and tax numbers, which are
// cut out before anything is kept; an invoice changes its status when it is
// deducted.
type feeInvoices struct{}

const invoicesReread = 24 * time.Hour

// invoicesMark is the bookmark: per marketplace, complete up to then.
type invoicesMark struct {
	Until map[string]time.Time `json:"until"`
}

func (feeInvoices) Name() string         { return nameFeeInvoices }
func (feeInvoices) Stage() int           { return 3 }
func (feeInvoices) Every() time.Duration { return 24 * time.Hour }

func (f feeInvoices) Sync(ctx context.Context, s *Session) error {
	var mark invoicesMark
	if _, err := s.Bookmark(ctx, &mark); err != nil {
		return err
	}
	if mark.Until == nil {
		mark.Until = map[string]time.Time{}
	}
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	end := settled(s.Now)
	for _, m := range marketplaces {
		err := f.marketplace(ctx, s, m, end, &mark)
		if notOffered(err) {
			continue
		}
		if err != nil {
			return err
		}
	}
	if err := f.allLines(ctx, s, marketplaces); err != nil {
		return err
	}
	return s.Page(ctx, 0, func(tx *store.Tx) error { return tx.SetBookmark(s.ID(), nameFeeInvoices, mark, end) })
}

// notOffered tells that Amazon does not have this for the marketplace asked
// for: newer interfaces come to one country after the other.
func notOffered(err error) bool {
	return errors.Is(err, spapi.ErrInvalid) || errors.Is(err, spapi.ErrNotFound)
}

// marketplace reads what is new of one marketplace.
func (f feeInvoices) marketplace(ctx context.Context, s *Session, m string, end time.Time, mark *invoicesMark) error {
	since, known := mark.Until[m]
	if known && end.Sub(since) < spapi.InvoicesSpan-invoicesReread {
		q := spapi.InvoicesQuery{MarketplaceID: m, ModifiedAfter: since.Add(-invoicesReread)}
		if err := f.read(ctx, s, m, q); err != nil {
			return err
		}
		since = end
	} else if !known {
		since = s.Oldest()
	}
	for from := since; from.Before(end); from = from.Add(spapi.InvoicesSpan) {
		to := from.Add(spapi.InvoicesSpan)
		if to.After(end) {
			to = end
		}
		if err := f.read(ctx, s, m, spapi.InvoicesQuery{MarketplaceID: m, IssuedAfter: from, IssuedBefore: to}); err != nil {
			return err
		}
	}
	mark.Until[m] = end
	return s.Page(ctx, 0, func(tx *store.Tx) error { return tx.SetBookmark(s.ID(), nameFeeInvoices, mark, time.Time{}) })
}

func (feeInvoices) read(ctx context.Context, s *Session, marketplace string, q spapi.InvoicesQuery) error {
	for page, err := range s.API.Invoices(ctx, q) {
		if err != nil {
			return fmt.Errorf("fee invoices of %s: %w", marketplace, err)
		}
		err := s.Page(ctx, len(page.Items), func(tx *store.Tx) error {
			for _, w := range page.Items {
				v, err := toFeeInvoice(s.ID(), marketplace, w.Value)
				if err != nil {
					return fmt.Errorf("fee invoice %s: %w", w.Value.Number, err)
				}
				body, err := invoiceWithoutParties(w.Raw)
				if err == nil {
					v.Document, err = tx.PutDocument("fee-invoice", body)
				}
				if err == nil {
					err = tx.PutFeeInvoice(v)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func toFeeInvoice(connection, marketplace string, w spapi.Invoice) (store.FeeInvoice, error) {
	v := store.FeeInvoice{
		Connection: connection, Marketplace: marketplace, ID: w.ID, Number: w.Number, Status: w.Status, Type: w.Type,
		Payer: w.Payer.Type, Payee: w.Payee.Type, Issued: w.Issued.Time, Due: w.Due.Time, Updated: w.LastUpdated.Time,
	}
	if v.ID == "" {
		return v, errors.New("its id is missing")
	}
	if w.Billing != nil {
		v.Start, v.End = w.Billing.Start.Time, w.Billing.End.Time
	}
	amount, err := money(w.Amount)
	if err != nil {
		return v, fmt.Errorf("amount: %w", err)
	}
	v.Currency, v.Amount = amount.Currency, amount.Minor
	for _, tree := range []struct {
		kind string
		list spapi.Breakdowns
	}{{"amount", w.Amounts}, {"settlement", w.Settlements}} {
		err := eachBreakdown(tree.list, "", func(path string, m *spapi.Money) error {
			part, err := money(m)
			v.Parts = append(v.Parts, store.FeeInvoicePart{Kind: tree.kind, Path: path, Currency: part.Currency, Minor: part.Minor})
			return err
		})
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

// eachBreakdown walks a tree of amounts, nodes without an amount left out.
func eachBreakdown(list spapi.Breakdowns, above string, f func(path string, m *spapi.Money) error) error {
	for _, n := range list {
		path := n.Type
		if above != "" {
			path = above + "/" + n.Type
		}
		if n.Amount != nil && n.Amount.Amount != "" {
			if err := f(path, n.Amount); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		if err := eachBreakdown(n.Breakdowns, path, f); err != nil {
			return err
		}
	}
	return nil
}

var invoiceKeys = []string{"invoiceNumber", "invoiceIdentifier", "invoiceStatus", "invoiceType", "billingPeriod", "issueDate", "dueDate",
	"paymentTerms", "invoiceAmount", "invoiceAmountBreakdowns", "invoiceSettlementBreakdowns", "relatedIdentifiers", "creationDate", "lastUpdatedDate"}

// invoiceWithoutParties gives the invoice as it came, less who pays whom.
func invoiceWithoutParties(raw []byte) ([]byte, error) {
	all, err := decodeObject(raw)
	if err != nil {
		return nil, err
	}
	return json.Marshal(pick(all, invoiceKeys))
}
