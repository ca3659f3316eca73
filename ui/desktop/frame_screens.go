package desktop

import (
	"fyne.io/fyne/v2"

	"countinghouse/resources"
)

// screenEntry registers a screen. A new one is one file and one line here.
type screenEntry struct {
	id   string // of the route, of its icon and of its word "frame.<id>"
	make func(*env) screen
	rail bool // it stands in the rail; others are reached from elsewhere
}

// screens are the places of the window, in the order of the rail.
var screens []screenEntry

// The list is filled here because screens show one another through it.
func init() {
	screens = []screenEntry{
		{"overview", newOverview, true},
		{"orders", newOrders, true},
		{"inventory", newInventory, true},
		{"profit", newProfit, true},
		{"settlements", newSettlements, true},
		{"costs", newCosts, true},
		{"cash", newCash, true},
		{"privacy", newPrivacy, true},
		{"settings", newSettings, true},
		{"timeline", newTimeline, false},
	}
}

func screenOf(id string) (screenEntry, bool) {
	for _, s := range screens {
		if s.id == id {
			return s, true
		}
	}
	return screenEntry{}, false
}

func icon(name string) fyne.Resource {
	return fyne.NewStaticResource(name+".svg", resources.Icon(name))
}
