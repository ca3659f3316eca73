package paper

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
)

// cjkFiles are fonts with Chinese or Japanese, by language, the best first. They
// are looked for among the system's: none can be bundled, they weigh too much.
var cjkFiles = map[string][]string{
	"ja": {
		"NotoSansCJK-Regular.ttc", "NotoSansCJKjp-Regular.otf", "NotoSansJP-Regular.otf", "NotoSansJP-Regular.ttf", "YuGothM.ttc", "YuGothR.ttc",
		"meiryo.ttc", "msgothic.ttc", "ヒラギノ角ゴシック W3.ttc", "Hiragino Sans GB.ttc", "ipagp.ttf", "ipag.ttf", "TakaoPGothic.ttf", "VL-PGothic-Regular.ttf",
	},
	"zh": {
		"NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf", "msyh.ttc", "simhei.ttf", "simsun.ttc",
		"PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Light.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf",
	},
}

// cjkFamily is how a collection names the face of a language.
var cjkFamily = map[string]string{"ja": "JP", "zh": "SC"}

func fontFolders() []string {
	home, _ := os.UserHomeDir()
	switch runtime.GOOS {
	case "windows":
		return []string{filepath.Join(os.Getenv("WINDIR"), "Fonts"), filepath.Join(os.Getenv("LOCALAPPDATA"), "Microsoft", "Windows", "Fonts")}
	case "darwin":
		return []string{"/System/Library/Fonts", "/Library/Fonts", filepath.Join(home, "Library", "Fonts")}
	}
	return []string{"/usr/share/fonts", "/usr/local/share/fonts", filepath.Join(home, ".local", "share", "fonts"), filepath.Join(home, ".fonts")}
}

// fontFiles are the system's font files by name, found once.
var fontFiles = sync.OnceValue(func() map[string]string {
	found := map[string]string{}
	for _, dir := range fontFolders() {
		// A folder that is not there has no fonts.
		_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				if _, ok := found[e.Name()]; !ok {
					found[e.Name()] = path
				}
			}
			return nil
		})
	}
	return found
})

// outlines draws the letters that the bundled font lacks, from the system's
// fonts for a language; the other language's come after it, so that a Chinese
// title in a Japanese report still shows. Files are read when a letter is first
// asked for. Where the system has no such font, it draws none.
type outlines struct {
	language string
	faces    []*font.Face
	read     bool
}

func (o *outlines) load() {
	o.read = true
	order := []string{"ja", "zh"}
	if strings.HasPrefix(o.language, "zh") {
		slices.Reverse(order)
	}
	for _, lang := range order {
		if f := loadFace(lang); f != nil {
			o.faces = append(o.faces, f)
		}
	}
}

func loadFace(lang string) *font.Face {
	for _, name := range cjkFiles[lang] {
		path, ok := fontFiles()[name]
		if !ok {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		faces, err := font.ParseTTC(bytes.NewReader(data))
		if err != nil || len(faces) == 0 {
			continue
		}
		for _, f := range faces {
			if strings.Contains(f.Describe().Family, cjkFamily[lang]) {
				return f
			}
		}
		return faces[0]
	}
	return nil
}

// glyph is a letter as a path, in units of the font (y grows upwards).
type glyph struct {
	segments []ot.Segment
	advance  float64 // in ems
	em       float64 // units of the font in one em
}

// of finds a letter; false when no face has it.
func (o *outlines) of(r rune) (glyph, bool) {
	if !o.read {
		o.load()
	}
	for _, f := range o.faces {
		id, ok := f.NominalGlyph(r)
		if !ok {
			continue
		}
		em := float64(f.Upem())
		g := glyph{advance: float64(f.HorizontalAdvance(id)) / em, em: em}
		if out, ok := f.GlyphData(id).(font.GlyphOutline); ok {
			g.segments = out.Segments
		}
		return g, true
	}
	return glyph{}, false
}
