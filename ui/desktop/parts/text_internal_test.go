package parts

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/desktop/theme"
)

var samples = []string{
	"Pour-over kettle 0.9 l, matte black, with a thermometer",
	"折りたたみ式ドリッパー ステンレス 二人用、収納袋付き。洗いやすい！",
	"Trinkgläser 6er Set\tmundgeblasen\r\nmit Gravur", "", " ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "broken \xff\xfe bytes", "👩‍👩‍👧 family",
}

// measured is how wide a text is in the font that it is drawn in.
func measured(s string, style fyne.TextStyle) float32 {
	size, _ := fyne.CurrentApp().Driver().RenderedTextSize(s, 13, style, theme.FontFor(s, style))
	return size.Width
}

func TestCutTextFitsAndIsABeginning(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Options{Mode: theme.LightMode}))
	for _, style := range []fyne.TextStyle{{}, {Bold: true}, {Monospace: true}} {
		cutsFit(t, style)
	}
	long := strings.Repeat("折", 1_000_000)
	if got := utf8.RuneCountInString(cutText(long, 300, 13, fyne.TextStyle{})); got < 15 || got > 30 {
		t.Errorf("a million characters were cut to %d", got)
	}
}

func cutsFit(t *testing.T, style fyne.TextStyle) {
	for _, text := range samples {
		for width := float32(0); width < 400; width += 7 {
			cut := cutText(text, width, 13, style)
			if got := measured(cut, style); got > width {
				t.Fatalf("%q in %v is %v wide: %q", text, width, got, cut)
			}
			if begin, was := strings.CutSuffix(cut, ellipsis); was && !strings.HasPrefix(oneLine(text), begin) {
				t.Fatalf("%q was cut to %q", text, cut)
			}
			if strings.ContainsAny(cut, "\n\t\r") {
				t.Fatalf("%q breaks the line", cut)
			}
		}
		if got := cutText(text, 5000, 13, style); got != oneLine(text) {
			t.Errorf("with room enough %q became %q", text, got)
		}
	}
}

// Whatever the width, no line ends with an opening mark or begins with a closing one.
func TestLinesEndWhereTheyMay(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Options{Mode: theme.LightMode}))
	for _, text := range []string{
		"原価のない商品が3点あります。「原価・経費」で入力してください（あとからでも、できます）。",
		"缺少汇率：请在“成本”中导入，或获取汇率（欧洲中央银行）；然后重试！",
	} {
		for width := float32(120); width < 400; width += 7 {
			for _, l := range wrapText(text, width, 13, fyne.TextStyle{}, 50) {
				if strings.HasSuffix(l, "「") || strings.HasSuffix(l, "（") || strings.HasSuffix(l, "“") || strings.ContainsRune(closing, []rune(l)[0]) {
					t.Errorf("%v wide: a line is %q", width, l)
				}
			}
		}
	}
}

func TestWrapTextLosesNothing(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Options{Mode: theme.LightMode}))
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		text := samples[random.IntN(2)] + " " + samples[random.IntN(2)]
		width := 60 + random.Float32()*400
		lines := wrapText(text, width, 13, fyne.TextStyle{}, 50)
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := strings.Join(lines, ""); !strings.Contains(got, ellipsis) && bare(got) != bare(text) {
			t.Fatalf("%v wide: %q became %q", width, text, lines)
		}
		for _, l := range lines {
			if measured(l, fyne.TextStyle{}) > width {
				t.Fatalf("line %q is wider than %v", l, width)
			}
			if strings.HasPrefix(l, "、") || strings.HasPrefix(l, "。") {
				t.Fatalf("a line begins with a closing mark: %q", lines)
			}
		}
	}
	if got := wrapText(samples[0], 120, 13, fyne.TextStyle{}, 2); len(got) != 2 || !strings.HasSuffix(got[1], ellipsis) {
		t.Errorf("cut at two lines: %q", got)
	}
	if got := wrapText(strings.Repeat("折", 40), 100, 13, fyne.TextStyle{}, 2); !strings.HasSuffix(got[1], ellipsis) {
		t.Errorf("text without spaces is cut without a sign: %q", got)
	}
}
