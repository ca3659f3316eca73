package desktop

import (
	"context"
	"encoding/json"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
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

	Paper paperMaker // the report for paper; nil: there is none

	Filter func() listFilter // what narrows the list now; nil: nothing can
	Apply  func(listFilter)  // narrows it
}

// listPart is what all screens with a list share: the table, the drawer beside
// it, columns, saved views and exports, and that the book remembers them. A
// screen embeds it and adds its rows and its filter. UI goroutine only.
type listPart[R any] struct {
	env    *env
	o      listOptions[R]
	table  *parts.Table[R]
	drawer *parts.Drawer // nil without Show
	beside *fyne.Container

	opens    loader // what the drawer shows
	reads    loader // what the book remembers
	saves    loader // how the list is shown
	named    loader // saved views
	pending  string // still to be stored, once what is being stored is
	saving   bool
	views    []store.SavedView
	usual    parts.TableState
	restored bool
	quiet    bool // changes of columns are the screen's own
}

// waiting is a source that never answers: rows of bones stand for what comes.
type waiting[R any] struct{}

func (waiting[R]) Count(ctx context.Context) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

func (waiting[R]) Rows(ctx context.Context, _ parts.Order, _, _ int) ([]R, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func newListPart[R any](e *env, o listOptions[R]) *listPart[R] {
	l := &listPart[R]{env: e, o: o, opens: loader{env: e}, reads: loader{env: e}, saves: loader{env: e}, named: loader{env: e}}
	l.table = parts.NewTable[R](e.ctx, o.Columns, waiting[R]{}, parts.TableOptions[R]{
		Post: e.post, Pinned: o.Pinned, Empty: o.Empty, OnError: o.Failed,
		OnState: func(parts.TableState) { l.keep() },
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
	l.usual = l.table.State()
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

// begin gives the list the columns, order and filter that the book remembers,
// once, and then calls then.
func (l *listPart[R]) begin(then func()) {
	if l.restored {
		then()
		return
	}
	l.reads.run(func(ctx context.Context) (func(), error) {
		text, err := l.env.s.Book.Setting(ctx, l.setting())
		if err != nil {
			return nil, err
		}
		views, err := l.env.s.Book.SavedViews(ctx, l.o.Name)
		if err != nil {
			return nil, err
		}
		return func() {
			l.views, l.restored = views, true
			var state listState
			// What cannot be read is left: it is a convenience.
			if text != "" && json.Unmarshal([]byte(text), &state) == nil {
				state.Filter.Text = "" // an old search would only puzzle
				l.use(state)
			}
			then()
		}, nil
	}, l.o.Failed)
}

func (l *listPart[R]) setting() string { return l.o.Name + ".list" }

// use shows the list in a state. The screen reads its rows afterwards.
func (l *listPart[R]) use(s listState) {
	l.quiet = true
	defer func() { l.quiet = false }()
	l.table.Restore(s.Table)
	if l.o.Apply != nil {
		l.o.Apply(s.Filter)
	}
}

func (l *listPart[R]) state() listState {
	s := listState{Table: l.table.State()}
	if l.o.Filter != nil {
		s.Filter = l.o.Filter()
	}
	return s
}

// keep stores how the list is shown with the book, after any change of it.
func (l *listPart[R]) keep() {
	if l.quiet || !l.restored {
		return
	}
	text, err := json.Marshal(l.state())
	if err != nil {
		return
	}
	l.pending = string(text)
	l.store()
}

// store writes what is pending, one write at a time and the newest last. A
// write that began is ended even when the screen is left.
func (l *listPart[R]) store() {
	if l.saving || l.pending == "" {
		return
	}
	text := l.pending
	l.pending, l.saving = "", true
	l.saves.run(func(ctx context.Context) (func(), error) {
		err := l.env.s.Book.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.SetSetting(l.setting(), text) })
		return func() { l.saving = false; l.store() }, err
	}, func(err error) { l.saving = false; l.env.notify(errorLine(err)) })
}

// write changes the saved views.
func (l *listPart[R]) write(f func(*store.Tx) error, then func()) {
	l.named.run(func(ctx context.Context) (func(), error) {
		return then, l.env.s.Book.Write(ctx, f)
	}, func(err error) { l.env.notify(errorLine(err)) })
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
	l.reads.close()
	l.saves.close()
	l.named.close()
	l.table.Close()
}
