package charts_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"

	"pgregory.net/rapid"

	"countinghouse/charts"
)

var (
	teal   = color.NRGBA{R: 0x0F, G: 0x6E, B: 0x84, A: 0xFF}
	orange = color.NRGBA{R: 0xDB, G: 0x7B, B: 0x22, A: 0xFF}
	grey   = color.NRGBA{R: 0xE3, G: 0xE7, B: 0xEC, A: 0xFF}
)

func spec(shape charts.Shape, y ...float64) charts.Spec {
	return charts.Spec{
		Size:   charts.Size{Width: 300, Height: 200, Scale: 2},
		Inset:  charts.Inset{Left: 40, Top: 8, Right: 8, Bottom: 20},
		Count:  len(y),
		Series: []charts.Series{{Name: "a", Shape: shape, Y: y, Color: teal}},
	}
}

func draw(t testing.TB, s charts.Spec) *charts.Plot {
	t.Helper()
	p, err := charts.Draw(s)
	if err != nil {
		t.Fatalf("draw: %v", err)
	}
	return p
}

// column counts the pixels of a colour in one column of the picture and gives
// the first and last row they are in.
func column(img *image.RGBA, x int, c color.NRGBA) (n, first, last int) {
	first = -1
	for y := range img.Rect.Dy() {
		if color.NRGBAModel.Convert(img.At(x, y)) == color.Color(c) {
			if first < 0 {
				first = y
			}
			n, last = n+1, y
		}
	}
	return n, first, last
}

func TestBarHeightsAreProportional(t *testing.T) {
	p := draw(t, spec(charts.Bar, 10, 20, 5, -10))
	var heights []int
	for slot := range 4 {
		n, first, last := column(p.Image, int(p.Center(slot)*2), teal)
		if n != last-first+1 {
			t.Errorf("bar %d has holes", slot)
		}
		heights = append(heights, n)
	}
	// One pixel for snapping each end.
	for i, want := range []int{heights[1] / 2, heights[1], heights[1] / 4, heights[1] / 2} {
		if math.Abs(float64(heights[i]-want)) > 2 {
			t.Errorf("bar %d is %d pixels high, want %d", i, heights[i], want)
		}
	}
	_, _, above := column(p.Image, int(p.Center(0)*2), teal)
	_, below, _ := column(p.Image, int(p.Center(3)*2), teal)
	if below <= above {
		t.Errorf("the loss starts at row %d, above the end of the gain at %d", below, above)
	}
}

// The bars of a few periods stay bars in a wide chart, in the middle of their slots.
func TestWideChartsKeepSlimBars(t *testing.T) {
	one := spec(charts.Bar, 5)
	one.Size.Width = 1000
	two := spec(charts.Bar, 5)
	two.Size.Width = 1000
	two.Series = append(two.Series, two.Series[0])
	flow := charts.Flow{Size: one.Size, Steps: []charts.Step{{Value: 5, Total: true}}, Total: teal}
	fall, err := charts.Waterfall(flow)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]*charts.Plot{"one": draw(t, one), "two side by side": draw(t, two), "a waterfall": fall} {
		left, right := p.Marks[0].Box, p.Marks[len(p.Marks)-1].Box
		if left.Width > 120 || left.Width < 100 {
			t.Errorf("%s: a bar is %v wide", name, left.Width)
		}
		if middle := (left.X + right.X + right.Width) / 2; math.Abs(float64(middle-p.Center(0))) > 1 {
			t.Errorf("%s: the middle is %v, of the slot %v", name, middle, p.Center(0))
		}
	}
}

