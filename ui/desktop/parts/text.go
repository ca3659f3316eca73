package parts

import (
	"image/color"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"countinghouse/ui/desktop/theme"
)

// Tone is what a text or mark means. It is never told by colour alone: a sign,
// an arrow or a word says the same.
type Tone int

// The tones.
const (
	Normal Tone = iota
	Muted       // labels and captions
	Hint        // hints, unknown values
	Accent      // links, the current choice
	Gain
	Loss
	Warn
)

// colorOf returns the tone's text colour in the palette in force.
func colorOf(t Tone) color.NRGBA {
	k := theme.Now()
	switch t {
	case Muted:
		return k.Ink2
	case Hint:
		return k.Ink3
	case Accent:
		return k.Accent
	case Gain:
		return k.Gain
	case Loss:
		return k.Loss
	case Warn:
		return k.Warn
	}
	return k.Ink
}

const ellipsis = "…"

type cutKey struct {
	text  string
	width float32
	size  float32
	style fyne.TextStyle
}

// cuts remembers how texts were cut: measuring is the dearest part of
// showing a row; another theme has another font. UI goroutine only, as all
// measuring is.
var (
	cuts    = map[cutKey]string{}
	cutsFor fyne.Theme
)

// cutText returns the text, or as much of its beginning as fits the width with
// an ellipsis. Fyne's own truncation takes 70 to 90 ms for a page of cells.
func cutText(text string, width, size float32, style fyne.TextStyle) string {
	if text == "" || width <= 0 {
		return ""
	}
	// Most cells are short: a digit or a letter is at most about one em wide,
	// a han character exactly one.
	if float32(utf8.RuneCountInString(text))*size*1.05 <= width {
		return oneLine(text)
	}
	if now := fyne.CurrentApp().Settings().Theme(); now != cutsFor {
		clear(cuts)
		cutsFor = now
	}
	key := cutKey{text, width, size, style}
	if cut, ok := cuts[key]; ok {
		return cut
	}
	if len(cuts) > 20_000 {
		clear(cuts)
	}
	cut := cutMeasured(oneLine(text), width, size, style)
	cuts[key] = cut
	return cut
}

func cutMeasured(text string, width, size float32, style fyne.TextStyle) string {
	measure := func(s string) float32 { return theme.Measure(s, size, style).Width }
	if len(text) > 4096 {
		text = strings.ToValidUTF8(text[:4096], "")
	}
	if measure(text) <= width {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		middle := (low + high + 1) / 2
		if measure(beginning(runes[:middle])+ellipsis) <= width {
			low = middle
		} else {
			high = middle - 1
		}
	}
	if low == 0 && measure(ellipsis) > width {
		return ""
	}
	return beginning(runes[:low]) + ellipsis
}

// beginning is what stands before an ellipsis: without marks that would look
// like a part of it, as in "Amazon.co.…".
func beginning(runes []rune) string {
	text := string(runes)
	if bare := strings.TrimRight(text, " .,;:·・、-–"); bare != "" {
		return bare
	}
	return text
}

// oneLine replaces what would break a cell's single line: sellers' titles
// hold tabs, line ends, and bytes that are no text.
func oneLine(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	if !strings.ContainsAny(text, "\n\r\t") {
		return text
	}
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text)
}

// wrapText breaks a text into lines no wider than width, at most limit of
// them, the last one cut. It breaks at spaces, and between any two
// characters of a word that is wider than a line (as in Japanese).
func wrapText(text string, width, size float32, style fyne.TextStyle, limit int) []string {
	measure := func(s string) float32 { return theme.Measure(s, size, style).Width }
	var lines []string
	line := ""
	flush := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line = ""
	}
	for _, word := range pieces(oneLine(text)) {
		if line != "" && measure(line+strings.TrimRight(word, " ")) > width {
			flush()
		}
		if len(lines) >= limit {
			break
		}
		line += strings.TrimLeft(word, " ")
	}
	if strings.TrimSpace(line) != "" {
		flush()
	}
	if len(lines) > limit {
		lines = lines[:limit]
	}
	if bare := strings.NewReplacer(" ", ""); len(lines) == limit && bare.Replace(strings.Join(lines, "")) != bare.Replace(oneLine(text)) {
		lines[limit-1] += ellipsis
	}
	for i := range lines {
		lines[i] = cutMeasured(lines[i], width, size, style)
	}
	return lines
}

// balanced is wrapText with lines of about one length: a sentence in the middle
// of a page does not end in a line of one word.
func balanced(text string, width, size float32, limit int) []string {
	best := wrapText(text, width, size, fyne.TextStyle{}, limit)
	for w := width * 0.95; len(best) > 1 && w > width*0.5; w -= width * 0.05 {
		tried := wrapText(text, w, size, fyne.TextStyle{}, limit)
		if len(tried) > len(best) || strings.HasSuffix(tried[len(tried)-1], ellipsis) != strings.HasSuffix(best[len(best)-1], ellipsis) {
			break
		}
		best = tried
	}
	return best
}

// Marks that belong to what stands before them, and after them.
const (
	closing = "、。，．：；」』）】〕》〉”’…！？ー々ッャュョっゃゅょ%％"
	opening = "「『（【〔《〈"
)

// pieces splits a text where a line may end: after spaces, and after each
// character of scripts that are written without them.
func pieces(text string) []string {
	var out []string
	start := 0
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		if r == ' ' || r >= 0x2E80 {
			// Japanese and Chinese lines do not begin with a closing mark, nor end
			// with an opening one.
			next, _ := utf8.DecodeRuneInString(text[min(end, len(text)):])
			if strings.ContainsRune(closing, next) || strings.ContainsRune(opening, r) {
				continue
			}
			out = append(out, text[start:end])
			start = end
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// newText returns a text at the theme's scale.
func newText(text string, size float32, tone Tone) *canvas.Text {
	t := canvas.NewText(text, colorOf(tone))
	t.TextSize = theme.Scaled(size)
	return t
}

// style sets what may have changed with the theme.
func style(t *canvas.Text, size float32, tone Tone) {
	t.Color, t.TextSize = colorOf(tone), theme.Scaled(size)
}

func bold(t *canvas.Text) *canvas.Text {
	t.TextStyle.Bold = true
	return t
}

// direction is where a triangle points.
type direction int

const (
	up direction = iota
	down
	right
)

// triangle returns a small filled triangle, used for changes, sorting and
// folding: not every font has such a glyph.
func triangle(d direction, c color.Color) *canvas.ArbitraryPolygon {
	p := &canvas.ArbitraryPolygon{FillColor: c, NormalizedPoints: true}
	point(p, d)
	return p
}

func point(p *canvas.ArbitraryPolygon, d direction) {
	switch d {
	case up:
		p.Points = []fyne.Position{{X: 0.5, Y: 0.1}, {X: 1, Y: 0.9}, {X: 0, Y: 0.9}}
	case down:
		p.Points = []fyne.Position{{X: 0, Y: 0.1}, {X: 1, Y: 0.1}, {X: 0.5, Y: 0.9}}
	case right:
		p.Points = []fyne.Position{{X: 0.1, Y: 0}, {X: 0.9, Y: 0.5}, {X: 0.1, Y: 1}}
	}
}
