package parts

import "cmp"

// Align says where a column's text stands.
type Align int

// Figures stand right, all else left.
const (
	Left Align = iota
	Right
)

// Fold is the state of a row that has rows under it.
type Fold int

// The states of a fold.
const (
	Leaf Fold = iota
	Closed
	Open
)

// Cell is what one column shows of one row.
type Cell struct {
	Text   string
	Tone   Tone
	Bold   bool
	Dot    Tone    // a dot before the text; Normal draws none
	Bar    float32 // 0..1, with HasBar: a bar in place of the text
	HasBar bool
	Tip    string // shown on hover, as the reason of a figure that is not known
	Indent int    // levels, for trees
	Fold   Fold   // an arrow before the text
	Link   bool   // a click opens it
	Badge  string // one or two letters in a tinted square before the text
	Hue    int    // of the badge: index into the theme's series colours

	plain bool // in the totals: words, whatever the column's font
}

// Column describes one column of rows R. Columns are data: a screen lists
// them, the table does the rest.
type Column[R any] struct {
	ID    string // stable; saved views keep it
	Title string
	Unit  string // shown once, in the head: a currency code, "%"
	Name  string // what the chooser calls a column that has no title
	Width float32
	Grow  float32 // share of the width left over; 0 keeps Width
	Align Align
	Mono  bool // identifiers
	// Hidden columns are offered in the chooser only.
	Hidden bool
	// Spare columns give way where the table has no room for all, those with
	// the highest number first; 0 always stays.
	Spare int

	// Text is what is shown, copied and exported to CSV. Required.
	Text func(R) string
	// Look dresses the text; nil shows Text plainly. Its Text, when empty, is
	// filled from Text.
	Look func(R) Cell
	// Value is the value behind the text for a spreadsheet: int64,
	// books.Money, time.Time or string; nil for unknown. Without it, Text.
	Value func(R) any
	// Compare orders rows in memory. A column without it is not sortable
	// unless Sortable says that the Source can.
	Compare  func(a, b R) int
	Sortable bool
}

func (c Column[R]) cell(r R) Cell {
	if c.Look == nil {
		return Cell{Text: c.Text(r)}
	}
	cell := c.Look(r)
	if cell.Text == "" && !cell.HasBar {
		cell.Text = c.Text(r)
	}
	return cell
}

func (c Column[R]) sortable() bool { return c.Compare != nil || c.Sortable }

func (c Column[R]) title() string {
	if c.Unit == "" {
		return c.Title
	}
	return c.Title + " " + c.Unit
}

// By returns a Compare for a value that has an order.
func By[R any, K cmp.Ordered](key func(R) K) func(a, b R) int {
	return func(a, b R) int { return cmp.Compare(key(a), key(b)) }
}
