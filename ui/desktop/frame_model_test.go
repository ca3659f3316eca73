package desktop

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/resources"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapi"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

func at(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

func TestPeriods(t *testing.T) {
	tests := []struct {
		name           string
		p              period
		today          string
		from, to, a, z string
	}{
		{"this month", period{Preset: thisMonth, Compare: compareBefore}, "2026-03-31", "2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"},
		{"this month, early", period{Preset: thisMonth, Compare: compareBefore}, "2026-11-03", "2026-11-01", "2026-11-03", "2026-10-01", "2026-10-03"},
		{"last month", period{Preset: lastMonth, Compare: compareBefore}, "2026-03-15", "2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31"},
		{"last month in January", period{Preset: lastMonth}, "2026-01-31", "2025-12-01", "2025-12-31", "", ""},
		{"30 days", period{Preset: last30, Compare: compareBefore}, "2026-11-21", "2026-10-23", "2026-11-21", "2026-09-23", "2026-10-22"},
		{"90 days, a year before", period{Preset: last90, Compare: compareYear}, "2026-11-21", "2026-08-24", "2026-11-21", "2025-08-24", "2025-11-21"},
		{"all days", period{Preset: covered}, "2026-11-21", "2025-05-22", "2026-11-20", "", ""},
		{"own days", period{Preset: custom, From: "2026-02-01", To: "2026-02-03", Compare: compareBefore}, "2026-11-21", "2026-02-01", "2026-02-03", "2026-01-29", "2026-01-31"},
		{"own days that are none", period{Preset: custom, From: "x", To: "y"}, "2026-11-21", "2026-10-23", "2026-11-21", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := filterOf(tt.p, nil, at(tt.today), bookFacts{First: "2025-05-22", Last: "2026-11-20"})
			if f.From != tt.from || f.To != tt.to || f.CompareFrom != tt.a || f.CompareTo != tt.z {
				t.Errorf("%s-%s against %s-%s, want %s-%s against %s-%s", f.From, f.To, f.CompareFrom, f.CompareTo, tt.from, tt.to, tt.a, tt.z)
			}
		})
	}
	for _, bad := range []period{{}, {Preset: "tomorrow"}, {Preset: custom, From: "2026-02-03", To: "2026-02-01"}, {Preset: last30, Compare: "x"}} {
		if bad.valid() {
			t.Errorf("%+v is valid", bad)
		}
	}
}

func TestUnlockSentences(t *testing.T) {
	loc := format.For("en")
	words := i18n.For("en")
	seen := map[string]error{}
	for _, w := range unlockWords {
		text := unlockSentence(words, loc, fmt.Errorf("open: %w", w.err))
		if text == w.key || strings.Contains(text, "%!") {
			t.Errorf("%v: %q", w.err, text)
		}
		seen[text] = w.err
	}
	for _, pair := range [][2]error{{vault.ErrWrongPassphrase, vault.ErrWrongRecoveryCode}, {store.ErrInUse, vault.ErrDamaged}, {vault.ErrNoKeyStore, vault.ErrNotInKeyStore}} {
		if unlockSentence(words, loc, pair[0]) == unlockSentence(words, loc, pair[1]) {
			t.Errorf("%v and %v say the same", pair[0], pair[1])
		}
	}
	tries := &vault.TriesError{Failures: 5, RetryAt: time.Date(2026, 11, 21, 14, 5, 0, 0, time.Local)}
	if text := unlockSentence(words, loc, tries); !strings.Contains(text, "14:05") {
		t.Error(text)
	}
	page := fmt.Errorf("open: %w", &cipher.PageError{Path: "/home/x/book.db", Page: 7})
	if text := unlockSentence(words, loc, page); !strings.HasPrefix(text, "book.db is damaged on page 7,") {
		t.Error(text)
	}
	if text := unlockSentence(words, loc, errors.New("disk is gone")); !strings.Contains(text, "disk is gone") {
		t.Error(text)
	}
}

// Whatever Amazon refuses has a sentence of its own in every language.
func TestConnectSentences(t *testing.T) {
	for _, tag := range format.Tags() {
		words := i18n.For(tag)
		seen := map[string]*spapi.Class{}
		for _, c := range []*spapi.Class{spapi.ErrClientID, spapi.ErrClientSecret, spapi.ErrRevoked, spapi.ErrRole, spapi.ErrRegion,
			spapi.ErrOffline, spapi.ErrDNS, spapi.ErrTLS, spapi.ErrClock, spapi.ErrThrottled, spapi.ErrUnavailable, spapi.ErrMalformed} {
			text := connectSentence(words, fmt.Errorf("connect: %w", c))
			if strings.HasPrefix(text, "first.") || seen[text] != nil {
				t.Errorf("%s: %s says %q", tag, c.Name, text)
			}
			seen[text] = c
		}
	}
}

