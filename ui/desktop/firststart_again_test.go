package desktop

import (
	"testing"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/sync/spapifake"
	"countinghouse/ui/session"
)

// An account that Amazon refuses is one press away from the guided page, which
// is of that account: of its region, under its name, so that its data are not
// counted twice. With the new token it works again.
func TestARefusedAccountIsConnectedAgain(t *testing.T) {
	seller := spapifake.New(spapifake.Config{Seed: 3, Orders: 20, Days: 20, Speed: 100})
	if err := seller.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer seller.Close()
	v := newDrive(t, t.TempDir())
	book := newTestBook(t, v.p.Place)
	c, at := seller.Credentials("EU"), seller.Endpoints()
	if _, err := book.Connect(t.Context(), session.Connection{
		ID: "tea", Region: "EU", SellerID: "A1TEA", ClientID: vault.NewSecret(c.ClientID), ClientSecret: vault.NewSecret(c.ClientSecret),
		RefreshToken: vault.NewSecret(c.RefreshToken), Endpoint: at.EU, LoginEndpoint: at.Login,
	}); err != nil {
		t.Fatal(err)
	}
	seller.Revoke("EU")
	o, err := readOpened(t.Context(), book)
	if err != nil {
		t.Fatal(err)
	}
	v.enter(o, nil)
	defer v.Close()
	f := v.frame
	v.until("the status line to tell", func() bool { return f.facts.Broken == "tea" && !f.sync.model.running })
	if got, want := f.sync.status().Sentence, v.words.T("frame.refused", "tea"); got != want {
		t.Errorf("the status line says %q, want %q", got, want)
	}
	all, err := book.Book.Connections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	needs := overviewTexts{w: v.words, l: v.loc, now: v.p.Now()}.needs(&overviewData{Currency: "EUR", Facts: overviewFacts{Connections: all}})
	if len(needs) != 1 || needs[0].Route != (route{Screen: "connect", Account: "tea"}) {
		t.Fatalf("the overview leads to %+v", needs)
	}
	f.show(needs[0].Route)
	s := f.built["connect"].screen.(*connectScreen)
	v.until("the account's own page", func() bool { return s.region == "EU" && s.server.Text == at.EU && s.seller.Text == "A1TEA" })
	if got, want := s.lead.Text, v.words.T("connect.again", "tea"); !s.leadBox.Visible() || s.regions.On()[0] != "EU" || len(got) < len(want) {
		t.Errorf("the page of %v says %q", s.regions.On(), got)
	}
	s.client.SetText(c.ClientID)
	s.secret.SetText(c.ClientSecret)
	s.token.SetText(c.RefreshToken)
	s.submit()
	v.until("an answer", func() bool { return !s.check.Disabled() })
	if got, want := s.sentence.label.Text, v.words.T("first.error.revoked"); got != want {
		t.Errorf("of an old token it says %q, want %q", got, want)
	}
	f.reload() // as a sync beside it does
	if s.sentence.label.Text == "" || s.client.Text == "" {
		t.Error("reading the book again takes away what the page said, or what was typed")
	}
	seller.Restore("EU")
	s.submit()
	v.until("the account at work", func() bool { return f.current.Screen != "connect" })
	all, err = book.Book.Connections(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != "tea" || all[0].State != store.StateActive {
		t.Errorf("the book has %+v, %v", all, err)
	}

	// What the user ended himself needs nobody.
	if err := book.Disconnect(t.Context(), "tea"); err != nil {
		t.Fatal(err)
	}
	if facts, err := readFacts(t.Context(), book.Book); err != nil || facts.Broken != "" {
		t.Errorf("a disconnected account is told as refused: %q, %v", facts.Broken, err)
	}
	// Another region is another account, and stays so when the book is read again.
	tea := func() {
		t.Helper()
		f.show(route{Screen: "connect", Account: "tea"})
		v.until("the account's page", func() bool { return s.account == "tea" && s.region == "EU" && s.seller.Text == "A1TEA" })
	}
	tea()
	s.regions.OnChange([]string{"NA"})
	s.client.SetText("typed")
	f.reload() // as the end of a sync does
	s.reads.wg.Wait()
	for len(v.calls) > 0 {
		(<-v.calls)()
	}
	if s.account != "" || s.leadBox.Visible() || s.region != "NA" || s.seller.Text+s.server.Text+s.login.Text != "" || s.client.Text != "typed" {
		t.Errorf("another region connects %q in %s, seller %q at %q", s.account, s.region, s.seller.Text, s.server.Text)
	}
	tea() // the same link again
	if s.client.Text != "" {
		t.Errorf("what was typed for another account is there: %q", s.client.Text)
	}

	// The page of no account has nothing of one that was there before.
	s.secret.SetText("typed")
	f.show(route{Screen: "timeline"})
	f.show(route{Screen: "connect"})
	if left := s.client.Text + s.secret.Text + s.token.Text + s.seller.Text + s.server.Text + s.login.Text; left != "" || s.region != "NA" || s.leadBox.Visible() {
		t.Errorf("another account in %s begins with %q", s.region, left)
	}
	s.seller.SetText("A2")
	f.reload()
	if s.seller.Text != "A2" {
		t.Error("reading the book again takes away what was typed")
	}
}
