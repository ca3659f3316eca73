package parts

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/theme"
)

// cells is what a grid shows: rows and columns of ready cells.
type cells interface {
	rows() int
	cell(row, col int) (c Cell, loaded bool)
	heavy(row int) bool // a sum: bold
	wants(first, last int)
}

// gridColumn is a column as it is drawn.
type gridColumn struct {
	title    string
	width    float32 // scaled units
	align    Align
	mono     bool
	sortable bool
	grows    bool // takes what the others leave over
	chosen   bool // its width was chosen by hand
}

// header is the row index of the column heads.
const header = -1

// grid draws cells itself. Fyne's table keeps positions in float32, which
// jitters beyond 500,000 rows, and lays out each cell as a widget; here a
// frame moves one container per row and sets the texts of the rows that are
// new on screen.
type grid struct {
	widget.BaseWidget

	data    cells
	columns []gridColumn
	pinned  int // columns that do not scroll sideways
	totals  []Cell
	compact bool
	cursor  bool // single cells can be chosen, not only rows
	sortCol int
	sortUp  bool

	wishX    float32 // scrolled to, units
	x        float32 // wishX at the edge of a column
	y        float64 // float64: a million rows are 30 million units
	row, col int     // chosen
	inFoot   bool    // the sum below col is chosen; row stays
	hoverRow int
	tip      tip
	focused  bool
	drag     drag
	overEdge bool
	v        *gridView
	needs    map[int]float32 // columns whose cells were cut: the width they need, scaled units

	onWiden  func(map[int]float32) bool // false: no column became wider
	onSelect func(row int)
	onOpen   func(row, col int)
	onTotal  func(col int)
	onFold   func(row int)
	onSort   func(col int)
	onResize func(col int, width float32)
	onCopy   func() string
	onMenu   func(at fyne.Position)
}

var (
	_ fyne.Focusable      = (*grid)(nil)
	_ fyne.Scrollable     = (*grid)(nil)
	_ fyne.Draggable      = (*grid)(nil)
	_ fyne.Shortcutable   = (*grid)(nil)
	_ fyne.Tappable       = (*grid)(nil)
	_ desktop.Hoverable   = (*grid)(nil)
	_ desktop.Cursorable  = (*grid)(nil)
	_ desktop.Mouseable   = (*grid)(nil)
	_ fyne.WidgetRenderer = (*gridView)(nil)
)

func newGrid(data cells) *grid {
	g := &grid{data: data, row: 0, hoverRow: -2, sortCol: -1, pinned: 1}
	g.ExtendBaseWidget(g)
	g.v = newGridView(g)
	return g
}

// CreateRenderer implements fyne.Widget.
func (g *grid) CreateRenderer() fyne.WidgetRenderer { return g.v }

func (g *grid) rowHeight() float32 {
	if g.compact {
		return theme.Scaled(theme.RowCompact)
	}
	return theme.Scaled(theme.Row)
}

func (g *grid) headHeight() float32 { return theme.Scaled(theme.Row) }

func (g *grid) footHeight() float32 {
	if g.totals == nil {
		return 0
	}
	return theme.Scaled(theme.Row)
}

// body is the size of the part that scrolls.
func (g *grid) body() fyne.Size {
	s := g.Size()
	return fyne.NewSize(s.Width, max(s.Height-g.headHeight()-g.footHeight(), 0))
}

// clamp keeps the place inside what there is.
func (g *grid) clamp() {
	g.wishX, g.y = min(g.wishX, g.maxX()), min(g.y, g.maxY())
	g.x = g.snap(g.wishX, false)
}

// page is how many whole rows fit.
func (g *grid) page() int { return max(int(g.body().Height/g.rowHeight()), 1) }

// span returns the rows that are at least partly on screen, [first, end).
func (g *grid) span() (first, end int) {
	h := float64(g.rowHeight())
	first = int(g.y / h)
	end = min(int(math.Ceil((g.y+float64(g.body().Height))/h)), g.data.rows())
	return first, max(end, first)
}

func (g *grid) contentWidth() float32 {
	var w float32
	for _, c := range g.columns {
		w += c.width
	}
	return w
}

// left returns where a column begins, on screen.
func (g *grid) left(col int) float32 {
	var x float32
	for _, c := range g.columns[:col] {
		x += c.width
	}
	if col >= g.pinned {
		x -= g.x
	}
	return x
}