func TestEveryNameHasAWord(t *testing.T) {
	for _, tag := range format.Tags() {
		words := i18n.For(tag)
		var keys []string
		for _, l := range books.Lines() {
			keys = append(keys, "lines.name."+string(l))
		}
		for _, r := range appsync.All() {
			keys = append(keys, "frame.resource."+r.Name())
		}
		for _, s := range screens {
			keys = append(keys, "frame."+s.id)
		}
		for _, p := range append(presets, custom) {
			keys = append(keys, "frame.period."+p)
		}
		for _, s := range []books.State{books.Estimated, books.Deferred, books.Released, books.Settled} {
			keys = append(keys, "lines.state."+string(s))
		}
		for _, s := range []books.Source{books.Finances, books.Settlement, books.DateRange, books.User} {
			keys = append(keys, "lines.origin."+string(s))
		}
		for _, k := range keys {
			if words.T(k) == k {
				t.Errorf("%s: %s has no word", tag, k)
			}
		}
	}
	for _, s := range screens {
		if s.rail && resources.Icon(s.id) == nil {
			t.Errorf("%s has no icon", s.id)
		}
	}
}

func TestSyncSentences(t *testing.T) {
	words, loc := i18n.For("en"), format.For("en")
	now := time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)
	fresh := bookFacts{Connected: true, LastOK: now, Orders: now.Add(-2 * time.Minute), Money: now.Add(-9 * 24 * time.Hour)}
	offline := appsync.Result{Failures: []appsync.Failure{{Connection: "eu", Err: spapi.ErrOffline}}}
	some := appsync.Result{Failures: []appsync.Failure{{Connection: "eu", Resource: "finances", Err: spapi.ErrUnavailable}, {Connection: "na", Err: spapi.ErrOffline}}}
	full := appsync.Result{Failures: []appsync.Failure{{Connection: "eu", Resource: "orders", Err: fmt.Errorf("store a page: %w", cipher.ErrDiskFull)}}}
	tests := []struct {
		name  string
		m     syncModel
		facts bookFacts
		want  string
		tone  parts.Tone
	}{
		{"fresh", syncModel{next: now.Add(5 * time.Minute)}, fresh, "Synced 21 Nov 14:05 · orders until 21 Nov 14:03 · money until 12 Nov 14:05 · next in 5 min", parts.Gain},
		{"never", syncModel{}, bookFacts{Connected: true}, "Not synced yet", parts.Hint},
		{"files only", syncModel{}, bookFacts{}, "No Amazon account is connected; report files can be imported", parts.Hint},
		{"offline", syncModel{result: offline}, fresh, "Offline: everything but sync works", parts.Hint},
		{"some failed", syncModel{result: some}, fresh, "2 sources could not be brought up to date; the others are", parts.Warn},
		{"refused", syncModel{}, bookFacts{Connected: true, LastOK: now, Broken: "eu"}, "Amazon refuses the connection EU; see the sync timeline", parts.Loss},
		{"stopped", syncModel{err: errors.New("disk\nis gone")}, fresh, "The sync stopped: disk; is gone", parts.Loss},
		{"disk full", syncModel{err: fmt.Errorf("store orders: %w", cipher.ErrDiskFull)}, fresh, "The disk is full: nothing new can be stored. Free some space; what is stored is safe.", parts.Loss},
		{"disk full for a source", syncModel{result: full}, fresh, "The disk is full: nothing new can be stored. Free some space; what is stored is safe.", parts.Loss},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.m.status(tt.facts, now, words, loc)
			if s.Sentence != tt.want || s.Tone != tt.tone || s.Working {
				t.Errorf("%q (tone %d), want %q (tone %d)", s.Sentence, s.Tone, tt.want, tt.tone)
			}
		})
	}
	var m syncModel
	m.begin(1, true)
	if s := m.status(fresh, now, words, loc); !s.Working || s.Done >= 0 || s.Cancel == "" {
		t.Errorf("nothing known yet: %+v", s)
	}
	m.end(some, nil, now, now)
	m.begin(1, false)
	m.event(appsync.Event{Connection: "eu", Resource: "orders", Phase: appsync.Started})
	if s := m.status(fresh, now, words, loc); s.Working || s.Tone != parts.Warn {
		t.Errorf("a run that has fetched nothing yet hides how the last one ended: %+v", s)
	}
	m.event(appsync.Event{Connection: "eu", Resource: "orders", Phase: appsync.Working, Done: 50, Total: 200})
	m.event(appsync.Event{Connection: "eu", Resource: "orders", Phase: appsync.Waiting})
	s := m.status(fresh, now, words, loc)
	if want := float32(0.25) / float32(len(appsync.All())); s.Sentence != "Syncing · orders 50 of 200" || s.Done != want {
		t.Errorf("%q %v, want %v", s.Sentence, s.Done, want)
	}
	for _, r := range appsync.All() {
		m.event(appsync.Event{Connection: "eu", Resource: r.Name(), Phase: appsync.Done})
	}
	if m.share() != 1 {
		t.Error("all sources ended:", m.share())
	}
}

