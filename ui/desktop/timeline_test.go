package desktop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

func TestTimelineStates(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	text := timelineText{format.For("en"), i18n.For("en"), now}
	good := timelineRow{ConnState: store.StateActive, OK: now.Add(-2 * time.Minute),
		Step: appsync.Step{Why: appsync.WhyFresh, Begins: now.Add(3 * time.Minute)}}
	with := func(change func(*timelineRow)) timelineRow { r := good; change(&r); return r }
	for _, c := range []struct {
		name string
		row  timelineRow
		word string
		tone parts.Tone
		next string
	}{
		{"well", good, "Up to date", parts.Gain, "in 3 min"},
		{"overdue", with(func(r *timelineRow) { r.OK, r.Step.Why = now.Add(-time.Hour), appsync.WhyNow }), "Up to date", parts.Gain, "with the next sync"},
		{"days missing", with(func(r *timelineRow) { r.Missing = []appsync.MissingReport{lacking(2), lacking(10)} }),
			"Amazon keeps failing to make the report of 2 – 30 Jan 2026; 10 – 30 Jan 2026. These days are missing; it is asked for again.", parts.Warn, "in 3 min"},
		{"a report missing", with(func(r *timelineRow) { r.Missing = []appsync.MissingReport{{Resource: "restock"}} }),
			"Amazon keeps failing to make this report. It is asked for again.", parts.Warn, "in 3 min"},
		{"missing, and failed", with(func(r *timelineRow) { r.Missing, r.Error = []appsync.MissingReport{lacking(2)}, "no network" }), "no network", parts.Warn, "in 3 min"},
		{"never", with(func(r *timelineRow) { r.OK, r.Step.Why = time.Time{}, appsync.WhyNow }), "Never synced", parts.Hint, "with the next sync"},
		{"failed after it went well", with(func(r *timelineRow) {
			r.Error, r.ErrorAt = "no network", now.Add(-time.Minute)
			r.Step = appsync.Step{Why: appsync.WhyRetry, Begins: now.Add(4 * time.Minute)}
		}), "no network", parts.Warn, "in 4 min"},
		{"paused", with(func(r *timelineRow) { r.ConnState, r.Step = store.StatePaused, appsync.Step{Why: appsync.WhyPaused} }), "Paused", parts.Hint, "Paused"},
		{"held up", with(func(r *timelineRow) { r.Step = limited(now) }), "Up to date", parts.Gain, "in 12 min"},
		{"behind", with(func(r *timelineRow) { r.Step = appsync.Step{Why: appsync.WhyBehind, Behind: []string{"finances"}} }), "Up to date", parts.Gain, "after: Money (transactions)"},
		{"revoked", with(func(r *timelineRow) { r.ConnState = store.StateRevoked; r.ConnReason = "gone" }), "Stopped", parts.Loss, "after connecting again"},
		{"running", with(func(r *timelineRow) { r.Run = store.Run{Started: now.Add(-time.Minute), Result: "running"} }), "Running now", parts.Accent, "in 3 min"},
		{"killed long ago", with(func(r *timelineRow) { r.Run = store.Run{Started: now.Add(-24 * time.Hour), Result: "running"} }), "Up to date", parts.Gain, "in 3 min"},
	} {
		word, tone, _ := text.state(c.row)
		if next := text.next(c.row); word != c.word || tone != c.tone || next != c.next {
			t.Errorf("%s: %q %v, next %q", c.name, word, tone, next)
		}
	}
	if got, want := text.wait(timelineRow{Step: limited(now)}), "Every 60 seconds Amazon allows one report request; 4 to make, 14 ahead."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := text.wait(good); got != "" {
		t.Errorf("nothing holds it up: %q", got)
	}
	if appsync.Interval != 5*time.Minute {
		t.Error("the words and cases here tell of five minutes")
	}
}

func lacking(from int) appsync.MissingReport {
	day := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	return appsync.MissingReport{Resource: "ledger", From: day(from), To: day(30)}
}

