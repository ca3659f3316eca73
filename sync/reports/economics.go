package reports

import (
	"iter"
	"slices"
	"strings"

	"countinghouse/data/books"
)

// SKUEconomics is Seller Central's report of what each SKU brings: a workbook,
// or the same saved as text. Which fees it has depends on the account: each is
// three columns, "... per unit", "... quantity" and "... total".
const SKUEconomics Kind = "sku-economics"

// EconomicsRow is one SKU over the report's period. Amounts are to the nearest
// minor unit: this is analysis.
type EconomicsRow struct {
	Line                         int
	Raw                          string
	Store                        string // US, DE, ...
	From, To                     When
	ParentASIN, ASIN, FNSKU, SKU string
	Currency                     string
	Units, Refunded, NetUnits    Number[int64]
	Sales, NetSales, Proceeds    Amount
	Fees                         []EconomicsFee // those that the row tells
	Costs                        []EconomicsFee // per unit, as the seller told Amazon
}

// EconomicsFee is one fee or cost of a row.
type EconomicsFee struct {
	Name     string
	Total    Amount
	Quantity string // exact decimal, "" when not told
}

// feeColumns are where a fee's quantity and total stand, -1 for none.
type feeColumns struct {
	name            string
	total, quantity int
}

func (f *File) proveEconomics() error {
	if err := f.proveTable(); err != nil {
		return err
	}
	fees := f.feeColumns()
	f.UnknownColumns = slices.DeleteFunc(f.UnknownColumns, func(h string) bool {
		return slices.ContainsFunc(fees, func(c feeColumns) bool { return strings.HasPrefix(fold(h), fold(c.name)+" ") })
	})
	for _, err := range f.SKUEconomics() { // the fees too are numbers, all of them
		if err != nil {
			return err
		}
	}
	return nil
}

// feeColumns finds the fees of the report by their headings.
func (f *File) feeColumns() (list []feeColumns) {
	known := f.kinds.tables[f.Kind].byHeading
	for i, h := range f.layout.headings {
		if name, is := strings.CutSuffix(fold(h), " total"); is && known[fold(h)] == "" {
			c := feeColumns{h[:len(h)-len(" total")], i, -1}
			for j, other := range f.layout.headings {
				if fold(other) == name+" quantity" {
					c.quantity = j
				}
			}
			list = append(list, c)
		}
	}
	return list
}

// SKUEconomics gives the rows of a report of SKU economics.
func (f *File) SKUEconomics() iter.Seq2[EconomicsRow, error] {
	fees := f.feeColumns()
	return tableRows(f, SKUEconomics, func(r *TableRow) EconomicsRow {
		row := EconomicsRow{
			Line: r.Line, Raw: r.Raw, Store: r.Text("store"), From: r.When("from"), To: r.When("to"), ParentASIN: r.Text("parent-asin"),
			ASIN: r.Text("asin"), FNSKU: r.Text("fnsku"), SKU: r.Text("sku"), Currency: r.Currency(), Units: r.Count("units"),
			Refunded: r.Count("refunded"), NetUnits: r.Count("net-units"), Sales: r.near("sales", r.Decimal("sales")),
			NetSales: r.near("net-sales", r.Decimal("net-sales")), Proceeds: r.near("proceeds", r.Decimal("proceeds")),
		}
		for name, label := range map[string]string{"cogs": "Cost of goods sold", "misc-cost": "Miscellaneous cost"} {
			if a := r.near(name, r.Decimal(name)); a.Told {
				row.Costs = append(row.Costs, EconomicsFee{Name: label, Total: a})
			}
		}
		slices.SortFunc(row.Costs, func(a, b EconomicsFee) int { return strings.Compare(a.Name, b.Name) })
		for _, c := range fees {
			total := r.near(c.name, r.number(c.total, c.name))
			if !total.Told {
				continue
			}
			fee := EconomicsFee{Name: c.name, Total: total}
			if c.quantity >= 0 {
				if q := r.number(c.quantity, c.name); q.Told {
					fee.Quantity = q.Value.String()
				}
			}
			row.Fees = append(row.Fees, fee)
		}
		return row
	})
}

// near is a decimal as an amount in the row's currency, to the nearest minor
// unit.
func (r *TableRow) near(name string, n Number[books.Decimal]) Amount {
	if !n.Told {
		return Amount{}
	}
	m, err := n.Value.Times(1, r.Currency())
	if err != nil || r.Currency() == "" {
		r.fail(refuse(ErrNumber, r.Line, "%s has no amount that can be read; download the report again", name))
		return Amount{}
	}
	return Amount{m, true}
}

// number reads the cell of a column that no table names.
func (r *TableRow) number(at int, name string) Number[books.Decimal] {
	b := trimBlank(r.rec.fields[at])
	if toldNothing(b) {
		return Number[books.Decimal]{}
	}
	d, st := r.forms.num.exact(b, r.currency())
	if st != numberOK {
		r.fail(refuse(ErrNumber, r.Line, "%s %s %s; the file was edited, download it again", name, quote(b), st.reason()))
		return Number[books.Decimal]{}
	}
	return Number[books.Decimal]{d, true}
}