func (g *grid) pinnedWidth() float32 {
	var w float32
	for _, c := range g.columns[:min(g.pinned, len(g.columns))] {
		w += c.width
	}
	return w
}

func (g *grid) maxY() float64 {
	under := float64(0) // the bar at the bottom covers no row
	if g.maxX() > 0 {
		under = float64(barWidth())
	}
	return max(float64(g.data.rows())*float64(g.rowHeight())+under-float64(g.body().Height), 0)
}

// maxX is how far the columns scroll: until the last one is whole.
func (g *grid) maxX() float32 {
	over := g.contentWidth() + theme.Scaled(gutter) - g.Size().Width
	if over < 0.5 || g.Size().Width == 0 { // shares of a width are not exact
		return 0
	}
	return g.snap(over, true)
}

// snap returns the column edge nearest to x, or the next one: a column that
// slid under the pinned ones by half would show half of a figure, which is
// another figure.
func (g *grid) snap(x float32, next bool) float32 {
	var at float32
	for i := min(g.pinned, len(g.columns)); i < len(g.columns); i++ {
		w := g.columns[i].width
		if x <= at || (!next && x < at+w/2) {
			return at
		}
		at += w
	}
	return at
}

// scrollTo moves the body; beyond the ends it stops at them.
func (g *grid) scrollTo(x float32, y float64) {
	g.wishX, g.y = min(max(x, 0), g.maxX()), min(max(y, 0), g.maxY())
	g.x = g.snap(g.wishX, false)
	g.frame()
}

// frame brings the screen up to date after scrolling or choosing.
func (g *grid) frame() {
	first, end := g.span()
	g.data.wants(first, end-1)
	g.v.arrange(false)
}

// redraw repaints all cells, for new data.
func (g *grid) redraw() {
	g.clamp()
	g.row = min(g.row, max(g.data.rows()-1, 0))
	g.inFoot = g.inFoot && g.hasFoot()
	first, end := g.span()
	g.data.wants(first, end-1)
	g.v.arrange(true)
}

// choose moves the selection and brings it into view.
func (g *grid) choose(row, col int) {
	if g.data.rows() == 0 {
		row = header
	}
	row = min(max(row, header), g.data.rows()-1)
	col = max(min(col, len(g.columns)-1), 0)
	moved := row != g.row
	g.row, g.col, g.inFoot = row, col, false
	g.tip = tip{}
	g.reveal()
	if moved && row >= 0 && g.onSelect != nil {
		g.onSelect(row)
	}
}

// hasFoot tells whether there are sums that can be opened.
func (g *grid) hasFoot() bool { return g.totals != nil && g.onTotal != nil }

// chooseFoot chooses the sum below a column.
func (g *grid) chooseFoot(col int) {
	g.choose(g.data.rows()-1, col)
	g.inFoot = true
	g.v.marks()
}

func (g *grid) reveal() {
	if g.Size().Width == 0 {
		return // the first layout does it
	}
	x, y := g.wishX, g.y
	if g.row >= 0 {
		h := float64(g.rowHeight())
		top := float64(g.row) * h
		y = min(max(y, top+h-float64(g.body().Height)), top)
	}
	if g.col >= g.pinned && g.col < len(g.columns) && (g.cursor || g.row == header) {
		left := g.left(g.col) + g.x
		x = min(max(x, g.snap(left+g.columns[g.col].width+theme.Scaled(gutter)-g.Size().Width, true)), left-g.pinnedWidth())
	}
	g.scrollTo(x, y)
}

// at returns the row and column under a point; row header for the heads, -2
// outside.
func (g *grid) at(p fyne.Position) (row, col int) {
	col = -1
	for i := range g.columns {
		// Pinned columns lie over the others and come first.
		if left := g.left(i); p.X >= left && p.X < left+g.columns[i].width {
			col = i
			break
		}
	}
	body := g.body()
	switch y := p.Y - g.headHeight(); {
	case p.Y < 0 || y >= body.Height:
		return -2, col
	case y < 0:
		return header, col
	default:
		row = int((g.y + float64(y)) / float64(g.rowHeight()))
	}
	if row >= g.data.rows() {
		return -2, col
	}
	return row, col
}
