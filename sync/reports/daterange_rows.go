package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"strconv"
	"time"

	"countinghouse/data/books"
)

// DateRange gives the rows of a date-range report in their order. An error
// ends the sequence; after Open only a failing reader, or a file changed
// meanwhile, gives one.
func (f *File) DateRange() iter.Seq2[DateRangeRow, error] {
	return func(yield func(DateRangeRow, error) bool) {
		table, ok := f.table.(*dateRangeTable)
		if !ok {
			yield(DateRangeRow{}, inFile(f.Name, refuse(ErrKind, 0, "this is not a date-range report")))
			return
		}
		forms := f.proved()
		b := dateRangeBuild{scan: dateRangeScan{dateRangeTable: table, file: f, forms: &forms}, texts: intern{}, equal: map[[16]byte]int{}}
		err := f.rows(func(t *records) (bool, error) {
			if err := b.scan.read(t); err != nil {
				return false, err
			}
			return yield(b.row(), nil), nil
		})
		if err != nil {
			yield(DateRangeRow{}, inFile(f.Name, err))
		}
	}
}

// dateRangeBuild makes rows of what the scan read.
type dateRangeBuild struct {
	scan  dateRangeScan
	texts intern
	equal map[[16]byte]int
	at    time.Time
	key   []byte
}

func (b *dateRangeBuild) row() DateRangeRow {
	s, f := &b.scan, b.scan.file
	r := DateRangeRow{
		Line: s.rec.line, Raw: blanked(s.rec, s.blank), Posted: s.posted, Released: s.released,
		Type: f.words.transactionType(s.cell("type")), Quantity: s.quantity,
		MarketplaceName: b.texts.get(s.cell("marketplace")), Fulfilment: b.texts.get(s.cell("fulfillment")),
		Status:   b.texts.get(s.cell("transaction status")),
		TaxModel: b.texts.get(s.cell("tax collection model")),
		Total:    books.Money{Minor: s.total64, Currency: f.Currency},
		Buyer:    Place{string(s.cell("order city")), string(s.cell("order state")), string(s.cell("order postal"))},
	}
	r.Key = b.rowKey(r.Type)
	r.Equal = b.ordinal(r.Key, r.Posted)
	b.facts(&r)
	return r
}

func (b *dateRangeBuild) facts(r *DateRangeRow) {
	s, f := &b.scan, b.scan.file
	account := f.Account
	if a := s.cell("account type"); len(a) > 0 {
		account = b.texts.get(a)
	}
	base := books.Fact{
		Source: books.DateRange, Account: account, Posting: f.SHA256 + ":" + strconv.Itoa(r.Line),
		Order: string(s.cell("order id")), SKU: b.texts.get(s.cell("sku")), Type: r.Type,
		Note: b.texts.get(s.cell("description")), Posted: r.Posted,
		Settlement: b.texts.get(s.cell("settlement id")), State: f.words.state(s.cell("transaction status")), DocLine: r.Line,
	}
	for i, m := range s.money {
		if s.cells[i] == 0 {
			continue
		}
		fact := base
		fact.Seq, fact.Path = len(r.Facts), m.name
		fact.Amount = books.Money{Minor: s.cells[i], Currency: f.Currency}
		if len(r.Facts) == 0 && movesUnits[r.Type] {
			fact.Quantity = r.Quantity
		}
		r.Facts = append(r.Facts, fact)
	}
}

// movesUnits are the types whose quantity is units shipped or refunded; on
// others it counts something else.
var movesUnits = map[string]bool{"Order": true, "Refund": true, "Chargeback Refund": true}

// transactionType gives the English word of a type.
func (w *wordTables) transactionType(b []byte) string {
	s := string(b)
	if t, ok := w.types[fold(s)]; ok {
		return t
	}
	return s
}

// state gives the state a row tells. Reports without the column hold released
// transactions only; a word that is not in the table counts as released too.
func (w *wordTables) state(b []byte) books.State {
	if st, ok := w.statuses[fold(string(b))]; ok {
		return st
	}
	return books.Released
}

func (b *dateRangeBuild) rowKey(txType string) RowKey {
	s := &b.scan
	k := binary.BigEndian.AppendUint64(b.key[:0], uint64(s.posted.Unix()))
	add := func(text []byte) {
		k = binary.BigEndian.AppendUint32(k, uint32(len(text)))
		k = append(k, text...)
	}
	add([]byte(txType))
	for _, c := range keyColumns {
		add(s.cell(c))
	}
	add(bytes.ToLower(s.cell("marketplace")))
	k = binary.BigEndian.AppendUint64(k, uint64(s.quantity))
	for i, m := range s.money {
		if s.cells[i] != 0 {
			add([]byte(m.name))
			k = binary.BigEndian.AppendUint64(k, uint64(s.cells[i]))
		}
	}
	add([]byte(s.file.Currency))
	b.key = k
	return sha256.Sum256(k)
}

// ordinal counts equal rows. In a file in order of time equal rows have equal
// times, so that earlier ones can be forgotten.
func (b *dateRangeBuild) ordinal(key RowKey, posted time.Time) int {
	if b.scan.file.sorted && !posted.Equal(b.at) {
		clear(b.equal)
		b.at = posted
	}
	short := [16]byte(key[:16])
	b.equal[short]++
	return b.equal[short]
}

// blanked is the row as it stands, without the content of some of its cells.
func blanked(t *records, cells []int) string {
	out := make([]byte, 0, len(t.raw))
	from := 0
	for _, i := range cells {
		span := t.spans[i]
		out = append(out, t.raw[from:span[0]]...)
		if span[1]-span[0] >= 2 && t.csv && t.raw[span[0]] == '"' {
			out = append(out, '"', '"')
		}
		from = span[1]
	}
	return string(append(out, t.raw[from:]...))
}
