package reports

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// survey is what one pass over the raw bytes tells.
type survey struct {
	size   int64
	sha256 string
	head   []byte // the first bytes, raw
	lf, cr int64

	high       int64 // bytes with the top bit set
	utf8Good   int64 // signs of more than one byte
	utf8Bad    int64
	sjisKana   int64 // two-byte signs of rows 1-5: punctuation, kana
	sjisOther  int64 // other two-byte signs
	sjisLow    int64 // of these, with a second byte below 0x80: "Kid’s" looks like one
	sjisHalf   int64 // one-byte katakana
	sjisBad    int64
	cp1252Bad  int64 // bytes that windows-1252 leaves undefined
	latin      int64 // bytes that are letters with accents there
	evenZero   int64 // zero bytes at even places, and at odd ones
	oddZero    int64
	utf8Carry  []byte
	sjisLead   byte
	sjisLeadOn bool
	sjisBefore byte    // the byte before, 0 behind a sign of two
	sjisPair   [3]byte // the last sign of two bytes, behind the byte before it
	sjisEnded  bool    // it is just before
	sjisVoid   int64   // of sjisOther, pairs that are no sign
	western    int64   // of sjisOther, pairs that are letters of Western words
	letters    letters
}

const headSize = 64 << 10

// take reads all of r.
func take(r io.Reader) (*survey, error) {
	s := &survey{}
	sum := sha256.New()
	buf := make([]byte, 128<<10)
	for {
		n, err := r.Read(buf)
		sum.Write(buf[:n])
		s.add(buf[:n])
		if s.size > maxSize {
			return nil, refuse(ErrTooLarge, 0, "the file is larger than %d GB unpacked, no report is; import a shorter period", maxSize>>30)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, readError(err)
		}
	}
	s.utf8Bad += int64(len(s.utf8Carry))
	s.letters.add('\n') // the last letter has an end
	s.pairEnded('\n')
	s.sha256 = hex.EncodeToString(sum.Sum(nil))
	return s, nil
}

func (s *survey) add(b []byte) {
	if room := headSize - len(s.head); room > 0 {
		s.head = append(s.head, b[:min(room, len(b))]...)
	}
	s.lf += int64(bytes.Count(b, []byte{'\n'}))
	s.cr += int64(bytes.Count(b, []byte{'\r'}))
	if bytes.IndexByte(b, 0) >= 0 {
		for i, c := range b {
			if c == 0 && (s.size+int64(i))%2 == 0 {
				s.evenZero++
			} else if c == 0 {
				s.oddZero++
			}
		}
	}
	s.size += int64(len(b))
	if len(s.utf8Carry) == 0 && !s.sjisLeadOn && ascii(b) {
		s.letters.skip(b)
		if len(b) > 0 {
			s.pairEnded(b[0])
			s.sjisBefore = b[len(b)-1]
		}
		return
	}
	s.addUTF8(b)
	s.addHigh(b)
}

// ascii tells whether b has no byte with the top bit, eight at a time.
func ascii(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (s *survey) addUTF8(b []byte) {
	if len(s.utf8Carry) > 0 {
		b = append(bytes.Clone(s.utf8Carry), b...)
		s.utf8Carry = nil
	}
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		if !utf8.FullRune(b) {
			s.utf8Carry = bytes.Clone(b)
			return
		}
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			s.utf8Bad++
		} else {
			s.utf8Good++
		}
		b = b[size:]
	}
}

// addHigh counts what the bytes would be in CP932 and windows-1252.
func (s *survey) addHigh(b []byte) {
	for _, c := range b {
		s.letters.add(c)
		s.pairEnded(c)
		before := s.sjisBefore
		s.sjisBefore = c
		if c >= utf8.RuneSelf {
			s.high++
			switch {
			case c == 0x81, c == 0x8d, c == 0x8f, c == 0x90, c == 0x9d:
				s.cp1252Bad++
			case c >= 0xc0 && c != 0xd7 && c != 0xf7:
				s.latin++
			}
		}
		switch {
		case s.sjisLeadOn:
			s.sjisLeadOn = false
			switch {
			case c < 0x40 || c == 0x7f || c > 0xfc:
				s.sjisBad++
			case s.sjisLead <= 0x83:
				s.sjisKana++
			default:
				s.sjisOther++
				s.sjisPair, s.sjisEnded, s.sjisBefore = [3]byte{s.sjisPair[0], s.sjisLead, c}, true, 0
				if noSign()[s.sjisLead][c] {
					s.sjisVoid++
				}
				if c < utf8.RuneSelf {
					s.sjisLow++
				}
			}
		case c >= 0x81 && c <= 0x9f, c >= 0xe0 && c <= 0xfc:
			s.sjisLead, s.sjisLeadOn, s.sjisPair[0] = c, true, before
		case c >= 0xa1 && c <= 0xdf:
			s.sjisHalf++
		case c >= utf8.RuneSelf:
			s.sjisBad++
		}
	}
}

