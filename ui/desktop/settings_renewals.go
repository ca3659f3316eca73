package desktop

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

// renewalText says until when a connection's secret and authorisation are good;
// empty when nobody knows.
func (s *settingsScreen) renewalText(id string) string {
	due := map[string]time.Time{}
	for _, d := range s.facts.renewals {
		if d.Connection == id {
			due[d.Kind] = d.Due
		}
	}
	secret, consent := due[store.SecretDate], due[store.ConsentDate]
	if secret.IsZero() || consent.IsZero() {
		return ""
	}
	return s.e.words.T("settings.renew.until", s.e.loc.Date(secret.Local()), s.e.loc.Date(consent.Local()))
}

// askRenewals asks from which days Amazon's times run.
func (s *settingsScreen) askRenewals(c store.Connection) {
	t := s.e.words.T
	entries := map[string]*parts.Entry{store.SecretDate: parts.NewEntry(), store.ConsentDate: parts.NewEntry()}
	for _, d := range s.facts.renewals {
		if d.Connection == c.ID && entries[d.Kind] != nil {
			entries[d.Kind].SetText(d.At.Local().Format(time.DateOnly))
		}
	}
	problem := parts.NewLabel("", theme.TextCaption, parts.Loss)
	var m *modal
	keep := func() {
		days := map[string]time.Time{}
		for kind, e := range entries {
			day, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(e.Text), time.Local)
			if err != nil || session.CheckCredentialDate(day, time.Now()) != nil {
				problem.SetText(t("settings.renew.bad"), parts.Loss)
				return
			}
			days[kind] = day
		}
		m.hide()
		s.change(t("settings.renew.done", accountLabel(c.ID)), func(ctx context.Context) error {
			for kind, day := range days {
				if err := s.e.s.SetCredentialDate(ctx, c.ID, kind, day); err != nil {
					return err
				}
			}
			return nil
		})
	}
	form := container.NewVBox(flushText(t("settings.renew.text"), parts.Muted), field(t("settings.renew.secret"), entries[store.SecretDate]),
		field(t("settings.renew.consent"), entries[store.ConsentDate]), problem)
	m = newModal(s.e, t("settings.renew.title", accountLabel(c.ID)), form, fyne.NewSize(480, 380),
		parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() }), parts.NewButton(t("settings.renew.save"), parts.Primary, keep))
	m.show()
	s.e.window.Canvas().Focus(entries[store.SecretDate])
}
