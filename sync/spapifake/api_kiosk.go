package spapifake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kioskQuery is the type of a report that is a Data Kiosk query: both wait in
// one place to be made, and their documents lie in one store.
const kioskQuery = "DATA_KIOSK_QUERY"

var (
	kioskSpan    = regexp.MustCompile(`startDate:"(\d{4}-\d\d-\d\d)"\s+endDate:"(\d{4}-\d\d-\d\d)"`)
	kioskMarkets = regexp.MustCompile(`marketplaceIds:\[([^\]]*)\]`)
)

// createQuery takes the economics query by SKU and day.
func (c *call) createQuery() (int, any) {
	var spec struct {
		Query string `json:"query"`
		Token string `json:"paginationToken"`
	}
	if json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, 1<<20)).Decode(&spec) != nil || spec.Query == "" || len(spec.Query) > 8000 {
		return invalid("query must hold 1 to 8000 characters")
	}
	span, shops := kioskSpan.FindStringSubmatch(spec.Query), kioskMarkets.FindStringSubmatch(spec.Query)
	if span == nil || shops == nil || !strings.Contains(spec.Query, "analytics_economics_2024_03_15") || !strings.Contains(spec.Query, "date:DAY productId:MSKU") {
		return invalid("the query is not valid")
	}
	from, err1 := time.Parse(time.DateOnly, span[1])
	to, err2 := time.Parse(time.DateOnly, span[2])
	if err1 != nil || err2 != nil || to.Before(from) || from.Before(c.now.AddDate(-2, 0, -1)) {
		return invalid("startDate must be at most two years ago and not later than endDate")
	}
	part, _ := strconv.Atoi(spec.Token)
	options := map[string]string{"part": strconv.Itoa(part), "query": spec.Query}
	if !strings.Contains(shops[1], c.account.m.ID) {
		options["part"] = "none"
	}
	r := c.s.addReport(&report{account: c.account, typ: kioskQuery, created: c.now, from: from, to: to, options: options, marketplaces: []string{c.account.m.ID}})
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for c.s.compressed(r.document) { // the link says nothing of a compression
		r.document += "k"
	}
	return http.StatusAccepted, map[string]string{"queryId": r.id}
}

func (c *call) getQuery() (int, any) {
	r := c.findReport(c.r.PathValue("queryId"))
	if r == nil || r.typ != kioskQuery {
		return apiError(http.StatusNotFound, "NotFound", "The query does not exist.", "")
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.advance(r)
	w := c.reportWire(r)
	out := map[string]any{"queryId": r.id, "query": r.options["query"], "createdTime": w.Created, "processingStatus": w.State}
	if r.text != nil && w.State == "DONE" && len(r.text()) > 0 { // without rows there is no document
		out["dataDocumentId"] = r.document
	}
	if r.text != nil && w.State == "FATAL" {
		out["errorDocumentId"] = r.document
	}
	if r.options["part"] == "0" && w.State == "DONE" {
		out["pagination"] = map[string]string{"nextToken": "1"}
	}
	return http.StatusOK, out
}

// getDocument gives the link to the answer of a query.
func (c *call) getDocument() (int, any) {
	id := c.r.PathValue("documentId")
	if c.findDocument(c.account, id) == nil {
		return apiError(http.StatusNotFound, "NotFound", "The document does not exist.", "")
	}
	return http.StatusOK, map[string]string{"documentId": id, "documentUrl": c.documentLink(id)}
}

// economicsFile writes a line per SKU and day: the first part holds the SKUs of
// even places, the second the others. A query of a marketplace without sales has
// no document.
func (s *Server) economicsFile(r *report) []byte {
	var b bytes.Buffer
	part, _ := strconv.Atoi(r.options["part"])
	for at := r.from; !at.After(r.to) && r.options["part"] != "none"; at = at.AddDate(0, 0, 1) {
		day := at.Format(time.DateOnly)
		ordered, fees := r.account.ordered(day), r.account.feesOf(day)
		for i, p := range r.account.products {
			if i%2 != part || ordered.byProduct[p] == nil && fees[p] == nil {
				continue
			}
			line, err := json.Marshal(r.account.economics(p, day, ordered.byProduct[p], fees[p]))
			if err != nil {
				panic("spapifake: economics: " + err.Error()) // numbers and texts always encode
			}
			b.Write(append(line, '\n'))
		}
	}
	if b.Len() == 0 {
		return []byte{}
	}
	return b.Bytes()
}

// feesOf is what each product was charged on a day, by fee, tax included.
func (a *account) feesOf(day string) map[*product]map[string]int64 {
	out := map[*product]map[string]int64{}
	for _, t := range a.txns {
		if t.deferred != nil || t.posted.In(a.m.Zone).Format(time.DateOnly) != day {
			continue
		}
		for _, it := range t.items {
			for _, l := range it.leaves {
				path := strings.Split(names[l.k].Path, "/")
				if path[0] != "AmazonFees" {
					continue
				}
				if out[it.p] == nil {
					out[it.p] = map[string]int64{}
				}
				out[it.p][path[1]] -= l.amt
			}
		}
	}
	return out
}

func (a *account) economics(p *product, day string, sold *daySales, fees map[string]int64) map[string]any {
	m := a.m
	amount := func(minor int64) map[string]any {
		return map[string]any{"amount": m.number(minor).Amount, "currencyCode": m.Currency}
	}
	if sold == nil {
		sold = &daySales{}
	}
	proceeds := sold.sales
	var list []map[string]any
	for _, name := range sortedNames(fees) {
		proceeds -= fees[name]
		list = append(list, map[string]any{"feeTypeName": name, "charges": []map[string]any{{"components": nil,
			"aggregatedDetail": map[string]any{"amount": amount(fees[name]), "promotionAmount": amount(0), "taxAmount": amount(0), "totalAmount": amount(fees[name]), "quantity": sold.units}}}})
	}
	ads := rate(sold.sales, 500)
	proceeds -= ads
	return map[string]any{"startDate": day, "endDate": day, "marketplaceId": m.ID, "msku": p.sku, "fnsku": p.fnsku, "childAsin": p.asin, "parentAsin": p.parentASIN(),
		"sales": map[string]any{"orderedProductSales": amount(sold.sales), "netProductSales": amount(sold.sales), "refundedProductSales": amount(0),
			"unitsOrdered": sold.units, "unitsRefunded": 0, "netUnitsSold": sold.units},
		"fees": list, "ads": []map[string]any{{"adTypeName": "Sponsored Products charge", "charge": map[string]any{"amount": amount(ads), "totalAmount": amount(ads), "quantity": sold.units * 3}}},
		"cost": nil, "netProceeds": map[string]any{"total": amount(proceeds)}}
}

func sortedNames(m map[string]int64) (names []string) {
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
