package archive

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The five storage classes of SQLite reach us as nil, int64, float64, string
// and []byte. Each has one form in CSV and one in JSON, chosen so that the two
// together lose nothing: see README.txt in an archive, which tells the reader.

// appendCSV appends one cell. NULL is nothing at all, an empty text is a pair
// of quotes. Text that is not UTF-8 gets U+FFFD in the place of each bad run,
// and replaced tells so.
func appendCSV(dst []byte, v any) (out []byte, replaced bool, err error) {
	switch v := v.(type) {
	case nil:
		return dst, false, nil
	case int64:
		return strconv.AppendInt(dst, v, 10), false, nil
	case float64:
		return appendReal(dst, v, "INF"), false, nil
	case string:
		if !utf8.ValidString(v) {
			return appendQuoted(dst, strings.ToValidUTF8(v, "\uFFFD")), true, nil
		}
		return appendQuoted(dst, v), false, nil
	case []byte:
		return appendQuoted(dst, base64.StdEncoding.EncodeToString(v)), false, nil
	}
	return dst, false, fmt.Errorf("a value of unknown type %T", v)
}

// appendQuoted appends text by RFC 4180, in quotes when it is empty, holds a
// comma, a quote or a line break, or begins or ends with white space. It
// changes no character: unlike encoding/csv it keeps the line breaks within a
// cell as they are.
func appendQuoted(dst []byte, s string) []byte {
	if s != "" && !strings.ContainsAny(s, ",\"\r\n") && strings.TrimSpace(s) == s {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			break
		}
		dst = append(append(dst, s[:i]...), `""`...)
		s = s[i+1:]
	}
	return append(append(dst, s...), '"')
}

// appendReal appends the shortest decimal that reads back as the same number,
// always with a point or an exponent, so that it is not taken for an integer.
func appendReal(dst []byte, v float64, infinite string) []byte {
	if math.IsInf(v, 0) {
		if v < 0 {
			dst = append(dst, '-')
		}
		return append(dst, infinite...)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'g', -1, 64)
	for _, c := range dst[start:] {
		if c == '.' || c == 'e' {
			return dst
		}
	}
	return append(dst, '.', '0')
}

// appendJSON appends one value. In a column declared BLOB a text of JSON is
// the base64 of a blob, elsewhere it is text; a value that is not of that kind
// is told apart by an object of one member.
func appendJSON(dst []byte, v any, blobColumn bool) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case float64:
		return appendReal(dst, v, "9e999"), nil
	case string:
		switch {
		case !utf8.ValidString(v):
			return appendTagged(dst, "text_base64", base64.StdEncoding.EncodeToString([]byte(v))), nil
		case blobColumn:
			return appendTagged(dst, "text", v), nil
		}
		return appendJSONText(dst, v), nil
	case []byte:
		s := base64.StdEncoding.EncodeToString(v)
		if blobColumn {
			return appendJSONText(dst, s), nil
		}
		return appendTagged(dst, "base64", s), nil
	}
	return dst, fmt.Errorf("a value of unknown type %T", v)
}

func appendTagged(dst []byte, tag, s string) []byte {
	dst = append(append(dst, `{"`...), tag...)
	return append(appendJSONText(append(dst, `":`...), s), '}')
}

// appendJSONText appends a JSON string. Text without anything to escape, which
// is nearly all of it, is copied as it is.
func appendJSONText(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			quoted, _ := json.Marshal(s) // a string cannot fail
			return append(dst, quoted...)
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}
