package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"countinghouse/charts"
	"countinghouse/ui/desktop/theme"
)

// TileData is what a tile shows. All texts are ready to show.
type TileData struct {
	Title   string
	Figure  string
	Tone    Tone     // of the figure
	Unit    string   // after the figure: its currency
	Lines   []string // below the figure; room for three
	Change  string   // against the period before: "+4.1%"
	Trend   Tone     // Gain or Loss draws an arrow before the change
	Rising  bool     // where that arrow points; a rising cost is a Loss
	Foot    string   // "62% settled"
	Tip     string   // how the figure is made; stands in place of the lines under the pointer or the focus
	Spark   []float64
	Known   []bool // of Spark; nil: all
	Loading bool
}

// Tile is a card with one figure; a press opens what is behind it.
type Tile struct {
	press
	data TileData
}

// NewTile returns a tile.
func NewTile(data TileData, tapped func()) *Tile {
	t := &Tile{}
	t.OnTapped = tapped
	t.ExtendBaseWidget(t)
	t.Set(data)
	return t
}

// Set shows other figures.
func (t *Tile) Set(data TileData) {
	t.data = data
	t.label = data.Title + " " + data.Figure + " " + data.Unit + " " + data.Change
	t.Refresh()
}

const tileLines = 3

type tileView struct {
	tile                       *Tile
	frame, rule, bone, boneTwo *canvas.Rectangle
	title, figure, change      *canvas.Text
	unit, foot                 *canvas.Text
	lines                      [tileLines]*canvas.Text
	arrow                      *canvas.ArbitraryPolygon
	spark                      *canvas.Image
}

// CreateRenderer implements fyne.Widget.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	v := &tileView{
		tile: t, frame: frameOf(), rule: frameOf(), bone: frameOf(), boneTwo: frameOf(),
		title:  newText("", theme.TextBody, Muted),
		figure: bold(newText("", theme.TextFigure, Normal)),
		unit:   newText("", theme.TextBody, Muted),
		change: newText("", theme.TextCaption, Muted),
		foot:   newText("", theme.TextCaption, Hint),
		arrow:  triangle(up, nil),
		spark:  &canvas.Image{},
	}
	objects := []fyne.CanvasObject{v.frame, v.rule, v.title, v.figure, v.unit, v.change, v.foot, v.arrow, v.spark, v.bone, v.boneTwo}
	for i := range v.lines {
		v.lines[i] = newText("", theme.TextCaption, Muted)
		objects = append(objects, v.lines[i])
	}
	return newView(v.min, v.dress, v.place, objects...)
}

func (v *tileView) min() fyne.Size {
	return fyne.NewSize(theme.Scaled(150), theme.Scaled(2*theme.Space3+18+30+tileLines*16+22))
}

func (v *tileView) dress() {
	k, d := theme.Now(), v.tile.data
	fill := k.Sheet
	if v.tile.hovered && v.tile.OnTapped != nil {
		fill = k.Hover
	}
	dressFrame(v.frame, fill, k.Line, theme.Radius, v.tile.ring)
	v.rule.FillColor = k.Line
	for _, b := range []*canvas.Rectangle{v.bone, v.boneTwo} {
		b.FillColor, b.CornerRadius = k.Skeleton, theme.Scaled(3)
		show(b, d.Loading)
	}
	style(v.title, theme.TextBody, Muted)
	style(v.figure, theme.TextFigure, d.Tone)
	style(v.unit, theme.TextBody, Muted)
	style(v.change, theme.TextCaption, Muted)
	style(v.foot, theme.TextCaption, Hint)
	if d.Trend == Gain || d.Trend == Loss {
		v.change.Color = colorOf(d.Trend)
	}
	v.arrow.FillColor = v.change.Color
	point(v.arrow, down)
	if d.Rising {
		point(v.arrow, up)
	}
	show(v.arrow, d.Change != "" && (d.Trend == Gain || d.Trend == Loss))
	for _, l := range v.lines {
		style(l, theme.TextCaption, Muted)
	}
}

