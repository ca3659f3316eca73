package desktop

import (
	"strings"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
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
	Step                 appsync.Step // what comes next, by the plan
	Missing              []appsync.MissingReport
}

// timelineRows puts together what the book knows of each source, in the order
// of the sync; missing is by connection. Connections fed by files only have no sync
// and are left out.
func timelineRows(connections []store.Connection, states []store.SyncState, runs []store.Run, plan appsync.Plan,
	missing map[string][]appsync.MissingReport) []timelineRow {
	type key struct{ connection, resource string }
	state, run := map[key]store.SyncState{}, map[key]store.Run{}
	for _, s := range states {
		state[key{s.Connection, s.Resource}] = s
	}
	for _, r := range runs {
		run[key{r.Connection, r.Resource}] = r
	}
	step := map[key]appsync.Step{}
	for _, s := range plan.Steps {
		step[key{s.Connection, s.Resource}] = s
	}
	var out []timelineRow
	for _, c := range connections {
		if c.Kind != store.KindAPI {
			continue
		}
		for _, res := range appsync.All() {
			k := key{c.ID, res.Name()}
			s := state[k]
			var lacks []appsync.MissingReport
			for _, m := range missing[c.ID] {
				if m.Resource == k.resource {
					lacks = append(lacks, m)
				}
			}
			out = append(out, timelineRow{
				Connection: c.ID, Resource: res.Name(), Until: s.Until, OK: s.OK, Error: s.Error, ErrorAt: s.ErrorAt,
				Run: run[k], ConnState: c.State, ConnReason: c.StateReason, Step: step[k], Missing: lacks,
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
		return t.words.T("timeline.state.stopped"), parts.Loss, whyOf(t.words, r.ConnReason)
	case r.ConnState == store.StatePaused:
		return t.words.T("timeline.state.paused"), parts.Hint, ""
	case r.Run.Result == "running" && r.Run.Ended.IsZero() && t.now.Sub(r.Run.Started) < timelineStale:
		return t.words.T("timeline.state.running"), parts.Accent, ""
	case r.Error != "":
		why = whyOf(t.words, r.Error)
		return why, parts.Warn, why
	case len(r.Missing) > 0:
		return t.missing(r), parts.Warn, ""
	case r.OK.IsZero():
		return t.words.T("timeline.state.never"), parts.Hint, ""
	}
	return t.words.T("timeline.state.ok"), parts.Gain, ""
}

// missing names what Amazon keeps failing to make.
func (t timelineText) missing(r timelineRow) string {
	var periods []string
	for _, m := range r.Missing {
		if !m.To.IsZero() {
			periods = append(periods, t.loc.Range(m.From.UTC(), m.To.UTC()))
		}
	}
	if len(periods) == 0 {
		return t.words.T("timeline.missing.report")
	}
	return t.words.T("timeline.missing.days", strings.Join(periods, "; "))
}

// whyOf tells in the reader's language what the sync noted about a failure. The
// evidence, such as Amazon's own words, stays as it is; so does what this
// program has no sentence for.
func whyOf(words *i18n.Words, noted string) string {
	for _, c := range spapi.Classes() {
		key := "timeline.why." + c.Name
		_, evidence, found := strings.Cut(noted, c.Error())
		if text := words.T(key); found && text != key {
			return text + evidence
		}
	}
	if key, ok := timelineNoted[noted]; ok {
		return words.T(key)
	}
	return noted
}

// timelineNoted are sentences of the sync that tell of no failing call.
var timelineNoted = map[string]string{
	"stopped; the next run goes on from here": "timeline.why.stopped",
	session.Disconnected:                      "timeline.why.disconnected",
}

// timelineStale is when a run that never ended is taken for killed.
const timelineStale = 6 * time.Hour

// next says when the source is asked again, or when what it fetches now is
// there at the earliest.
func (t timelineText) next(r timelineRow) string {
	if r.ConnState == store.StateRevoked || r.ConnState == store.StateSecret {
		return t.words.T("timeline.next.reconnect")
	}
	switch s := r.Step; s.Why {
	case appsync.WhyPaused:
		return t.words.T("timeline.state.paused")
	case appsync.WhyLimit:
		return t.loc.Until(s.Ends, t.now)
	case appsync.WhyBehind:
		return t.words.T("timeline.next.behind", t.words.T("timeline.resource."+s.Behind[0]))
	case appsync.WhyFresh, appsync.WhyRetry:
		return t.loc.Until(s.Begins, t.now)
	}
	return t.words.T("timeline.next.sync")
}

// wait says which limit of Amazon's the source waits for; empty when none
// holds it up.
func (t timelineText) wait(r timelineRow) string {
	w := r.Step.Wait
	if w == nil || r.Step.Why != appsync.WhyLimit {
		return ""
	}
	name := "timeline.call.other"
	if k := timelineCalls[w.Op]; k != "" {
		name = "timeline.call." + k
	}
	every := t.loc.Count(int64((w.Every + time.Second/2) / time.Second))
	return t.words.T("timeline.wait", every, t.words.T(name), t.loc.Count(int64(w.Calls)), t.loc.Count(int64(w.Ahead)))
}

// timelineCalls are the calls of Amazon's that have a word of their own.
var timelineCalls = map[spapi.Op]string{
	spapi.OpCreateReport: "create", spapi.OpGetReportDocument: "download", spapi.OpSearchOrders: "orders", spapi.OpTransactions: "transactions",
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
