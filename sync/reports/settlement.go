package reports

import (
	"bytes"
	"iter"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
)

// Settlement is the header of one settlement: its first row.
type Settlement struct {
	ID         string
	Start, End time.Time   // period, UTC; the end of one is the start of the next
	Deposit    time.Time   // when Amazon pays, UTC; zero when not told
	Total      books.Money // what Amazon pays: the exact sum of the rows
	Line       int
	Rows       int // rows below the header
}

// SettlementRow is one row below a header. Its identity is (Settlement,
// Number): equal rows are genuine.
type SettlementRow struct {
	Line            int
	Raw             string // the line as it stands, without its end
	Settlement      string // settlement id
	Number          int    // 1 for the first row below the header
	MarketplaceName string // as written: "Amazon.de", "Non-Amazon CA", ""
	Quantity        int64  // as written on this row
	Shipment        string // shipment id
	Adjustment      string // adjustment id
	Promotion       string // promotion id
	// Facts has one element per amount of the row, zeros included: one in V2,
	// in V1 none on rows that only tell a quantity.
	Facts []books.Fact
}

var settlementCommon = []string{
	"settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
	"transaction-type", "order-id", "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name",
	"fulfillment-id", "posted-date", "posted-date-time", "order-item-code", "merchant-order-item-id",
	"merchant-adjustment-item-id", "sku", "quantity-purchased", "promotion-id",
}

var v2Columns = []string{"amount-type", "amount-description", "amount"}

var v1Columns = []string{
	"shipment-fee-type", "shipment-fee-amount", "order-fee-type", "order-fee-amount", "price-type", "price-amount",
	"item-related-fee-type", "item-related-fee-amount", "misc-fee-amount", "other-fee-amount",
	"other-fee-reason-description", "promotion-type", "promotion-amount", "direct-payment-type",
	"direct-payment-amount", "other-amount",
}

// amountColumn is a column of amounts and the one that says what they are.
type amountColumn struct {
	name     string
	at, kind int // kind is -1 when no column says it
}

// settlementTable is where the columns stand; -1 for those a file lacks.
type settlementTable struct {
	id, start, end, deposit, total, currency     int
	txType, order, shipment, adjustment, market  int
	posted, postedTime, item, sku, quantity, pro int
	v2Type, v2Description                        int
	amounts                                      []amountColumn
}

// settlementColumns finds the columns. V1 varies with its content, so each
// column that ends in -amount counts, whether it was seen before or not.
func (f *File) settlementColumns() (*settlementTable, error) {
	needed := []string{"settlement-id", "settlement-start-date", "settlement-end-date", "total-amount", "currency",
		"transaction-type", "order-id", "posted-date", "sku", "quantity-purchased"}
	if f.Kind == SettlementV2 {
		needed = append(needed, "amount-type", "amount-description", "amount", "order-item-code")
	} else {
		needed = append(needed, "price-type", "price-amount", "item-related-fee-type", "item-related-fee-amount", "other-amount")
	}
	at, err := f.layout.columns(fold, needed...)
	if err != nil {
		return nil, err
	}
	col := func(name string) int {
		if i, ok := at[name]; ok {
			return i
		}
		return -1
	}
	t := &settlementTable{
		id: col("settlement-id"), start: col("settlement-start-date"), end: col("settlement-end-date"),
		deposit: col("deposit-date"), total: col("total-amount"), currency: col("currency"),
		txType: col("transaction-type"), order: col("order-id"), shipment: col("shipment-id"),
		adjustment: col("adjustment-id"), market: col("marketplace-name"), posted: col("posted-date"),
		postedTime: col("posted-date-time"), item: col("order-item-code"), sku: col("sku"),
		quantity: col("quantity-purchased"), pro: col("promotion-id"),
		v2Type: col("amount-type"), v2Description: col("amount-description"),
	}
	known := map[string]bool{}
	for _, c := range settlementCommon {
		known[c] = true
	}
	if f.Kind == SettlementV2 {
		t.amounts = []amountColumn{{"amount", col("amount"), -1}}
		for _, c := range v2Columns {
			known[c] = true
		}
	} else {
		t.v1Amounts(f.layout.headings, col, known)
	}
	f.UnknownColumns = f.layout.unknown(func(h string) bool { return known[fold(h)] })
	return t, nil
}

