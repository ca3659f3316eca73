package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// TaxRow is tax on sales of one marketplace, jurisdiction and rate, as Amazon's
// postings tell it.
type TaxRow struct {
	Marketplace string // id
	Country     string // ISO 3166; of the marketplace, "" when it is not known
	Arrive      string // ISO 3166: country that the goods went to; "" when nobody told
	Region      string // its state or province where tax goes by it, as "CA"; "" when nobody told, or tax does not
	Currency    string
	Rate        string // per cent as the amounts show it: "19", "7", "0"; "" where they fit no rate, or many
	Net         int64  // minor units: sales less promotions and refunds, without tax
	Collected   int64
	Withheld    int64 // negative: Amazon pays it
	Owed        int64 // Collected and Withheld: the seller pays it
	Events      int64
}

// Place is where the goods went to as ISO 3166 writes it, "DE" or "US-CA"; empty
// when nobody told.
func (r TaxRow) Place() string {
	if r.Region == "" {
		return r.Arrive
	}
	return r.Arrive + "-" + r.Region
}

// NoRate says why a row of tax has no rate, and no effective one either.
type NoRate string

// The reasons for no rate.
const (
	NoRatePlaces  NoRate = "places"  // local rates, and nobody told the state or province
	NoRateRefunds NoRate = "refunds" // as much was refunded as sold, or more
	NoRateMixed   NoRate = "mixed"   // the amounts fit no rate
)

// Effective is the tax per cent of Net, to the hundredth and rounded half up, where
// rates are local and all of the row's orders went to one state or province: what
// Amazon collects there on average. Else it is empty, and why says the reason, but
// where Rate is known already.
func (r TaxRow) Effective() (percent string, why NoRate) {
	switch to := cmp.Or(r.Arrive, r.Country); {
	case r.Rate != "":
		return "", ""
	case !markets.TaxedByRegion(to):
		return "", NoRateMixed
	case r.Region == "":
		return "", NoRatePlaces
	case to == "CA": // what fits a rate of the province has a row of its own: this is the rest
		return "", NoRateMixed
	case r.Net <= 0 || r.Collected < 0:
		return "", NoRateRefunds
	case r.Collected >= r.Net || r.Net > math.MaxInt64/30_000:
		return "", NoRateMixed
	}
	hundredths := (20_000*r.Collected + r.Net) / (2 * r.Net)
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100), ""
}

// TaxOnSales adds the tax of a span of days up by marketplace, by where the goods
// went to (a country; in the United States and Canada a state or province), and by
// rate. Rates are what the amounts of each event show, never looked up: tax law is
// not in here. American rates change from town to town and are left together, as
// are Canadian ones of an unknown province.
func (b *Book) TaxOnSales(ctx context.Context, f SumFilter) ([]TaxRow, error) {
	sums := map[taxKey]*TaxRow{}
	err := b.eachTaxEvent(ctx, f, func(k taxKey, e taxEvent) error {
		t := sums[k]
		if t == nil {
			m, _ := markets.ByID(k.Marketplace)
			t = &TaxRow{Marketplace: k.Marketplace, Country: m.Country, Arrive: k.Arrive, Region: k.Region, Currency: k.currency, Rate: k.Rate}
			sums[k] = t
		}
		t.Events++
		return t.add(e.net, e.collected, e.withheld)
	})
	if err != nil {
		return nil, fmt.Errorf("add up tax: %w", err)
	}
	var all []TaxRow
	for _, t := range sums {
		all = append(all, *t)
	}
	slices.SortFunc(all, func(x, y TaxRow) int {
		return cmp.Or(cmp.Compare(x.Country, y.Country), cmp.Compare(x.Marketplace, y.Marketplace), cmp.Compare(x.Currency, y.Currency),
			lastEmpty(x.Arrive, y.Arrive), lastEmpty(x.Region, y.Region), cmp.Compare(len(y.Rate), len(x.Rate)), cmp.Compare(y.Rate, x.Rate))
	})
	return all, nil
}

