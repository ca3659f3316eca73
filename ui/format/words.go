package format

import "golang.org/x/text/language"

// words are the date and unit words of one language. Patterns hold the parts
// in braces: x/text knows numbers but no dates.
type words struct {
	months     [12]string
	day        string // with year
	dayMonth   string // without year
	month      string // month and year
	justNow    string
	minutesAgo string
	hoursAgo   string
	yesterday  string
	daysAgo    string
	inMinutes  string
	inHours    string
	inDays     string
	units      []unit // for short figures on axes, largest first
}

// unit is one step of short figures: 12 300 is "12.3k" or "1.23万".
type unit struct {
	exp    int // power of ten
	suffix string
}

var wordsOf = map[language.Tag]words{
	language.English: {
		months: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		day:    "{d} {m} {y}", dayMonth: "{d} {m}", month: "{m} {y}",
		justNow: "just now", minutesAgo: "{n} min ago", hoursAgo: "{n} h ago",
		yesterday: "yesterday", daysAgo: "{n} days ago",
		inMinutes: "in {n} min", inHours: "in {n} h", inDays: "in {n} days",
		units: []unit{{12, "T"}, {9, "B"}, {6, "M"}, {3, "k"}},
	},
	language.German: {
		months: [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
		day:    "{d}. {m} {y}", dayMonth: "{d}. {m}", month: "{m} {y}",
		justNow: "gerade eben", minutesAgo: "vor {n} Min.", hoursAgo: "vor {n} Std.",
		yesterday: "gestern", daysAgo: "vor {n} Tagen",
		inMinutes: "in {n} Min.", inHours: "in {n} Std.", inDays: "in {n} Tagen",
		units: []unit{{12, "\u00a0Bio."}, {9, "\u00a0Mrd."}, {6, "\u00a0Mio."}, {3, "\u00a0Tsd."}},
	},
	language.Japanese: {
		months: numbered("月"),
		day:    "{y}年{m}{d}日", dayMonth: "{m}{d}日", month: "{y}年{m}",
		justNow: "たった今", minutesAgo: "{n}分前", hoursAgo: "{n}時間前",
		yesterday: "昨日", daysAgo: "{n}日前",
		inMinutes: "{n}分後", inHours: "{n}時間後", inDays: "{n}日後",
		units: []unit{{12, "兆"}, {8, "億"}, {4, "万"}},
	},
	language.SimplifiedChinese: {
		months: numbered("月"),
		day:    "{y}年{m}{d}日", dayMonth: "{m}{d}日", month: "{y}年{m}",
		justNow: "刚刚", minutesAgo: "{n}分钟前", hoursAgo: "{n}小时前",
		yesterday: "昨天", daysAgo: "{n}天前",
		inMinutes: "{n}分钟后", inHours: "{n}小时后", inDays: "{n}天后",
		units: []unit{{12, "万亿"}, {8, "亿"}, {4, "万"}},
	},
}

func numbered(suffix string) (months [12]string) {
	for i := range months {
		months[i] = itoa(i+1) + suffix
	}
	return months
}
