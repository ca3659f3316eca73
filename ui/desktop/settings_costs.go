package desktop

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/costfiles"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// costCard leads to the screen of costs.
func (s *settingsScreen) costCard() fyne.CanvasObject {
	t := s.e.words.T
	return parts.NewCard(t("settings.costs"), s.e.loc.Count(int64(s.facts.costs)), container.NewVBox(caption(t("settings.cost.text"), parts.Muted),
		gap(theme.Space1), buttons(parts.NewButton(t("settings.cost.open"), parts.Quiet, func() { s.e.show(route{Screen: "costs", View: tabUnits}) }))))
}

// tellCostFile says why a cost list was not read.
func tellCostFile(e *env, err error) {
	t := e.words.T
	var rows errCostRows
	if errors.As(err, &rows) {
		tellCostRows(e, rows)
		return
	}
	text := plainError(e.words, err)
	if errors.Is(err, costfiles.ErrFile) {
		text = t("settings.cost.notalist")
	}
	tell(e, t("settings.cost.failed"), container.NewVBox(flushText(text, parts.Normal), caption(err.Error(), parts.Muted)), fyne.NewSize(520, 280))
}

// tellCostRows lists the rows that cannot be read, by line.
func tellCostRows(e *env, rows errCostRows) {
	table := problemTable(e, rows)
	high := container.NewGridWrap(fyne.NewSize(theme.Scaled(560), theme.Scaled(260)), table)
	tell(e, counted(e, "settings.cost.bad", int64(len(rows))), container.NewVBox(flushText(e.words.T("settings.cost.nothing"), parts.Normal), high), fyne.NewSize(600, 440))
}
