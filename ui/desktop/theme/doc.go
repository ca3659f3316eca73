// Package theme owns the look of the window: the tokens (colours, sizes,
// spacing), and the Fyne theme made of them.
//
// Widgets ask [Now] for the tokens in force and [Scaled] for a size, each time
// they lay out or refresh, so that a change of theme or scale reaches them by
// Fyne's own refresh. It knows no widgets, no data and no window.
//
// All functions that read the current theme belong to the UI goroutine.
//
//	app.Settings().SetTheme(theme.New(theme.Options{Mode: theme.System}))
//	label.Color = theme.Now().Ink2
//	label.TextSize = theme.Scaled(theme.TextCaption)
package theme
