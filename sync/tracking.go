package appsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// tracking: Tracking 2026-01-30 getShipmentTracking, no rate told (one call in
// five seconds here, burst 5), one parcel a call. What Amazon knows of the
// seller's own parcels on their way: every four hours until they have arrived,
// for 30 days at the most, and once a day for those that Amazon does not follow.
// Surprises: offered for some carriers only; the town of the last milestone is
// the buyer's and is not kept.
type tracking struct{}

const (
	trackingFor     = 30 * 24 * time.Hour
	trackingFresh   = 4 * time.Hour
	trackingUnknown = 24 * time.Hour
	trackingRun     = 100 // parcels per run; the next goes on
)

func (tracking) Name() string         { return nameTracking }
func (tracking) Stage() int           { return 3 }
func (tracking) Every() time.Duration { return 30 * time.Minute }

func (tracking) Sync(ctx context.Context, s *Session) error {
	due, err := s.Book.TrackingDue(ctx, s.ID(), s.Now.Add(-trackingFor), s.Now.Add(-trackingFresh), s.Now.Add(-trackingUnknown), trackingRun)
	if err != nil {
		return err
	}
	s.Expect(len(due))
	for _, v := range due {
		w, err := s.API.ShipmentTracking(ctx, v.Number, v.Carrier)
		v.Asked, v.Known = s.Now, err == nil
		if err != nil && !errors.Is(err, spapi.ErrNotFound) && !errors.Is(err, spapi.ErrInvalid) {
			return fmt.Errorf("parcel of order %s: %w", v.Order, err)
		}
		if err == nil {
			fillTracking(&v, w)
		}
		if err := s.Page(ctx, 1, func(tx *store.Tx) error { return tx.PutTracking(v) }); err != nil {
			return err
		}
	}
	return s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(s.ID(), nameTracking, map[string]string{}, s.Now)
	})
}

func fillTracking(v *store.Tracking, w spapi.Tracking) {
	for _, m := range w.Milestones {
		if m.OccurredAt.IsZero() || m.Status.Code == "" {
			continue
		}
		v.Milestones = append(v.Milestones, store.Milestone{
			Occurred: m.OccurredAt.Time, Code: m.Status.Code, SubCode: m.Status.SubCode, Description: m.Status.Description,
			Country: m.Location.Address.CountryCode,
		})
		if !m.OccurredAt.Before(v.Occurred) {
			v.Code, v.Occurred = m.Status.Code, m.OccurredAt.Time
		}
	}
	for _, e := range w.Estimates {
		if e.Type == "ESTIMATED_DELIVERY_DATE" {
			v.ExpectedFrom, v.ExpectedTo = e.Interval.Start.Time, e.Interval.End.Time
		}
	}
}
