package parts

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

// RailItem is one entry of the rail.
type RailItem struct {
	ID    string
	Word  string
	Icon  fyne.Resource // SVG; it takes the text's colour
	Badge string        // a count that asks for attention; may be empty
	Keys  string        // its shortcut, shown as a hint; may be empty
}

// Rail is the list of screens at the left. Up and down move through it.
type Rail struct {
	widget.BaseWidget
	Title    string
	Mark     fyne.Resource
	OnChange func(id string)

	items, foot []*railEntry
	current     string
	narrow      bool
}

// NewRail returns a rail; foot entries stand at its bottom and are actions,
// never the current screen.
func NewRail(title string, mark fyne.Resource, items, foot []RailItem, change func(id string)) *Rail {
	r := &Rail{Title: title, Mark: mark, OnChange: change}
	r.items, r.foot = r.entries(items), r.entries(foot)
	if len(items) > 0 {
		r.current = items[0].ID
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *Rail) entries(items []RailItem) []*railEntry {
	entries := make([]*railEntry, len(items))
	for i, item := range items {
		e := &railEntry{item: item, rail: r}
		e.label = item.Word
		e.OnTapped = func() { r.pick(e) }
		e.ExtendBaseWidget(e)
		entries[i] = e
	}
	return entries
}

func (r *Rail) pick(e *railEntry) {
	if slices.Contains(r.items, e) {
		r.SetCurrent(e.item.ID)
	}
	if r.OnChange != nil {
		r.OnChange(e.item.ID)
	}
}

// SetCurrent marks a screen without telling anyone.
func (r *Rail) SetCurrent(id string) {
	before := r.current
	r.current = id
	for _, e := range r.items {
		// An entry that is drawn anew has its icon parsed anew.
		if before != id && (e.item.ID == before || e.item.ID == id) {
			e.Refresh()
		}
	}
}

// Current returns the marked screen's id.
func (r *Rail) Current() string { return r.current }

// SetBadge changes an entry's count.
func (r *Rail) SetBadge(id, badge string) {
	for _, e := range slices.Concat(r.items, r.foot) {
		if e.item.ID == id {
			e.item.Badge = badge
			e.Refresh()
		}
	}
}

// SetNarrow leaves only the icons.
func (r *Rail) SetNarrow(on bool) {
	r.narrow = on
	r.Refresh()
}

// step moves the focus from an entry to a neighbour.
func (r *Rail) step(from *railEntry, by int) {
	all := slices.Concat(r.items, r.foot)
	i := slices.Index(all, from) + by
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil && i >= 0 && i < len(all) {
		c.Focus(all[i])
	}
}

// CreateRenderer implements fyne.Widget.
func (r *Rail) CreateRenderer() fyne.WidgetRenderer {
	back, edge := frameOf(), frameOf()
	title := bold(newText(r.Title, theme.TextSection, Normal))
	markImage := canvas.NewImageFromResource(r.Mark)
	objects := []fyne.CanvasObject{back, edge, markImage, title}
	for _, e := range slices.Concat(r.items, r.foot) {
		objects = append(objects, e)
	}
	return newView(
		func() fyne.Size {
			w := theme.Rail
			if r.narrow {
				w = theme.RailNarrow
			}
			rows := theme.Scaled(32) * float32(len(r.items)+len(r.foot))
			return fyne.NewSize(theme.Scaled(w), rows+theme.Scaled(theme.Header))
		},
		func() {
			k := theme.Now()
			back.FillColor, edge.FillColor = k.Sheet, k.Line
			style(title, theme.TextSection, Normal)
			show(title, !r.narrow)
			show(markImage, r.Mark != nil)
		},
		func(s fyne.Size) {
			head, row := theme.Scaled(48), theme.Scaled(32)
			setAt(back, 0, 0, s.Width, s.Height)
			setAt(edge, s.Width-theme.Hairline, 0, theme.Hairline, s.Height)
			side := theme.Scaled(18)
			setAt(markImage, theme.Scaled(theme.Space4), (head-side)/2, side, side)
			setAt(title, theme.Scaled(42), 0, s.Width-theme.Scaled(42), head)
			for i, e := range r.items {
				setAt(e, 0, head+float32(i)*row, s.Width-theme.Hairline, row)
			}
			for i, e := range r.foot {
				setAt(e, 0, s.Height-theme.Scaled(theme.Space3)-float32(len(r.foot)-i)*row, s.Width-theme.Hairline, row)
			}
		},
		objects...,
	)
}

type railEntry struct {
	press
	item RailItem
	rail *Rail
}

// TypedKey implements fyne.Focusable.
func (e *railEntry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyUp:
		e.rail.step(e, -1)
	case fyne.KeyDown:
		e.rail.step(e, 1)
	default:
		e.press.TypedKey(k)
	}
}

