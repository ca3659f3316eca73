package costfiles

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	utf16 "golang.org/x/text/encoding/unicode"
)

// decoded turns a text file into UTF-8. A spreadsheet writes "CSV" in the charset of
// its Windows: CP932 in Japan, Windows-1252 in Western Europe and America. Nothing in
// the file says which, but Japanese has its syllables, or signs side by side, where
// Western text has single accents between plain letters.
func decoded(body []byte) ([]byte, error) {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		plain, err := utf16.UTF16(utf16.LittleEndian, utf16.UseBOM).NewDecoder().Bytes(body)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		}
		return plain, nil
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if bytes.ContainsRune(body, 0) {
		return nil, fmt.Errorf("%w: it is no text; save it as CSV UTF-8 or as XLSX", ErrFile)
	}
	if utf8.Valid(body) {
		return body, nil
	}
	if text, err := japanese.ShiftJIS.NewDecoder().Bytes(body); err == nil && looksJapanese(text) {
		return text, nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(body)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) || bytes.ContainsFunc(text, strange) {
		return nil, fmt.Errorf("%w: its letters are in a charset that is not known; save it as CSV UTF-8 or as XLSX", ErrFile)
	}
	return text, nil
}

func strange(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

// looksJapanese tells whether text read as CP932 is text: it has no bytes that mean
// nothing, and kana or two signs side by side.
func looksJapanese(text []byte) bool {
	if bytes.ContainsRune(text, utf8.RuneError) || bytes.ContainsFunc(text, strange) {
		return false
	}
	japan, before := false, false
	for _, r := range string(text) {
		half := r >= 0xff61 && r <= 0xff9f // narrow kana: single bytes, which Western letters are too
		sign := half || unicode.Is(unicode.Han, r)
		switch {
		case !half && unicode.In(r, unicode.Hiragana, unicode.Katakana), sign && before:
			japan = true
		case unicode.Is(unicode.Co, r):
			return false // a private sign: no text of a spreadsheet
		}
		before = sign
	}
	return japan
}
