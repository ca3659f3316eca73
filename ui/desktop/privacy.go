package desktop

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// privacyScreen says what is stored, who was called, and lets the owner use his
// rights: take everything with him, erase, prove, and leave no trace.
type privacyScreen struct {
	e      *env
	loads  loader
	page   *fyne.Container
	tables []interface{ Close() }
	facts  privacyFacts
	three  fyne.CanvasObject // the main page, as long as it is shown
	within bool              // a page within the screen is shown: loading again keeps it
}

func newPrivacy(e *env) screen { return &privacyScreen{e: e, loads: loader{env: e}} }

func (s *privacyScreen) build() fyne.CanvasObject {
	bones := func(n int) fyne.CanvasObject { return parts.NewCard("", "", parts.NewSkeleton(n)) }
	s.page = container.NewStack(container.New(privacyColumns, bones(14), bones(12), bones(10)))
	return s.page
}

var privacyColumns = parts.Shares{Gap: theme.Space3, Weights: []float32{1.6, 1.38, 0.92}}

func (s *privacyScreen) load(route) {
	s.loads.run(func(ctx context.Context) (func(), error) {
		facts, err := readPrivacy(ctx, s.e.s)
		if err != nil {
			return nil, err
		}
		return func() {
			s.facts = facts
			if !s.within {
				s.main()
			}
		}, nil
	}, func(err error) {
		s.put(screenProblem(s.e, s.e.words.T("privacy.error"), err, func() { s.load(route{}) }))
	})
}

func (s *privacyScreen) put(o fyne.CanvasObject) {
	for _, t := range s.tables {
		t.Close()
	}
	s.tables = nil
	s.page.Objects = []fyne.CanvasObject{o}
	s.page.Refresh()
}

func (s *privacyScreen) close() {
	s.loads.close()
	if s.page != nil {
		s.put(container.NewStack())
	}
}

// again lays the main page out anew after the window grew or shrank, unless
// another page was opened meanwhile.
func (s *privacyScreen) again() {
	if s.three != nil && len(s.page.Objects) == 1 && s.page.Objects[0] == s.three {
		s.main()
	}
}

// main is the page of three columns.
func (s *privacyScreen) main() {
	var tables []interface{ Close() }
	stored, called := s.stored(&tables), s.called(&tables)
	page := container.New(&widthWatch{columns: privacyColumns, wide: wide(s.e), changed: func() { s.e.post(s.again) }, e: s.e}, stored, called, scrollColumn(s.rights()))
	s.put(page)
	s.tables, s.three, s.within = tables, page, false
}

func (s *privacyScreen) stored(tables *[]interface{ Close() }) fyne.CanvasObject {
	t, loc, now := s.e.words.T, s.e.loc, s.e.now()
	day := func(r store.Stored) string { return shortDay(loc, t("privacy.today"), r.Oldest, now) }
	newest := func(r store.Stored) string { return shortDay(loc, t("privacy.today"), r.Newest, now) }
	dim := func(text string) parts.Cell {
		if text == format.Unknown {
			return parts.UnknownCell(t("privacy.nodate"))
		}
		return parts.Cell{Text: text, Tone: parts.Muted}
	}
	classGrow := float32(1)
	if wide(s.e) { // the room goes to where it came from
		classGrow = 0
	}
	columns := []parts.Column[store.Stored]{
		{ID: "class", Title: t("privacy.column.class"), Width: 128, Grow: classGrow, Text: func(r store.Stored) string { return t("privacy.class." + r.Class) },
			Look: func(r store.Stored) parts.Cell { return parts.Cell{Tip: t("privacy.source." + r.Class)} }},
		{ID: "rows", Title: t("privacy.column.rows"), Width: 60, Align: parts.Right, Text: func(r store.Stored) string { return loc.Count(r.Rows) }, Value: func(r store.Stored) any { return r.Rows }},
		{ID: "oldest", Title: t("privacy.column.oldest"), Width: dayWidth(loc), Align: parts.Right, Text: day, Look: func(r store.Stored) parts.Cell { return dim(day(r)) }},
		{ID: "newest", Title: t("privacy.column.newest"), Width: dayWidth(loc), Align: parts.Right, Text: newest, Look: func(r store.Stored) parts.Cell { return dim(newest(r)) }},
		{ID: "until", Title: t("privacy.column.until"), Width: 88, Hidden: !wide(s.e), Align: parts.Right, Text: func(store.Stored) string { return t("privacy.untilwipe") },
			Look: func(store.Stored) parts.Cell {
				return parts.Cell{Tone: parts.Muted, Tip: t("privacy.untilwipe.why")}
			}},
	}
	columns = append(columns, parts.Column[store.Stored]{ID: "source", Title: t("privacy.column.source"), Width: 80, Grow: 1.6, Hidden: !wide(s.e),
		Text: func(r store.Stored) string { return t("privacy.source." + r.Class) }, Look: func(r store.Stored) parts.Cell {
			return parts.Cell{Tone: parts.Muted, Tip: t("privacy.source." + r.Class)}
		}})
	table := parts.NewTable(s.e.ctx, columns, parts.Rows(s.facts.Stored, columns), parts.TableOptions[store.Stored]{Post: s.e.post})
	table.Select(-1)
	*tables = append(*tables, table)
	rows := theme.Scaled(theme.Row) + float32(len(s.facts.Stored))*theme.Scaled(theme.Row)
	body := container.New(topHeight{rows}, table, container.NewVBox(spacer(theme.Space1),
		caption(t("privacy.sources"), parts.Muted), spacer(theme.Space2), s.people()))
	return parts.NewCard(t("privacy.stored"), t("privacy.size", loc.Bytes(s.facts.Bytes)), body)
}