func TestStackedPartsMeetAndKeepTheirSides(t *testing.T) {
	s := spec(charts.Stacked, 10, -4)
	s.Series = append(s.Series,
		charts.Series{Name: "b", Shape: charts.Stacked, Y: []float64{5, 6}, Color: orange},
		charts.Series{Name: "c", Shape: charts.Stacked, Y: []float64{-5, -2}, Color: grey})
	p := draw(t, s)
	x := int(p.Center(0) * 2)
	a, aTop, aEnd := column(p.Image, x, teal)
	b, _, bEnd := column(p.Image, x, orange)
	c, cTop, _ := column(p.Image, x, grey)
	if abs(a-2*b) > 2 || abs(b-c) > 2 {
		t.Errorf("10, 5 and -5 are %d, %d and %d pixels", a, b, c)
	}
	if bEnd+1 != aTop || aEnd+1 != cTop {
		t.Errorf("parts do not meet: 5 ends at %d, 10 is %d..%d, -5 starts at %d", bEnd, aTop, aEnd, cTop)
	}
	// The second slot: -4 and -2 below zero, 6 above it.
	a, aTop, aEnd = column(p.Image, int(p.Center(1)*2), teal)
	c, cTop, _ = column(p.Image, int(p.Center(1)*2), grey)
	if abs(a-2*c) > 2 || cTop != aEnd+1 || aTop <= bEnd {
		t.Errorf("-4 and -2 are %d and %d pixels, at %d..%d and from %d", a, c, aTop, aEnd, cTop)
	}
}

func TestLinePassesThroughItsValues(t *testing.T) {
	p := draw(t, spec(charts.Line, 0, 10, 10, 0))
	for _, m := range p.Marks {
		if got := p.Image.RGBAAt(int(m.X*2), int(m.Y*2)); got.A < 128 {
			t.Errorf("nothing drawn at slot %d", m.Slot)
		}
	}
	if n := len(p.Marks); n != 4 {
		t.Errorf("%d marks, want 4", n)
	}
}

func TestUnknownIsAGap(t *testing.T) {
	s := spec(charts.Line, 5, 5, 5, 5, 5)
	s.Series[0].Known = []bool{true, true, false, true, true}
	p := draw(t, s)
	if n, _, _ := column(p.Image, int(p.Center(2)*2), teal); n != 0 {
		t.Error("a line crosses a value that is not known")
	}
	if n, _, _ := column(p.Image, int((p.Center(0)+p.Center(1))/2*2), teal); n == 0 {
		t.Error("no line between known values")
	}
	// NaN may stand where nothing is known.
	s.Series[0].Y[2] = math.NaN()
	if len(draw(t, s).Marks) != 4 {
		t.Error("an unknown value has a mark")
	}
}

func TestAreaIsFilledToZero(t *testing.T) {
	p := draw(t, spec(charts.Area, 10, 10, 10))
	x := int(p.Center(1) * 2)
	top, bottom := int(p.Marks[1].Y*2)+6, int((p.Area.Y+p.Area.Height)*2)-2
	for y := top; y < bottom; y++ {
		if p.Image.RGBAAt(x, y).A == 0 {
			t.Fatalf("hole in the area at row %d of %d..%d", y, top, bottom)
		}
	}
}

func TestRightScaleIsItsOwn(t *testing.T) {
	s := spec(charts.Bar, 100, 200)
	s.Series = append(s.Series, charts.Series{Name: "margin", Shape: charts.Line, Y: []float64{0.2, 0.1}, Right: true, Color: orange})
	p := draw(t, s)
	if len(p.Right) == 0 || p.Right[len(p.Right)-1].Value > 1 || p.Left[len(p.Left)-1].Value < 200 {
		t.Errorf("left %v, right %v", p.Left, p.Right)
	}
	if len(draw(t, spec(charts.Bar, 1)).Right) != 0 {
		t.Error("a right scale without a series")
	}
}

func TestEverySeriesDrawsSomething(t *testing.T) {
	data := map[string][]float64{
		"single point": {7}, "single zero": {0}, "all equal": {3, 3, 3}, "all zero": {0, 0, 0},
		"all negative": {-1, -2, -3}, "mixed": {-5, 0, 5}, "very large": {1e300, -1e300},
		"very small": {1e-300, 2e-300}, "too small below": {-6e-291}, "smallest of all": {5e-324}, "steep": {1, 1e15},
		"large and equal": {1e18, 1e18}, "empty": {},
	}
	for name, y := range data {
		for shape, what := range map[charts.Shape]string{
			charts.Bar: "bar", charts.Stacked: "stacked", charts.Line: "line", charts.Area: "area",
		} {
			t.Run(name+" "+what, func(t *testing.T) {
				s := spec(shape, y...)
				s.Grid, s.Axis = grey, grey
				p := draw(t, s)
				sound(t, p, 600, 400)
				if len(p.Marks) != len(y) || p.Empty != (len(y) == 0) {
					t.Errorf("%d marks for %d values, empty %v", len(p.Marks), len(y), p.Empty)
				}
			})
		}
		t.Run(name+" sparkline", func(t *testing.T) {
			p, err := charts.Sparkline(charts.Size{Width: 60, Height: 16, Scale: 1.5}, y, nil, teal)
			if err != nil {
				t.Fatal(err)
			}
			sound(t, p, 90, 24)
			if inked(p.Image) != (len(y) > 0) {
				t.Error("ink and data disagree")
			}
		})
	}
}

