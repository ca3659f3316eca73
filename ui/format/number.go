package format

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"countinghouse/data/books"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Count writes a whole number with grouping: "58,204", "−3".
func (l *Locale) Count(n int64) string {
	if n < 0 {
		return Minus + l.grouped(strconv.FormatUint(-uint64(n), 10))
	}
	return l.grouped(strconv.FormatUint(uint64(n), 10))
}

// Money writes an amount with its currency's digits and no code: "−12.34",
// "1,780" for yen. The code belongs into the column head, once.
func (l *Locale) Money(m books.Money) string {
	text, negative := l.amount(m)
	if negative {
		return Minus + text
	}
	return text
}

// MoneyWithCode writes an amount and its currency code: "−12.34 USD". The
// space between them does not break.
func (l *Locale) MoneyWithCode(m books.Money) string {
	if m.Currency == "" {
		return l.Money(m)
	}
	return l.Money(m) + "\u00a0" + m.Currency
}

// Statement writes an amount as accountants do, a negative one in
// parentheses: "(12.34)".
func (l *Locale) Statement(m books.Money) string {
	text, negative := l.amount(m)
	if negative {
		return "(" + text + ")"
	}
	return text
}

// Decimal writes a number that is plain decimal text, "-1234.5", with all its
// digits: "−1,234.5". Anything else stays as it is.
func (l *Locale) Decimal(text string) string {
	digits, negative := strings.CutPrefix(text, "-")
	whole, part, dot := strings.Cut(digits, ".")
	if whole == "" || dot && part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return text
	}
	out := l.grouped(whole)
	if dot {
		out += l.decimal + part
	}
	if negative {
		out = Minus + out
	}
	return out
}

// Change writes an amount with its sign always shown: "+12.34", "−12.34",
// and "0.00" for none.
func (l *Locale) Change(m books.Money) string {
	if m.Minor > 0 && !l.hidden {
		return "+" + l.Money(m)
	}
	return l.Money(m)
}

// amount writes |m|, exact over the whole range of int64.
func (l *Locale) amount(m books.Money) (text string, negative bool) {
	if l.hidden {
		return Hidden, false
	}
	plain, negative := strings.CutPrefix(m.Decimal(), "-")
	whole, fraction, found := strings.Cut(plain, ".")
	text = l.grouped(whole)
	if found {
		text += l.decimal + fraction
	}
	return text, negative
}

// grouped puts the separator between thousands. All our languages group by
// three.
func (l *Locale) grouped(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	var b strings.Builder
	head := len(digits) % 3
	b.WriteString(digits[:head])
	for i := head; i < len(digits); i += 3 {
		if i > 0 {
			b.WriteString(l.group)
		}
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}

// Percent writes num/den with the given number of decimals, rounded half away
// from zero: Percent(1, 3, 1) is "33.3%". A den of zero is [Unknown]: no
// sales make no margin.
func (l *Locale) Percent(num, den int64, decimals int) string {
	return l.percentage(num, den, decimals, false)
}

// PercentChange is [Locale.Percent] with a plus sign before a rise, for the
// change against another period.
func (l *Locale) PercentChange(num, den int64, decimals int) string {
	return l.percentage(num, den, decimals, true)
}

func (l *Locale) percentage(num, den int64, decimals int, plus bool) string {
	if den == 0 {
		return Unknown
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals+2)), nil)
	n := new(big.Int).Mul(big.NewInt(num), scale)
	d := big.NewInt(den)
	negative := n.Sign()*d.Sign() < 0
	n.Abs(n)
	d.Abs(d)
	// Adding half of the divisor before the division rounds half up.
	n.Add(n.Lsh(n, 1), d)
	n.Quo(n, d.Lsh(d, 1))
	text := l.fixed(n.String(), decimals) + l.percent
	switch {
	case n.Sign() == 0:
		return text
	case negative:
		return Minus + text
	case plus:
		return "+" + text
	}
	return text
}

// fixed puts the decimal separator into a run of digits.
func (l *Locale) fixed(digits string, decimals int) string {
	if decimals <= 0 {
		return l.grouped(digits)
	}
	for len(digits) <= decimals {
		digits = "0" + digits
	}
	cut := len(digits) - decimals
	return l.grouped(digits[:cut]) + l.decimal + digits[cut:]
}

// ShortMoney is [Locale.Short] for an axis of money.
func (l *Locale) ShortMoney(v float64) string {
	if l.hidden {
		return Hidden
	}
	return l.Short(v)
}

// Hundredths writes a number of hundredths with two places: a pace of 1.23
// units a day.
func (l *Locale) Hundredths(v int64) string {
	digits := strings.TrimPrefix(strconv.FormatInt(v, 10), "-")
	if v < 0 {
		return Minus + l.fixed(digits, 2)
	}
	return l.fixed(digits, 2)
}

// Short writes a figure for a chart's axis in at most three significant
// digits and the language's own unit: "12.3k", "1.23万". It is the one place
// that takes a float, because charts do; tables never use it.
func (l *Locale) Short(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Unknown
	}
	sign := ""
	if v < 0 {
		sign, v = Minus, -v
	}
	text := l.short(v)
	if text == "0" {
		return text
	}
	return sign + text
}

func (l *Locale) short(v float64) string {
	for i, u := range l.words.units {
		scaled := v / math.Pow10(u.exp)
		if scaled >= 0.9995 {
			// 999.95k rounds to 1000k: then the next unit says it better.
			text := l.significant(scaled)
			if i > 0 && scaled >= 0.9995*math.Pow10(l.words.units[i-1].exp-u.exp) {
				u = l.words.units[i-1]
				text = l.significant(v / math.Pow10(u.exp))
			}
			return text + u.suffix
		}
	}
	return l.significant(v)
}

// significant writes v >= 0 with up to three significant digits, without
// trailing zeros.
func (l *Locale) significant(v float64) string {
	decimals := 0
	switch {
	case v < 9.995:
		decimals = 2
	case v < 99.95:
		decimals = 1
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', decimals, 64), ".")
	fraction = strings.TrimRight(fraction, "0")
	if fraction == "" {
		return l.grouped(whole)
	}
	return l.grouped(whole) + l.decimal + fraction
}

// Bytes writes a size in the decimal units of file managers: "38 MB".
func (l *Locale) Bytes(n int64) string {
	if n < 0 {
		return Unknown
	}
	v, name := float64(n), "B"
	for _, next := range []string{"kB", "MB", "GB", "TB"} {
		if v < 999.5 {
			break
		}
		v, name = v/1000, next
	}
	return l.significant(v) + "\u00a0" + name
}
