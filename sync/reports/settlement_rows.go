package reports

import (
	"iter"
	"strconv"
	"time"

	"countinghouse/data/books"
)

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
		forms := f.proved()
		s := settlementScan{settlementTable: table, file: f, forms: &forms, open: map[string]*settlementState{},
			build: &settlementBuild{texts: intern{}, paths: intern{}}}
		err := f.rows(func(t *records) (bool, error) {
			row, err := s.row(t)
			return err != nil || row == nil || yield(*row, nil), err
		})
		if err != nil {
			yield(SettlementRow{}, inFile(f.Name, err))
		}
	}
}
