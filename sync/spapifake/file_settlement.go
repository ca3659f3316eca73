package spapifake

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

var settlementColumns = []string{"settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount",
	"currency", "transaction-type", "order-id", "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name",
	"amount-type", "amount-description", "amount", "fulfillment-id", "posted-date", "posted-date-time", "order-item-code",
	"merchant-order-item-id", "merchant-adjustment-item-id", "sku", "quantity-purchased", "promotion-id"}

// settlementRow is one amount of a settlement.
type settlementRow struct {
	t           *txn
	item        *txItem // nil for money of no item
	typ, desc   string
	amountMinor int64
}

// rows gives a transaction's money at the grain of settlements: a fee and the
// tax on it are one row.
func (t *txn) rows() []settlementRow {
	var out []settlementRow
	add := func(it *txItem, l leaves) {
		from := len(out)
		for _, x := range l {
			n := names[x.k]
			if last := len(out) - 1; x.k.isFeeTax() && last >= from && out[last].typ == n.AmountType && out[last].desc == n.AmountDescription {
				out[last].amountMinor += x.amt
				continue
			}
			out = append(out, settlementRow{t, it, n.AmountType, n.AmountDescription, x.amt})
		}
	}
	add(t.bareItem, t.leaves)
	for _, it := range t.items {
		add(it, it.leaves)
	}
	return out
}

// settlementFile writes the V2 flat file: a header record, then the rows.
func settlementFile(s *settlement) []byte {
	var b bytes.Buffer
	b.WriteString(strings.Join(settlementColumns, "\t") + "\n")
	head := make([]string, len(settlementColumns))
	head[0], head[1], head[2], head[3] = s.id, utcTime(s.start), utcTime(s.end), utcTime(s.deposit())
	head[4], head[5] = decimal(s.total, s.m.Digits), s.m.Currency
	b.WriteString(strings.Join(head, "\t") + "\n")
	for _, t := range s.txns {
		for _, r := range t.rows() {
			b.WriteString(strings.Join(r.fields(s), "\t") + "\n")
		}
	}
	return b.Bytes()
}

func utcTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func (r settlementRow) fields(s *settlement) []string {
	t := r.t
	f := make([]string, len(settlementColumns))
	f[0], f[6] = s.id, typeNames[t.typ].settlement
	f[7], f[9], f[10] = t.order, t.adjust, t.shipment
	if t.order == "" {
		f[7], f[10] = t.shipment, "" // FBA shipment and removal ids stand in order-id
	}
	f[11] = t.marketplaceName()
	f[12], f[13], f[14] = r.typ, r.desc, decimal(r.amountMinor, s.m.Digits)
	f[16], f[17] = t.posted.UTC().Format(time.DateOnly), utcTime(t.posted)
	if t.typ == tAds { // advertising rows write their time in another form
		f[16] = t.posted.UTC().Format("2006-01-02T15:04:05+00:00")
		f[17] = f[16]
	}
	if t.order != "" && t.typ != tAdjustment {
		f[15] = map[bool]string{false: "AFN", true: "MFN"}[t.mfn]
	}
	if it := r.item; it != nil {
		f[18], f[21] = it.code, it.p.sku
		if it.qty > 0 {
			f[22] = fmt.Sprint(it.qty)
		}
		if r.typ == promo {
			f[23] = it.promo
		}
	}
	return f
}

func (t *txn) marketplaceName() string {
	switch {
	case t.blankName:
		return ""
	case t.offAmazon:
		return t.m.offAmazon
	}
	return t.m.Name
}
