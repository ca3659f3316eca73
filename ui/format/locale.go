package format

import (
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Unknown stands for a value that is not known. It is never a zero.
const Unknown = "-"

// Minus is the sign of a negative figure, as wide as a digit's plus sign.
const Minus = "\u2212"

// Locale holds the conventions of one language.
type Locale struct {
	tag     language.Tag
	group   string // between thousands
	decimal string // before the fraction
	percent string // what follows a percentage, with its space if any
	words   words
	hidden  bool // amounts are dots
}

// Hidden stands for an amount that is not to be seen: always the same, for its
// length would tell something.
const Hidden = "••••"

// Hide returns the locale with amounts of money written as [Hidden], or
// written out again. Counts, shares and dates stay.
func (l *Locale) Hide(on bool) *Locale {
	if l.hidden == on {
		return l
	}
	hidden := *l
	hidden.hidden = on
	return &hidden
}

// Hides reports whether amounts of money are written as [Hidden].
func (l *Locale) Hides() bool { return l.hidden }

// Amount returns an amount that is text already, such as a unit cost finer than
// its currency, or [Hidden].
func (l *Locale) Amount(text string) string {
	if l.hidden {
		return Hidden
	}
	return text
}

// supported lists the interface languages; the first is the fallback.
var supported = []language.Tag{
	language.English, language.Japanese, language.SimplifiedChinese, language.German,
}

var matcher = language.NewMatcher(supported)

// For returns the locale that fits a BCP 47 tag best ("de-AT", "zh-CN",
// "ja_JP.UTF-8"); English when none does.
func For(tag string) *Locale {
	tag, _, _ = strings.Cut(tag, ".")
	asked, err := language.Parse(strings.ReplaceAll(tag, "_", "-"))
	if err != nil {
		asked = language.English
	}
	_, i, confidence := matcher.Match(asked)
	if confidence == language.No {
		i = 0
	}
	return build(supported[i])
}

// build reads the separators out of x/text once, so that formatting a cell is
// plain string work: a table formats thousands of cells a second.
func build(tag language.Tag) *Locale {
	p := message.NewPrinter(tag)
	l := &Locale{tag: tag, words: wordsOf[tag]}
	l.group, l.decimal = separators(p.Sprint(number.Decimal(1234.5)))
	l.percent = strings.TrimPrefix(p.Sprint(number.Percent(0.01)), "1")
	return l
}

// separators takes "1,234.5" apart.
func separators(sample string) (group, decimal string) {
	rest := strings.TrimPrefix(sample, "1")
	group, rest, _ = strings.Cut(rest, "234")
	return group, strings.TrimSuffix(rest, "5")
}

// Tag returns the BCP 47 tag: "en", "ja", "zh-Hans" or "de".
func (l *Locale) Tag() string { return l.tag.String() }

// Tags returns the tags of all interface languages, English first.
func Tags() []string {
	tags := make([]string, len(supported))
	for i, t := range supported {
		tags[i] = t.String()
	}
	return tags
}

// One reports whether n takes the singular form in this language ("1 order").
// Japanese and Chinese have one form for all counts and report false.
func (l *Locale) One(n int64) bool {
	if n < 0 {
		n = -n
	}
	// CLDR asks for the digits' value; 10,000,000 keeps the form of larger ones.
	i := n
	if i > 10_000_000 || i < 0 {
		i = 10_000_000 + n%1_000_000
	}
	return plural.Cardinal.MatchPlural(l.tag, int(i), 0, 0, 0, 0) == plural.One
}
