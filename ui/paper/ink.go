package paper

import (
	"bytes"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
)

// letters are the fonts of one document, and what was measured of them.
type letters struct {
	regular, bold []byte
	latin         *font.Face
	other         outlines
	known         map[letterKey]letter
}

type letterKey struct {
	r    rune
	bold bool
}

// letter is how one letter is drawn.
type letter struct {
	glyph      // when drawn
	drawn bool // as a path
}

func newLetters(language string) (*letters, error) {
	l := &letters{
		regular: fynetheme.DefaultTheme().Font(fyne.TextStyle{}).Content(), bold: fynetheme.DefaultTheme().Font(fyne.TextStyle{Bold: true}).Content(),
		other: outlines{language: language}, known: map[letterKey]letter{},
	}
	var err error
	l.latin, err = font.ParseTTF(bytes.NewReader(l.regular))
	return l, err
}

// ink writes text on a page: with the bundled font where it has the letters, as
// paths of a font of the system's for the others.
type ink struct {
	*letters
	pdf   *fpdf.Fpdf
	size  float64 // points
	thick bool
}

func newInk(pdf *fpdf.Fpdf, l *letters) (*ink, error) {
	pdf.AddUTF8FontFromBytes("body", "", l.regular)
	pdf.AddUTF8FontFromBytes("body", "B", l.bold)
	return &ink{letters: l, pdf: pdf}, pdf.Error()
}

func (k *ink) set(size float64, bold bool) {
	k.size, k.thick = size, bold
	style := ""
	if bold {
		style = "B"
	}
	k.pdf.SetFont("body", style, size)
}

// mm is the size of the letters in millimetres.
func (k *ink) mm() float64 { return k.size * 25.4 / 72 }

// run is a piece of text of one way of drawing.
type run struct {
	text  string
	drawn bool // as paths
	width float64
}

// letter looks a letter up and measures it once. One that nobody has becomes a
// box of the bundled font.
func (k *ink) letter(r rune) letter {
	key := letterKey{r, k.thick}
	l, ok := k.known[key]
	if ok {
		return l
	}
	if _, has := k.latin.NominalGlyph(r); !has {
		l.glyph, l.drawn = k.other.of(r)
	}
	if !l.drawn {
		l.advance = k.pdf.GetStringWidth(string(r)) / k.mm()
	}
	k.known[key] = l
	return l
}

// runs cuts text into pieces of one way of drawing.
func (k *ink) runs(text string) []run {
	var out []run
	for _, r := range text {
		l := k.letter(r)
		if n := len(out); n == 0 || out[n-1].drawn != l.drawn {
			out = append(out, run{drawn: l.drawn})
		}
		last := &out[len(out)-1]
		last.text += string(r)
		last.width += l.advance * k.mm()
	}
	return out
}

func (k *ink) width(text string) (w float64) {
	for _, r := range text {
		w += k.letter(r).advance
	}
	return w * k.mm()
}

// write puts text on a base line, from x to the right.
func (k *ink) write(x, y float64, text string) {
	for _, r := range k.runs(text) {
		if r.drawn {
			k.draw(x, y, r.text)
		} else {
			k.pdf.Text(x, y, r.text)
		}
		x += r.width
	}
}

// writeRight puts text on a base line so that it ends at x.
func (k *ink) writeRight(x, y float64, text string) { k.write(x-k.width(text), y, text) }

// fit shortens text to a width.
func (k *ink) fit(text string, width float64) string {
	if k.width(text) <= width {
		return text
	}
	wide, end := k.width("…"), 0
	for i, r := range text {
		wide += k.letter(r).advance * k.mm()
		if wide > width {
			end = i
			break
		}
	}
	return strings.TrimRight(text[:end], " ") + "…"
}

// wrap cuts text into lines of a width, at spaces where there are any, else
// between letters, as Japanese and Chinese do.
func (k *ink) wrap(text string, width float64) []string {
	var lines []string
	start, cut := 0, 0 // of the line; where it may end
	wide := 0.0
	for i, r := range text {
		wide += k.letter(r).advance * k.mm()
		if wide > width && i > start {
			if cut <= start {
				cut = i
			}
			lines = append(lines, strings.TrimSpace(text[start:cut]))
			start = cut
			wide = k.width(text[start:i]) + k.letter(r).advance*k.mm()
		}
		if r == ' ' || r >= 0x2E80 {
			cut = i + len(string(r))
		}
	}
	return append(lines, strings.TrimSpace(text[start:]))
}

// draw fills letters as paths.
func (k *ink) draw(x, y float64, text string) {
	style := "F"
	if k.thick { // no system has a bold face for sure: the outline makes the letters heavier
		style = "DF"
		k.pdf.SetLineWidth(k.mm() * 0.035)
	}
	for _, r := range text {
		g := k.letter(r)
		scale := k.mm() / g.em
		at := func(p ot.SegmentPoint) (float64, float64) { return x + float64(p.X)*scale, y - float64(p.Y)*scale }
		for _, s := range g.segments {
			x0, y0 := at(s.Args[0])
			x1, y1 := at(s.Args[1])
			x2, y2 := at(s.Args[2])
			switch s.Op {
			case ot.SegmentOpMoveTo:
				k.pdf.MoveTo(x0, y0)
			case ot.SegmentOpLineTo:
				k.pdf.LineTo(x0, y0)
			case ot.SegmentOpQuadTo:
				k.pdf.CurveTo(x0, y0, x1, y1)
			case ot.SegmentOpCubeTo:
				k.pdf.CurveBezierCubicTo(x0, y0, x1, y1, x2, y2)
			}
		}
		if len(g.segments) > 0 {
			k.pdf.ClosePath()
			k.pdf.DrawPath(style)
		}
		x += g.advance * k.mm()
	}
}
