package desktop

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// timelineScreen shows how far the sync of each source has come, and what is in
// its way.
type timelineScreen struct {
	e     *env
	loads loader
	page  *fyne.Container
	table *parts.Table[timelineRow]
	rows  []timelineRow
}

func newTimeline(e *env) screen { return &timelineScreen{e: e, loads: loader{env: e}} }

func (s *timelineScreen) build() fyne.CanvasObject {
	s.page = container.NewStack(parts.NewCard("", "", parts.NewSkeleton(12)))
	return s.page
}

func (s *timelineScreen) load(route) {
	s.loads.run(func(ctx context.Context) (func(), error) {
		book := s.e.s.Book
		connections, err := book.Connections(ctx)
		if err != nil {
			return nil, err
		}
		states, err := book.SyncStates(ctx)
		if err != nil {
			return nil, err
		}
		runs, err := book.LastRuns(ctx)
		if err != nil {
			return nil, err
		}
		plan, err := appsync.ReadPlan(ctx, book, nil, 0, s.e.now())
		if err != nil {
			return nil, err
		}
		missing := map[string][]appsync.MissingReport{}
		for _, c := range connections {
			if missing[c.ID], err = appsync.Missing(ctx, book, c.ID); err != nil {
				return nil, err
			}
		}
		rows := timelineRows(connections, states, runs, plan, missing)
		return func() { s.rows = rows; s.main() }, nil
	}, func(err error) {
		s.put(screenProblem(s.e, s.e.words.T("timeline.error"), err, func() { s.load(route{}) }))
	})
}

func (s *timelineScreen) put(o fyne.CanvasObject) {
	if s.table != nil {
		s.table.Close()
		s.table = nil
	}
	s.page.Objects = []fyne.CanvasObject{o}
	s.page.Refresh()
}

func (s *timelineScreen) close() {
	s.loads.close()
	if s.page != nil {
		s.put(container.NewStack())
	}
}

func (s *timelineScreen) main() {
	t := s.e.words.T
	if len(s.rows) == 0 {
		s.put(parts.NewCard("", "", parts.NewEmptyState(t("timeline.empty"), t("timeline.connect"), func() { s.e.show(route{Screen: "connect"}) })))
		return
	}
	text := timelineText{s.e.loc, s.e.words, s.e.now()}
	columns := s.columns(text)
	table := parts.NewTable(s.e.ctx, columns, parts.Rows(s.rows, columns), parts.TableOptions[timelineRow]{
		Post: s.e.post, Pinned: 2, Compact: true, OnOpen: func(r timelineRow, _ string) { s.tell(text, r) },
	})
	good, bad := timelineSummary(text, s.rows)
	lead, tone := counted(s.e, "timeline.good", int64(good)), parts.Muted
	if bad > 0 {
		lead, tone = counted(s.e, "timeline.bad", int64(bad)), parts.Warn
		if good == 0 {
			lead = counted(s.e, "timeline.bad_all", int64(bad))
		}
	}
	top := container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space3), 0, 0), container.NewVBox(
		parts.NewLabel(lead, theme.TextBody, tone), parts.NewLabel(t("timeline.lead"), theme.TextCaption, parts.Muted)))
	s.put(parts.NewBorder(top, nil, nil, nil, parts.NewSheet(table)))
	s.table = table
}

func (s *timelineScreen) columns(text timelineText) []parts.Column[timelineRow] {
	t, loc, now := s.e.words.T, s.e.loc, s.e.now()
	moment := func(at time.Time, why string) parts.Cell {
		if at.IsZero() {
			return parts.UnknownCell(why)
		}
		return parts.Cell{Tip: loc.Moment(at.Local())}
	}
	ago := func(at time.Time) string {
		if at.IsZero() {
			return format.Unknown
		}
		return loc.Ago(at, now)
	}
	until := func(r timelineRow) string {
		if r.Until.IsZero() {
			return format.Unknown
		}
		return loc.Moment(r.Until.Local())
	}
	return []parts.Column[timelineRow]{
		{ID: "connection", Title: t("timeline.column.connection"), Width: 90, Text: func(r timelineRow) string { return accountLabel(r.Connection) }, Compare: parts.By(func(r timelineRow) string { return accountLabel(r.Connection) })},
		{ID: "resource", Title: t("timeline.column.resource"), Width: 190, Grow: 0.4, Text: text.resource, Compare: parts.By(text.resource)},
		{ID: "until", Title: t("timeline.column.until"), Width: 120, Text: until,
			Look: func(r timelineRow) parts.Cell { return moment(r.Until, t("timeline.nountil")) }, Compare: parts.By(func(r timelineRow) int64 { return r.Until.Unix() })},
		{ID: "ok", Title: t("timeline.column.ok"), Width: 120, Text: func(r timelineRow) string { return ago(r.OK) },
			Look: func(r timelineRow) parts.Cell { return moment(r.OK, t("timeline.state.never")) }, Compare: parts.By(func(r timelineRow) int64 { return r.OK.Unix() })},
		{ID: "rows", Title: t("timeline.column.rows"), Width: 80, Align: parts.Right, Text: text.rows, Look: func(r timelineRow) parts.Cell { return parts.Cell{Tip: t("timeline.rows.tip")} }},
		{ID: "took", Title: t("timeline.column.took"), Unit: t("timeline.column.seconds"), Width: 80, Align: parts.Right, Text: text.took},
		{ID: "state", Title: t("timeline.column.state"), Width: 200, Grow: 1, Text: func(r timelineRow) string { word, _, _ := text.state(r); return word },
			Look: func(r timelineRow) parts.Cell {
				word, tone, why := text.state(r)
				if why == "" && len(r.Missing) > 0 {
					why = word
				}
				return parts.Cell{Dot: tone, Tip: why}
			}},
		{ID: "next", Title: t("timeline.column.next"), Width: 160, Text: text.next, Look: func(r timelineRow) parts.Cell { return parts.Cell{Tip: text.wait(r)} }},
	}
}

// tell shows the whole of one source.
func (s *timelineScreen) tell(text timelineText, r timelineRow) {
	t, loc := s.e.words.T, s.e.loc
	word, _, why := text.state(r)
	moment := func(at time.Time) string {
		if at.IsZero() {
			return format.Unknown
		}
		return loc.Moment(at.Local())
	}
	body := container.NewVBox(fact(t("timeline.column.until"), moment(r.Until)), fact(t("timeline.column.ok"), moment(r.OK)),
		fact(t("timeline.column.rows"), text.rows(r)), fact(t("timeline.column.took")+" (s)", text.took(r)), fact(t("timeline.column.next"), text.next(r)))
	if wait := text.wait(r); wait != "" {
		body.Add(flushText(wait, parts.Muted))
	}
	if why != "" {
		since := r.ErrorAt
		if since.IsZero() {
			since = r.OK
		}
		body.Add(flushText(why, parts.Loss))
		body.Add(caption(t("timeline.since", moment(since))+" "+t("common.still_works"), parts.Muted))
	} else {
		body.Add(flushText(word, parts.Muted))
	}
	var more []fyne.CanvasObject
	var m *modal
	if r.ConnState == store.StateRevoked || r.ConnState == store.StateSecret {
		more = append(more, parts.NewButton(t("settings.reconnect"), parts.Primary, func() { m.hide(); s.e.show(route{Screen: "connect", Account: r.Connection}) }))
	}
	m = tell(s.e, text.resource(r)+" · "+r.Connection, body, fyne.NewSize(520, 320), more...)
}
