package theme

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"
)

// collection packs a font twice, under names of its own, as system fonts do.
func collection(t *testing.T, face []byte, names ...string) []byte {
	t.Helper()
	size := directoryHead + directoryEntry*int(binary.BigEndian.Uint16(face[4:]))
	out := make([]byte, directoryHead+4*len(names))
	copy(out, "ttcf")
	binary.BigEndian.PutUint32(out[8:], uint32(len(names)))
	body := len(out) + size*len(names)
	var extra []byte
	for i, name := range names {
		binary.BigEndian.PutUint32(out[directoryHead+4*i:], uint32(len(out)))
		directory := bytes.Clone(face[:size])
		for at := directoryHead; at < size; at += directoryEntry {
			entry := directory[at:]
			from := int(binary.BigEndian.Uint32(entry[8:])) + body
			if string(entry[:4]) == "name" {
				from = body + len(face) + len(extra)
				binary.BigEndian.PutUint32(entry[12:], uint32(2*len(name)))
				for _, r := range name {
					extra = append(extra, 0, byte(r))
				}
			}
			binary.BigEndian.PutUint32(entry[8:], uint32(from))
		}
		out = append(out, directory...)
	}
	return append(append(out, face...), extra...)
}

func TestSingleFaceOfACollection(t *testing.T) {
	face := base.DefaultTheme().Font(fyne.TextStyle{}).Content()
	packed := collection(t, face, "Sans CJK JP", "Sans CJK SC")
	data, err := singleFace(packed, "CJK SC")
	if err != nil {
		t.Fatal(err)
	}
	name, err := table(data, 0, "name")
	if err != nil || !bytes.Contains(bytes.ReplaceAll(name, []byte{0}, nil), []byte("CJK SC")) {
		t.Errorf("the face is %q, %v", name, err)
	}
	bold := base.DefaultTheme().Font(fyne.TextStyle{Bold: true}).Content()
	binary.BigEndian.PutUint16(must(t, data, "hhea")[4:], 2000) // stands lower
	if err := alignLike(data, bold); err != nil {
		t.Fatal(err)
	}
	got, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want, err := font.ParseTTF(bytes.NewReader(bold))
	if err != nil {
		t.Fatal(err)
	}
	line, _ := got.FontHExtents()
	like, _ := want.FontHExtents()
	if line != like {
		t.Errorf("the line is %+v, want %+v", line, like)
	}
	if a, b := got.HorizontalAdvance(mustGlyph(t, got, 'W')), got.HorizontalAdvance(mustGlyph(t, got, 'i')); a <= b {
		t.Errorf("W is %v wide, i %v: the glyphs are lost", a, b)
	}
}

func must(t *testing.T, data []byte, tag string) []byte {
	t.Helper()
	b, err := table(data, 0, tag)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustGlyph(t *testing.T, f *font.Face, r rune) font.GID {
	t.Helper()
	g, ok := f.NominalGlyph(r)
	if !ok {
		t.Fatalf("no glyph for %c", r)
	}
	return g
}

func TestBrokenFontsAreRefused(t *testing.T) {
	face := base.DefaultTheme().Font(fyne.TextStyle{}).Content()
	whole := collection(t, face, "A", "B")
	for name, data := range map[string][]byte{
		"another family": bytes.Clone(whole),
		"cut":            bytes.Clone(whole[:60]),
		"head alone":     []byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x02"),
		"many faces":     append([]byte("ttcf\x00\x01\x00\x00\xff\xff\xff\xff"), make([]byte, 64)...),
	} {
		if _, err := singleFace(data, "no such family"); !errors.Is(err, errFont) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := alignLike([]byte("no font at all, but long enough to look"), face); !errors.Is(err, errFont) {
		t.Errorf("text is a font: %v", err)
	}
}

func TestOtherLanguagesKeepTheFont(t *testing.T) {
	for _, tag := range []string{"en", "de", ""} {
		if regular, bold := EastAsian(tag); regular != nil || bold != nil {
			t.Errorf("%q has a font of its own", tag)
		}
	}
}