// sound checks what holds for each picture: the asked size after a round trip
// through PNG, and geometry that is finite and inside.
func sound(t *testing.T, p *charts.Plot, w, h int) {
	t.Helper()
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, p.Image); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds(); got.Dx() != w || got.Dy() != h {
		t.Errorf("picture is %v, want %d x %d", got, w, h)
	}
	for _, m := range p.Marks {
		if !(m.X >= 0 && m.X <= float32(w) && m.Y >= p.Area.Y-1 && m.Y <= p.Area.Y+p.Area.Height+1) {
			t.Errorf("mark outside the area: %+v", m)
		}
	}
	last := math.Inf(-1)
	for _, tick := range p.Left {
		if !(tick.Value > last) || math.IsInf(tick.Value, 0) || math.IsNaN(float64(tick.Pos)) {
			t.Errorf("ticks do not rise: %+v", p.Left)
		}
		last = tick.Value
	}
}

func inked(img *image.RGBA) bool {
	for _, b := range img.Pix {
		if b != 0 {
			return true
		}
	}
	return false
}

// A band fills its slots from top to bottom and no other.
func TestBandsFillTheirSlots(t *testing.T) {
	s := charts.Spec{Size: charts.Size{Width: 100, Height: 40}, Count: 5, Band: color.NRGBA{R: 200, A: 255}, Bands: []bool{true, false, true, true, false}}
	s.Series = []charts.Series{{Y: make([]float64, 5)}}
	p, err := charts.Draw(s)
	if err != nil {
		t.Fatal(err)
	}
	for slot, want := range s.Bands {
		for _, y := range []int{1, 20, 36} {
			if got := p.Image.RGBAAt(int(p.Center(slot)), y).R > 100; got != want {
				t.Errorf("slot %d, y %d: band %v, want %v", slot, y, got, want)
			}
		}
	}
	s.Bands = s.Bands[:4]
	if _, err := charts.Draw(s); !errors.Is(err, charts.ErrShape) {
		t.Errorf("bands of another length: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	short := spec(charts.Bar, 1, 2)
	short.Count = 3
	flags := spec(charts.Bar, 1, 2)
	flags.Series[0].Known = []bool{true}
	flat := spec(charts.Bar, 1)
	flat.Size.Height = 0
	huge := spec(charts.Bar, 1)
	huge.Size.Width = 1e9
	negative := charts.Spec{Size: charts.Size{Width: 9, Height: 9}, Count: -1}
	tests := []struct {
		name string
		spec charts.Spec
		want error
	}{
		{"not a number", spec(charts.Line, 1, math.NaN()), charts.ErrValue},
		{"infinite", spec(charts.Bar, math.Inf(1)), charts.ErrValue},
		{"beyond the range", spec(charts.Bar, -2e300), charts.ErrValue},
		{"fewer values than slots", short, charts.ErrShape},
		{"fewer flags than slots", flags, charts.ErrShape},
		{"no height", flat, charts.ErrShape},
		{"too wide", huge, charts.ErrShape},
		{"negative count", negative, charts.ErrShape},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := charts.Draw(tt.spec); !errors.Is(err, tt.want) {
				t.Errorf("error = %v, want %v", err, tt.want)
			}
		})
	}
	if _, err := charts.Sparkline(charts.Size{Width: 9, Height: 9}, []float64{math.NaN()}, nil, teal); !errors.Is(err, charts.ErrValue) {
		t.Errorf("sparkline error = %v", err)
	}
}

