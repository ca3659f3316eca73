package appsync

import (
	"context"
	"encoding/json"
	"time"

	"countinghouse/data/store"
)

// NoticeKind is what a Notice is about.
type NoticeKind string

// What matters enough to interrupt somebody.
const (
	NoticeRevoked        NoticeKind = "revoked"         // the authorisation was taken back, or it expired
	NoticeSecret         NoticeKind = "secret"          // Amazon refuses the client id or secret
	NoticeFailing        NoticeKind = "failing"         // orders could not be fetched for a day
	NoticeSecretExpires  NoticeKind = "secret-expires"  // the client secret has to be renewed soon
	NoticeConsentExpires NoticeKind = "consent-expires" // the authorisation has to be renewed soon
)

const (
	// failingFor is how long a sync fails before the user is told.
	failingFor = 24 * time.Hour
	// expiresSoon is how long before its end a date is told of.
	expiresSoon = 14 * 24 * time.Hour
)

// Notice is something about a connection that the seller has to act on.
type Notice struct {
	Connection string
	Kind       NoticeKind
	Since      time.Time // NoticeFailing and the states: since when
	Due        time.Time // dates: until when
	Reason     string    // the error's sentence, where there is one
}

// key names what a notice tells; it is told once, and again when it was mended
// in between.
func (n Notice) key() string {
	key := n.Connection + " " + string(n.Kind)
	if !n.Due.IsZero() {
		key += " " + n.Due.UTC().Format(time.DateOnly)
	}
	return key
}

// Notices lists what the seller has to act on now.
func Notices(ctx context.Context, b *store.Book, now time.Time) ([]Notice, error) {
	connections, err := b.Connections(ctx)
	if err != nil {
		return nil, err
	}
	states, err := b.SyncStates(ctx)
	if err != nil {
		return nil, err
	}
	dates, err := b.CredentialDates(ctx)
	if err != nil {
		return nil, err
	}
	var list []Notice
	for _, c := range connections {
		if c.Kind != store.KindAPI {
			continue
		}
		switch c.State {
		case store.StateRevoked:
			list = append(list, Notice{Connection: c.ID, Kind: NoticeRevoked, Since: c.StateAt, Reason: c.StateReason})
		case store.StateSecret:
			list = append(list, Notice{Connection: c.ID, Kind: NoticeSecret, Since: c.StateAt, Reason: c.StateReason})
		case store.StateActive:
			list = append(list, working(c, states, dates, now)...)
		}
	}
	return list, nil
}

// working lists the notices of a connection that Amazon lets in.
func working(c store.Connection, states []store.SyncState, dates []store.CredentialDate, now time.Time) []Notice {
	var list []Notice
	for _, s := range states {
		if s.Connection != c.ID || s.Resource != nameOrders || s.Error == "" {
			continue
		}
		since := later(s.OK, c.Created)
		if s.ErrorAt.Sub(since) >= failingFor {
			list = append(list, Notice{Connection: c.ID, Kind: NoticeFailing, Since: since, Reason: s.Error})
		}
	}
	kinds := map[string]NoticeKind{store.SecretDate: NoticeSecretExpires, store.ConsentDate: NoticeConsentExpires}
	for _, d := range dates {
		if d.Connection == c.ID && d.Due.Sub(now) <= expiresSoon {
			list = append(list, Notice{Connection: c.ID, Kind: kinds[d.Kind], Due: d.Due})
		}
	}
	return list
}

// noticedSetting holds the keys of the notices that were told.
const noticedSetting = "sync.noticed"

// tell tells of what is new to act on. What was told is kept in the book, so
// that nobody hears it again at the next start.
func (e *Engine) tell(ctx context.Context) error {
	if e.cfg.Notify == nil {
		return nil
	}
	list, err := Notices(ctx, e.cfg.Book, e.cfg.Now())
	if err != nil {
		return err
	}
	text, err := e.cfg.Book.Setting(ctx, noticedSetting)
	if err != nil {
		return err
	}
	told, now := map[string]bool{}, map[string]bool{}
	if text != "" && json.Unmarshal([]byte(text), &told) != nil {
		told = map[string]bool{}
	}
	for _, n := range list {
		now[n.key()] = true
	}
	after, err := json.Marshal(now)
	if err != nil {
		return err
	}
	if string(after) == text || text == "" && len(list) == 0 {
		return nil
	}
	err = e.cfg.Book.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(noticedSetting, string(after)) })
	if err != nil {
		return err
	}
	for _, n := range list {
		if !told[n.key()] {
			e.cfg.Notify(n)
		}
	}
	return nil
}
