package spapifake

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"
)

// settlementReports are the reports Amazon made by itself, of the last 90 days.
func (c *call) settlementReports() []*report {
	var list []*report
	for _, st := range c.account.settlements {
		if st.open || st.created.After(c.now) || c.now.Sub(st.created) >= reportListLife {
			continue
		}
		list = append(list, &report{account: c.account, id: "4" + st.id, typ: SettlementReport, document: "amzn1.spdoc.1.4." + st.document,
			created: st.created, from: st.start, to: st.end, done: st.created, state: "DONE", settlement: st,
			text: func() []byte { return settlementFile(st) }})
	}
	return list
}

type reportsAnswer struct {
	Reports   []reportWire `json:"reports"`
	NextToken string       `json:"nextToken,omitempty"`
}

// reportQuery is carried in the next token, which must come alone.
type reportQuery struct {
	Types, States []string
	Since, Until  time.Time
	Size          int
}

func (c *call) getReports() (int, any) {
	var q reportQuery
	var at pageToken
	if text := c.query.Get("nextToken"); text != "" {
		if len(c.query) != 1 {
			return invalid("nextToken must be the only parameter")
		}
		var err error
		if at, err = c.unseal(text, "", 24*time.Hour); err != nil {
			return invalid("nextToken: %v", err)
		}
		if json.Unmarshal([]byte(at.Query), &q) != nil {
			return invalid("nextToken: %v", errTokenInvalid)
		}
	} else if err := c.reportQuery(&q); err != nil {
		return invalid("%v", err)
	}
	list := c.matchingReports(q)
	out := reportsAnswer{Reports: []reportWire{}}
	lo, hi := c.bounds(len(list), at.Offset, q.Size)
	out.Reports = append(out.Reports, list[lo:hi]...)
	query, err := json.Marshal(q)
	if err != nil {
		panic("spapifake: report query: " + err.Error()) // strings, numbers and times always encode
	}
	out.NextToken = c.nextToken("nextToken", hi < len(list), pageToken{Offset: hi, Query: string(query)})
	return http.StatusOK, out
}

func (c *call) reportQuery(q *reportQuery) error {
	q.Types, q.States = c.list("reportTypes"), c.list("processingStatuses")
	if len(q.Types) == 0 || len(q.Types) > 10 {
		return errors.New("reportTypes must hold 1 to 10 report types")
	}
	size, err := c.number("pageSize", 10, 1, 100)
	if err != nil {
		return err
	}
	since, bounded, err := c.when("createdSince")
	if err != nil {
		return err
	}
	if bounded && c.now.Sub(since) >= reportListLife {
		return errors.New("createdSince must be less than 90 days ago")
	}
	until, _, err := c.when("createdUntil")
	if err != nil {
		return err
	}
	if until.IsZero() {
		until = c.now
	}
	q.Size, q.Since, q.Until = size, since, until
	return nil
}

func (c *call) matchingReports(q reportQuery) []reportWire {
	all := c.settlementReports()
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, r := range c.s.reports {
		if r.account == c.account && c.now.Sub(r.created) < reportListLife {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b *report) int { return cmp.Or(b.created.Compare(a.created), cmp.Compare(b.id, a.id)) })
	out := []reportWire{}
	for _, r := range all {
		w := c.reportWire(r)
		if slices.Contains(q.Types, r.typ) && (len(q.States) == 0 || slices.Contains(q.States, w.State)) &&
			!r.created.Before(q.Since) && !r.created.After(q.Until) {
			out = append(out, w)
		}
	}
	return out
}
