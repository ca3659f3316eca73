package desktop

import (
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// Orders of a time are known where every account of the region was asked for them.
func TestOverviewOrderedIsKnown(t *testing.T) {
	midnight := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	api := func(id, region string) store.Connection {
		return store.Connection{ID: id, Region: region, Kind: store.KindAPI, State: store.StateActive}
	}
	files, gone := store.Connection{ID: "files", Region: "EU", Kind: store.KindFiles}, api("gone", "EU")
	gone.StateReason = session.Disconnected
	span := func(id, source string, from, to time.Duration) store.Coverage {
		return store.Coverage{Connection: id, Source: source, Interval: store.Interval{From: midnight.Add(from), To: midnight.Add(to)}}
	}
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		connections            []store.Connection
		coverage               []store.Coverage
		begun, yesterday, some bool // some: yesterday has a figure when it has orders
	}{
		"asked this morning":                 {[]store.Connection{api("a", "EU")}, []store.Coverage{span("a", "orders", -90*day, 9*time.Hour)}, true, true, true},
		"asked yesterday at noon":            {[]store.Connection{api("a", "EU")}, []store.Coverage{span("a", "orders", -90*day, -12*time.Hour)}, false, false, false},
		"asked at midnight":                  {[]store.Connection{api("a", "EU")}, []store.Coverage{span("a", "orders", -90*day, 0)}, false, true, true},
		"never asked":                        {[]store.Connection{api("a", "EU")}, nil, false, false, false},
		"money only":                         {[]store.Connection{api("a", "EU")}, []store.Coverage{span("a", "finances", -90*day, 9*time.Hour)}, false, false, false},
		"one of two accounts":                {[]store.Connection{api("a", "EU"), api("b", "EU")}, []store.Coverage{span("a", "orders", -90*day, 9*time.Hour)}, false, false, false},
		"another region's account":           {[]store.Connection{api("a", "EU"), api("b", "NA")}, []store.Coverage{span("a", "orders", -90*day, 9*time.Hour)}, true, true, true},
		"only another region's":              {[]store.Connection{api("b", "NA")}, []store.Coverage{span("b", "orders", -90*day, 9*time.Hour)}, false, false, true},
		"an account that the user ended":     {[]store.Connection{api("a", "EU"), gone}, []store.Coverage{span("a", "orders", -90*day, 9*time.Hour)}, true, true, true},
		"files until yesterday":              {[]store.Connection{files}, []store.Coverage{span("files", "orders", -90*day, 0)}, false, true, true},
		"files, and an account that was not": {[]store.Connection{files, api("a", "EU")}, []store.Coverage{span("files", "orders", -90*day, 9*time.Hour)}, false, false, false},
		"no account":                         {nil, nil, false, false, true},
		"files until noon":                   {[]store.Connection{files}, []store.Coverage{span("files", "orders", -90*day, -12*time.Hour)}, false, false, true},
	} {
		o := overviewOrderedBy(c.connections, c.coverage, []string{"A1PA6795UKMFR9"})
		if begun, whole := o.begun(midnight), o.whole(midnight.Add(-day), midnight); begun != c.begun || whole != c.yesterday {
			t.Errorf("%s: today %v, yesterday %v", name, begun, whole)
		}
		now := midnight.Add(9 * time.Hour)
		if some, none := o.shown(midnight.Add(-day), midnight, now, true), o.shown(midnight.Add(-day), midnight, now, false); some != c.some || none != c.yesterday {
			t.Errorf("%s: yesterday is shown with orders: %v, without: %v", name, some, none)
		}
		if some, none := o.shown(midnight, midnight.Add(day), now, true), o.shown(midnight, midnight.Add(day), now, false); !some || none != c.begun {
			t.Errorf("%s: today is shown with orders: %v, without: %v", name, some, none)
		}
	}
}

// A day that nobody asked Amazon about has no figure; one with orders has, also
// when there may be more.
func TestOverviewTodayNotFetched(t *testing.T) {
	o := overviewTexts{i18n.For("en"), format.For("en"), time.Now()}
	d := &overviewData{Currency: "EUR"}
	text := o.today(d)
	if text.Figure != format.Unknown || !text.Unknown || strings.Join(text.Lines, "|") != "Today’s orders are not fetched yet" || text.Change != "" {
		t.Errorf("not fetched: %+v", text)
	}
	d.Today.Now = store.Ordered{Orders: 2, Units: 3, Minor: 1250}
	d.Today.Before = store.Ordered{Orders: 1, Minor: 1000}
	if text = o.today(d); text.Figure != "12.50" || text.Unknown || text.Change != "" {
		t.Errorf("some from a file: %+v", text)
	}
	d.Today.Begun, d.Today.Whole = true, true
	if text = o.today(d); text.Figure != "12.50" || text.Change == "" {
		t.Errorf("fetched: %+v", text)
	}
	d.Today.Now = store.Ordered{}
	if text = o.today(d); text.Figure != "0.00" || text.Unknown {
		t.Errorf("fetched, and none: %+v", text)
	}
}

// Where sales are not known, neither are orders and units.
func TestOverviewTileWithoutMoney(t *testing.T) {
	o := overviewTexts{i18n.For("en"), format.For("en"), time.Now()}
	span := statementSpan{"2026-11-21", "2026-11-21"}
	s, err := statementOf(nil, nil, span, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	text := o.tile(&overviewData{Currency: "EUR"}, overviewTile{ID: "yesterday", Span: span, Statement: s, Prior: s})
	if text.Figure != format.Unknown || len(text.Lines) != 1 || strings.Contains(text.Lines[0], "0") {
		t.Errorf("%+v", text)
	}
}
