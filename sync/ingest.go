package appsync

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// ingested is what a report file brought.
type ingested struct {
	rows, fresh int
	document    int64
}

// target says where a report file belongs.
type target struct {
	connection  string
	marketplace string    // id, when it is known for the whole file; else ""
	taken       time.Time // when the file was made: what a file without dates tells is as of then
	api         bool      // it came over the API
}

// storeReport puts a proved report file into the book, within one transaction:
// rows that the book has already change nothing.
func storeReport(tx *store.Tx, connection string, f *reports.File) (ingested, error) {
	return storeFile(tx, target{connection: connection}, f)
}

// storeFile is storeReport for a file of which more is known.
func storeFile(tx *store.Tx, at target, f *reports.File) (ingested, error) {
	k, ok := kindOf(f.Kind)
	if !ok {
		return ingested{}, fmt.Errorf("%s: no place for a report of kind %s", f.Name, f.Kind)
	}
	return k.store(tx, at, f)
}

// original collects a report as it is stored: its headings and rows, personal
// cells left out. Line numbers are those of the file itself.
type original struct{ rows []originalRow }

type originalRow struct {
	line int
	raw  string // may span lines: a quoted cell can
}

func (o *original) add(line int, raw string) { o.rows = append(o.rows, originalRow{line, raw}) }

func (o *original) put(tx *store.Tx, f *reports.File) (int64, error) {
	return tx.PutDocument("report", o.text(f))
}

// keep stores the report for as long as use needs it: when use says that no row
// points to it, it goes again.
func (o *original) keep(tx *store.Tx, f *reports.File, use func(document int64) (bool, error)) error {
	return tx.KeepDocument("report", o.text(f), use)
}

func (o *original) text(f *reports.File) []byte {
	slices.SortStableFunc(o.rows, func(a, b originalRow) int { return cmp.Compare(a.line, b.line) })
	var text strings.Builder
	line := 1 // the next to be written
	write := func(r originalRow) {
		for ; line < r.line; line++ {
			text.WriteByte('\n')
		}
		text.WriteString(r.raw + "\n")
		line += 1 + strings.Count(r.raw, "\n")
	}
	if line, raw := f.Headings(); line > 0 {
		write(originalRow{line, raw})
	}
	for _, r := range o.rows {
		write(r)
	}
	return []byte(text.String())
}

func storeSettlement(tx *store.Tx, at target, f *reports.File) (in ingested, err error) {
	connection := at.connection
	var text original
	for _, h := range f.Settlements {
		text.add(h.Line, h.Raw)
	}
	var facts []books.Fact
	for row, err := range f.Settlement() {
		if err != nil {
			return in, err
		}
		in.rows++
		text.add(row.Line, row.Raw)
		market, _ := markets.ByName(row.MarketplaceName)
		for _, fact := range row.Facts {
			if fact.Amount.Minor == 0 && fact.Quantity == 0 {
				continue
			}
			fact.Connection, fact.Marketplace, fact.DocLine = connection, market.ID, row.Line
			facts = append(facts, fact)
		}
	}
	if in.document, err = text.put(tx, f); err != nil {
		return in, err
	}
	fresh := map[string]bool{}
	for _, h := range f.Settlements {
		known, err := tx.PutSettlement(store.SettlementHeader{
			Connection: connection, ID: h.ID, Start: h.Start, End: h.End, Deposit: h.Deposit, Total: h.Total, Rows: h.Rows, Document: in.document,
		})
		if err != nil {
			return in, err
		}
		if known {
			continue
		}
		fresh[h.ID] = true
		if err := tx.AddCoverage(connection, nameSettlements, store.Interval{From: h.Start, To: h.End}); err != nil {
			return in, err
		}
	}
	facts = slices.DeleteFunc(facts, func(f books.Fact) bool { return !fresh[f.Settlement] })
	return in, addFacts(tx, &in, facts)
}

func storeDateRange(tx *store.Tx, at target, f *reports.File) (in ingested, err error) {
	connection := at.connection
	var text original
	var facts []books.Fact
	account := f.Account
	for row, err := range f.DateRange() {
		if err != nil {
			return in, err
		}
		in.rows++
		text.add(row.Line, row.Raw)
		market, _ := markets.ByName(row.MarketplaceName)
		// A row that stands in two files of overlapping periods is one row;
		// equal rows of one file are told apart by their number.
		posting := "daterange:" + hex.EncodeToString(row.Key[:16]) + ":" + strconv.Itoa(row.Equal)
		if len(row.Facts) > 0 {
			if err := tx.PutOrderRegion(connection, row.Facts[0].Order, market.ID, "", row.Buyer.State, string(books.DateRange)); err != nil {
				return in, err
			}
		}
		for i, fact := range row.Facts {
			fact.Connection, fact.Marketplace, fact.DocLine = connection, market.ID, row.Line
			fact.Posting, fact.Seq = posting, i
			if fact.Account != f.Account { // told row by row: the report is of all accounts
				account = ""
			}
			facts = append(facts, fact)
		}
	}
	if in.document, err = text.put(tx, f); err != nil {
		return in, err
	}
	if err := tx.AddDateRange(connection, f.Currency, account, store.Interval{From: f.From, To: f.To.Add(time.Second)}); err != nil {
		return in, err
	}
	return in, addFacts(tx, &in, facts)
}

