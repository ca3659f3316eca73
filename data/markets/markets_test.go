package markets_test

import (
	"testing"
	"time"

	"countinghouse/data/markets"
)

func TestEveryMarketplaceIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range markets.All() {
		if m.ID == "" || len(m.Country) != 2 || len(m.Currency) != 3 || m.Zone == nil || seen[m.ID] {
			t.Errorf("bad row %+v", m)
		}
		seen[m.ID] = true
		if got, ok := markets.ByName(" " + m.Name + " "); !ok || got.ID != m.ID {
			t.Errorf("%s is not found by its name", m.Name)
		}
	}
	if len(seen) != 23 {
		t.Errorf("%d marketplaces, want 23", len(seen))
	}
}

func TestDayStartsAtTheMarketplacesMidnight(t *testing.T) {
	at := time.Date(2026, 3, 1, 7, 59, 59, 0, time.UTC) // 23:59:59 of 28 February in Los Angeles
	for _, c := range []struct{ id, want string }{
		{"ATVPDKIKX0DER", "2026-02-28"}, {"A1PA6795UKMFR9", "2026-03-01"}, {"A1VC38T7YXB528", "2026-03-01"}, {"unknown", "2026-03-01"},
	} {
		if got := markets.Day(c.id, at); got != c.want {
			t.Errorf("day in %s is %s, want %s", c.id, got, c.want)
		}
	}
	if m, ok := markets.ByName("sim1.stores.amazon.com"); !ok || m.Country != "US" {
		t.Error("the name of US multi-channel orders is not known")
	}
}
