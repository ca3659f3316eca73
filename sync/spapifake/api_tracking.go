package spapifake

import (
	"net/http"
	"time"
)

type milestoneWire struct {
	Status struct {
		Code        string `json:"code"`
		Description string `json:"description"`
	} `json:"status"`
	Location struct {
		Address struct {
			City    string `json:"city"`
			Country string `json:"countryCode"`
		} `json:"address"`
	} `json:"location"`
	At string `json:"occurredAt"`
}

// tracking is getShipmentTracking by the carrier's number: milestones the newest
// first. Amazon follows no parcels in Japan.
func (c *call) tracking() (int, any) {
	number := c.query.Get("carrierTracking.trackingNumber")
	if number == "" {
		return invalid("one way to name the shipment must be given")
	}
	for _, o := range c.account.byCreated {
		for _, p := range o.parcels {
			if !o.mfn || p.tracking != number || o.m.Country == "JP" {
				continue
			}
			out := map[string]any{"identifier": map[string]any{"carrierTracking": map[string]any{"trackingNumber": number}},
				"milestoneHistory": o.milestones(p, c.s.cfg.dataEnd()),
				"trackingEstimates": []map[string]any{{"type": "ESTIMATED_DELIVERY_DATE", "lastUpdatedTime": stamp(p.at),
					"estimatedInterval": map[string]any{"startTime": stamp(p.at.Add(48 * time.Hour)), "endTime": stamp(p.at.Add(96 * time.Hour))}}}}
			return http.StatusOK, map[string]any{"trackingDetail": out}
		}
	}
	return apiError(http.StatusNotFound, "NotFound", "The shipment was not found.", "")
}

func (o *order) milestones(p *parcel, end time.Time) []milestoneWire {
	list := []milestoneWire{}
	for _, m := range []struct {
		code, text string
		after      time.Duration
	}{{"DELIVERED", "Shipment delivered.", 71 * time.Hour}, {"OUT_FOR_DELIVERY", "Shipment is out for delivery.", 66 * time.Hour},
		{"SHIPPED", "Shipment has departed origin.", 5 * time.Hour}, {"CARRIER_ASSIGNED", "Carrier was assigned.", 0}} {
		at := p.at.Add(m.after)
		if at.After(end) {
			continue
		}
		var w milestoneWire
		w.Status.Code, w.Status.Description, w.At = m.code, m.text, stamp(at)
		w.Location.Address.City, w.Location.Address.Country = places[o.m.Country][o.place].city, o.m.Country
		list = append(list, w)
	}
	return list
}
