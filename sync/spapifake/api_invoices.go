package spapifake

import (
	"maps"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

type invoiceWire struct {
	Number  string             `json:"invoiceNumber"`
	ID      string             `json:"invoiceIdentifier"`
	Status  string             `json:"invoiceStatus"`
	Type    string             `json:"invoiceType"`
	Billing map[string]string  `json:"billingPeriod"`
	Payer   map[string]string  `json:"payer"`
	Payee   map[string]string  `json:"payee"`
	Issued  string             `json:"issueDate"`
	Amount  moneyNumber        `json:"invoiceAmount"`
	Parts   []invoicePartsWire `json:"invoiceAmountBreakdowns"`
	Created string             `json:"creationDate"`
	Updated string             `json:"lastUpdatedDate"`
}

type invoicePartsWire struct {
	Type   string             `json:"breakdownType"`
	Amount moneyNumber        `json:"breakdownAmount"`
	Parts  []invoicePartsWire `json:"breakdowns"`
}

// feeInvoice is one month of fees on paper.
type feeInvoice struct {
	first, next time.Time
	issued      time.Time
	total       int64
	byFee       map[string]*feeTotal
}

// feeTotal is what a fee cost: tax is Amazon's on it, not in net.
type feeTotal struct{ net, tax int64 }

// feeInvoices are the invoices of the months that have ended, oldest first. They
// hold every fee posted in the month, deferred sales when released.
func (a *account) feeInvoices(start, end time.Time) (list []feeInvoice) {
	at := start.In(a.m.Zone)
	first := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, a.m.Zone)
	for ; ; first = first.AddDate(0, 1, 0) {
		v := feeInvoice{first: first, next: first.AddDate(0, 1, 0), byFee: map[string]*feeTotal{}}
		if v.issued = v.next.Add(30 * time.Hour); v.issued.After(end) {
			return list
		}
		if v.count(a.txns); v.total != 0 {
			list = append(list, v)
		}
	}
}

// count adds up the month's fees; txns are in the order in which they were posted.
func (v *feeInvoice) count(txns []*txn) {
	from := sort.Search(len(txns), func(i int) bool { return !txns[i].posted.Before(v.first) })
	for _, t := range txns[from:] {
		if !t.posted.Before(v.next) {
			return
		}
		if t.isDeferred() {
			continue
		}
		t.each(func(l leaf) {
			path := strings.Split(names[l.k].Path, "/")
			if path[0] != "AmazonFees" {
				return
			}
			fee := v.byFee[path[1]]
			if fee == nil {
				fee = &feeTotal{}
				v.byFee[path[1]] = fee
			}
			if v.total -= l.amt; path[2] == "Tax" {
				fee.tax -= l.amt
			} else {
				fee.net -= l.amt
			}
		})
	}
}

// invoices is getInvoiceHeaders.
func (c *call) invoices() (int, any) {
	out := struct {
		Invoices []invoiceWire `json:"invoices"`
		Count    int           `json:"numOfRecords"`
	}{Invoices: []invoiceWire{}}
	from, fromGiven, err1 := c.when("fromIssueDate")
	to, toGiven, err2 := c.when("toIssueDate")
	modified, byChange, err3 := c.when("invoicesModifiedAfter")
	switch {
	case err1 != nil || err2 != nil || err3 != nil:
		return invalid("the dates must be ISO 8601 date times")
	case fromGiven != toGiven || to.Sub(from) > 90*24*time.Hour:
		return invalid("fromIssueDate and toIssueDate go together and must not be more than 90 days apart")
	case c.query.Get("marketplaceId") == "":
		return invalid("marketplaceId is required")
	}
	if !fromGiven {
		from, to = c.now.AddDate(0, 0, -90), c.now
	}
	if c.query.Get("marketplaceId") != c.account.m.ID {
		return http.StatusOK, out
	}
	for _, v := range c.account.feeInvoices(c.s.cfg.dataStart(), c.s.cfg.dataEnd()) {
		if v.issued.Before(from) || v.issued.After(to) || (byChange && v.issued.Before(modified)) {
			continue
		}
		out.Invoices = append(out.Invoices, c.invoiceWire(v))
	}
	out.Count = len(out.Invoices)
	return http.StatusOK, out
}

