package theme_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	base "fyne.io/fyne/v2/theme"

	"countinghouse/ui/desktop/theme"
)

func TestThemeAnswersEveryColour(t *testing.T) {
	test.AssertAllColorNamesDefined(t, theme.New(theme.Options{}), "countinghouse")
}

func TestModeOverrulesTheDesktop(t *testing.T) {
	test.NewTempApp(t)
	tests := []struct {
		name    string
		mode    theme.Mode
		variant fyne.ThemeVariant
		want    *theme.Tokens
	}{
		{"system light", theme.System, base.VariantLight, &theme.Light},
		{"system dark", theme.System, base.VariantDark, &theme.Dark},
		{"light on a dark desktop", theme.LightMode, base.VariantDark, &theme.Light},
		{"dark on a light desktop", theme.DarkMode, base.VariantLight, &theme.Dark},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			th := theme.New(theme.Options{Mode: tt.mode})
			if th.Tokens(tt.variant) != tt.want {
				t.Error("wrong palette")
			}
			if got := th.Color(base.ColorNameForeground, tt.variant); got != tt.want.Ink {
				t.Errorf("foreground = %v, want %v", got, tt.want.Ink)
			}
		})
	}
}

func TestScale(t *testing.T) {
	app := test.NewTempApp(t)
	for asked, want := range map[float32]float32{0: 13, 1: 13, 0.1: theme.TextBody * theme.MinScale, 1.5: 19.5, 9: 26} {
		th := theme.New(theme.Options{Scale: asked})
		app.Settings().SetTheme(th)
		if got := th.Size(base.SizeNameText); got != want {
			t.Errorf("scale %v: text = %v, want %v", asked, got, want)
		}
		if got := theme.Scaled(theme.TextBody); got != want {
			t.Errorf("scale %v: Scaled = %v, want %v", asked, got, want)
		}
	}
}

func TestNowFollowsTheApp(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(theme.Options{Mode: theme.DarkMode}))
	if theme.Now() != &theme.Dark {
		t.Error("dark theme set, other tokens in force")
	}
	app.Settings().SetTheme(base.DefaultTheme())
	if got := theme.Now(); got != &theme.Light && got != &theme.Dark {
		t.Error("no tokens under a foreign theme")
	}
}

// TestFiguresAreTabular measures that all digits are equally wide, so that
// right-aligned columns of money line up.
func TestFiguresAreTabular(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(theme.Options{}))
	for name, style := range map[string]fyne.TextStyle{
		"regular": {}, "bold": {Bold: true}, "mono": {Monospace: true},
	} {
		// Ten of each, so that rounding cannot hide a difference.
		want := fyne.MeasureText("0000000000", theme.TextBody, style).Width
		for _, digit := range "123456789" {
			run := ""
			for range 10 {
				run += string(digit)
			}
			if got := fyne.MeasureText(run, theme.TextBody, style).Width; got != want {
				t.Errorf("%s: ten times %c is %v wide, ten zeros are %v", name, digit, got, want)
			}
		}
	}
}

func TestUserFont(t *testing.T) {
	test.NewTempApp(t)
	regular := fyne.NewStaticResource("user.ttf", nil)
	th := theme.New(theme.Options{Regular: regular})
	if th.Font(fyne.TextStyle{}) != regular || th.Font(fyne.TextStyle{Bold: true}) != regular {
		t.Error("text is not set in the user's font")
	}
	if th.Font(fyne.TextStyle{Monospace: true}) == regular {
		t.Error("monospace text lost its font")
	}
}
