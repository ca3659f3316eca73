package spapi

// Sales v1.
//
// getOrderMetrics: 0.5/s, burst 15; no pages; two years back by day.
// Surprises: the interval is two times joined by two hyphens, its offset must
// agree with the zone, and the zone decides where a day begins; it counts what
// was ordered, so cancelled orders leave it later.

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

const orderMetricsPath = "/sales/v1/orderMetrics"

// OrderMetric counts the orders of an interval.
type OrderMetric struct {
	Interval   string `json:"interval"` // 2026-05-01T00:00-07:00--2026-05-02T00:00-07:00
	UnitCount  Int    `json:"unitCount"`
	ItemCount  Int    `json:"orderItemCount"`
	OrderCount Int    `json:"orderCount"`
	TotalSales *Money `json:"totalSales"`
}

// OrderMetricsQuery asks for the days from From to To (not included), both
// midnights of the zone.
type OrderMetricsQuery struct {
	MarketplaceID string
	From, To      time.Time
	Zone          *time.Location
}

// OrderMetrics counts orders by day.
func (c *Client) OrderMetrics(ctx context.Context, q OrderMetricsQuery) ([]Kept[OrderMetric], error) {
	const op = OpOrderMetrics
	if err := checkList(op, "marketplaceIds", []string{q.MarketplaceID}, 1, 1); err != nil {
		return nil, err
	}
	if q.Zone == nil || !q.To.After(q.From) {
		return nil, fail(op, ErrArgument, "a zone and an interval that is not empty are needed")
	}
	const form = "2006-01-02T15:04:05-07:00"
	p := params{
		"marketplaceIds": q.MarketplaceID, "granularity": "Day", "granularityTimeZone": q.Zone.String(),
		"interval": q.From.In(q.Zone).Format(form) + "--" + q.To.In(q.Zone).Format(form),
	}
	var w struct {
		Payload *[]Kept[OrderMetric] `json:"payload"`
	}
	_, err := c.do(ctx, request{
		op: op, path: orderMetricsPath, params: p, safe: true,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &w); err != nil {
				return err
			}
			if w.Payload == nil {
				return errors.New("no payload")
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	return *w.Payload, nil
}