func (t *settlementTable) v1Amounts(headings []string, col func(string) int, known map[string]bool) {
	for _, c := range v1Columns {
		known[c] = true
	}
	for i, h := range headings {
		name := fold(h)
		if name == "total-amount" || !strings.HasSuffix(name, "-amount") {
			continue
		}
		kind := strings.TrimSuffix(name, "-amount") + "-type"
		if name == "other-fee-amount" {
			kind = "other-fee-reason-description"
		}
		t.amounts = append(t.amounts, amountColumn{name, i, col(kind)})
		known[name], known[kind] = true, true
	}
}

// settlementScan is one pass over a settlement report.
type settlementScan struct {
	*settlementTable
	file    *File
	forms   *evidence
	rec     *records
	open    map[string]*settlementState
	all     []*settlementState
	current *settlementState
	build   *settlementBuild // nil while only proving
}

type settlementState struct {
	head  Settlement
	rows  int
	minor int64 // sum of the amounts so far
}

func (f *File) proveSettlement() error {
	table, err := f.settlementColumns()
	if err != nil {
		return err
	}
	f.table = table
	return f.forms.prove(func() error {
		s := settlementScan{settlementTable: table, file: f, forms: &f.forms, open: map[string]*settlementState{}}
		f.Rows = 0
		if err := f.eachRow(func(t *records) error {
			f.Rows++
			_, err := s.row(t)
			return err
		}); err != nil {
			return err
		}
		return s.finish()
	})
}

// finish checks each settlement's total and fills the file's header.
func (s *settlementScan) finish() error {
	f := s.file
	if len(s.all) == 0 {
		return refuse(ErrEmpty, s.file.layout.line, "the report has headings but no settlement; download it again")
	}
	if s.forms.doubt != nil {
		return nil
	}
	f.Settlements, f.Currency = nil, s.all[0].head.Total.Currency
	f.From, f.To = time.Time{}, time.Time{}
	for _, st := range s.all {
		if st.minor != st.head.Total.Minor {
			got := books.Money{Minor: st.minor, Currency: st.head.Total.Currency}
			diff := books.Money{Minor: st.head.Total.Minor - st.minor, Currency: got.Currency}
			return refuse(ErrTotal, st.head.Line, "settlement %s pays %s but its rows sum to %s (difference %s); the file is cut or was edited, download it again",
				quote([]byte(st.head.ID)), st.head.Total, got, diff)
		}
		st.head.Rows = st.rows
		f.Settlements = append(f.Settlements, st.head)
		f.span(st.head.Start)
		f.span(st.head.End)
		if st.head.Total.Currency != f.Currency {
			f.Currency = ""
		}
	}
	return nil
}

// row reads one row; the result is nil for headers and while proving.
func (s *settlementScan) row(t *records) (*SettlementRow, error) {
	s.rec = t
	id := s.cell(s.id)
	if len(id) == 0 {
		return nil, refuse(ErrColumns, t.line, "the row has no settlement-id; the file is damaged or was edited")
	}
	if string(id) == "settlement-id" && s.repeatsHeadings() {
		return nil, nil // files put together keep their headings
	}
	if s.current == nil || s.current.head.ID != string(id) {
		s.current = s.open[string(id)]
	}
	if total := s.cell(s.total); len(total) > 0 {
		return nil, s.header(string(id), total)
	}
	if s.current == nil {
		return nil, refuse(ErrTotal, t.line, "settlement %s has no header row with its total-amount; the file is cut or was edited, download it again", quote(id))
	}
	return s.dataRow()
}