func (c *call) invoiceWire(v feeInvoice) invoiceWire {
	m := c.account.m
	w := invoiceWire{Number: c.invoiceNumber(v), ID: c.invoiceID(v), Status: "DEDUCTED", Type: "OTHER",
		Billing: map[string]string{"startDate": stamp(v.first), "endDate": stamp(v.next)},
		Payer:   map[string]string{"partnerId": c.account.sellerID, "partnerType": "SELLER", "partnerName": "Harrow & Finch", "partnerAddress": "1 Demo Street", "taxRegistrationNumber": "DEMO-TAX-001"},
		Payee:   map[string]string{"partnerId": "AMAZON", "partnerType": "AMAZON"},
		Issued:  stamp(v.issued), Created: stamp(v.issued), Updated: stamp(v.issued), Amount: m.number(v.total)}
	top := invoicePartsWire{"Total", m.number(v.total), []invoicePartsWire{}}
	for _, name := range slices.Sorted(maps.Keys(v.byFee)) {
		top.Parts = append(top.Parts, invoicePartsWire{name, m.number(v.byFee[name].net + v.byFee[name].tax), []invoicePartsWire{}})
	}
	w.Parts = []invoicePartsWire{top}
	return w
}

func (c *call) invoiceNumber(v feeInvoice) string {
	return c.account.m.Country + "-AEU-" + v.first.Format("2006-01")
}

func (c *call) invoiceID(v feeInvoice) string { return c.invoiceNumber(v) + "~" + c.account.sellerID }

type invoiceLineWire struct {
	ID       string             `json:"lineItemId"`
	Quantity int                `json:"quantity"`
	TaxRates []string           `json:"taxRateCodes,omitempty"`
	Amount   moneyNumber        `json:"totalAmount"`
	Parts    []invoicePartsWire `json:"totalAmountBreakdown"`
	Context  invoiceContextWire `json:"lineItemContext"`
}

type invoiceContextWire struct {
	Type        string            `json:"lineItemType"`
	Description string            `json:"itemDescription"`
	Service     string            `json:"serviceChargeType"`
	Period      map[string]string `json:"serviceChargePeriod"`
}

const (
	invoiceLines     = 600 // a page
	invoiceTokenLife = time.Hour
)

// invoice is getInvoice: a line for each fee of the month.
func (c *call) invoice() (int, any) {
	var out struct {
		Invoice *invoiceWire      `json:"invoiceHeader,omitempty"`
		Lines   []invoiceLineWire `json:"invoiceItems"`
		Next    string            `json:"nextTokenForLineItems,omitempty"`
	}
	if c.query.Get("marketplaceId") == "" {
		return invalid("marketplaceId is required")
	}
	list := c.account.feeInvoices(c.s.cfg.dataStart(), c.s.cfg.dataEnd())
	i := slices.IndexFunc(list, func(v feeInvoice) bool { return c.invoiceID(v) == c.r.PathValue("invoiceIdentifier") })
	if i < 0 || c.query.Get("marketplaceId") != c.account.m.ID {
		return apiError(http.StatusNotFound, "NotFound", "there is no such invoice", "")
	}
	args, at := c.arguments("nextTokenForLineItems"), pageToken{}
	if text := c.query.Get("nextTokenForLineItems"); text != "" {
		var err error
		if at, err = c.unseal(text, args+list[i].first.String(), invoiceTokenLife); err != nil {
			return invalid("nextTokenForLineItems: %v", err)
		}
	}
	lines := c.invoiceLines(list[i])
	lo, hi := c.bounds(len(lines), at.Offset, invoiceLines)
	header := c.invoiceWire(list[i])
	out.Invoice, out.Lines = &header, lines[lo:hi]
	out.Next = c.nextToken("nextTokenForLineItems", hi < len(lines), pageToken{Args: args + list[i].first.String(), Offset: hi})
	return http.StatusOK, out
}

func (c *call) invoiceLines(v feeInvoice) (lines []invoiceLineWire) {
	m := c.account.m
	period := map[string]string{"startDate": stamp(v.first), "endDate": stamp(v.next)}
	for _, name := range slices.Sorted(maps.Keys(v.byFee)) {
		fee := v.byFee[name]
		l := invoiceLineWire{ID: "L-" + strconv.Itoa(len(lines)+1), Quantity: 1, Amount: m.number(fee.net + fee.tax),
			Parts:   []invoicePartsWire{{"ItemCostWithoutTax", m.number(fee.net), []invoicePartsWire{}}, {"ItemTaxAmount", m.number(fee.tax), []invoicePartsWire{}}},
			Context: invoiceContextWire{"SERVICES", name, "OTHER", period}}
		if name == "FBAStorageFee" {
			l.Context.Service = "FBA_INVENTORY_STORAGE_FEE"
		}
		if m.feeTax > 0 {
			l.TaxRates = []string{m.Country + " " + strconv.FormatInt(m.feeTax/100, 10)}
		}
		lines = append(lines, l)
	}
	return lines
}