// people is the part about buyers and recipients.
func (s *privacyScreen) people() fyne.CanvasObject {
	t, loc, now := s.e.words.T, s.e.loc, s.e.now()
	box := container.NewVBox(parts.NewBorder(nil, nil, parts.NewLabel(t("privacy.people"), theme.TextSection, parts.Normal).Bold().Whole(),
		parts.NewLabel(t("privacy.ownkey"), theme.TextCaption, parts.Hint).Whole()))
	if s.facts.NoPeople {
		box.Add(caption(t("privacy.people.locked"), parts.Muted))
		return box
	}
	p := s.facts.People
	box.Add(fact(t("privacy.people.count"), loc.Count(p.Rows)))
	if p.Rows == 0 {
		box.Add(caption(t("privacy.people.none"), parts.Muted))
		return box
	}
	box.Add(fact(t("privacy.people.oldest"), shortDay(loc, t("privacy.today"), p.Oldest, now)))
	box.Add(fact(t("privacy.people.next"), shortDay(loc, t("privacy.today"), p.NextPurge, now)))
	box.Add(fact(t("privacy.people.last"), shortDay(loc, t("privacy.today"), p.LastPurge, now)))
	box.Add(caption(t("privacy.people.rule"), parts.Muted))
	return box
}

func (s *privacyScreen) called(tables *[]interface{ Close() }) fyne.CanvasObject {
	t, loc := s.e.words.T, s.e.loc
	columns := []parts.Column[store.CallSummary]{
		{ID: "host", Title: t("privacy.column.host"), Width: 130, Grow: 1, Text: func(c store.CallSummary) string { return c.Host },
			Look: func(c store.CallSummary) parts.Cell {
				return parts.Cell{Tip: c.Host + " · " + loc.Moment(c.Last.Local())}
			}},
		{ID: "calls", Title: t("privacy.column.calls"), Width: 64, Align: parts.Right, Text: func(c store.CallSummary) string { return loc.Count(c.Calls) }, Value: func(c store.CallSummary) any { return c.Calls }},
		{ID: "bytes", Title: t("privacy.column.bytes"), Width: 70, Align: parts.Right, Text: func(c store.CallSummary) string { return loc.Bytes(c.BytesIn + c.BytesOut) },
			Look: func(c store.CallSummary) parts.Cell {
				return parts.Cell{Tip: t("privacy.bytes.tip", loc.Bytes(c.BytesOut), loc.Bytes(c.BytesIn))}
			}, Value: func(c store.CallSummary) any { return c.BytesIn + c.BytesOut }},
		{ID: "last", Title: t("privacy.column.last"), Hidden: !wide(s.e), Width: 110, Align: parts.Right, Text: func(c store.CallSummary) string { return loc.Ago(c.Last, s.e.now()) },
			Look: func(c store.CallSummary) parts.Cell {
				return parts.Cell{Tone: parts.Muted, Tip: loc.Moment(c.Last.Local())}
			}, Value: func(c store.CallSummary) any { return c.Last }},
	}
	below := container.NewVBox(spacer(theme.Space1))
	height := theme.Scaled(theme.Row) + float32(len(s.facts.Calls))*theme.Scaled(theme.Row)
	var top fyne.CanvasObject
	if len(s.facts.Calls) == 0 {
		top, height = caption(t("privacy.nocalls"), parts.Normal), theme.Scaled(theme.Row)
	} else {
		table := parts.NewTable(s.e.ctx, columns, parts.Rows(s.facts.Calls, columns), parts.TableOptions[store.CallSummary]{Post: s.e.post})
		table.Select(-1)
		*tables = append(*tables, table)
		top = table
	}
	below.Add(caption(t("privacy.nothingelse"), parts.Muted))
	if s.facts.CallCount > 0 {
		below.Add(outdent(container.NewHBox(parts.NewButton(counted(s.e, "privacy.allcalls", int64(s.facts.CallCount)), parts.Text, s.showCalls))))
	}
	below.Add(spacer(theme.Space2))
	below.Add(parts.NewLabel(t("privacy.done"), theme.TextSection, parts.Normal).Bold())
	for _, a := range s.facts.Done {
		below.Add(parts.NewBorder(nil, nil, nil, parts.NewLabel(loc.Moment(a.At.Local()), theme.TextCaption, parts.Muted).Whole(),
			parts.NewLabel(auditText(s.e, a), theme.TextCaption, parts.Normal)))
	}
	if s.facts.DoneCount > len(s.facts.Done) {
		below.Add(outdent(container.NewHBox(parts.NewButton(counted(s.e, "privacy.alldone", int64(s.facts.DoneCount)), parts.Text, s.showDone))))
	}
	return parts.NewCard(t("privacy.called"), counted(s.e, "privacy.ncalls", int64(s.facts.CallCount)), container.New(topHeight{height}, top, below))
}

