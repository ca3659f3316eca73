package appsync

import (
	"strings"

	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// customerReturns puts returns into the book, from either report.
func customerReturns(kind reports.Kind, channel string) fileKind {
	k := tableRows[reports.ReturnRow]{
		rows: (*reports.File).FBAReturns,
		at:   func(r reports.ReturnRow) (int, string) { return r.Line, r.Raw },
		key: func(r reports.ReturnRow) []string {
			return []string{r.Order, r.SKU, r.Returned.At.String(), r.Reference}
		},
		put: func(tx *store.Tx, at stored, r reports.ReturnRow) (bool, error) {
			return tx.PutCustomerReturn(store.CustomerReturn{
				Told: at.Told, Channel: channel, Order: r.Order, SKU: r.SKU, Returned: r.Returned.At, Reference: r.Reference,
				Ordinal: at.ordinal, Day: at.dayOf(r.Returned, at.marketplace), Marketplace: at.marketplace, ASIN: r.ASIN, FNSKU: r.FNSKU,
				Units: r.Units, Centre: r.Centre, Disposition: r.Disposition, Sellable: sellable(r.Disposition), Reason: r.Reason,
				Status: r.Status, Resolution: r.Resolution, Currency: firstOf(r.Refunded.Money.Currency, r.Label.Money.Currency),
				Refunded: told(r.Refunded), Label: told(r.Label),
			})
		},
	}
	if kind == reports.SellerReturns {
		k.rows = (*reports.File).SellerReturns
	}
	return fileKind{kind: kind, store: k.store, covers: string(kind)}
}

// sellable tells whether returned units can be sold again; nil for a word that
// is not known here.
func sellable(disposition string) *bool {
	yes, no := true, false
	switch strings.ToUpper(strings.ReplaceAll(disposition, " ", "_")) {
	case "SELLABLE", "販売可":
		return &yes
	case "CUSTOMER_DAMAGED", "CUST_DAMAGED", "DAMAGED", "DEFECTIVE", "CARRIER_DAMAGED", "WAREHOUSE_DAMAGED", "DISTRIBUTOR_DAMAGED", "EXPIRED",
		"UNSELLABLE", "欠陥品・不良品", "カスタマーによる損傷", "販売不可":
		return &no
	}
	return nil
}

// reimbursements explain money that the settlements hold: rows beside it, found
// by id, order and month, and no facts.
func reimbursements() fileKind {
	k := tableRows[reports.ReimbursementRow]{
		rows: (*reports.File).Reimbursements,
		at:   func(r reports.ReimbursementRow) (int, string) { return r.Line, r.Raw },
		key:  func(r reports.ReimbursementRow) []string { return []string{r.ID, r.SKU, r.FNSKU, r.Reason} },
		put: func(tx *store.Tx, at stored, r reports.ReimbursementRow) (bool, error) {
			return tx.PutReimbursement(store.Reimbursement{
				Told: at.Told, ID: r.ID, SKU: r.SKU, FNSKU: r.FNSKU, Reason: r.Reason, Ordinal: at.ordinal,
				Day: at.dayOf(r.Approved, at.marketplace), Approved: r.Approved.At, Case: r.Case, Order: r.Order, ASIN: r.ASIN,
				Condition: r.Condition, Currency: firstOf(r.Total.Money.Currency, r.Each.Money.Currency), Each: told(r.Each), Total: told(r.Total),
				UnitsCash: number(r.UnitsCash), UnitsStock: number(r.UnitsStock), Units: number(r.Units),
				OriginalID: r.OriginalID, OriginalType: r.OriginalType,
			})
		},
	}
	return fileKind{kind: reports.Reimbursements, store: k.store, covers: string(reports.Reimbursements)}
}
