package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/ui/desktop/theme"
)

// FilterBar is a row of chips. It breaks into further rows when it must.
type FilterBar struct {
	*fyne.Container
	Chips []*Chip
	// Single lets one chip be on at a time, always exactly one.
	Single bool
	// OnChange gets the ids of the chips that are on.
	OnChange func(on []string)
}

// NewFilterBar returns a bar over chips; they report to the bar from now on.
func NewFilterBar(single bool, change func(on []string), chips ...*Chip) *FilterBar {
	b := &FilterBar{Chips: chips, Single: single, OnChange: change}
	b.Container = container.New(Flow{Gap: theme.Space2})
	for _, c := range chips {
		c.OnTapped = func() { b.tapped(c) }
		b.Add(c)
	}
	return b
}

func (b *FilterBar) tapped(c *Chip) {
	if b.Single {
		for _, other := range b.Chips {
			other.SetOn(other == c)
		}
	} else {
		c.SetOn(!c.On())
	}
	if b.OnChange != nil {
		b.OnChange(b.On())
	}
}

// On returns the ids of the chips that are on.
func (b *FilterBar) On() []string {
	var ids []string
	for _, c := range b.Chips {
		if c.On() {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Flow is a layout of objects at their own size, left to right, breaking into
// rows. Gap is in unscaled units.
type Flow struct{ Gap float32 }

// Layout implements fyne.Layout.
func (f Flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	gap := theme.Scaled(f.Gap)
	var x, y, row float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && x+m.Width > size.Width {
			x, y, row = 0, y+row+gap, 0
		}
		setAt(o, x, y, m.Width, m.Height)
		x, row = x+m.Width+gap, max(row, m.Height)
	}
}

// MinSize implements fyne.Layout: one row as wide as the widest object.
func (f Flow) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			s = s.Max(o.MinSize())
		}
	}
	return s
}

// Shares is a layout of columns that split the width by weights, all as high
// as the space. Gap is in unscaled units.
type Shares struct {
	Gap     float32
	Weights []float32 // missing ones are 1
}

func (l Shares) weight(i int) float32 {
	if i < len(l.Weights) {
		return l.Weights[i]
	}
	return 1
}

// Layout implements fyne.Layout.
func (l Shares) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	gap := theme.Scaled(l.Gap)
	var sum float32
	for i := range objects {
		sum += l.weight(i)
	}
	room := size.Width - gap*float32(max(len(objects)-1, 0))
	var x float32
	for i, o := range objects {
		w := room * l.weight(i) / sum
		setAt(o, x, 0, w, size.Height)
		x += w + gap
	}
}

// MinSize implements fyne.Layout.
func (l Shares) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		m := o.MinSize()
		s.Width += m.Width
		s.Height = max(s.Height, m.Height)
	}
	s.Width += theme.Scaled(l.Gap) * float32(max(len(objects)-1, 0))
	return s
}

// Beside is a layout of a main object and a drawer at its right of the fixed
// width of the theme; a hidden drawer takes no room.
type Beside struct{}

// Layout implements fyne.Layout.
func (Beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width, gap := theme.Scaled(theme.Drawer), theme.Scaled(theme.Space4)
	main, drawer := objects[0], objects[1]
	if !drawer.Visible() {
		width, gap = 0, 0
	}
	setAt(main, 0, 0, size.Width-width-gap, size.Height)
	setAt(drawer, size.Width-width, 0, width, size.Height)
}

// MinSize implements fyne.Layout.
func (Beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := objects[0].MinSize()
	if objects[1].Visible() {
		s.Width += theme.Scaled(theme.Drawer + theme.Space4)
		s.Height = max(s.Height, objects[1].MinSize().Height)
	}
	return s
}
