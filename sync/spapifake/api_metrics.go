package spapifake

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// SalesTrafficReport is Amazon's count of sales and visits, a JSON document.
const SalesTrafficReport = "GET_SALES_AND_TRAFFIC_REPORT"

// daySales is what was ordered on a day: orders that were not cancelled, those
// of other channels left out. Sales are what buyers saw as price.
type daySales struct {
	orders, items, units, sales int64
	byProduct                   map[*product]*daySales
}

func (a *account) ordered(day string) daySales {
	d := daySales{byProduct: map[*product]*daySales{}}
	for _, o := range a.byCreated {
		if o.status == cancelled || o.offAmazon || o.created.In(a.m.Zone).Format(time.DateOnly) != day {
			continue
		}
		d.orders++
		for _, it := range o.items {
			p := d.byProduct[it.p]
			if p == nil {
				p = &daySales{}
				d.byProduct[it.p] = p
			}
			sales := int64(it.qty) * shownPrice(o, it)
			for _, x := range []*daySales{&d, p} {
				x.items++
				x.units += int64(it.qty)
				x.sales += sales
			}
		}
	}
	return d
}

// orderMetrics is getOrderMetrics by day.
func (c *call) orderMetrics() (int, any) {
	m := c.account.m
	from, to, ok := strings.Cut(c.query.Get("interval"), "--")
	start, err1 := time.Parse("2006-01-02T15:04:05-07:00", from)
	end, err2 := time.Parse("2006-01-02T15:04:05-07:00", to)
	zone, err3 := time.LoadLocation(c.query.Get("granularityTimeZone"))
	switch {
	case !ok || err1 != nil || err2 != nil || err3 != nil || !end.After(start):
		return invalid("interval must be two date times joined by two hyphens, granularityTimeZone an IANA zone")
	case c.query.Get("granularity") != "Day" || len(c.list("marketplaceIds")) != 1:
		return invalid("granularity must be Day, marketplaceIds hold one marketplace")
	case start.In(zone).Format("-07:00") != start.Format("-07:00"):
		return invalid("the offset of the interval must agree with granularityTimeZone")
	}
	type row struct {
		Interval string    `json:"interval"`
		Units    int64     `json:"unitCount"`
		Items    int64     `json:"orderItemCount"`
		Orders   int64     `json:"orderCount"`
		Average  moneyText `json:"averageUnitPrice"`
		Sales    moneyText `json:"totalSales"`
	}
	out := struct {
		Payload []row `json:"payload"`
	}{[]row{}}
	days := map[string]*daySales{}
	if c.list("marketplaceIds")[0] == m.ID {
		days = c.account.orderedDays(start, end)
	}
	for at := start.In(zone); at.Before(end); at = at.AddDate(0, 0, 1) {
		d := days[at.Format(time.DateOnly)]
		if d == nil {
			d = &daySales{}
		}
		r := row{Interval: at.Format("2006-01-02T15:04-07:00") + "--" + at.AddDate(0, 0, 1).Format("2006-01-02T15:04-07:00"),
			Units: d.units, Items: d.items, Orders: d.orders, Average: m.text(0), Sales: m.text(d.sales)}
		if d.units > 0 {
			r.Average = m.text(divRound(d.sales, d.units))
		}
		out.Payload = append(out.Payload, r)
	}
	return http.StatusOK, out
}

// orderedDays is ordered for every day of a span.
func (a *account) orderedDays(start, end time.Time) map[string]*daySales {
	days := map[string]*daySales{}
	for _, o := range a.byCreated {
		if o.status == cancelled || o.offAmazon || o.created.Before(start) || !o.created.Before(end) {
			continue
		}
		day := o.created.In(a.m.Zone).Format(time.DateOnly)
		d := days[day]
		if d == nil {
			d = &daySales{}
			days[day] = d
		}
		d.orders++
		for _, it := range o.items {
			d.items++
			d.units += int64(it.qty)
			d.sales += int64(it.qty) * shownPrice(o, it)
		}
	}
	return days
}

// trafficFile is the report of sales and visits of the days asked for, by day
// and by product.
func (s *Server) trafficFile(r *report) []byte {
	m := r.account.m
	amount := func(minor int64) map[string]any {
		return map[string]any{"amount": m.number(minor).Amount, "currencyCode": m.Currency}
	}
	byDate, byASIN := []map[string]any{}, []map[string]any{}
	whole := map[*product]*daySales{}
	from, to := r.from.Format(time.DateOnly), r.to.Format(time.DateOnly)
	for at := r.from; at.Format(time.DateOnly) <= to; at = at.AddDate(0, 0, 1) {
		day := at.Format(time.DateOnly)
		d := r.account.ordered(day)
		visits := d.units*11 + int64(s.hash("visits "+m.ID+day)%40)
		byDate = append(byDate, map[string]any{"date": day,
			"salesByDate": map[string]any{"orderedProductSales": amount(d.sales), "unitsOrdered": d.units, "totalOrderItems": d.items,
				"averageSalesPerOrderItem": amount(0), "averageUnitsPerOrderItem": 1, "averageSellingPrice": amount(0), "unitsRefunded": 0, "refundRate": 0,
				"claimsGranted": 0, "claimsAmount": amount(0), "shippedProductSales": amount(d.sales), "unitsShipped": d.units, "ordersShipped": d.orders},
			"trafficByDate": map[string]any{"browserPageViews": visits, "mobileAppPageViews": visits, "pageViews": 2 * visits, "browserSessions": visits / 2,
				"mobileAppSessions": visits - visits/2, "sessions": visits, "buyBoxPercentage": rawNumber(decimal(9000+int64(s.hash(day)%900), 2)),
				"orderItemSessionPercentage": 0, "unitSessionPercentage": 0, "averageOfferCount": len(r.account.products), "averageParentItems": 1,
				"feedbackReceived": 0, "negativeFeedbackReceived": 0, "receivedNegativeFeedbackRate": 0}})
		for p, x := range d.byProduct {
			if whole[p] == nil {
				whole[p] = &daySales{}
			}
			whole[p].units += x.units
			whole[p].items += x.items
			whole[p].sales += x.sales
		}
	}
	for _, p := range r.account.products {
		x := whole[p]
		if x == nil {
			continue
		}
		visits := x.units * 9
		byASIN = append(byASIN, map[string]any{"parentAsin": p.parentASIN(), "childAsin": p.asin, "sku": p.sku,
			"salesByAsin": map[string]any{"unitsOrdered": x.units, "orderedProductSales": amount(x.sales), "totalOrderItems": x.items},
			"trafficByAsin": map[string]any{"browserSessions": visits, "mobileAppSessions": 0, "sessions": visits, "browserSessionPercentage": 0,
				"mobileAppSessionPercentage": 0, "sessionPercentage": 0, "browserPageViews": visits, "mobileAppPageViews": 0, "pageViews": visits,
				"browserPageViewsPercentage": 0, "mobileAppPageViewsPercentage": 0, "pageViewsPercentage": 0, "buyBoxPercentage": rawNumber("97.53"),
				"unitSessionPercentage": 0}})
	}
	out, err := json.Marshal(map[string]any{
		"reportSpecification":   map[string]any{"reportType": SalesTrafficReport, "reportOptions": r.options, "dataStartTime": from, "dataEndTime": to, "marketplaceIds": []string{m.ID}},
		"salesAndTrafficByDate": byDate, "salesAndTrafficByAsin": byASIN})
	if err != nil {
		panic("spapifake: sales and traffic: " + err.Error()) // numbers and texts always encode
	}
	return out
}
