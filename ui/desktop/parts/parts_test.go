package parts_test

import (
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	base "fyne.io/fyne/v2/theme"

	"countinghouse/charts"
	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

func TestEveryPartIsReachedAndUsedByKeyboard(t *testing.T) {
	test.NewTempApp(t)
	var used []string
	use := func(name string) func() { return func() { used = append(used, name) } }
	status := parts.NewStatusLine(use("status"), use("cancel"))
	status.Set(parts.Status{Sentence: "Syncing", Working: true, Done: 0.5, Cancel: "cancel"})
	rail := parts.NewRail("C", nil, []parts.RailItem{{ID: "one", Word: "One"}, {ID: "two", Word: "Two"}}, nil, func(id string) { use(id)() })
	off := parts.NewButton("off", parts.Quiet, use("off"))
	off.Disable()
	w := show(t, container.NewVBox(
		rail, parts.NewButton("button", parts.Primary, use("button")), off,
		parts.NewTile(parts.TileData{Title: "tile", Figure: "1"}, use("tile")),
		parts.NewFilterBar(true, func(on []string) { use(strings.Join(on, ","))() }, parts.NewChip("chip", "Chip", "1", nil)),
		parts.NewMasked("Name", "Erika", use("masked")), parts.NewEmptyState("Nothing", "act", use("act")), status,
	), 600, 700)
	for range 10 {
		w.Canvas().FocusNext()
		if f := w.Canvas().Focused(); f != nil {
			key(f, fyne.KeySpace)
		}
	}
	slices.Sort(used)
	want := []string{"act", "button", "cancel", "chip", "masked", "one", "status", "tile", "two"}
	if got := slices.Compact(used); !slices.Equal(got, want) {
		t.Errorf("used by keyboard %q, want %q", got, want)
	}
}

// TestFocusIsSeen compares pictures with and without the focus.
func TestFocusIsSeen(t *testing.T) {
	test.NewTempApp(t)
	chart := parts.NewChartView(parts.ChartData{Slots: []string{"a"}, Series: []parts.ChartSeries{{Y: []float64{1}}}})
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(3), columns), parts.TableOptions[order]{})
	for name, o := range map[string]fyne.CanvasObject{
		"button": parts.NewButton("b", parts.Quiet, nil), "primary": parts.NewButton("b", parts.Primary, nil), "link": parts.NewButton("b", parts.Text, nil),
		"chip": parts.NewChip("c", "c", "", nil), "tile": parts.NewTile(parts.TileData{}, nil), "masked": parts.NewMasked("n", "t", nil),
		"chart": chart, "table": table,
	} {
		t.Run(name, func(t *testing.T) {
			w := show(t, o, 300, 200)
			before := w.Canvas().Capture()
			w.Canvas().FocusNext()
			if w.Canvas().Focused() == nil {
				t.Fatal("cannot be focused")
			}
			if n := differing(before, w.Canvas().Capture()); n < 60 {
				t.Errorf("focus changes %d pixels", n)
			}
		})
	}
}

func differing(a, b image.Image) (n int) {
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if color.NRGBAModel.Convert(a.At(x, y)) != color.NRGBAModel.Convert(b.At(x, y)) {
				n++
			}
		}
	}
	return n
}

func TestThemeChangeReachesEveryPart(t *testing.T) {
	app := test.NewTempApp(t)
	w := show(t, statesPage(format.For("en"), wordsIn["en"]), 1280, 800)
	app.Settings().SetTheme(theme.New(theme.Options{Mode: theme.DarkMode}))
	w.Content().Refresh()
	changed := w.Canvas().Capture()
	w.SetContent(statesPage(format.For("en"), wordsIn["en"]))
	w.Resize(fyne.NewSize(1280, 800))
	if n := differing(changed, w.Canvas().Capture()); n > 0 {
		t.Errorf("%d pixels differ between a window turned dark and a dark window", n)
	}
}

func TestMaskedTellsNothingUntilAsked(t *testing.T) {
	test.NewTempApp(t)
	shown := 0
	m := parts.NewMasked("Buyer", "Erika Mustermann", func() { shown++ })
	w := show(t, m, 300, 60)
	short := parts.NewMasked("Buyer", "X", nil)
	show(t, short, 300, 60)
	if got := texts(m); len(got) != 1 || strings.ContainsAny(got[0], "Erika") || !slices.Equal(got, texts(short)) {
		t.Errorf("masked as %q and %q", got, texts(short))
	}
	if m.AccessibilityLabel() != "Buyer" {
		t.Errorf("screen readers hear %q", m.AccessibilityLabel())
	}
	w.Canvas().Focus(m)
	key(m, fyne.KeyReturn)
	if got := texts(m); !slices.Equal(got, []string{"Erika Mustermann"}) || shown != 1 {
		t.Errorf("after asking: %q, %d times told", got, shown)
	}
	m.Mask()
	if m.Shown() || shown != 1 {
		t.Error("not masked again")
	}
}

