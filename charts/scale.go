package charts

import "math"

// smallest is below every figure worth an axis, and far enough from the end
// of the floating range that steps and powers stay exact.
const smallest = 1e-290

// axis maps values to y positions in units.
type axis struct {
	low, high   float64 // the values at the bottom and at the top
	bottom, top float32
	ticks       []float64
}

// newAxis covers low..high with round ticks, at most n, always including
// zero: bars grow from it. All-equal and all-zero data get a range too, and so
// do data too small to tell from zero.
func newAxis(low, high float64, n int, area Rect) axis {
	low, high = min(low, 0), max(high, 0)
	if max(high, -low) < smallest {
		low, high = 0, 1
	}
	step := niceStep(low, high, max(n, 2))
	a := axis{
		low:    math.Floor(low/step) * step,
		high:   math.Ceil(high/step) * step,
		bottom: area.Y + area.Height,
		top:    area.Y,
	}
	for i := math.Round(a.low / step); i <= math.Round(a.high/step); i++ {
		a.ticks = append(a.ticks, i*step)
	}
	return a
}

// niceStep returns 1, 2, 2.5 or 5 times a power of ten such that at most n
// ticks cover the range.
func niceStep(low, high float64, n int) float64 {
	// Halves first, for high-low may not fit where both do.
	raw := (high/2 - low/2) / float64(max(n-1, 1)) * 2
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for {
		for _, m := range [...]float64{1, 2, 2.5, 5} {
			step := m * power
			if math.Ceil(high/step)-math.Floor(low/step) <= float64(n-1) {
				return step
			}
		}
		power *= 10
	}
}

// y returns the position of a value.
func (a axis) y(v float64) float32 {
	// Halves, as in niceStep.
	share := (v/2 - a.low/2) / (a.high/2 - a.low/2)
	return a.bottom - float32(share)*(a.bottom-a.top)
}

func (a axis) positions() []Tick {
	ticks := make([]Tick, len(a.ticks))
	for i, v := range a.ticks {
		ticks[i] = Tick{Value: v, Pos: a.y(v)}
	}
	return ticks
}

// extent returns the lowest and highest values that a scale must hold: of
// each series, and of the stacks' sums.
func extent(s Spec, right bool) (low, high float64, found bool) {
	for i := range s.Count {
		var up, down float64
		for _, r := range s.Series {
			if r.Right != right || !r.known(i) {
				continue
			}
			found = true
			low, high = min(low, r.Y[i]), max(high, r.Y[i])
			if r.Shape == Stacked {
				up, down = up+max(r.Y[i], 0), down+min(r.Y[i], 0)
			}
		}
		low, high = min(low, down), max(high, up)
	}
	return low, high, found
}
