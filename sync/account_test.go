package appsync_test

import (
	"testing"

	"countinghouse/sync/spapifake"
)

// The selling plan is in the book, and what each source taught about the roles:
// one that was refused for its role, the others granted. The contact person is
// nowhere.
func TestAccountAndRoles(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, small)
		b := newBook(t, s)
		s.Inject(spapifake.Fault{Operation: "getCompetitiveSummary", Connection: "NA", Kind: spapifake.MissingRole, Times: -1})
		s.Inject(spapifake.Fault{Operation: "searchCatalogItems", Connection: "NA", Kind: spapifake.BadInput, Times: -1})
		if got := failed(once(t, engineNA(b, s))); len(got) != 2 {
			t.Fatalf("failures %v", got)
		}
		list, err := b.Accounts(t.Context())
		if err != nil || len(list) != 1 || list[0].SellingPlan != "PROFESSIONAL" || list[0].BusinessType != "PRIVATE_LIMITED" {
			t.Errorf("%+v %v", list, err)
		}
		access, err := b.Access(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		granted := map[string]bool{}
		for _, a := range access {
			granted[a.Resource] = a.Granted
		}
		if g, told := granted["prices"]; g || !told {
			t.Errorf("prices: %v %v", g, told)
		}
		if _, told := granted["catalog"]; told || !granted["orders"] || !granted["participations"] || len(granted) < 10 {
			t.Errorf("%v", granted)
		}
		s.ClearFaults()
		syncNA(t, b, s)
		if n := sum(t, b, `SELECT count(*) FROM access WHERE granted = 0`); n != 0 {
			t.Errorf("%d sources are refused still", n)
		}
		n := eachText(t, b, `SELECT body FROM document WHERE body LIKE '%Perpetua%' UNION ALL SELECT business_type FROM account WHERE business_type LIKE '%Perpetua%'`, 1, func([]string) {})
		if n != 0 {
			t.Error("the contact person is kept")
		}
	})
}