// CreateRenderer implements fyne.Widget.
func (e *railEntry) CreateRenderer() fyne.WidgetRenderer {
	back, bar, badgeBack := frameOf(), frameOf(), frameOf()
	icon := canvas.NewImageFromResource(nil)
	icon.FillMode = canvas.ImageFillContain
	word, badge := newText("", theme.TextBody, Muted), bold(newText("", theme.TextCaption, Warn))
	keys := newText("", theme.TextCaption, Hint)
	badge.Alignment, keys.Alignment = fyne.TextAlignCenter, fyne.TextAlignTrailing
	return newView(
		func() fyne.Size { return fyne.NewSize(theme.Scaled(theme.RailNarrow), theme.Scaled(32)) },
		func() {
			k, on := theme.Now(), e.rail.current == e.item.ID
			var fill color.Color = color.Transparent
			if e.hovered {
				fill = k.Hover
			}
			style(word, theme.TextBody, Muted)
			style(keys, theme.TextCaption, Hint)
			style(badge, theme.TextCaption, Warn)
			name := base.ColorNamePlaceHolder
			word.TextStyle.Bold = on
			if on {
				fill, word.Color, name = k.Selected, k.Ink, base.ColorNamePrimary
			}
			dressFrame(back, fill, color.Transparent, 0, e.ring)
			bar.FillColor = k.Accent
			show(bar, on)
			dressFrame(badgeBack, k.WarnPaper, color.Transparent, 8, false)
			if e.item.Icon != nil {
				icon.Resource = base.NewColoredResource(e.item.Icon, name)
			}
			word.Text, badge.Text, keys.Text = e.item.Word, e.item.Badge, e.item.Keys
		},
		func(s fyne.Size) {
			side, h := theme.Scaled(16), s.Height
			setAt(back, 0, 0, s.Width, h)
			setAt(bar, 0, 0, 3, h)
			left := theme.Scaled(theme.Space4)
			if e.rail.narrow {
				left = (s.Width - side) / 2
			}
			setAt(icon, left, (h-side)/2, side, side)
			x := left + side + theme.Scaled(theme.Space2)
			badgeWidth := max(textSize(badge).Width+theme.Scaled(10), theme.Scaled(18))
			right := s.Width - theme.Scaled(theme.Space4)
			show(word, !e.rail.narrow)
			show(keys, !e.rail.narrow && e.item.Keys != "")
			show(badge, e.item.Badge != "" && !e.rail.narrow)
			show(badgeBack, e.item.Badge != "")
			setAt(keys, x, 0, right-x, h)
			if e.item.Badge != "" {
				right -= badgeWidth
			} else if e.item.Keys != "" {
				right -= textSize(keys).Width
			}
			word.Text = cutText(e.item.Word, right-x, word.TextSize, word.TextStyle)
			setAt(word, x, 0, right-x, h)
			if e.rail.narrow {
				// A dot on the icon says that there is something.
				dot := theme.Scaled(8)
				setAt(badgeBack, left+side-dot/2, (h-side)/2-dot/2, dot, dot)
				badgeBack.FillColor = theme.Now().Warn
				return
			}
			tall := theme.Scaled(16)
			setAt(badgeBack, right, (h-tall)/2, badgeWidth, tall)
			setAt(badge, right, (h-tall)/2, badgeWidth, tall)
		},
		back, bar, icon, word, keys, badgeBack, badge,
	)
}
