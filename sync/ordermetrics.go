package appsync

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// orderMetrics: Sales v1 getOrderMetrics, 0.5/s burst 15, no pages, two years
// back by day. Amazon's own count of each day's orders, lines, units and sales,
// held against the book's: differences are listed. The last two weeks are read
// again, because orders are cancelled later.
// Surprises: the interval's offsets must agree with the zone; the day is the
// zone's; orders of other channels are not in it.
type orderMetrics struct{}

const (
	metricsReread = 14 * 24 * time.Hour
	metricsSpan   = 700 * 24 * time.Hour // less than the two years that Amazon answers for
)

// metricsMark is the bookmark: per marketplace, complete up to that midnight.
type metricsMark struct {
	Until map[string]time.Time `json:"until"`
}

func (orderMetrics) Name() string         { return nameOrderMetrics }
func (orderMetrics) Stage() int           { return 3 }
func (orderMetrics) Every() time.Duration { return 6 * time.Hour }

func (orderMetrics) Sync(ctx context.Context, s *Session) error {
	var mark metricsMark
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
	for _, m := range marketplaces {
		from := s.Oldest()
		if until, known := mark.Until[m]; known {
			from = until.Add(-metricsReread)
		}
		if oldest := s.Now.Add(-metricsSpan); from.Before(oldest) {
			from = oldest
		}
		from, to := dayBegan(m, from), dayBegan(m, s.Now)
		list, err := s.API.OrderMetrics(ctx, spapi.OrderMetricsQuery{MarketplaceID: m, From: from, To: to, Zone: markets.Zone(m)})
		if err != nil {
			return fmt.Errorf("order metrics of %s: %w", m, err)
		}
		mark.Until[m] = to
		if err := putMetrics(ctx, s, m, list, mark, to); err != nil {
			return err
		}
	}
	return nil
}

func putMetrics(ctx context.Context, s *Session, marketplace string, list []spapi.Kept[spapi.OrderMetric], mark metricsMark, to time.Time) error {
	return s.Page(ctx, len(list), func(tx *store.Tx) error {
		var raws []json.RawMessage
		for _, w := range list {
			raws = append(raws, w.Raw)
		}
		body, err := json.Marshal(raws)
		if err != nil {
			return err
		}
		doc, err := tx.PutDocument("order-metrics", body)
		if err != nil {
			return err
		}
		for _, w := range list {
			day := w.Value.Interval
			if len(day) < len(time.DateOnly) {
				return fmt.Errorf("order metrics of %s: %.40q is no interval", marketplace, day)
			}
			sales, currency, err := nearMinor(w.Value.TotalSales)
			if err != nil {
				return fmt.Errorf("order metrics of %.10s: %w", day, err)
			}
			m := store.OrderMetric{
				Connection: s.ID(), Marketplace: marketplace, Day: day[:len(time.DateOnly)], Orders: int64(w.Value.OrderCount),
				Items: int64(w.Value.ItemCount), Units: int64(w.Value.UnitCount), Currency: currency, Taken: s.Now, Document: doc,
			}
			if sales != nil {
				m.Sales = *sales
			}
			if err := tx.PutOrderMetric(m); err != nil {
				return err
			}
		}
		return tx.SetBookmark(s.ID(), nameOrderMetrics, mark, to)
	})
}
