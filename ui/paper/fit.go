package paper

import (
	"slices"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of columns that fit themselves, in millimetres.
const (
	fitGap     = 4.0
	fitWidest  = 70.0 // what is longer is cut
	fitNarrow  = 12.0 // no column is pressed below
	fitMeasure = 500  // rows that are measured

	uprightRoom = 210 - 2*margin // of A4, the narrower paper
)

// fitted gives the columns of sections that fit themselves their widths. Where a
// page on its side has no room for all, columns of words give way, the widest
// first.
func fitted(r Report, fonts *letters) (Report, error) {
	if !slices.ContainsFunc(r.Sections, func(s Section) bool { return s.Fit }) {
		return r, nil
	}
	k, err := newInk(fpdf.New("L", "mm", paperOf(r.Locale.Tag()), ""), fonts)
	if err != nil {
		return r, err
	}
	w, _ := k.pdf.GetPageSize()
	r.Sections = slices.Clone(r.Sections)
	for i, s := range r.Sections {
		if s.Fit && len(s.Columns) > 0 {
			r.Sections[i].Columns = r.fitColumns(s, k, w-2*margin)
		}
	}
	return r, nil
}

func (r Report) fitColumns(s Section, k *ink, room float64) []Column {
	columns := slices.Clone(s.Columns)
	k.set(sizeSmall, true)
	for i := range columns {
		columns[i].Width = k.width(columns[i].Title)
	}
	k.set(sizeBody, true)
	for n, row := range s.Rows {
		if n > fitMeasure && row.Weight == Plain {
			continue
		}
		for i, c := range row.Cells[:min(len(row.Cells), len(columns))] {
			columns[i].Width = max(columns[i].Width, k.width(r.shown(c)))
		}
	}
	for i := range columns {
		columns[i].Width += fitGap
		if columns[i].Right {
			columns[i].Width += k.width(")") // stands outside the digits
		} else {
			columns[i].Width = min(columns[i].Width, fitWidest)
		}
	}
	press(columns, room)
	return columns
}

// press makes columns of words narrower until all have room; the first keeps what
// the others leave.
func press(columns []Column, room float64) {
	for {
		sum, widest := 0.0, -1
		for i, c := range columns {
			sum += c.Width
			if !c.Right && c.Width > fitNarrow && (widest < 0 || c.Width > columns[widest].Width) {
				widest = i
			}
		}
		if sum <= room || widest < 0 {
			return
		}
		columns[widest].Width -= min(sum-room, 2, columns[widest].Width-fitNarrow)
	}
}
