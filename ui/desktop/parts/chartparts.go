package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"countinghouse/charts"
	"countinghouse/ui/desktop/theme"
)

// chartParts is the renderer of a chart: the picture, the texts around it, the
// box of values over it.
type chartParts struct {
	c       *ChartView
	plot    *charts.Plot
	image   *canvas.Image
	texts   []*canvas.Text      // axes, labels, the empty sentence
	keys    []fyne.CanvasObject // swatches and names of the series
	band    *canvas.Rectangle
	box     *canvas.Rectangle
	head    *canvas.Text
	rows    []readoutRow
	ring    *canvas.Rectangle
	twin    fyne.CanvasObject
	objects []fyne.CanvasObject
	size    fyne.Size
	drawn   drawnFor
}

type readoutRow struct {
	swatch      *canvas.Rectangle
	name, value *canvas.Text
}

// drawnFor is what a picture depends on beside its data.
type drawnFor struct {
	size   charts.Size
	tokens *theme.Tokens
}

const shownSeries = 8 // in the box of values; the twin has them all

func newChartParts(c *ChartView) *chartParts {
	p := &chartParts{
		c: c, image: &canvas.Image{}, band: frameOf(), box: frameOf(), ring: frameOf(),
		head: newText("", theme.TextCaption, Muted),
	}
	for range shownSeries {
		p.rows = append(p.rows, readoutRow{frameOf(), newText("", theme.TextCaption, Normal), newText("", theme.TextCaption, Normal)})
	}
	return p
}

func (p *chartParts) setTwin(t *Table[int]) {
	p.twin = nil
	if t != nil {
		p.twin = t
	}
}

// Destroy implements fyne.WidgetRenderer.
func (p *chartParts) Destroy() {}

// MinSize implements fyne.WidgetRenderer.
func (p *chartParts) MinSize() fyne.Size {
	return fyne.NewSize(theme.Scaled(160), theme.Scaled(110))
}

// Objects implements fyne.WidgetRenderer.
func (p *chartParts) Objects() []fyne.CanvasObject { return p.objects }

// Refresh implements fyne.WidgetRenderer.
func (p *chartParts) Refresh() {
	p.drawn = drawnFor{}
	p.Layout(p.size)
	for _, o := range p.objects {
		o.Refresh()
	}
}

// Layout implements fyne.WidgetRenderer.
func (p *chartParts) Layout(size fyne.Size) {
	p.size = size
	if p.c.asTable && p.twin != nil {
		p.objects = []fyne.CanvasObject{p.twin}
		setAt(p.twin, 0, 0, size.Width, size.Height)
		return
	}
	if size.Width < 1 || size.Height < 1 {
		return
	}
	now := drawnFor{charts.Size{Width: size.Width, Height: size.Height, Scale: pixelsPerUnit(p.c)}, theme.Now()}
	if now != p.drawn {
		p.drawn = now
		p.texts, p.keys = nil, nil
		p.paint(now.size)
	}
	p.objects = []fyne.CanvasObject{p.band, p.image}
	for _, t := range p.texts {
		p.objects = append(p.objects, t)
	}
	p.objects = append(append(p.objects, p.keys...), p.ring, p.box, p.head)
	for _, r := range p.rows {
		p.objects = append(p.objects, r.swatch, r.name, r.value)
	}
	p.readout()
}

func (p *chartParts) paint(size charts.Size) {
	line := textSize(newText("0", theme.TextCaption, Hint)).Height
	inset := charts.Inset{Top: line / 2, Bottom: line + theme.Scaled(theme.Space1), Right: theme.Scaled(theme.Space1)}
	if p.c.data.Labels != nil {
		inset.Top = line + theme.Scaled(2)
	}
	legend := p.legendHeight()
	inset.Top += legend
	plot, err := p.c.draw(size, inset)
	if err == nil && (p.c.data.Axis != nil || p.c.data.Right != nil) {
		// Drawn once for the ticks, then with room for their texts.
		inset.Left = p.room(p.c.data.Axis, plot.Left)
		inset.Right += p.room(p.c.data.Right, plot.Right)
		plot, err = p.c.draw(size, inset)
	}
	if err != nil || plot.Empty {
		p.plot = nil
		p.image.Hide()
		p.say(p.c.data.Empty)
		return
	}
	p.plot = plot
	p.image.Image = plot.Image
	p.image.Show()
	setAt(p.image, 0, 0, size.Width, size.Height)
	p.image.Refresh()
	p.axis(plot.Left, p.c.data.Axis, 0, plot.Area.X-theme.Scaled(theme.Space2), fyne.TextAlignTrailing)
	right := plot.Area.X + plot.Area.Width
	p.axis(plot.Right, p.c.data.Right, right+theme.Scaled(theme.Space2), size.Width-right, fyne.TextAlignLeading)
	p.slots()
	p.labels()
	if legend > 0 {
		p.legend()
	}
}