// TaxOf tells one row of TaxOnSales from the others of its currency.
type TaxOf struct{ Marketplace, Arrive, Region, Rate string }

type taxKey struct {
	currency string
	TaxOf
}

// BehindTax narrows lines to those of the row of TaxOnSales that f.Tax names. f
// holds the row's days and currency.
func (b *Book) BehindTax(ctx context.Context, f LinesOf) (LinesOf, error) {
	if f.Tax == nil {
		return f, nil
	}
	ids := []int64{}
	err := b.eachTaxEvent(ctx, SumFilter{From: f.From, To: f.To, Marketplaces: f.Marketplaces}, func(k taxKey, e taxEvent) error {
		if k.TaxOf == *f.Tax && k.currency == f.Currency {
			ids = append(ids, e.id)
		}
		return nil
	})
	if err != nil {
		return f, fmt.Errorf("find what tax is on: %w", err)
	}
	list, err := json.Marshal(ids)
	f.events = string(list)
	return f, err
}

// eachTaxEvent calls row for each event of money that tax can be on, and the row of
// TaxOnSales that it belongs to.
func (b *Book) eachTaxEvent(ctx context.Context, f SumFilter, row func(taxKey, taxEvent) error) error {
	where, args := clauses("e.event_day >= ?", f.From, "e.event_day <= ?", f.To)
	where, args = anyOf(where, args, "e.marketplace_id", f.Marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT e.id, e.marketplace_id, l.currency, coalesce(o.country, ''), coalesce(o.region, ''),
		sum(l.amount_minor * (l.line LIKE 'sales.%' OR l.line LIKE 'refund.%' OR l.line LIKE 'promotion%')),
		sum(l.amount_minor * (l.line = 'tax.collected')), sum(l.amount_minor * (l.line = 'tax.withheld')), sum(l.line = 'tax.collected'),
		sum(l.amount_minor * (l.line LIKE 'sales.%' OR l.line LIKE 'refund.%' AND l.line <> 'refund.promotion'))
		FROM event e JOIN money_line l ON l.event_id = e.id
		LEFT JOIN order_region o ON o.connection_id = e.connection_id AND o.order_id = e.order_id`+where+` GROUP BY e.id, l.currency
		HAVING sum(l.line IN ('tax.collected', 'tax.withheld') OR l.line LIKE 'sales.%' OR l.line LIKE 'refund.%') > 0`, args...)
	if err != nil {
		return err
	}
	var events []taxEvent
	shown := map[[2]string]taxRates{} // by marketplace and country of arrival: of sales without a discount
	err = eachRow(rows, func(r *sql.Rows) error {
		var e taxEvent
		if err := r.Scan(&e.id, &e.marketplace, &e.currency, &e.arrive, &e.region, &e.net, &e.collected, &e.withheld, &e.lines, &e.gross); err != nil {
			return err
		}
		if halves, ok := shownRate(e.net, e.collected, e.lines); ok && e.net == e.gross && e.net > 0 {
			k := [2]string{e.marketplace, e.arrive}
			shown[k] = shown[k].with(halves, e.net)
		}
		events = append(events, e)
		return nil
	})
	for _, rates := range shown {
		slices.SortFunc(rates, func(x, y taxRate) int { return cmp.Or(cmp.Compare(y.net, x.net), cmp.Compare(x.halves, y.halves)) })
	}
	for _, e := range events {
		k := taxKey{e.currency, TaxOf{Marketplace: e.marketplace, Arrive: e.arrive, Region: e.region}}
		m, _ := markets.ByID(e.marketplace)
		if to := cmp.Or(e.arrive, m.Country); !markets.TaxedByRegion(to) || to == "CA" && e.region != "" {
			k.Rate = e.rate(shown[[2]string{e.marketplace, e.arrive}])
		}
		if err == nil {
			err = row(k, e)
		}
	}
	return err
}

// lastEmpty orders what is known before what is not.
func lastEmpty(x, y string) int {
	if x == "" || y == "" {
		return -cmp.Compare(x, y)
	}
	return cmp.Compare(x, y)
}

func (t *TaxRow) add(net, collected, withheld int64) error {
	for _, s := range []struct {
		to *int64
		v  int64
	}{{&t.Net, net}, {&t.Collected, collected}, {&t.Withheld, withheld}, {&t.Owed, collected}, {&t.Owed, withheld}} {
		sum, err := books.Money{Minor: *s.to, Currency: t.Currency}.Add(books.Money{Minor: s.v, Currency: t.Currency})
		if err != nil {
			return err
		}
		*s.to = sum.Minor
	}
	return nil
}

// taxRate is a rate that a marketplace's sales show, in halves of a per cent, and what
// was sold at it.
type taxRate struct{ halves, net int64 }

type taxRates []taxRate

func (t taxRates) with(halves, net int64) taxRates {
	for i := range t {
		if t[i].halves == halves {
			t[i].net += min(net, math.MaxInt64-t[i].net)
			return t
		}
	}
	return append(t, taxRate{halves, net})
}

// of is the rate that explains tax on an amount, the one with most sales first: a
// cent of rounding on a small amount is no rate of its own.
func (t taxRates) of(net, tax, lines int64) (string, bool) {
	for _, r := range t {
		if fitsRate(r.halves, net, tax, lines) {
			return rateOf(r.halves), true
		}
	}
	return "", false
}

// rateOf writes halves of a per cent.
func rateOf(halves int64) string {
	if halves%2 == 1 {
		return fmt.Sprint(halves/2) + ".5"
	}
	return fmt.Sprint(halves / 2)
}

const largestTaxed = 1 << 52 // beyond, the products below would not fit

// fitsRate tells whether a rate in halves of a per cent explains tax on an amount but
// for the rounding of each line.
func fitsRate(halves, net, tax, lines int64) bool {
	if net == 0 || max(net, -net) > largestTaxed || max(tax, -tax) > largestTaxed {
		return tax == 0 && halves == 0
	}
	off := 200*tax - halves*net
	return halves <= 200 && max(off, -off) <= 200*max(lines, 1)
}

// shownRate is the half or whole per cent nearest to the tax on an amount; false when
// it does not explain it.
func shownRate(net, tax, lines int64) (halves int64, ok bool) {
	if tax == 0 {
		return 0, true
	}
	if net < 0 {
		net, tax = -net, -tax
	}
	if net == 0 || net > largestTaxed || tax < 0 || tax > largestTaxed {
		return 0, false
	}
	halves = (400*tax + net) / (2 * net) // rounded
	return halves, halves > 0 && fitsRate(halves, net, tax, lines)
}

// taxEvent is what one event says of tax, in minor units.
type taxEvent struct {
	id                       int64
	marketplace, currency    string
	arrive, region           string
	net, collected, withheld int64
	lines                    int64 // of tax
	gross                    int64 // the net amount before discounts
}

// rate chooses between the rate on the net amount and the one on the price before
// discounts: some discounts cut the tax too, some do not, and one refund can hold
// both kinds. So it is one that the marketplace's sales show without any discount. Only
// where they show none, a whole per cent is believed.
func (e taxEvent) rate(shown taxRates) string {
	for _, amount := range []int64{e.net, e.gross} {
		if r, ok := shown.of(amount, e.collected, e.lines); ok {
			return r
		}
	}
	for _, amount := range []int64{e.net, e.gross} {
		if halves, ok := shownRate(amount, e.collected, e.lines); ok && halves%2 == 0 && len(shown) == 0 {
			return rateOf(halves)
		}
	}
	return ""
}

// FeeTaxRow is the tax on Amazon's fees in one marketplace.
type FeeTaxRow struct {
	Marketplace string // id, "" where nobody tells it
	Currency    string
	Minor       int64 // negative: paid
	Said        bool  // the seller said what it is to him
	Recoverable bool
}

// TaxOnFees adds up the tax on Amazon's fees. In the statement a fee holds its tax,
// but for a seller who recovers it: then it is a line of its own, below the profit.
func (b *Book) TaxOnFees(ctx context.Context, f SumFilter) ([]FeeTaxRow, error) {
	said, err := b.FeeTaxRecoverable(ctx)
	if err != nil {
		return nil, err
	}
	where, args := clauses("e.event_day >= ?", f.From, "e.event_day <= ?", f.To)
	where, args = anyOf(where, args, "e.marketplace_id", f.Marketplaces)
	rows, err := b.Reader().QueryContext(ctx, `SELECT e.marketplace_id, l.currency, l.line, l.path, sum(l.amount_minor)
		FROM event e JOIN money_line l ON l.event_id = e.id`+where+` GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`, args...)
	if err != nil {
		return nil, fmt.Errorf("add up the tax on fees: %w", err)
	}
	var all []FeeTaxRow
	err = eachRow(rows, func(r *sql.Rows) error {
		var t FeeTaxRow
		var line books.Line
		var path string
		if err := r.Scan(&t.Marketplace, &t.Currency, &line, &path, &t.Minor); err != nil || (line != books.TaxInput && !books.IsFeeTax(line, path)) {
			return err
		}
		if n := len(all); n > 0 && all[n-1].Marketplace == t.Marketplace && all[n-1].Currency == t.Currency {
			sum, err := books.Money{Minor: all[n-1].Minor}.Add(books.Money{Minor: t.Minor})
			all[n-1].Minor = sum.Minor
			return err
		}
		t.Recoverable, t.Said = said[t.Marketplace], false
		_, t.Said = said[t.Marketplace]
		all = append(all, t)
		return nil
	})
	return all, err
}

// VATRow sums rows of Amazon's VAT transactions report.
type VATRow struct {
	Type                string // SALE, REFUND, FC_TRANSFER, ...
	Depart, Arrive      string // countries
	Jurisdiction        string // country that taxes it
	Scheme, Collector   string // REGULAR, UNION-OSS ...; SELLER or MARKETPLACE
	Rate, Currency      string
	Net, VAT, Gross     int64 // minor units
	Transactions, Blank int64 // rows, and those among them without amounts
}

// VATSums sums the report of a span of days, by departure and arrival.
func (b *Book) VATSums(ctx context.Context, from, to string) ([]VATRow, error) {
	day := `coalesce(nullif(complete_day, ''), nullif(tax_day, ''), nullif(depart_day, ''), arrival_day)`
	where, args := clauses(day+" >= ?", from, day+" <= ?", to)
	rows, err := b.Reader().QueryContext(ctx, `SELECT type, depart_country, arrival_country, jurisdiction, scheme, collector, vat_rate, currency,
		coalesce(sum(net_minor), 0), coalesce(sum(vat_minor), 0), coalesce(sum(gross_minor), 0), count(*), sum(gross_minor IS NULL AND net_minor IS NULL)
		FROM vat_transaction`+where+` GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 4, 5, 1, 2, 3, 7, 8`, args...)
	if err != nil {
		return nil, fmt.Errorf("add up VAT transactions: %w", err)
	}
	var all []VATRow
	err = eachRow(rows, func(r *sql.Rows) error {
		var v VATRow
		err := r.Scan(&v.Type, &v.Depart, &v.Arrive, &v.Jurisdiction, &v.Scheme, &v.Collector, &v.Rate, &v.Currency, &v.Net, &v.VAT, &v.Gross,
			&v.Transactions, &v.Blank)
		v.Rate = percentText(v.Rate)
		all = append(all, v)
		return err
	})
	return all, err
}

// percentText writes Amazon's rate, 0.19 or 19, as per cent.
func percentText(rate string) string {
	whole, frac, ok := strings.Cut(rate, ".")
	if !ok || whole != "0" && whole != "" {
		return rate
	}
	frac += "00"
	out := strings.TrimLeft(frac[:2], "0")
	if rest := strings.TrimRight(frac[2:], "0"); rest != "" {
		return cmp.Or(out, "0") + "." + rest
	}
	return cmp.Or(out, "0")
}
