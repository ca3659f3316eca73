package reports

import "iter"

// Advertising is a sponsored-products report of the advertising console.
const Advertising Kind = "advertising"

// AdRow is one row of an advertising report: what an advertisement cost and
// what Amazon attributes to it. Which of the names are told says what the report
// is about.
type AdRow struct {
	Line                         int
	Raw                          string
	From, To                     When // To is nothing on a report by day
	Portfolio, Campaign, AdGroup string
	Country                      string
	SKU, ASIN                    string
	Targeting, MatchType         string
	SearchTerm, Placement        string
	PurchasedASIN                string
	Currency                     string
	Impressions, Clicks          Number[int64]
	Spend, Sales                 Amount
	Orders, Units                Number[int64]
	Window                       int // days after the click within which a sale counts, 0 when not told
}

// Advertising gives the rows of an advertising report.
func (f *File) Advertising() iter.Seq2[AdRow, error] {
	return tableRows(f, Advertising, func(r *TableRow) AdRow {
		row := AdRow{
			Line: r.Line, Raw: r.Raw, From: r.When("date"), To: r.When("end-date"), Portfolio: r.Text("portfolio"), Campaign: r.Text("campaign"),
			AdGroup: r.Text("ad-group"), Country: r.Text("country"), SKU: r.Text("sku"), ASIN: r.Text("asin"), Targeting: r.Text("targeting"),
			MatchType: r.Text("match-type"), SearchTerm: r.Text("search-term"), Placement: r.Text("placement"),
			PurchasedASIN: r.Text("purchased-asin"), Currency: r.Currency(), Impressions: r.Count("impressions"), Clicks: r.Count("clicks"),
			Spend: r.Money("spend"),
		}
		switch {
		case r.Has("sales-7"):
			row.Sales, row.Orders, row.Units, row.Window = r.Money("sales-7"), r.Count("orders-7"), r.Count("units-7"), 7
		case r.Has("sales-14"):
			row.Sales, row.Orders, row.Units, row.Window = r.Money("sales-14"), r.Count("orders-14"), r.Count("units-14"), 14
		}
		return row
	})
}
