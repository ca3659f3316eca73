package appsync

import (
	"iter"
	"strconv"

	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// stockMoves puts the ledger's detail view into the book.
func stockMoves() fileKind {
	k := tableRows[reports.MoveRow]{
		rows: (*reports.File).LedgerDetail,
		at:   func(r reports.MoveRow) (int, string) { return r.Line, r.Raw },
		key: func(r reports.MoveRow) []string {
			return []string{r.Moved.Day, r.FNSKU, r.SKU, r.Event, r.Reference, r.Centre, r.Disposition, r.Reason, r.Country,
				strconv.FormatInt(r.Units, 10)}
		},
		put: func(tx *store.Tx, at stored, r reports.MoveRow) (bool, error) {
			return tx.PutStockMove(store.StockMove{
				Told: at.Told, Day: r.Moved.Day, FNSKU: r.FNSKU, SKU: r.SKU, ASIN: r.ASIN, Event: r.Event, Reference: r.Reference,
				Centre: r.Centre, Disposition: r.Disposition, Reason: r.Reason, Country: r.Country, Units: r.Units, Ordinal: at.ordinal,
				Moved: instant(r.Moved), Reconciled: number(r.Reconciled), Unreconciled: number(r.Unreconciled),
			})
		},
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(f.LedgerDetail(), func(r reports.MoveRow) string { return r.Country })
	}
	return fileKind{kind: reports.LedgerDetail, store: k.store, places: places, covers: string(reports.LedgerDetail)}
}

// stockBalances puts the ledger's summary view into the book.
func stockBalances() fileKind {
	k := tableRows[reports.BalanceRow]{
		rows: (*reports.File).LedgerSummary,
		at:   func(r reports.BalanceRow) (int, string) { return r.Line, r.Raw },
		key:  func(r reports.BalanceRow) []string { return nil },
		put: func(tx *store.Tx, at stored, r reports.BalanceRow) (bool, error) {
			return tx.PutStockBalance(store.StockBalance{
				Told: at.Told, Day: r.Day.Day, FNSKU: r.FNSKU, SKU: r.SKU, ASIN: r.ASIN, Disposition: r.Disposition, Location: r.Location,
				Start: r.Start, End: r.End, InTransit: number(r.InTransit), Received: number(r.Received), Shipped: number(r.Shipped),
				Returned: number(r.Returned), Removed: number(r.Removed), Transferred: number(r.Transferred), Found: number(r.Found),
				Lost: number(r.Lost), Damaged: number(r.Damaged), Disposed: number(r.Disposed), Other: number(r.Other), Unknown: number(r.Unknown),
			})
		},
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(f.LedgerSummary(), func(r reports.BalanceRow) string { return r.Location })
	}
	return fileKind{kind: reports.LedgerSummary, store: k.store, places: places, covers: string(reports.LedgerSummary)}
}

// removals puts removal orders into the book.
func removals() fileKind {
	k := tableRows[reports.RemovalRow]{
		rows: (*reports.File).RemovalOrders,
		at:   func(r reports.RemovalRow) (int, string) { return r.Line, r.Raw },
		key:  func(r reports.RemovalRow) []string { return []string{r.Order, r.SKU, r.FNSKU, r.Disposition} },
		put: func(tx *store.Tx, at stored, r reports.RemovalRow) (bool, error) {
			return tx.PutRemoval(store.Removal{
				Told: at.Told, ID: r.Order, SKU: r.SKU, FNSKU: r.FNSKU, Disposition: r.Disposition, Ordinal: at.ordinal,
				Day: at.dayOf(r.Requested, at.marketplace), Requested: r.Requested.At, Updated: r.Updated.At, Type: r.Type, Status: r.Status,
				Units: r.Units, Cancelled: number(r.Cancelled), Disposed: number(r.Disposed), Shipped: number(r.Shipped),
				InProcess: number(r.InProcess), Currency: r.Fee.Money.Currency, Fee: told(r.Fee),
			})
		},
	}
	return fileKind{kind: reports.RemovalOrders, store: k.store, covers: string(reports.RemovalOrders)}
}
