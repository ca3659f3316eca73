package appsync

import (
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// originOf tells reports of the API from files: those of the API know their
// marketplace and when they were made.
func originOf(at target) string {
	if at.api {
		return "report"
	}
	return "file"
}

// takenOf is when a file was made, else the end of what it tells.
func takenOf(at target, f *reports.File) time.Time {
	if !at.taken.IsZero() {
		return at.taken
	}
	return f.To
}

// keyOf is a short name of what a row is about.
func keyOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// skuEconomics puts Seller Central's report of SKU economics into the book.
func skuEconomics() fileKind {
	k := tableRows[reports.EconomicsRow]{
		rows: (*reports.File).SKUEconomics,
		at:   func(r reports.EconomicsRow) (int, string) { return r.Line, r.Raw },
		key:  func(r reports.EconomicsRow) []string { return []string{r.Store, r.From.Day, r.To.Day, r.SKU, r.ASIN} },
		put:  putEconomicsRow,
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(f.SKUEconomics(), func(r reports.EconomicsRow) string { return r.Store })
	}
	return fileKind{kind: reports.SKUEconomics, store: k.store, places: places}
}

func putEconomicsRow(tx *store.Tx, at stored, r reports.EconomicsRow) (bool, error) {
	v := store.Economics{
		Connection: at.connection, Marketplace: at.marketOf(r.Store), From: r.From.Day, To: r.To.Day, SKU: r.SKU, ASIN: r.ASIN,
		ParentASIN: r.ParentASIN, FNSKU: r.FNSKU, Currency: r.Currency, Units: r.Units.Value, Refunded: r.Refunded.Value, Net: r.NetUnits.Value,
		Ordered: told(r.Sales), NetSales: told(r.NetSales), Proceeds: told(r.Proceeds), Origin: "file", Taken: at.Until,
		Document: at.Document, DocLine: at.Line,
	}
	if v.Ordered != nil && v.NetSales != nil {
		refunded := *v.Ordered - *v.NetSales
		v.RefundedSales = &refunded
	}
	for _, f := range r.Fees {
		p := store.EconomicsPart{Kind: "fee", Name: f.Name, Currency: r.Currency, Total: f.Total.Money.Minor, Quantity: f.Quantity}
		switch {
		case strings.HasPrefix(f.Name, "Sponsored "):
			p.Kind = "ad"
		case f.Name == "Base fulfillment fee":
			p.PartOf = "FBA fulfillment fees"
		}
		v.Parts = append(v.Parts, p)
	}
	for _, c := range r.Costs {
		v.Parts = append(v.Parts, store.EconomicsPart{Kind: "cost", Name: c.Name, Currency: r.Currency, Total: c.Total.Money.Minor})
	}
	return true, tx.PutEconomics(v)
}

// vatTransactions puts Amazon's VAT transactions report into the book, buyers'
// numbers and towns left out.
func vatTransactions() fileKind {
	key := func(r reports.VATRow) []string {
		return []string{r.Type, r.EventID, r.ActivityID, r.SKU, r.Complete.Day, r.Currency, r.Net.Money.Decimal(), r.VAT.Money.Decimal(),
			r.DepartCountry, r.ArrivalCountry, r.Jurisdiction, strconv.FormatInt(r.Quantity.Value, 10)}
	}
	k := tableRows[reports.VATRow]{
		rows: (*reports.File).VATTransactions,
		at:   func(r reports.VATRow) (int, string) { return r.Line, r.Raw },
		key:  key,
		put: func(tx *store.Tx, at stored, r reports.VATRow) (bool, error) {
			return tx.PutVATTransaction(store.VATTransaction{
				Connection: at.connection, Key: keyOf(append(key(r), strconv.Itoa(at.ordinal))...), Period: r.Period, Channel: r.Channel,
				Marketplace: r.Marketplace, Program: r.Program, Type: r.Type, EventID: r.EventID, ActivityID: r.ActivityID, TaxDay: r.Tax.Day,
				DepartDay: r.Depart.Day, ArrivalDay: r.Arrival.Day, CompleteDay: r.Complete.Day, SKU: r.SKU, ASIN: r.ASIN, Title: r.Title,
				Quantity: number(r.Quantity), Currency: r.Currency, Net: told(r.Net), VAT: told(r.VAT), Gross: told(r.Gross),
				GoodsNet: told(r.GoodsNet), ShippingNet: told(r.ShippingNet), GiftWrapNet: told(r.GiftWrapNet), Rate: r.Rate, TaxCode: r.TaxCode,
				DepartCountry: r.DepartCountry, ArrivalCountry: r.ArrivalCountry, SellerCountry: r.SellerCountry, SellerVAT: r.SellerVAT,
				BuyerVATCountry: r.BuyerVATCountry, Jurisdiction: r.Jurisdiction, Scheme: r.Scheme, Collector: r.Collector,
				OutsideEU: r.OutsideEU, Invoice: r.Invoice, Document: at.Document, DocLine: at.Line,
			})
		},
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(f.VATTransactions(), func(r reports.VATRow) string { return firstOf(r.Marketplace, r.Channel) })
	}
	return fileKind{kind: reports.VATTransactions, store: k.store, places: places}
}

// advertising puts reports of the advertising console into the book, as
// analysis: what Amazon charges for it comes with the transactions.
func advertising() fileKind {
	key := func(r reports.AdRow) []string {
		return []string{adReport(r), r.From.Day, r.To.Day, r.Country, r.Portfolio, r.Campaign, r.AdGroup, r.SKU, r.ASIN, r.Targeting, r.MatchType,
			r.SearchTerm, r.Placement, r.PurchasedASIN, r.Currency}
	}
	k := tableRows[reports.AdRow]{
		rows: (*reports.File).Advertising,
		at:   func(r reports.AdRow) (int, string) { return r.Line, r.Raw },
		key:  key,
		put: func(tx *store.Tx, at stored, r reports.AdRow) (bool, error) {
			taken := at.taken
			if taken.IsZero() {
				taken = at.Until
			}
			return tx.PutAdRow(store.AdRow{
				Connection: at.connection, Key: keyOf(append(key(r), strconv.Itoa(at.ordinal))...), Report: adReport(r), From: r.From.Day,
				To: firstOf(r.To.Day, r.From.Day), Marketplace: adMarket(at, r), Portfolio: r.Portfolio, Campaign: r.Campaign, AdGroup: r.AdGroup,
				SKU: r.SKU, ASIN: firstOf(r.ASIN, r.PurchasedASIN), Targeting: r.Targeting, MatchType: r.MatchType, SearchTerm: r.SearchTerm,
				Placement: r.Placement, Currency: r.Currency, Impressions: number(r.Impressions), Clicks: number(r.Clicks), Spend: told(r.Spend),
				Sales: told(r.Sales), Orders: number(r.Orders), Units: number(r.Units), Window: r.Window, Taken: taken, Document: at.Document,
				DocLine: at.Line,
			})
		},
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(f.Advertising(), func(r reports.AdRow) string { return r.Country })
	}
	return fileKind{kind: reports.Advertising, store: k.store, places: places}
}

// adReport is what a row is about, by the names that it tells.
func adReport(r reports.AdRow) string {
	switch {
	case r.PurchasedASIN != "":
		return "purchased-product"
	case r.SearchTerm != "":
		return "search-term"
	case r.Placement != "":
		return "placement"
	case r.SKU != "" || r.ASIN != "":
		return "advertised-product"
	case r.Targeting != "":
		return "targeting"
	}
	return "campaign"
}

// adMarket is the marketplace that the row names, else the file's, else the only
// one of the row's currency.
func adMarket(at stored, r reports.AdRow) string {
	return firstOf(at.marketOf(r.Country), onlyMarket(r.Currency))
}

// onlyMarket is the marketplace of a currency that has just one, else "".
func onlyMarket(currency string) (only string) {
	for _, m := range markets.All() {
		if m.Currency == currency {
			if only != "" {
				return ""
			}
			only = m.ID
		}
	}
	return only
}
