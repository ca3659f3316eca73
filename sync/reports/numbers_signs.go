package reports

import "unicode/utf8"

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// separator returns the class of the first sign of b: a digit, '.', ',', ' ',
// '\” or 0 for anything else.
func separator(b []byte) (byte, int) {
	switch c := b[0]; {
	case isDigit(c), c == '.', c == ',', c == ' ', c == '\'':
		return c, 1
	case c < utf8.RuneSelf:
		return 0, 1
	}
	r, size := utf8.DecodeRune(b)
	switch r {
	case '\u00a0', '\u202f', '\u2009':
		return ' ', size
	case '\u2019':
		return '\'', size
	}
	return 0, size
}

// marks are the signs of money that may stand before or after an amount, with
// the currencies they fit.
var marks = []struct{ mark, fits string }{
	{"$", "USD CAD AUD MXN SGD"}, {"€", "EUR"}, {"£", "GBP"},
	{"¥", "JPY"}, {"￥", "JPY"}, {"円", "JPY"}, {"₹", "INR"},
	{"zł", "PLN"}, {"kr", "SEK"}, {"R$", "BRL"},
}

// unsigned takes the sign, parentheses and one currency mark off.
func unsigned(b []byte, currency string) ([]byte, bool) {
	b = trimBlank(b)
	if len(b) > 2 && b[0] == '(' && b[len(b)-1] == ')' {
		return unmarked(trimBlank(b[1:len(b)-1]), currency), true
	}
	b, signed, neg := cutSign(b)
	rest := unmarked(b, currency)
	if !signed && len(rest) != len(b) {
		rest, _, neg = cutSign(rest)
	}
	return rest, neg
}

func cutSign(b []byte) (rest []byte, signed, neg bool) {
	switch {
	case len(b) == 0:
		return b, false, false
	case b[0] == '-', b[0] == '+':
		return b[1:], true, b[0] == '-'
	}
	if r, size := utf8.DecodeRune(b); r == '\u2212' {
		return b[size:], true, true
	}
	return b, false, false
}

func unmarked(b []byte, currency string) []byte {
	for _, m := range marks {
		if !fits(m.fits, currency) {
			continue
		}
		if n := len(m.mark); len(b) > n {
			if string(b[:n]) == m.mark {
				return trimBlank(b[n:])
			}
			if string(b[len(b)-n:]) == m.mark {
				return trimBlank(b[:len(b)-n])
			}
		}
	}
	return b
}

func fits(list, currency string) bool {
	for i := 0; i+3 <= len(list); i += 4 {
		if list[i:i+3] == currency {
			return true
		}
	}
	return false
}

// trimBlank takes blanks of every width off both ends.
func trimBlank(b []byte) []byte {
	for len(b) > 0 {
		n := blankPrefix(b)
		if n == 0 {
			break
		}
		b = b[n:]
	}
	for len(b) > 0 {
		r, size := utf8.DecodeLastRune(b)
		if !isBlank(r) {
			break
		}
		b = b[:len(b)-size]
	}
	return b
}

func blankPrefix(b []byte) int {
	if b[0] > ' ' && b[0] < utf8.RuneSelf {
		return 0
	}
	r, size := utf8.DecodeRune(b)
	if isBlank(r) {
		return size
	}
	return 0
}

func isBlank(r rune) bool {
	switch r {
	case ' ', '\t', '\r', '\n', '\u00a0', '\u202f', '\u2009', '\u3000', '\ufeff':
		return true
	}
	return false
}
