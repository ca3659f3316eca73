package desktop

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// noteRows is what the seller wrote about an order, to be changed on the spot.
// Sync never touches it; the search of the list finds it.
func (s *ordersScreen) noteRows(d *store.OrderDetail, written time.Time) []fyne.CanvasObject {
	t := s.e.words.T
	when := ""
	if !written.IsZero() {
		when = t("orders.note.written", s.e.loc.Moment(written.Local()))
	}
	note := parts.NewLongEntry()
	note.Wrapping = fyne.TextWrapWord
	note.SetPlaceHolder(t("orders.note.hint"))
	note.SetText(d.Note)
	note.SetMinRowsVisible(2)
	save := parts.NewButton(t("orders.note.save"), parts.Quiet, func() { s.saveNote(d, note.Text) })
	save.Disable()
	note.OnChanged = func(text string) {
		if text == d.Note || len(text) > store.MaxNote {
			save.Disable()
			return
		}
		save.Enable()
	}
	gap := theme.Scaled(theme.Space1)
	return []fyne.CanvasObject{
		detailHead(t("orders.note"), when), note,
		container.New(layout.NewCustomPaddedLayout(gap, 0, 0, 0), parts.NewBorder(nil, nil, nil, container.NewVBox(save),
			caption(t("orders.note.private"), parts.Hint))),
	}
}

// saveNote stores a note, and shows the order and the list with it.
func (s *ordersScreen) saveNote(d *store.OrderDetail, note string) {
	s.papers.run(func(ctx context.Context) (func(), error) {
		err := s.e.s.Book.Write(ctx, func(tx *store.Tx) error { return tx.PutNote(d.Connection, d.ID, note) })
		return func() {
			s.e.notify(s.e.words.T("orders.note.saved", d.ID))
			s.table.Reload()
			s.show(d.Connection, d.ID)
		}, err
	}, func(err error) { s.e.notify(errorLine(err)) })
}
