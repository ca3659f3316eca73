package desktop

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

// bookFacts are what the header and the status line know of a book. They are
// read again after each sync and import.
type bookFacts struct {
	First, Last string // days with orders or money; empty: none
	Markets     []markets.Marketplace
	Connected   bool // some account is signed in
	Orders      time.Time
	Money       time.Time // data are complete until here, over all accounts
	LastOK      time.Time // the newest run of a source that ended well
	Broken      string    // an account that Amazon refuses
}

// readFacts reads them.
func readFacts(ctx context.Context, book *store.Book) (f bookFacts, err error) {
	if f.First, f.Last, err = book.Span(ctx); err != nil {
		return f, err
	}
	connections, err := book.Connections(ctx)
	if err != nil {
		return f, err
	}
	for _, c := range connections {
		f.Connected = f.Connected || c.Kind == store.KindAPI
		if refusedByAmazon(c) && f.Broken == "" {
			f.Broken = c.ID
		}
		rows, err := book.Marketplaces(ctx, c.ID)
		if err != nil {
			return f, err
		}
		f.addMarkets(rows)
	}
	states, err := book.SyncStates(ctx)
	if err != nil {
		return f, err
	}
	for _, s := range states {
		if s.OK.After(f.LastOK) {
			f.LastOK = s.OK
		}
		switch s.Resource {
		case "orders":
			f.Orders = earlier(f.Orders, s.Until)
		case "finances":
			f.Money = earlier(f.Money, s.Until)
		}
	}
	return f, nil
}

// refusedByAmazon tells of an account that the user has to connect again. One
// that he paused or disconnected himself is as he wants it.
func refusedByAmazon(c store.Connection) bool {
	return c.Kind == store.KindAPI && (c.State == store.StateRevoked || c.State == store.StateSecret) && c.StateReason != session.Disconnected
}

func (f *bookFacts) addMarkets(rows []store.MarketplaceRow) {
	for _, r := range rows {
		m, known := markets.ByID(r.ID)
		if !known || !r.Participating || slices.ContainsFunc(f.Markets, func(o markets.Marketplace) bool { return o.ID == m.ID }) {
			continue
		}
		f.Markets = append(f.Markets, m)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// prefs are where the user was in a book, and how large the window was.
type prefs struct {
	Screen  string   `json:"screen,omitempty"`
	Period  period   `json:"period"`
	Markets []string `json:"markets,omitempty"` // none: all
	Width   float32  `json:"width,omitempty"`
	Height  float32  `json:"height,omitempty"`
	Narrow  bool     `json:"narrow,omitempty"` // the rail shows icons only
}

const prefsSetting = "window"

// firstScreen is the screen that was open last, else the first of the rail.
func (p prefs) firstScreen() string {
	if e, ok := screenOf(p.Screen); ok && e.rail {
		return p.Screen
	}
	return screens[0].id
}

// readPrefs reads them; what cannot be read is as on the first day.
func readPrefs(ctx context.Context, book *store.Book) prefs {
	p := prefs{Period: period{Preset: last30}}
	if text, err := book.Setting(ctx, prefsSetting); err == nil && text != "" {
		if json.Unmarshal([]byte(text), &p) != nil {
			return prefs{Period: period{Preset: last30}}
		}
	}
	if !p.Period.valid() {
		p.Period = period{Preset: last30}
	}
	return p
}

func savePrefs(ctx context.Context, book *store.Book, p prefs) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return book.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(prefsSetting, string(text)) })
}
