package desktop

import (
	"testing"

	"fyne.io/fyne/v2"

	"countinghouse/ui/desktop/theme"
)

// In a wide window the charts leave the breakdown what its titles need, and stay
// beside it; in a narrow one they go below.
func TestProfitTitlesHaveRoom(t *testing.T) {
	p, q, _ := profitShown(t, route{})
	turned(t, p, q, profitGroupsView)
	longest := float32(0)
	for _, g := range p.data.Products {
		longest = max(longest, theme.Measure(p.groupTitle(g), theme.TextBody, fyne.TextStyle{}).Width)
	}
	others := float32(0)
	for _, c := range p.groupColumns(p.data.Products) {
		if c.ID != "title" {
			others += c.Width
		}
	}
	for _, c := range []struct {
		window fyne.Size
		beside bool
	}{{fyne.NewSize(1720, 900), true}, {fyne.NewSize(1060, 640), false}} {
		p.env.window.Resize(c.window)
		if beside := p.wide.beside(p.body.Size().Width); beside != c.beside {
			t.Errorf("%v: the charts are beside the table: %v", c.window, beside)
		}
		if room := p.sheet.Size().Width - others; c.beside && room < longest {
			t.Errorf("%v: a title has %v, the longest needs %v", c.window, room, longest)
		}
	}
}
