package parts_test

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"
	base "fyne.io/fyne/v2/theme"

	"countinghouse/charts"
	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// galleryDir names the folder that the gallery is drawn into, for eyes:
//
//	COUNTINGHOUSE_GALLERY=/tmp/gallery go test -run Gallery ./ui/desktop/parts
const galleryDir = "COUNTINGHOUSE_GALLERY"

// TestGallery draws all parts at 1280x800 in light and dark, English and
// Japanese. Without a folder it checks that they fit: nothing that is drawn
// asks for more room than a window has.
func TestGallery(t *testing.T) {
	pages := map[string]func(l *format.Locale, w words) fyne.CanvasObject{
		"overview": overviewPage, "orders": ordersPage, "profit": profitPage, "states": statesPage,
	}
	for _, mode := range []string{"light", "dark"} {
		for _, tag := range []string{"en", "ja"} {
			for name, page := range pages {
				t.Run(name+"-"+mode+"-"+tag, func(t *testing.T) {
					app := test.NewTempApp(t)
					options := theme.Options{Mode: theme.LightMode}
					if mode == "dark" {
						options.Mode = theme.DarkMode
					}
					app.Settings().SetTheme(theme.New(options))
					w := test.NewTempWindow(t, page(format.For(tag), wordsIn[tag]))
					w.SetPadded(false)
					if m := w.Content().MinSize(); m.Width > theme.MinWindowWidth || m.Height > theme.MinWindowHeight {
						t.Errorf("needs %v, more than the smallest window", m)
					}
					// Twice: what wraps knows its height once it has had a width. A
					// window on screen settles by its next frame.
					w.Resize(fyne.NewSize(1280, 799))
					w.Resize(fyne.NewSize(1280, 800))
					if focus, ok := firstTable(w.Content()); ok {
						w.Canvas().Focus(focus)
					}
					dir := os.Getenv(galleryDir)
					if dir == "" && (mode == "dark" || tag == "ja") {
						return // one picture of each page is enough for a machine
					}
					picture := w.Canvas().Capture()
					if got := picture.Bounds().Size(); got.X != 1280 || got.Y != 800 {
						t.Errorf("picture is %v", got)
					}
					if dir == "" {
						return
					}
					f, err := os.Create(filepath.Join(dir, name+"-"+mode+"-"+tag+".png"))
					if err != nil {
						t.Fatal(err)
					}
					defer f.Close()
					if err := png.Encode(f, picture); err != nil {
						t.Fatal(err)
					}
				})
			}
		}
	}
}

func firstTable(o fyne.CanvasObject) (fyne.Focusable, bool) {
	if table, ok := o.(*parts.Table[galleryRow]); ok {
		return table.Focus(), true
	}
	var children []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		children = o.Objects
	case fyne.Widget:
		children = test.WidgetRenderer(o).Objects()
	}
	for _, child := range children {
		if f, ok := firstTable(child); ok {
			return f, true
		}
	}
	return nil, false
}

// words are the texts of the gallery in one language.
type words map[string]string

var wordsIn = map[string]words{
	"en": {
		"overview": "Overview", "orders": "Orders", "inventory": "Inventory", "profit": "Profit", "settings": "Settings", "lock": "Lock",
		"today": "Today", "yesterday": "Yesterday", "month": "Month to date", "forecast": "Month forecast", "last": "Last month",
		"net": "net profit", "sales": "Sales", "netprofit": "Net profit", "needs": "Needs you", "week": "Week of",
		"products": "Products by profit", "synced": "Synced 14:05 · orders until 14:03 · money until 19 Nov · next: returns in 12 min",
		"private": "Encrypted · this computer only", "settled": "settled 62% · deferred 21%", "cancel": "cancel",
		"syncing": "Syncing · finances 12 of 26 weeks", "left": "about 2 min", "close": "Close", "shipto": "Ship to",
		"empty": "No orders yet. They come with the first sync or from a report file.", "import": "Import a file…",
		"error": "Amazon no longer accepts this connection.", "since": "Since 12 Nov 09:14.", "works": "Everything up to then stays, and files can still be imported.",
		"reconnect": "Connect again…", "details": "Details", "all": "All", "toship": "To ship", "refunded": "Refunded", "unknown": "Unknown fee",
		"nocost": "no cost entered for this SKU", "bridge": "From sales to net profit", "covered": "settled 84% · deferred 9% · estimated 7% · covered 1 Jul – 19 Nov",
		"export": "Export all…", "accountant": "Accountant…", "wipe": "Wipe this book…", "items": "Items", "total": "Total", "date": "Ordered",
		"order": "Order", "status": "Status", "shipped": "Shipped", "pending": "Pending", "qty": "Qty", "margin": "Margin", "line": "Line",
		"ordersfiltered": "2,940 orders", "nothing": "Not enough data yet", "money": "Money", "buyer": "Buyer",
	},
	"ja": {
		"overview": "概要", "orders": "注文", "inventory": "在庫", "profit": "利益", "settings": "設定", "lock": "ロック",
		"today": "今日", "yesterday": "昨日", "month": "今月", "forecast": "今月の予測", "last": "先月",
		"net": "純利益", "sales": "売上", "netprofit": "純利益", "needs": "要対応", "week": "週の初め",
		"products": "商品別の利益", "synced": "14:05 に同期済み・注文は 14:03 まで・入出金は 11月19日 まで・次は 12分後に返品",
		"private": "暗号化・このパソコンのみ", "settled": "確定 62%・保留 21%", "cancel": "中止",
		"syncing": "同期中・財務 26週のうち 12週", "left": "残り約2分", "close": "閉じる", "shipto": "お届け先",
		"empty": "注文はまだありません。最初の同期かレポートファイルで入ります。", "import": "ファイルを取り込む…",
		"error": "Amazon がこの接続を受け付けなくなりました。", "since": "11月12日 09:14 から。", "works": "それまでのデータは残り、ファイルの取り込みもできます。",
		"reconnect": "再接続…", "details": "詳細", "all": "すべて", "toship": "出荷待ち", "refunded": "返金済み", "unknown": "不明な手数料",
		"nocost": "この SKU の原価が未入力です", "bridge": "売上から純利益まで", "covered": "確定 84%・保留 9%・見積 7%・7月1日 – 11月19日",
		"export": "すべて書き出す…", "accountant": "会計士用…", "wipe": "この帳簿を消去…", "items": "商品", "total": "合計", "date": "注文日時",
		"order": "注文番号", "status": "状態", "shipped": "出荷済み", "pending": "保留中", "qty": "数量", "margin": "利益率", "line": "項目",
		"ordersfiltered": "2,940 件の注文", "nothing": "データがまだ足りません", "money": "入出金", "buyer": "購入者",
	},
}

