package appsync

import (
	"fmt"
	"iter"

	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// salesTraffic puts the JSON report of sales and visits into the book, whether
// it came as a file or over the API.
func salesTraffic() fileKind {
	places := func(f *reports.File) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			if r, ok := f.TrafficReport(); ok {
				for _, m := range r.Marketplaces {
					if !yield(m, nil) {
						return
					}
				}
			}
		}
	}
	return fileKind{kind: reports.SalesTraffic, store: storeTraffic, places: places}
}

func storeTraffic(tx *store.Tx, at target, f *reports.File) (in ingested, err error) {
	r, ok := f.TrafficReport()
	if !ok {
		return in, fmt.Errorf("%s: this is no report of sales and visits", f.Name)
	}
	if len(r.Marketplaces) == 1 {
		at.marketplace = r.Marketplaces[0]
	}
	if at.marketplace == "" {
		return in, fmt.Errorf("%s: the report does not tell its marketplace; ask for one marketplace", f.Name)
	}
	if in.document, err = tx.PutDocument("report", r.Body); err != nil {
		return in, err
	}
	origin := originOf(at)
	var products []store.Traffic
	for _, row := range r.Rows {
		v := toTraffic(row, at, origin)
		v.Taken, v.Document, v.DocLine = takenOf(at, f), in.document, row.Line
		in.rows++
		if row.Day != "" {
			if err := tx.PutTrafficDay(v); err != nil {
				return in, err
			}
			continue
		}
		v.From, v.To = r.From, r.To
		products = append(products, v)
	}
	in.fresh = in.rows
	return in, tx.PutTrafficASINs(products)
}

// businessReports puts the business reports of Seller Central into the book. The
// one by ASIN tells no period: its first day is left open, its last one is the
// day on which the file was made.
func businessReports(kind reports.Kind) fileKind {
	return fileKind{kind: kind, undated: kind == reports.BusinessByASIN, store: storeBusiness}
}

func storeBusiness(tx *store.Tx, at target, f *reports.File) (in ingested, err error) {
	at.marketplace = firstOf(at.marketplace, onlyMarket(f.Currency))
	var text original
	var list []store.Traffic
	for row, err := range f.Traffic() {
		if err != nil {
			return in, err
		}
		in.rows++
		text.add(row.Line, row.Raw)
		v := toTraffic(row, at, "file")
		v.Taken, v.DocLine = takenOf(at, f), row.Line
		list = append(list, v)
	}
	if at.marketplace == "" {
		return in, fmt.Errorf("%s: a business report does not tell its marketplace; import it into the connection of one marketplace", f.Name)
	}
	if in.document, err = text.put(tx, f); err != nil {
		return in, err
	}
	in.fresh = len(list)
	for i := range list {
		list[i].Document = in.document
		if list[i].From != "" {
			if err := tx.PutTrafficDay(list[i]); err != nil {
				return in, err
			}
			continue
		}
		list[i].To = stored{target: at}.takenDay()
	}
	if len(list) > 0 && list[0].From == "" {
		return in, tx.PutTrafficASINs(merged(list))
	}
	return in, nil
}

// merged keeps one row of each product: a report that names none of two equal
// ones apart cannot be kept twice.
func merged(list []store.Traffic) (out []store.Traffic) {
	seen := map[[3]string]bool{}
	for _, v := range list {
		if k := [3]string{v.ParentASIN, v.ASIN, v.SKU}; !seen[k] {
			seen[k] = true
			out = append(out, v)
		}
	}
	return out
}

func toTraffic(r reports.TrafficRow, at target, origin string) store.Traffic {
	v := store.Traffic{
		Connection: at.connection, Marketplace: at.marketplace, From: r.Day, To: r.Day, ParentASIN: r.ParentASIN, ASIN: r.ASIN, SKU: r.SKU,
		Ordered: told(r.Ordered), OrderedB2B: told(r.OrderedB2B), Shipped: told(r.Shipped), ClaimsMinor: told(r.ClaimsAmount),
		Units: number(r.Units), UnitsB2B: number(r.UnitsB2B), OrderItems: number(r.Items), OrderB2B: number(r.ItemsB2B),
		Refunded: number(r.Refunded), Claims: number(r.Claims), UnitsShipped: number(r.UnitsShipped), OrdersShipped: number(r.OrdersShipped),
		PageViews: number(r.Views), PageViewsB2B: number(r.ViewsB2B), PageViewsApp: number(r.ViewsApp), Sessions: number(r.Sessions),
		SessionsB2B: number(r.SessionsB2B), SessionsApp: number(r.SessionsApp), BuyBox: number(r.BuyBox), Offers: number(r.Offers),
		Feedback: number(r.Feedback), FeedbackBad: number(r.FeedbackNegative), Origin: origin,
	}
	for _, a := range []reports.Amount{r.Ordered, r.Shipped, r.ClaimsAmount} {
		v.Currency = firstOf(v.Currency, a.Money.Currency)
	}
	return v
}
