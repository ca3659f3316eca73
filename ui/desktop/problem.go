package desktop

import (
	"fyne.io/fyne/v2"

	"countinghouse/ui/desktop/parts"
)

// screenProblem is the error state of every screen and page whose book could not
// be read: what happened, since when, what still works, and one action.
func screenProblem(e *env, what string, err error, again func()) fyne.CanvasObject {
	t := e.words.T
	return parts.NewCard("", "", parts.NewErrorState(parts.Problem{
		What: what, Since: t("common.since", e.loc.Moment(e.now())), Works: t("common.still_works"),
		Action: t("common.again"), Details: errorLine(err), Folded: t("common.details"),
	}, again))
}
