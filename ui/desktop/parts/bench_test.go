package parts_test

import (
	"slices"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/desktop/parts"
)

// The two benchmarks time our own work on a page of 20 rows and 9 columns of
// a million rows: a frame of scrolling, and a jump to a far place whose rows
// are there.

func benchTable(b *testing.B) (*parts.Table[order], fyne.Window) {
	test.NewTempApp(b)
	wide := slices.Clone(columns[:3])
	for i := range 6 {
		c := columns[2]
		c.ID = "x" + strconv.Itoa(i)
		wide = append(wide, c)
	}
	table := parts.NewTable(b.Context(), wide, parts.Source[order](&ready{many: many{count: 1_000_000}}), parts.TableOptions[order]{})
	return table, show(b, table, 1060, 630)
}

func BenchmarkTableFrame(b *testing.B) {
	table, w := benchTable(b)
	defer table.Close()
	for b.Loop() {
		test.Scroll(w.Canvas(), fyne.NewPos(300, 300), 0, -23)
	}
}

func BenchmarkTableJump(b *testing.B) {
	table, _ := benchTable(b)
	defer table.Close()
	i := 0
	for b.Loop() {
		i++
		table.Select(i * 7919 % 1_000_000)
	}
}