// TestTicksAreRound draws random data and checks the promises of an axis.
func TestTicksAreRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 1, 40).Draw(t, "y")
		p, err := charts.Draw(charts.Spec{
			Size:   charts.Size{Width: 60, Height: 60},
			Count:  len(y),
			Series: []charts.Series{{Y: y, Shape: charts.Line}},
		})
		if err != nil {
			t.Fatal(err)
		}
		ticks := p.Left
		if len(ticks) < 2 || len(ticks) > 5 {
			t.Fatalf("%d ticks", len(ticks))
		}
		step := ticks[1].Value - ticks[0].Value
		if m := step / math.Pow(10, math.Floor(math.Log10(step)+1e-9)); !near(m, 1) && !near(m, 2) && !near(m, 2.5) && !near(m, 5) {
			t.Fatalf("step %v is not round", step)
		}
		for _, v := range y {
			// Below 1e-290 a value is drawn as zero.
			if math.Abs(v) >= 1e-290 && (v < ticks[0].Value || v > ticks[len(ticks)-1].Value) {
				t.Fatalf("%v is outside the ticks %v", v, ticks)
			}
		}
	})
}

func TestSlotAt(t *testing.T) {
	p := draw(t, spec(charts.Bar, 1, 2, 3))
	for slot := range 3 {
		if got := p.SlotAt(p.Center(slot)); got != slot {
			t.Errorf("slot at the centre of %d = %d", slot, got)
		}
	}
	if p.SlotAt(p.Area.X-1) != -1 || p.SlotAt(p.Area.X+p.Area.Width) != -1 || p.SlotAt(float32(math.NaN())) != -1 {
		t.Error("a slot outside the area")
	}
}

func TestWaterfall(t *testing.T) {
	red := color.NRGBA{R: 0xC0, A: 0xFF}
	flow := charts.Flow{
		Size: charts.Size{Width: 200, Height: 100}, Total: teal, Up: orange, Down: red,
		Steps: []charts.Step{{Value: 100, Total: true}, {Value: -60}, {Value: 20}, {Value: -80}, {Value: -20, Total: true}},
	}
	p, err := charts.Waterfall(flow)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, p, 200, 100)
	// The range is 100 to -20 over 100 pixels.
	tests := []struct {
		color      color.NRGBA
		high, from float64
	}{{teal, 100, 0}, {red, 60, 0}, {orange, 20, 40}, {red, 80, 40}, {teal, 20, 100}}
	for i, tt := range tests {
		n, first, _ := column(p.Image, int(p.Center(i)), tt.color)
		if math.Abs(float64(n)-tt.high/1.2) > 1.5 || math.Abs(float64(first)-tt.from/1.2) > 1.5 {
			t.Errorf("step %d: %d pixels from row %d, want %.1f from %.1f", i, n, first, tt.high/1.2, tt.from/1.2)
		}
	}
	for name, steps := range map[string][]charts.Step{
		"none": nil, "zero": {{Total: true}}, "one": {{Value: 5}}, "all equal": {{Value: 5, Total: true}, {}, {Value: 5, Total: true}},
	} {
		flow.Steps = steps
		if p, err = charts.Waterfall(flow); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sound(t, p, 200, 100)
	}
	flow.Steps = []charts.Step{{Value: 9e299}, {Value: 9e299}}
	if _, err = charts.Waterfall(flow); !errors.Is(err, charts.ErrValue) {
		t.Errorf("sum beyond the range: %v", err)
	}
}

func TestPaleAndTinyBarsAreSeen(t *testing.T) {
	s := spec(charts.Bar, 1e6, 1)
	s.Series[0].Pale = []bool{true, false}
	p := draw(t, s)
	if n, _, _ := column(p.Image, int(p.Center(1)*2), teal); n != 1 {
		t.Errorf("a value that is not zero has %d pixels, want 1", n)
	}
	c := p.Image.RGBAAt(int(p.Center(0)*2), int((p.Area.Y+p.Area.Height/2)*2))
	if c.A < 90 || c.A > 115 {
		t.Errorf("an incomplete slot has alpha %d, want 40 %%", c.A)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

func abs(n int) int { return max(n, -n) }

func BenchmarkDraw(b *testing.B) {
	y := make([]float64, 90)
	for i := range y {
		y[i] = math.Sin(float64(i)) * 1000
	}
	s := spec(charts.Bar, y...)
	s.Size = charts.Size{Width: 640, Height: 260, Scale: 2}
	s.Series = append(s.Series, charts.Series{Shape: charts.Line, Y: y, Color: orange})
	for b.Loop() {
		if _, err := charts.Draw(s); err != nil {
			b.Fatal(err)
		}
	}
}