// What the sync notes of a failing call is told in the reader's language, with
// the evidence as it came.
func TestTimelineTellsWhy(t *testing.T) {
	for _, tag := range format.Tags() {
		words, seen := i18n.For(tag), map[string]string{}
		for _, c := range spapi.Classes() {
			err := fmt.Errorf("read orders: %w", &spapi.Error{Op: spapi.OpSearchOrders, Class: c, Status: 403, Code: "Denied", RequestID: "7"})
			text := whyOf(words, err.Error())
			if strings.Contains(text, c.Error()) || !strings.HasSuffix(text, " ("+string(spapi.OpSearchOrders)+", HTTP 403, Denied, request id 7)") || seen[text] != "" {
				t.Errorf("%s: %s (as of %s) says %q", tag, c.Name, seen[text], text)
			}
			seen[text] = c.Name
		}
		for noted, key := range timelineNoted {
			if text := whyOf(words, noted); text != words.T(key) || text == key || text == noted {
				t.Errorf("%s: %q says %q", tag, noted, text)
			}
		}
	}
	if text := whyOf(i18n.For("de"), "disk is full"); text != "disk is full" {
		t.Error(text)
	}
}

// limited is a step that Amazon's limit of report requests holds up.
func limited(now time.Time) appsync.Step {
	return appsync.Step{Why: appsync.WhyLimit, Begins: now, Ends: now.Add(12 * time.Minute),
		Wait: &appsync.Wait{Op: spapi.OpCreateReport, Every: 59_880_239_521, Calls: 4, Ahead: 14}}
}

func TestTimelineOfTheDemo(t *testing.T) {
	e, q := newTestEnv(t, demoSession(t), "en")
	s := newTimeline(e).(*timelineScreen)
	e.window.SetContent(s.build())
	defer s.close()
	s.load(route{})
	q.drain()
	if want := 3 * len(appsync.All()); len(s.rows) != want {
		t.Fatalf("%d rows, want %d", len(s.rows), want)
	}
	for _, r := range s.rows {
		if fetched := slices.Contains(demoSources, r.Resource); r.OK.IsZero() == fetched || r.Error != "" || fetched && r.Run.Result != "done" {
			t.Errorf("%s %s: %+v", r.Connection, r.Resource, r)
		}
		if name := (timelineText{e.loc, e.words, e.now()}).resource(r); strings.HasPrefix(name, "timeline.") {
			t.Errorf("%s has no name", r.Resource)
		}
	}
	s.tell(timelineText{e.loc, e.words, e.now()}, s.rows[0])
	if !strings.Contains(textOn(e), "Marketplaces · ") {
		t.Errorf("the detail: %s", textOn(e))
	}
	filesOnly := timelineRows([]store.Connection{{ID: "files-eu", Kind: store.KindFiles}}, nil, nil, appsync.Plan{}, nil)
	if len(filesOnly) != 0 {
		t.Error("a connection fed by files has no sync")
	}
}

// The days that Amazon keeps failing to report are in the row of their source.
func TestTimelineNamesWhatIsMissing(t *testing.T) {
	session, err := ordersEmptyBook(t)
	if err != nil {
		t.Fatal(err)
	}
	err = session.Book.Write(t.Context(), func(tx *store.Tx) error {
		err := tx.PutConnection(store.Connection{ID: "eu", Region: "EU", Kind: store.KindAPI}, nil)
		mark := map[string]any{"open": []map[string]any{{"from": "2026-02-01T00:00:00Z", "to": "2026-05-01T00:00:00Z", "fails": 1}}}
		return errors.Join(err, tx.SetBookmark("eu", "ledger", mark, time.Time{}), tx.SetSyncResult("eu", "ledger", ""))
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range format.Tags() {
		e, q := newTestEnv(t, session, tag)
		s := newTimeline(e).(*timelineScreen)
		e.window.SetContent(s.build())
		s.load(route{})
		q.drain()
		text := timelineText{e.loc, e.words, e.now()}
		days := e.loc.Range(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
		for _, r := range s.rows {
			word, tone, _ := text.state(r)
			if named := strings.Contains(word, days) && tone == parts.Warn; named != (r.Resource == "ledger") {
				t.Errorf("%s: %s says %q", tag, r.Resource, word)
			}
			if r.Resource == "ledger" {
				s.tell(text, r)
			}
		}
		dense := func(text string) string { return strings.Join(strings.Fields(text), "") } // lines break where there is no room
		if shown := textOn(e); !strings.Contains(dense(shown), dense(days)) {
			t.Errorf("%s: the detail: %s", tag, shown)
		}
		s.close()
	}
}