func (s *settlementScan) repeatsHeadings() bool {
	for i, h := range s.file.layout.headings {
		if string(bytes.TrimSpace(s.rec.fields[i])) != h {
			return false
		}
	}
	return true
}

// header reads the row that tells period and total.
func (s *settlementScan) header(id string, total []byte) error {
	line := s.rec.line
	if s.current != nil {
		return refuse(ErrTotal, line, "settlement %q has two header rows (the first is line %d); import each settlement once", id, s.current.head.Line)
	}
	for _, a := range s.amounts {
		if len(s.cell(a.at)) > 0 {
			return refuse(ErrColumns, line, "the row tells a total-amount and an %s; the file is damaged or was edited", a.name)
		}
	}
	st := &settlementState{head: Settlement{ID: id, Line: line}}
	currency := string(s.cell(s.currency))
	if !isCurrency(currency) {
		return refuse(ErrCurrency, line, "settlement %q tells no currency; the file is damaged or was edited", id)
	}
	minor, err := s.forms.amount(total, currency, line, "total-amount")
	if err != nil {
		return err
	}
	st.head.Total = books.Money{Minor: minor, Currency: currency}
	for _, d := range []struct {
		at   int
		name string
		dst  *time.Time
	}{
		{s.start, "settlement-start-date", &st.head.Start},
		{s.end, "settlement-end-date", &st.head.End},
		{s.deposit, "deposit-date", &st.head.Deposit},
	} {
		b := s.cell(d.at)
		if len(b) == 0 && d.dst == &st.head.Deposit {
			continue
		}
		if *d.dst, err = s.forms.date(b, line, d.name); err != nil {
			return err
		}
	}
	if s.forms.doubt == nil && st.head.End.Before(st.head.Start) {
		return refuse(ErrDate, line, "settlement %q ends before it starts; the file is damaged or was edited", id)
	}
	s.open[id], s.current = st, st
	s.all = append(s.all, st)
	return nil
}

