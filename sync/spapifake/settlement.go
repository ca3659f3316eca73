package spapifake

import (
	"strconv"
	"time"
)

// settlementDays is the length of a settlement period.
const settlementDays = 14

// settlement is one statement of a connection's account. start is its first
// instant; end is the start of the next.
type settlement struct {
	id, group  string
	m          *market
	start, end time.Time
	created    time.Time // when its report is listed
	open       bool
	txns       []*txn
	total      int64
	document   string
}

func (s *settlement) deposit() time.Time { return s.end.AddDate(0, 0, 2) }

// settle cuts the ledger into periods, sets money aside at the end of each and
// pays the rest out. The last period stays open.
func (g *ledger) settle() []*settlement {
	start := g.cfg.dataStart().Truncate(24*time.Hour).Add(time.Duration(g.r.IntN(80000))*time.Second).AddDate(0, 0, -1)
	var list []*settlement
	id := 11_000_000_000 + g.r.Int64N(9_000_000_000)
	for !start.After(g.cfg.Now.AddDate(0, 0, 45)) {
		end := start.AddDate(0, 0, settlementDays)
		s := &settlement{id: strconv.FormatInt(id, 10), group: g.r.text(43, idChars), m: g.m, start: start, end: end,
			created: end.Add(6*time.Hour + time.Duration(g.r.IntN(3600))*time.Second), document: g.r.text(24, idChars)}
		s.open = s.created.After(g.end)
		list = append(list, s)
		id += 100_000_000 + g.r.Int64N(800_000_000)
		start = end
	}
	g.sort()
	g.assign(list)
	g.reserves(list)
	g.sort()
	for _, s := range list {
		s.txns, s.total = nil, 0
	}
	g.assign(list)
	return list
}

// assign puts every transaction that a settlement can hold into its period.
func (g *ledger) assign(list []*settlement) {
	i := 0
	for _, t := range g.txns {
		if t.isDeferred() || t.typ == tTransfer {
			continue
		}
		for i < len(list)-1 && !t.posted.Before(list[i].end) {
			i++
		}
		s := list[i]
		t.group = s
		s.txns = append(s.txns, t)
		s.total += t.total()
	}
}

// reserves posts the reserve at the end of each closed period, its return at
// the start of the next, and the payout.
func (g *ledger) reserves(list []*settlement) {
	var held int64
	for _, s := range list {
		if held != 0 {
			g.keep(&txn{typ: tAdjustment, desc: "ReserveCredit", posted: s.start, leaves: leaves{{kReserveCredit, held}}})
		}
		if s.open {
			return
		}
		sum := s.total + held
		if held = 0; sum > 0 {
			held = rate(sum, 1500)
			g.keep(&txn{typ: tAdjustment, desc: "ReserveDebit", posted: s.end.Add(-time.Second), leaves: leaves{{kReserveDebit, -held}}})
		}
		if t := g.post(&txn{typ: tTransfer, posted: s.deposit(), leaves: leaves{{kTransfer, sum - held}}}); t != nil {
			t.group = s
		}
	}
}