func inWindow(w words, current string, body fyne.CanvasObject, status parts.Status) fyne.CanvasObject {
	rail := parts.NewRail("Countinghouse", base.HomeIcon(), []parts.RailItem{
		{ID: "overview", Word: w["overview"], Icon: base.HomeIcon()}, {ID: "orders", Word: w["orders"], Icon: base.ListIcon(), Badge: "4"},
		{ID: "inventory", Word: w["inventory"], Icon: base.StorageIcon()}, {ID: "profit", Word: w["profit"], Icon: base.AccountIcon()},
		{ID: "settings", Word: w["settings"], Icon: base.SettingsIcon()},
	}, []parts.RailItem{{ID: "lock", Word: w["lock"], Icon: base.LogoutIcon(), Keys: "Ctrl L"}}, nil)
	rail.SetCurrent(current)
	line := parts.NewStatusLine(func() {}, func() {})
	line.Set(status)
	title := container.New(layout.NewCustomPaddedLayout(13, 13, 20, 20),
		container.NewHBox(parts.NewLabel(w[current], theme.TextTitle, parts.Normal).Bold().Whole(), layout.NewSpacer(),
			parts.NewButton("Demo seller", parts.Quiet, nil), parts.NewButton("US · DE · JP", parts.Quiet, nil)))
	padded := container.New(layout.NewCustomPaddedLayout(0, 16, 20, 20), body)
	return container.New(parts.Frame{}, rail, title, padded, line)
}

func synced(w words) parts.Status {
	return parts.Status{Sentence: w["synced"], Tone: parts.Gain, Note: w["private"]}
}

func usd(cents int64) books.Money { return books.Money{Minor: cents, Currency: "USD"} }

type galleryRow struct {
	title, id string
	tone      parts.Tone
	status    string
	profit    *int64
	total     int64
	depth     int
	fold      parts.Fold
	sum       bool
}

func ptr(n int64) *int64 { return &n }

