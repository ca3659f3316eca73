package spapifake

import (
	"fmt"
	"strings"
)

// CostsCSV gives the seller's cost list of a connection, or of all for "all":
// columns sku, marketplace (its id), valid_from (a day of the marketplace),
// unit_cost (up to four decimals) and currency. One SKU per marketplace is not
// in it: its units are Truth's Uncovered.
func (s *Server) CostsCSV(connection string) string { return s.costsCSV(connection, false) }

// CompleteCostsCSV is the cost list of all connections with nothing missing:
// the seller looked the last SKUs up.
func (s *Server) CompleteCostsCSV() string { return s.costsCSV("all", true) }

func (s *Server) costsCSV(connection string, complete bool) string {
	var b strings.Builder
	b.WriteString("sku,marketplace,valid_from,unit_cost,currency\n")
	for _, a := range s.accounts {
		if connection != "all" && connection != a.id {
			continue
		}
		for _, p := range a.products {
			list := p.costs
			if complete {
				list = append(list[:len(list):len(list)], p.hidden...)
			}
			for _, c := range list {
				fmt.Fprintf(&b, "%s,%s,%s,%s,%s\n", p.sku, a.m.ID, c.day, trimZeros(decimal(c.cost, 4)), a.m.Currency)
			}
		}
	}
	return b.String()
}

func trimZeros(s string) string { return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") }
