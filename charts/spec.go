package charts

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
)

// ErrValue reports a number that cannot be drawn: not a number, infinite, or
// beyond ±1e300. Values that are not known are left out through Series.Known.
var ErrValue = errors.New("value cannot be drawn")

// ErrShape reports a specification that contradicts itself: a size without
// pixels, or a series of another length than Count.
var ErrShape = errors.New("chart specification")

const (
	largest   = 1e300
	maxPixels = 16384 // per side; a 4K window at 200 % has 7680
)

// Shape says how a series is drawn.
type Shape int

// The shapes; one chart may mix them, as bars of sales under a line of profit.
const (
	Bar     Shape = iota // side by side with the other Bar series
	Stacked              // on top of the other Stacked series, negatives downward
	Line                 // through the middle of each slot
	Area                 // a line with the space down to zero filled
)

// Size is the size of a picture.
type Size struct {
	Width, Height float32 // device-independent units
	Scale         float32 // pixels per unit; 0 means 1
}

func (s Size) pixels() (w, h int, err error) {
	w = int(math.Round(float64(s.Width) * float64(s.scale())))
	h = int(math.Round(float64(s.Height) * float64(s.scale())))
	if w < 1 || h < 1 || w > maxPixels || h > maxPixels {
		return 0, 0, fmt.Errorf("%w: %v x %v units at scale %v", ErrShape, s.Width, s.Height, s.Scale)
	}
	return w, h, nil
}

func (s Size) scale() float32 {
	if s.Scale <= 0 {
		return 1
	}
	return s.Scale
}

// Series is one row of values over the slots of a chart.
type Series struct {
	Name  string
	Shape Shape
	Y     []float64
	Known []bool // nil: all are; a value not known is a gap, never a zero
	Pale  []bool // nil: none; marks slots that are not complete yet
	Right bool   // measured on a scale of its own at the right
	Color color.Color
}

func (s Series) known(i int) bool { return s.Known == nil || s.Known[i] }
func (s Series) pale(i int) bool  { return s.Pale != nil && s.Pale[i] }

// Inset is the space at the edges kept free for text, in units.
type Inset struct{ Left, Top, Right, Bottom float32 }

// Spec describes a chart over Count equally spaced slots (days, weeks,
// products).
type Spec struct {
	Size   Size
	Inset  Inset
	Count  int
	Series []Series
	Grid   color.Color // lines at the ticks; nil draws none
	Axis   color.Color // the zero line; nil draws none
	Bands  []bool      // slots with a band behind them, as days out of stock; nil: none
	Band   color.Color // of the bands
	Ticks  int         // most ticks on an axis; 0 means 5
}

func (s Spec) check() error {
	if s.Count < 0 {
		return fmt.Errorf("%w: %d slots", ErrShape, s.Count)
	}
	if !fits(s.Bands, s.Count) {
		return fmt.Errorf("%w: %d bands over %d slots", ErrShape, len(s.Bands), s.Count)
	}
	for _, r := range s.Series {
		if len(r.Y) != s.Count || !fits(r.Known, s.Count) || !fits(r.Pale, s.Count) {
			return fmt.Errorf("%w: series %q does not have %d values", ErrShape, r.Name, s.Count)
		}
		for i, y := range r.Y {
			if r.known(i) && !drawable(y) {
				return fmt.Errorf("series %q, value %d: %w", r.Name, i+1, ErrValue)
			}
		}
	}
	return nil
}

func fits(flags []bool, n int) bool { return flags == nil || len(flags) == n }

// drawable is false for NaN too, which no comparison holds for.
func drawable(v float64) bool { return v >= -largest && v <= largest }

// Rect is a rectangle in units.
type Rect struct{ X, Y, Width, Height float32 }

// Tick is a labelled position on an axis.
type Tick struct {
	Value float64
	Pos   float32 // y of the tick's line
}

// Mark is where one value of one series sits.
type Mark struct {
	Series int     // index into Spec.Series
	Slot   int     // index into its Y
	X, Y   float32 // the end of the bar or the point of the line
	Box    Rect    // of a bar; empty for a point
}

// Plot is a drawn chart and the places of everything that can be labelled or
// pointed at.
type Plot struct {
	Image *image.RGBA
	Area  Rect   // inside the axes
	Left  []Tick // of the left scale, bottom first
	Right []Tick // of the right scale; empty when no series uses it
	Marks []Mark // by slot, then series; unknown values have none
	Slot  float32
	Count int
	Empty bool // nothing was known: a picture without data
}

// SlotAt returns the slot under x, or -1 outside the area.
func (p *Plot) SlotAt(x float32) int {
	// Put so that no x at all, NaN, is outside.
	if p.Count == 0 || p.Slot <= 0 || !(x >= p.Area.X && x < p.Area.X+p.Area.Width) {
		return -1
	}
	return min(int((x-p.Area.X)/p.Slot), p.Count-1)
}

// Center returns the x of the middle of a slot.
func (p *Plot) Center(slot int) float32 {
	return p.Area.X + (float32(slot)+0.5)*p.Slot
}
