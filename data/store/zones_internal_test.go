package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"countinghouse/data/cipher"
	"countinghouse/data/markets"
)

// TestConnectionMoney: the zone is that of the marketplace with most money of late,
// each currency has its own, and every marketplace with any money brings its
// currency, however old. Where none has money, they could all bring theirs.
func TestConnectionMoney(t *testing.T) {
	b, err := Create(t.Context(), t.TempDir(), Keys{Book: cipher.NewKey(), Personal: cipher.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	market := func(country string) markets.Marketplace {
		for _, m := range markets.All() {
			if m.Country == country {
				return m
			}
		}
		t.Fatalf("no marketplace of %s", country)
		return markets.Marketplace{}
	}
	day := func(n int) string { return time.Date(2026, 3, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }
	err = b.Write(t.Context(), func(tx *Tx) error {
		for _, c := range []struct {
			id, region string
			countries  []string
		}{{"eu", "EU", []string{"DE", "GB", "SE", "PL"}}, {"fe", "FE", []string{"JP", "AU"}}, {"na", "NA", nil}} {
			if err := tx.PutConnection(Connection{ID: c.id, Region: c.region, Kind: KindAPI}, nil); err != nil {
				return err
			}
			var list []MarketplaceRow
			for _, country := range c.countries {
				m := market(country)
				list = append(list, MarketplaceRow{ID: m.ID, Name: m.Name, Country: country, Currency: m.Currency, Participating: true})
			}
			if err := tx.PutMarketplaces(c.id, list); err != nil {
				return err
			}
		}
		sums := rollups{}
		put := func(n int, country string, lines int64) {
			m := market(country)
			sums.add(rollupKey{day: day(n), connection: "eu", marketplace: m.ID, currency: m.Currency, sku: "A", line: "sales.product", state: "released"}, rollupSum{100, 1, 0, lines})
		}
		put(0, "SE", 9) // once, long ago
		for n := range 60 {
			put(n, "DE", 2)
			if n >= 25 {
				put(n, "GB", 3) // less in all, more of late
			}
		}
		return tx.applyRollups(sums)
	})
	if err != nil {
		t.Fatal(err)
	}
	brought, err := b.connectionMoney(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id   string
		want []string
		idle bool
	}{{"eu", []string{"EUR", "GBP", "SEK"}, false}, {"fe", []string{"AUD", "JPY"}, true}, {"na", []string{""}, true}} {
		got, idle := brought.of(c.id)
		slices.Sort(got)
		if !slices.Equal(got, c.want) || idle != c.idle {
			t.Errorf("%s brings %q, idle %t", c.id, got, idle)
		}
	}
	for _, z := range []struct{ connection, currency, country string }{
		{"eu", "", "GB"}, {"eu", "EUR", "DE"}, {"eu", "SEK", "SE"}, {"eu", "USD", "GB"}, {"fe", "AUD", "AU"}, {"fe", "JPY", "JP"},
	} {
		if got, want := brought.zones.of(z.connection, z.currency), market(z.country).Zone; got != want {
			t.Errorf("the days of %s in %q are of %v, want %v", z.connection, z.currency, got, want)
		}
	}
	if got := brought.zones.of("na", "USD"); got != time.UTC {
		t.Errorf("days without a marketplace are of %v", got)
	}
}
