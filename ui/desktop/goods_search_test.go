package desktop

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"countinghouse/data/store"
)

// What is on screen is found, in the reader's language, and Amazon's own name for
// it too.
func TestGoodsFindsWhatIsShown(t *testing.T) {
	s, err := ordersEmptyBook(t)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC()
	today := now.Format(time.DateOnly)
	err = s.Book.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutConnection(store.Connection{ID: "eu", Region: "EU", Kind: store.KindAPI}, nil); err != nil {
			return err
		}
		told := func(line int) store.Told { return store.Told{Connection: "eu", Until: now, Line: line} }
		for i, r := range []store.CustomerReturn{
			{SKU: "A", Disposition: "CUSTOMER_DAMAGED", Reason: "UNWANTED_ITEM", Status: "Unit returned to inventory"},
			{SKU: "B", Disposition: "SELLABLE", Reason: "EATEN_BY_DOG", Status: "Unit returned to inventory"},
		} {
			r.Told, r.Channel, r.Order, r.Returned, r.Day, r.Units, r.Ordinal = told(i+2), "AMAZON", fmt.Sprint("304-", i), now, today, 1, 1
			if _, err := tx.PutCustomerReturn(r); err != nil {
				return err
			}
		}
		for i, age := range []string{"271-300 days", "365+ days"} {
			f := store.StorageFee{Told: told(i + 2), Kind: store.StorageAged, Period: today, SKU: "A", Tier: age, Currency: "EUR", Ordinal: 1}
			if _, err := tx.PutStorageFee(f); err != nil {
				return err
			}
		}
		_, err := tx.PutStockMove(store.StockMove{Told: told(2), Day: today, SKU: "A", Event: "WhseTransfers", Units: -1, Ordinal: 1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		language, view, text string
		want                 int
	}{
		{"ja", "returns", "による損傷", 1}, {"ja", "returns", "customer_dam", 1}, {"ja", "returns", "在庫に戻った", 2}, {"ja", "returns", "不要になった", 1},
		{"de", "returns", "ZURÜCK IM", 2}, {"de", "returns", "eaten", 1}, {"de", "returns", "verkäuflich", 1}, {"de", "returns", "不要になった", 0},
		{"zh-Hans", "moves", "库房转移", 1}, {"en", "moves", "transf", 1}, {"en", "moves", "lost", 0},
		{"de", "storage", "271–300 tage", 1}, {"ja", "storage", "271〜300日", 1}, {"de", "storage", "365 Tage und mehr", 1}, {"de", "storage", "tage", 2},
		{"en", "storage", "271-300", 1}, {"en", "storage", "301–330 days", 0},
	} {
		_, q, screen := goodsOpen(t, s, c.language, c.view)
		g := screen.goods
		test.Type(g.search, c.text)
		ordersSettle(t, q, func() bool { n, known := g.list.table.Count(); return g.ready && known && n == c.want })
	}
}
