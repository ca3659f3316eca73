package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"countinghouse/ui/desktop/theme"
)

// drag is what the pointer holds.
type drag struct {
	kind  dragKind
	col   int
	width float32
}

type dragKind int

const (
	dragNone dragKind = iota
	dragEdge
	dragBar
	dragBarX
)

const edgeReach = 4 // units to each side of a column's edge

// tip is the text shown beside the pointer.
type tip struct {
	text string
	at   fyne.Position
}

// edge returns the column whose right edge is under the point, in the heads.
func (g *grid) edge(p fyne.Position) int {
	if p.Y < 0 || p.Y >= g.headHeight() {
		return -1
	}
	for i, c := range g.columns {
		if right := g.left(i) + c.width; p.X >= right-edgeReach && p.X <= right+edgeReach {
			return i
		}
	}
	return -1
}

func (g *grid) onBar(p fyne.Position) bool {
	return g.maxY() > 0 && p.X >= g.Size().Width-barWidth() && p.Y >= g.headHeight() && p.Y < g.headHeight()+g.body().Height
}

func (g *grid) onBarX(p fyne.Position) bool {
	bottom := g.headHeight() + g.body().Height
	return g.maxX() > 0 && p.Y < bottom && p.Y >= bottom-barWidth() && p.X >= g.pinnedWidth()
}

func barWidth() float32 { return theme.Scaled(10) }

// grab decides what a drag from a point holds.
func (g *grid) grab(p fyne.Position) drag {
	if i := g.edge(p); i >= 0 {
		return drag{kind: dragEdge, col: i, width: g.columns[i].width}
	}
	switch {
	case g.onBar(p):
		return drag{kind: dragBar}
	case g.onBarX(p):
		return drag{kind: dragBarX}
	}
	return drag{}
}

// MouseDown implements desktop.Mouseable.
func (g *grid) MouseDown(e *desktop.MouseEvent) {
	g.drag = g.grab(e.Position)
	if e.Button == desktop.MouseButtonSecondary {
		if row, col := g.at(e.Position); row >= 0 && col >= 0 {
			g.choose(row, col)
		}
		if g.onMenu != nil {
			g.onMenu(e.AbsolutePosition)
		}
	}
}

// MouseUp implements desktop.Mouseable.
func (g *grid) MouseUp(*desktop.MouseEvent) { g.drag = drag{} }

// Dragged implements fyne.Draggable: it widens columns and moves the bars.
func (g *grid) Dragged(e *fyne.DragEvent) {
	if g.drag.kind == dragNone {
		start := fyne.NewPos(e.Position.X-e.Dragged.DX, e.Position.Y-e.Dragged.DY)
		if g.drag = g.grab(start); g.drag.kind == dragNone {
			g.drag = g.grab(e.Position)
		}
	}
	switch g.drag.kind {
	case dragEdge:
		g.drag.width += e.Dragged.DX
		if g.onResize != nil {
			g.onResize(g.drag.col, g.drag.width)
		}
	case dragBar:
		g.scrollTo(g.wishX, g.y+float64(e.Dragged.DY)/float64(g.track())*g.maxY())
	case dragBarX:
		share := e.Dragged.DX / max(g.Size().Width-g.pinnedWidth()-g.thumbX(), 1)
		g.scrollTo(g.wishX+share*g.maxX(), g.y)
	}
}

// DragEnd implements fyne.Draggable.
func (g *grid) DragEnd() { g.drag = drag{} }

// track is how far the thumb can travel.
func (g *grid) track() float32 { return max(g.body().Height-g.thumb(), 1) }

func (g *grid) thumb() float32 {
	whole := float64(g.data.rows()) * float64(g.rowHeight())
	body := g.body().Height
	return min(max(float32(float64(body)*float64(body)/max(whole, 1)), theme.Scaled(24)), body)
}

func (g *grid) thumbX() float32 {
	view := g.Size().Width - g.pinnedWidth()
	return max(view*view/max(g.contentWidth()-g.pinnedWidth(), 1), theme.Scaled(24))
}

// Scrolled implements fyne.Scrollable.
func (g *grid) Scrolled(e *fyne.ScrollEvent) {
	g.tip = tip{}
	g.scrollTo(g.wishX-e.Scrolled.DX, g.y-float64(e.Scrolled.DY))
}

// Tapped implements fyne.Tappable: heads sort, folds fold, links open, rows
// are chosen, and a chosen row opens.
func (g *grid) Tapped(e *fyne.PointEvent) {
	if g.onBar(e.Position) {
		share := (e.Position.Y - g.headHeight() - g.thumb()/2) / g.track()
		g.scrollTo(g.wishX, float64(share)*g.maxY())
		return
	}
	row, col := g.at(e.Position)
	if col < 0 || g.edge(e.Position) >= 0 {
		return
	}
	if row == header {
		g.sort(col)
		return
	}
	if row < 0 {
		if foot := g.headHeight() + g.body().Height; g.onTotal != nil && e.Position.Y >= foot && e.Position.Y < foot+g.footHeight() {
			g.onTotal(col)
		}
		return
	}
	cell, loaded := g.data.cell(row, col)
	if loaded && cell.Fold != Leaf && e.Position.X < g.left(col)+foldRight(cell) {
		g.choose(row, col)
		g.fold(row)
		return
	}
	again := row == g.row && (!g.cursor || col == g.col) && g.focused
	g.choose(row, col)
	if (again || cell.Link) && g.onOpen != nil && loaded {
		g.onOpen(row, col)
	}
}

func (g *grid) sort(col int) {
	if col >= 0 && col < len(g.columns) && g.columns[col].sortable && g.onSort != nil {
		g.onSort(col)
	}
}