func overviewPage(l *format.Locale, w words) fyne.CanvasObject {
	spark := []float64{3, 4, 3, 5, 4, 6, 5, 7, 6, 8}
	tile := func(name, figure, change string, trend parts.Tone, rising bool) fyne.CanvasObject {
		return parts.NewTile(parts.TileData{
			Title: w[name], Figure: figure, Lines: []string{w["net"], l.Money(usd(11832005)) + " · " + l.Count(2940)},
			Change: change, Trend: trend, Rising: rising, Foot: w["settled"], Spark: spark,
		}, func() {})
	}
	tiles := container.New(parts.Shares{Gap: theme.Space3},
		tile("today", l.Money(usd(218450)), "+12%", parts.Gain, true), tile("yesterday", l.Money(usd(120418)), "+4.1%", parts.Gain, true),
		tile("month", l.Money(usd(2194077)), "−3.8%", parts.Loss, false), tile("forecast", l.Money(usd(2980000)), "", parts.Normal, false),
		parts.NewTile(parts.TileData{Title: w["last"], Loading: true, Foot: " "}, nil))
	chart := barsAndLine(l, w)
	chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	for range 9 {
		chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	}
	needs := container.NewVBox()
	for i, s := range []string{"Order 折畳-02 by 24 Nov", "Settlement 24702193891 differs", "Fee of FLT-100 rose from 3.22 to 3.86"} {
		needs.Add(container.NewBorder(nil, nil, nil, parts.NewButton(w["details"], parts.Text, func() {}),
			container.NewVBox(parts.NewLabel(s, theme.TextBody, parts.Normal).Bold(), parts.NewLabel(l.Money(usd(int64(i+1)*39000)), theme.TextCaption, parts.Muted))))
	}
	columns := []parts.Column[galleryRow]{
		{ID: "sku", Title: "SKU", Width: 110, Mono: true, Text: func(r galleryRow) string { return r.id }},
		{ID: "title", Title: w["items"], Width: 160, Grow: 1, Text: func(r galleryRow) string { return r.title }},
		{ID: "sales", Title: w["sales"], Unit: "USD", Width: 100, Align: parts.Right, Text: func(r galleryRow) string { return l.Money(usd(r.total)) },
			Compare: parts.By(func(r galleryRow) int64 { return r.total })},
		{ID: "profit", Title: w["netprofit"], Unit: "USD", Width: 110, Align: parts.Right, Text: profitText(l), Look: profitCell(l, w)},
		{ID: "margin", Title: w["margin"], Width: 90, Text: func(r galleryRow) string { return "" }, Look: func(r galleryRow) parts.Cell {
			if r.profit == nil {
				return parts.UnknownCell(w["nocost"])
			}
			tone := parts.Normal
			if *r.profit < 0 {
				tone = parts.Loss
			}
			return parts.Cell{HasBar: true, Bar: float32(*r.profit) / float32(r.total) * 3, Tone: tone}
		}},
	}
	rows := []galleryRow{
		{id: "KT-204-BLK", title: "Pour-over kettle 0.9 l, matte black", total: 3238010, profit: ptr(681244)},
		{id: "折畳-02", title: "折りたたみ式 ドリッパー ステンレス", total: 1820400, profit: ptr(441002)},
		{id: "GL-6SET", title: "Trinkgläser 6er Set, mundgeblasen", total: 1210236, profit: ptr(220490)},
		{id: "SCL-01", title: "Coffee scale with timer", total: 903000, profit: ptr(-41220)},
		{id: "FLT-100", title: "Paper filters, 100 pack", total: 1134000},
	}
	products := parts.NewTable(context.Background(), columns, parts.Rows(rows, columns), parts.TableOptions[galleryRow]{Pinned: 1})
	products.SetOrder(parts.Order{Column: "sales", Desc: true})
	left := container.New(rowsOf{0.55}, parts.NewCard(w["sales"]+" · "+w["netprofit"], "USD", chart), parts.NewCard(w["products"], "5 / 214", products))
	lower := container.New(parts.Shares{Gap: theme.Space3, Weights: []float32{2, 1}}, left, parts.NewCard(w["needs"], l.Money(usd(860400)), needs))
	return inWindow(w, "overview", container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, 12, 0, 0), tiles), nil, nil, nil, lower), synced(w))
}

// rowsOf splits a height in two with a gap.
type rowsOf struct{ share float32 }

func (r rowsOf) Layout(o []fyne.CanvasObject, s fyne.Size) {
	h := (s.Height - 12) * r.share
	o[0].Resize(fyne.NewSize(s.Width, h))
	o[1].Move(fyne.NewPos(0, h+12))
	o[1].Resize(fyne.NewSize(s.Width, s.Height-12-h))
}

func (r rowsOf) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height+12)
}

func profitText(l *format.Locale) func(galleryRow) string {
	return func(r galleryRow) string {
		if r.profit == nil {
			return format.Unknown
		}
		return l.Statement(usd(*r.profit))
	}
}

func profitCell(l *format.Locale, w words) func(galleryRow) parts.Cell {
	return func(r galleryRow) parts.Cell {
		if r.profit == nil {
			return parts.UnknownCell(w["nocost"])
		}
		return parts.MoneyCell(l, usd(*r.profit))
	}
}

func barsAndLine(l *format.Locale, w words) *parts.ChartView {
	d := parts.ChartData{Axis: l.Short, First: w["week"], Empty: w["nothing"]}
	sales := parts.ChartSeries{Name: w["sales"], Shape: charts.Bar}
	net := parts.ChartSeries{Name: w["netprofit"], Shape: charts.Line, Color: 1}
	for i := range 26 {
		s := int64(2200000 + (i*7919%13)*90000)
		if i > 13 && i < 20 {
			s /= 2
		}
		d.Slots = append(d.Slots, strconv.Itoa(i%28+1)+" "+l.MonthName(time.Month(i*12/26+1)))
		d.Heads = append(d.Heads, w["week"]+" "+d.Slots[i])
		sales.Y, net.Y = append(sales.Y, float64(s)/100), append(net.Y, float64(s)/500)
		sales.Pale = append(sales.Pale, i == 25)
		sales.Texts, net.Texts = append(sales.Texts, l.Money(usd(s))), append(net.Texts, l.Money(usd(s/5)))
	}
	d.Series = []parts.ChartSeries{sales, net}
	return parts.NewChartView(d)
}
