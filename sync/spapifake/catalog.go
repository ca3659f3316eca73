package spapifake

import (
	"fmt"
	"strings"
	"time"
)

// product is one SKU in one marketplace.
type product struct {
	sku, asin, fnsku, title string
	productType             string
	category                int // index into categories
	tier                    int // index into tiers
	prices                  []priceFrom
	costs                   []costFrom // empty: the seller does not know
	hidden                  []costFrom // what he would find in a drawer
	launch                  time.Time
	weight                  float64 // share of demand; never money
	fba, mfn                bool    // ways it is fulfilled
	stock                   stock
}

// priceFrom is a price valid from an instant, in minor units as shown to the
// buyer (with tax in DE and JP).
type priceFrom struct {
	from  time.Time
	minor int64
}

// costFrom is a unit cost valid from a day of the marketplace, in 1/10000 of
// the currency's main unit.
type costFrom struct {
	day  string // YYYY-MM-DD
	cost int64
}

func (p *product) priceAt(t time.Time) int64 {
	v := p.prices[0].minor
	for _, q := range p.prices {
		if !q.from.After(t) {
			v = q.minor
		}
	}
	return v
}

// costAt gives the unit cost on a marketplace day, false when unknown.
func (p *product) costAt(day string) (int64, bool) {
	v, ok := int64(0), false
	for _, c := range p.costs {
		if c.day <= day {
			v, ok = c.cost, true
		}
	}
	return v, ok
}

type category struct {
	typ     string
	bp      int64 // referral fee, basis points
	closing bool
	nouns   [3][]string // en, de, ja
}

var categories = []category{
	{"KITCHEN", 1500, false, [3][]string{
		{"Bamboo Cutting Board", "Stainless Mixing Bowl Set", "Silicone Spatula Set", "Pour-Over Coffee Dripper", "Cast Iron Skillet", "Glass Food Containers"},
		{"Schneidebrett aus Bambus", "Rührschüssel-Set Edelstahl", "Küchenspatel-Set Silikon", "Kaffeefilter zum Übergießen", "Gusseiserne Pfanne", "Frischhaltedosen aus Glas"},
		{"竹製まな板", "ステンレスボウルセット", "シリコンスパチュラセット", "コーヒードリッパー", "鋳鉄スキレット", "ガラス保存容器"}}},
	{"HOME", 1500, false, [3][]string{
		{"Linen Throw Pillow Cover", "LED Desk Lamp", "Foldable Storage Box", "Aroma Diffuser", "Blackout Curtains", "Wall Clock"},
		{"Kissenbezug aus Leinen", "LED-Schreibtischlampe", "Faltbare Aufbewahrungsbox", "Aroma-Diffusor", "Verdunkelungsvorhänge", "Wanduhr für Küche & Büro"},
		{"リネンクッションカバー", "LEDデスクライト", "折りたたみ収納ボックス", "アロマディフューザー", "遮光カーテン", "掛け時計"}}},
	{"SPORTING_GOODS", 1500, false, [3][]string{
		{"Resistance Bands Set", "Yoga Mat 6 mm", "Running Belt", "Insulated Water Bottle", "Foam Roller", "Hiking Socks"},
		{"Fitnessbänder-Set", "Yogamatte 6 mm", "Laufgürtel", "Isolierte Trinkflasche", "Faszienrolle", "Wandersocken für Männer"},
		{"トレーニングチューブセット", "ヨガマット 6mm", "ランニングポーチ", "真空断熱水筒", "フォームローラー", "登山用靴下"}}},
	{"ELECTRONICS", 800, false, [3][]string{
		{"USB-C Hub 7-in-1", "Wireless Charger Pad", "Cable Organizer", "Bluetooth Tracker", "Phone Stand", "Ring Light 10\""},
		{"USB-C-Hub 7-in-1", "Kabelloses Ladegerät", "Kabelhalter", "Bluetooth-Schlüsselfinder", "Handyständer", "Ringlicht 10\""},
		{"USB-C ハブ 7-in-1", "ワイヤレス充電器", "ケーブルホルダー", "紛失防止タグ", "スマホスタンド", "リングライト 10インチ"}}},
	{"TOYS_AND_GAMES", 1500, false, [3][]string{
		{"Wooden Puzzle", "Magnetic Building Tiles", "Bath Toy Set", "Card Game for Families", "Plush Fox", "Kite with Long Tail"},
		{"Holzpuzzle", "Magnetische Bausteine", "Badespielzeug-Set", "Kartenspiel für Familien", "Plüschfuchs", "Drachen mit langem Schwanz"},
		{"木製パズル", "マグネットブロック", "お風呂おもちゃセット", "ファミリーカードゲーム", "きつねのぬいぐるみ", "凧（ロングテール）"}}},
	{"BEAUTY", 800, false, [3][]string{
		{"Jade Roller", "Makeup Brush Set", "Hair Towel Wrap", "Nail File Set", "Reusable Cotton Rounds", "Bath Sponge"},
		{"Jaderoller fürs Gesicht", "Make-up-Pinsel-Set", "Haarturban", "Nagelfeilen-Set", "Waschbare Abschminkpads", "Badeschwamm"},
		{"翡翠ローラー", "メイクブラシセット", "ヘアターバン", "爪やすりセット", "洗えるコットン", "バススポンジ"}}},
	{"BOOK", 1500, true, [3][]string{
		{"Garden Planner Notebook", "Travel Sketchbook", "Recipe Journal"},
		{"Gartenplaner Notizbuch", "Reiseskizzenbuch", "Rezeptbuch zum Selberschreiben"},
		{"ガーデニング手帳", "旅のスケッチブック", "レシピノート"}}},
}

