package parts

import (
	"context"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"countinghouse/charts"
	"countinghouse/ui/desktop/theme"
)

// ChartSeries is one row of a chart.
type ChartSeries struct {
	Name  string
	Shape charts.Shape
	Y     []float64
	Known []bool // nil: all
	Pale  []bool // slots not complete yet
	Right bool   // on a scale of its own
	Color int    // index into the theme's series colours
	// Texts are the exact values as text, shown on hover and in the table
	// twin. A picture may round; a figure that is read may not.
	Texts []string
}

// ChartData is what a chart shows. Steps, when set, make a waterfall and
// Series gives only its texts.
type ChartData struct {
	Slots  []string // short, below the axis
	Heads  []string // long, on hover: "Week of 28 Sep"; nil: Slots
	Series []ChartSeries
	Steps  []charts.Step
	Bands  []bool               // slots with a warning band behind them; nil: none
	Labels []string             // above each bar or point of the first series; nil: none
	Axis   func(float64) string // writes a tick of the left scale; nil: no scale
	Right  func(float64) string // writes a tick of the right scale; nil: none
	Empty  string               // said when there is nothing to draw
	Open   func(slot int)       // opens what is behind a slot's figures; nil: nothing
	First  string               // head of the twin's first column
}

func (d ChartData) head(slot int) string {
	if slot < len(d.Heads) {
		return d.Heads[slot]
	}
	if slot < len(d.Slots) {
		return d.Slots[slot]
	}
	return ""
}

func (s ChartSeries) text(slot int) string {
	if slot < len(s.Texts) {
		return s.Texts[slot]
	}
	return ""
}

// ChartView draws a chart with its text, and reads values out under the
// pointer or, with the keyboard, left and right. Its table twin shows the same
// figures in rows.
type ChartView struct {
	widget.BaseWidget
	data    ChartData
	twin    *Table[int]
	asTable bool
	slot    int // read out; -1 none
	focused bool
	v       *chartParts
}

var (
	_ fyne.Focusable    = (*ChartView)(nil)
	_ desktop.Hoverable = (*ChartView)(nil)
	_ fyne.Tappable     = (*ChartView)(nil)
)

// NewChartView returns a chart.
func NewChartView(data ChartData) *ChartView {
	c := &ChartView{data: data, slot: -1}
	c.v = newChartParts(c)
	c.ExtendBaseWidget(c)
	return c
}

// Set shows other figures.
func (c *ChartView) Set(data ChartData) {
	c.data, c.slot = data, -1
	c.v.setTwin(nil)
	c.twin = nil
	c.ShowTable(c.asTable)
}

// ShowTable shows the table twin in place of the picture.
func (c *ChartView) ShowTable(on bool) {
	c.asTable = on
	if on && c.twin == nil {
		c.twin = newTwin(c.data)
		c.v.setTwin(c.twin)
	}
	c.Refresh()
}

// ShowsTable reports which of the two is shown.
func (c *ChartView) ShowsTable() bool { return c.asTable }

// read shows the values of a slot; -1 shows none.
func (c *ChartView) read(slot int) {
	if slot != c.slot {
		c.slot = slot
		c.v.readout()
	}
}

// MouseIn implements desktop.Hoverable.
func (c *ChartView) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (c *ChartView) MouseMoved(e *desktop.MouseEvent) {
	if c.v.plot != nil && !c.asTable {
		c.read(c.v.plot.SlotAt(e.Position.X))
	}
}

// Tapped implements fyne.Tappable.
func (c *ChartView) Tapped(e *fyne.PointEvent) {
	if c.v.plot != nil && !c.asTable {
		c.open(c.v.plot.SlotAt(e.Position.X))
	}
}

func (c *ChartView) open(slot int) {
	if c.data.Open != nil && slot >= 0 && slot < c.count() {
		c.data.Open(slot)
	}
}

