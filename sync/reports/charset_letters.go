package reports

import "strings"

// letters counts what bytes with the top bit stand beside: in their own charset they
// make words, in another one signs such as ³ stand in the middle of a word.
type letters struct {
	before, last byte // the two bytes before
	all          [256]int64
	inner        [256]int64 // between two letters
	small        [256]int64 // of these, between two small ones
	cubic        int64      // of these, a three behind the m of a unit
	joined       int64      // Polish letters that are signs here side by side, as in "gałąź"

	// Of charsets in which two such bytes are one sign (EUC, GB2312): how long
	// an unbroken run of them is, and where its signs lie.
	run, longest int
	odd, pairs   int64 // runs that end in the middle of a sign; signs
	kana         int64 // signs that are kana in EUC-JP
	mid, beyond  int64 // signs of rows D0-D7, and of rows above C8
	twins        int64 // signs of the same byte twice: "»»" and "··" are none
	plain        int64 // bytes of signs that are no Western letters
	lastKana     byte  // of the run, and whether it had another
	mixed        bool
	words        int64 // runs of three and more that had
	lone         int64 // Western capitals with an accent alone beside a plain letter
	half         int64 // bytes that are one-byte katakana in CP932, those of no Western capital
}

func (l *letters) add(c byte) {
	if l.last >= 0x80 && isLatin(l.before) {
		l.stand(c)
	}
	if c < 0xa1 || c > 0xfe {
		l.endRun(c)
	} else if l.run++; l.run%2 == 0 {
		l.pair(l.last, c)
	}
	if c >= 0x80 {
		l.all[c]++
		if c >= 0xa6 && c <= 0xbf {
			l.half++
		}
		if c >= 0xa6 && c <= 0xdf {
			l.mixed = l.mixed || l.lastKana != 0 && l.lastKana != c
			l.lastKana = c
		}
	}
	l.before, l.last = l.last, c
}

// stand counts the last byte, which follows a letter, by what it stands before.
func (l *letters) stand(next byte) {
	switch {
	case isLatin(next):
		l.inner[l.last]++
		if isSmall(l.before) && isSmall(next) {
			l.small[l.last]++
			if l.last == 0xb3 && l.before == 'm' {
				l.cubic++
			}
		}
	case isSmall(l.before) && l.before != 'm' && strings.IndexByte(polishBoth, l.last) >= 0 && strings.IndexByte(polishMore, next) >= 0:
		l.joined++
	}
}

// skip passes over plain letters.
func (l *letters) skip(b []byte) {
	for _, c := range b[:min(len(b), 1)] {
		l.add(c)
	}
	if n := len(b); n > 1 {
		l.before, l.last = b[n-2], b[n-1]
	}
}

func (l *letters) endRun(next byte) {
	l.longest = max(l.longest, l.run)
	if l.run%2 == 1 {
		l.odd++
	}
	if l.run >= 3 && l.mixed {
		l.words++
	}
	if l.run == 1 && l.last >= 0xc0 && l.last <= 0xdf && l.last != 0xd7 && (isPlain(l.before) || isPlain(next)) {
		l.lone++
	}
	l.run, l.lastKana, l.mixed = 0, 0, false
}

func (l *letters) pair(lead, trail byte) {
	l.pairs++
	if lead == trail {
		l.twins++
	}
	for _, c := range [2]byte{lead, trail} {
		if c < 0xc0 {
			l.plain++
		}
	}
	switch {
	case lead == 0xa4, lead == 0xa5:
		l.kana++
	case lead >= 0xd0 && lead <= 0xd7:
		l.mid++
	}
	if lead > 0xc8 {
		l.beyond++
	}
}

// isLatin tells a letter of windows-1252 and its neighbours.
func isLatin(c byte) bool {
	return isPlain(c) || c >= 0xc0 && c != 0xd7 && c != 0xf7
}

