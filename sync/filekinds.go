package appsync

import (
	"iter"
	"slices"

	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// fileKind is what the book does with the reports of one kind, whether they
// came as a file or over the API. A new one is one file with such a value and
// one line in fileKinds.
type fileKind struct {
	kind reports.Kind
	// store puts a proved file into the book, within one transaction. Rows that
	// the book has already change nothing and do not count as fresh.
	store func(tx *store.Tx, at target, f *reports.File) (ingested, error)
	// places gives what the rows say of where they belong: names or ids of
	// marketplaces, or countries; nil when the rows do not say.
	places func(f *reports.File) iter.Seq2[string, error]
	// region tells the region where neither places nor the currency do; may be
	// nil.
	region func(f *reports.File) string
	// covers is the source of data whose time a file of this kind covers from
	// its first to its last row; "" for none.
	covers string
	// undated says that the rows do not tell a day: they are as of when the file
	// was made.
	undated bool
}

// fileKinds is the list of kinds that the book takes.
func fileKinds() []fileKind {
	return []fileKind{
		{kind: reports.SettlementV1, store: storeSettlement, places: settlementPlaces},
		{kind: reports.SettlementV2, store: storeSettlement, places: settlementPlaces},
		{kind: reports.DateRange, store: storeDateRange, places: dateRangePlaces},
		{kind: reports.AllOrders, store: storeOrders, places: orderPlaces, covers: nameOrders},
		stockMoves(),
		stockBalances(),
		customerReturns(reports.FBAReturns, "AMAZON"),
		customerReturns(reports.SellerReturns, "MERCHANT"),
		reimbursements(),
		stockCounts(reports.MYIInventory, (*reports.File).MYIInventory),
		stockCounts(reports.AFNInventory, (*reports.File).AFNInventory),
		stockCounts(reports.AFNByCountry, (*reports.File).AFNByCountry),
		merchantListings(),
		stockAdvice(reports.InventoryPlanning, (*reports.File).InventoryPlanning),
		stockAdvice(reports.Restock, (*reports.File).Restock),
		removalAdvice(),
		storageFees(),
		agedStorageFees(),
		feePreviews(),
		removals(),
		salesTraffic(),
		businessReports(reports.BusinessByDate),
		businessReports(reports.BusinessByASIN),
		skuEconomics(),
		vatTransactions(),
		advertising(),
	}
}

func kindOf(kind reports.Kind) (fileKind, bool) {
	list := fileKinds()
	i := slices.IndexFunc(list, func(k fileKind) bool { return k.kind == kind })
	if i < 0 {
		return fileKind{}, false
	}
	return list[i], true
}

// placesOf gives one text of each row.
func placesOf[T any](rows iter.Seq2[T, error], place func(T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for row, err := range rows {
			if !yield(place(row), err) {
				return
			}
		}
	}
}

func settlementPlaces(f *reports.File) iter.Seq2[string, error] {
	return placesOf(f.Settlement(), func(r reports.SettlementRow) string { return r.MarketplaceName })
}

func dateRangePlaces(f *reports.File) iter.Seq2[string, error] {
	return placesOf(f.DateRange(), func(r reports.DateRangeRow) string { return r.MarketplaceName })
}

func orderPlaces(f *reports.File) iter.Seq2[string, error] {
	return placesOf(f.AllOrders(), func(r reports.OrderRow) string { return r.SalesChannel })
}