var (
	brands = []string{"Harrow & Finch", "Nordlicht", "Tidewell", "Kumoya", "Oakmere", "Bluefern", "Sorako"}
	styles = [3][]string{
		{"Slate Grey", "Forest Green", "Natural", "Large", "2-Pack", "Premium", "Travel Size"},
		{"Schiefergrau", "Waldgrün", "Natur", "Groß", "2er-Pack", "Premium", "Reisegröße"},
		{"スレートグレー", "フォレストグリーン", "ナチュラル", "大", "2個セット", "プレミアム", "トラベルサイズ"}}
)

// tier is an FBA size tier: the fee per unit in US cents and the volume in
// cubic centimetres, by which storage is charged.
type tier struct {
	fee, volume int64
}

var tiers = []tier{{322, 900}, {386, 2400}, {477, 5200}, {540, 9800}, {973, 31000}}

// makeCatalog invents the products of a market, the most wanted first.
func makeCatalog(cfg Config, m *market, lang int) []*product {
	r := stream(cfg.Seed, m.conn, "catalog")
	n := 60 + r.IntN(61)
	if cfg.Orders < 2000 {
		n = 60 // a small demo does not spread its few sales over 120 SKUs
	}
	if cfg.SKUs > 0 {
		n = max(cfg.SKUs, 20)
	}
	list := make([]*product, n)
	for i := range list {
		p := &product{category: r.IntN(len(categories)), tier: r.IntN(len(tiers)), weight: 1 / float64(i+4)}
		c := categories[p.category]
		p.productType = c.typ
		p.title = fmt.Sprintf("%s %s - %s", pick(r, brands), pick(r, c.nouns[lang]), pick(r, styles[lang]))
		p.sku = fmt.Sprintf("%s-%s-%03d", m.Country, c.typ[:3], i+1)
		p.asin = "B0" + r.text(8, upperDigits)
		p.fnsku = "X00" + r.text(7, upperDigits)
		p.fba, p.mfn = true, i%7 == 3
		if i%11 == 5 {
			p.fba, p.mfn = false, true
		}
		setPrices(cfg, r, m, p, i)
		list[i] = p
	}
	// SKUs as sellers write them: blanks, slashes, signs, other scripts.
	list[5].sku = strings.Replace(list[5].sku, "-", " / ", 1)
	list[9].sku += "+50%"
	list[12].sku += "_" + []string{"grün", "größe L", "青"}[lang]
	// The seller never wrote down what this one costs.
	list[7].hidden, list[7].costs = list[7].costs, nil
	return list
}

func setPrices(cfg Config, r random, m *market, p *product, i int) {
	start := cfg.dataStart()
	p.launch = start.AddDate(0, 0, -30)
	if cfg.SKUs > 0 { // a large catalogue was not made in one second
		p.launch = p.launch.Add(-time.Duration(i) * time.Hour)
	}
	if i%5 == 4 { // later arrivals in the shop
		p.launch = start.AddDate(0, 0, r.IntN(cfg.Days*2/3+1))
	}
	base := m.price(r.between(899, 5999) + tiers[p.tier].fee)
	ends := base - base%10 + 9
	if m.Digits == 0 {
		ends = base - base%100 + 80
	}
	p.prices = []priceFrom{{start.AddDate(0, 0, -60), ends}}
	for n := r.IntN(4); n > 0; n-- {
		at := start.AddDate(0, 0, 1+r.IntN(cfg.Days))
		if last := p.prices[len(p.prices)-1]; at.After(last.from) {
			p.prices = append(p.prices, priceFrom{at, last.minor * r.between(88, 112) / 100})
		}
	}
	// Unit costs are finer than a cent, as a division of a freight bill is.
	scale := int64(100)
	if m.Digits == 0 {
		scale = 10000
	}
	cost := ends * scale * r.between(22, 38) / 100
	if i%3 == 0 {
		cost -= cost % scale
	}
	p.costs = []costFrom{{start.In(m.Zone).AddDate(0, 0, -90).Format(time.DateOnly), cost}}
	if i%4 == 1 {
		for n := 1 + r.IntN(2); n > 0; n-- {
			day := start.In(m.Zone).AddDate(0, 0, 20+r.IntN(cfg.Days)).Format(time.DateOnly)
			if last := p.costs[len(p.costs)-1]; day > last.day {
				p.costs = append(p.costs, costFrom{day, last.cost * r.between(93, 115) / 100})
			}
		}
	}
}
