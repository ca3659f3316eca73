package parts

import (
	"image/color"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"countinghouse/ui/desktop/theme"
)

// cellView draws one cell. Its parts but the text are made when first needed:
// most cells are text alone.
type cellView struct {
	into *fyne.Container
	text *canvas.Text
	dot  *canvas.Circle
	fold *canvas.ArbitraryPolygon
	bone *canvas.Rectangle // stands for text still loading
	back *canvas.Rectangle // of a bar
	bar  *canvas.Rectangle
	tile *canvas.Rectangle // behind the letters of a badge
	name *canvas.Text      // these letters
}

func newCellView(into *fyne.Container) *cellView {
	c := &cellView{into: into, text: canvas.NewText("", theme.Now().Ink)}
	into.Objects = append(into.Objects, c.text)
	return c
}

// place is where a cell is drawn, inside its row.
type place struct {
	x, width, height float32
	align            Align
	mono, head       bool
}

func pad() float32 { return theme.Scaled(theme.Space2) }

// lead returns the width of what stands before a cell's text.
func lead(c Cell) float32 {
	w := float32(c.Indent) * theme.Scaled(theme.Space4)
	if c.Dot != Normal || c.Fold != Leaf {
		w += theme.Scaled(14)
	}
	if c.Badge != "" {
		w += theme.Scaled(badgeSide + theme.Space2)
	}
	return w
}

// foldRight is the right end of the fold's arrow, from the cell's left.
func foldRight(c Cell) float32 { return pad() + lead(c) }

func (c *cellView) show(cell Cell, text string, loaded bool, p place) {
	c.bones(!loaded, p)
	c.bars(loaded && cell.HasBar, cell, p)
	c.marks(loaded, cell, p)
	c.badge(loaded && cell.Badge != "", cell, p)
	if !loaded || cell.HasBar {
		text = ""
	}
	size, tone := theme.Scaled(theme.TextBody), colorOf(cell.Tone)
	if p.head {
		size = theme.Scaled(theme.TextCaption)
	}
	textStyle := fyne.TextStyle{Bold: cell.Bold, Monospace: p.mono}
	align := fyne.TextAlignLeading
	if p.align == Right {
		align = fyne.TextAlignTrailing
	}
	t := c.text
	indent := lead(cell)
	changed := t.Text != text || t.Color != tone || t.TextSize != size || t.TextStyle != textStyle || t.Alignment != align
	t.Text, t.Color, t.TextSize, t.TextStyle, t.Alignment = text, tone, size, textStyle, align
	if changed {
		t.FontSource = theme.FontFor(text, textStyle)
	}
	t.Move(fyne.NewPos(p.x+pad()+indent, 0))
	box := fyne.NewSize(max(p.width-2*pad()-indent, 0), p.height)
	if t.Size() != box {
		t.Resize(box) // refreshes
	} else if changed {
		t.Refresh()
	}
}

func (c *cellView) bones(on bool, p place) {
	if !on {
		hide(c.bone)
		return
	}
	if c.bone == nil {
		c.bone = canvas.NewRectangle(nil)
		c.into.Objects = append(c.into.Objects, c.bone)
	}
	c.bone.FillColor, c.bone.CornerRadius = theme.Now().Skeleton, theme.Scaled(3)
	// Widths differ by column, so that it reads as text, yet do not move.
	share := 0.45 + 0.35*float32(int(p.x)%7)/7
	w, h := (p.width-2*pad())*share, theme.Scaled(9)
	x := p.x + pad()
	if p.align == Right {
		x = p.x + p.width - pad() - w
	}
	c.bone.Move(fyne.NewPos(x, (p.height-h)/2))
	c.bone.Resize(fyne.NewSize(w, h))
	c.bone.Show()
}

func (c *cellView) bars(on bool, cell Cell, p place) {
	if !on {
		hide(c.bar)
		hide(c.back)
		return
	}
	if c.bar == nil {
		c.back, c.bar = canvas.NewRectangle(nil), canvas.NewRectangle(nil)
		c.into.Objects = append(c.into.Objects, c.back, c.bar)
	}
	h := theme.Scaled(8)
	full := max(p.width-2*pad(), 0)
	at := fyne.NewPos(p.x+pad(), (p.height-h)/2)
	c.back.FillColor, c.back.CornerRadius = theme.Now().Line, h/2
	c.bar.FillColor, c.bar.CornerRadius = colorOf(cell.Tone), h/2
	if cell.Tone == Normal {
		c.bar.FillColor = theme.Now().Accent
	}
	share := min(max(cell.Bar, 0), 1)
	c.back.Move(at)
	c.back.Resize(fyne.NewSize(full, h))
	c.bar.Move(at)
	c.bar.Resize(fyne.NewSize(max(full*share, min(h, full)), h))
	c.back.Show()
	c.bar.Show()
	if cell.Bar <= 0 {
		c.bar.Hide()
	}
	c.back.Refresh()
	c.bar.Refresh()
}

