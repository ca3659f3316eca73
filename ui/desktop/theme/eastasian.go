package theme

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"
)

// fontPair is a system font that has Latin, Japanese and Chinese glyphs of one
// design: files in a folder, and the family inside a collection.
type fontPair struct {
	regular, bold string // below one of fontFolders
	family        string // part of the name of the face in the collection
}

// fontFolders are where Linux, macOS and Windows keep their fonts.
var fontFolders = []string{
	"/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk",
	"/usr/share/fonts/truetype", "/System/Library/Fonts", windowsFonts(os.Getenv("SystemRoot")),
}

// windowsFonts is the folder of the fonts of Windows, which need not be on C:.
func windowsFonts(root string) string {
	if root == "" {
		root = `C:\Windows`
	}
	return root + `\Fonts`
}

var (
	japaneseFonts = []fontPair{
		{"NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "Sans CJK JP"},
		{"ヒラギノ角ゴシック W3.ttc", "ヒラギノ角ゴシック W6.ttc", ""},
		{"YuGothM.ttc", "YuGothB.ttc", ""},
		{"meiryo.ttc", "meiryob.ttc", ""},
	}
	chineseFonts = []fontPair{
		{"NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "Sans CJK SC"},
		{"PingFang.ttc", "PingFang.ttc", ""},
		{"Hiragino Sans GB.ttc", "Hiragino Sans GB.ttc", ""},
		{"msyh.ttc", "msyhbd.ttc", ""},
	}
)

// The files have tens of megabytes, of which a process holds what it looks at.
var (
	japanese = sync.OnceValues(func() (regular, bold fyne.Resource) { return loadPair(japaneseFonts) })
	chinese  = sync.OnceValues(func() (regular, bold fyne.Resource) { return loadPair(chineseFonts) })
)

// EastAsian returns this computer's font for an interface in Japanese or
// Chinese; nil for other languages, or where the computer has none. Fyne would
// mix: Latin in one font, the rest in another that stands lower and is never
// bold.
func EastAsian(language string) (regular, bold fyne.Resource) {
	switch {
	case strings.HasPrefix(language, "ja"):
		return japanese()
	case strings.HasPrefix(language, "zh"):
		return chinese()
	}
	return nil, nil
}

// LoadFonts finds the font of Japanese and Chinese texts and has the system read
// its files, so that the first title that needs it does not wait for the disk.
// Until then it takes no memory of this process. It may run on any goroutine.
func LoadFonts() {
	if regular, _ := japanese(); regular == nil {
		return
	}
	for _, pair := range japaneseFonts {
		for _, folder := range fontFolders {
			if readThrough(filepath.Join(folder, pair.regular)) && readThrough(filepath.Join(folder, pair.bold)) {
				return
			}
		}
	}
}

// readThrough reads a file into the system's cache and keeps nothing of it.
func readThrough(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = io.Copy(io.Discard, f)
	return err == nil
}

// maxFont is the largest font file that is looked at, in bytes: those of
// Japanese have up to 20 MB.
const maxFont = 64 << 20

// FontFor returns the font of a text that holds Japanese or Chinese where the
// theme's own has none: inside an interface in another language, such as a
// product's title, or among letters of one width; nil for any other text.
func FontFor(text string, style fyne.TextStyle) fyne.Resource {
	if Latin(text) {
		return nil
	}
	t, ok := fyne.CurrentApp().Settings().Theme().(*Theme)
	if !ok || t.options.Regular != nil && !style.Monospace {
		return nil
	}
	regular, bold := t.options.Regular, t.options.Bold
	if regular == nil {
		regular, bold = japanese()
	}
	if style.Bold {
		return bold
	}
	return regular
}

// Measure tells how large a text is in the font that it is drawn in. Fyne's own
// measuring looks for a font that has the text's letters: on a computer that has
// not read it yet that takes seconds.
func Measure(text string, size float32, style fyne.TextStyle) fyne.Size {
	if font := FontFor(text, style); font != nil {
		s, _ := fyne.CurrentApp().Driver().RenderedTextSize(text, size, style, font)
		return s
	}
	return fyne.MeasureText(text, size, style)
}

// Latin reports whether a text holds neither Japanese nor Chinese.
func Latin(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= 0x2E80 && r < 0xFFF0 }) < 0
}