func (v *tileView) place(s fyne.Size) {
	d, in := v.tile.data, theme.Scaled(theme.Space3)
	w := s.Width - 2*in
	setAt(v.frame, 0, 0, s.Width, s.Height)

	v.change.Text = d.Change
	change := textSize(v.change).Width
	h := theme.Scaled(18)
	setAt(v.change, s.Width-in-change, in, change, h)
	side := theme.Scaled(8)
	setAt(v.arrow, s.Width-in-change-side-theme.Scaled(4), in+(h-side)/2, side, side)
	v.title.Text = cutText(d.Title, w-change-side-theme.Scaled(8), v.title.TextSize, v.title.TextStyle)
	setAt(v.title, in, in, w, h)

	y := in + h + theme.Scaled(2)
	h = theme.Scaled(30)
	v.unit.Text = ""
	if !d.Loading {
		v.unit.Text = d.Unit
	}
	unit := textSize(v.unit).Width
	v.figure.Text = v.fitFigure(d.Figure, w-unit-theme.Scaled(theme.Space1))
	figure := textSize(v.figure).Width
	setAt(v.figure, in, y, w, h)
	setAt(v.unit, in+figure+theme.Scaled(theme.Space1), y+theme.Scaled(3), unit, h-theme.Scaled(3)) // on one base line, near enough
	if unit > 0 {
		figure += theme.Scaled(theme.Space1) + unit
	}
	setAt(v.bone, in, y+theme.Scaled(6), w*0.55, theme.Scaled(18))
	v.drawSpark(in+figure+theme.Scaled(theme.Space3), y+theme.Scaled(5), s.Width-in, theme.Scaled(20))

	y += h
	h = theme.Scaled(16)
	lines := d.Lines
	if d.Tip != "" && (v.tile.hovered || v.tile.ring) {
		lines = wrapText(d.Tip, w, v.lines[0].TextSize, v.lines[0].TextStyle, tileLines)
	}
	for i, line := range v.lines {
		line.Text = ""
		if i < len(lines) && !d.Loading {
			line.Text = cutText(lines[i], w, line.TextSize, line.TextStyle)
		}
		setAt(line, in, y+float32(i)*h, w, h)
	}
	setAt(v.boneTwo, in, y+theme.Scaled(4), w*0.7, theme.Scaled(9))

	y = s.Height - theme.Scaled(theme.Space3+18)
	setAt(v.rule, in, y-theme.Scaled(theme.Space1), w, theme.Hairline)
	v.foot.Text = cutText(d.Foot, w, v.foot.TextSize, v.foot.TextStyle)
	setAt(v.foot, in, y, w, theme.Scaled(18))
	show(v.rule, d.Foot != "")
}

// fitFigure sets the figure smaller rather than cutting it.
func (v *tileView) fitFigure(text string, width float32) string {
	if v.tile.data.Loading {
		return ""
	}
	for _, size := range []float32{theme.TextFigure, theme.TextTitle, theme.TextSection, theme.TextBody} {
		v.figure.TextSize = theme.Scaled(size)
		if theme.Measure(text, v.figure.TextSize, v.figure.TextStyle).Width <= width {
			return text
		}
	}
	return ellipsis
}

func (v *tileView) drawSpark(x, y, right, h float32) {
	w := min(right-x, theme.Scaled(72))
	on := w >= theme.Scaled(32) && len(v.tile.data.Spark) > 0 && !v.tile.data.Loading
	show(v.spark, on)
	if !on {
		return
	}
	size := charts.Size{Width: w, Height: h, Scale: pixelsPerUnit(v.tile)}
	plot, err := charts.Sparkline(size, v.tile.data.Spark, v.tile.data.Known, theme.Now().Series[0])
	if err != nil {
		v.spark.Hide() // the figure stands without it
		return
	}
	v.spark.Image = plot.Image
	setAt(v.spark, right-w, y, w, h)
	v.spark.Refresh()
}

// pixelsPerUnit is the sharpness of the screen an object is on.
func pixelsPerUnit(o fyne.CanvasObject) float32 {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return 1
	}
	const span = 1000
	x, _ := c.PixelCoordinateForPosition(fyne.NewPos(span, 0))
	return max(float32(x)/span, 0.5)
}
