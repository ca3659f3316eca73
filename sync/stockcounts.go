package appsync

import (
	"iter"
	"strings"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// stockCounts puts an inventory report into the book, beside the API's
// snapshots: the two are compared, neither replaces the other.
func stockCounts(kind reports.Kind, rows func(*reports.File) iter.Seq2[reports.CountRow, error]) fileKind {
	k := tableRows[reports.CountRow]{
		rows: rows,
		at:   func(r reports.CountRow) (int, string) { return r.Line, r.Raw },
		key:  func(r reports.CountRow) []string { return []string{r.Country, r.SKU, r.Condition, r.Part, r.FNSKU} },
		put: func(tx *store.Tx, at stored, r reports.CountRow) (bool, error) {
			return tx.PutStockCount(store.StockCount{
				Told: at.Told, Report: string(kind), Day: at.takenDay(), Marketplace: at.marketplace, Country: r.Country, SKU: r.SKU,
				Condition: r.Condition, Part: r.Part, FNSKU: r.FNSKU, Ordinal: at.ordinal, ASIN: r.ASIN, Fulfillable: number(r.Fulfillable),
				Unsellable: number(r.Unsellable), Reserved: number(r.Reserved), Warehouse: number(r.Warehouse), Total: number(r.Total),
				InboundWorking: number(r.Working), InboundShipped: number(r.Shipped), InboundReceiving: number(r.Receiving),
				Researching: number(r.Researching), Own: number(r.Own),
			})
		},
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(rows(f), func(r reports.CountRow) string { return r.Country })
	}
	return fileKind{kind: kind, store: k.store, places: places, undated: true}
}

// merchantListings puts the seller's catalogue into the book.
func merchantListings() fileKind {
	k := tableRows[reports.ListingRow]{
		rows: (*reports.File).MerchantListings,
		at:   func(r reports.ListingRow) (int, string) { return r.Line, r.Raw },
		key:  func(r reports.ListingRow) []string { return []string{r.SKU} },
		put: func(tx *store.Tx, at stored, r reports.ListingRow) (bool, error) {
			market, _ := markets.ByID(at.marketplace)
			at.Until = at.taken // its dates are those of the listings, not of the report
			return tx.PutListingRow(store.ListingRow{
				Told: at.Told, Marketplace: at.marketplace, SKU: r.SKU, Ordinal: at.ordinal, ID: r.ID, ASIN: r.ASIN, Title: r.Title,
				Price: number(r.Price), BusinessPrice: number(r.BusinessPrice), Currency: market.Currency, OwnQuantity: number(r.Units),
				Channel: r.Channel, Condition: r.Condition, Status: r.Status, ShippingGroup: r.ShippingGroup, Points: r.Points,
				OpenedDay: r.Opened.Day, Opened: instant(r.Opened),
			})
		},
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(f.MerchantListings(), func(r reports.ListingRow) string {
			if country, ok := strings.CutPrefix(r.Channel, "AMAZON_"); ok && country == "JP" {
				return country // AMAZON_NA and AMAZON_EU name a region of several marketplaces
			}
			return ""
		})
	}
	return fileKind{kind: reports.MerchantListings, store: k.store, places: places, region: listingsRegion, undated: true}
}

// listingsRegion is the region that the rows name as the one of their FBA stock.
func listingsRegion(f *reports.File) string {
	for r, err := range f.MerchantListings() {
		if err != nil {
			return ""
		}
		switch r.Channel {
		case "AMAZON_NA", "AMAZON_EU":
			return strings.TrimPrefix(r.Channel, "AMAZON_")
		case "AMAZON_JP", "AMAZON_AU", "AMAZON_SG":
			return "FE"
		}
	}
	return ""
}

// stockAdvice puts planning and restock reports into the book.
func stockAdvice(kind reports.Kind, rows func(*reports.File) iter.Seq2[reports.PlanRow, error]) fileKind {
	k := tableRows[reports.PlanRow]{
		rows: rows,
		at:   func(r reports.PlanRow) (int, string) { return r.Line, r.Raw },
		key:  func(r reports.PlanRow) []string { return []string{r.Day.Day, r.Place, r.SKU, r.Condition, r.FNSKU} },
		put: func(tx *store.Tx, at stored, r reports.PlanRow) (bool, error) {
			a := store.StockAdvice{
				Told: at.Told, Report: string(kind), Day: firstOf(r.Day.Day, at.takenDay()), Marketplace: at.marketOf(r.Place), SKU: r.SKU,
				Condition: r.Condition, FNSKU: r.FNSKU, Ordinal: at.ordinal, ASIN: r.ASIN, Available: number(r.Available),
				Inbound: number(r.Inbound), Reserved: number(r.Reserved), Unfulfillable: number(r.Unfulfillable),
				PendingRemoval: number(r.PendingRemoval), Excess: number(r.Excess), Recommended: number(r.Recommended),
				RecommendedBy: r.RecommendedBy.Day, DaysOfSupply: number(r.DaysOfSupply), SellThrough: number(r.SellThrough), Alert: r.Alert,
				Action: r.Action, Currency: r.Currency, StorageNextMonth: number(r.StorageNextMonth),
			}
			for i, n := range r.Age {
				a.Age[i] = number(n)
			}
			for i, n := range r.Sold {
				a.Sold[i] = number(n)
			}
			return tx.PutStockAdvice(a)
		},
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(rows(f), func(r reports.PlanRow) string { return r.Place })
	}
	return fileKind{kind: kind, store: k.store, places: places, undated: kind == reports.Restock}
}

// removalAdvice puts recommended removals into the book.
func removalAdvice() fileKind {
	k := tableRows[reports.AdviceRow]{
		rows: (*reports.File).RemovalAdvice,
		at:   func(r reports.AdviceRow) (int, string) { return r.Line, r.Raw },
		key:  func(r reports.AdviceRow) []string { return []string{r.Day.Day, r.SKU, r.Condition, r.FNSKU} },
		put: func(tx *store.Tx, at stored, r reports.AdviceRow) (bool, error) {
			a := store.StockAdvice{
				Told: at.Told, Report: string(reports.RemovalAdvice), Day: r.Day.Day, Marketplace: at.marketplace, SKU: r.SKU,
				Condition: r.Condition, FNSKU: r.FNSKU, Ordinal: at.ordinal, ASIN: r.ASIN, Available: number(r.Sellable),
				Unfulfillable: number(r.Unsellable), Recommended: number(r.Remove),
			}
			for i, n := range r.Age {
				a.Age[i+1] = number(n)
			}
			return tx.PutStockAdvice(a)
		},
	}
	return fileKind{kind: reports.RemovalAdvice, store: k.store}
}
