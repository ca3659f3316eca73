package desktop

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/session"
)

// memoryStore is a key store in memory.
type memoryStore map[string]string

func (m memoryStore) Get(_ context.Context, account string) (vault.Secret, error) {
	v, ok := m[account]
	if !ok {
		return vault.Secret{}, vault.ErrNotInKeyStore
	}
	return vault.NewSecret(v), nil
}

func (m memoryStore) Set(_ context.Context, account string, s vault.Secret) error {
	m[account] = s.Reveal()
	return nil
}

func (m memoryStore) Delete(_ context.Context, account string) error {
	if _, ok := m[account]; !ok {
		return vault.ErrNotInKeyStore
	}
	delete(m, account)
	return nil
}

// typeEach fills the entries of the window, from the top.
func typeEach(t *testing.T, e *env, q *queue, texts ...string) {
	t.Helper()
	var found []*parts.Entry
	for len(found) != len(texts) {
		if found != nil {
			q.run(t)
		}
		found = []*parts.Entry{}
		eachOn(e, func(o fyne.CanvasObject) {
			if entry, ok := o.(*parts.Entry); ok {
				found = append(found, entry)
			}
		})
	}
	for i, text := range texts {
		found[i].SetText(text)
	}
}

// The ways to open a book change only after proof; each new one opens the book,
// and each old one no more.
func TestWaysAreChangedAfterProof(t *testing.T) {
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	const first, second, third = "the first of my passphrases", "the second of my passphrases", "the third of my passphrases"
	place := session.Place{Home: store.Home(t.TempDir()), Keyring: memoryStore{}}
	s, err := session.Create(t.Context(), place, "Shop", session.Real, []vault.NewSlot{
		{Kind: vault.KindPassphrase, Label: "mine", Passphrase: vault.NewSecret(first)}, {Kind: vault.KindRecovery, Label: "paper", Recovery: code}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	e, q := newTestEnv(t, s, "en")
	p := newSettings(e).(*settingsScreen)
	e.window.SetContent(p.build())
	defer p.close()
	p.load(route{})
	q.drain()
	opens := func(by vault.Unlock) bool { return s.Vault.Prove(t.Context(), by) == nil }
	pass := func(text string) vault.Unlock { return vault.ByPassphrase(vault.NewSecret(text)) }

	// Without proof nothing is asked.
	press(t, e, "Change…")
	typeInto(t, e, "not my passphrase")
	press(t, e, "Next")
	until := func(ok func() bool) {
		t.Helper()
		for !ok() {
			q.run(t)
		}
	}
	until(func() bool { return strings.Contains(textOn(e), e.words.T("privacy.err.passphrase")) })
	typeInto(t, e, first)
	press(t, e, "Next")
	typeEach(t, e, q, second, second)
	said := ""
	e.notify = func(sentence string) { said = sentence }
	press(t, e, "Change")
	until(func() bool { return said == e.words.T("settings.slot.changed") })
	if opens(pass(first)) || !opens(pass(second)) {
		t.Fatal("the passphrase was not changed")
	}

	p.addSlot(vault.NewSlot{Kind: vault.KindKeychain, Label: "this computer"}, nil)
	until(func() bool { return said == e.words.T("settings.slot.added") && len(p.facts.slots) == 3 })
	if !opens(vault.ByKeychain()) {
		t.Fatal("the key store does not open the book")
	}
	said = ""
	p.askBoth()
	typeEach(t, e, q, third, third)
	press(t, e, "Require both")
	until(func() bool { return said == e.words.T("settings.slot.added") })
	var kinds []vault.Kind
	for _, slot := range s.Vault.Slots() {
		kinds = append(kinds, slot.Kind)
	}
	if !slices.Equal(kinds, []vault.Kind{vault.KindRecovery, vault.KindPassphraseKeychain}) || opens(vault.ByKeychain()) || opens(pass(second)) || !opens(pass(third)) {
		t.Errorf("both are not needed: %v", kinds)
	}
	if !opens(vault.ByRecoveryCode(code)) {
		t.Error("the recovery code opens the book no more")
	}
}
