package store

import (
	"fmt"

	"countinghouse/data/markets"
)

// PutOrderRegion keeps the country and region that an order goes to. Both are what a
// report calls them; only codes of known countries and regions are stored, and what
// names none is not. A list of payments tells no country: then it is the one in
// which that region lies, the marketplace's own first.
func (t *Tx) PutOrderRegion(connection, order, marketplace, country, region, origin string) error {
	country, code := regionOf(marketplace, country, region)
	if country == "" || order == "" {
		return nil
	}
	// Who tells a region goes first, then the order itself, Amazon's list of orders and
	// a list of payments: so it does not matter which of them comes first.
	const better = `(excluded.region <> '', instr('daterange report api', excluded.origin), excluded.country || excluded.region)
		> (region <> '', instr('daterange report api', origin), country || region)`
	if _, err := t.exec(`INSERT INTO order_region (connection_id, order_id, country, region, origin) VALUES (?,?,?,?,?)
		ON CONFLICT DO UPDATE SET country = excluded.country, region = excluded.region, origin = excluded.origin WHERE `+better,
		connection, order, country, code, origin); err != nil {
		return fmt.Errorf("store where order %s goes: %w", order, err)
	}
	return nil
}

func regionOf(marketplace, country, region string) (string, string) {
	if country = markets.Country(country); country != "" {
		return country, markets.Region(country, region)
	}
	m, _ := markets.ByID(marketplace)
	if !markets.TaxedByRegion(m.Country) {
		return "", ""
	}
	for _, c := range []string{m.Country, "US", "CA"} {
		if code := markets.Region(c, region); code != "" {
			return c, code
		}
	}
	return "", ""
}
