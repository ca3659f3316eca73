package reports_test

import (
	"bytes"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"countinghouse/sync/reports"
)

// Japanese files come in the code page of Windows, with signs that strict
// Shift_JIS lacks, under Japanese headings, and say nothing of it.
func TestPitfall40_JapaneseFiles(t *testing.T) {
	want := rows(t, mustOpen(t, japanese1()))
	packed := encode(t, japanese.ShiftJIS, japanese1())
	if !bytes.Contains(packed, []byte{0x87, 0x40}) { // the circled one: a sign of the vendor's
		t.Fatal("the file has nothing that strict Shift_JIS lacks")
	}
	for _, said := range []string{"", "Shift_JIS", "windows-31j", "utf-8", "ISO-8859-1"} {
		files, err := open(t, "f", packed, reports.Hint{Charset: said})
		if err != nil {
			t.Errorf("said to be %q: %v", said, err)
			continue
		}
		if got := rows(t, files[0]); len(got) == 0 || len(got) != len(want) {
			t.Errorf("said to be %q: %d rows, want %d", said, len(got), len(want))
		}
		if files[0].Charset != "windows-31j" {
			t.Errorf("said to be %q: read as %s", said, files[0].Charset)
		}
	}
}

// What a file is said to be differs by region and is wrong now and then: its
// bytes decide.
func TestPitfall41_TheBytesDecide(t *testing.T) {
	for _, tc := range []struct {
		name, said, charset string
		data                []byte
	}{
		{"Java's name for Windows-1252", "Cp1252", "windows-1252", encode(t, charmap.Windows1252, german())},
		{"UTF-8 said to be Latin 1", "ISO-8859-1", "utf-8", german()},
		{"UTF-8 said to be Windows-1252", "Cp1252", "utf-8", german()},
		{"Japanese said to be Latin 1", "ISO-8859-1", "windows-31j", encode(t, japanese.ShiftJIS, japanese1())},
		{"Windows-1252 said to be UTF-8", "UTF-8", "windows-1252", encode(t, charmap.Windows1252, german())},
	} {
		t.Run(tc.name, func(t *testing.T) {
			files, err := open(t, "f", tc.data, reports.Hint{Charset: tc.said})
			if err != nil {
				t.Fatal(err)
			}
			if files[0].Charset != tc.charset {
				t.Errorf("read as %s, want %s", files[0].Charset, tc.charset)
			}
		})
	}
}
