package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"
)

// Mode says which palette is used.
type Mode int

// The modes a user chooses from.
const (
	System Mode = iota // as the desktop says
	LightMode
	DarkMode
)

// Options are the user's choices about the look.
type Options struct {
	Mode  Mode
	Scale float32 // 0.8 to 2; 0 means 1; values beyond are clamped
	// Compact sets the rows of every table closer.
	Compact bool
	// Regular and Bold replace the bundled Noto Sans when set: Japanese and
	// Chinese look best in one font that has all of their glyphs.
	Regular, Bold fyne.Resource
}

// Theme implements fyne.Theme out of [Tokens]. It is immutable: another choice
// is another Theme.
type Theme struct {
	options Options
	under   fyne.Theme // icons, fonts, and whatever Fyne adds later
}

var _ fyne.Theme = (*Theme)(nil)

// New returns a theme for these options.
func New(o Options) *Theme {
	if o.Scale == 0 {
		o.Scale = 1
	}
	o.Scale = min(max(o.Scale, MinScale), MaxScale)
	return &Theme{options: o, under: base.DefaultTheme()}
}

// Options returns the choices the theme was made with, the scale clamped.
func (t *Theme) Options() Options { return t.options }

// Tokens returns the palette for a variant that the desktop reports; a mode
// other than [System] overrules it.
func (t *Theme) Tokens(v fyne.ThemeVariant) *Tokens {
	switch t.options.Mode {
	case LightMode:
		return &Light
	case DarkMode:
		return &Dark
	}
	if v == base.VariantDark {
		return &Dark
	}
	return &Light
}

// Now returns the tokens in force.
func Now() *Tokens {
	s := fyne.CurrentApp().Settings()
	if t, ok := s.Theme().(*Theme); ok {
		return t.Tokens(s.ThemeVariant())
	}
	if s.ThemeVariant() == base.VariantDark {
		return &Dark
	}
	return &Light
}

// Scaled returns a size of this package at the user's scale.
func Scaled(size float32) float32 {
	if t, ok := fyne.CurrentApp().Settings().Theme().(*Theme); ok {
		return size * t.options.Scale
	}
	return size
}

// Compact reports whether the rows of tables are set closer.
func Compact() bool {
	t, ok := fyne.CurrentApp().Settings().Theme().(*Theme)
	return ok && t.options.Compact
}

// Font returns the user's font where one is set. Numbers in monospace keep
// Fyne's own.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace || style.Symbol:
	case style.Bold && t.options.Bold != nil:
		return t.options.Bold
	case t.options.Regular != nil:
		return t.options.Regular
	}
	return t.under.Font(style)
}

// Icon returns Fyne's icon.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return t.under.Icon(name) }

// sizes are the answers that differ from Fyne's.
var sizes = map[fyne.ThemeSizeName]float32{
	base.SizeNameText:               TextBody,
	base.SizeNameCaptionText:        TextCaption,
	base.SizeNameSubHeadingText:     TextSection,
	base.SizeNameHeadingText:        TextTitle,
	base.SizeNamePadding:            Space1,
	base.SizeNameInnerPadding:       Space2,
	base.SizeNameInlineIcon:         16,
	base.SizeNameInputBorder:        Hairline,
	base.SizeNameInputRadius:        RadiusSmall,
	base.SizeNameSelectionRadius:    RadiusSmall,
	base.SizeNameButtonRadius:       RadiusSmall,
	base.SizeNameCardRadius:         Radius,
	base.SizeNameDialogRadius:       Radius,
	base.SizeNamePopupRadius:        Radius,
	base.SizeNameMenuRadius:         Radius,
	base.SizeNameScrollBar:          10,
	base.SizeNameScrollBarSmall:     4,
	base.SizeNameScrollBarRadius:    3,
	base.SizeNameSeparatorThickness: Hairline,
}

// Size answers in Fyne units at the user's scale.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := sizes[name]; ok {
		return s * t.options.Scale
	}
	return t.under.Size(name) * t.options.Scale
}

// Color answers Fyne's colour names out of the tokens.
func (t *Theme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	k := t.Tokens(v)
	if pick, ok := colors[name]; ok {
		return pick(k)
	}
	variant := base.VariantLight
	if k == &Dark {
		variant = base.VariantDark
	}
	return t.under.Color(name, variant)
}

var colors = map[fyne.ThemeColorName]func(*Tokens) color.NRGBA{
	base.ColorNameBackground:          func(k *Tokens) color.NRGBA { return k.Paper },
	base.ColorNameButton:              func(k *Tokens) color.NRGBA { return k.Hover },
	base.ColorNameDisabledButton:      func(k *Tokens) color.NRGBA { return k.Hover },
	base.ColorNameDisabled:            func(k *Tokens) color.NRGBA { return k.Ink3 },
	base.ColorNameError:               func(k *Tokens) color.NRGBA { return k.Loss },
	base.ColorNameFocus:               func(k *Tokens) color.NRGBA { return faint(k.Accent, 0x60) },
	base.ColorNameForeground:          func(k *Tokens) color.NRGBA { return k.Ink },
	base.ColorNameForegroundOnError:   func(k *Tokens) color.NRGBA { return k.OnLoss },
	base.ColorNameForegroundOnPrimary: func(k *Tokens) color.NRGBA { return k.OnAccent },
	base.ColorNameForegroundOnSuccess: func(k *Tokens) color.NRGBA { return k.Sheet },
	base.ColorNameForegroundOnWarning: func(k *Tokens) color.NRGBA { return k.Sheet },
	base.ColorNameHeaderBackground:    func(k *Tokens) color.NRGBA { return k.Sheet },
	base.ColorNameHover:               func(k *Tokens) color.NRGBA { return faint(k.Ink, 0x12) },
	base.ColorNameHyperlink:           func(k *Tokens) color.NRGBA { return k.Accent },
	base.ColorNameInputBackground:     func(k *Tokens) color.NRGBA { return k.Sheet },
	base.ColorNameInputBorder:         func(k *Tokens) color.NRGBA { return k.Edge },
	base.ColorNameMenuBackground:      func(k *Tokens) color.NRGBA { return k.Sheet },
	base.ColorNameOverlayBackground:   func(k *Tokens) color.NRGBA { return k.Sheet },
	base.ColorNamePlaceHolder:         func(k *Tokens) color.NRGBA { return k.Ink3 },
	base.ColorNamePressed:             func(k *Tokens) color.NRGBA { return faint(k.Ink, 0x20) },
	base.ColorNamePrimary:             func(k *Tokens) color.NRGBA { return k.Accent },
	base.ColorNameScrollBar:           func(k *Tokens) color.NRGBA { return faint(k.Ink2, 0xB0) },
	base.ColorNameSelection:           func(k *Tokens) color.NRGBA { return faint(k.Accent, 0x40) },
	base.ColorNameSeparator:           func(k *Tokens) color.NRGBA { return k.Line },
	base.ColorNameShadow:              func(k *Tokens) color.NRGBA { return k.Shadow },
	base.ColorNameSuccess:             func(k *Tokens) color.NRGBA { return k.Gain },
	base.ColorNameWarning:             func(k *Tokens) color.NRGBA { return k.Warn },
}

// faint returns c with another alpha.
func faint(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}