// legendHeight is the room of the names above the picture: where several series
// share one, and it is not too small for them.
func (p *chartParts) legendHeight() float32 {
	if len(p.c.data.Series) < 2 || p.c.data.Steps != nil || p.size.Height < theme.Scaled(120) {
		return 0
	}
	return theme.Scaled(20)
}

// legend says above the picture which colour is what.
func (p *chartParts) legend() {
	size, swatch, line := theme.Scaled(theme.TextCaption), theme.Scaled(8), theme.Scaled(16)
	x := p.plot.Area.X
	for _, s := range p.c.data.Series {
		w := theme.Measure(s.Name, size, fyne.TextStyle{}).Width
		if x+swatch+pad()+w > p.size.Width {
			return // hover and twin name the others
		}
		key, height := canvas.NewRectangle(seriesColor(s.Color)), swatch
		if s.Shape == charts.Line {
			height = theme.Scaled(3)
		}
		key.CornerRadius = theme.Scaled(2)
		setAt(key, x, (line-height)/2, swatch, height)
		name := newText(s.Name, theme.TextCaption, Muted)
		setAt(name, x+swatch+theme.Scaled(6), 0, w, line)
		p.keys = append(p.keys, key, name)
		x += swatch + theme.Scaled(6) + w + theme.Scaled(theme.Space4)
	}
}

func (p *chartParts) room(write func(float64) string, ticks []charts.Tick) float32 {
	if write == nil {
		return 0
	}
	var w float32
	for _, t := range ticks {
		w = max(w, textSize(newText(write(t.Value), theme.TextCaption, Hint)).Width)
	}
	return w + theme.Scaled(theme.Space2)
}

func (p *chartParts) put(text string, tone Tone, x, y, w, h float32, align fyne.TextAlign) {
	t := newText(text, theme.TextCaption, tone)
	t.Alignment = align
	setAt(t, x, y, w, h)
	p.texts = append(p.texts, t)
}

// say puts a sentence in the middle, on as many lines as it needs.
func (p *chartParts) say(sentence string) {
	if sentence == "" {
		return
	}
	size := theme.Scaled(theme.TextCaption)
	lines := balanced(sentence, p.size.Width, size, sentenceLines)
	h := theme.Measure(sentence, size, fyne.TextStyle{}).Height
	y := (p.size.Height - h*float32(len(lines))) / 2
	for i, line := range lines {
		p.put(line, Hint, 0, y+h*float32(i), p.size.Width, h, fyne.TextAlignCenter)
	}
}

func (p *chartParts) axis(ticks []charts.Tick, write func(float64) string, x, w float32, align fyne.TextAlign) {
	if write == nil {
		return
	}
	h := theme.Scaled(16)
	for _, t := range ticks {
		p.put(write(t.Value), Hint, x, t.Pos-h/2, w, h, align)
	}
}

// slots writes below the axis as many names as have room: every one, every
// second, every fourth.
func (p *chartParts) slots() {
	size, gap := theme.Scaled(theme.TextCaption), theme.Scaled(theme.Space2)
	var widest float32
	for _, s := range p.c.data.Slots {
		widest = max(widest, theme.Measure(s, size, fyne.TextStyle{}).Width)
	}
	step := 1
	// A waterfall's bars each need their name: it is cut rather than left out.
	for p.c.data.Steps == nil && float32(step)*p.plot.Slot < widest+gap && step < len(p.c.data.Slots) {
		step *= 2
	}
	y := p.plot.Area.Y + p.plot.Area.Height + theme.Scaled(2)
	for i := 0; i < min(len(p.c.data.Slots), p.plot.Count); i += step {
		w := float32(step) * p.plot.Slot
		text := cutText(p.c.data.Slots[i], max(w-2, 0), size, fyne.TextStyle{})
		if step > 1 {
			text = p.c.data.Slots[i]
			w = theme.Measure(text, size, fyne.TextStyle{}).Width
		}
		x := min(max(p.plot.Center(i)-w/2, 0), p.size.Width-w)
		p.put(text, Hint, x, y, w, theme.Scaled(16), fyne.TextAlignCenter)
	}
}

