package spapi

// Tracking 2026-01-30.
//
// getShipmentTracking: the model tells no rate, so it is called at most once in
// five seconds, burst 5. One parcel a call, by its carrier's number and code.
// Surprises: it knows parcels of some carriers only and answers 404 or 400 for
// the others; milestones come the newest first; the town of the last one is the
// buyer's and is not decoded.

import (
	"context"
	"encoding/json"
	"errors"
)

const trackingPath = "/tracking/2026-01-30/shipments/track"

// Tracking is what Amazon knows of a parcel on its way.
type Tracking struct {
	Estimates []struct {
		Type     string `json:"type"` // ESTIMATED_DELIVERY_DATE, ...
		Interval struct {
			Start Time `json:"startTime"`
			End   Time `json:"endTime"`
		} `json:"estimatedInterval"`
	} `json:"trackingEstimates"`
	Milestones []Milestone `json:"milestoneHistory"`
}

// Milestone is one thing that happened to a parcel.
type Milestone struct {
	Status struct {
		Code        string `json:"code"`
		SubCode     string `json:"subCode"`
		Description string `json:"description"`
	} `json:"status"`
	Location struct {
		Address struct {
			CountryCode string `json:"countryCode"`
		} `json:"address"`
	} `json:"location"`
	OccurredAt Time `json:"occurredAt"`
}

// ShipmentTracking asks for one parcel. ErrNotFound and ErrInvalid mean that
// Amazon does not follow it.
func (c *Client) ShipmentTracking(ctx context.Context, number, carrier string) (Tracking, error) {
	if number == "" {
		return Tracking{}, fail(OpTracking, ErrArgument, "a tracking number is needed")
	}
	p := params{"carrierTracking.trackingNumber": number}
	p.text("carrierTracking.carrierCode", carrier)
	var w struct {
		Detail *Tracking `json:"trackingDetail"`
	}
	_, err := c.do(ctx, request{
		op: OpTracking, path: trackingPath, params: p, safe: true,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &w); err != nil {
				return err
			}
			if w.Detail == nil {
				return errors.New("no tracking")
			}
			return nil
		},
	})
	if err != nil {
		return Tracking{}, err
	}
	return *w.Detail, nil
}
