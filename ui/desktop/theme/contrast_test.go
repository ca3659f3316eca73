package theme_test

import (
	"image/color"
	"math"
	"testing"

	"countinghouse/ui/desktop/theme"
)

// TestContrast computes WCAG 2.2 contrast for every pair of text and surface
// that is in use, and 3:1 for edges that show where a control is.
func TestContrast(t *testing.T) {
	for name, k := range map[string]*theme.Tokens{"light": &theme.Light, "dark": &theme.Dark} {
		surfaces := map[string]color.NRGBA{
			"paper": k.Paper, "sheet": k.Sheet, "hover": k.Hover, "selected": k.Selected,
		}
		texts := map[string]color.NRGBA{
			"ink": k.Ink, "ink2": k.Ink2, "ink3": k.Ink3, "accent": k.Accent,
			"gain": k.Gain, "loss": k.Loss, "warn": k.Warn,
		}
		for surface, behind := range surfaces {
			for text, front := range texts {
				check(t, name+": "+text+" on "+surface, front, behind, 4.5)
			}
		}
		check(t, name+": text on accent", k.OnAccent, k.Accent, 4.5)
		check(t, name+": text on loss", k.OnLoss, k.Loss, 4.5)
		check(t, name+": warn on its paper", k.Warn, k.WarnPaper, 4.5)
		check(t, name+": edge of a control on sheet", k.Edge, k.Sheet, 3)
		check(t, name+": focus ring on paper", k.Accent, k.Paper, 3)
		for i, c := range k.Series {
			check(t, name+": series "+string(rune('1'+i))+" on sheet", c, k.Sheet, 3)
		}
	}
}

func check(t *testing.T, pair string, a, b color.NRGBA, bar float64) {
	t.Helper()
	if got := contrast(a, b); got < bar {
		t.Errorf("%s: contrast %.2f, want at least %.1f", pair, got, bar)
	}
}

func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	r, g, b := linear(c)
	return 0.2126*r + 0.7152*g + 0.0722*b
}

func linear(c color.NRGBA) (r, g, b float64) {
	f := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return f(c.R), f(c.G), f(c.B)
}

// eyes are the full dichromacies of Machado, Oliveira and Fernandes (2009),
// applied to linear RGB.
var eyes = map[string][3][3]float64{
	"full":   {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protan": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deutan": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func TestSeriesToldApart(t *testing.T) {
	const bar = 12 // CIEDE2000; about 2 is just noticeable side by side
	for name, k := range map[string]*theme.Tokens{"light": &theme.Light, "dark": &theme.Dark} {
		for eye, matrix := range eyes {
			for i := range k.Series {
				for j := range i {
					d := ciede2000(lab(k.Series[i], matrix), lab(k.Series[j], matrix))
					if d < bar {
						t.Errorf("%s, %s eyes: series %d and %d differ by %.1f, want %d", name, eye, j+1, i+1, d, bar)
					}
				}
			}
		}
	}
}

// TestCIEDE2000 checks the ruler against Sharma's published pairs.
func TestCIEDE2000(t *testing.T) {
	for _, tt := range []struct {
		a, b [3]float64
		want float64
	}{
		{[3]float64{50, 2.6772, -79.7751}, [3]float64{50, 0, -82.7485}, 2.0425},
		{[3]float64{50, -1.3802, -84.2814}, [3]float64{50, 0, -82.7485}, 1.0},
		{[3]float64{50, 2.5, 0}, [3]float64{73, 25, -18}, 27.1492},
		{[3]float64{60.2574, -34.0099, 36.2677}, [3]float64{60.4626, -34.1751, 39.4387}, 1.2644},
		{[3]float64{2.0776, 0.0795, -1.135}, [3]float64{0.9033, -0.0636, -0.5514}, 0.9082},
	} {
		if got := ciede2000(tt.a, tt.b); math.Abs(got-tt.want) > 0.0001 {
			t.Errorf("distance of %v and %v = %.4f, want %.4f", tt.a, tt.b, got, tt.want)
		}
	}
}

func lab(c color.NRGBA, eye [3][3]float64) [3]float64 {
	r, g, b := linear(c)
	var v [3]float64
	for i, row := range eye {
		v[i] = min(max(row[0]*r+row[1]*g+row[2]*b, 0), 1)
	}
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*v[0] + 0.3575761*v[1] + 0.1804375*v[2]) / 0.95047)
	y := f(0.2126729*v[0] + 0.7151522*v[1] + 0.0721750*v[2])
	z := f((0.0193339*v[0] + 0.1191920*v[1] + 0.9503041*v[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func ciede2000(p, q [3]float64) float64 {
	pow7 := func(c float64) float64 { return math.Sqrt(math.Pow(c, 7) / (math.Pow(c, 7) + math.Pow(25, 7))) }
	rad := func(deg float64) float64 { return deg * math.Pi / 180 }
	hue := func(a, b float64) float64 {
		if a == 0 && b == 0 {
			return 0
		}
		return math.Mod(math.Atan2(b, a)*180/math.Pi+360, 360)
	}
	g := 0.5 * (1 - pow7((math.Hypot(p[1], p[2])+math.Hypot(q[1], q[2]))/2))
	a1, a2 := p[1]*(1+g), q[1]*(1+g)
	c1, c2 := math.Hypot(a1, p[2]), math.Hypot(a2, q[2])
	h1, h2 := hue(a1, p[2]), hue(a2, q[2])
	turn, mean := h2-h1, (h1+h2)/2
	switch {
	case c1*c2 == 0:
		turn, mean = 0, h1+h2
	case math.Abs(h1-h2) > 180:
		turn -= math.Copysign(360, turn)
		mean = math.Mod(mean+180, 360)
	}
	l, c := (p[0]+q[0])/2, (c1+c2)/2
	t := 1 - 0.17*math.Cos(rad(mean-30)) + 0.24*math.Cos(rad(2*mean)) +
		0.32*math.Cos(rad(3*mean+6)) - 0.20*math.Cos(rad(4*mean-63))
	dl := (q[0] - p[0]) / (1 + 0.015*(l-50)*(l-50)/math.Sqrt(20+(l-50)*(l-50)))
	dc := (c2 - c1) / (1 + 0.045*c)
	dh := 2 * math.Sqrt(c1*c2) * math.Sin(rad(turn)/2) / (1 + 0.015*c*t)
	twist := -2 * pow7(c) * math.Sin(rad(60*math.Exp(-math.Pow((mean-275)/25, 2))))
	return math.Sqrt(dl*dl + dc*dc + dh*dh + twist*dc*dh)
}
