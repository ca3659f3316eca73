package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

// FilterBar is a row of chips. It breaks into further rows when it must.
type FilterBar struct {
	widget.BaseWidget
	Chips []*Chip
	// Single lets one chip be on at a time, always exactly one.
	Single bool
	// OnChange gets the ids of the chips that are on.
	OnChange func(on []string)
}

// NewFilterBar returns a bar over chips; they report to the bar from now on.
func NewFilterBar(single bool, change func(on []string), chips ...*Chip) *FilterBar {
	b := &FilterBar{Chips: chips, Single: single, OnChange: change}
	for _, c := range chips {
		c.OnTapped = func() { b.tapped(c) }
	}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *FilterBar) CreateRenderer() fyne.WidgetRenderer {
	row := container.New(&Wrap{Gap: theme.Space2})
	for _, c := range b.Chips {
		row.Add(c)
	}
	return widget.NewSimpleRenderer(row)
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

// NewBorder is Fyne's container of that name with its objects in the order in
// which one reads, which is the order of the focus: top, left, what lies in the
// middle, right, bottom. Fyne's own has the middle first. All four may be nil.
func NewBorder(top, bottom, left, right fyne.CanvasObject, middle ...fyne.CanvasObject) *fyne.Container {
	box := container.New(layout.NewBorderLayout(top, bottom, left, right))
	for _, o := range append(append([]fyne.CanvasObject{top, left}, middle...), right, bottom) {
		if o != nil {
			box.Objects = append(box.Objects, o)
		}
	}
	return box
}

// Wrap is a layout of objects at their own size, left to right, breaking into
// rows. Its height is that of one row until it knows its width: Fyne's own
// asks for a row per object first. Each container needs a Wrap of its own. Gap
// is in unscaled units.
type Wrap struct {
	Gap   float32
	width float32
}

// Layout implements fyne.Layout.
func (l *Wrap) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.flow(objects, func(o fyne.CanvasObject, x, y float32) {
		m := o.MinSize()
		setAt(o, x, y, m.Width, m.Height)
	})
}

// MinSize implements fyne.Layout.
func (l *Wrap) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			s.Width = max(s.Width, o.MinSize().Width)
		}
	}
	s.Height = l.flow(objects, func(fyne.CanvasObject, float32, float32) {})
	return s
}

// flow gives each object its place and returns the height of all.
func (l *Wrap) flow(objects []fyne.CanvasObject, to func(o fyne.CanvasObject, x, y float32)) float32 {
	gap := theme.Scaled(l.Gap)
	var x, y, row float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && l.width > 0 && x+m.Width > l.width {
			x, y, row = 0, y+row+gap, 0
		}
		to(o, x, y)
		x, row = x+m.Width+gap, max(row, m.Height)
	}
	return y + row
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
// width of the theme; a drawer that is hidden or missing takes no room.
type Beside struct{}

// Layout implements fyne.Layout.
func (Beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width, gap := theme.Scaled(theme.Drawer), theme.Scaled(theme.Space4)
	main := objects[0]
	if len(objects) == 1 {
		setAt(main, 0, 0, size.Width, size.Height)
		return
	}
	drawer := objects[1]
	if !drawer.Visible() {
		width, gap = 0, 0
	}
	setAt(main, 0, 0, size.Width-width-gap, size.Height)
	setAt(drawer, size.Width-width, 0, width, size.Height)
}

// MinSize implements fyne.Layout.
func (Beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := objects[0].MinSize()
	if len(objects) > 1 && objects[1].Visible() {
		s.Width += theme.Scaled(theme.Drawer + theme.Space4)
		s.Height = max(s.Height, objects[1].MinSize().Height)
	}
	return s
}

// Frame is the layout of the window: rail, header, body and status line, in
// this order, without gaps between them.
type Frame struct{}

// Layout implements fyne.Layout.
func (Frame) Layout(o []fyne.CanvasObject, size fyne.Size) {
	rail, head, foot := o[0].MinSize().Width, theme.Scaled(theme.Header), theme.Scaled(theme.StatusLine)
	setAt(o[0], 0, 0, rail, size.Height-foot)
	setAt(o[1], rail, 0, size.Width-rail, head)
	setAt(o[2], rail, head, size.Width-rail, size.Height-head-foot)
	setAt(o[3], 0, size.Height-foot, size.Width, foot)
}

// MinSize implements fyne.Layout.
func (Frame) MinSize(o []fyne.CanvasObject) fyne.Size {
	rail, head, body, foot := o[0].MinSize(), o[1].MinSize(), o[2].MinSize(), o[3].MinSize()
	edges := theme.Scaled(theme.Header) + theme.Scaled(theme.StatusLine)
	return fyne.NewSize(max(rail.Width+max(head.Width, body.Width), foot.Width), max(rail.Height+theme.Scaled(theme.StatusLine), body.Height+edges))
}
