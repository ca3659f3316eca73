package resources

import "embed"

// The words of Amazon's report files, as CSV tables with a heading line. They
// are read by sync/reports and by nobody else; a new word is a new line here.
var (
	// ReportHeadings maps a heading of the date-range report to its English
	// column: language, heading, column.
	//
	//go:embed reports/headings.csv
	ReportHeadings string

	// ReportTypes maps a transaction type to its English word: language, word,
	// type.
	//
	//go:embed reports/types.csv
	ReportTypes string

	// ReportStatuses maps a transaction status to released or deferred:
	// language, word, status.
	//
	//go:embed reports/statuses.csv
	ReportStatuses string

	// ReportMonths maps names of months, long and short, to 1..12: name, month.
	//
	//go:embed reports/months.csv
	ReportMonths string

	// ReportZones maps zone abbreviations to their offset: name, minutes east
	// of UTC.
	//
	//go:embed reports/zones.csv
	ReportZones string

	// ReportCharsets maps the charset names that Amazon and Java use to the
	// ones we decode: alias, charset.
	//
	//go:embed reports/charsets.csv
	ReportCharsets string
)

// ReportTables holds the columns of each report that is a plain table, one file
// per kind: column, form, rules, language, heading. See sync/reports/columns.go
// for the words of form and rules.
//
//go:embed reports/tables/*.csv
var ReportTables embed.FS
