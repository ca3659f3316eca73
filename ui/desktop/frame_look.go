package desktop

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/theme"
)

// look is how the window looks with a book. It is kept in the book's settings;
// after saving another one, a screen calls env.show(route{Screen: "look"}), and
// the frame dresses itself anew.
type look struct {
	Theme    string  `json:"theme,omitempty"`    // "light", "dark"; empty: as the desktop says
	Language string  `json:"language,omitempty"` // "en", "ja", "de", "zh-Hans"; empty: the system's
	Scale    float32 `json:"scale,omitempty"`    // 0.8 to 2; 0 means 1
	Font     string  `json:"font,omitempty"`     // a TTF or OTF file; empty: the built-in font
	Compact  bool    `json:"compact,omitempty"`  // tables with rows set closer
}

const lookSetting = "look"

// readLook reads the book's look. One that cannot be read is the usual look:
// it must not keep anyone from his books.
func readLook(ctx context.Context, book *store.Book) look {
	var l look
	text, err := book.Setting(ctx, lookSetting)
	if err != nil || json.Unmarshal([]byte(text), &l) != nil {
		return look{}
	}
	return l
}

// saveLook keeps the look with the book.
func saveLook(ctx context.Context, book *store.Book, l look) error {
	text, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("keep the look: %w", err)
	}
	return book.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(lookSetting, string(text)) })
}

// maxFont is the largest font file that is read: CJK fonts have up to 20 MB.
const maxFont = 64 << 20

// readFont reads a font file for theme.Options; an empty path is no font.
func readFont(path string) (fyne.Resource, error) {
	if path == "" {
		return nil, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFont {
		return nil, fmt.Errorf("read the font: %s is not a font file", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	return fyne.NewStaticResource(filepath.Base(path), data), nil
}

// options turns the look into the theme's options. A font that cannot be read
// is left out and told in err.
func (l look) options() (theme.Options, error) {
	o := theme.Options{Scale: l.Scale, Compact: l.Compact}
	switch l.Theme {
	case "light":
		o.Mode = theme.LightMode
	case "dark":
		o.Mode = theme.DarkMode
	}
	font, err := readFont(l.Font)
	if font != nil {
		o.Regular, o.Bold = font, font
	}
	return o, err
}
