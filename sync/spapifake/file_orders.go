package spapifake

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding/japanese"
)

// ordersWithin gives the orders of an all-orders report: from is inside, to is
// not. Marketplaces are ignored, as Amazon does.
func (r *report) ordersWithin() []*order {
	var out []*order
	list := r.account.byCreated
	if r.typ == OrdersByUpdate {
		list = r.account.byUpdated
	}
	for _, o := range list {
		at := o.created
		if r.typ == OrdersByUpdate {
			at = o.updated
		}
		if !at.Before(r.from) && at.Before(r.to) {
			out = append(out, o)
		}
	}
	return out
}

var orderColumns = []string{"amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status",
	"fulfillment-channel", "sales-channel", "order-channel", "ship-service-level", "product-name", "sku", "asin", "item-status",
	"quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
	"item-promotion-discount", "ship-promotion-discount", "ship-city", "ship-state", "ship-postal-code", "ship-country", "promotion-ids"}

// moreOrderColumns stand in every market but Japan, whose file is shorter and
// ends with a blank in the last heading.
var moreOrderColumns = []string{"is-business-order", "purchase-order-number", "price-designation"}

// ordersFile writes the all-orders report: UTF-8 with UTC times, in Japan CP932
// with local times.
func (s *Server) ordersFile(a *account, list []*order) []byte {
	var b bytes.Buffer
	japan := a.m.Country == "JP"
	head := strings.Join(orderColumns, "\t")
	if japan {
		head += " "
	} else {
		head += "\t" + strings.Join(moreOrderColumns, "\t")
	}
	b.WriteString(head + "\r\n")
	for _, o := range list {
		for _, it := range o.items {
			row := orderRow(o, it)
			if !japan {
				row = append(row, fmt.Sprint(o.business), "", map[bool]string{true: "Business Price"}[o.business])
			}
			b.WriteString(strings.Join(row, "\t") + "\r\n")
		}
	}
	if !japan {
		return b.Bytes()
	}
	out, err := japanese.ShiftJIS.NewEncoder().Bytes(b.Bytes())
	if err != nil {
		panic("spapifake: a Japanese title outside CP932: " + err.Error())
	}
	return out
}

func orderRow(o *order, it *item) []string {
	m, pl := o.m, places[o.m.Country][o.place]
	at := func(t time.Time) string {
		if m.Country == "JP" {
			return t.In(m.Zone).Format("2006-01-02T15:04:05-07:00")
		}
		return t.UTC().Format("2006-01-02T15:04:05+00:00")
	}
	channel, by, status := m.channel, "Amazon", statusNames[o.status].report
	if o.offAmazon {
		channel = m.offAmazon
	}
	if o.mfn {
		by = "Merchant"
	}
	qty := it.qty
	if o.status == cancelled {
		qty = 0
	}
	row := []string{o.id, "", at(o.created), at(o.updated), status, by, channel, "", o.service, it.p.title, it.p.sku, it.p.asin,
		itemStatus(o, it), fmt.Sprint(qty)}
	row = append(row, orderPrices(o, it)...)
	return append(row, pl.city, pl.state, pl.postal, m.Country, it.promotion)
}

func itemStatus(o *order, it *item) string {
	switch {
	case o.status == cancelled:
		return "Cancelled"
	case it.sent == it.qty:
		return "Shipped"
	}
	return "Unshipped"
}

// orderPrices are the columns currency to ship-promotion-discount. Pending and
// cancelled orders have none; a replacement or multi-channel order has zeros.
func orderPrices(o *order, it *item) []string {
	if o.status == pending || o.status == cancelled {
		return make([]string, 9)
	}
	m, n := o.m, int64(it.qty)
	taxIn := func(net, tax int64) int64 { // prices in DE and JP hold the tax
		if m.Country == "US" {
			return net
		}
		return net + tax
	}
	out := []string{m.Currency}
	for _, v := range []int64{taxIn(n*it.principal, n*it.tax), n * it.tax, taxIn(it.shipping, it.shippingTax), it.shippingTax,
		taxIn(it.gift, it.giftTax), it.giftTax, n * it.discount, it.shippingDiscount} {
		s := decimal(v, m.Digits)
		if m.Digits == 0 {
			s += ".0"
		}
		out = append(out, s)
	}
	return out
}

// contentType names the charset as Amazon does: mostly, and in Java's names.
func (s *Server) contentType(r *report) string {
	switch {
	case r.settlement != nil:
		return "text/plain;charset=UTF-8"
	case s.hash("charset "+r.document)%5 == 0:
		return "text/plain"
	case r.account.m.Country == "JP":
		return "text/plain;charset=windows-31j"
	}
	return "text/plain; charset=utf8"
}