// charset decides how the bytes are read: byte order mark, then the name that
// came with the file where the bytes allow it, then UTF-8 if valid, UTF-16 by
// its zeros, CP932 by its kana, then by the letters (see the letters type), else
// windows-1252 (which includes ISO-8859-1).
func (s *survey) charset(hint Hint, w *wordTables) (string, error) {
	switch {
	case bytes.HasPrefix(s.head, []byte("\xef\xbb\xbf")):
		return "utf-8", nil
	case bytes.HasPrefix(s.head, []byte("\xff\xfe")):
		return "utf-16le", nil
	case bytes.HasPrefix(s.head, []byte("\xfe\xff")):
		return "utf-16be", nil
	}
	if name := s.hinted(hint.Charset, w); name != "" {
		return name, nil
	}
	switch {
	case s.isUTF16() && s.oddZero > 0:
		return "utf-16le", nil
	case s.isUTF16():
		return "utf-16be", nil
	case s.isUTF8():
		return "utf-8", nil
	case s.isCP932(), s.onlyKanji(), s.halfKana():
		return "windows-31j", nil
	case s.fewKanji() && (hint.Japanese || s.fromJapan()):
		return "windows-31j", nil
	}
	if name, told := s.letters.doubled(); name != "" && told {
		return name, nil
	} else if !told {
		return "", refuse(ErrCharset, 0, "the letters of the file are Chinese, Japanese or Korean in a charset that cannot be told; save it as UTF-8 and import it again")
	}
	switch name, told := s.letters.european(); {
	case !told:
	case name != "":
		return name, nil
	case s.cp1252Bad == 0:
		return "windows-1252", nil
	case s.pairsUp(): // too short to tell by its kana, and nothing else fits
		return "windows-31j", nil
	}
	return "", refuse(ErrCharset, 0, "the letters of the file are in a charset that cannot be told; save it as UTF-8 and import it again")
}

// hinted is the charset that came with the file, "" when the bytes speak
// against it: Amazon declares wrong ones at times.
func (s *survey) hinted(hint string, w *wordTables) string {
	name := w.charsets[strings.ToLower(strings.TrimSpace(hint))]
	switch {
	case name == "utf-8" && !s.isUTF8(), name == "windows-31j" && !s.couldBeCP932():
		return ""
	case s.cp1252Bad > 0 && s.isCP932() && name != "windows-31j":
		return "" // bytes that mean nothing in Western charsets: Japanese under a wrong name
	case strings.HasPrefix(name, "utf-16"):
		return "" // its zeros or its mark tell, and which of the two
	case name != "utf-8" && s.utf8Good > 0 && s.utf8Bad == 0:
		return "utf-8" // no other charset looks like this by chance
	case s.high == 0:
		return ""
	}
	return name
}

// isUTF16 goes by the mark, else by the zeros of Latin letters on one side.
func (s *survey) isUTF16() bool {
	marked := bytes.HasPrefix(s.head, []byte("\xff\xfe")) || bytes.HasPrefix(s.head, []byte("\xfe\xff"))
	return marked || (s.evenZero+s.oddZero > s.size/4 && (s.evenZero == 0 || s.oddZero == 0))
}

// isUTF8 allows a few damaged signs: Amazon cuts titles at a byte limit.
func (s *survey) isUTF8() bool { return s.utf8Bad == 0 || s.utf8Good > 20*s.utf8Bad }

func (s *survey) couldBeCP932() bool {
	return s.sjisBad == 0 || s.sjisKana+s.sjisOther > 20*s.sjisBad
}

// isCP932 wants kana: western letters rarely pair up so, and never as kana.
func (s *survey) isCP932() bool {
	return s.couldBeCP932() && s.sjisKana > 0 && s.sjisHalf <= s.sjisKana+s.sjisOther
}

// onlyKanji is a file with a few kanji and no kana: all of its high bytes pair
// up, and in windows-1252 they would be signs such as "Š¿", with no letter.
func (s *survey) onlyKanji() bool {
	return s.sjisOther > 0 && s.sjisLow == 0 && s.latin == 0 && s.sjisBad == 0 && s.sjisHalf == 0 && !s.sjisLeadOn
}

// pairsUp tells that every high byte is part of a sign of CP932.
func (s *survey) pairsUp() bool { return s.sjisBad == 0 && !s.sjisLeadOn && s.sjisOther > 0 }

var decoders = map[string]encoding.Encoding{
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"windows-31j":  japanese.ShiftJIS, // with the vendor's signs, as browsers have it
	"windows-1252": charmap.Windows1252,
	"iso-8859-1":   charmap.Windows1252, // what is called so is this one
	"iso-8859-15":  charmap.ISO8859_15,
	"iso-8859-2":   charmap.ISO8859_2,
	"windows-1250": charmap.Windows1250,
	"windows-1254": charmap.Windows1254,
	"euc-jp":       japanese.EUCJP,
	"euc-kr":       korean.EUCKR,
	"gbk":          simplifiedchinese.GBK,
}

// decoded returns r as UTF-8 without a byte order mark. repair replaces damaged
// signs of UTF-8.
func decoded(r io.Reader, charset string, repair bool) *bufio.Reader {
	if e, ok := decoders[charset]; ok {
		r = transform.NewReader(r, e.NewDecoder())
	} else if repair {
		r = transform.NewReader(r, unicode.UTF8.NewDecoder())
	}
	br := bufio.NewReaderSize(r, 64<<10)
	for { // joined files have several
		if b, err := br.Peek(3); err != nil || string(b) != "\ufeff" {
			break
		}
		_, _ = br.Discard(3) // what Peek returned can be discarded
	}
	return br
}
