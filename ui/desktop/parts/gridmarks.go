package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"countinghouse/ui/desktop/theme"
)

// marks places what changes with pointer and keys but not with the data: the
// chosen and hovered row, the focus ring, the scroll bars, the sort arrow, the
// tip.
func (v *gridView) marks() {
	if v.g.Size().Width == 0 || v.head == nil {
		return
	}
	g, k := v.g, theme.Now()
	v.stripe(v.chosen, g.row, k.Selected)
	if _, loaded := g.data.cell(g.row, 0); !loaded {
		v.chosen.Hide()
	}
	v.stripe(v.hover, g.hoverRow, k.Hover)
	if g.hoverRow == g.row {
		v.hover.Hide()
	}
	v.focus()
	v.bars()
	v.sorted()
	v.hint()
	show(v.pinRule, g.x > 0)
	rect(v.pinRule, k.Line, g.pinnedWidth()-theme.Hairline, 0, theme.Hairline, g.Size().Height)
}

// stripe puts a row's background behind a row, if it is there and on screen.
func (v *gridView) stripe(r *canvas.Rectangle, row int, fill color.NRGBA) {
	first, end := v.g.span()
	on := row >= first && row < end && row >= 0
	show(r, on)
	if !on {
		return
	}
	h := v.g.rowHeight()
	y := float32(float64(row)*float64(h) - v.g.y)
	rect(r, fill, 0, y, v.g.Size().Width, h-theme.Hairline)
}

// ringInset keeps the whole ring inside the grid.
const ringInset = 4

// focus draws the ring around the chosen row, cell or head.
func (v *gridView) focus() {
	g, k := v.g, theme.Now()
	top, h := float32(0), g.headHeight()
	switch {
	case g.inFoot:
		top, h = g.headHeight()+g.body().Height, g.footHeight()
	case g.row != header:
		h = g.rowHeight()
		top = g.headHeight() + float32(float64(g.row)*float64(h)-g.y)
		// A row half under the heads has a ring around its visible half.
		bottom := min(top+h, g.headHeight()+g.body().Height)
		top = max(top, g.headHeight())
		h = bottom - top
	}
	x, w := float32(0), g.Size().Width
	if (g.cursor || g.row == header || g.inFoot) && g.col < len(g.columns) {
		x, w = g.left(g.col), g.columns[g.col].width
		if g.col >= g.pinned && x < g.pinnedWidth() {
			w -= g.pinnedWidth() - x
			x = g.pinnedWidth()
		}
		w = min(w, g.Size().Width-x)
	}
	on := g.focused && h > 2 && w > 2 && (g.row == header || g.row < g.data.rows())
	show(v.ring, on)
	if !on {
		return
	}
	v.ring.StrokeColor, v.ring.StrokeWidth = k.Accent, theme.FocusRing
	v.ring.CornerRadius = theme.Scaled(4)
	// Fyne clips what scrolls, and a ring's stroke is painted a little around it.
	left, right := max(x+1, ringInset), min(x+w-1, g.Size().Width-ringInset)
	rect(v.ring, color.NRGBA{}, left, top+1, right-left, h-2)
	v.ring.Refresh()
}

func (v *gridView) bars() {
	g, k := v.g, theme.Now()
	fill := k.Edge
	fill.A = 0x90
	tall, wide := g.maxY() > 0, g.maxX() > 0
	show(v.thumb, tall)
	show(v.thumbX, wide)
	thick := theme.Scaled(5)
	v.thumb.CornerRadius, v.thumbX.CornerRadius = thick/2, thick/2
	if tall {
		y := g.headHeight() + float32(g.y/g.maxY())*g.track()
		rect(v.thumb, fill, g.Size().Width-thick-2, y, thick, g.thumb())
	}
	if wide {
		x := g.pinnedWidth() + g.x/g.maxX()*(g.Size().Width-g.pinnedWidth()-g.thumbX())
		rect(v.thumbX, fill, x, g.headHeight()+g.body().Height-thick-2, g.thumbX(), thick)
	}
}

func (v *gridView) sorted() {
	g := v.g
	on := g.sortCol >= 0 && g.sortCol < len(g.columns)
	if on {
		c, d := g.columns[g.sortCol], theme.Scaled(7)
		x := g.left(g.sortCol) + c.width - pad() - d
		if c.align == Left {
			title := v.fit(Cell{Text: c.title}, g.sortCol, true)
			size := theme.Measure(title, theme.Scaled(theme.TextCaption), fyne.TextStyle{})
			x = g.left(g.sortCol) + pad() + size.Width + theme.Scaled(5)
		}
		on = g.sortCol < g.pinned || x >= g.pinnedWidth()
		v.sortMark.FillColor = theme.Now().Accent
		point(v.sortMark, down)
		if g.sortUp {
			point(v.sortMark, up)
		}
		v.sortMark.Move(fyne.NewPos(x, (g.headHeight()-d)/2))
		v.sortMark.Resize(fyne.NewSize(d, d))
		v.sortMark.Refresh()
	}
	show(v.sortMark, on)
}

// hint shows the tip below the pointer, inside the grid.
func (v *gridView) hint() {
	g, k := v.g, theme.Now()
	on := g.tip.text != ""
	show(v.tipBox, on)
	for _, t := range v.tipText {
		show(t, on)
	}
	if !on {
		return
	}
	size := theme.Scaled(theme.TextCaption)
	lines := wrapText(g.tip.text, min(theme.Scaled(420), g.Size().Width-theme.Scaled(24)), size, fyne.TextStyle{}, len(v.tipText))
	var w, h float32
	for _, l := range lines {
		s := theme.Measure(l, size, fyne.TextStyle{})
		w, h = max(w, s.Width), max(h, s.Height)
	}
	box := fyne.NewSize(w+2*pad(), h*float32(len(lines))+pad())
	x := min(max(g.tip.at.X+12, 0), max(g.Size().Width-box.Width-4, 0))
	y := g.tip.at.Y + 18
	if y+box.Height > g.Size().Height {
		y = max(g.tip.at.Y-box.Height-6, 0)
	}
	v.tipBox.StrokeColor, v.tipBox.StrokeWidth, v.tipBox.CornerRadius = k.Edge, theme.Hairline, theme.Scaled(4)
	v.tipBox.Shadow.Color, v.tipBox.Shadow.BlurRadius = k.Shadow, theme.Scaled(8)
	rect(v.tipBox, k.Sheet, x, y, box.Width, box.Height)
	v.tipBox.Refresh()
	for i, t := range v.tipText {
		t.Text = ""
		if i < len(lines) {
			t.Text = lines[i]
		}
		style(t, theme.TextCaption, Normal)
		t.Move(fyne.NewPos(x+pad(), y+pad()/2+float32(i)*h))
		t.Resize(fyne.NewSize(w, h))
		t.Refresh()
	}
}
