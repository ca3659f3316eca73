// Package parts holds the widgets of our own that screens are made of: the
// one table, charts with their text, tiles, chips, the rail, the status line,
// and the four states of a screen.
//
// It owns how things look and answer to mouse and keys. It knows no store, no
// sync and no language: words arrive ready, rows through a [Source]. It never
// imports fyne/v2/app; what must run on the UI goroutine later goes through a
// post function that the caller gives (fyne.Do in the program, a queue in
// tests).
//
// Widgets belong to the UI goroutine. A [Table] owns one goroutine at a time,
// which calls its Source and then post; [Table.Close] ends it and waits.
//
//	table := parts.NewTable(ctx, columns, parts.Rows(orders, columns), parts.TableOptions[Order]{Post: fyne.Do})
//	window.SetContent(table)
package parts
