package spapi

// Invoices of fees: Finances Invoices 2026-06-25.
//
// getInvoiceHeaders: the model tells no rate, so it is called at most once in
// five seconds, burst 5. 100 a page, issue dates at most 90 days apart, or all
// that were modified since a moment. The other arguments are repeated with
// nextToken, pages may be empty. How far back it answers is not told.
//
// getInvoice: no rate told either, so as above, in a budget of its own. One
// invoice a call with up to 600 of its lines; nextTokenForLineItems asks for more
// of them, the marketplace repeated with it.
// Surprises: an id may hold "~"; payer and payee carry names, addresses and tax numbers; an amount
// on the invoice and what was settled of it are two trees.

import (
	"context"
	"iter"
	"time"
)

const invoicesPath = "/finances/invoices/2026-06-25/invoices"

// InvoicesSpan is the longest span of issue dates.
const InvoicesSpan = 90 * day

// InvoiceParty is who pays or is paid. Names and addresses are not decoded.
type InvoiceParty struct {
	ID   string `json:"partnerId"`
	Type string `json:"partnerType"` // SELLER, VENDOR, AMAZON
}

// Invoice is the head of an invoice.
type Invoice struct {
	ID      string       `json:"invoiceIdentifier"`
	Number  string       `json:"invoiceNumber"`
	Status  string       `json:"invoiceStatus"`
	Type    string       `json:"invoiceType"`
	Payer   InvoiceParty `json:"payer"`
	Payee   InvoiceParty `json:"payee"`
	Issued  Time         `json:"issueDate"`
	Due     Time         `json:"dueDate"`
	Billing *struct {
		Start Time `json:"startDate"`
		End   Time `json:"endDate"`
	} `json:"billingPeriod"`
	Amount      *Money     `json:"invoiceAmount"`
	Amounts     Breakdowns `json:"invoiceAmountBreakdowns"`
	Settlements Breakdowns `json:"invoiceSettlementBreakdowns"`
	LastUpdated Time       `json:"lastUpdatedDate"`
}

// InvoicesQuery asks for the invoices of a marketplace by date of issue, or for
// those that were modified since a moment.
type InvoicesQuery struct {
	MarketplaceID             string
	IssuedAfter, IssuedBefore time.Time
	ModifiedAfter             time.Time
}

var invoiceList = list[Kept[Invoice]]{op: OpInvoices, path: invoicesPath, next: repeatAll("nextToken"), decode: entries("invoices", "nextToken")}

// Invoices lists the heads of invoices.
func (c *Client) Invoices(ctx context.Context, q InvoicesQuery) iter.Seq2[Page[Kept[Invoice]], error] {
	const op = OpInvoices
	err := checkList(op, "marketplaceId", []string{q.MarketplaceID}, 1, 1)
	if err == nil && q.IssuedAfter.IsZero() != q.IssuedBefore.IsZero() {
		err = fail(op, ErrArgument, "both dates of issue are needed, or none")
	}
	if span := q.IssuedBefore.Sub(q.IssuedAfter); err == nil && (span < 0 || span > InvoicesSpan) {
		err = fail(op, ErrArgument, "the dates of issue must be 0 to 90 days apart")
	}
	if err != nil {
		return broken[Kept[Invoice]](err)
	}
	p := params{"marketplaceId": q.MarketplaceID}
	p.time("fromIssueDate", q.IssuedAfter)
	p.time("toIssueDate", q.IssuedBefore)
	p.time("invoicesModifiedAfter", q.ModifiedAfter)
	return invoiceList.pages(ctx, c, first(op, p))
}

// InvoiceLine is one line of an invoice.
type InvoiceLine struct {
	ID       string     `json:"lineItemId"`
	Quantity *Int       `json:"quantity"`
	TaxRates []string   `json:"taxRateCodes"` // country and percent, such as "DE 19"
	Amount   *Money     `json:"totalAmount"`  // with tax
	Amounts  Breakdowns `json:"totalAmountBreakdown"`
	Context  struct {
		Type        string `json:"lineItemType"` // GOODS, SERVICES, OTHERS
		Identifiers []struct {
			Name  string `json:"itemIdentifierName"` // SKU, ASIN, ...
			Value string `json:"itemIdentifierValue"`
		} `json:"itemIdentifiers"`
		Description string `json:"itemDescription"`
		Service     string `json:"serviceChargeType"`
		Period      *struct {
			Start Time `json:"startDate"`
			End   Time `json:"endDate"`
		} `json:"serviceChargePeriod"`
	} `json:"lineItemContext"`
}

// InvoiceLines lists the lines of one invoice, in its order. ErrNotFound and
// ErrInvalid mean that Amazon has none to show.
func (c *Client) InvoiceLines(ctx context.Context, marketplace, id string) iter.Seq2[Page[Kept[InvoiceLine]], error] {
	const op = OpInvoice
	place, err := segment(op, "invoice id", id)
	if err == nil {
		err = checkList(op, "marketplaceId", []string{marketplace}, 1, 1)
	}
	if err != nil {
		return broken[Kept[InvoiceLine]](err)
	}
	lines := list[Kept[InvoiceLine]]{op: op, path: invoicesPath + "/" + place, next: repeatAll("nextTokenForLineItems"),
		decode: entries("invoiceItems", "nextTokenForLineItems")}
	return lines.pages(ctx, c, first(op, params{"marketplaceId": marketplace}))
}
