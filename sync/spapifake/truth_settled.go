package spapifake

import "strconv"

// ReportFile is a report as the seller downloads it from Seller Central.
type ReportFile struct {
	Name string
	Data []byte
}

// Files are all closed settlements of a connection, those too that Amazon's
// interface lists no longer, and the whole of its all-orders report.
func (s *Server) Files(connection string) []ReportFile {
	a := s.account(connection)
	var out []ReportFile
	for i, x := range a.settlements {
		if !x.open {
			out = append(out, ReportFile{connection + "-settlement-" + strconv.Itoa(i) + ".txt", settlementFile(x)})
		}
	}
	return append(out, ReportFile{connection + "-orders.txt", s.ordersFile(a, a.byCreated)})
}

// SettledTruth is the truth of who has only the Files of the given connections:
// the money of closed settlements, on the day on which it stands in them. A sale
// that was deferred stands there on the day of its release, and so does its
// cost. Replacements consume cost on the day of their parcel, as in Truth, and so do
// multi-channel orders that no closed settlement tells of. Returns and Amazon's
// inventory ledger are not in the Files: what they tell is not here.
func (s *Server) SettledTruth(key func(order, sku string) string, connections ...string) []KeyedRow {
	t := &tally{map[rowKey]*Row{}, map[Uncovered]int64{}}
	for _, c := range connections {
		a := s.account(c)
		for _, x := range a.settlements {
			if x.open {
				continue
			}
			for _, posted := range x.txns {
				t.countTxn(a.m, posted, key)
			}
		}
		t.countReplacements(a, key)
		t.countUnpaid(a, key)
	}
	return t.keyed()
}

// countUnpaid consumes the cost of multi-channel parcels whose fees no closed
// settlement has: their orders tell that they left, on the day of the last one.
func (t *tally) countUnpaid(a *account, key func(order, sku string) string) {
	paid := map[[2]string]bool{}
	for _, x := range a.settlements {
		for _, posted := range x.txns {
			if !x.open && posted.typ == tShipment {
				paid[[2]string{posted.order, posted.shipment}] = true
			}
		}
	}
	for _, o := range a.byCreated {
		if !o.offAmazon || o.status != shipped {
			continue
		}
		for _, p := range o.parcels {
			if paid[[2]string{o.id, p.shipment}] {
				continue
			}
			for _, l := range p.lines {
				t.consume(key(o.id, l.item.p.sku), a.m, l.item.p, o.parcels[len(o.parcels)-1].at, int64(l.qty))
			}
		}
	}
}

// TruthBy gives the money of Truth in parts: key names the part of an order and
// SKU, either of which may be empty.
func (s *Server) TruthBy(key func(order, sku string) string) []KeyedRow { return s.tally(key).keyed() }

// ReleasedTruth is the truth of who has only Seller Central's payments reports:
// all released money, on the day of its release. Orders, returns and the
// inventory ledger are not in them: replacements consume nothing, and nothing that
// came back, was lost or was found is here.
func (s *Server) ReleasedTruth(key func(order, sku string) string) []KeyedRow {
	t := &tally{map[rowKey]*Row{}, map[Uncovered]int64{}}
	for _, a := range s.accounts {
		for _, x := range a.txns {
			if !x.isDeferred() && !x.posted.After(s.cfg.dataEnd()) {
				t.countTxn(a.m, x, key)
			}
		}
	}
	return t.keyed()
}