// auditText is one entry in the reader's language where its kind is known.
func auditText(e *env, a store.AuditRow) string {
	if !slices.Contains(auditActions, a.Action) {
		return a.Action + " · " + a.Detail
	}
	word := e.words.T("privacy.action." + strings.ReplaceAll(a.Action, " ", "_"))
	detail, _ := sayDeed(e, a.Detail)
	if slices.Contains(auditCosts, a.Action) {
		detail = sayCosts(e, a.Action, a.Detail)
	}
	if detail == "" {
		return word
	}
	return word + " · " + detail
}

// auditActions are the kinds of entries that have a word.
var auditActions = []string{"create", "connect", "disconnect", "export", "import", "purge", "rebuild", "slot", "key", "cost", "costs", "unmask",
	"close", "reopen", "classify", "tax", "accounts", "open", "pause", "resume", "rates", "cash", "credential date"}

// auditCosts are the kinds whose entries name who did it and what it did to the
// cost of goods.
var auditCosts = []string{"costs", "close", "reopen"}

// rights is the third column.
func (s *privacyScreen) rights() fyne.CanvasObject {
	t := s.e.words.T
	export := parts.NewCard(t("privacy.take"), "", container.NewVBox(flushText(t("privacy.take.text"), parts.Muted), spacer(theme.Space1),
		container.NewHBox(parts.NewButton(t("privacy.export"), parts.Primary, s.askExport))))
	list := container.NewVBox()
	add := func(key string, act func()) {
		b := parts.NewButton(t(key), parts.Text, act)
		list.Add(outdent(parts.NewBorder(nil, nil, b, nil)))
	}
	if !s.facts.NoPeople && s.facts.People.Rows > 0 {
		add("privacy.erase", s.askErase)
	}
	add("privacy.disconnect", func() { s.e.show(route{Screen: "settings"}) })
	add("privacy.verify", s.verify)
	add("privacy.rebuild", s.askRebuild)
	add("privacy.keys", s.askKeys)
	leave := parts.NewCard(t("privacy.leave"), "", container.NewVBox(flushText(t("privacy.leave.text"), parts.Muted), spacer(theme.Space1),
		container.NewHBox(parts.NewButton(t("privacy.wipe"), parts.Danger, s.showWipe))))
	return cards(export, parts.NewCard(t("privacy.rights"), "", list), leave)
}

func (s *privacyScreen) showWipe() {
	s.put(newWipe(s.e, s.main).view)
	s.within = true
}

// subPage is a page within the screen, with a way back.
func (s *privacyScreen) subPage(title string, body fyne.CanvasObject, tables ...interface{ Close() }) {
	head := container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space2), 0, 0), container.NewHBox(
		parts.NewButton(s.e.words.T("privacy.back"), parts.Quiet, s.main), spacer(theme.Space1),
		container.NewCenter(parts.NewLabel(title, theme.TextSection, parts.Normal).Bold().Whole())))
	s.put(parts.NewBorder(head, nil, nil, nil, parts.NewSheet(body)))
	s.tables, s.within = tables, true
}

