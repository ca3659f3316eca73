package spapifake

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// Place adds an order to a connection's marketplace as if a buyer had just
// bought something, and returns its id; "" for an unknown connection. Amazon
// ships it later than any test lasts. It is not part of Truth.
func (s *Server) Place(connection string, at time.Time) string {
	a := s.account(connection)
	if a == nil {
		return ""
	}
	i := slices.IndexFunc(a.byCreated, func(o *order) bool { return !o.mfn && !o.free() && o.status == shipped && len(o.parcels) == 1 })
	if i < 0 {
		return ""
	}
	at = at.UTC().Truncate(time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	n := strconv.Itoa(len(s.placed[a.id]))
	o := *a.byCreated[i]
	h := strconv.FormatUint(s.hash("placed "+a.id+n)%1e14+1e14, 10)[1:]
	o.id = a.m.idPrefixes[0] + "-" + h[:7] + "-" + h[7:]
	o.created, o.updated, o.status, o.parcels, o.person = at, at, unshipped, nil, nil
	o.items = nil
	for j, it := range a.byCreated[i].items {
		copied := *it
		copied.id, copied.sent = h+strconv.Itoa(j), 0
		o.items = append(o.items, &copied)
	}
	s.placed[a.id] = append(s.placed[a.id], &o)
	return o.id
}

// placedOrders are the orders that Place added to the call's account. They are
// younger than all others.
func (c *call) placedOrders() []*order {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	list := slices.Clone(c.s.placed[c.account.id])
	slices.SortStableFunc(list, func(a, b *order) int { return a.updated.Compare(b.updated) })
	return list
}

// ReportRoute counts what a first sync of a connection has to fetch beside the
// order reports: the settlement reports made within settled before the end of
// the data, and the pages of transactions since from, when they are asked for
// in windows and with so many to a page. An empty window is a page too.
func (s *Server) ReportRoute(connection string, from time.Time, window time.Duration, page int, settled time.Duration) (settlements, pages int) {
	a := s.account(connection)
	if a == nil {
		return 0, 0
	}
	for _, st := range a.settlements {
		if !st.open && st.created.After(s.cfg.Now.Add(-settled)) && !st.created.After(s.cfg.Now) {
			settlements++
		}
	}
	i := 0
	for at := from; at.Before(s.cfg.Now); at = at.Add(window) {
		n := 0
		for ; i < len(a.txns) && a.txns[i].posted.Before(at.Add(window)); i++ {
			if !a.txns[i].posted.Before(from) {
				n++
			}
		}
		pages += max(1, (n+page-1)/page)
	}
	return settlements, pages
}

// ForgetRequests empties the log, and forgets the reports and queries that were
// made an hour ago and longer, for tests of what grows.
func (s *Server) ForgetRequests() {
	now := s.cfg.Clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
	maps.DeleteFunc(s.reports, func(_ string, r *report) bool { return r.state != "" && now.Sub(r.done) > time.Hour })
}
