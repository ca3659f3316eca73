package appsync

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// payouts: Transfers 2024-06-01 listExpectedPayouts and listPayouts, 0.5/s burst
// 10 each. What Amazon is going to pay, and what it paid to the bank.
// Surprises: listPayouts answers for eight European marketplaces only, and is
// asked there; everything expected is told anew each time; the amount is missing
// where nothing will be paid.
type payouts struct{}

// payoutsReread covers payouts that fail after they were sent.
const payoutsReread = 30 * 24 * time.Hour

func (payouts) Name() string         { return namePayouts }
func (payouts) Stage() int           { return 3 }
func (payouts) Every() time.Duration { return 6 * time.Hour }

func (p payouts) Sync(ctx context.Context, s *Session) error {
	var mark sinceMark
	known, err := s.Bookmark(ctx, &mark)
	if err != nil {
		return err
	}
	if err := p.read(ctx, s, s.API.ExpectedPayouts(ctx), true); err != nil && !notOffered(err) {
		return err
	}
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	marketplaces = slices.DeleteFunc(marketplaces, func(m string) bool { return !slices.Contains(spapi.PayoutMarketplaces, m) })
	if len(marketplaces) > 0 {
		since := s.Oldest()
		if known {
			since = mark.Until.Add(-payoutsReread).Truncate(time.Second)
		}
		if err := p.read(ctx, s, s.API.Payouts(ctx, spapi.PayoutsQuery{MarketplaceIDs: marketplaces, CreatedAfter: since}), false); err != nil {
			return err
		}
	}
	return s.Page(ctx, 0, func(tx *store.Tx) error {
		if err := tx.DropExpectedPayouts(s.ID(), s.Now); err != nil {
			return err
		}
		return tx.SetBookmark(s.ID(), namePayouts, sinceMark{s.Now}, s.Now)
	})
}

func (payouts) read(ctx context.Context, s *Session, pages iter.Seq2[spapi.Page[spapi.Kept[spapi.Payout]], error], expected bool) error {
	for page, err := range pages {
		if err != nil {
			return err
		}
		err := s.Page(ctx, len(page.Items), func(tx *store.Tx) error {
			for _, w := range page.Items {
				p, err := toPayout(s, w.Value, expected)
				if err == nil {
					p.Document, err = tx.PutDocument("payout", w.Raw)
				}
				if err == nil {
					err = tx.PutPayout(p)
				}
				if err != nil {
					return fmt.Errorf("payout %s: %w", w.Value.ID, err)
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

func toPayout(s *Session, w spapi.Payout, expected bool) (p store.AmazonPayout, err error) {
	p = store.AmazonPayout{
		Connection: s.ID(), ID: w.ID, Marketplace: w.Partner.MarketplaceID, Account: w.Partner.AccountType, Expected: expected,
		Status: firstOf(w.Status, w.ExpectedStatus), Type: w.Type, At: w.Created.Time, Method: w.PaymentMethod, AccountTail: w.AccountTail,
		TraceID: w.TraceID, Taken: s.Now,
	}
	if w.Period != nil {
		p.Start, p.End = w.Period.Start.Time, w.Period.End.Time
	}
	for _, id := range w.Related {
		if id.Name == "SETTLEMENT_ID" {
			p.Settlement = id.Value
		}
	}
	for _, h := range w.History {
		p.Failure = firstOf(h.FailureReason, p.Failure)
	}
	if expected {
		p.At = w.Scheduled.Time
		p.ID = "expected:" + p.Marketplace + ":" + p.Account + ":" + p.Settlement
	}
	if p.ID == "" {
		return p, errors.New("its id is missing")
	}
	p.Amount, p.Currency, err = optMoney(w.Amount)
	return p, err
}
