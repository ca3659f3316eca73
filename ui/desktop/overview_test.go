package desktop

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/ui/desktop/theme"
)

// overviewShots names the folder that pictures are drawn into, for eyes.
const overviewShots = "COUNTINGHOUSE_SHOTS"

// overviewShoot draws a screen where the frame puts it, in light and dark, at
// both sizes.
func overviewShoot(t *testing.T, e *env, name string, content fyne.CanvasObject) {
	t.Helper()
	dir := os.Getenv(overviewShots)
	if dir == "" {
		return
	}
	e.window.SetContent(container.New(layout.NewCustomPaddedLayout(theme.Header, theme.StatusLine+16, theme.Rail+20, 20), content))
	e.window.SetPadded(false)
	for _, mode := range []theme.Mode{theme.LightMode, theme.DarkMode} {
		fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Options{Mode: mode}))
		for _, size := range []fyne.Size{fyne.NewSize(1280, 800), fyne.NewSize(1920, 1080)} {
			e.window.Resize(size.SubtractWidthHeight(0, 1))
			e.window.Resize(size)
			path := filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%.0f.png", name, map[theme.Mode]string{theme.LightMode: "light", theme.DarkMode: "dark"}[mode], e.words.Tag(), size.Width))
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := png.Encode(f, e.window.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	}
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Options{Mode: theme.LightMode}))
}

func TestOverviewShots(t *testing.T) {
	if os.Getenv(overviewShots) == "" {
		t.Skip("no folder for pictures")
	}
	for _, tag := range []string{"en", "ja", "de"} {
		e, q := newTestEnv(t, demoSession(t), tag)
		for name, s := range map[string]screen{"overview": newOverview(e), "profit": newProfit(e)} {
			content := s.build()
			overviewShoot(t, e, name+"-loading", content)
			s.load(route{Screen: name})
			q.run(t)
			overviewShoot(t, e, name+"-data", content)
			if p, ok := s.(*profitScreen); ok {
				p.tab([]string{profitByProduct})
				overviewShoot(t, e, name+"-products", content)
				p.tab([]string{statementWeeks})
				q.run(t)
				overviewShoot(t, e, name+"-weeks", content)
			}
			s.close()
		}
	}
}
