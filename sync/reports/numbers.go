package reports

import "math"

// numberState says how a piece of text reads as a number.
type numberState uint8

const (
	numberOK        numberState = iota
	numberBad                   // no form of number that Amazon writes
	numberAmbiguous             // "1.234": one and a bit, or more than a thousand
	numberMixed                 // the other decimal sign than the rest of the file
	numberPlaces                // more decimal places than the currency has
	numberLarge                 // beyond 64 bits of minor units
)

// reason finishes the sentence `amount "x" ...`.
func (s numberState) reason() string {
	switch s {
	case numberAmbiguous:
		return "can be read in two ways and nothing else in the file tells which; import a longer period, or the file as Amazon sent it"
	case numberMixed:
		return "uses another decimal sign than the rest of the file"
	case numberPlaces:
		return "has more decimal places than the currency"
	case numberLarge:
		return "is too large"
	}
	return "is not a number"
}

// numberForm is the decimal sign of a file: '.', ',' or 0 while nothing told.
type numberForm struct {
	decimal byte
	early   bool // a count with a separator was read before anything told
}

// numeral is the shape of a number before its decimal sign is known.
type numeral struct {
	value    uint64 // all digits, without signs and separators
	digits   int
	neg      bool
	lastSep  byte // the last separator: '.', ',', ' ' or '\''; 0 for none
	after    int  // digits after it
	groupSep byte // the separator of all the earlier ones
	earlier  int  // how many earlier ones
	first    int  // digits before the first separator
	grouped  bool // every earlier group has its three digits (or two, in India)
	zeroLead bool // begins with 0 and has more digits
}

// parse reads b as minor units of a currency with the given decimal digits.
// A number with one reading only fixes the form. Blanks around it do not count.
func (f *numberForm) parse(b []byte, digits int, currency string) (int64, numberState) {
	if v, ok := plain(b, digits, f.decimal); ok {
		return v, numberOK
	}
	n, ok := shape(b, currency)
	if !ok {
		return 0, numberBad
	}
	frac, st := n.decimals(f, currency)
	if st != numberOK {
		return 0, st
	}
	v, st := scale(n.value, frac, digits)
	if n.neg {
		v = -v
	}
	return v, st
}

// plain is the quick way for "-123" and, once the decimal sign is known, for
// "-123.45"; anything longer or stranger takes the slow way.
func plain(b []byte, digits int, decimal byte) (int64, bool) {
	neg := len(b) > 0 && b[0] == '-'
	if neg {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 14 {
		return 0, false
	}
	var v int64
	frac := -1 // digits after the decimal sign; -1 before it
	for i, c := range b {
		switch {
		case isDigit(c):
			v = v*10 + int64(c-'0')
			if frac >= 0 {
				frac++
			}
		case c == decimal && i > 0 && frac < 0:
			frac = 0
		default:
			return 0, false
		}
	}
	if frac == 0 || frac > digits {
		return 0, false
	}
	for range digits - max(frac, 0) {
		v *= 10
	}
	if neg {
		v = -v
	}
	return v, true
}

// decimals tells how many digits of n stand after the decimal sign, fixing the
// form when n tells it.
func (n *numeral) decimals(f *numberForm, currency string) (int, numberState) {
	told, st := n.evidence(currency)
	if st == numberBad {
		return 0, numberBad
	}
	if f.decimal == 0 {
		f.decimal = told
	}
	if told != 0 && f.decimal != told {
		return 0, numberMixed
	}
	switch {
	case n.lastSep == 0:
		return 0, numberOK
	case n.lastSep == f.decimal:
		if n.earlier > 0 && (!n.grouped || n.zeroLead) {
			return 0, numberBad
		}
		return n.after, numberOK
	case !n.grouped || n.after != 3 || n.zeroLead:
		return 0, numberBad
	case f.decimal == 0 && isPoint(n.lastSep):
		return 0, numberAmbiguous
	}
	return 0, numberOK
}

func isPoint(sep byte) bool { return sep == '.' || sep == ',' }

// evidence returns the decimal sign that n by itself tells, or 0.
func (n *numeral) evidence(currency string) (byte, numberState) {
	if !isPoint(n.lastSep) {
		if n.earlier > 0 && n.groupSep != n.lastSep {
			return 0, numberBad // "1,234 567"
		}
		return 0, numberOK
	}
	switch {
	case n.earlier > 0 && n.groupSep != n.lastSep:
		return n.lastSep, numberOK // "1.234,5"
	case n.earlier > 0:
		return other(n.lastSep), numberOK // "1,234,567"
	case n.after != 3 || n.first > 3 || n.first == 0 || n.zeroLead:
		return n.lastSep, numberOK // "12.5", "0.123", "1234.567"
	case n.lastSep == ',' && currency == "JPY":
		return '.', numberOK // whole yen; no yen file has a decimal comma
	}
	return 0, numberOK
}

func other(sep byte) byte {
	if sep == '.' {
		return ','
	}
	return '.'
}

// scale turns digits with frac decimal places into minor units, exactly.
func scale(v uint64, frac, digits int) (int64, numberState) {
	for ; frac > digits; frac-- {
		if v%10 != 0 {
			return 0, numberPlaces
		}
		v /= 10
	}
	for ; frac < digits; frac++ {
		if v > math.MaxInt64/10 {
			return 0, numberLarge
		}
		v *= 10
	}
	if v > math.MaxInt64 {
		return 0, numberLarge
	}
	return int64(v), numberOK
}

// shape takes signs and currency marks off and splits digits and separators.
func shape(b []byte, currency string) (numeral, bool) {
	var n numeral
	b, n.neg = unsigned(b, currency)
	if len(b) == 0 || !isDigit(b[0]) && !isPoint(b[0]) || !isDigit(b[len(b)-1]) {
		return n, false
	}
	n.grouped = true
	group := 0
	for i := 0; i < len(b); {
		c, size := separator(b[i:])
		i += size
		if isDigit(c) {
			if n.digits++; n.digits > 19 { // what 64 bits hold without a sign
				return n, false
			}
			n.value = n.value*10 + uint64(c-'0')
			group++
			continue
		}
		if c == 0 || (n.digits == 0 && n.lastSep != 0) || !n.addSeparator(c, group, currency) {
			return n, false
		}
		group = 0
	}
	n.after = group
	if n.lastSep == 0 {
		n.first = group
	}
	n.zeroLead = b[0] == '0' && n.lastSep != 0
	return n, true
}

// addSeparator notes a separator that follows a group of so many digits.
func (n *numeral) addSeparator(c byte, group int, currency string) bool {
	if n.lastSep == 0 {
		n.first = group
		n.grouped = group >= 1 && group <= 3
		n.lastSep = c
		return true
	}
	if n.earlier > 0 && n.groupSep != n.lastSep {
		return false // "1,234.567.8"
	}
	lakh := currency == "INR" && group == 2 && c == n.lastSep // "1,23,456.00"
	if group != 3 && !lakh {
		return false
	}
	n.groupSep = n.lastSep
	n.earlier++
	n.lastSep = c
	return true
}
