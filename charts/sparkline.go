package charts

import "image/color"

// Sparkline draws a small line without axis, its last point marked. It fills
// the height between lowest and highest value; flat data lies in the middle.
// Values where known is false are gaps; a nil known means all are known.
func Sparkline(size Size, values []float64, known []bool, c color.Color) (*Plot, error) {
	s := Series{Shape: Line, Y: values, Known: known, Color: c}
	if err := (Spec{Count: len(values), Series: []Series{s}}).check(); err != nil {
		return nil, err
	}
	r, err := newRaster(size)
	if err != nil {
		return nil, err
	}
	const dot, stroke = 2.5, 1.5
	// The slots reach the edges but for the dot's own radius.
	pad := min(dot+0.5, size.Width/4, size.Height/4)
	p := &Plot{Image: r.img, Count: len(values), Empty: true}
	p.Area = inside(size, Inset{Left: pad, Top: pad, Right: pad, Bottom: pad})
	var low, high float64
	for i, v := range values {
		switch {
		case !s.known(i):
		case p.Empty:
			low, high, p.Empty = v, v, false
		default:
			low, high = min(low, v), max(high, v)
		}
	}
	if p.Empty {
		return p, nil
	}
	a := axis{low: low, high: high, bottom: p.Area.Y + p.Area.Height, top: p.Area.Y}
	if high/2-low/2 < smallest {
		middle := p.Area.Y + p.Area.Height/2
		a = axis{low: low, high: low + max(1, 2*low, -2*low), bottom: middle, top: middle}
	}
	p.Slot = p.Area.Width / float32(len(values))
	d := sketch{spec: Spec{Count: len(values), Series: []Series{s}}, raster: r, plot: p, axes: map[bool]axis{false: a}}
	var last point
	for _, run := range d.runs(0) {
		r.line(run, stroke, s.color())
		last = run[len(run)-1]
	}
	r.dot(last, dot, s.color())
	return p, nil
}
