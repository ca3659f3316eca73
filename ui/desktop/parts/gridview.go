package parts

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"countinghouse/ui/desktop/theme"
)

// gridView is the renderer of a grid: layers from back to front.
type gridView struct {
	g *grid

	back, rest, pin       *layer // rows: marks and hairlines, scrolling cells, pinned cells
	headRest, headPin     *layer
	footRest, footPin     *layer
	head, foot            *line
	lines                 []*line
	hover, chosen         *canvas.Rectangle
	headRule, footRule    *canvas.Rectangle
	pinRule               *canvas.Rectangle
	thumb, thumbX, ring   *canvas.Rectangle
	sortMark              *canvas.ArbitraryPolygon
	tipBox                *canvas.Rectangle
	tipText               [4]*canvas.Text
	objects               []fyne.CanvasObject
	columns, pinned, size int  // what the lines were made for
	shown                 bool // has had a size
}

// layer clips what is in box. Containers here have no layout: the view places
// everything itself.
type layer struct {
	clip *container.Clip
	box  *fyne.Container
}

// still is a layout that leaves everything alone and needs no size: Fyne would
// measure each text otherwise.
type still struct{}

func (still) Layout([]fyne.CanvasObject, fyne.Size)       {}
func (still) MinSize([]fyne.CanvasObject) (min fyne.Size) { return min }

func newLayer() *layer {
	box := container.New(still{})
	return &layer{clip: container.NewClip(box), box: box}
}

func (l *layer) place(x, y, w, h float32) {
	l.clip.Move(fyne.NewPos(x, y))
	l.clip.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
}

// line is one row on screen: its cells in two containers, and its hairline.
type line struct {
	row       int
	rest, pin *fyne.Container
	rule      *canvas.Rectangle
	cells     []*cellView
}

const noRow = math.MinInt

func (v *gridView) newLine(rest, pin *layer) *line {
	l := &line{row: noRow, rest: container.New(still{}), pin: container.New(still{})}
	for i := range v.g.columns {
		into := l.rest
		if i < v.g.pinned {
			into = l.pin
		}
		l.cells = append(l.cells, newCellView(into))
	}
	rest.box.Objects = append(rest.box.Objects, l.rest)
	pin.box.Objects = append(pin.box.Objects, l.pin)
	return l
}

func newGridView(g *grid) *gridView {
	v := &gridView{
		g:    g,
		back: newLayer(), rest: newLayer(), pin: newLayer(),
		headRest: newLayer(), headPin: newLayer(), footRest: newLayer(), footPin: newLayer(),
		sortMark: triangle(up, nil),
	}
	for _, r := range []**canvas.Rectangle{&v.hover, &v.chosen, &v.headRule, &v.footRule, &v.pinRule, &v.thumb, &v.thumbX, &v.ring, &v.tipBox} {
		*r = canvas.NewRectangle(nil)
	}
	v.objects = []fyne.CanvasObject{
		v.back.clip, v.rest.clip, v.pin.clip, v.headRest.clip, v.headPin.clip, v.footRest.clip, v.footPin.clip,
		v.headRule, v.footRule, v.pinRule, v.sortMark, v.thumb, v.thumbX, v.ring, v.tipBox,
	}
	for i := range v.tipText {
		v.tipText[i] = newText("", theme.TextCaption, Normal)
		v.objects = append(v.objects, v.tipText[i])
	}
	return v
}

// Destroy implements fyne.WidgetRenderer.
func (v *gridView) Destroy() {}

// Objects implements fyne.WidgetRenderer.
func (v *gridView) Objects() []fyne.CanvasObject { return v.objects }

// MinSize implements fyne.WidgetRenderer: the heads and three rows.
func (v *gridView) MinSize() fyne.Size {
	return fyne.NewSize(theme.Scaled(120), v.g.headHeight()+3*v.g.rowHeight()+v.g.footHeight())
}

// Refresh implements fyne.WidgetRenderer; Fyne calls it when the theme changes.
func (v *gridView) Refresh() { v.Layout(v.g.Size()) }

// Layout implements fyne.WidgetRenderer.
func (v *gridView) Layout(fyne.Size) {
	v.g.clamp()
	first, end := v.g.span()
	v.g.data.wants(first, end-1)
	v.arrange(true)
	if !v.shown && v.g.Size().Width > 0 {
		v.shown = true
		v.g.reveal()
	}
}

