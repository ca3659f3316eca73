package desktop

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	appsync "countinghouse/sync"
)

// wanted are the sources behind each screen: they are fetched next when it is
// opened.
var wanted = map[string][]string{
	"overview":    {"orders", "finances", "inventory"},
	"orders":      {"orders", "recipients"},
	"inventory":   {"inventory", "listings"},
	"profit":      {"finances"},
	"lines":       {"finances"},
	"settlements": {"settlement", "finances"},
	"cash":        {"balances", "payouts"},
}

// want asks for what the user has just opened. What was fetched minutes ago is
// left as it is.
func (y *syncer) want(screen string) { y.wantSources(wanted[screen]) }

// wantSources asks for what a part of a screen shows.
func (y *syncer) wantSources(names []string) {
	if len(names) > 0 && y.done != nil {
		y.engine.Want(names...)
	}
}

// wantOrder asks for an order that the user has opened.
func (y *syncer) wantOrder(connection, id string) {
	if y.done != nil {
		y.engine.WantOrder(connection, id)
	}
}

// restLeast is the time between two runs at the least.
const restLeast = 10 * time.Second

// rest sleeps until a source is due or wanted; after a run that the user
// stopped, a while longer.
func (y *syncer) rest(ctx context.Context, stopped bool) {
	least := restLeast
	if stopped {
		least = appsync.Interval
	}
	if err := y.engine.Rest(ctx, least); err == nil || ctx.Err() != nil {
		return
	}
	t := time.NewTimer(appsync.Interval) // the book cannot be read; the next run says why
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// next is when a source is due, for the status line.
func (y *syncer) next(ctx context.Context, now time.Time) time.Time {
	at, err := y.engine.NextDue(ctx)
	if err != nil || at.Sub(now) < restLeast {
		return now.Add(restLeast)
	}
	return at
}

// notice shows what the seller has to act on, over the other windows. It may be
// called on any goroutine.
func (y *syncer) notice(n appsync.Notice) {
	d := y.f.d
	y.f.env.post(func() {
		if d.frame != y.f || d.p.App == nil {
			return
		}
		due := ""
		if !n.Due.IsZero() {
			due = d.loc.Date(n.Due.Local())
		}
		text := d.words.T("notice." + string(n.Kind))
		if due != "" {
			text = d.words.T("notice."+string(n.Kind), due)
		}
		d.p.App.SendNotification(fyne.NewNotification(d.words.T("notice.title", accountLabel(n.Connection)), text))
	})
}
