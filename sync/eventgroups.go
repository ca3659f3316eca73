package appsync

import (
	"context"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// eventGroups: Finances v0 listFinancialEventGroups (the one operation of that
// version that stays), 0.5/s burst 30, 100 a page, two years back. The periods
// that Amazon pays out, with what became of each payout.
// Surprises: no marketplace, only a currency; the open one changes until it is
// closed, and a payout may fail weeks later, so the last months are read again.
type eventGroups struct{}

const eventGroupsReread = 60 * 24 * time.Hour

// sinceMark is the bookmark of sources that read everything since a time:
// complete up to Until.
type sinceMark struct {
	Until time.Time `json:"until"`
}

func (eventGroups) Name() string         { return nameEventGroups }
func (eventGroups) Stage() int           { return 3 }
func (eventGroups) Every() time.Duration { return 6 * time.Hour }

func (eventGroups) Sync(ctx context.Context, s *Session) error {
	var mark sinceMark
	known, err := s.Bookmark(ctx, &mark)
	if err != nil {
		return err
	}
	since := s.Oldest()
	if known {
		since = mark.Until.Add(-eventGroupsReread).Truncate(time.Second)
	}
	for page, err := range s.API.EventGroups(ctx, spapi.EventGroupsQuery{StartedAfter: since}) {
		if err != nil {
			return err
		}
		err := s.Page(ctx, len(page.Items), func(tx *store.Tx) error {
			for _, w := range page.Items {
				if err := putEventGroup(tx, s, w); err != nil {
					return fmt.Errorf("event group %s: %w", w.Value.ID, err)
				}
			}
			if !page.Next.Done() {
				return nil
			}
			return tx.SetBookmark(s.ID(), nameEventGroups, sinceMark{s.Now}, s.Now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func putEventGroup(tx *store.Tx, s *Session, w spapi.Kept[spapi.EventGroup]) error {
	v := w.Value
	g := store.EventGroup{
		Connection: s.ID(), ID: v.ID, Status: v.ProcessingStatus, TransferStatus: v.TransferStatus, Start: v.Start.Time, End: v.End.Time,
		Transfer: v.TransferDate.Time, TraceID: v.TraceID, AccountTail: v.AccountTail,
	}
	var err error
	if g.Total, g.Currency, err = optMoney(v.OriginalTotal); err != nil {
		return err
	}
	if g.Converted, g.ConvertedCurrency, err = optMoney(v.ConvertedTotal); err != nil {
		return err
	}
	begin, currency, err := optMoney(v.BeginningBalance)
	if err != nil {
		return err
	}
	if g.Currency = firstOf(g.Currency, currency); begin != nil && currency == g.Currency {
		g.Beginning = begin
	}
	if g.Document, err = tx.PutDocument("event-group", w.Raw); err != nil {
		return err
	}
	return tx.PutEventGroup(g)
}