// isCurrency tells three capital letters.
func isCurrency(s string) bool {
	if len(s) != 3 {
		return false
	}
	for _, c := range []byte(s) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// dataRow reads amounts, date and quantity, and builds the row when asked.
func (s *settlementScan) dataRow() (*SettlementRow, error) {
	st, line := s.current, s.rec.line
	st.rows++
	currency := st.head.Total.Currency
	if c := s.cell(s.currency); len(c) > 0 && string(c) != currency {
		return nil, refuse(ErrCurrency, line, "the row is in %s, its settlement in %s; the file is damaged or was edited", quote(c), currency)
	}
	quantity, err := count(s.cell(s.quantity), line, "quantity-purchased")
	if err != nil {
		return nil, err
	}
	posted := st.head.End // a row without a date of its own belongs to the period's end
	if b := s.cell(s.postedTime); len(b) > 0 {
		posted, err = s.forms.date(b, line, "posted-date-time")
	} else if b := s.cell(s.posted); len(b) > 0 {
		posted, err = s.forms.date(b, line, "posted-date")
	}
	if err != nil {
		return nil, err
	}
	if s.build != nil {
		s.build.begin(s, quantity)
	}
	for _, a := range s.amounts {
		b := s.cell(a.at)
		if len(b) == 0 {
			continue
		}
		minor, err := s.forms.amount(b, currency, line, a.name)
		if err != nil {
			return nil, err
		}
		if st.minor, err = sum(st.minor, minor, line); err != nil {
			return nil, err
		}
		if s.build != nil {
			s.build.add(s, a, books.Money{Minor: minor, Currency: currency}, posted)
		}
	}
	if s.build == nil {
		return nil, nil
	}
	return &s.build.row, nil
}

// cell returns a cell without blanks around it, or nil for a missing column.
func (s *settlementScan) cell(i int) []byte {
	if i < 0 {
		return nil
	}
	return trimBlank(s.rec.fields[i])
}

// settlementBuild makes rows, keeping one copy of texts that repeat.
type settlementBuild struct {
	row      SettlementRow
	texts    intern
	paths    intern
	scratch  []byte
	posting  string
	quantity int64     // told, and not yet given to a fact
	told     [3]string // the item it was told of: V1 tells it on a row before
}

func (b *settlementBuild) begin(s *settlementScan, quantity int64) {
	id := s.current.head.ID
	b.row = SettlementRow{
		Line: s.rec.line, Raw: string(s.rec.raw), Settlement: id, Number: s.current.rows,
		MarketplaceName: b.texts.get(s.cell(s.market)), Quantity: quantity,
		Shipment:   b.texts.get(s.cell(s.shipment)),
		Adjustment: b.texts.get(s.cell(s.adjustment)), Promotion: b.texts.get(s.cell(s.pro)),
	}
	b.posting = id + ":" + strconv.Itoa(b.row.Number)
	if quantity != 0 || s.v2Type >= 0 {
		b.quantity = quantity
		b.told = b.itemOf(s)
	} else if b.quantity != 0 && b.told != b.itemOf(s) {
		b.quantity = 0
	}
}

// itemOf says which item of which order a row is about.
func (b *settlementBuild) itemOf(s *settlementScan) [3]string {
	return [3]string{b.texts.get(s.cell(s.txType)), b.texts.get(s.cell(s.order)), b.texts.get(s.cell(s.item))}
}

func (b *settlementBuild) add(s *settlementScan, a amountColumn, amount books.Money, posted time.Time) {
	item := b.itemOf(s)
	fact := books.Fact{
		Source: books.Settlement, Account: s.file.Account,
		Posting: b.posting, Seq: len(b.row.Facts),
		Order: item[1], Item: item[2], SKU: b.texts.get(s.cell(s.sku)),
		Type: item[0], Path: b.path(s, a), Amount: amount, Posted: posted,
		Settlement: b.row.Settlement, State: books.Settled, DocLine: b.row.Line,
	}
	if b.quantity != 0 && (fact.Path == "ItemPrice/Principal" || fact.Path == "price-amount/Principal") {
		fact.Quantity, b.quantity = b.quantity, 0 // V2 repeats it on every amount of the item
	}
	b.row.Facts = append(b.row.Facts, fact)
}

// path names an amount: amount-type/amount-description in V2, in V1 the column
// and what the type column beside it says.
func (b *settlementBuild) path(s *settlementScan, a amountColumn) string {
	first, second := []byte(a.name), s.cell(a.kind)
	if s.v2Type >= 0 {
		first, second = s.cell(s.v2Type), s.cell(s.v2Description)
	}
	b.scratch = append(b.scratch[:0], first...)
	if len(second) > 0 {
		b.scratch = append(append(b.scratch, '/'), second...)
	}
	return b.paths.get(b.scratch)
}

// Settlement gives the rows of a settlement report in their order, headers
// left out (see File.Settlements). An error ends the sequence; after Open only a failing reader, or a file changed
// meanwhile, gives one.
func (f *File) Settlement() iter.Seq2[SettlementRow, error] {
	return func(yield func(SettlementRow, error) bool) {
		table, ok := f.table.(*settlementTable)
		if !ok {
			yield(SettlementRow{}, inFile(f.Name, refuse(ErrKind, 0, "this is not a settlement report")))
			return
		}
		forms := f.forms
		s := settlementScan{settlementTable: table, file: f, forms: &forms, open: map[string]*settlementState{},
			build: &settlementBuild{texts: intern{}, paths: intern{}}}
		err := f.eachRow(func(t *records) error {
			row, err := s.row(t)
			if err == nil && row != nil && !yield(*row, nil) {
				return errStop
			}
			return err
		})
		if err != nil {
			yield(SettlementRow{}, inFile(f.Name, err))
		}
	}
}
