package desktop

import (
	"errors"
	"slices"
	"strings"
	"time"

	"countinghouse/data/cipher"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// syncModel follows a book's syncing: the events of the run that goes on, and
// how the last one ended. It has no lock of its own.
type syncModel struct {
	running  bool
	fetching bool // the run has found something to fetch
	resource map[string]appsync.Event
	current  string // key of the source heard of last
	sources  int    // that a whole run works through, over all accounts
	began    time.Time
	next     time.Time
	ended    time.Time
	result   appsync.Result
	err      error
}

// begin is the start of a run. Unless it fills an empty book, most find little
// or nothing to do: until they do, the status tells what it told before.
func (m *syncModel) begin(accounts int, fills bool) {
	*m = syncModel{running: true, fetching: fills, resource: map[string]appsync.Event{}, sources: accounts * len(appsync.All()), result: m.result, err: m.err}
}

func (m *syncModel) event(e appsync.Event) {
	key := e.Connection + "/" + e.Resource
	if e.Phase == appsync.Waiting {
		// Waiting for Amazon's limit keeps what was done.
		was := m.resource[key]
		e.Done, e.Total = was.Done, was.Total
	} else {
		m.current = key
	}
	if m.resource != nil {
		m.resource[key] = e
	}
	m.fetching = m.fetching || e.Phase == appsync.Working || e.Phase == appsync.Waiting
}

func (m *syncModel) end(r appsync.Result, err error, at, next time.Time) {
	m.running, m.fetching, m.result, m.err, m.ended, m.next = false, false, r, err, at, next
}

// share is how much of the run is done, 0 to 1; below zero while unknown.
func (m *syncModel) share() float32 {
	if m.sources == 0 || len(m.resource) == 0 {
		return -1
	}
	var done float32
	for _, e := range m.resource {
		switch e.Phase {
		case appsync.Done, appsync.Failed, appsync.Resting, appsync.Stopped:
			done++
		default:
			if e.Total > e.Done {
				done += float32(e.Done) / float32(e.Total)
			}
		}
	}
	return min(done/float32(m.sources), 1)
}

// status is the sentence of the status line while nothing else works.
func (m *syncModel) status(facts bookFacts, now time.Time, words *i18n.Words, loc *format.Locale) parts.Status {
	s := parts.Status{Note: words.T("frame.private")}
	switch {
	case m.fetching:
		s.Tone, s.Working, s.Done, s.Cancel = parts.Accent, true, m.share(), words.T("frame.cancel")
		s.Sentence = m.working(words, loc)
		s.Left = leftOf(now.Sub(m.began), float64(s.Done), words, loc)
		return s
	case m.diskFull():
		s.Tone, s.Sentence = parts.Loss, words.T("frame.disk_full")
		return s
	case m.err != nil:
		s.Tone, s.Sentence = parts.Loss, words.T("frame.sync_failed", errorLine(m.err))
		return s
	case m.offline():
		s.Tone, s.Sentence = parts.Hint, words.T("frame.offline")
		return s
	case facts.Broken != "":
		s.Tone, s.Sentence = parts.Loss, words.T("frame.refused", accountLabel(facts.Broken))
		return s
	case len(m.result.Failures) > 0:
		s.Tone, s.Sentence = parts.Warn, words.T("frame.sources_failed", loc.Count(int64(len(m.result.Failures))))
		return s
	}
	s.Tone, s.Sentence = parts.Gain, m.synced(facts, now, words, loc)
	if facts.LastOK.IsZero() {
		s.Tone = parts.Hint
	}
	return s
}

// working tells what the run does just now.
func (m *syncModel) working(words *i18n.Words, loc *format.Locale) string {
	e, ok := m.resource[m.current]
	if !ok {
		return words.T("frame.syncing")
	}
	what := words.T("frame.resource." + e.Resource)
	if e.Total > e.Done {
		return words.T("frame.syncing_of", what, loc.Count(int64(e.Done)), loc.Count(int64(e.Total)))
	}
	return words.T("frame.syncing_so_far", what, loc.Count(int64(e.Done)))
}

func (m *syncModel) synced(facts bookFacts, now time.Time, words *i18n.Words, loc *format.Locale) string {
	switch {
	case !facts.Connected:
		return words.T("frame.no_account")
	case facts.LastOK.IsZero():
		return words.T("frame.never_synced")
	}
	list := []string{words.T("frame.synced", loc.Moment(facts.LastOK.In(now.Location())))}
	if !facts.Orders.IsZero() {
		list = append(list, words.T("frame.orders_until", loc.Moment(facts.Orders.In(now.Location()))))
	}
	if !facts.Money.IsZero() {
		list = append(list, words.T("frame.money_until", loc.Moment(facts.Money.In(now.Location()))))
	}
	if m.next.After(now) {
		list = append(list, words.T("frame.next_sync", loc.Until(m.next, now)))
	}
	return strings.Join(list, " · ")
}

// diskFull tells that nothing more could be stored.
func (m *syncModel) diskFull() bool {
	return errors.Is(m.err, cipher.ErrDiskFull) ||
		slices.ContainsFunc(m.result.Failures, func(f appsync.Failure) bool { return errors.Is(f.Err, cipher.ErrDiskFull) })
}

// offline tells that nothing could be reached at all.
func (m *syncModel) offline() bool {
	if len(m.result.Failures) == 0 {
		return false
	}
	for _, f := range m.result.Failures {
		if !errors.Is(f.Err, spapi.ErrOffline) && !errors.Is(f.Err, spapi.ErrDNS) {
			return false
		}
	}
	return true
}

// errorLine is an error as one line.
func errorLine(err error) string { return oneLine(err.Error()) }

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\n", "; ")), " ")
}