func TestLinesOfARoute(t *testing.T) {
	head := filter{From: "2026-10-01", To: "2026-10-31", Marketplaces: []string{"ATVPDKIKX0DER"}}
	f := linesFilter(route{Line: "fee.referral,fee.other", From: "2026-10-05", To: "2026-10-06", Market: "A1F83G8C2ARO7P", SKU: "X"}, head)
	if f.From != "2026-10-05" || f.To != "2026-10-06" || len(f.Lines) != 2 || f.Marketplaces[0] != "A1F83G8C2ARO7P" || f.SKU != "X" {
		t.Errorf("%+v", f)
	}
	if f := linesFilter(route{Line: "*"}, head); f.From != "2026-10-01" || f.Lines != nil || len(f.Marketplaces) != 1 {
		t.Errorf("%+v", f)
	}
	if f := linesFilter(route{Line: "*", Order: "1-2-3"}, head); f.From != "" || f.Marketplaces != nil || f.Order != "1-2-3" {
		t.Errorf("%+v", f)
	}
}

func TestOriginals(t *testing.T) {
	report := store.Document{Kind: "report", Body: []byte("order-id\tamount\tnote\r\n1-2-3\t12.30\t\r\n4-5-6\t-1.00\tfee")}
	for _, tt := range []struct {
		name string
		doc  store.Document
		line int64
		want string
	}{
		{"a line under its headings", report, 2, "order-id: 1-2-3\namount: 12.30\n"},
		{"the last line", report, 3, "order-id: 4-5-6\namount: -1.00\nnote: fee\n"},
		{"a line that is not there", report, 9, ""},
		{"an answer", store.Document{Kind: "transaction", Body: []byte(`{"a":1}`)}, 0, "{\n  \"a\": 1\n}"},
		{"no JSON", store.Document{Kind: "order", Body: []byte("{\xff")}, 0, "{\uFFFD"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := original(tt.doc, tt.line); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	long := original(store.Document{Kind: "order", Body: []byte(strings.Repeat("あ", maxOriginal))}, 0)
	if len(long) > maxOriginal+8 || !strings.HasSuffix(long, "…") {
		t.Error("a long document is not cut:", len(long))
	}
}

// The lines behind a number add up to it, page by page, in every order.
func TestLinesAddUp(t *testing.T) {
	book := demoSession(t).Book
	ctx := t.Context()
	of := store.LinesOf{Lines: []string{"fee.referral"}, From: "2000-01-01", To: "2100-01-01"}
	sums, err := book.SumLines(ctx, of)
	if err != nil || len(sums) == 0 {
		t.Fatal(sums, err)
	}
	rollups, err := book.Rollups(ctx, of.From, of.To, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{}
	for _, r := range rollups {
		if r.Line == books.FeeReferral {
			want[r.Currency] += r.Minor
		}
	}
	for _, order := range []string{"", "day", "amount", "sku", "order", "line"} {
		got, seen := map[string]int64{}, map[string]int{}
		for offset := 0; ; offset += 37 {
			page, err := book.LinePage(ctx, of, order, true, offset, 37)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page {
				got[r.Currency] += r.Minor
				seen[r.Currency]++
			}
			if len(page) < 37 {
				break
			}
		}
		for _, s := range sums {
			if got[s.Currency] != s.Minor || want[s.Currency] != s.Minor || int64(seen[s.Currency]) != s.Count {
				t.Errorf("by %q: %s pages %d, sum %d, daily sums %d", order, s.Currency, got[s.Currency], s.Minor, want[s.Currency])
			}
		}
	}
	if _, err := book.LinePage(ctx, of, "amount; DROP TABLE event", false, 0, 1); err == nil {
		t.Error("an order that is none was taken")
	}
}

func TestSearch(t *testing.T) {
	book := demoSession(t).Book
	var some store.OrderRow
	stop := errors.New("enough")
	if err := book.Orders(t.Context(), store.OrderFilter{}, func(o store.OrderRow) error { some = o; return stop }); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	found, err := book.Search(context.Background(), some.ID[:len(some.ID)-2], 8)
	if err != nil || len(found) == 0 || !strings.HasPrefix(found[0].Order, some.ID[:4]) {
		t.Error(found, err)
	}
	for _, text := range []string{"", "  ", "%_%", `\`, "' OR 1=1 --", "\x00"} {
		if found, err := book.Search(context.Background(), text, 8); err != nil || len(found) > 0 {
			t.Errorf("%q found %v, %v", text, found, err)
		}
	}
}
