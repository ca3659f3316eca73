package desktop

import (
	"net"
	"testing"

	"countinghouse/data/vault"
	"countinghouse/sync/spapifake"
	"countinghouse/ui/session"
)

// newTestBook is a book that talks to this computer only.
func newTestBook(t *testing.T, place session.Place) *session.Session {
	t.Helper()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.Create(t.Context(), place, "Shop", session.Test,
		[]vault.NewSlot{{Kind: vault.KindRecovery, Label: "test", Recovery: code}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// closedAddress is where nobody listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// Each way in which connecting fails has a sentence of its own, which says what
// to do, and leaves nothing in the book; the next try with the right values
// works.
func TestConnectingTellsFailuresApart(t *testing.T) {
	seller := spapifake.New(spapifake.Config{Seed: 3, Orders: 20, Days: 20, Speed: 100})
	if err := seller.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer seller.Close()
	v := newDrive(t, t.TempDir())
	book := newTestBook(t, v.p.Place)
	o, err := readOpened(t.Context(), book)
	if err != nil {
		t.Fatal(err)
	}
	v.enter(o, nil)
	defer v.Close()
	v.frame.show(route{Screen: "connect"})
	s := v.frame.built["connect"].screen.(*connectScreen)
	right := func() {
		c, at := seller.Credentials("NA"), seller.Endpoints()
		s.choose("NA")
		s.client.SetText(c.ClientID)
		s.secret.SetText(c.ClientSecret)
		s.token.SetText(c.RefreshToken)
		s.server.SetText(at.NA)
		s.login.SetText(at.Login)
	}
	fault := func(kind spapifake.FaultKind, op string) func() {
		return func() { seller.Inject(spapifake.Fault{Kind: kind, Operation: op, Times: -1}) }
	}
	const participations = "getMarketplaceParticipations"
	for _, c := range []struct {
		name, key string
		wrong     func()
	}{
		{"nothing pasted", "first.all_three", func() { s.secret.SetText("  ") }},
		{"wrong client", "first.error.client-secret", func() { s.client.SetText("amzn1.application-oa2-client.other") }},
		{"wrong secret", "first.error.client-secret", func() { s.secret.SetText("amzn1.oa2-cs.v1.other") }},
		{"revoked", "first.error.revoked", fault(spapifake.InvalidGrant, "getAccessToken")},
		{"wrong region", "first.error.region", func() { s.server.SetText(seller.Endpoints().EU) }},
		{"no role at all", "first.error.region", fault(spapifake.MissingRole, participations)},
		{"no network", "first.error.offline", func() { s.server.SetText(closedAddress(t)); s.login.SetText(closedAddress(t)) }},
		{"clock off", "first.error.clock", fault(spapifake.ClockOff, "")},
		{"sign-in page of a network", "first.error.malformed", fault(spapifake.HTMLPage, "")},
		{"redirect of a network", "first.error.redirect", fault(spapifake.Redirect, "")},
		{"Amazon down", "first.error.unavailable", fault(spapifake.ServerError, participations)},
		{"another computer", "first.error.testbook", func() { s.server.SetText("https://sellingpartnerapi-na.amazon.com") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			right()
			c.wrong()
			defer seller.ClearFaults()
			s.submit()
			v.until("an answer", func() bool { return !s.check.Disabled() })
			if got, want := s.sentence.label.Text, v.words.T(c.key); got != want {
				t.Errorf("says %q, want %q", got, want)
			}
			if all, err := book.Book.Connections(t.Context()); err != nil || len(all) != 0 {
				t.Errorf("stored %+v, %v", all, err)
			}
		})
	}
	right()
	s.submit()
	v.until("the connected account", func() bool { return v.frame.current.Screen != "connect" })
	if all, err := book.Book.Connections(t.Context()); err != nil || len(all) != 1 || all[0].ID != "na" {
		t.Errorf("stored %+v, %v", all, err)
	}
	v.frame.show(route{Screen: "connect"})
	if s = v.frame.built["connect"].screen.(*connectScreen); s.client.Text+s.secret.Text+s.token.Text != "" {
		t.Error("the secrets stay in their fields")
	}
}
