package charts

import (
	"cmp"
	"image/color"
	"slices"
)

const (
	barShare  = 0.72 // of a slot that its bars take together
	barMost   = 120  // how wide one of them gets
	barRadius = 2
	lineWidth = 2
	paleShare = 0.4
	areaShare = 0.16
)

// Draw draws a chart. Data that is empty or wholly unknown gives a picture
// with its axis and Empty set. The error is ErrValue or ErrShape.
func Draw(s Spec) (*Plot, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	r, err := newRaster(s.Size)
	if err != nil {
		return nil, err
	}
	p := &Plot{Image: r.img, Area: inside(s.Size, s.Inset), Count: s.Count}
	if s.Count > 0 {
		p.Slot = p.Area.Width / float32(s.Count)
	}
	if s.Ticks == 0 {
		s.Ticks = 5
	}
	low, high, onLeft := extent(s, false)
	left := newAxis(low, high, s.Ticks, p.Area)
	low, high, onRight := extent(s, true)
	right := newAxis(low, high, s.Ticks, p.Area)
	p.Left, p.Empty = left.positions(), !onLeft && !onRight
	if onRight {
		p.Right = right.positions()
	}
	d := sketch{spec: s, raster: r, plot: p, axes: map[bool]axis{false: left, true: right}}
	d.bands()
	d.grid()
	d.areas()
	d.bars()
	d.axisLine()
	d.lines()
	d.order()
	return p, nil
}

func inside(size Size, in Inset) Rect {
	return Rect{
		X: in.Left, Y: in.Top,
		Width:  max(size.Width-in.Left-in.Right, 1),
		Height: max(size.Height-in.Top-in.Bottom, 1),
	}
}

// sketch is the state of one Draw.
type sketch struct {
	spec   Spec
	raster *raster
	plot   *Plot
	axes   map[bool]axis // by Series.Right
}

// bands marks stretches of slots from top to bottom; neighbours make one.
func (d *sketch) bands() {
	if d.spec.Band == nil {
		return
	}
	for from := 0; from < len(d.spec.Bands); from++ {
		to := from
		for to < len(d.spec.Bands) && d.spec.Bands[to] {
			to++
		}
		if to > from {
			a := d.plot.Area
			d.raster.bar(Rect{X: a.X + float32(from)*d.plot.Slot, Y: a.Y, Width: float32(to-from) * d.plot.Slot, Height: a.Height}, 0, false, d.spec.Band)
			from = to
		}
	}
}

func (d *sketch) grid() {
	if d.spec.Grid == nil {
		return
	}
	for _, t := range d.plot.Left {
		d.raster.rule(d.plot.Area.X, d.plot.Area.X+d.plot.Area.Width, t.Pos, d.spec.Grid)
	}
}

// axisLine is drawn over the bars, so that zero is seen between gain and loss.
func (d *sketch) axisLine() {
	if d.spec.Axis == nil {
		return
	}
	a := d.plot.Area
	d.raster.rule(a.X, a.X+a.Width, d.axes[false].y(0), d.spec.Axis)
}

// bars draws the Bar series side by side and the Stacked ones in one column
// beside them.
func (d *sketch) bars() {
	columns, stack := 0, -1
	place := make([]int, len(d.spec.Series))
	for i, s := range d.spec.Series {
		switch {
		case s.Shape == Bar:
			place[i] = columns
			columns++
		case s.Shape == Stacked && stack < 0:
			stack = columns
			columns++
		}
	}
	if columns == 0 {
		return
	}
	group := min(d.plot.Slot*barShare, barMost*float32(columns))
	width := group / float32(columns)
	for slot := range d.spec.Count {
		start := d.plot.Center(slot) - group/2
		var up, down float64
		for i, s := range d.spec.Series {
			if !s.known(slot) {
				continue
			}
			switch s.Shape {
			case Bar:
				d.bar(i, slot, start+float32(place[i])*width, width, 0, s.Y[slot])
			case Stacked:
				from := &up
				if s.Y[slot] < 0 {
					from = &down
				}
				d.bar(i, slot, start+float32(stack)*width, width, *from, *from+s.Y[slot])
				*from += s.Y[slot]
			}
		}
	}
}

// bar draws from one value to another and records where.
func (d *sketch) bar(series, slot int, x, width float32, from, to float64) {
	s := d.spec.Series[series]
	box, end := d.box(d.axes[s.Right], x, width, from, to)
	if from != to {
		radius := float32(barRadius)
		if s.Shape == Stacked {
			radius = 0
		}
		d.raster.bar(box, radius, to < from, shade(s, slot))
	}
	d.plot.Marks = append(d.plot.Marks, Mark{Series: series, Slot: slot, X: x + width/2, Y: end, Box: box})
}

func (d *sketch) box(a axis, x, width float32, from, to float64) (Rect, float32) {
	start, end := a.y(from), a.y(to)
	gap := min(width*0.08, 1)
	return Rect{X: x + gap, Y: min(start, end), Width: width - 2*gap, Height: max(start, end) - min(start, end)}, end
}

func shade(s Series, slot int) color.Color {
	if s.pale(slot) {
		return withAlpha(s.color(), paleShare)
	}
	return s.color()
}

func (s Series) color() color.Color {
	if s.Color == nil {
		return color.Gray{Y: 0x80}
	}
	return s.Color
}

// runs splits a series into stretches of known values.
func (d *sketch) runs(series int) [][]point {
	s := d.spec.Series[series]
	var runs [][]point
	var run []point
	for slot := range d.spec.Count {
		if !s.known(slot) {
			if run != nil {
				runs = append(runs, run)
			}
			run = nil
			continue
		}
		run = append(run, point{d.plot.Center(slot), d.axes[s.Right].y(s.Y[slot])})
	}
	if run != nil {
		runs = append(runs, run)
	}
	return runs
}

func (d *sketch) areas() {
	for i, s := range d.spec.Series {
		if s.Shape != Area {
			continue
		}
		zero := d.axes[s.Right].y(0)
		for _, run := range d.runs(i) {
			path := append([]point{{run[0].x, zero}}, run...)
			path = append(path, point{run[len(run)-1].x, zero})
			d.raster.fill(path, withAlpha(s.color(), areaShare))
		}
	}
}

func (d *sketch) lines() {
	for i, s := range d.spec.Series {
		if s.Shape != Line && s.Shape != Area {
			continue
		}
		for _, run := range d.runs(i) {
			d.raster.line(run, lineWidth, s.color())
		}
		for slot := range d.spec.Count {
			if s.known(slot) {
				d.plot.Marks = append(d.plot.Marks, Mark{
					Series: i, Slot: slot, X: d.plot.Center(slot), Y: d.axes[s.Right].y(s.Y[slot]),
				})
			}
		}
	}
}

// order sorts the marks as Plot promises.
func (d *sketch) order() {
	slices.SortStableFunc(d.plot.Marks, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Series, b.Series))
	})
}
