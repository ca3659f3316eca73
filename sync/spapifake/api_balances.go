package spapifake

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

type partnerWire struct {
	ID      string `json:"partnerId"`
	Account string `json:"accountType"`
	Market  string `json:"marketplaceId"`
}

const accountType = "Standard Orders"

func (a *account) partner() partnerWire { return partnerWire{a.sellerID, accountType, a.m.ID} }

type balanceWire struct {
	Partner *partnerWire  `json:"partnerMetadata,omitempty"`
	Type    string        `json:"balanceType"`
	Amount  moneyNumber   `json:"amount"`
	Parts   []balanceWire `json:"balances,omitempty"`
	AsOf    string        `json:"asOfDate,omitempty"`
	Updated string        `json:"lastUpdatedTime,omitempty"`
}

type balancesAnswer struct {
	Balances []balanceWire `json:"balances"`
}

// Balance is the truth about what Amazon holds for the seller at a time.
type Balance struct {
	Connection, Currency string
	Available, Deferred  int64 // minor units
}

// Balances gives the truth at the end of the data: what was posted and not yet
// paid out, and what is still held back.
func (s *Server) Balances() (list []Balance) {
	for _, a := range s.accounts {
		available, deferred := a.balance(s.cfg.dataEnd())
		list = append(list, Balance{a.id, a.m.Currency, available, deferred})
	}
	return list
}

func (a *account) balance(at time.Time) (available, deferred int64) {
	for _, t := range a.txns {
		switch {
		case t.posted.After(at):
		case t.typ == tTransfer:
			available -= t.total()
		case !t.isDeferred():
			available += t.total()
		case t.release == nil || t.release.posted.After(at):
			deferred += t.total()
		}
	}
	return available, deferred
}

// balances is listBalances: now, or at the end of a day (UTC).
func (c *call) balances() (int, any) {
	at := c.s.cfg.dataEnd()
	day, past, err := c.when("asOfDate")
	if err != nil {
		return invalid("%v", err)
	}
	out := balancesAnswer{Balances: []balanceWire{}}
	if shops := c.list("marketplaceIds"); len(shops) > 0 && !slices.Contains(shops, c.account.m.ID) {
		return http.StatusOK, out
	}
	top := balanceWire{Type: "TOTAL", Updated: stamp(at)}
	if past {
		if end := day.AddDate(0, 0, 1).Add(-time.Second); end.Before(at) {
			at = end
		}
		top.AsOf, top.Updated = day.Format(time.DateOnly), ""
	}
	m, p := c.account.m, c.account.partner()
	available, deferred := c.account.balance(at)
	top.Partner, top.Amount = &p, m.number(available+deferred)
	top.Parts = []balanceWire{
		{Type: "AVAILABLE", Amount: m.number(available)},
		{Type: "RESERVED", Amount: m.number(deferred), Parts: []balanceWire{{Type: "DEFERRED", Amount: m.number(deferred)}, {Type: "ACCOUNT_LEVEL_RESERVE", Amount: m.number(0)}}},
	}
	if kind := c.query.Get("balanceType"); kind != "" && kind != top.Type {
		for _, part := range append(top.Parts, top.Parts[1].Parts...) {
			if part.Type == kind {
				part.Partner = &p
				out.Balances = append(out.Balances, part)
			}
		}
		return http.StatusOK, out
	}
	out.Balances = append(out.Balances, top)
	return http.StatusOK, out
}

type summariesAnswer struct {
	Summaries []financialSummaryWire `json:"summaries"`
}

type financialSummaryWire struct {
	Partner    partnerWire      `json:"partnerMetadata"`
	Net        moneyNumber      `json:"netProceeds"`
	Related    []relatedWire    `json:"relatedIdentifiers"`
	Breakdowns []*breakdownWire `json:"breakdowns"`
	Start      string           `json:"periodStart"`
	End        string           `json:"periodEnd"`
}

// summaries is listSummary, of a settlement; periods are answered with nothing.
func (c *call) summaries() (int, any) {
	out := summariesAnswer{Summaries: []financialSummaryWire{}}
	id := c.query.Get("relatedIdentifierValue")
	if (id == "") == !c.query.Has("periodStart") || (id != "" && c.query.Get("relatedIdentifierName") != "SETTLEMENT_ID") {
		return invalid("either a SETTLEMENT_ID or a period must be given")
	}
	for _, st := range c.account.settlements {
		if st.id != id || st.open {
			continue
		}
		w := financialSummaryWire{Partner: c.account.partner(), Net: st.m.number(st.total), Start: stamp(st.start), End: stamp(st.end),
			Related: []relatedWire{{"SETTLEMENT_ID", st.id}}}
		sums := map[string]int64{}
		for _, t := range st.txns {
			t.each(func(l leaf) {
				name, _, _ := strings.Cut(names[l.k].Path, "/")
				sums[name] += l.amt
			})
		}
		for _, name := range slices.Sorted(maps.Keys(sums)) {
			w.Breakdowns = append(w.Breakdowns, &breakdownWire{Type: name, Amount: st.m.number(sums[name]), Breakdowns: []*breakdownWire{}})
		}
		out.Summaries = append(out.Summaries, w)
	}
	return http.StatusOK, out
}

// each calls f with every amount of a transaction.
func (t *txn) each(f func(leaf)) {
	for _, l := range t.leaves {
		f(l)
	}
	for _, it := range t.items {
		for _, l := range it.leaves {
			f(l)
		}
	}
}
