package charts

import (
	"cmp"
	"fmt"
	"image/color"
)

// Step is one bar of a waterfall.
type Step struct {
	Value float64 // the change; of a Total, the level itself
	Total bool    // stands on zero instead of on the step before
}

// Flow describes a waterfall: how one total becomes another.
type Flow struct {
	Size     Size
	Inset    Inset
	Steps    []Step
	Total    color.Color // bars on zero
	Up, Down color.Color // bars of change
	Axis     color.Color // the zero line; nil draws none
	Join     color.Color // lines from each level to the next bar; nil draws none
}

// Waterfall draws steps from one total to another. Marks have one entry per
// step, in order; Y is the level after it. Errors are those of [Draw].
func Waterfall(f Flow) (*Plot, error) {
	levels, err := f.levels()
	if err != nil {
		return nil, err
	}
	r, err := newRaster(f.Size)
	if err != nil {
		return nil, err
	}
	p := &Plot{Image: r.img, Area: inside(f.Size, f.Inset), Count: len(f.Steps), Empty: len(f.Steps) == 0}
	if p.Count > 0 {
		p.Slot = p.Area.Width / float32(p.Count)
	}
	var low, high float64
	for _, l := range levels {
		low, high = min(low, l.from, l.to), max(high, l.from, l.to)
	}
	a := tightAxis(low, high, p.Area)
	p.Left = a.positions()
	d := sketch{raster: r, plot: p}
	for i, l := range levels {
		width := min(p.Slot*0.8, barMost)
		box, end := d.box(a, p.Center(i)-width/2, width, l.from, l.to)
		if l.from != l.to {
			r.bar(box, barRadius, l.to < l.from, cmp.Or(f.color(i), color.Color(color.Gray{Y: 0x80})))
		}
		if f.Join != nil && i+1 < len(levels) {
			r.rule(box.X+box.Width, p.Center(i+1)-width/2, end, f.Join)
		}
		p.Marks = append(p.Marks, Mark{Slot: i, X: p.Center(i), Y: end, Box: box})
	}
	if f.Axis != nil {
		r.rule(p.Area.X, p.Area.X+p.Area.Width, a.y(0), f.Axis)
	}
	return p, nil
}

// tightAxis has its ends at the data: a waterfall has figures on its bars
// instead of a scale beside them.
func tightAxis(low, high float64, area Rect) axis {
	if max(high, -low) < smallest {
		low, high = 0, 1
	}
	return axis{low: low, high: high, bottom: area.Y + area.Height, top: area.Y, ticks: []float64{0}}
}

func (f Flow) color(i int) color.Color {
	switch s := f.Steps[i]; {
	case s.Total:
		return f.Total
	case s.Value < 0:
		return f.Down
	}
	return f.Up
}

type level struct{ from, to float64 }

func (f Flow) levels() ([]level, error) {
	levels := make([]level, len(f.Steps))
	var at float64
	for i, s := range f.Steps {
		from := at
		if s.Total {
			from, at = 0, s.Value
		} else {
			at += s.Value
		}
		if !drawable(s.Value) || !drawable(at) {
			return nil, fmt.Errorf("step %d: %w", i+1, ErrValue)
		}
		levels[i] = level{from, at}
	}
	return levels, nil
}
