package desktop

import (
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

func TestTypedKits(t *testing.T) {
	for _, tc := range []struct {
		name, sku, parts, bad string
		want                  string
	}{
		{"two parts", " SET ", "MUG-1=2, SPOON = 4", "", "MUG-1=2, SPOON=4"},
		{"an equals sign in the name", "SET", "A=B=3", "", "A=B=3"},
		{"no name", "", "A=1", "sku", ""},
		{"no parts", "SET", " ", "parts", ""},
		{"no number", "SET", "A", "parts", ""},
		{"none of it", "SET", "A=0", "parts", ""},
		{"a part of one", "SET", "A=1.5", "parts", ""},
		{"as Japanese and Chinese keyboards type it", "SET", "MUG-1＝２、LID=1，BAG=3", "", "MUG-1=2, LID=1, BAG=3"},
		{"no part", "SET", "=2", "parts", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, bad := typedKit(map[string]string{"sku": tc.sku, "parts": tc.parts})
			switch {
			case tc.bad == "" && (len(bad) > 0 || kitText(r.parts) != tc.want || r.sku != "SET"):
				t.Errorf("%+v, %v", r, bad)
			case tc.bad != "" && (len(bad) != 1 || bad[0].Column != tc.bad):
				t.Errorf("problems %v, want one of %s", bad, tc.bad)
			}
		})
	}
}

// Kits and postage are typed on the screen of costs and stand there afterwards.
func TestCostsScreenKitsAndPostage(t *testing.T) {
	s := newEmptySession(t)
	f, settle := frameOver(t, s, "en")
	f.show(route{Screen: "costs"})
	settle()
	screen := f.built["costs"].screen.(*costsScreen)
	screen.choose(tabKits)
	screen.askKit(kitRow{sku: "SET", parts: []books.Part{{SKU: "MUG-1", Units: 2}}})
	press(t, f.env, "Save")
	settle()
	if k := screen.facts.kits; len(k) != 1 || k[0].sku != "SET" || kitText(k[0].parts) != "MUG-1=2" {
		t.Errorf("kits %+v", k)
	}
	screen.choose(tabPostage)
	rate, bad := typedPostage(map[string]string{"postage": "4,99", "packing": "0.35", "currency": "EUR", "marketplace": "Amazon.de"})
	if len(bad) > 0 || rate.SKU != "" || rate.Postage.String() != "4.99" {
		t.Fatalf("%+v, %v", rate, bad)
	}
	if _, bad := typedPostage(map[string]string{"postage": "-1", "currency": "EUR"}); len(bad) != 1 || bad[0].Column != "postage" {
		t.Errorf("below zero: %v", bad)
	}
	screen.askPostage(rate)
	press(t, f.env, "Save")
	settle()
	if p := screen.facts.postage; len(p) != 1 || p[0].Packing.String() != "0.35" || p[0].Marketplace != "A1PA6795UKMFR9" {
		t.Errorf("postage %+v", p)
	}
	ordersShoot(t, f.env, "costs-postage")
	screen.askPostage(store.PostageRate{Marketplace: rate.Marketplace, Currency: "EUR", Postage: rate.Postage})
	press(t, f.env, "Remove")
	settle()
	if n := len(screen.facts.postage); n != 0 {
		t.Errorf("%d rates after it was removed", n)
	}
}