func TestChartReadsValuesOutExactly(t *testing.T) {
	test.NewTempApp(t)
	chart := parts.NewChartView(parts.ChartData{
		Slots: []string{"Sep", "Oct", "Nov"}, Heads: []string{"September", "October", "November"}, Axis: format.For("en").Short, First: "Month",
		Series: []parts.ChartSeries{{Name: "Sales", Shape: charts.Bar, Y: []float64{31204.1, 1, 2}, Texts: []string{"31,204.10", "1.00", "2.00"}}},
	})
	w := show(t, chart, 400, 200)
	if got := strings.Join(texts(chart), " "); strings.Contains(got, "31,204.10") || !strings.Contains(got, "40k") || !strings.Contains(got, "Nov") {
		t.Errorf("at rest: %s", got)
	}
	test.MoveMouse(w.Canvas(), fyne.NewPos(100, 100))
	if got := strings.Join(texts(chart), " "); !strings.Contains(got, "September") || !strings.Contains(got, "31,204.10") {
		t.Errorf("under the pointer: %s", got)
	}
	w.Canvas().Focus(chart)
	key(chart, fyne.KeyEnd)
	if got := chart.AccessibilityLabel(); got != "November, Sales 2.00" {
		t.Errorf("read out %q", got)
	}
	chart.ShowTable(true)
	if got := strings.Join(texts(chart), "|"); got != "Month|Sales|September|31,204.10|October|1.00|November|2.00" {
		t.Errorf("twin: %s", got)
	}
}

// The figures of steps that go down beside each other all find a place: below a
// bar that hangs, where there is none above it.
func TestChartFindsRoomForFigures(t *testing.T) {
	test.NewTempApp(t)
	labels := []string{"34.3k", "−1,694", "−4,427", "−5,758", "−2,188", "−9,739", "−771", "9,745"}
	steps := []charts.Step{{Value: 34.3, Total: true}, {Value: -1.7}, {Value: -4.4}, {Value: -5.8}, {Value: -2.2}, {Value: -9.7}, {Value: -0.8}, {Value: 9.7, Total: true}}
	chart := parts.NewChartView(parts.ChartData{Steps: steps, Slots: make([]string, len(steps)), Labels: labels, Series: []parts.ChartSeries{{Texts: labels}}})
	show(t, chart, 300, 230)
	got := texts(chart)
	for _, l := range labels {
		if !slices.Contains(got, l) {
			t.Errorf("%s is not drawn: %q", l, got)
		}
	}
}

func TestChartSaysWhenThereIsNothing(t *testing.T) {
	test.NewTempApp(t)
	for name, d := range map[string]parts.ChartData{
		"no slots": {}, "none known": {Slots: []string{"a"}, Series: []parts.ChartSeries{{Y: []float64{1}, Known: []bool{false}}}},
		"broken": {Slots: []string{"a", "b"}, Series: []parts.ChartSeries{{Y: []float64{1}}}}, "no steps": {Steps: []charts.Step{}},
	} {
		t.Run(name, func(t *testing.T) {
			d.Empty = "Not enough data yet"
			chart := parts.NewChartView(d)
			w := show(t, chart, 300, 150)
			if got := texts(chart); !slices.Equal(got, []string{"Not enough data yet"}) {
				t.Errorf("said %q", got)
			}
			w.Canvas().Focus(chart)
			key(chart, fyne.KeyRight, fyne.KeyLeft, fyne.KeyEnd, fyne.KeyHome, fyne.KeyEscape)
			test.MoveMouse(w.Canvas(), fyne.NewPos(50, 50))
		})
	}
}

// A reason is said whole, on as many lines as it needs, none wider than the chart.
func TestChartSaysAllOfAReason(t *testing.T) {
	test.NewTempApp(t)
	for _, reason := range []string{"原価のない商品が3点あります。「原価・経費」で入力してください。", "3 units have no cost; enter it under Costs, and profit is known."} {
		chart := parts.NewChartView(parts.ChartData{Empty: reason})
		show(t, chart, 240, 150)
		found := placed(chart)
		said := strings.Join(texts(chart), "")
		if strings.ReplaceAll(said, " ", "") != strings.ReplaceAll(reason, " ", "") || len(found) < 2 {
			t.Errorf("said %q on %d lines, the reason is %q", said, len(found), reason)
		}
		for i, w := range found {
			if i > 0 && w.y < found[i-1].y+8 {
				t.Errorf("line %d of %q lies on the one before", i, reason)
			}
		}
	}
}