// isPlain tells a letter without an accent.
func isPlain(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// isSmall tells a small letter of windows-1252 and its neighbours.
func isSmall(c byte) bool { return c >= 'a' && c <= 'z' || c >= 0xdf && c != 0xf7 }

// different is how many of some bytes were counted at all.
func different(counts *[256]int64, bytes string) (n int) {
	for i := range len(bytes) {
		if counts[bytes[i]] > 0 {
			n++
		}
	}
	return n
}

// sumOf adds up the counts of some bytes.
func sumOf(counts *[256]int64, bytes string) (n int64) {
	for i := range len(bytes) {
		n += counts[bytes[i]]
	}
	return n
}

// doubled is the charset of a file whose high bytes come in pairs, "" when they do
// not; told is false when they do and which of these charsets it is stays open.
// Western letters seldom stand together: four and more are a row of one sign, or a
// list of letters such as "ÄÖÜß". Two signs need more to speak for them than many.
func (l *letters) doubled() (charset string, told bool) {
	if l.longest < 4 || l.odd*20 > l.pairs || sumOf(&l.all, c1Signs)*20 > l.pairs {
		return "", true
	}
	if l.twins*2 >= l.pairs || l.plain*5 < l.pairs || l.pairs < 3 && l.plain < l.pairs {
		return "", true
	}
	switch {
	case l.kana*5 >= l.pairs:
		return "euc-jp", true
	case l.pairs >= 6 && l.mid*10 >= l.pairs: // common in Chinese, seldom in the others
		return "gbk", true
	case l.pairs >= 6 && l.beyond == 0: // the syllables of Korean
		return "euc-kr", true
	}
	return "euc", false
}

// halfKana tells one-byte katakana of CP932 and nothing else: words of an odd length
// are of no charset of pairs, and "···" is no word.
func (s *survey) halfKana() bool {
	l := &s.letters
	return s.sjisHalf == s.high && l.words > 0 && l.lone*10 <= l.words && l.odd > 0 && l.half*10 >= 3*s.high
}

// c1Signs are the bytes that are letters and signs in Microsoft's charsets only.
var c1Signs = func() string {
	var b []byte
	for c := 0x80; c < 0xa0; c++ {
		b = append(b, byte(c))
	}
	return string(b)
}()

// What letters of other charsets look like in windows-1252.
const (
	polish1250  = "\xb9\x9c\x9f" // ą ś ź
	polish8859  = "\xb1\xb6\xbc"
	polishBoth  = "\xb3\xbf"             // ł ż
	polishMore  = "\xb9\x9f\xb1\xb6\xbc" // those of both that are no Western letters
	czech1250   = "\x9a\x9e\x9d"
	czech8859   = "\xb9\xbe\xbb"
	czechBoth   = "\xec\xf9" // ě ů, which in Italian and French end a word
	czechMore   = czech1250 + czech8859
	turkish     = "\xf0\xfe\xd0\xde" // ğ ş Ğ Ş
	turkishToo  = turkish + "\xfd\xdd\xe7\xc7\xf6\xd6\xfc\xdc\xe2\xc2\xee\xce\xfb\xdb"
	latin9      = "\xbd\xbc" // œ Œ
	latin9Signs = "\xa4"     // €
)

// european is the charset of a European file that is not windows-1252, "" when
// nothing speaks for another; told is false when several do.
func (l *letters) european() (charset string, told bool) {
	var high, capitals int64
	for c := 0x80; c < 0x100; c++ {
		high += l.all[c]
		if c >= 0xc0 {
			capitals += l.all[c]
		}
	}
	often := func(n int64) bool { return n > 0 && n*20 >= high }
	microsoft := sumOf(&l.all, c1Signs) > 0
	polish := often(sumOf(&l.inner, polishBoth)) && l.polish()
	czech := often(sumOf(&l.inner, czechBoth)) && l.czech()
	switch {
	case polish && czech:
		return "", false
	case polish:
		return eastern(sumOf(&l.inner, polish1250) > 0 || microsoft, sumOf(&l.inner, polish8859) > 0)
	case czech:
		return eastern(microsoft, sumOf(&l.inner, czech8859) > 0)
	case often(sumOf(&l.all, turkish)) && sumOf(&l.all, turkishToo) == capitals:
		return "windows-1254", true
	case !microsoft && sumOf(&l.inner, latin9)+sumOf(&l.all, latin9Signs) > 0:
		return "iso-8859-15", true
	}
	return "", true
}

// polish tells that one of ł and ż is no slip: "cm³Glas" and "sí¿Qué" have them too.
// One ł between small letters is enough where it can be the cube of no unit.
func (l *letters) polish() bool {
	n := different(&l.small, polishBoth+polishMore)
	if l.joined > 0 {
		n++
	}
	return n >= 2 || l.small[0xb3] > l.cubic || l.small[0xbf] >= 2
}

// czech tells two different letters: the ù of "Dùn" alone says nothing, however often
// it comes.
func (l *letters) czech() bool {
	return different(&l.inner, czechBoth)+different(&l.small, czechMore) >= 2
}

// eastern tells the two charsets of Eastern Europe apart.
func eastern(microsoft, iso bool) (charset string, told bool) {
	switch {
	case microsoft && iso:
		return "", false
	case iso:
		return "iso-8859-2", true
	}
	return "windows-1250", true // where neither is used, both read alike
}
