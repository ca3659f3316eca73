package markets

import (
	"encoding/csv"
	"strings"
	"sync"

	"countinghouse/resources"
)

var loadRegions = sync.OnceValue(func() map[string]string {
	rows, err := csv.NewReader(strings.NewReader(resources.Regions)).ReadAll()
	if err != nil {
		panic("regions.csv: " + err.Error()) // embedded at build time, proved by a test
	}
	codes := map[string]string{} // by country and folded name
	for _, r := range rows[1:] {
		for _, name := range append(strings.Split(r[2], "|"), r[1]) {
			codes[r[0]+" "+foldRegion(name)] = r[1]
		}
	}
	return codes
})

// foldRegion leaves what tells one region from another: "N.Y." and "ny" are one.
func foldRegion(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer(".", "", "-", " ", ",", " ").Replace(name))), " ")
}

// Region gives the code of a state or province from what an address calls it, for
// the countries in which tax goes by it (United States, Canada). It is empty for
// any other country, and for text that is no region's name: text of an address
// never comes out of here.
func Region(country, name string) string {
	folded := foldRegion(name)
	if rest, ok := strings.CutPrefix(folded, strings.ToLower(country)+" "); ok { // "US-NY"
		folded = rest
	}
	return loadRegions()[country+" "+folded]
}

// TaxedByRegion tells whether Region knows the country's regions.
func TaxedByRegion(country string) bool { return country == "US" || country == "CA" }

// Country checks a country's ISO 3166 code as a report has it; empty for anything else.
func Country(code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	if len(code) != 2 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	if code == "UK" {
		return "GB"
	}
	return code
}
