package desktop

import "countinghouse/ui/desktop/parts"

// amountsID is the rail's entry that hides amounts.
const amountsID = "amounts"

// amountsItem is the entry of the rail that hides every amount of money, or
// shows them again.
func (f *frame) amountsItem() parts.RailItem {
	word := f.d.words.T("hide.hide")
	if f.d.hidden {
		word = f.d.words.T("hide.show")
	}
	return parts.RailItem{ID: amountsID, Word: word, Icon: icon("eye"), Keys: f.d.words.T("hide.keys")}
}

// toggleAmounts writes every amount as dots, as for a shared screen, or writes
// them out again. Exports are left as they are: they hold what was asked for.
func (f *frame) toggleAmounts() {
	f.d.hidden = !f.d.hidden
	f.d.loc = f.d.loc.Hide(f.d.hidden)
	f.env.loc = f.d.loc
	f.closeScreens()
	f.build()
	f.header.update()
	f.d.window.SetContent(f.content)
	f.showStatus()
	f.open(f.current)
	word := "hide.shown"
	if f.d.hidden {
		word = "hide.hidden"
	}
	f.notify(f.d.words.T(word))
}

// hidesOriginals says, while amounts are hidden, that what Amazon sent is not
// shown either: nobody could find every figure in it.
func hidesOriginals(e *env) bool {
	if e.loc.Hides() {
		e.notify(e.words.T("hide.original"))
	}
	return e.loc.Hides()
}
