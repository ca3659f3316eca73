// Package desktop is the window: the frame with its rail, header and status
// line, and one screen per file pair (orders.go with the widgets,
// orders_model.go without Fyne).
//
// It owns what is shown and what a click does. It opens books through
// ui/session, reads them through data/store, and never imports fyne/v2/app:
// main makes the fyne.App. Widgets are touched on the UI goroutine only; every
// query runs on a goroutine that its screen owns, ends with the screen's
// context, and hands its result over with post.
package desktop

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"countinghouse/data/store"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// filter is what the header narrows every screen to.
type filter struct {
	From, To               string // marketplace days, both included
	CompareFrom, CompareTo string // empty: no comparison
	Marketplaces           []string
}

// route is a place in the window: a screen and what it shows there. Values are
// comparable, so that back and forward can keep them.
type route struct {
	Screen string // "overview", "orders", "inventory", "profit", "settlements", "privacy", "settings"
	Order  string // open this order
	SKU    string
	Line   string // open the lines behind this line of the statement
	From   string // with Line: the days, both included
	To     string
	Market string // marketplace id
	// Of connect: the account to connect again; empty: another one.
	Account string
	// Of lines and of profit:
	Currency string          // only this one
	Basis    store.Basis     // the days are of posting or of orders; empty: of posting
	Group    store.GroupKind // with Line: only the group called GroupName
	Name     string          // of the group; empty: money in no group
	Tax      *store.TaxOf    // with Line: only money of that row of tax
	View     string          // of profit: the part of the screen
}

// env is what every screen gets. The frame makes it once per open book.
type env struct {
	ctx    context.Context // ends when the book is closed
	s      *session.Session
	window fyne.Window
	loc    *format.Locale
	words  *i18n.Words
	post   func(func()) // fyne.Do in the program, a queue in tests
	now    func() time.Time
	filter func() filter
	show   func(route)                                                                                         // go to another place
	notify func(sentence string)                                                                               // a short word in the status line
	busy   func(name string, work func(ctx context.Context, progress func(done, total int64)) (string, error)) // long work with progress and cancel in the status line; the string is its result
	reload func()                                                                                              // the book changed: load the current screen again
	want   func(sources []string)                                                                              // what the user has just opened is fetched next. Nil where nothing syncs
	opened func(connection, order string)                                                                      // the same for one order
	ahead  *overviewAhead                                                                                      // what the overview shows at first; nil once it was asked for
	halt   func(last func())                                                                                   // ends all work with the book but the caller's, and then does the last thing, off the UI goroutine; the window stays until that is done. Nil where nothing works
	hidden func() bool                                                                                         // the book is locked: nothing of it is shown. Nil where it cannot be

	reading atomic.Int32 // loads under way and not shown yet, of screens and of their tables; pictures and tests wait for them
}

// screen is one place of the rail. The frame calls its methods on the UI
// goroutine.
type screen interface {
	// build makes the widgets once, in the loading state.
	build() fyne.CanvasObject
	// load starts reading for the present filter and route; a newer load
	// cancels the older. It returns at once.
	load(r route)
	// close ends the screen's goroutines and waits for them.
	close()
}
