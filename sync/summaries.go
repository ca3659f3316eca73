package appsync

import (
	"context"
	"fmt"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// summaries: Finances 2024-06-19 listSummary, 0.5/s burst 10, one settlement a
// call. Amazon's own statement of each settlement in the book, to be held
// against the sum of its rows. A settlement is asked for once it is in; one that
// Amazon states nothing of is asked for again for a month.
// Surprises: the names in it are Amazon's words for people ("Product Charges"),
// not those of the transactions.
type summaries struct{}

// summariesFor is how long a settlement without a summary is asked for again.
const summariesFor = 30 * 24 * time.Hour

func (summaries) Name() string         { return nameSummaries }
func (summaries) Stage() int           { return 3 }
func (summaries) Every() time.Duration { return 12 * time.Hour }
func (summaries) After() []string      { return []string{nameSettlements} }

func (summaries) Sync(ctx context.Context, s *Session) error {
	ids, err := s.Book.SettlementsWithoutSummary(ctx, s.ID(), s.Now.Add(-summariesFor-settlementLookBack))
	if err != nil {
		return err
	}
	s.Expect(len(ids))
	for _, id := range ids {
		if err := summaryOf(ctx, s, id); err != nil {
			return fmt.Errorf("summary of settlement %s: %w", id, err)
		}
	}
	return s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(s.ID(), nameSummaries, map[string]string{}, s.Now)
	})
}

func summaryOf(ctx context.Context, s *Session, settlement string) error {
	var found []spapi.Kept[spapi.Summary]
	for page, err := range s.API.Summaries(ctx, spapi.SummaryQuery{Settlement: settlement}) {
		if err != nil {
			return err
		}
		found = append(found, page.Items...)
	}
	if len(found) == 0 {
		return nil
	}
	return s.Page(ctx, 1, func(tx *store.Tx) error {
		for _, w := range found {
			lines, err := toSummary(s, settlement, w.Value)
			if err != nil {
				return err
			}
			doc, err := tx.PutDocument("summary", w.Raw)
			if err != nil {
				return err
			}
			for i := range lines {
				lines[i].Document = doc
			}
			if err := tx.PutSummary(lines); err != nil {
				return err
			}
		}
		return nil
	})
}

func toSummary(s *Session, settlement string, w spapi.Summary) (lines []store.SummaryLine, err error) {
	base := store.SummaryLine{
		Connection: s.ID(), Marketplace: w.Partner.MarketplaceID, Account: w.Partner.AccountType, Settlement: settlement,
		Start: w.PeriodStart.Time, End: w.PeriodEnd.Time, Taken: s.Now,
	}
	add := func(path string, m books.Money) {
		l := base
		l.Path, l.Currency, l.Minor = path, m.Currency, m.Minor
		lines = append(lines, l)
	}
	net, err := money(w.NetProceeds)
	if err != nil {
		return nil, fmt.Errorf("net proceeds: %w", err)
	}
	add(store.SummaryNet, net)
	err = eachBreakdown(w.Breakdowns, "", func(path string, m *spapi.Money) error {
		v, err := money(m)
		add(path, v)
		return err
	})
	return lines, err
}