// addFacts stores facts; fresh counts the postings that were new.
func addFacts(tx *store.Tx, in *ingested, facts []books.Fact) error {
	last := ""
	for _, fact := range facts {
		fact.Document = in.document
		added, err := tx.AddFact(fact)
		if err != nil {
			return err
		}
		if added && fact.Posting != last {
			in.fresh++
			last = fact.Posting
		}
	}
	return nil
}

// storeOrders puts the orders of an all-orders report into the book. Rows of an
// order need not stand together, so they are gathered first.
func storeOrders(tx *store.Tx, at target, f *reports.File) (in ingested, err error) {
	connection := at.connection
	var text original
	index := map[string]int{}
	var orders []store.Order
	for row, err := range f.AllOrders() {
		if err != nil {
			return in, err
		}
		in.rows++
		text.add(row.Line, row.Raw)
		i, known := index[row.OrderID]
		if !known {
			i = len(orders)
			index[row.OrderID] = i
			orders = append(orders, orderOfRow(connection, row))
		}
		addRow(&orders[i], row)
		if err := tx.PutOrderRegion(connection, row.OrderID, orders[i].Marketplace, row.ShipCountry, row.Recipient.State, store.FromReport); err != nil {
			return in, err
		}
	}
	if in.document, err = text.put(tx, f); err != nil {
		return in, err
	}
	for i := range orders {
		orders[i].Document = in.document
		changed, err := tx.PutOrder(orders[i])
		if err != nil {
			return in, err
		}
		if changed {
			in.fresh++
		}
	}
	return in, nil
}

// storeRegions takes from an all-orders report only where its orders go.
func storeRegions(tx *store.Tx, connection string, f *reports.File) error {
	for row, err := range f.AllOrders() {
		if err != nil {
			return err
		}
		market, _ := markets.ByName(row.SalesChannel)
		if err := tx.PutOrderRegion(connection, row.OrderID, market.ID, row.ShipCountry, row.Recipient.State, store.FromReport); err != nil {
			return err
		}
	}
	return nil
}

func orderOfRow(connection string, row reports.OrderRow) store.Order {
	market, _ := markets.ByName(row.SalesChannel)
	updated := row.Updated
	if updated.IsZero() {
		updated = row.Purchased
	}
	return store.Order{
		Connection: connection, ID: row.OrderID, Marketplace: market.ID, SalesChannel: row.SalesChannel,
		Status: statusOf(row.Status), FulfilledBy: channelOf(row.FulfilmentChannel), ServiceLevel: row.ShipServiceLevel,
		Purchased: row.Purchased, Updated: updated, Currency: row.Price.Money.Currency, Business: row.Business,
		Replaces: row.ReplacementOf, Origin: store.FromReport, DocLine: row.Line,
	}
}

func addRow(o *store.Order, row reports.OrderRow) {
	if row.Updated.After(o.Updated) {
		o.Updated = row.Updated
	}
	if o.Currency == "" {
		o.Currency = row.Price.Money.Currency
	}
	item := store.OrderItem{
		SKU: row.SKU, ASIN: row.ASIN, Title: row.Title, Status: statusOf(row.ItemStatus), Quantity: row.Quantity,
		Price: told(row.Price), Tax: told(row.Tax), Shipping: told(row.Shipping), ShippingTax: told(row.ShippingTax),
		GiftWrap: told(row.GiftWrap), GiftWrapTax: told(row.GiftWrapTax), DocLine: row.Line,
	}
	if row.ItemDiscount.Told || row.ShippingDiscount.Told {
		sum := abs(row.ItemDiscount.Money.Minor) + abs(row.ShippingDiscount.Money.Minor)
		item.Discount = &sum
	}
	for id := range strings.SplitSeq(row.PromotionIDs, ",") {
		if id = strings.TrimSpace(id); id != "" {
			item.Promotions = append(item.Promotions, id)
		}
	}
	o.Items = append(o.Items, item)
}

func told(a reports.Amount) *int64 {
	if !a.Told {
		return nil
	}
	v := a.Money.Minor
	return &v
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// statusOf writes a report's status in the words of the Orders API; a word
// that is not known stays as it is.
func statusOf(s string) string {
	word, _, _ := strings.Cut(s, " - ") // "Shipped - Delivered to Buyer"
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "shipped", "shipping", "complete":
		return "SHIPPED"
	case "cancelled", "canceled":
		return "CANCELLED"
	case "pending":
		return "PENDING"
	case "unshipped":
		return "UNSHIPPED"
	case "partiallyshipped", "partially shipped":
		return "PARTIALLY_SHIPPED"
	}
	return s
}

func channelOf(s string) string {
	switch strings.ToLower(s) {
	case "amazon", "afn":
		return "AMAZON"
	case "merchant", "seller", "mfn":
		return "MERCHANT"
	}
	return s
}
