package desktop

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// buttons are what can be done with the list, and how wide they are together.
func (l *listPart[R]) buttons() (row fyne.CanvasObject, width float32) {
	t := l.env.words.T
	var columns, views, export *parts.Button
	columns = parts.NewButton(t("list.columns"), parts.Quiet, func() { l.popUp(columns, container.New(belowLayout{layout.NewPaddedLayout()}, l.table.Chooser())) })
	views = parts.NewButton(t("list.views"), parts.Quiet, func() {
		widget.ShowPopUpMenuAtRelativePosition(l.viewMenu(), l.env.window.Canvas(), fyne.NewPos(0, views.Size().Height), views)
	})
	export = parts.NewButton(t("list.export"), parts.Quiet, func() { exportMenu(l.env, export, l.o.Name, l.exported, l.o.Paper) })
	all := []fyne.CanvasObject{columns, views, export}
	for _, b := range all {
		width += b.MinSize().Width
	}
	return container.New(&parts.Wrap{Gap: theme.Space2}, all...), width + 2*theme.Scaled(theme.Space2) + 1
}

// exported is what the list shows.
func (l *listPart[R]) exported(ctx context.Context) ([]parts.Head, exported) {
	return l.table.Export(ctx)
}

// popUp shows content below a button, inside the window.
func (l *listPart[R]) popUp(at, content fyne.CanvasObject) {
	pop := widget.NewPopUp(content, l.env.window.Canvas())
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(at).AddXY(0, at.Size().Height+theme.Scaled(2))
	pos.X = min(pos.X, l.env.window.Canvas().Size().Width-pop.MinSize().Width-theme.Scaled(theme.Space2))
	pop.ShowAtPosition(pos)
}

// viewMenu lists the saved views, and what can be done with them.
func (l *listPart[R]) viewMenu() *fyne.Menu {
	t := l.env.words.T
	now, _ := json.Marshal(l.state())
	var items, gone []*fyne.MenuItem
	for _, v := range l.views {
		item := fyne.NewMenuItem(v.Name, func() { l.openView(v) })
		item.Checked = v.State == string(now)
		items = append(items, item)
		gone = append(gone, fyne.NewMenuItem(v.Name, func() { l.deleteView(v) }))
	}
	if len(items) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	items = append(items, fyne.NewMenuItem(t("list.views.save"), l.askName))
	if len(gone) > 0 {
		del := fyne.NewMenuItem(t("list.views.delete"), nil)
		del.ChildMenu = fyne.NewMenu("", gone...)
		items = append(items, del)
	}
	return fyne.NewMenu("", append(items, fyne.NewMenuItem(t("list.views.usual"), func() { l.change(listState{Table: l.usual}) }))...)
}

func (l *listPart[R]) openView(v store.SavedView) {
	var s listState
	if err := json.Unmarshal([]byte(v.State), &s); err != nil {
		l.env.notify(l.env.words.T("list.views.unreadable", v.Name))
		return
	}
	l.change(s)
}

// change shows the list in another state that the user chose.
func (l *listPart[R]) change(s listState) {
	l.escape()
	l.use(s)
	l.keep()
	l.env.reload()
}

// askName saves the present view under a name; one that is there is replaced.
func (l *listPart[R]) askName() {
	t := l.env.words.T
	name := parts.NewEntry()
	name.SetPlaceHolder(t("list.views.name_hint"))
	var m *modal
	save := func() { m.hide(); l.saveView(name.Text) }
	m = newModal(l.env, t("list.views.save"), field(t("list.views.name"), name), fyne.NewSize(420, 176),
		parts.NewButton(t("list.cancel"), parts.Quiet, func() { m.hide() }), parts.NewButton(t("list.views.keep"), parts.Primary, save))
	name.OnSubmitted = func(string) { save() }
	m.show()
	l.env.window.Canvas().Focus(name)
}

func (l *listPart[R]) saveView(name string) {
	name = strings.TrimSpace(name)
	if name == "" {
		return
	}
	text, err := json.Marshal(l.state())
	if err != nil {
		return
	}
	v := store.SavedView{Screen: l.o.Name, Name: name, State: string(text)}
	l.write(func(tx *store.Tx) error { return tx.PutSavedView(v) }, func() {
		l.views = slices.DeleteFunc(l.views, func(have store.SavedView) bool { return have.Name == name })
		l.views = append(l.views, v)
		slices.SortFunc(l.views, func(a, b store.SavedView) int { return strings.Compare(a.Name, b.Name) })
		l.env.notify(l.env.words.T("list.views.saved", name))
	})
}

func (l *listPart[R]) deleteView(v store.SavedView) {
	l.write(func(tx *store.Tx) error { return tx.DeleteSavedView(v.Screen, v.Name) }, func() {
		l.views = slices.DeleteFunc(l.views, func(have store.SavedView) bool { return have.Name == v.Name })
		l.env.notify(l.env.words.T("list.views.deleted", v.Name))
	})
}