func TestRail(t *testing.T) {
	test.NewTempApp(t)
	var picked []string
	rail := parts.NewRail("Countinghouse", base.HomeIcon(), []parts.RailItem{{ID: "a", Word: "Alpha", Icon: base.HomeIcon()}, {ID: "b", Word: "Beta", Badge: "4"}},
		[]parts.RailItem{{ID: "lock", Word: "Lock"}}, func(id string) { picked = append(picked, id) })
	w := show(t, rail, 176, 400)
	w.Canvas().FocusNext()
	key(w.Canvas().Focused(), fyne.KeyDown)
	key(w.Canvas().Focused(), fyne.KeyReturn, fyne.KeyDown)
	key(w.Canvas().Focused(), fyne.KeyReturn)
	if !slices.Equal(picked, []string{"b", "lock"}) || rail.Current() != "b" {
		t.Errorf("picked %q, current %q: an action is not a screen", picked, rail.Current())
	}
	icons := func() (all []fyne.Resource) {
		for _, entry := range test.WidgetRenderer(rail).Objects() {
			w, ok := entry.(fyne.Widget)
			if !ok {
				continue
			}
			for _, o := range test.WidgetRenderer(w).Objects() {
				if i, ok := o.(*canvas.Image); ok {
					all = append(all, i.Resource)
				}
			}
		}
		return all
	}
	before := icons()
	rail.SetCurrent("b")
	if !slices.Equal(icons(), before) {
		t.Error("entries that did not change have parsed their icons anew")
	}
	rail.SetCurrent("a")
	if slices.Equal(icons(), before) || rail.Current() != "a" {
		t.Error("the entry that became the current one does not show it")
	}
	if rail.MinSize().Width != theme.Rail {
		t.Errorf("width %v", rail.MinSize().Width)
	}
	rail.SetNarrow(true)
	if got := texts(rail); len(got) != 0 || rail.MinSize().Width != theme.RailNarrow {
		t.Errorf("narrow rail is %v wide and says %q", rail.MinSize().Width, got)
	}
}

func TestFiguresAreNeverCutInATile(t *testing.T) {
	test.NewTempApp(t)
	tile := parts.NewTile(parts.TileData{Title: "Today", Figure: "92,233,720,368,547,758.08"}, nil)
	for _, width := range []float32{150, 90} {
		show(t, tile, width, 140)
		if got := texts(tile); !slices.Contains(got, "92,233,720,368,547,758.08") && !slices.Contains(got, "…") {
			t.Errorf("%v wide: %q", width, got)
		}
	}
}

func TestMoneyAndUnknownCells(t *testing.T) {
	en := format.For("en")
	for name, tt := range map[string]struct{ got, want parts.Cell }{
		"gain":    {parts.MoneyCell(en, books.Money{Minor: 5, Currency: "USD"}), parts.Cell{Text: "0.05"}},
		"loss":    {parts.MoneyCell(en, books.Money{Minor: -5, Currency: "USD"}), parts.Cell{Text: "(0.05)", Tone: parts.Loss}},
		"unknown": {parts.UnknownCell("no cost"), parts.Cell{Text: "-", Tone: parts.Hint, Tip: "no cost"}},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, tt.got, tt.want)
		}
	}
}

func TestWrapBreaksIntoRows(t *testing.T) {
	test.NewTempApp(t)
	layout := &parts.Wrap{Gap: 8}
	var objects []fyne.CanvasObject
	for range 3 {
		b := canvas.NewRectangle(color.Black)
		b.SetMinSize(fyne.NewSize(100, 20))
		objects = append(objects, b)
	}
	if got := layout.MinSize(objects); got != fyne.NewSize(100, 20) {
		t.Errorf("before it has a width: %v", got)
	}
	layout.Layout(objects, fyne.NewSize(210, 100))
	if got := layout.MinSize(objects); got != fyne.NewSize(100, 48) {
		t.Errorf("two in a row: %v", got)
	}
	if got := objects[2].Position(); got != fyne.NewPos(0, 28) {
		t.Errorf("the third is at %v", got)
	}
}

func TestFilterBar(t *testing.T) {
	test.NewTempApp(t)
	var on []string
	chips := func() []*parts.Chip {
		return []*parts.Chip{parts.NewChip("a", "All", "3", nil), parts.NewChip("b", "Open", "1", nil)}
	}
	single := parts.NewFilterBar(true, func(ids []string) { on = ids }, chips()...)
	test.Tap(single.Chips[0])
	test.Tap(single.Chips[1])
	test.Tap(single.Chips[1])
	if !slices.Equal(on, []string{"b"}) {
		t.Errorf("single: %q", on)
	}
	several := parts.NewFilterBar(false, func(ids []string) { on = ids }, chips()...)
	test.Tap(several.Chips[0])
	test.Tap(several.Chips[1])
	if !slices.Equal(on, []string{"a", "b"}) {
		t.Errorf("several: %q", on)
	}
	test.Tap(several.Chips[0])
	if !slices.Equal(on, []string{"b"}) {
		t.Errorf("after turning one off: %q", on)
	}
}