// Cursor implements desktop.Cursorable.
func (c *ChartView) Cursor() desktop.Cursor {
	if c.data.Open == nil || c.slot < 0 {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// MouseOut implements desktop.Hoverable.
func (c *ChartView) MouseOut() { c.read(-1) }

// Disabled implements fyne.Disableable: the focus passes by a chart that has
// nothing to read out, and one whose table twin takes the focus.
func (c *ChartView) Disabled() bool { return c.asTable || c.count() == 0 }

// Enable implements fyne.Disableable; the figures decide.
func (c *ChartView) Enable() {}

// Disable implements fyne.Disableable; the figures decide.
func (c *ChartView) Disable() {}

// FocusGained implements fyne.Focusable.
func (c *ChartView) FocusGained() {
	if c.focused = true; c.slot < 0 {
		reveal() // under the mouse nothing moves
	}
	c.v.readout()
}

// FocusLost implements fyne.Focusable.
func (c *ChartView) FocusLost() { c.focused = false; c.read(-1); c.v.readout() }

// TypedRune implements fyne.Focusable.
func (c *ChartView) TypedRune(rune) {}

// TypedKey implements fyne.Focusable: left and right read value after value,
// Enter opens what is behind the one that is read.
func (c *ChartView) TypedKey(e *fyne.KeyEvent) {
	last := c.count() - 1
	switch e.Name {
	case fyne.KeyRight:
		c.read(min(c.slot+1, last))
	case fyne.KeyLeft:
		c.read(max(c.slot-1, min(0, last)))
	case fyne.KeyHome:
		c.read(min(0, last))
	case fyne.KeyEnd:
		c.read(last)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.open(c.slot)
	case fyne.KeyEscape:
		c.read(-1)
	}
}

func (c *ChartView) count() int {
	if c.data.Steps != nil {
		return len(c.data.Steps)
	}
	return len(c.data.Slots)
}

// AccessibilityLabel implements fyne.Accessible.
func (c *ChartView) AccessibilityLabel() string {
	if c.slot < 0 {
		return ""
	}
	label := c.data.head(c.slot)
	for _, s := range c.data.Series {
		label += ", " + s.Name + " " + s.text(c.slot)
	}
	return label
}

// AccessibilityRole implements fyne.Accessible.
func (c *ChartView) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (c *ChartView) CreateRenderer() fyne.WidgetRenderer { return c.v }

// draw asks charts for the picture.
func (c *ChartView) draw(size charts.Size, inset charts.Inset) (*charts.Plot, error) {
	k := theme.Now()
	if c.data.Steps != nil {
		return charts.Waterfall(charts.Flow{
			Size: size, Inset: inset, Steps: c.data.Steps,
			Total: k.Series[0], Up: k.Series[3], Down: k.Series[1], Axis: k.Edge, Join: k.Line,
		})
	}
	spec := charts.Spec{Size: size, Inset: inset, Count: len(c.data.Slots), Grid: k.Line, Axis: k.Edge, Bands: c.data.Bands, Band: bandColor()}
	for _, s := range c.data.Series {
		spec.Series = append(spec.Series, charts.Series{
			Name: s.Name, Shape: s.Shape, Y: s.Y, Known: s.Known, Pale: s.Pale, Right: s.Right, Color: seriesColor(s.Color),
		})
	}
	return charts.Draw(spec)
}

// bandColor is the loss colour, faint enough to read over.
func bandColor() color.Color {
	c := theme.Now().Loss
	c.A = 0x2c
	return c
}

func seriesColor(i int) color.Color {
	k := theme.Now()
	return k.Series[((i%len(k.Series))+len(k.Series))%len(k.Series)]
}

// newTwin is the chart as a table: a row for each slot.
func newTwin(d ChartData) *Table[int] {
	columns := []Column[int]{{ID: "slot", Title: d.First, Width: 120, Grow: 1, Text: d.head}}
	for i, s := range d.Series {
		columns = append(columns, Column[int]{ID: s.Name + string(rune('0'+i)), Title: s.Name, Width: 110, Grow: 1, Align: Right, Text: s.text})
	}
	n := max(len(d.Slots), len(d.Steps))
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	var never context.Context // rows in memory are not waited for
	return NewTable(never, columns, Rows(rows, columns), TableOptions[int]{Compact: true, OnOpen: func(slot int, _ string) {
		if d.Open != nil {
			d.Open(slot)
		}
	}})
}