// labels writes figures above the bars. One that would run into another goes
// below a bar that hangs, else up a line or two, and is left to hover and twin
// when that is not enough.
func (p *chartParts) labels() {
	size, h := theme.Scaled(theme.TextCaption), theme.Scaled(15)
	var placed, bars []charts.Rect
	for _, m := range p.plot.Marks {
		bars = append(bars, m.Box)
	}
	for _, m := range p.plot.Marks {
		if m.Series != 0 || m.Slot >= len(p.c.data.Labels) {
			continue
		}
		top := m.Y
		if m.Box.Height > 0 || m.Box.Width > 0 {
			top = m.Box.Y
		}
		text := p.c.data.Labels[m.Slot]
		w := theme.Measure(text, size, fyne.TextStyle{}).Width
		box := charts.Rect{X: min(max(m.X-w/2, 0), p.size.Width-w), Y: max(top-h-1, 0), Width: w, Height: h}
		under := box
		under.Y = m.Box.Y + m.Box.Height + 1
		hangs := m.Box.Height > 0 && under.Y+h < p.plot.Area.Y+p.plot.Area.Height && !meets(under, placed) && !meets(under, bars)
		if hangs && meets(box, placed) {
			box = under
		}
		for range 2 {
			if meets(box, placed) {
				box.Y -= h
			}
		}
		if box.Y < 0 || meets(box, placed) {
			continue
		}
		placed = append(placed, box)
		p.put(text, Muted, box.X, box.Y, box.Width, box.Height, fyne.TextAlignCenter)
	}
}

// meets reports whether a text would touch one that stands already.
func meets(box charts.Rect, placed []charts.Rect) bool {
	air := theme.Scaled(3)
	for _, o := range placed {
		if box.X < o.X+o.Width+air && o.X < box.X+box.Width+air && box.Y < o.Y+o.Height && o.Y < box.Y+box.Height {
			return true
		}
	}
	return false
}

// readout shows the values of the slot that is read, and the focus ring.
func (p *chartParts) readout() {
	k := theme.Now()
	dressFrame(p.ring, color.Transparent, k.Accent, 4, true)
	show(p.ring, p.c.focused)
	setAt(p.ring, 0, 0, p.size.Width, p.size.Height)
	on := p.plot != nil && p.c.slot >= 0 && p.c.slot < p.plot.Count
	show(p.band, on)
	show(p.box, on)
	show(p.head, on)
	for _, r := range p.rows {
		show(r.swatch, false)
		show(r.name, false)
		show(r.value, false)
	}
	if !on {
		return
	}
	rect(p.band, k.Hover, p.plot.Center(p.c.slot)-p.plot.Slot/2, p.plot.Area.Y, p.plot.Slot, p.plot.Area.Height)
	p.fill()
}

func (p *chartParts) fill() {
	k, slot, in, line := theme.Now(), p.c.slot, theme.Scaled(theme.Space2), theme.Scaled(17)
	p.head.Text = p.c.data.head(slot)
	style(p.head, theme.TextCaption, Muted)
	names, values := float32(0), float32(0)
	series := p.c.data.Series[:min(len(p.c.data.Series), shownSeries)]
	for i, s := range series {
		r := p.rows[i]
		r.name.Text, r.value.Text = s.Name, s.text(slot)
		style(r.name, theme.TextCaption, Normal)
		style(r.value, theme.TextCaption, Normal)
		r.value.Alignment = fyne.TextAlignTrailing
		names, values = max(names, textSize(r.name).Width), max(values, textSize(r.value).Width)
	}
	swatch := theme.Scaled(8)
	w := max(swatch+in+names+theme.Scaled(theme.Space4)+values, textSize(p.head).Width) + 2*in
	h := line*float32(len(series)+1) + in
	x := p.plot.Center(slot) + p.plot.Slot/2 + theme.Scaled(theme.Space1)
	if x+w > p.size.Width {
		x = max(p.plot.Center(slot)-p.plot.Slot/2-w-theme.Scaled(theme.Space1), 0)
	}
	y := p.plot.Area.Y
	dressFrame(p.box, k.Sheet, k.Edge, 4, false)
	p.box.Shadow.Color, p.box.Shadow.BlurRadius = k.Shadow, theme.Scaled(8)
	setAt(p.box, x, y, w, h)
	p.box.Refresh()
	setAt(p.head, x+in, y+in/2, w-2*in, line)
	p.head.Refresh()
	for i, s := range series {
		r, top := p.rows[i], y+in/2+line*float32(i+1)
		r.swatch.FillColor, r.swatch.CornerRadius = seriesColor(s.Color), 2
		setAt(r.swatch, x+in, top+(line-swatch)/2, swatch, swatch)
		setAt(r.name, x+in+swatch+in, top, names, line)
		setAt(r.value, x+w-in-values, top, values, line)
		for _, o := range []fyne.CanvasObject{r.swatch, r.name, r.value} {
			show(o, true)
			o.Refresh()
		}
	}
}
