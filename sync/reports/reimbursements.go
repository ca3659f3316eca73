package reports

import "iter"

// Reimbursements is what Amazon paid or gave back for goods it lost or broke.
const Reimbursements Kind = "reimbursements"

// ReimbursementRow is one row of a reimbursements report. An id can have
// several rows, one per SKU and reason. Its money is in the settlement and the
// transactions too: this row explains it.
type ReimbursementRow struct {
	Line         int
	Raw          string
	Approved     When
	ID, Case     string
	Order        string
	Reason       string // Lost_Warehouse, Damaged_Warehouse, ...
	SKU, FNSKU   string
	ASIN         string
	Condition    string
	Each, Total  Amount
	UnitsCash    Number[int64] // units paid for
	UnitsStock   Number[int64] // units given back as goods
	Units        Number[int64]
	OriginalID   string // the reimbursement that this one takes back
	OriginalType string
}

// Reimbursements gives the rows of a reimbursements report.
func (f *File) Reimbursements() iter.Seq2[ReimbursementRow, error] {
	return tableRows(f, Reimbursements, func(r *TableRow) ReimbursementRow {
		return ReimbursementRow{
			Line: r.Line, Raw: r.Raw, Approved: r.When("approval-date"), ID: r.Text("reimbursement-id"), Case: r.Text("case-id"),
			Order: r.Text("amazon-order-id"), Reason: r.Text("reason"), SKU: r.Text("sku"), FNSKU: r.Text("fnsku"),
			ASIN: r.Text("asin"), Condition: r.Text("condition"), Each: r.Money("amount-per-unit"), Total: r.Money("amount-total"),
			UnitsCash: r.Count("quantity-reimbursed-cash"), UnitsStock: r.Count("quantity-reimbursed-inventory"),
			Units: r.Count("quantity-reimbursed-total"), OriginalID: r.Text("original-reimbursement-id"),
			OriginalType: r.Text("original-reimbursement-type"),
		}
	})
}
