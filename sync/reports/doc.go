// Package reports reads the files that Amazon lets a seller download. Kinds
// lists them: settlement reports (flat file V1 and V2), the date-range report of
// all transactions (every language) and the all-orders report have rules of
// their own; the others are plain tables, whose columns and headings are data in
// resources/reports/tables and whose rows one generic reader gives out. They may
// come as text, packed, or as a workbook that a spreadsheet has saved.
//
// It owns what is in such a file: kind, charset, delimiter, number and date
// forms are told from the content, never from the file's name; what stays
// ambiguous is refused with line and reason, never guessed. A file is read
// twice: Open proves the whole of it (every number and date, header total =
// sum of rows, row total = sum of its cells) and only then hands out rows, so
// a refused file leaves nothing behind. Equal lines are genuine and are kept.
//
// It must not know where rows are stored, how overlapping files are merged, or
// what an amount means in the books; it gives rows the identity that the store
// needs for that.
//
// Memory is flat: a file is streamed in every pass. Only the all-orders report
// keeps 16 bytes for each of its rows (to number equal ones), and so does a
// date-range report that is not in order of time. Nothing here starts a
// goroutine. A File may be read by several goroutines at once if its
// io.ReaderAt allows it.
//
// Numbers and dates are read by the evidence of the whole file: "1.234" is a
// thousand in a file that has "5,60" elsewhere, and refused in one where nothing
// tells. Empty, "--" and "N/A" are not zero: nothing is told.
//
//	files, err := reports.Open("march.csv", f, size, reports.Hint{})
//	if err != nil {
//		return err // a *FileError: "march.csv, line 17: ..."
//	}
//	for _, file := range files {
//		switch file.Kind {
//		case reports.DateRange:
//			for row, err := range file.DateRange() {
//				...
//			}
//		}
//	}
package reports
