package desktop

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
)

func TestACostListIsStoredWholeOrNotAtAll(t *testing.T) {
	book := newEmptySession(t).Book
	bad := "sku,marketplace,valid_from,unit_cost,currency\nA,Amazon.de,2026-01-01,3.25,EUR\nB,Nowhere,2026-01-01,3,EUR\nC,,2026-13-01,3,EUR\n"
	_, err := importCosts(t.Context(), book, strings.NewReader(bad))
	var rows errCostRows
	if !errors.As(err, &rows) || len(rows) != 2 || rows[0].Line != 3 || rows[1].Line != 4 {
		t.Fatalf("%+v, %v", rows, err)
	}
	if list, err := book.Costs(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("stored in spite of errors: %v, %v", list, err)
	}
	if n, err := importCosts(t.Context(), book, strings.NewReader(bad[:strings.Index(bad, "B,")])); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	list, err := book.Costs(t.Context())
	if err != nil || len(list) != 1 || list[0].Unit.String() != "3.25" || list[0].Marketplace != "A1PA6795UKMFR9" {
		t.Fatalf("%+v, %v", list, err)
	}
}

func TestSettingsTakeEffect(t *testing.T) {
	s := newEmptySession(t)
	e, q := newTestEnv(t, s, "en")
	var went []string
	e.show = func(r route) { went = append(went, r.Screen) }
	p := newSettings(e).(*settingsScreen)
	e.window.SetContent(p.build())
	defer p.close()
	p.load(route{})
	q.drain()
	var dark, japanese *parts.Chip
	eachChip(e, func(c *parts.Chip, word string) {
		switch word {
		case "Dark":
			dark = c
		case "日本語":
			japanese = c
		}
	})
	dark.OnTapped()
	q.drain()
	japanese.OnTapped()
	q.drain()
	if l := readLook(t.Context(), s.Book); l.Theme != "dark" || l.Language != "ja" {
		t.Errorf("kept: %+v", l)
	}
	if len(went) != 2 || went[0] != "look" || went[1] != "look" {
		t.Errorf("the frame heard %v", went)
	}
	notFont := filepath.Join(t.TempDir(), "x.ttf")
	if err := os.WriteFile(notFont, []byte("no font"), 0o600); err != nil {
		t.Fatal(err)
	}
	if checkFont(notFont) == nil {
		t.Error("any file passes for a font")
	}
}

func TestWaysToUnlock(t *testing.T) {
	s := newEmptySession(t)
	e, q := newTestEnv(t, s, "en")
	said := ""
	e.notify = func(sentence string) { said = sentence }
	p := newSettings(e).(*settingsScreen)
	e.window.SetContent(p.build())
	defer p.close()
	p.load(route{})
	q.drain()

	// The only one cannot be removed.
	p.askRemove(p.facts.slots[0])
	press(t, e, "Remove")
	q.drain()
	if len(s.Vault.Slots()) != 1 || !strings.Contains(said, "at least one") {
		t.Errorf("slots %d, said %q", len(s.Vault.Slots()), said)
	}

	// A new recovery code is confirmed by typing it back.
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Vault.ReplaceRecovery(t.Context(), "x", code); err != nil {
		t.Fatal(err)
	}
	if s.Confirmed() {
		t.Fatal("confirmed before it was typed")
	}
	p.askConfirm()
	typeInto(t, e, "AAAA")
	press(t, e, "Check")
	q.drain()
	if s.Confirmed() {
		t.Error("a typing error confirms")
	}
	typeInto(t, e, code.Reveal())
	press(t, e, "Check")
	q.drain()
	if !s.Confirmed() {
		t.Error("the code does not confirm")
	}
	if done, err := s.Book.AuditPage(t.Context(), false, 0, 1); err != nil || done[0].Action != "slot" {
		t.Errorf("not audited: %+v, %v", done, err)
	}
}

func TestDisconnectingForgetsTheSecrets(t *testing.T) {
	s := newEmptySession(t)
	if err := s.Book.Write(t.Context(), func(tx *store.Tx) error {
		return tx.PutConnection(store.Connection{ID: "eu", Region: "EU", Kind: store.KindAPI}, store.Sealed{"refresh_token": []byte("sealed")})
	}); err != nil {
		t.Fatal(err)
	}
	e, q := newTestEnv(t, s, "en")
	p := newSettings(e).(*settingsScreen)
	e.window.SetContent(p.build())
	defer p.close()
	p.load(route{})
	q.drain()
	press(t, e, "Disconnect")
	press(t, e, "Disconnect") // the question's
	q.drain()
	sealed, err := s.Book.SealedSecrets(t.Context(), "eu")
	if err != nil || len(sealed) != 0 {
		t.Errorf("%d secrets left, %v", len(sealed), err)
	}
	if c, err := s.Book.Connection(t.Context(), "eu"); err != nil || c.State != store.StateRevoked {
		t.Errorf("%+v, %v", c, err)
	}
	if !strings.Contains(textOn(e), "Connect again") {
		t.Error("the screen does not offer to connect again")
	}
}

// When secret and authorisation end is shown, and counted from the days that
// the seller enters.
func TestTheDaysOfSecretAndConsentAreEntered(t *testing.T) {
	s := newEmptySession(t)
	if err := s.Book.Write(t.Context(), func(tx *store.Tx) error {
		return tx.PutConnection(store.Connection{ID: "eu", Region: "EU", Kind: store.KindAPI}, store.Sealed{"refresh_token": []byte("sealed")})
	}); err != nil {
		t.Fatal(err)
	}
	e, q := newTestEnv(t, s, "en")
	p := newSettings(e).(*settingsScreen)
	e.window.SetContent(p.build())
	defer p.close()
	p.load(route{})
	q.drain()
	if !strings.Contains(textOn(e), "Client secret good until") {
		t.Errorf("the screen does not say until when:\n%s", textOn(e))
	}
	press(t, e, "Dates")
	typeInto(t, e, "2999-01-01")
	press(t, e, "Save")
	if !strings.Contains(textOn(e), "today or earlier") {
		t.Error("a day to come was taken")
	}
	typeInto(t, e, "2026-01-02")
	press(t, e, "Save")
	q.drain()
	if !strings.Contains(textOn(e), e.loc.Date(time.Date(2026, 7, 1, 0, 0, 0, 0, time.Local))) {
		t.Errorf("the end is not counted from the day that was entered:\n%s", textOn(e))
	}
}
