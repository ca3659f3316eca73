package desktop

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// goodsPart lists the rows of Amazon's goods reports, one topic at a time: the
// second part of the inventory screen. UI goroutine only.
type goodsPart struct {
	e      *env
	text   goodsText
	rows   loader // counts the rows shown
	counts loader // of the chips
	papers loader // what Amazon sent

	topic  goodsTopic
	list   *listPart[goodsRow] // of the topic
	empty  *fyne.Container     // what stands in place of no rows
	search *parts.Entry
	chips  *parts.FilterBar
	about  *parts.Label
	bar    *fyne.Container
	sheet  *fyne.Container
	body   fyne.CanvasObject
	page   *fyne.Container
	shown  store.ReportFilter
	ready  bool // the rows that were asked for are on screen
}

func newGoods(e *env) *goodsPart {
	return &goodsPart{e: e, text: goodsText{e.loc, e.words}, rows: loader{env: e}, counts: loader{env: e}, papers: loader{env: e}}
}

func (g *goodsPart) build() fyne.CanvasObject {
	t := g.e.words.T
	chips := make([]*parts.Chip, len(goodsTopics))
	for i, topic := range goodsTopics {
		chips[i] = parts.NewChip(string(topic.id), t("goods.topic."+string(topic.id)), "", nil)
	}
	g.chips = parts.NewFilterBar(true, func(on []string) { g.turn(store.ReportTopic(on[0])); g.want(); g.load() }, chips...)
	g.search = parts.NewEntry()
	g.search.SetPlaceHolder(t("goods.search"))
	g.search.OnChanged = func(string) { g.list.keep(); g.fill() }
	g.about = parts.NewLabel("", theme.TextCaption, parts.Muted)
	g.bar, g.sheet = container.NewStack(), container.NewStack()
	gap := theme.Scaled(theme.Space3)
	top := parts.NewBorder(g.chips, container.New(layout.NewCustomPaddedLayout(gap, gap, 0, 0), g.bar), nil, nil)
	g.body = parts.NewBorder(top, nil, nil, nil, g.sheet)
	g.page = container.NewStack(g.body)
	g.turn(goodsTopics[0].id)
	return g.page
}

// turn shows another topic; its rows come with load. A topic that is not known is
// the first.
func (g *goodsPart) turn(id store.ReportTopic) {
	topic, ok := goodsTopicOf(id)
	if !ok {
		topic = goodsTopics[0]
	}
	if g.list != nil {
		if topic.id == g.topic.id {
			return
		}
		g.rows.stop()
		g.list.closeList()
	}
	g.topic, g.ready = topic, false
	for _, c := range g.chips.Chips {
		c.SetOn(c.ID == string(topic.id))
	}
	g.empty = container.NewStack()
	var facts func() [][2]string // of the header's days
	if topic.now {
		facts = func() [][2]string { return nil }
	}
	g.list = newListPart(g.e, listOptions[goodsRow]{
		Name: "goods-" + string(topic.id), Columns: g.text.columns(topic), Pinned: 1, Failed: g.failed, Open: g.open, Empty: g.empty,
		Order:  parts.Order{Column: store.ReportColumns(topic.id)[0].Name, Desc: !topic.now},
		Filter: func() listFilter { return listFilter{Text: g.search.Text} },
		Apply:  func(f listFilter) { g.write(f.Text) },
		Facts:  facts,
	})
	right, width := g.list.buttons()
	g.bar.Objects = []fyne.CanvasObject{container.New(detailBarLayout{left: 200, right: width}, g.search, g.about, right)}
	g.sheet.Objects = []fyne.CanvasObject{g.list.beside}
	g.bar.Refresh()
	g.sheet.Refresh()
}

// write puts a text into the search without searching.
func (g *goodsPart) write(text string) {
	changed := g.search.OnChanged
	g.search.OnChanged = nil
	g.search.SetText(text)
	g.search.OnChanged = changed
}

// want asks for the reports behind the topic that the user has turned to.
func (g *goodsPart) want() {
	if g.e.want != nil {
		g.e.want(g.topic.sources)
	}
}

