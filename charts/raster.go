package charts

import (
	"image"
	"image/color"
	"math"

	"github.com/wcharczuk/go-chart/v2/drawing"
)

// raster paints shapes given in units onto an image of pixels. It is the only
// place that knows go-chart. Its chart types are not used: they stack to
// 100 %, refuse flat data, and set text in their own font.
type raster struct {
	img   *image.RGBA
	gc    *drawing.RasterGraphicContext
	scale float64
}

func newRaster(size Size) (*raster, error) {
	w, h, err := size.pixels()
	if err != nil {
		return nil, err
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	gc, err := drawing.NewRasterGraphicContext(img)
	if err != nil {
		return nil, err
	}
	return &raster{img: img, gc: gc, scale: float64(size.scale())}, nil
}

type point struct{ x, y float32 }

// px converts to pixels; snap moves to the edge of a pixel, which keeps
// vertical and horizontal edges sharp.
func (r *raster) px(v float32) float64   { return float64(v) * r.scale }
func (r *raster) snap(v float32) float64 { return math.Round(r.px(v)) }

// bar fills a rectangle with the two corners at its free end rounded: the
// upper ones, or the lower ones for a negative value. A value that is not
// zero stays visible: at least one pixel high.
func (r *raster) bar(box Rect, radius float32, down bool, c color.Color) {
	x0, x1 := r.snap(box.X), r.snap(box.X+box.Width)
	y0, y1 := r.snap(box.Y), r.snap(box.Y+box.Height)
	x1 = max(x1, x0+1)
	if y1-y0 < 1 {
		if down {
			y1 = y0 + 1
		} else {
			y0 = y1 - 1
		}
	}
	rad := min(r.px(radius), (x1-x0)/2, y1-y0)
	free, fixed := y0, y1
	if down {
		free, fixed, rad = y1, y0, -rad
	}
	r.gc.SetFillColor(c)
	r.gc.BeginPath()
	r.gc.MoveTo(x0, fixed)
	r.gc.LineTo(x0, free+rad)
	r.gc.QuadCurveTo(x0, free, x0+math.Abs(rad), free)
	r.gc.LineTo(x1-math.Abs(rad), free)
	r.gc.QuadCurveTo(x1, free, x1, free+rad)
	r.gc.LineTo(x1, fixed)
	r.gc.Close()
	r.gc.Fill()
}

// rule draws a horizontal hairline of whole pixels.
func (r *raster) rule(x0, x1, y float32, c color.Color) {
	top := r.snap(y)
	thick := max(1, math.Round(r.scale))
	top = min(top, float64(r.img.Rect.Dy())-thick)
	r.gc.SetFillColor(c)
	r.gc.BeginPath()
	r.gc.MoveTo(r.snap(x0), top)
	r.gc.LineTo(r.snap(x1), top)
	r.gc.LineTo(r.snap(x1), top+thick)
	r.gc.LineTo(r.snap(x0), top+thick)
	r.gc.Close()
	r.gc.Fill()
}

// line strokes an open path; one point alone becomes a dot.
func (r *raster) line(path []point, width float32, c color.Color) {
	if len(path) == 0 {
		return
	}
	if len(path) == 1 {
		r.dot(path[0], width*1.5, c)
		return
	}
	r.gc.SetStrokeColor(c)
	r.gc.SetLineWidth(r.px(width))
	r.trace(path)
	r.gc.Stroke()
	// The rasteriser leaves the ends and bends of a line open.
	for _, p := range path {
		r.dot(p, width/2, c)
	}
}

// fill fills a closed path.
func (r *raster) fill(path []point, c color.Color) {
	if len(path) < 3 {
		return
	}
	r.gc.SetFillColor(c)
	r.trace(path)
	r.gc.Close()
	r.gc.Fill()
}

func (r *raster) trace(path []point) {
	r.gc.BeginPath()
	r.gc.MoveTo(r.px(path[0].x), r.px(path[0].y))
	for _, p := range path[1:] {
		r.gc.LineTo(r.px(p.x), r.px(p.y))
	}
}

// dot fills a disc.
func (r *raster) dot(at point, radius float32, c color.Color) {
	rad := r.px(radius)
	r.gc.SetFillColor(c)
	r.gc.BeginPath()
	r.gc.MoveTo(r.px(at.x)+rad, r.px(at.y))
	r.gc.ArcTo(r.px(at.x), r.px(at.y), rad, rad, 0, 2*math.Pi)
	r.gc.Close()
	r.gc.Fill()
}

// withAlpha returns c with its opacity multiplied.
func withAlpha(c color.Color, share float64) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = uint8(math.Round(float64(n.A) * share))
	return n
}