// pool makes as many lines as the body shows, anew when columns changed.
func (v *gridView) pool() {
	need := int(v.g.body().Height/v.g.rowHeight()) + 2
	if v.columns == len(v.g.columns) && v.pinned == v.g.pinned && v.size == need {
		return
	}
	v.columns, v.pinned, v.size = len(v.g.columns), v.g.pinned, need
	for _, l := range []*layer{v.back, v.rest, v.pin, v.headRest, v.headPin, v.footRest, v.footPin} {
		l.box.Objects = nil
	}
	v.back.box.Objects = []fyne.CanvasObject{v.hover, v.chosen}
	v.lines = make([]*line, need)
	for i := range v.lines {
		l := v.newLine(v.rest, v.pin)
		l.rule = canvas.NewRectangle(nil)
		v.back.box.Objects = append(v.back.box.Objects, l.rule)
		v.lines[i] = l
	}
	v.head, v.foot = v.newLine(v.headRest, v.headPin), v.newLine(v.footRest, v.footPin)
}

// arrange brings the picture up to date: rows that stay are moved, rows that
// are new are painted; with all, every row is painted.
func (v *gridView) arrange(all bool) {
	if v.g.Size().Width == 0 {
		return
	}
	v.pool()
	if all {
		v.frame()
	}
	h := v.g.rowHeight()
	first, end := v.g.span()
	for row := first; row < end; row++ {
		l := v.lines[row%len(v.lines)]
		if all || l.row != row {
			v.paint(l, row)
		}
		y := float32(float64(row)*float64(h) - v.g.y)
		l.rest.Move(fyne.NewPos(-v.g.x, y))
		l.pin.Move(fyne.NewPos(0, y))
		l.rule.Move(fyne.NewPos(0, y+h-theme.Hairline))
	}
	for _, l := range v.lines {
		l.visible(l.row >= first && l.row < end)
	}
	if needs := v.g.needs; len(needs) > 0 {
		v.g.needs = nil
		if v.g.onWiden != nil && v.g.onWiden(needs) {
			v.arrange(true)
			return
		}
	}
	v.head.rest.Move(fyne.NewPos(-v.g.x, 0))
	v.foot.rest.Move(fyne.NewPos(-v.g.x, 0))
	v.marks()
}

func (l *line) visible(on bool) {
	if on == l.rest.Visible() {
		return
	}
	for _, o := range []fyne.CanvasObject{l.rest, l.pin, l.rule} {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// frame places what does not move with the rows: layers, heads, totals.
func (v *gridView) frame() {
	g := v.g
	size, body, head, foot := g.Size(), g.body(), g.headHeight(), g.footHeight()
	left := g.pinnedWidth()
	v.back.place(0, head, size.Width, body.Height)
	v.pin.place(0, head, left, body.Height)
	v.rest.place(left, head, size.Width-left, body.Height)
	v.headPin.place(0, 0, left, head)
	v.headRest.place(left, 0, size.Width-left, head)
	v.footPin.place(0, head+body.Height, left, foot)
	v.footRest.place(left, head+body.Height, size.Width-left, foot)

	k := theme.Now()
	rect(v.headRule, k.Line, 0, head-theme.Hairline, size.Width, theme.Hairline)
	rect(v.footRule, k.Edge, 0, head+body.Height, size.Width, theme.Hairline)
	show(v.footRule, foot > 0)
	for i, c := range g.columns {
		v.cell(v.head.cells[i], Cell{Text: c.title, Tone: Hint}, true, i, head, true)
		if i < len(g.totals) {
			total := g.totals[i]
			total.Bold, total.plain = true, true
			v.cell(v.foot.cells[i], total, true, i, foot, false)
		}
	}
}

// paint sets the texts of a line.
func (v *gridView) paint(l *line, row int) {
	g, h := v.g, v.g.rowHeight()
	l.row = row
	heavy := g.data.heavy(row)
	for i := range g.columns {
		cell, loaded := g.data.cell(row, i)
		cell.Bold = cell.Bold || heavy
		v.cell(l.cells[i], cell, loaded, i, h, false)
	}
	l.rule.FillColor = theme.Now().Line
	l.rule.Resize(fyne.NewSize(g.Size().Width, theme.Hairline))
	l.rule.Refresh()
}

func (v *gridView) cell(view *cellView, cell Cell, loaded bool, col int, height float32, head bool) {
	c := v.g.columns[col]
	x := v.g.left(col)
	if col >= v.g.pinned {
		x += v.g.x - v.g.pinnedWidth()
	}
	p := place{x: x, width: c.width, height: height, align: c.align, mono: c.mono && !head && !cell.plain, head: head}
	if head && col == v.g.sortCol && c.align == Right {
		p.width -= theme.Scaled(12) // the arrow stands at the right of the title
	}
	text := ""
	if loaded {
		text = v.fit(cell, col, head)
	}
	view.show(cell, text, loaded, p)
}

func rect(r *canvas.Rectangle, fill color.Color, x, y, w, h float32) {
	changed := r.FillColor != fill
	r.FillColor = fill
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
	if changed {
		r.Refresh()
	}
}

func show(o fyne.CanvasObject, on bool) {
	switch {
	case on == o.Visible():
	case on:
		o.Show()
	default:
		o.Hide()
	}
}