func (c *cellView) marks(loaded bool, cell Cell, p place) {
	if loaded && cell.Dot != Normal {
		if c.dot == nil {
			c.dot = canvas.NewCircle(nil)
			c.into.Objects = append(c.into.Objects, c.dot)
		}
		d := theme.Scaled(7)
		c.dot.FillColor = colorOf(cell.Dot)
		c.dot.Move(fyne.NewPos(p.x+pad()+lead(cell)-theme.Scaled(14), (p.height-d)/2+theme.Hairline))
		c.dot.Resize(fyne.NewSize(d, d))
		c.dot.Show()
		c.dot.Refresh()
	} else {
		hide(c.dot)
	}
	if !loaded || cell.Fold == Leaf {
		hide(c.fold)
		return
	}
	if c.fold == nil {
		c.fold = triangle(right, nil)
		c.into.Objects = append(c.into.Objects, c.fold)
	}
	c.fold.FillColor = theme.Now().Ink2
	point(c.fold, right)
	if cell.Fold == Open {
		point(c.fold, down)
	}
	d := theme.Scaled(8)
	c.fold.Move(fyne.NewPos(p.x+pad()+lead(cell)-theme.Scaled(14), (p.height-d)/2+theme.Hairline))
	c.fold.Resize(fyne.NewSize(d, d))
	c.fold.Show()
	c.fold.Refresh()
}

const badgeSide = 20 // units

// badge draws the letters that stand for a picture.
func (c *cellView) badge(on bool, cell Cell, p place) {
	if !on {
		hide(c.tile)
		hide(c.name)
		return
	}
	if c.tile == nil {
		c.tile, c.name = canvas.NewRectangle(nil), canvas.NewText("", nil)
		c.into.Objects = append(c.into.Objects, c.tile, c.name)
	}
	side := theme.Scaled(badgeSide)
	at := fyne.NewPos(p.x+pad()+lead(cell)-side-pad(), (p.height-side)/2)
	c.tile.FillColor, c.tile.CornerRadius = tint(seriesColor(cell.Hue)), theme.Scaled(4)
	c.tile.Move(at)
	c.tile.Resize(fyne.NewSquareSize(side))
	c.name.Text, c.name.TextSize, c.name.Color = cell.Badge, theme.Scaled(10), theme.Now().Ink
	c.name.TextStyle, c.name.Alignment = fyne.TextStyle{Bold: true}, fyne.TextAlignCenter
	c.name.FontSource = theme.FontFor(c.name.Text, c.name.TextStyle)
	c.name.Move(at)
	c.name.Resize(fyne.NewSquareSize(side))
	for _, o := range []fyne.CanvasObject{c.tile, c.name} {
		o.Show()
		o.Refresh()
	}
}

// tint is a colour so faint that ink is read on it.
func tint(c color.Color) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = 0x38
	return n
}

// hide hides what may not have been made yet.
func hide[T interface {
	comparable
	fyne.CanvasObject
}](o T) {
	var none T
	if o != none && o.Visible() {
		o.Hide()
	}
}

// fit cuts a cell's text to its column. A figure is never cut, for a part of
// it would be another figure: an ellipsis stands for all of it.
func (v *gridView) fit(cell Cell, col int, head bool) string {
	c := v.g.columns[col]
	size := theme.TextBody
	if head {
		size = theme.TextCaption
	}
	room := c.width - 2*pad() - lead(cell)
	if head && c.sortable && col == v.g.sortCol {
		room -= theme.Scaled(12)
	}
	textStyle := fyne.TextStyle{Bold: cell.Bold, Monospace: c.mono && !head && !cell.plain}
	text := cutText(cell.Text, room, theme.Scaled(size), textStyle)
	if text == oneLine(cell.Text) {
		return text
	}
	v.wish(col, head, c.width-room, cell.Text, theme.Scaled(size), textStyle)
	if c.align == Right && !head {
		return ellipsis
	}
	return text
}

// longest is as many characters as a column becomes wider for: what is longer is
// prose, and is cut.
const longest = 24

// wish remembers how wide a column would have to be for a cell that was cut.
func (v *gridView) wish(col int, head bool, around float32, text string, size float32, style fyne.TextStyle) {
	c := v.g.columns[col]
	if utf8.RuneCountInString(text) > longest || (c.grows && !head) || c.chosen {
		return
	}
	if v.g.needs == nil {
		v.g.needs = map[int]float32{}
	}
	width := theme.Measure(oneLine(text), size, style).Width + around + 1
	v.g.needs[col] = max(v.g.needs[col], width)
}
