package appsync

import (
	"iter"
	"strconv"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// storageFees puts monthly storage into the book: what a product's storage
// costs in each warehouse. The fee that Amazon charges for the whole month, with
// tax, stands in the settlements and is counted there; these rows divide it.
func storageFees() fileKind {
	k := tableRows[reports.StorageFeeRow]{
		rows: (*reports.File).StorageFees,
		at:   func(r reports.StorageFeeRow) (int, string) { return r.Line, r.Raw },
		key: func(r reports.StorageFeeRow) []string {
			return []string{r.Month, r.ASIN, r.FNSKU, r.Centre, r.Country, r.Tier, r.Currency}
		},
		put: func(tx *store.Tx, at stored, r reports.StorageFeeRow) (bool, error) {
			return tx.PutStorageFee(store.StorageFee{
				Told: at.Told, Kind: store.StorageMonthly, Period: r.Month, ASIN: r.ASIN, FNSKU: r.FNSKU, Centre: r.Centre, Country: r.Country,
				Tier: r.Tier, Currency: r.Currency, Ordinal: at.ordinal, Units: number(r.Units), Volume: number(r.Volume),
				VolumeUnit: r.VolumeUnit, Rate: number(r.Rate), Fee: number(r.Fee), Dangerous: r.Dangerous,
			})
		},
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(f.StorageFees(), func(r reports.StorageFeeRow) string { return r.Country })
	}
	return fileKind{kind: reports.StorageFees, store: k.store, places: places}
}

// agedStorageFees puts surcharges on old stock into the book.
func agedStorageFees() fileKind {
	k := tableRows[reports.AgedFeeRow]{
		rows: (*reports.File).AgedStorageFees,
		at:   func(r reports.AgedFeeRow) (int, string) { return r.Line, r.Raw },
		key: func(r reports.AgedFeeRow) []string {
			key := []string{r.Charged.Day, r.ASIN, r.FNSKU, r.SKU, r.Country}
			for _, f := range r.Fees {
				key = append(key, f.Tier)
			}
			return key
		},
		put: putAgedFees,
	}
	places := func(f *reports.File) iter.Seq2[string, error] {
		return placesOf(f.AgedStorageFees(), func(r reports.AgedFeeRow) string { return r.Country })
	}
	return fileKind{kind: reports.AgedStorageFees, store: k.store, places: places}
}

func putAgedFees(tx *store.Tx, at stored, r reports.AgedFeeRow) (changed bool, err error) {
	market, _ := place(r.Country)
	for _, f := range r.Fees {
		units, err := books.ParseUnit(strconv.FormatInt(f.Units, 10))
		if err != nil {
			return false, err
		}
		fee, err := books.ParseUnit(f.Amount.Money.Decimal())
		if err != nil {
			return false, err
		}
		c, err := tx.PutStorageFee(store.StorageFee{
			Told: at.Told, Kind: store.StorageAged, Period: at.dayOf(r.Charged, market.ID), ASIN: r.ASIN, FNSKU: r.FNSKU, SKU: r.SKU,
			Country: r.Country, Tier: f.Tier, Currency: f.Amount.Money.Currency, Ordinal: at.ordinal, Units: &units, Fee: &fee,
			Rate: number(f.Rate),
		})
		if err != nil {
			return false, err
		}
		changed = changed || c
	}
	return changed, nil
}

// feePreviews puts fee previews into the book.
func feePreviews() fileKind {
	k := tableRows[reports.FeePreviewRow]{
		rows: (*reports.File).FeePreview,
		at:   func(r reports.FeePreviewRow) (int, string) { return r.Line, r.Raw },
		key:  func(r reports.FeePreviewRow) []string { return []string{r.Place, r.SKU, r.Currency} },
		put: func(tx *store.Tx, at stored, r reports.FeePreviewRow) (bool, error) {
			p := store.FeePreview{
				Told: at.Told, Marketplace: at.marketOf(r.Place), SKU: r.SKU, Currency: r.Currency, Ordinal: at.ordinal, Day: at.takenDay(),
				ASIN: r.ASIN, FNSKU: r.FNSKU, FulfilledBy: r.FulfilledBy, Price: told(r.Price), Total: number(r.Total),
				Referral: number(r.Referral), Closing: number(r.Closing), Fulfilment: number(r.Fulfilment), SideUnit: r.SideUnit,
				Weight: number(r.Weight), WeightUnit: r.WeightUnit, SizeTier: r.SizeTier,
			}
			for i, side := range r.Sides {
				p.Sides[i] = number(side)
			}
			return tx.PutFeePreview(p)
		},
	}
	return fileKind{kind: reports.FeePreview, store: k.store, undated: true}
}