// load reads for the header's choice.
func (g *goodsPart) load() {
	g.about.SetText(g.text.about(g.topic, g.e.filter()), parts.Muted)
	text := g.search.Text
	g.list.begin(func() {
		if g.search.Text == "" && text != "" {
			g.write(text) // a search goes on in another topic
		}
		g.fill()
		g.count()
	})
}

// count writes on the chips how many rows each topic has in the header's days and
// marketplaces.
func (g *goodsPart) count() {
	f := g.e.filter()
	g.counts.run(func(ctx context.Context) (func(), error) {
		counts := make([]int64, len(goodsTopics))
		for i, topic := range goodsTopics {
			var err error
			if counts[i], err = g.e.s.Book.CountReportRows(ctx, topic.id, topic.filter(f)); err != nil {
				return nil, err
			}
		}
		return func() {
			for i, c := range g.chips.Chips {
				c.SetCount(g.e.loc.Count(counts[i]))
			}
			g.chips.Refresh()
		}, nil
	}, g.failed)
}

// fill shows the rows that the header and the search leave.
func (g *goodsPart) fill() {
	topic, text := g.topic, strings.TrimSpace(g.search.Text)
	f := topic.filter(g.e.filter())
	f.Text, f.Means = text, g.text.means(topic, text)
	g.ready = false
	g.rows.run(func(ctx context.Context) (func(), error) {
		n, err := g.e.s.Book.CountReportRows(ctx, topic.id, f)
		if err != nil {
			return nil, err
		}
		states, err := g.e.s.Book.SyncStates(ctx)
		return func() { g.show(topic, f, n, states) }, err
	}, g.failed)
}

func (g *goodsPart) show(topic goodsTopic, f store.ReportFilter, n int64, states []store.SyncState) {
	t := g.e.words.T
	g.put(g.body)
	what, why := g.text.empty(topic, states)
	none := parts.NewEmptyState(what, t("goods.empty.sync"), func() { g.e.show(route{Screen: "timeline"}) })
	if f.Text != "" {
		why = ""
		none = parts.NewEmptyState(t("goods.none", f.Text), t("goods.none.all"), func() { g.write(""); g.list.keep(); g.fill() })
	}
	below := parts.NewParagraph(why, parts.Muted)
	below.Alignment = fyne.TextAlignCenter
	room := container.NewGridWrap(fyne.NewSize(theme.Scaled(720), theme.Scaled(80)), below)
	g.empty.Objects = []fyne.CanvasObject{container.NewCenter(container.NewVBox(none, room))}
	g.empty.Refresh()
	g.list.table.SetTotals(g.totals(n))
	g.list.table.SetSource(goodsSource{g.e.s.Book, topic.id, f})
	g.shown, g.ready = f, true
}

// totals counts the rows below the first column on screen.
func (g *goodsPart) totals(n int64) map[string]parts.Cell {
	if n == 0 {
		return nil
	}
	key := "goods.count"
	if g.e.loc.One(n) {
		key += ".one"
	}
	return map[string]parts.Cell{strings.Fields(g.topic.first)[0]: {Text: g.e.words.T(key, g.e.loc.Count(n))}}
}

// open shows what Amazon wrote of a row: its line of the report.
func (g *goodsPart) open(r goodsRow) {
	document, line, ok := r.place()
	if !ok {
		g.e.notify(g.e.words.T("goods.noplace"))
		return
	}
	g.papers.run(func(ctx context.Context) (func(), error) {
		place, err := g.e.s.Book.PlaceIn(ctx, document, line)
		paper := detailPaper{DocumentPlace: place}
		if line > 0 {
			paper.Lines = []int64{line}
		}
		return func() { detailShow(g.e, &g.papers, paper) }, err
	}, func(err error) { g.e.notify(g.e.words.T("orders.original.failed", err.Error())) })
}

func (g *goodsPart) failed(err error) {
	g.put(screenProblem(g.e, g.e.words.T("goods.error"), err, g.load))
}

func (g *goodsPart) put(o fyne.CanvasObject) {
	if g.page.Objects[0] != o {
		g.page.Objects = []fyne.CanvasObject{o}
		g.page.Refresh()
	}
}

func (g *goodsPart) close() {
	g.rows.close()
	g.counts.close()
	g.papers.close()
	g.list.closeList()
}