// escape goes back from a page within the screen.
func (s *privacyScreen) escape() bool {
	if !s.within {
		return false
	}
	s.main()
	return true
}

// callSource pages the list of calls.
type callSource struct{ book *store.Book }

func (c callSource) Count(ctx context.Context) (int, error) { return c.book.CountCalls(ctx) }
func (c callSource) Rows(ctx context.Context, o parts.Order, offset, limit int) ([]store.APICall, error) {
	return c.book.CallPage(ctx, o.Column == "at" && !o.Desc, offset, limit)
}

func (s *privacyScreen) showCalls() {
	t, loc := s.e.words.T, s.e.loc
	type row = store.APICall
	columns := []parts.Column[row]{
		{ID: "at", Title: t("privacy.column.at"), Width: 110, Sortable: true, Text: func(c row) string { return loc.Moment(c.At.Local()) }, Value: func(c row) any { return c.At }},
		{ID: "connection", Title: t("privacy.column.connection"), Width: 70, Text: func(c row) string { return accountLabel(c.Connection) }},
		{ID: "host", Title: t("privacy.column.host"), Width: 190, Grow: 1, Text: func(c row) string { return c.Host }},
		{ID: "operation", Title: t("privacy.column.operation"), Width: 150, Grow: 0.6, Text: func(c row) string { return c.Method + " " + c.Operation }},
		{ID: "purpose", Title: t("privacy.column.purpose"), Width: 110, Grow: 0.4, Text: func(c row) string { return c.Purpose }},
		{ID: "status", Title: t("privacy.column.status"), Width: 90, Text: func(c row) string { return callResult(c) }, Look: func(c row) parts.Cell {
			if c.ErrorName != "" || c.Status >= 400 {
				return parts.Cell{Dot: parts.Warn}
			}
			return parts.Cell{Dot: parts.Gain}
		}},
		{ID: "out", Title: t("privacy.column.sent"), Width: 76, Align: parts.Right, Text: func(c row) string { return loc.Bytes(c.BytesOut) }, Value: func(c row) any { return c.BytesOut }},
		{ID: "in", Title: t("privacy.column.received"), Width: 76, Align: parts.Right, Text: func(c row) string { return loc.Bytes(c.BytesIn) }, Value: func(c row) any { return c.BytesIn }},
		{ID: "took", Title: t("privacy.column.took"), Unit: "ms", Width: 66, Align: parts.Right, Text: func(c row) string { return loc.Count(c.Duration.Milliseconds()) }, Value: func(c row) any { return c.Duration.Milliseconds() }},
	}
	table := parts.NewTable(s.e.ctx, columns, parts.Source[row](callSource{s.e.s.Book}), parts.TableOptions[row]{Post: s.e.post, Compact: true})
	s.subPage(counted(s.e, "privacy.ncalls", int64(s.facts.CallCount)), table, table)
}

func callResult(c store.APICall) string {
	switch {
	case c.ErrorName != "":
		return c.ErrorName
	case c.Status == 0:
		return format.Unknown
	}
	return format.For("en").Count(int64(c.Status))
}

// auditSource pages what was done with the book.
type auditSource struct{ book *store.Book }

func (a auditSource) Count(ctx context.Context) (int, error) { return a.book.CountAudit(ctx) }
func (a auditSource) Rows(ctx context.Context, o parts.Order, offset, limit int) ([]store.AuditRow, error) {
	return a.book.AuditPage(ctx, o.Column == "at" && !o.Desc, offset, limit)
}

func (s *privacyScreen) showDone() {
	t := s.e.words.T
	type row = store.AuditRow
	columns := []parts.Column[row]{
		{ID: "at", Title: t("privacy.column.at"), Width: 120, Sortable: true, Text: func(a row) string { return s.e.loc.Moment(a.At.Local()) }, Value: func(a row) any { return a.At }},
		{ID: "what", Title: t("privacy.column.what"), Width: 300, Grow: 1, Text: func(a row) string { return auditText(s.e, a) }},
	}
	table := parts.NewTable(s.e.ctx, columns, parts.Source[row](auditSource{s.e.s.Book}), parts.TableOptions[row]{Post: s.e.post, Compact: true})
	s.subPage(t("privacy.done"), table, table)
}
