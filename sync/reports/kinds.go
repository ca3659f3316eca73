package reports

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"countinghouse/resources"
)

// Kind is the kind of a report.
type Kind string

// The kinds that have rules of their own; those of plain tables stand with
// their readers.
const (
	SettlementV1 Kind = "settlement-v1" // flat file: one column per kind of amount
	SettlementV2 Kind = "settlement-v2" // flat file V2: one amount per row
	DateRange    Kind = "date-range"    // all transactions of a period, by hand
	AllOrders    Kind = "all-orders"    // orders by date, one row per item
)

// reader is what is known of one kind. A new kind is one file with its reader
// and one line in readers.
type reader struct {
	kind  Kind
	title string // what a message calls it: "FBA customer returns"
	// matches tells whether the headings are of this kind, even when one of
	// them is missing: then prove names it. nil for plain tables, which are
	// recognised by the columns of their table in resources/reports/tables.
	matches func(h headings) bool
	// opens tells by its first bytes, byte order mark taken off, a file that is
	// no text table; nil for one that is.
	opens func(head []byte) bool
	prove func(f *File) error
	plain bool // a table that the generic reader proves
}

// readers is the list of kinds that are read. The first that matches wins;
// plain tables are asked last, all together.
func readers() []reader {
	return []reader{
		{kind: SettlementV2, title: "settlement report", matches: isSettlement(v2Columns), prove: (*File).proveSettlement},
		{kind: SettlementV1, title: "settlement report", matches: isSettlement(v1Columns), prove: (*File).proveSettlement},
		{kind: AllOrders, title: "all-orders report", matches: isAllOrders, prove: (*File).proveAllOrders},
		{kind: DateRange, title: "date-range report", matches: isDateRange, prove: (*File).proveDateRange},
		{kind: SalesTraffic, title: "sales and traffic report", opens: isTrafficJSON, prove: (*File).proveTraffic},
		plainTable(LedgerDetail, "inventory ledger (detail)"),
		plainTable(LedgerSummary, "inventory ledger (summary)"),
		plainTable(FBAReturns, "report of FBA customer returns"),
		plainTable(SellerReturns, "report of seller-fulfilled returns"),
		plainTable(Reimbursements, "reimbursements report"),
		plainTable(MYIInventory, "manage FBA inventory report"),
		plainTable(AFNInventory, "FBA inventory report"),
		plainTable(AFNByCountry, "multi-country inventory report"),
		plainTable(MerchantListings, "listings report"),
		plainTable(InventoryPlanning, "inventory planning report"),
		plainTable(Restock, "restock report"),
		plainTable(StorageFees, "monthly storage fees"),
		plainTable(AgedStorageFees, "aged-inventory surcharges"),
		plainTable(FeePreview, "fee preview"),
		plainTable(RemovalOrders, "removal orders"),
		plainTable(RemovalAdvice, "recommended removals"),
		{kind: BusinessByDate, title: "business report by date", prove: (*File).proveBusiness},
		{kind: BusinessByASIN, title: "business report by ASIN", prove: (*File).proveBusiness},
		{kind: SKUEconomics, title: "SKU economics report", prove: (*File).proveEconomics},
		plainTable(VATTransactions, "VAT transactions report"),
		plainTable(Advertising, "advertising report"),
	}
}

// plainTable is the reader of a kind that needs no rules of its own: what its
// columns are called and hold is in resources/reports/tables/<kind>.csv.
func plainTable(kind Kind, title string) reader {
	return reader{kind: kind, title: title, prove: (*File).proveTable, plain: true}
}

// registry is readers with the tables of the plain ones.
type registry struct {
	list   []reader
	tables map[Kind]*columnTable
	known  map[string]int // folded heading: in how many tables
}

var kinds = sync.OnceValues(readRegistry)

func readRegistry() (*registry, error) {
	g := &registry{list: readers(), tables: map[Kind]*columnTable{}, known: map[string]int{}}
	for _, r := range g.list {
		if r.matches != nil || r.opens != nil {
			continue
		}
		name := "reports/tables/" + string(r.kind) + ".csv"
		text, err := resources.ReportTables.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the columns of %s: %w", r.kind, err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		t, err := newColumnTable(rows[1:])
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		g.tables[r.kind] = t
		for h := range t.byHeading {
			g.known[h]++
		}
	}
	return g, nil
}

func (g *registry) reader(kind Kind) (reader, bool) {
	i := slices.IndexFunc(g.list, func(r reader) bool { return r.kind == kind })
	if i < 0 {
		return reader{}, false
	}
	return g.list[i], true
}

// kindOf recognises headings even when some are missing, so that the missing
// one can be named; "" when they are of no kind.
func (g *registry) kindOf(h headings) Kind {
	for _, r := range g.list {
		if r.matches != nil && r.matches(h) {
			return r.kind
		}
	}
	var best Kind
	var most float64
	for _, r := range g.list {
		if t := g.tables[r.kind]; t != nil {
			if s := g.score(t, h); s > most {
				best, most = r.kind, s
			}
		}
	}
	return best
}

// doubtful is the score that headings must reach when a needed column is
// missing: below, they may be of anything.
const doubtful = 2

// score tells how well headings fit a table: each that is in it counts the more
// the fewer other tables have it, each needed column that is missing counts
// against it. 0 when they do not fit.
func (g *registry) score(t *columnTable, h headings) float64 {
	seen := map[string]bool{}
	var s float64
	for _, folded := range h.folded {
		if c, ok := t.byHeading[folded]; ok && !seen[c] {
			seen[c] = true
			s += 1 / float64(g.known[folded])
		}
	}
	needed, missing := 0, 0
	for _, c := range t.columns {
		if c.needed {
			needed++
			if !seen[c.name] {
				missing++
			}
		}
	}
	if missing > 0 && (3*missing > needed || s < doubtful) {
		return 0
	}
	return s / float64(1+missing)
}

// Kinds lists the kinds that are read, in the order in which they are asked.
func Kinds() []Kind {
	var list []Kind
	for _, r := range readers() {
		list = append(list, r.kind)
	}
	return list
}

// Title is what a sentence calls the kind: "FBA customer returns".
func (k Kind) Title() string {
	for _, r := range readers() {
		if r.kind == k {
			return r.title
		}
	}
	return string(k)
}

// headings are the first row of a file.
type headings struct {
	folded []string
	words  *wordTables
}

func newHeadings(list []string, w *wordTables) headings {
	h := headings{words: w}
	for _, s := range list {
		h.folded = append(h.folded, fold(s))
	}
	return h
}

// count tells how many of the columns are among the headings.
func (h headings) count(columns []string) (n int) {
	for _, c := range columns {
		if slices.Contains(h.folded, c) {
			n++
		}
	}
	return n
}

func isSettlement(own []string) func(headings) bool {
	return func(h headings) bool { return h.count(settlementCommon) >= 6 && h.count(own) > 0 }
}

func isAllOrders(h headings) bool {
	return h.count(orderColumns) >= 8 && h.count([]string{"order-status", "purchase-date", "item-price", "item-status"}) >= 2
}

func isDateRange(h headings) bool {
	columns := map[string]bool{}
	for _, f := range h.folded {
		if c, ok := h.words.headings[f]; ok {
			columns[c] = true
		}
	}
	return len(columns) >= 8
}
