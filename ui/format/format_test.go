package format_test

import (
	"math"
	"testing"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
	"pgregory.net/rapid"

	"countinghouse/data/books"
	"countinghouse/ui/format"
)

const nbsp = "\u00a0"

func TestMoney(t *testing.T) {
	tests := []struct {
		name                   string
		tag                    string
		money                  books.Money
		plain, statement, code string
	}{
		{"dollars", "en", books.Money{Minor: 123456, Currency: "USD"}, "1,234.56", "1,234.56", "1,234.56" + nbsp + "USD"},
		{"negative dollars", "en", books.Money{Minor: -123456789, Currency: "USD"}, "−1,234,567.89", "(1,234,567.89)", "−1,234,567.89" + nbsp + "USD"},
		{"one cent", "en", books.Money{Minor: 1, Currency: "USD"}, "0.01", "0.01", "0.01" + nbsp + "USD"},
		{"zero", "en", books.Money{Currency: "USD"}, "0.00", "0.00", "0.00" + nbsp + "USD"},
		{"euro in german", "de", books.Money{Minor: -123456, Currency: "EUR"}, "−1.234,56", "(1.234,56)", "−1.234,56" + nbsp + "EUR"},
		{"yen has no cents", "ja", books.Money{Minor: 1204880, Currency: "JPY"}, "1,204,880", "1,204,880", "1,204,880" + nbsp + "JPY"},
		{"dinar has three", "zh-Hans", books.Money{Minor: -1500, Currency: "KWD"}, "−1.500", "(1.500)", "−1.500" + nbsp + "KWD"},
		{"smallest int64", "en", books.Money{Minor: math.MinInt64, Currency: "USD"}, "−92,233,720,368,547,758.08", "(92,233,720,368,547,758.08)", "−92,233,720,368,547,758.08" + nbsp + "USD"},
		{"no currency", "en", books.Money{Minor: 5}, "0.05", "0.05", "0.05"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := format.For(tt.tag)
			for what, pair := range map[string][2]string{
				"Money":         {l.Money(tt.money), tt.plain},
				"Statement":     {l.Statement(tt.money), tt.statement},
				"MoneyWithCode": {l.MoneyWithCode(tt.money), tt.code},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s = %q, want %q", what, pair[0], pair[1])
				}
			}
		})
	}
}

// TestCountAgreesWithCLDR compares our grouping with x/text's own printer,
// which reaches it by another road.
func TestCountAgreesWithCLDR(t *testing.T) {
	for _, tag := range format.Tags() {
		p := message.NewPrinter(language.MustParse(tag))
		l := format.For(tag)
		rapid.Check(t, func(t *rapid.T) {
			n := rapid.Int64Range(0, math.MaxInt64).Draw(t, "n")
			if got, want := l.Count(n), p.Sprint(number.Decimal(n)); got != want {
				t.Fatalf("%s: Count(%d) = %q, want %q", tag, n, got, want)
			}
		})
	}
	if got := format.For("en").Count(math.MinInt64); got != "−9,223,372,036,854,775,808" {
		t.Errorf("smallest count = %q", got)
	}
}

func TestPercent(t *testing.T) {
	tests := []struct {
		name     string
		tag      string
		num, den int64
		decimals int
		want     string
		change   string
	}{
		{"third", "en", 1, 3, 1, "33.3%", "+33.3%"},
		{"half rounds away from zero", "en", 125, 1000, 0, "13%", "+13%"},
		{"negative half", "en", -125, 1000, 0, "−13%", "−13%"},
		{"negative divisor", "en", 1, -4, 0, "−25%", "−25%"},
		{"german keeps its space", "de", 618, 1000, 1, "61,8" + nbsp + "%", "+61,8" + nbsp + "%"},
		{"japanese", "ja", 62, 100, 0, "62%", "+62%"},
		{"tiny is zero without sign", "en", -1, 100000, 1, "0.0%", "0.0%"},
		{"small keeps its zero", "en", 5, 1000, 2, "0.50%", "+0.50%"},
		{"no base", "en", 5, 0, 0, "-", "-"},
		{"beyond 64 bits", "en", math.MaxInt64, math.MaxInt64, 2, "100.00%", "+100.00%"},
		{"smallest", "en", math.MinInt64, math.MaxInt64, 0, "−100%", "−100%"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := format.For(tt.tag)
			if got := l.Percent(tt.num, tt.den, tt.decimals); got != tt.want {
				t.Errorf("Percent = %q, want %q", got, tt.want)
			}
			if got := l.PercentChange(tt.num, tt.den, tt.decimals); got != tt.change {
				t.Errorf("PercentChange = %q, want %q", got, tt.change)
			}
		})
	}
}

func TestShort(t *testing.T) {
	tests := []struct {
		name string
		tag  string
		v    float64
		want string
	}{
		{"zero", "en", 0, "0"},
		{"small", "en", 7.5, "7.5"},
		{"thousands", "en", 40000, "40k"},
		{"fraction of thousands", "en", 12345, "12.3k"},
		{"rounds into the next unit", "en", 999950, "1M"},
		{"negative", "en", -2500, "−2.5k"},
		{"below half a cent has no sign", "en", -0.001, "0"},
		{"german", "de", 12300, "12,3" + nbsp + "Tsd."},
		{"japanese counts in ten thousands", "ja", 12300, "1.23万"},
		{"japanese below ten thousand", "ja", 8000, "8,000"},
		{"chinese", "zh-CN", 150_000_000, "1.5亿"},
		{"not a number", "en", math.NaN(), "-"},
		{"endless", "en", math.Inf(-1), "-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := format.For(tt.tag).Short(tt.v); got != tt.want {
				t.Errorf("Short(%v) = %q, want %q", tt.v, got, tt.want)
			}
		})
	}
}

