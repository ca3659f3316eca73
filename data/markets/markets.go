// Package markets knows Amazon's marketplaces: id, country, currency, region,
// and the time zone whose midnight starts a day there. It is a constant table
// read once from resources; all functions are safe for concurrent use.
//
//	m, ok := markets.ByName("Amazon.de") // m.ID == "A1PA6795UKMFR9"
package markets

import (
	"encoding/csv"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // Windows has no zone files of its own

	"countinghouse/resources"
)

// Marketplace is one of Amazon's shops.
type Marketplace struct {
	ID       string
	Country  string // ISO 3166 code
	Currency string // ISO 4217 code
	Region   string // NA, EU or FE
	Name     string // as Amazon writes it: Amazon.de
	Zone     *time.Location
}

type table struct {
	all    []Marketplace
	byID   map[string]Marketplace
	byName map[string]Marketplace
}

var load = sync.OnceValue(func() table {
	rows, err := csv.NewReader(strings.NewReader(resources.Marketplaces)).ReadAll()
	if err != nil {
		panic("marketplaces.csv: " + err.Error()) // embedded at build time, proved by a test
	}
	t := table{byID: map[string]Marketplace{}, byName: map[string]Marketplace{}}
	for _, r := range rows[1:] {
		zone, err := time.LoadLocation(r[3])
		if err != nil {
			panic("marketplaces.csv: " + err.Error())
		}
		m := Marketplace{ID: r[0], Country: r[1], Currency: r[2], Zone: zone, Region: r[4], Name: r[5]}
		t.all = append(t.all, m)
		t.byID[m.ID] = m
		for _, name := range append(strings.Split(r[6], "|"), m.Name, "www."+m.Name) {
			if name != "" {
				t.byName[strings.ToLower(name)] = m
			}
		}
	}
	return t
})

// All returns every known marketplace, in the order of the table.
func All() []Marketplace { return slices.Clone(load().all) }

// ByID finds a marketplace by Amazon's id.
func ByID(id string) (Marketplace, bool) {
	m, ok := load().byID[id]
	return m, ok
}

// ByName finds a marketplace by any name Amazon's reports use for it, the
// names of multi-channel orders included ("Non-Amazon US"); letter case and
// blanks around it do not matter.
func ByName(name string) (Marketplace, bool) {
	m, ok := load().byName[strings.ToLower(strings.TrimSpace(name))]
	return m, ok
}

// Zone returns the zone whose midnight starts a day in the marketplace; UTC
// for one that is not known.
func Zone(id string) *time.Location {
	if m, ok := ByID(id); ok {
		return m.Zone
	}
	return time.UTC
}

// Day returns the marketplace's day of an instant as YYYY-MM-DD.
func Day(id string, at time.Time) string { return at.In(Zone(id)).Format(time.DateOnly) }