// loadPair reads the first pair of which both files are there and sound.
func loadPair(pairs []fontPair) (regular, bold fyne.Resource) {
	for _, pair := range pairs {
		for _, folder := range fontFolders {
			regular, err := loadFace(filepath.Join(folder, pair.regular), pair.family)
			if err != nil {
				continue
			}
			if bold, err := loadFace(filepath.Join(folder, pair.bold), pair.family); err == nil {
				return regular, bold
			}
		}
	}
	return nil, nil
}

func loadFace(path, family string) (fyne.Resource, error) {
	data, err := mapped(path)
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	if data, err = singleFace(data, family); err != nil {
		return nil, fmt.Errorf("read the font %s: %w", path, err)
	}
	if err := alignLike(data, base.DefaultTheme().Font(fyne.TextStyle{}).Content()); err != nil {
		return nil, fmt.Errorf("read the font %s: %w", path, err)
	}
	return fyne.NewStaticResource(filepath.Base(path)+" "+family, data), nil
}

var errFont = errors.New("no font that is understood")

// Sizes in a font file, in bytes.
const (
	directoryHead  = 12
	directoryEntry = 16
)

// singleFace makes a font file of one face of a collection, in place: its
// directory is written where the collection's was. A file of one face stays
// as it is.
func singleFace(data []byte, family string) ([]byte, error) {
	if len(data) < directoryHead || string(data[:4]) != "ttcf" {
		return data, nil
	}
	count := int(binary.BigEndian.Uint32(data[8:]))
	if count <= 0 || count > 256 || len(data) < directoryHead+4*count {
		return nil, errFont
	}
	for i := range count {
		at := int(binary.BigEndian.Uint32(data[directoryHead+4*i:]))
		name, err := table(data, at, "name")
		if err != nil {
			return nil, err
		}
		// Names are in UTF-16: without its zero bytes that is ASCII.
		if !bytes.Contains(bytes.ReplaceAll(name, []byte{0}, nil), []byte(family)) {
			continue
		}
		size := directoryHead + directoryEntry*int(binary.BigEndian.Uint16(data[at+4:]))
		for entry := at + directoryHead; entry < at+size; entry += directoryEntry {
			if int(binary.BigEndian.Uint32(data[entry+8:])) < size {
				return nil, errFont // a table stands where the directory has to go
			}
		}
		copy(data, data[at:at+size])
		return data, nil
	}
	return nil, errFont
}

// table returns a table of the face whose directory begins at a place.
func table(data []byte, at int, tag string) ([]byte, error) {
	if at < 0 || at+directoryHead > len(data) {
		return nil, errFont
	}
	for i := range int(binary.BigEndian.Uint16(data[at+4:])) {
		entry := at + directoryHead + directoryEntry*i
		if entry+directoryEntry > len(data) {
			break
		}
		from, size := int(binary.BigEndian.Uint32(data[entry+8:])), int(binary.BigEndian.Uint32(data[entry+12:]))
		if string(data[entry:entry+4]) == tag && from+size <= len(data) {
			return data[from : from+size], nil
		}
	}
	return nil, errFont
}

// alignLike gives a font the line of another, so that texts in both stand on
// one baseline and their rows are as high.
func alignLike(data, other []byte) error {
	units, err := unitsPerEm(data)
	if err != nil {
		return err
	}
	theirs, err := unitsPerEm(other)
	if err != nil {
		return err
	}
	to, err := table(data, 0, "hhea")
	if err != nil || len(to) < 10 {
		return errFont
	}
	from, err := table(other, 0, "hhea")
	if err != nil || len(from) < 10 {
		return errFont
	}
	for _, field := range []int{4, 6} { // above and below the baseline
		v := int(int16(binary.BigEndian.Uint16(from[field:]))) * units / theirs
		binary.BigEndian.PutUint16(to[field:], uint16(int16(v)))
	}
	binary.BigEndian.PutUint16(to[8:], 0)
	if os2, err := table(data, 0, "OS/2"); err == nil && len(os2) >= 74 { // some readers take these
		copy(os2[68:74], to[4:10])
	}
	return nil
}

func unitsPerEm(data []byte) (int, error) {
	head, err := table(data, 0, "head")
	if err != nil || len(head) < 20 || binary.BigEndian.Uint16(head[18:]) == 0 {
		return 0, errFont
	}
	return int(binary.BigEndian.Uint16(head[18:])), nil
}
