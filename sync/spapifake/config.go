package spapifake

import (
	"time"
	_ "time/tzdata" // marketplace zones, also where the system has no zone files
)

// Config says which demo seller to make. The zero value is usable. The same
// Config with the same Now always gives the same data, byte for byte.
type Config struct {
	Seed   int64
	Orders int // orders over all three marketplaces; 20,000 when 0
	Days   int // days of history before Now; 548 when 0

	// Now is the end of the data, cut to the minute; the current time when
	// zero. Only releases of deferred money lie behind it (up to 30 days).
	Now time.Time

	// Clock is the server's clock: limits, token lifetimes, the two-minute
	// rule. time.Now when nil. It must not run backwards.
	Clock func() time.Time

	// Speed multiplies every rate limit (bursts stay). 1, Amazon's own
	// limits, when 0.
	Speed float64

	// SKUs is how many products each marketplace has; 60 to 120 when 0.
	SKUs int

	// ReportTime is how long a report is in the making, about; when 0 it is
	// done after a few looks at it.
	ReportTime time.Duration

	// FinancesPage is the page size of listTransactions; 500 when 0.
	FinancesPage int

	// PageSize is the most rows on a page of any list; Amazon's own sizes
	// when 0.
	PageSize int
}

func (c Config) withDefaults() Config {
	if c.Orders <= 0 {
		c.Orders = 20000
	}
	if c.Days <= 0 {
		c.Days = 548
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Now.IsZero() {
		c.Now = c.Clock()
	}
	c.Now = c.Now.UTC().Truncate(time.Minute)
	if c.Speed <= 0 {
		c.Speed = 1
	}
	if c.FinancesPage <= 0 {
		c.FinancesPage = 500
	}
	return c
}

// dataEnd is the time of the last fact: far enough before Now that the
// two-minute rule hides nothing from a client whose clock says Now.
func (c Config) dataEnd() time.Time { return c.Now.Add(-10 * time.Minute) }

// dataStart is the first instant of the history.
func (c Config) dataStart() time.Time { return c.Now.AddDate(0, 0, -c.Days) }

// marketplace is one of Amazon's shops.
type marketplace struct {
	ID, Name, Country, Currency, Language, Domain string
	Digits                                        int            // decimal digits of Currency
	Zone                                          *time.Location // its days and months
}

func zone(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic("spapifake: embedded zone " + name + " is missing: " + err.Error())
	}
	return l
}

// market is a marketplace with sales and how business is done there.
type market struct {
	marketplace
	conn       string // connection id
	channel    string // sales channel in reports
	offAmazon  string // channel of multi-channel orders
	idPrefixes []string
	share      int   // percent of all orders
	feeTax     int64 // tax on Amazon's fees, basis points
	priceScale int64 // minor units for one catalogue price unit of a cent
}

func markets() []*market {
	return []*market{
		{marketplace: marketplace{"ATVPDKIKX0DER", "Amazon.com", "US", "USD", "en_US", "www.amazon.com", 2, zone("America/Los_Angeles")},
			conn: "NA", channel: "Amazon.com", offAmazon: "Non-Amazon US", idPrefixes: []string{"111", "112", "113", "114"}, share: 50, feeTax: 0, priceScale: 100},
		{marketplace: marketplace{"A1PA6795UKMFR9", "Amazon.de", "DE", "EUR", "de_DE", "www.amazon.de", 2, zone("Europe/Berlin")},
			conn: "EU", channel: "Amazon.de", offAmazon: "Non-Amazon DE", idPrefixes: []string{"302", "303", "304", "305", "306"}, share: 30, feeTax: 1900, priceScale: 95},
		{marketplace: marketplace{"A1VC38T7YXB528", "Amazon.co.jp", "JP", "JPY", "ja_JP", "www.amazon.co.jp", 0, zone("Asia/Tokyo")},
			conn: "FE", channel: "Amazon.co.jp", offAmazon: "Non-Amazon JP", idPrefixes: []string{"249", "250", "503"}, share: 20, feeTax: 1000, priceScale: 145},
	}
}

// price turns catalogue cents (US) into the market's minor units.
func (m *market) price(cents int64) int64 {
	v := cents * m.priceScale / 100
	if m.Digits == 0 {
		return v // 1 cent is about 1.45 yen
	}
	return v
}

// Connections lists the ids of the connections, in order.
func Connections() []string { return []string{"NA", "EU", "FE"} }
