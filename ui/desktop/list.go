package desktop

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// listFilter is what narrows a list beside the header's choice.
type listFilter struct {
	Chip string `json:"chip,omitempty"`
	Who  string `json:"who,omitempty"`
	Text string `json:"text,omitempty"`
}

// listState is how a list is shown. It is kept with the book, as the user left
// it and under the names of his saved views.
type listState struct {
	Table  parts.TableState `json:"table"`
	Filter listFilter       `json:"filter"`
}

// listOptions are what differs between lists.
type listOptions[R any] struct {
	Name    string // of the table: its settings, saved views and exports
	Columns []parts.Column[R]
	Pinned  int
	Order   parts.Order // as long as the user chose none
	Empty   fyne.CanvasObject
	Failed  func(error)
	Post    func(func())

	Show   func(R)           // shows a row in the drawer; nil: there is none
	Open   func(R)           // without Show: what Enter or a click on the chosen row does; may be nil
	Select func(R)           // another row is chosen; nil: what the drawer shows follows
	Below  fyne.CanvasObject // stands under the rows; may be nil

	Paper paperMaker         // the report for paper; nil: there is none
	Facts func() [][2]string // what the rows are of, on paper; nil: the header's days

	Filter func() listFilter // what narrows the list now; nil: nothing can
	Apply  func(listFilter)  // narrows it
}

// listPart is what all screens with a list share: the table, the drawer beside
// it, columns, saved views and exports, and that the book remembers them. A
// screen embeds it and adds its rows and its filter. UI goroutine only.
type listPart[R any] struct {
	*viewPart
	o      listOptions[R]
	table  *parts.Table[R]
	drawer *parts.Drawer // nil without Show
	beside *fyne.Container

	opens loader // what the drawer shows
}

func newListPart[R any](e *env, o listOptions[R]) *listPart[R] {
	l := &listPart[R]{o: o, opens: loader{env: e}}
	l.viewPart = newViewPart(e, viewOptions{Name: o.Name, Failed: o.Failed, Filter: o.Filter, Apply: o.Apply, Leave: func() { l.escape() }})
	l.table = parts.NewTable[R](e.ctx, o.Columns, nil, parts.TableOptions[R]{
		Post: e.post, Reading: &e.reading, Pinned: o.Pinned, Empty: o.Empty, OnError: o.Failed,
		OnSelect: func(r R) {
			switch {
			case o.Select != nil:
				o.Select(r)
			case l.drawer != nil && l.drawer.Visible():
				o.Show(r)
			}
		},
		OnOpen: func(r R, _ string) {
			switch {
			case o.Show != nil:
				o.Show(r)
			case o.Open != nil:
				o.Open(r)
			}
		},
	})
	l.table.SetOrder(o.Order)
	l.attach(l.table)
	sheet := fyne.CanvasObject(l.table)
	if o.Below != nil {
		sheet = parts.NewBorder(nil, o.Below, nil, nil, l.table)
	}
	l.beside = container.New(parts.Beside{}, parts.NewSheet(sheet))
	if o.Show != nil {
		l.drawer = parts.NewDrawer("", "", e.words.T("list.close"), container.NewStack(), func() { l.escape() })
		l.drawer.Hide()
		l.beside.Add(l.drawer)
	}
	return l
}

// buttons are what can be done with the list, and how wide they are together.
func (l *listPart[R]) buttons() (row fyne.CanvasObject, width float32) {
	var export *parts.Button
	export = parts.NewButton(l.env.words.T("list.export"), parts.Quiet, func() {
		exportMenu(l.env, export, exportOf{name: l.o.Name, title: l.title(), facts: l.facts(), read: l.exported, totals: l.table.Totals, report: l.o.Paper})
	})
	all := append(l.viewButtons(), export)
	for _, b := range all {
		width += b.MinSize().Width
	}
	return container.New(&parts.Wrap{Gap: theme.Space2}, all...), width + 2*theme.Scaled(theme.Space2) + 1
}

// title names the list on paper.
func (l *listPart[R]) title() string {
	if topic, ok := strings.CutPrefix(l.o.Name, "goods-"); ok {
		return l.env.words.T("goods.topic." + topic)
	}
	if l.o.Name == "lines" { // no place of the rail
		return l.env.words.T("lines.paper")
	}
	return l.env.words.T("frame." + l.o.Name)
}

// facts are what the rows are of.
func (l *listPart[R]) facts() [][2]string {
	if l.o.Facts != nil {
		return l.o.Facts()
	}
	f := l.env.filter()
	return [][2]string{{l.env.words.T("paper.period"), statementRange(l.env.loc, statementSpan{f.From, f.To})}}
}

// exported is what the list shows.
func (l *listPart[R]) exported(ctx context.Context) ([]parts.Head, exported) {
	return l.table.Export(ctx)
}

func (l *listPart[R]) drawerOpen() bool { return l.drawer != nil && l.drawer.Visible() }

// showDrawer opens the drawer with bones until its content comes.
func (l *listPart[R]) showDrawer(title string) {
	if l.drawer.Visible() {
		return
	}
	l.drawer.SetContent(title, "", parts.NewSkeleton(12))
	l.drawer.Show()
	l.beside.Refresh()
}

// escape closes the drawer, and reports whether there was one.
func (l *listPart[R]) escape() bool {
	if !l.drawerOpen() {
		return false
	}
	l.opens.stop()
	l.drawer.Hide()
	l.beside.Refresh()
	if c := l.env.window.Canvas(); c != nil {
		c.Focus(l.table.Focus())
	}
	return true
}

// closeList ends what the list runs.
func (l *listPart[R]) closeList() {
	l.opens.close()
	l.closeViews()
	l.table.Close()
}
