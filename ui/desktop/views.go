package desktop

import (
	"context"
	"encoding/json"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
)

// viewTable is what views need of a table: any [parts.Table].
type viewTable interface {
	State() parts.TableState
	Restore(parts.TableState)
	OnState(func(parts.TableState))
	Chooser() fyne.CanvasObject
}

// viewOptions are what differs between tables whose views are kept.
type viewOptions struct {
	Name   string // of the table: its settings and saved views
	Failed func(error)
	Filter func() listFilter // what narrows the table now; nil: nothing can
	Apply  func(listFilter)  // narrows it
	Leave  func()            // before another view is shown; may be nil
}

// viewPart keeps with the book how a table is shown: as the user left it, and
// under the names of his saved views. A table that is made anew for other
// figures is attached again and looks as the one before. UI goroutine only.
type viewPart struct {
	env   *env
	of    viewOptions
	shown viewTable

	reads    loader // what the book remembers
	saves    loader // how the table is shown
	named    loader // saved views
	pending  string // still to be stored, once what is being stored is
	saving   bool
	views    []store.SavedView
	usual    parts.TableState
	kept     parts.TableState // of the table before
	restored bool
	quiet    bool // changes of columns are the screen's own
}

func newViewPart(e *env, o viewOptions) *viewPart {
	if o.Failed == nil {
		o.Failed = func(err error) { e.notify(errorLine(err)) }
	}
	return &viewPart{env: e, of: o, reads: loader{env: e}, saves: loader{env: e}, named: loader{env: e}}
}

// attach keeps the views of a table. Its present state is the usual one.
func (v *viewPart) attach(t viewTable) {
	v.shown, v.usual = t, t.State()
	t.OnState(func(parts.TableState) { v.keep() })
	if v.restored {
		v.quiet = true
		t.Restore(v.kept)
		v.quiet = false
	}
}

// begin gives the table the columns, order and filter that the book remembers,
// once, and then calls then.
func (v *viewPart) begin(then func()) {
	if v.restored {
		then()
		return
	}
	v.reads.run(func(ctx context.Context) (func(), error) {
		text, err := v.env.s.Book.Setting(ctx, v.setting())
		if err != nil {
			return nil, err
		}
		views, err := v.env.s.Book.SavedViews(ctx, v.of.Name)
		if err != nil {
			return nil, err
		}
		return func() {
			v.views, v.restored, v.kept = views, true, v.usual
			var state listState
			// What cannot be read is left: it is a convenience.
			if text != "" && json.Unmarshal([]byte(text), &state) == nil {
				state.Filter.Text = "" // an old search would only puzzle
				v.use(state)
			}
			then()
		}, nil
	}, v.of.Failed)
}

func (v *viewPart) setting() string { return v.of.Name + ".list" }

// use shows the table in a state. The screen reads its rows afterwards.
func (v *viewPart) use(s listState) {
	v.quiet = true
	defer func() { v.quiet = false }()
	v.shown.Restore(s.Table)
	v.kept = s.Table
	if v.of.Apply != nil {
		v.of.Apply(s.Filter)
	}
}

func (v *viewPart) state() listState {
	s := listState{Table: v.shown.State()}
	if v.of.Filter != nil {
		s.Filter = v.of.Filter()
	}
	return s
}

// keep stores how the table is shown with the book, after any change of it.
func (v *viewPart) keep() {
	if v.quiet || !v.restored {
		return
	}
	state := v.state()
	text, err := json.Marshal(state)
	if err != nil {
		return
	}
	v.pending, v.kept = string(text), state.Table
	v.store()
}

// store writes what is pending, one write at a time and the newest last. A
// write that began is ended even when the screen is left.
func (v *viewPart) store() {
	if v.saving || v.pending == "" {
		return
	}
	text := v.pending
	v.pending, v.saving = "", true
	v.saves.run(func(ctx context.Context) (func(), error) {
		err := v.env.s.Book.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.SetSetting(v.setting(), text) })
		return func() { v.saving = false; v.store() }, err
	}, func(err error) { v.saving = false; v.env.notify(errorLine(err)) })
}

// write changes the saved views.
func (v *viewPart) write(f func(*store.Tx) error, then func()) {
	v.named.run(func(ctx context.Context) (func(), error) {
		return then, v.env.s.Book.Write(ctx, f)
	}, func(err error) { v.env.notify(errorLine(err)) })
}

// viewButtons choose columns and views of the table that is shown.
func (v *viewPart) viewButtons() []fyne.CanvasObject {
	t := v.env.words.T
	var columns, views *parts.Button
	columns = parts.NewButton(t("list.columns"), parts.Quiet, func() { v.popUp(columns, container.New(belowLayout{layout.NewPaddedLayout()}, v.shown.Chooser())) })
	views = parts.NewButton(t("list.views"), parts.Quiet, func() {
		widget.ShowPopUpMenuAtRelativePosition(v.viewMenu(), v.env.window.Canvas(), fyne.NewPos(0, views.Size().Height), views)
	})
	return []fyne.CanvasObject{columns, views}
}

// tableViews are the views of the tables of a screen that shows one at a time,
// and makes it anew. The zero value has none yet.
type tableViews struct{ of map[string]*viewPart }

// attach keeps the views of the table called name, and returns their buttons.
func (t *tableViews) attach(e *env, name string, table viewTable) []fyne.CanvasObject {
	v := t.of[name]
	if v == nil {
		v = newViewPart(e, viewOptions{Name: name})
		if t.of == nil {
			t.of = map[string]*viewPart{}
		}
		t.of[name] = v
	}
	v.attach(table)
	v.begin(func() {})
	return v.viewButtons()
}

func (t *tableViews) close() {
	for _, v := range t.of {
		v.closeViews()
	}
}

// closeViews ends what it runs.
func (v *viewPart) closeViews() {
	v.reads.close()
	v.saves.close()
	v.named.close()
}
