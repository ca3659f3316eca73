package desktop

import (
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// timelineRow is one source of data of one connection.
type timelineRow struct {
	Connection, Resource string
	Until, OK            time.Time // zero: never
	Error                string
	ErrorAt              time.Time
	Run                  store.Run // the newest, zero when none is known
	ConnState            string    // of the connection
	ConnReason           string
}

// timelineRows puts together what the book knows of each source, in the order
// of the sync. Connections fed by files only have no sync and are left out.
func timelineRows(connections []store.Connection, states []store.SyncState, runs []store.Run) []timelineRow {
	type key struct{ connection, resource string }
	state, run := map[key]store.SyncState{}, map[key]store.Run{}
	for _, s := range states {
		state[key{s.Connection, s.Resource}] = s
	}
	for _, r := range runs {
		run[key{r.Connection, r.Resource}] = r
	}
	var out []timelineRow
	for _, c := range connections {
		if c.Kind != store.KindAPI {
			continue
		}
		for _, res := range appsync.All() {
			k := key{c.ID, res.Name()}
			s := state[k]
			out = append(out, timelineRow{
				Connection: c.ID, Resource: res.Name(), Until: s.Until, OK: s.OK, Error: s.Error, ErrorAt: s.ErrorAt,
				Run: run[k], ConnState: c.State, ConnReason: c.StateReason,
			})
		}
	}
	return out
}

// timelineText writes the rows.
type timelineText struct {
	loc   *format.Locale
	words *i18n.Words
	now   time.Time
}

func (t timelineText) resource(r timelineRow) string {
	return t.words.T("timeline.resource." + r.Resource)
}

// state is a word with its tone, and the sentence behind it where there is one.
func (t timelineText) state(r timelineRow) (word string, tone parts.Tone, why string) {
	switch {
	case r.ConnState == store.StateRevoked || r.ConnState == store.StateSecret:
		return t.words.T("timeline.state.stopped"), parts.Loss, r.ConnReason
	case r.Run.Result == "running" && r.Run.Ended.IsZero() && t.now.Sub(r.Run.Started) < timelineStale:
		return t.words.T("timeline.state.running"), parts.Accent, ""
	case r.Error != "":
		return r.Error, parts.Warn, r.Error
	case r.OK.IsZero():
		return t.words.T("timeline.state.never"), parts.Hint, ""
	}
	return t.words.T("timeline.state.ok"), parts.Gain, ""
}

// timelineStale is when a run that never ended is taken for killed.
const timelineStale = 6 * time.Hour

// next says when the source is asked again.
func (t timelineText) next(r timelineRow) string {
	if r.ConnState == store.StateRevoked || r.ConnState == store.StateSecret {
		return t.words.T("timeline.next.reconnect")
	}
	last := r.OK
	if r.ErrorAt.After(last) {
		last = r.ErrorAt
	}
	if last.IsZero() || !last.Add(appsync.Interval).After(t.now) {
		return t.words.T("timeline.next.sync")
	}
	return t.loc.Until(last.Add(appsync.Interval), t.now)
}

// rows is how many rows the newest run fetched.
func (t timelineText) rows(r timelineRow) string {
	if r.Run.Started.IsZero() {
		return format.Unknown
	}
	return t.loc.Count(r.Run.Rows)
}

// took is how long the newest run took, in seconds; less than one is "<1".
func (t timelineText) took(r timelineRow) string {
	if r.Run.Started.IsZero() || r.Run.Ended.IsZero() {
		return format.Unknown
	}
	if took := r.Run.Ended.Sub(r.Run.Started); took >= time.Second {
		return t.loc.Count(int64(took.Round(time.Second) / time.Second))
	}
	return "<1"
}

// timelineSummary counts the sources by how they are.
func timelineSummary(text timelineText, rows []timelineRow) (good, bad int) {
	for _, r := range rows {
		switch _, tone, _ := text.state(r); tone {
		case parts.Gain, parts.Accent:
			good++
		case parts.Warn, parts.Loss:
			bad++
		}
	}
	return good, bad
}
