package desktop

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/sync/spapi"
	"countinghouse/ui/session"
)

// oddConnection is refused by Amazon.
const oddConnection = "fe"

const (
	oddUSA    = "ATVPDKIKX0DER"
	oddJapan  = "A1VC38T7YXB528"
	oddUAE    = "A2VIGQ35RCS4UG"
	oddNobody = "A0NEW0MARKETPLACE" // opened after this program was made
)

// oddOrder is an order of such a book.
type oddOrder struct {
	id, sku, title, market, status, currency string
	total, fee, refund                       int64 // minor units; a total of 0: Amazon did not tell
}

// oddOrders are what real books hold now and then: a title without end, more
// money than a column has room for, less than nothing, currencies without
// decimals or with three, a status and a marketplace that nobody knew, text
// that runs the other way.
var oddOrders = []oddOrder{
	{"114-0000001-0000001", "LONG", strings.Repeat("The very long title of a kettle that a seller filled with every word a buyer might search, ", 5), oddUSA, "SHIPPED", "USD", 3990, -600, 0},
	{"114-0000002-0000002", "HUGE", "Gold bar, 400 oz", oddUSA, "SHIPPED", "USD", 9_876_543_210_99, -1_234_567_890_12, 0},
	{"114-0000003-0000003", "LOSS", "Returned twice over", oddUSA, "SHIPPED", "USD", 1999, -300, -9_876_543_21},
	{"249-0000004-0000004", "YEN", "小数のない通貨の、とても長い商品名が続くやかん（業務用・特大・送料込み）", oddJapan, "SHIPPED", "JPY", 123_456_789, -12_345_678, 0},
	{"407-0000005-0000005", "RTL", "غلاية كهربائية كبيرة", oddUAE, "SHIPPED", "AED", 19900, -2985, 0},
	{"701-0000006-0000006", "NEW", "Tab\tand\nline end", oddNobody, "AWAITING_DRONE", "KWD", 12_345, 0, 0},
	{"114-0000007-0000007", "NONE", "", oddUSA, "PENDING", "", 0, 0, 0},
}

// makeOdd makes a book of odd data without costs and without people, whose
// connection Amazon refuses.
func makeOdd(ctx context.Context, place session.Place, now time.Time) (*session.Session, error) {
	return makeSmall(ctx, place, "Odd", now, oddOrders, func(tx *store.Tx) error {
		return tx.SetConnectionState(oddConnection, store.StateRevoked, spapi.ErrRevoked.Error())
	})
}

// makeOne makes a book of one order, the first of a new seller.
func makeOne(ctx context.Context, place session.Place, now time.Time) (*session.Session, error) {
	first := oddOrder{"114-0000001-0000001", "KT-204", "Pour-over kettle 0.9 l, matte black", oddUSA, "SHIPPED", "USD", 3990, -600, 0}
	return makeSmall(ctx, place, "One", now, []oddOrder{first}, func(tx *store.Tx) error {
		unit, err := books.ParseUnit("12.50")
		if err != nil {
			return err
		}
		return tx.PutCosts([]books.Cost{{SKU: first.sku, Unit: unit, Currency: first.currency}})
	})
}

// makeSmall makes a book of a few orders; also writes what else it holds.
func makeSmall(ctx context.Context, place session.Place, name string, now time.Time, orders []oddOrder, also func(*store.Tx) error) (*session.Session, error) {
	s, err := session.Create(ctx, place, name, session.Demo, []vault.NewSlot{shotSlot()})
	if err != nil {
		return nil, err
	}
	err = s.Book.Write(ctx, func(tx *store.Tx) error {
		if err := putOdd(tx, now, orders); err != nil {
			return err
		}
		return also(tx)
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the book %s: %w", name, err), s.Close())
	}
	return s, nil
}

func putOdd(tx *store.Tx, now time.Time, orders []oddOrder) error {
	if err := tx.PutConnection(store.Connection{ID: oddConnection, Region: "FE", Kind: store.KindAPI}, nil); err != nil {
		return err
	}
	document, err := tx.PutDocument("transactions", []byte("{}"))
	if err != nil {
		return err
	}
	span := store.Interval{From: now.AddDate(0, 0, -100), To: now}
	if err := tx.AddCoverage(oddConnection, "finances", span); err != nil {
		return err
	}
	for i, o := range orders {
		if err := putOddOrder(tx, i, o, now, document); err != nil {
			return fmt.Errorf("%s: %w", o.id, err)
		}
	}
	return nil
}

func putOddOrder(tx *store.Tx, i int, o oddOrder, now time.Time, document int64) error {
	at := now.AddDate(0, 0, -3-5*i).Truncate(time.Second)
	order := store.Order{Connection: oddConnection, ID: o.id, Marketplace: o.market, Status: o.status, FulfilledBy: "AMAZON", Currency: o.currency,
		Purchased: at, Updated: at, Origin: store.FromAPI, Items: []store.OrderItem{{SKU: o.sku, Title: o.title, Quantity: 1}}}
	if o.total != 0 {
		order.Total, order.Items[0].Price = &o.total, &o.total
	}
	if _, err := tx.PutOrder(order); err != nil {
		return err
	}
	listing := store.Listing{Connection: oddConnection, Marketplace: o.market, SKU: o.sku, Title: o.title, Currency: o.currency, Price: order.Total, Updated: at}
	if err := tx.PutListing(listing); err != nil {
		return err
	}
	units := int64(i * i * i * 1_000_003) // none of the first
	if err := tx.PutStock(store.Stock{Connection: oddConnection, Marketplace: o.market, SKU: o.sku, Taken: now, Fulfillable: units, Total: units}); err != nil {
		return err
	}
	for n, part := range []struct {
		kind, path string
		minor      int64
	}{{"Shipment", "ProductCharges/OurPricePrincipal", o.total}, {"Shipment", "AmazonFees/Commission", o.fee}, {"Refund", "ProductCharges/OurPricePrincipal", o.refund}} {
		if part.minor == 0 || o.status != "SHIPPED" {
			continue
		}
		posting, amount := fmt.Sprintf("%s/%d", o.id, n), books.Money{Minor: part.minor, Currency: o.currency}
		fact := books.Fact{Connection: oddConnection, Source: books.Finances, Posting: posting, Scope: o.id, Order: o.id, SKU: o.sku, Marketplace: o.market,
			Type: part.kind, Path: part.path, Amount: amount, Quantity: 1, Posted: at, State: books.Released, Document: document}
		posted := store.FinancialTransaction{Connection: oddConnection, ID: posting, Type: part.kind, Status: "RELEASED", Posted: at, Total: amount, Document: document}
		if _, err := tx.PutTransaction(posted, []books.Fact{fact}); err != nil {
			return err
		}
	}
	return nil
}
