package appsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// feeEstimates: Product Fees v0 getMyFeesEstimates, 0.5/s burst 1, 20 a call.
// What Amazon would charge for one unit of each own offer at its present price,
// each fee by itself, kept with its date: orders whose fees are not posted yet
// are estimated by it. Asked again after a month, or when the price changes.
// Surprises: an entry fails by its status inside HTTP 200 (a SKU without an
// offer gives ClientError); a fee may list the fees that it consists of.
type feeEstimates struct{}

const (
	feesFresh = 30 * 24 * time.Hour
	feesRetry = 24 * time.Hour // where Amazon gave none
	feesRun   = 1000           // offers per run; the next goes on
)

func (feeEstimates) Name() string         { return nameFeeEstimates }
func (feeEstimates) Stage() int           { return 3 }
func (feeEstimates) Every() time.Duration { return time.Hour }

func (feeEstimates) Sync(ctx context.Context, s *Session) error {
	due, err := s.Book.FeesDue(ctx, s.ID(), s.Now.Add(-feesFresh), s.Now.Add(-feesRetry), feesRun)
	if err != nil {
		return err
	}
	s.Expect(len(due))
	for batch := range slices.Chunk(due, spapi.FeesBatch) {
		if err := feesBatch(ctx, s, batch); err != nil {
			return err
		}
	}
	return s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(s.ID(), nameFeeEstimates, map[string]string{}, s.Now)
	})
}

func feesBatch(ctx context.Context, s *Session, batch []store.FeeEstimate) error {
	requests := make([]spapi.FeesRequest, len(batch))
	for i, e := range batch {
		price := books.Money{Minor: e.Price, Currency: e.Currency}
		requests[i] = spapi.FeesRequest{
			ID: strconv.Itoa(i), MarketplaceID: e.Marketplace, SKU: e.SKU, ByAmazon: e.FulfilledBy == "AMAZON",
			Price: spapi.Money{Amount: spapi.Decimal(price.Decimal()), CurrencyCode: e.Currency},
		}
	}
	got, err := s.API.FeesEstimates(ctx, requests)
	if err != nil {
		return err
	}
	return s.Page(ctx, len(batch), func(tx *store.Tx) error {
		for i, e := range batch {
			e.Taken, e.Error = s.Now, "no answer"
			at := slices.IndexFunc(got, func(r spapi.Kept[spapi.FeesResult]) bool { return r.Value.Identifier.ID == strconv.Itoa(i) })
			if at >= 0 {
				e.Error = ""
				if err := fillEstimate(&e, got[at].Value); err != nil {
					return fmt.Errorf("fees of %s: %w", e.SKU, err)
				}
				var err error
				if e.Document, err = tx.PutDocument("fees", got[at].Raw); err != nil {
					return err
				}
			}
			if err := tx.PutFeeEstimate(e); err != nil {
				return err
			}
		}
		return nil
	})
}

func fillEstimate(e *store.FeeEstimate, w spapi.FeesResult) error {
	if w.Status != "Success" || w.Estimate == nil || w.Estimate.Total == nil {
		e.Error = firstOf(w.Status, "no estimate")
		if w.Error != nil {
			e.Error = firstOf(w.Error.Message, w.Error.Code, e.Error)
		}
		return nil
	}
	total, currency, err := nearMinor(w.Estimate.Total)
	if err != nil {
		return fmt.Errorf("total: %w", err)
	}
	if currency != e.Currency {
		return fmt.Errorf("asked in %s, answered in %s", e.Currency, currency)
	}
	e.Total = total
	return addFees(e, "", w.Estimate.Fees)
}

// addFees takes estimates to the nearest minor unit: Amazon tells some of them
// with more digits.
func addFees(e *store.FeeEstimate, partOf string, fees []spapi.FeeDetail) error {
	for _, f := range fees {
		amount, _, err1 := nearMinor(f.Amount)
		final, _, err2 := nearMinor(f.Final)
		promotion, _, err3 := nearMinor(f.Promotion)
		tax, _, err4 := nearMinor(f.Tax)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			return fmt.Errorf("%s: %w", f.Type, err)
		}
		switch {
		case amount == nil && final == nil:
			return fmt.Errorf("%s has no amount", f.Type)
		case amount == nil:
			amount = final
		case final == nil:
			final = amount
		}
		e.Parts = append(e.Parts, store.FeePart{Fee: f.Type, PartOf: partOf, Amount: *amount, Final: *final, Promotion: promotion, Tax: tax})
		if err := addFees(e, f.Type, f.Included); err != nil {
			return err
		}
	}
	return nil
}
