package cli

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
)

// stepJSON is one step of the plan in status --json.
type stepJSON struct {
	Connection string     `json:"connection"`
	Source     string     `json:"source"`
	Why        string     `json:"why"` // now, limit, behind, fresh, retry, paused, stopped
	Behind     []string   `json:"behind,omitempty"`
	Until      *time.Time `json:"until,omitempty"`
	Begins     *time.Time `json:"begins,omitempty"` // absent: not before somebody acts
	Ends       *time.Time `json:"ends,omitempty"`   // at the earliest
	Calls      []callJSON `json:"calls,omitempty"`  // at the least
	Wait       *waitJSON  `json:"wait,omitempty"`
	Sentence   string     `json:"sentence"`
}

type callJSON struct {
	Operation string `json:"operation"`
	Calls     int    `json:"calls"`
}

type waitJSON struct {
	Operation    string  `json:"operation"`
	EverySeconds float64 `json:"every_seconds"` // one call is allowed in this time
	Calls        int     `json:"calls"`
	Ahead        int     `json:"ahead"`
}

func planJSON(p appsync.Plan) []stepJSON {
	list := make([]stepJSON, 0, len(p.Steps))
	for _, s := range p.Steps {
		j := stepJSON{Connection: s.Connection, Source: s.Resource, Why: string(s.Why), Behind: s.Behind, Sentence: stepSentence(s, p.At),
			Until: optional(s.Until), Begins: optional(s.Begins), Ends: optional(s.Ends)}
		for _, n := range s.Calls {
			j.Calls = append(j.Calls, callJSON{string(n.Op), n.Calls})
		}
		if w := s.Wait; w != nil {
			j.Wait = &waitJSON{string(w.Op), w.Every.Seconds(), w.Calls, w.Ahead}
		}
		list = append(list, j)
	}
	return list
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// planSheet lists the steps in their order, as a person reads them.
func planSheet(p appsync.Plan) *sheet {
	t := newSheet(left("connection"), left("next"), left("data until"), left("when"))
	for _, s := range p.Steps {
		until := "-"
		if !s.Until.IsZero() {
			until = s.Until.Local().Format("2006-01-02 15:04")
		}
		t.add(s.Connection, s.Resource, until, stepSentence(s, p.At))
	}
	return t
}

// stepSentence says when a step comes and what it waits for.
func stepSentence(s appsync.Step, now time.Time) string {
	limit := ""
	if s.Wait != nil {
		limit = ": " + waitSentence(s.Wait)
	}
	ready := ""
	if s.Ends.After(s.Begins) {
		ready = ", ready in " + span(s.Ends.Sub(now)) + limit
	}
	switch s.Why {
	case appsync.WhyNow:
		return "now"
	case appsync.WhyLimit:
		return "returns in " + span(s.Ends.Sub(now)) + limit
	case appsync.WhyBehind:
		return "after " + strings.Join(s.Behind, ", ") + ready
	case appsync.WhyFresh:
		return "in " + span(s.Begins.Sub(now)) + ready
	case appsync.WhyRetry:
		return "again in " + span(s.Begins.Sub(now)) + "; the last run failed: " + cmp.Or(s.Error, "no reason was given")
	case appsync.WhyPaused:
		return "paused; go on with countinghouse connection resume " + s.Connection
	}
	return "stopped until " + s.Connection + " is connected again"
}

// opWords are the operations as a seller understands them.
var opWords = map[spapi.Op]string{
	spapi.OpCreateReport: "report request", spapi.OpGetReport: "look at a report", spapi.OpGetReports: "list of reports",
	spapi.OpGetReportDocument: "report download", spapi.OpSearchOrders: "list of orders", spapi.OpGetOrder: "single order",
	spapi.OpTransactions: "page of transactions", spapi.OpInventory: "page of stock", spapi.OpSearchListings: "page of listings",
	spapi.OpParticipations: "list of marketplaces",
}

func waitSentence(w *appsync.Wait) string {
	word := cmp.Or(opWords[w.Op], string(w.Op))
	text := fmt.Sprintf("Amazon allows one %s in %s", word, span(w.Every))
	if w.Every.Round(time.Second) == time.Minute {
		text = fmt.Sprintf("Amazon allows one %s a minute", word)
	}
	switch {
	case w.Ahead == 1:
		return text + ", 1 is ahead"
	case w.Ahead > 1:
		return text + fmt.Sprintf(", %d are ahead", w.Ahead)
	}
	return text + fmt.Sprintf(", %d to make", w.Calls)
}

// span writes a duration that lies ahead, rounded up.
func span(d time.Duration) string {
	d = max(0, d)
	unit := func(n time.Duration, word string) string {
		if n == 1 {
			return "1 " + word
		}
		return fmt.Sprintf("%d %ss", n, word)
	}
	up := func(of time.Duration) time.Duration { return (d + of - 1) / of }
	switch {
	case d < time.Second:
		return "a moment"
	case d < time.Minute:
		return unit(up(time.Second), "second")
	case d < 2*time.Hour:
		return unit(up(time.Minute), "minute")
	case d < 48*time.Hour:
		return unit(up(time.Hour), "hour")
	}
	return unit(up(24*time.Hour), "day")
}

// longest is the step that decides how long the plan takes, for the line that
// a sync begins with; false when nothing has to wait.
func longest(p appsync.Plan, connection string) (s appsync.Step, ok bool) {
	for _, at := range p.Of(connection) {
		due := at.Why == appsync.WhyNow || at.Why == appsync.WhyLimit || at.Why == appsync.WhyBehind
		if due && at.Wait != nil && (!ok || at.Ends.After(s.Ends)) {
			s, ok = at, true
		}
	}
	return s, ok
}
