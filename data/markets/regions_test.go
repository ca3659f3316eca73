package markets_test

import (
	"testing"

	"countinghouse/data/markets"
)

// Only codes of the list come out, whatever stands in an address.
func TestRegionOfAnAddress(t *testing.T) {
	for _, c := range []struct{ country, text, want string }{
		{"US", "CA", "CA"}, {"US", "california", "CA"}, {"US", " New  York ", "NY"}, {"US", "N.Y.", "NY"}, {"US", "US-TX", "TX"}, {"US", "D.C.", "DC"},
		{"US", "Washington, D.C.", "DC"}, {"US", "Puerto Rico", "PR"}, {"CA", "CA", ""}, {"CA", "ON", "ON"}, {"CA", "Québec", "QC"}, {"CA", "quebec", "QC"},
		{"CA", "Terre-Neuve-et-Labrador", "NL"}, {"US", "ON", ""}, {"US", "", ""}, {"US", "12 Elm Street", ""}, {"US", "Jane Doe", ""},
		{"DE", "Bayern", ""}, {"DE", "BY", ""}, {"JP", "東京都", ""}, {"", "CA", ""}, {"US", "AE", "AE"},
	} {
		if got := markets.Region(c.country, c.text); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.country, c.text, got, c.want)
		}
	}
	for text, want := range map[string]string{"us": "US", " DE ": "DE", "UK": "GB", "Deutschland": "", "": "", "1A": "", "日本": "", "D\x00": ""} {
		if got := markets.Country(text); got != want {
			t.Errorf("country %q is %q, want %q", text, got, want)
		}
	}
}