func TestBytes(t *testing.T) {
	l := format.For("en")
	for n, want := range map[int64]string{
		0: "0" + nbsp + "B", 999: "999" + nbsp + "B", 1000: "1" + nbsp + "kB", 400_000: "400" + nbsp + "kB",
		999_600: "1" + nbsp + "MB", 38_000_000: "38" + nbsp + "MB", -1: "-",
	} {
		if got := l.Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	day := time.Date(2026, 11, 21, 13, 58, 0, 0, time.UTC)
	tests := []struct{ tag, date, dayMonth, month, moment, span string }{
		{"en", "21 Nov 2026", "21 Nov", "Nov 2026", "21 Nov 13:58", "21 – 30 Nov 2026"},
		{"de", "21. Nov. 2026", "21. Nov.", "Nov. 2026", "21. Nov. 13:58", "21. – 30. Nov. 2026"},
		{"ja", "2026年11月21日", "11月21日", "2026年11月", "11月21日 13:58", "2026年11月21日 – 11月30日"},
		{"zh-Hans", "2026年11月21日", "11月21日", "2026年11月", "11月21日 13:58", "2026年11月21日 – 11月30日"},
	}
	for _, tt := range tests {
		t.Run(tt.tag, func(t *testing.T) {
			l := format.For(tt.tag)
			for what, pair := range map[string][2]string{
				"Date": {l.Date(day), tt.date}, "DayMonth": {l.DayMonth(day), tt.dayMonth},
				"Month": {l.Month(day), tt.month}, "Moment": {l.Moment(day), tt.moment},
				"Range":        {l.Range(day, day.AddDate(0, 0, 9)), tt.span},
				"Range of one": {l.Range(day, day), tt.date},
				"unknown":      {l.Date(time.Time{}), "-"},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s = %q, want %q", what, pair[0], pair[1])
				}
			}
		})
	}
	en := format.For("en")
	if got := en.Range(day, day.AddDate(0, 1, 0)); got != "21 Nov – 21 Dec 2026" {
		t.Errorf("two months = %q", got)
	}
	if got := en.Range(day, day.AddDate(1, 0, 0)); got != "21 Nov 2026 – 21 Nov 2027" {
		t.Errorf("two years = %q", got)
	}
}

func TestAges(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones on this system")
	}
	now := time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)
	tests := []struct {
		name string
		tag  string
		t    time.Time
		now  time.Time
		want string
	}{
		{"seconds", "en", now.Add(-20 * time.Second), now, "just now"},
		{"clock a little ahead", "en", now.Add(20 * time.Second), now, "just now"},
		{"minutes", "en", now.Add(-5 * time.Minute), now, "5 min ago"},
		{"hours", "de", now.Add(-3 * time.Hour), now, "vor 3 Std."},
		{"yesterday", "ja", now.Add(-20 * time.Hour), now, "昨日"},
		{"a late evening is hours ago", "en", now.Add(-15 * time.Hour), now.Add(-12 * time.Hour), "3 h ago"},
		{"days", "zh-Hans", now.AddDate(0, 0, -3), now, "3天前"},
		{"weeks are a date", "en", now.AddDate(0, 0, -9), now, "12 Nov 2026"},
		{"ahead", "en", now.Add(11*time.Minute + time.Second), now, "in 12 min"},
		{"ahead hours", "de", now.Add(5 * time.Hour), now, "in 5 Std."},
		{"ahead days", "en", now.Add(19*24*time.Hour + time.Hour), now, "in 19 days"},
		{"never", "en", time.Time{}, now, "-"},
		{"25-hour day", "en", time.Date(2026, 10, 24, 23, 30, 0, 0, berlin), time.Date(2026, 10, 25, 23, 45, 0, 0, berlin), "yesterday"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := format.For(tt.tag).Ago(tt.t, tt.now); got != tt.want {
				t.Errorf("Ago = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestForPicksTheNearestLanguage(t *testing.T) {
	for asked, want := range map[string]string{
		"en-GB": "en", "de-AT": "de", "ja_JP.UTF-8": "ja", "zh-CN": "zh-Hans", "zh": "zh-Hans",
		"C": "en", "": "en", "xx-broken-!": "en", "fi": "en",
	} {
		if got := format.For(asked).Tag(); got != want {
			t.Errorf("For(%q) = %q, want %q", asked, got, want)
		}
	}
}

func TestOne(t *testing.T) {
	for tag, want := range map[string][3]bool{
		"en": {false, true, false}, "de": {false, true, false}, "ja": {}, "zh-Hans": {},
	} {
		l := format.For(tag)
		if got := [3]bool{l.One(0), l.One(1), l.One(21)}; got != want {
			t.Errorf("%s: One(0), One(1), One(21) = %v, want %v", tag, got, want)
		}
		if l.One(math.MinInt64) || l.One(math.MaxInt64) {
			t.Errorf("%s: the largest counts are not one", tag)
		}
	}
}
