package desktop

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
	"countinghouse/ui/session"
)

// settingsScreen changes how the window looks, who may open the book, whom it
// is connected to. Every change takes effect at once.
type settingsScreen struct {
	e     *env
	loads loader // reading
	acts  loader // changing
	page  *fyne.Container
	facts settingsFacts
}

func newSettings(e *env) screen {
	return &settingsScreen{e: e, loads: loader{env: e}, acts: loader{env: e}}
}

var settingsColumns = parts.Shares{Gap: theme.Space3, Weights: []float32{1, 1.25, 1.25}}

func (s *settingsScreen) build() fyne.CanvasObject {
	bones := func(n int) fyne.CanvasObject { return parts.NewCard("", "", parts.NewSkeleton(n)) }
	s.page = container.NewStack(container.New(settingsColumns, bones(9), bones(12), bones(9)))
	return s.page
}

func (s *settingsScreen) load(route) {
	s.loads.run(func(ctx context.Context) (func(), error) {
		facts, err := readSettings(ctx, s.e.s)
		if err != nil {
			return nil, err
		}
		return func() { s.facts = facts; s.main() }, nil
	}, func(err error) {
		s.put(screenProblem(s.e, s.e.words.T("settings.error"), err, func() { s.load(route{}) }))
	})
}

func (s *settingsScreen) put(o fyne.CanvasObject) {
	s.page.Objects = []fyne.CanvasObject{o}
	s.page.Refresh()
}

func (s *settingsScreen) close() {
	s.loads.close()
	s.acts.close()
	if s.page != nil {
		s.put(container.NewStack())
	}
}

func (s *settingsScreen) main() {
	s.put(container.New(settingsColumns,
		scrollColumn(cards(s.lookCard(), s.aboutCard())),
		scrollColumn(cards(s.connectionCard(), s.costCard())),
		scrollColumn(cards(s.slotCard()))))
}

// change runs a change off the UI goroutine, then reads again.
func (s *settingsScreen) change(done string, work func(context.Context) error) {
	s.acts.run(func(ctx context.Context) (func(), error) {
		return func() { s.e.notify(done); s.load(route{}) }, work(ctx)
	}, func(err error) { s.e.notify(plainError(s.e.words, err)); s.load(route{}) })
}

// The scales that are offered, in percent.
var settingsScales = []int{80, 90, 100, 125, 150, 200}

func (s *settingsScreen) lookCard() fyne.CanvasObject {
	t, now := s.e.words.T, s.facts.look
	themes := []string{"", "light", "dark"}
	themeWords := []string{t("settings.theme.system"), t("settings.theme.light"), t("settings.theme.dark")}
	tags := append([]string{""}, format.Tags()...)
	tagWords := []string{t("settings.language.system")}
	for _, tag := range tags[1:] {
		tagWords = append(tagWords, languageWord(tag))
	}
	var scaleWords []string
	current := 100
	if now.Scale != 0 {
		current = int(now.Scale*100 + 0.5)
	}
	for _, p := range settingsScales {
		scaleWords = append(scaleWords, s.e.loc.Percent(int64(p), 100, 0))
	}
	compact := parts.NewCheck(t("settings.compact"), nil)
	compact.SetChecked(now.Compact)
	compact.OnChanged = func(on bool) { s.setLook(func(l *look) { l.Compact = on }) }
	font := t("settings.font.builtin")
	if system, _ := theme.EastAsian(s.e.words.Tag()); system != nil {
		font = t("settings.font.system")
	}
	if now.Font != "" {
		font = now.Font
	}
	fontRow := container.NewHBox(parts.NewButton(t("settings.font.choose"), parts.Quiet, s.askFont))
	if now.Font != "" {
		fontRow.Add(parts.NewButton(t("settings.font.reset"), parts.Text, func() { s.setLook(func(l *look) { l.Font = "" }) }))
	}
	return parts.NewCard(t("settings.look"), "", container.New(layout.NewCustomPaddedVBoxLayout(theme.Scaled(theme.Space3)),
		labelled(t("settings.theme"), choice(themeWords, slices.Index(themes, now.Theme), func(i int) { s.setLook(func(l *look) { l.Theme = themes[i] }) })),
		labelled(t("settings.language"), choice(tagWords, slices.Index(tags, now.Language), func(i int) { s.setLook(func(l *look) { l.Language = tags[i] }) })),
		labelled(t("settings.scale"), choice(scaleWords, slices.Index(settingsScales, current), func(i int) { s.setLook(func(l *look) { l.Scale = float32(settingsScales[i]) / 100 }) })),
		labelled(t("settings.font"), container.NewVBox(parts.NewLabel(font, theme.TextBody, parts.Normal), fontRow)),
		container.New(layout.NewCustomPaddedLayout(0, 0, -theme.Scaled(theme.Space1), 0), compact)))
}

// languageWord names a language in itself.
func languageWord(tag string) string {
	return map[string]string{"en": "English", "ja": "日本語", "de": "Deutsch", "zh-Hans": "简体中文"}[tag]
}

// choice is a row of words of which one holds; chosen hears of another one.
func choice(words []string, now int, chosen func(int)) fyne.CanvasObject {
	chips := make([]*parts.Chip, len(words))
	for i, w := range words {
		chips[i] = parts.NewChip(strconv.Itoa(i), w, "", nil)
		chips[i].SetOn(i == now)
	}
	return parts.NewFilterBar(true, func(on []string) {
		if i, err := strconv.Atoi(on[0]); err == nil && i != now {
			now = i
			chosen(i)
		}
	}, chips...)
}

func labelled(word string, o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVBox(parts.NewLabel(word, theme.TextCaption, parts.Muted), o)
}

// setLook keeps another look; the frame then dresses itself anew.
func (s *settingsScreen) setLook(change func(*look)) {
	next := s.facts.look
	change(&next)
	s.acts.run(func(ctx context.Context) (func(), error) {
		if _, err := next.options(); err != nil {
			return nil, err
		}
		return func() {
			s.facts.look = next
			s.e.show(route{Screen: "look"})
		}, saveLook(ctx, s.e.s.Book, next)
	}, func(err error) { s.e.notify(plainError(s.e.words, err)); s.load(route{}) })
}

func (s *settingsScreen) askFont() {
	t := s.e.words.T
	chooseFile(s.e, fileChoice{Title: t("settings.font.title"), Ends: []string{".ttf", ".otf"}, Word: t("settings.font.use")}, func(path string) {
		if err := checkFont(path); err != nil {
			s.e.notify(t("settings.font.bad"))
			return
		}
		s.setLook(func(l *look) { l.Font = path })
	})
}

func (s *settingsScreen) aboutCard() fyne.CanvasObject {
	t := s.e.words.T
	return parts.NewCard(t("settings.about"), "", container.NewVBox(
		fact("Countinghouse", session.Version), fact(t("settings.about.go"), runtime.Version()),
		fact(t("settings.about.system"), fmt.Sprintf("%s/%s", runtime.GOOS, runtime.GOARCH)),
		fact(t("settings.about.class"), t("settings.class."+string(s.e.s.Class))),
		caption(t("settings.about.folder", s.e.s.Book.Dir), parts.Muted)))
}
