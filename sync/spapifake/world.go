package spapifake

import (
	"cmp"
	"slices"
	"strings"
)

// account is one connection: a seller account of one region, with the data it
// serves. Immutable after New.
type account struct {
	id, sellerID, refreshToken string
	m                          *market
	products                   []*product
	byCreated, byUpdated       []*order
	orders                     map[string]*order
	txns                       []*txn // by time of posting
	settlements                []*settlement
	people                     []Person
	goods                      goodsLog
}

// makeAccount invents everything of one connection.
func makeAccount(cfg Config, m *market, lang, count int) *account {
	r := stream(cfg.Seed, m.conn, "account")
	a := &account{id: m.conn, m: m, sellerID: "A" + r.text(13, upperDigits),
		refreshToken: "Atzr|" + r.text(120, strings.TrimRight(idChars, "-_"))}
	a.products = makeCatalog(cfg, m, lang)
	a.byCreated = makeOrders(cfg, m, a.products, count)
	a.people = addPeople(cfg, m, a.byCreated)
	a.byUpdated = slices.Clone(a.byCreated)
	slices.SortStableFunc(a.byUpdated, func(x, y *order) int {
		return cmp.Or(x.updated.Compare(y.updated), cmp.Compare(x.id, y.id))
	})
	a.orders = make(map[string]*order, len(a.byCreated))
	g := &ledger{cfg: cfg, m: m, r: stream(cfg.Seed, m.conn, "ledger"), end: cfg.dataEnd()}
	for _, o := range a.byCreated {
		a.orders[o.id] = o
		g.postOrder(o)
	}
	g.keepStock(a.products, a.byCreated)
	g.accountFees()
	g.advertising()
	a.settlements = g.settle()
	a.txns = g.txns
	a.goods = g.goods.sorted(a.id)
	return a
}

func makeAccounts(cfg Config) []*account {
	var list []*account
	left := cfg.Orders
	for lang, m := range markets() {
		n := cfg.Orders * m.share / 100
		if lang == 2 {
			n = left
		}
		left -= n
		list = append(list, makeAccount(cfg, m, lang, n))
	}
	return list
}
