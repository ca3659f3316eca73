package reports

import "testing"

// Gaps of the charset, and rows that everybody fills with his own signs, are no kanji.
func TestBytesWithoutASign(t *testing.T) {
	for pair, want := range map[string]bool{
		"\x95\x5c": false, "\x93\xfa": false, "\x88\xef": false, "\x88\x9f": false, "\xea\xa4": false, // 表 日 茨 亜 熙
		"\x87\x40": false, "\xed\x40": false, "\xfb\xfc": false, "\xfc\x4b": false, // ① 纊 髙 黑
		"\x88\x9e": true, "\x98\x73": true, "\xea\xa5": true, "\xeb\x40": true, "\xf9\x6e": true, "\xf6\xdf": true, "\xfc\x4c": true,
	} {
		if got := noSign()[pair[0]][pair[1]]; got != want {
			t.Errorf("%x is no sign: %v", pair, got)
		}
	}
}

// A pair of bytes is told alike wherever the file is cut for reading, also where one
// part has plain letters only.
func TestWesternPairsAcrossReads(t *testing.T) {
	for _, text := range []string{"Pok\xe9mon", "a \xe9toile", "x\x88\xef\x8f\xe9y", "\x95\x5c\x95\x72", "Kid\x92s", "a\x91\xe5"} {
		whole := &survey{}
		whole.add([]byte(text + "\n"))
		for at := range len(text) {
			parts := &survey{}
			parts.add([]byte(text[:at]))
			parts.add([]byte(text[at:] + "\n"))
			if whole.western != parts.western || whole.fewKanji() != parts.fewKanji() {
				t.Errorf("%q cut at %d: %d letters, want %d", text, at, parts.western, whole.western)
			}
		}
		single := &survey{}
		for i := range len(text) {
			single.add([]byte{text[i]})
		}
		single.add([]byte("\n"))
		if whole.western != single.western || whole.fewKanji() != single.fewKanji() {
			t.Errorf("%q byte by byte: %d letters, want %d", text, single.western, whole.western)
		}
	}
}
