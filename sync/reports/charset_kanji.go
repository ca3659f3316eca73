package reports

import (
	"bytes"
	"regexp"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// fewKanji tells that the high bytes of a file can be kanji: all of them pair up,
// every pair is a sign, and none (of many, hardly one) is a letter of a Western word.
func (s *survey) fewKanji() bool {
	return s.pairsUp() && s.sjisVoid == 0 && s.western*20 < s.sjisOther
}

// pairEnded looks at the pair of bytes before c, if there is one: only what stands
// on both sides of it tells a letter of a word from a kanji.
func (s *survey) pairEnded(c byte) {
	if s.sjisEnded && western(s.sjisPair, c) {
		s.western++
	}
	s.sjisEnded = false
}

// western tells that the first byte of a pair is the letter of a Western word, as in
// "Pokémon", "étoile" and "Škoda", or the apostrophe of "Kid’s". pair is the byte
// before it and the two bytes, next the one after them. Kanji of daily use begin
// with no small letter of windows-1252.
func western(pair [3]byte, next byte) bool {
	before, lead, trail := pair[0], pair[1], pair[2]
	small := isSmall(lead) || lead == 0x9a || lead == 0x9c || lead == 0x9e // š œ ž
	switch {
	case !isPlain(before) && (small || lead == 0x8a || lead == 0x8c || lead == 0x8e): // Š Œ Ž
		return isLower(trail) && (isLower(next) || lead >= 0xe0 && next >= 0xe0 && isSmall(next))
	case !isPlain(before):
		return false
	case lead == 0x92: // ’
		return isSmall(trail) && (isLower(next) || isLower(before) && next < 0x80)
	case small:
		return isSmall(trail) || trail == 0x9c || isCapital(before) && isCapital(trail) && isCapital(next) // POKéMON
	}
	return false
}

func isLower(c byte) bool   { return c >= 'a' && c <= 'z' }
func isCapital(c byte) bool { return c >= 'A' && c <= 'Z' }

// noSign tells by two bytes what CP932 gives no sign, or one of the user's own. It is
// made once, when the first of them are met.
var noSign = sync.OnceValue(func() *[256][256]bool {
	var table [256][256]bool
	d := japanese.ShiftJIS.NewDecoder()
	for lead := range table {
		for trail := range table[lead] {
			text, err := d.Bytes([]byte{byte(lead), byte(trail)})
			r, size := utf8.DecodeRune(text)
			table[lead][trail] = err != nil || size != len(text) || r == utf8.RuneError || unicode.Is(unicode.Co, r)
		}
	}
	return &table
})

// yen is a cell that holds nothing but the currency of Japan.
var yen = regexp.MustCompile(`(?:^|["\t\r\n,;|])JPY(?:["\t\r\n,;|]|$)`)

// fromJapan tells a file of Japan by what its first bytes say in plain letters.
func (s *survey) fromJapan() bool {
	for _, sign := range []string{"mazon.co.jp", "+09:00", " JST"} {
		if bytes.Contains(s.head, []byte(sign)) {
			return true
		}
	}
	return yen.Match(s.head)
}
