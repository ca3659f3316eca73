package cli

import (
	"time"

	"countinghouse/data/store"
	"countinghouse/ui/session"
)

// renewals are the flags for the days from which Amazon's times run: a client
// secret is good for 180 days, an authorisation for a year.
type renewals struct {
	SecretMade string `help:"Day on which the client secret was made (default: when it is stored here)." placeholder:"YYYY-MM-DD"`
	Authorised string `help:"Day on which the application was authorised (default: when it is stored here)." placeholder:"YYYY-MM-DD"`
}

// renewalDays are the days that were given, by kind.
type renewalDays map[string]time.Time

// days reads the flags.
func (r renewals) days() (renewalDays, error) {
	days := renewalDays{}
	for kind, flag := range map[string][2]string{store.SecretDate: {"--secret-made", r.SecretMade}, store.ConsentDate: {"--authorised", r.Authorised}} {
		if flag[1] == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, flag[1], time.Local)
		if err != nil {
			return nil, usage("%s %q: write the day as 2026-03-01", flag[0], flag[1])
		}
		if err := session.CheckCredentialDate(day, time.Now()); err != nil {
			return nil, usage("%s %q: %v", flag[0], flag[1], err)
		}
		days[kind] = day
	}
	return days, nil
}

func (d renewalDays) store(a *app, s *session.Session, id string) error {
	for kind, day := range d {
		if err := s.SetCredentialDate(a.ctx, id, kind, day); err != nil {
			return err
		}
	}
	return nil
}

type datesVerb struct {
	ID string `arg:"" help:"The connection."`
	renewals
}

func (v *datesVerb) Run(a *app) error {
	days, err := v.days()
	if err != nil {
		return err
	}
	if len(days) == 0 {
		return usage("give --secret-made, --authorised or both")
	}
	return a.with(func(s *session.Session) error {
		if err := days.store(a, s, v.ID); err != nil {
			return err
		}
		list, err := renewalsOf(a, s)
		if err != nil {
			return err
		}
		if a.g.JSON {
			return writeJSON(a.io.Out, list[v.ID])
		}
		return renewalSheet([]connectionJSON{{ID: v.ID, Renewals: list[v.ID]}}).write(a.io.Out, formatTable)
	})
}

// renewalJSON is a credential with the end of Amazon's time for it.
type renewalJSON struct {
	What     string `json:"what"` // secret or consent
	From     string `json:"from"` // YYYY-MM-DD
	Entered  bool   `json:"entered"`
	Due      string `json:"due"` // YYYY-MM-DD
	DaysLeft int    `json:"days_left"`
}

// renewalsOf reads what has to be renewed of each connection, the soonest first.
func renewalsOf(a *app, s *session.Session) (map[string][]renewalJSON, error) {
	dates, err := s.Book.CredentialDates(a.ctx)
	if err != nil {
		return nil, err
	}
	out := map[string][]renewalJSON{}
	for _, d := range dates {
		out[d.Connection] = append(out[d.Connection], renewalJSON{
			What: d.Kind, From: d.At.Local().Format(time.DateOnly), Entered: d.Entered, Due: d.Due.Local().Format(time.DateOnly), DaysLeft: daysLeft(d.Due, time.Now()),
		})
	}
	return out, nil
}

// daysLeft counts whole days; an end that is past gives less than zero.
func daysLeft(due, now time.Time) int {
	left := due.Sub(now)
	days := int(left / (24 * time.Hour))
	if left < 0 {
		days-- // of the day on which it ended
	}
	return days
}

func renewalSheet(connections []connectionJSON) *sheet {
	t := newSheet(left("connection"), left("renew"), left("before"), right("days left"), left("counted from"))
	words := map[string]string{store.SecretDate: "client secret", store.ConsentDate: "authorisation"}
	for _, c := range connections {
		id := c.ID
		for _, r := range c.Renewals {
			from := r.From + " (stored here)"
			if r.Entered {
				from = r.From
			}
			t.add(id, words[r.What], r.Due, number(int64(r.DaysLeft)), from)
			id = ""
		}
	}
	return t
}
