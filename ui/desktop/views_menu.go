package desktop

import (
	"encoding/json"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// popUp shows content below a button, inside the window.
func (v *viewPart) popUp(at, content fyne.CanvasObject) {
	pop := widget.NewPopUp(content, v.env.window.Canvas())
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(at).AddXY(0, at.Size().Height+theme.Scaled(2))
	pos.X = min(pos.X, v.env.window.Canvas().Size().Width-pop.MinSize().Width-theme.Scaled(theme.Space2))
	pop.ShowAtPosition(pos)
}

// viewMenu lists the saved views, and what can be done with them.
func (v *viewPart) viewMenu() *fyne.Menu {
	t := v.env.words.T
	now, _ := json.Marshal(v.state())
	var items, gone []*fyne.MenuItem
	for _, saved := range v.views {
		item := fyne.NewMenuItem(saved.Name, func() { v.openView(saved) })
		item.Checked = saved.State == string(now)
		items = append(items, item)
		gone = append(gone, fyne.NewMenuItem(saved.Name, func() { v.deleteView(saved) }))
	}
	if len(items) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	items = append(items, fyne.NewMenuItem(t("list.views.save"), v.askName))
	if len(gone) > 0 {
		del := fyne.NewMenuItem(t("list.views.delete"), nil)
		del.ChildMenu = fyne.NewMenu("", gone...)
		items = append(items, del)
	}
	return fyne.NewMenu("", append(items, fyne.NewMenuItem(t("list.views.usual"), func() { v.change(listState{Table: v.usual}) }))...)
}

func (v *viewPart) openView(saved store.SavedView) {
	var s listState
	if err := json.Unmarshal([]byte(saved.State), &s); err != nil {
		v.env.notify(v.env.words.T("list.views.unreadable", saved.Name))
		return
	}
	v.change(s)
}

// change shows the list in another state that the user chose.
func (v *viewPart) change(s listState) {
	if v.of.Leave != nil {
		v.of.Leave()
	}
	v.use(s)
	v.keep()
	if v.of.Apply != nil {
		v.env.reload()
	}
}

// askName saves the present view under a name; one that is there is replaced.
func (v *viewPart) askName() {
	t := v.env.words.T
	name := parts.NewEntry()
	name.SetPlaceHolder(t("list.views.name_hint"))
	var m *modal
	save := func() { m.hide(); v.saveView(name.Text) }
	m = newModal(v.env, t("list.views.save"), field(t("list.views.name"), name), fyne.NewSize(420, 176),
		parts.NewButton(t("list.cancel"), parts.Quiet, func() { m.hide() }), parts.NewButton(t("list.views.keep"), parts.Primary, save))
	name.OnSubmitted = func(string) { save() }
	m.show()
	v.env.window.Canvas().Focus(name)
}

func (v *viewPart) saveView(name string) {
	name = strings.TrimSpace(name)
	if name == "" {
		return
	}
	text, err := json.Marshal(v.state())
	if err != nil {
		return
	}
	saved := store.SavedView{Screen: v.of.Name, Name: name, State: string(text)}
	v.write(func(tx *store.Tx) error { return tx.PutSavedView(saved) }, func() {
		v.views = slices.DeleteFunc(v.views, func(have store.SavedView) bool { return have.Name == name })
		v.views = append(v.views, saved)
		slices.SortFunc(v.views, func(a, b store.SavedView) int { return strings.Compare(a.Name, b.Name) })
		v.env.notify(v.env.words.T("list.views.saved", name))
	})
}

func (v *viewPart) deleteView(saved store.SavedView) {
	v.write(func(tx *store.Tx) error { return tx.DeleteSavedView(saved.Screen, saved.Name) }, func() {
		v.views = slices.DeleteFunc(v.views, func(have store.SavedView) bool { return have.Name == saved.Name })
		v.env.notify(v.env.words.T("list.views.deleted", saved.Name))
	})
}