func (g *grid) fold(row int) {
	if g.onFold != nil {
		g.onFold(row)
	}
}

// MouseIn implements desktop.Hoverable.
func (g *grid) MouseIn(e *desktop.MouseEvent) { g.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable: the row is marked, and a text that
// is cut is shown whole.
func (g *grid) MouseMoved(e *desktop.MouseEvent) {
	g.overEdge = g.edge(e.Position) >= 0
	row, col := g.at(e.Position)
	hint := tip{at: e.Position}
	switch {
	case col < 0:
	case row == header:
		hint.text = g.hidden(Cell{Text: g.columns[col].title}, col, true)
	case row >= 0:
		if cell, loaded := g.data.cell(row, col); loaded {
			hint.text = g.hidden(cell, col, false)
		}
	}
	if row == g.hoverRow && hint.text == g.tip.text {
		return
	}
	g.hoverRow, g.tip = row, hint
	g.v.marks()
}

// hidden returns what a cell does not show: its tip, or its text when cut.
func (g *grid) hidden(cell Cell, col int, head bool) string {
	if cell.Tip != "" {
		return cell.Tip
	}
	if cell.HasBar {
		return cell.Text
	}
	if g.v.fit(cell, col, head) == oneLine(cell.Text) {
		return ""
	}
	return cell.Text
}

// MouseOut implements desktop.Hoverable.
func (g *grid) MouseOut() {
	g.hoverRow, g.tip, g.overEdge = -2, tip{}, false
	g.v.marks()
}

// Cursor implements desktop.Cursorable.
func (g *grid) Cursor() desktop.Cursor {
	if g.drag.kind == dragEdge || g.overEdge {
		return desktop.HResizeCursor
	}
	return desktop.DefaultCursor
}

// FocusGained implements fyne.Focusable.
func (g *grid) FocusGained() {
	if g.focused = true; g.hoverRow < header {
		reveal() // under the mouse nothing moves
	}
	g.v.marks()
}

// FocusLost implements fyne.Focusable.
func (g *grid) FocusLost() { g.focused = false; g.v.marks() }

// TypedRune implements fyne.Focusable: plus and minus change the width of the
// column whose head is chosen.
func (g *grid) TypedRune(r rune) {
	step := map[rune]float32{'+': 12, '-': -12}[r]
	if g.row == header && step != 0 && g.col < len(g.columns) && g.onResize != nil {
		g.onResize(g.col, g.columns[g.col].width+step)
	}
}

// TypedKey implements fyne.Focusable. Up from the first row reaches the heads,
// where Enter sorts; Down from the last one the sums, where Enter opens.
func (g *grid) TypedKey(e *fyne.KeyEvent) {
	if passKey(e) {
		return
	}
	last := g.data.rows() - 1
	switch e.Name {
	case fyne.KeyUp:
		if g.inFoot {
			g.choose(g.row, g.col)
			return
		}
		g.choose(g.row-1, g.col)
	case fyne.KeyDown:
		if g.row == last && g.hasFoot() {
			g.chooseFoot(g.col)
			return
		}
		g.choose(g.row+1, g.col)
	case fyne.KeyPageUp:
		g.choose(max(g.row-g.page(), 0), g.col)
	case fyne.KeyPageDown:
		g.choose(g.row+g.page(), g.col)
	case fyne.KeyHome:
		g.choose(0, g.col)
	case fyne.KeyEnd:
		g.choose(last, g.col)
	case fyne.KeyLeft, fyne.KeyRight:
		g.sideways(e.Name == fyne.KeyLeft)
	case fyne.KeySpace:
		if g.row >= 0 && !g.inFoot {
			g.fold(g.row)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if g.inFoot {
			g.onTotal(g.col)
		} else if g.row == header {
			g.sort(g.col)
		} else if _, loaded := g.data.cell(g.row, g.col); loaded && g.onOpen != nil {
			g.onOpen(g.row, g.col)
		}
	}
}

func (g *grid) sideways(left bool) {
	step := 1
	if left {
		step = -1
	}
	switch cells := g.cursor || g.row == header; {
	case g.inFoot:
		g.chooseFoot(g.col + step)
		return
	case cells && left && g.col == 0:
		g.scrollTo(0, g.y)
		return
	case cells:
		g.choose(g.row, g.col+step)
		return
	}
	g.scrollTo(g.x+float32(step)*g.stride(step), g.y)
}

// stride is the width of the next column to that side.
func (g *grid) stride(step int) float32 {
	at := float32(0)
	for i := min(g.pinned, len(g.columns)); i < len(g.columns); i++ {
		w := g.columns[i].width
		if (step > 0 && at >= g.x) || (step < 0 && at+w >= g.x) {
			return w
		}
		at += w
	}
	return 0
}

// TypedShortcut implements fyne.Shortcutable: copy.
func (g *grid) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		g.copy()
		return
	}
	passShortcut(s)
}

// copy puts the chosen cell or row on the clipboard.
func (g *grid) copy() {
	if g.onCopy == nil {
		return
	}
	if text := g.onCopy(); text != "" {
		fyne.CurrentApp().Clipboard().SetContent(text)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (g *grid) AccessibilityLabel() string {
	label := ""
	for i, total := range g.totals {
		if g.inFoot && total.Text != "" {
			label += g.columns[i].title + " " + total.Text + ", "
		}
	}
	for i := range g.columns {
		if g.inFoot {
			break
		}
		if cell, loaded := g.data.cell(g.row, i); loaded && cell.Text != "" {
			label += g.columns[i].title + " " + cell.Text + ", "
		}
	}
	return label
}

// AccessibilityRole implements fyne.Accessible.
func (g *grid) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }
