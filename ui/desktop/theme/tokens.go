package theme

import "image/color"

// Tokens are the colours of one variant. Text may be set in Ink, Ink2, Ink3,
// Accent, Gain, Loss and Warn on any of the surfaces; a test computes that each
// such pair keeps the contrast of WCAG AA (4.5:1).
type Tokens struct {
	Paper     color.NRGBA // the window behind everything
	Sheet     color.NRGBA // cards, tables, fields
	Hover     color.NRGBA // a sheet's row or button under the pointer
	Selected  color.NRGBA // the selected row, the current rail entry
	Line      color.NRGBA // hairlines and borders; never carries meaning alone
	Edge      color.NRGBA // borders of controls, at 3:1 against the sheet
	Skeleton  color.NRGBA // bars that stand for text still loading
	Ink       color.NRGBA // text
	Ink2      color.NRGBA // labels, captions
	Ink3      color.NRGBA // hints, column heads, axis figures
	Accent    color.NRGBA // primary action, selection, focus ring, links
	OnAccent  color.NRGBA // text on Accent
	Gain      color.NRGBA // always beside a sign, an arrow or a word
	Loss      color.NRGBA
	OnLoss    color.NRGBA // text on Loss, for the button that destroys
	Warn      color.NRGBA
	WarnPaper color.NRGBA // behind a small count in Warn
	Shadow    color.NRGBA // under overlays only
	Series    [6]color.NRGBA
}

// The series colours are told apart by eyes without red, green or blue cones:
// every pair keeps a CIEDE2000 distance of 12 or more in each simulation.

// Light is the palette on white paper.
var Light = Tokens{
	Paper:     hex(0xF6F7F9),
	Sheet:     hex(0xFFFFFF),
	Hover:     hex(0xF0F3F6),
	Selected:  hex(0xE6F1F3),
	Line:      hex(0xE3E7EC),
	Edge:      hex(0x87919E),
	Skeleton:  hex(0xE9ECF0),
	Ink:       hex(0x16202C),
	Ink2:      hex(0x526070),
	Ink3:      hex(0x606C7A),
	Accent:    hex(0x0F6E84),
	OnAccent:  hex(0xFFFFFF),
	Gain:      hex(0x1C774C),
	Loss:      hex(0xB3372F),
	OnLoss:    hex(0xFFFFFF),
	Warn:      hex(0x8A5C00),
	WarnPaper: hex(0xFBF0DC),
	Shadow:    color.NRGBA{R: 0x16, G: 0x20, B: 0x2C, A: 0x30},
	Series: [6]color.NRGBA{
		hex(0x0F6E84), hex(0xDB7B22), hex(0x7366CF), hex(0x479C6C), hex(0xAC0A67), hex(0x8A8F98),
	},
}

// Dark is the palette for a dim room.
var Dark = Tokens{
	Paper:     hex(0x14171C),
	Sheet:     hex(0x1C2027),
	Hover:     hex(0x252B33),
	Selected:  hex(0x1E343B),
	Line:      hex(0x2A303A),
	Edge:      hex(0x6B7684),
	Skeleton:  hex(0x2A303A),
	Ink:       hex(0xE8ECF1),
	Ink2:      hex(0xA9B4C0),
	Ink3:      hex(0x939EAB),
	Accent:    hex(0x4DB3C8),
	OnAccent:  hex(0x0B1518),
	Gain:      hex(0x5BC08A),
	Loss:      hex(0xF0857D),
	OnLoss:    hex(0x1C0B0A),
	Warn:      hex(0xE0B050),
	WarnPaper: hex(0x3A3020),
	Shadow:    color.NRGBA{A: 0x90},
	Series: [6]color.NRGBA{
		hex(0x4DB3C8), hex(0xFAAD5B), hex(0x8E81F6), hex(0x83A880), hex(0xD46F9B), hex(0xCCD0D4),
	},
}

func hex(rgb uint32) color.NRGBA {
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xFF}
}

// Sizes in Fyne units at scale 1; pass them through [Scaled].
const (
	TextCaption float32 = 11
	TextBody    float32 = 13
	TextSection float32 = 15
	TextTitle   float32 = 18
	TextFigure  float32 = 22

	Space1 float32 = 4
	Space2 float32 = 8
	Space3 float32 = 12
	Space4 float32 = 16
	Space5 float32 = 24

	Row        float32 = 30
	RowCompact float32 = 24
	Control    float32 = 30 // height of buttons, chips and fields
	Rail       float32 = 176
	RailNarrow float32 = 56
	Header     float32 = 56
	StatusLine float32 = 28
	Drawer     float32 = 360

	Radius      float32 = 8
	RadiusSmall float32 = 6
	Hairline    float32 = 1
	FocusRing   float32 = 2

	MinWindowWidth  float32 = 1024
	MinWindowHeight float32 = 640
)

// The range of the user's scale.
const (
	MinScale float32 = 0.8
	MaxScale float32 = 2
)
