package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"countinghouse/data/books"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/ui/session"
)

type importVerb struct {
	Files       []string `arg:"" help:"Report files (TSV, CSV, XLSX, also .gz and .zip), or folders of them." type:"path"`
	Preview     bool     `help:"Tell what the files are and what would be new, and store nothing."`
	Connection  string   `help:"The connection that the files belong to, where several could be meant." placeholder:"NAME"`
	Marketplace string   `help:"Marketplace of reports that name none, such as Amazon.de." placeholder:"NAME"`
	Made        string   `help:"Day on which reports without dates were made (default: the file's own date)." placeholder:"DAY"`
	Currency    string   `help:"Currency of a report that names none." placeholder:"CODE"`
	Account     string   `help:"Amazon's account type of a date-range report, such as \"Invoiced Orders\"." placeholder:"TEXT"`
	Zone        string   `help:"Time zone of times that name none, such as Asia/Tokyo." placeholder:"ZONE"`
}

type importedJSON struct {
	File        string      `json:"file"`
	Kind        string      `json:"kind,omitempty"`
	Connection  string      `json:"connection,omitempty"`
	Marketplace string      `json:"marketplace_id,omitempty"`
	Rows        int         `json:"rows"`
	New         int         `json:"new"`
	Known       bool        `json:"known_already"`
	From        string      `json:"from,omitempty"`
	To          string      `json:"to,omitempty"`
	AsOf        string      `json:"as_of,omitempty"`
	Currency    string      `json:"currency,omitempty"`
	Totals      []moneyJSON `json:"totals,omitempty"`
	Unused      []string    `json:"unused_columns,omitempty"`
	Error       string      `json:"error,omitempty"`
}

// moneyJSON is an amount in JSON reports: exact text and minor units.
type moneyJSON struct {
	Amount   string `json:"amount"`
	Minor    int64  `json:"amount_minor"`
	Currency string `json:"currency"`
}

func moneyOf(m books.Money) moneyJSON { return moneyJSON{m.Decimal(), m.Minor, m.Currency} }

func (v *importVerb) options() (o appsync.ImportOptions, err error) {
	o = appsync.ImportOptions{Connection: v.Connection, Hint: reports.Hint{Currency: v.Currency, Account: v.Account}}
	if v.Marketplace != "" {
		id, ok := marketplaceID(v.Marketplace)
		if !ok {
			return o, usage("marketplace %q is not known; write it like Amazon.de", v.Marketplace)
		}
		o.Marketplace = id
	}
	if v.Made != "" {
		made, err := time.Parse(time.DateOnly, v.Made)
		if err != nil {
			return o, usage("%q is not a day like 2026-03-01", v.Made)
		}
		o.Taken = made.Add(12 * time.Hour)
	}
	if v.Zone != "" {
		zone, err := time.LoadLocation(v.Zone)
		if err != nil {
			return o, usage("--zone %q is no time zone; write it like Asia/Tokyo", v.Zone)
		}
		o.Hint.Zone = zone
	}
	return o, nil
}

func (v *importVerb) Run(a *app) error {
	o, err := v.options()
	if err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		read, doing := appsync.ImportFiles, "reading"
		if v.Preview {
			read, doing = appsync.Preview, "looking at"
		}
		results, err := read(a.ctx, s.Book, v.Files, o, a.fileProgress(doing))
		if err != nil {
			return err
		}
		var list []importedJSON
		refused := 0
		for _, f := range results {
			if f.Err != nil {
				refused++
				list = append(list, importedJSON{File: f.Path, Error: sentence(f.Err)})
				fmt.Fprintln(a.io.Err, "countinghouse: not read:", sentence(f.Err))
			}
			for _, d := range f.Reports {
				list = append(list, importedRow(d))
			}
		}
		if err := a.printImported(list, v.Preview); err != nil {
			return err
		}
		switch {
		case refused == len(results):
			return errors.New("no file was read; nothing was changed")
		case refused > 0:
			return withCode(exitPartial, fmt.Errorf("%d of %d files were not read and left nothing behind", refused, len(results)))
		}
		return nil
	})
}

// fileProgress tells of many files on the error stream, one line a second.
func (a *app) fileProgress(doing string) appsync.FileProgress {
	var last time.Time
	return func(done, total int, path string) {
		if now := time.Now(); done > 0 && total > 1 && now.Sub(last) >= progressEvery {
			last = now
			fmt.Fprintf(a.io.Err, "%s %d of %d: %s\n", doing, done+1, total, printable(filepath.Base(path)))
		}
	}
}

func importedRow(d appsync.Imported) importedJSON {
	j := importedJSON{
		File: d.Name, Kind: string(d.Kind), Connection: d.Connection, Marketplace: d.Marketplace, Rows: d.Rows, New: d.New, Known: d.Known,
		From: rfc3339(d.From), To: rfc3339(d.To), AsOf: rfc3339(d.Taken), Currency: d.Currency, Unused: d.Unused,
	}
	for _, m := range d.Totals {
		j.Totals = append(j.Totals, moneyOf(m))
	}
	return j
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func (a *app) printImported(list []importedJSON, preview bool) error {
	if a.g.JSON {
		return writeJSON(a.io.Out, list)
	}
	fresh, done := "new", "read"
	if preview {
		fresh, done = "would be new", "not stored"
	}
	t := newSheet(left("file"), left("kind"), left("connection"), right("rows"), right(fresh), left("from"), left("to"), left("currency"), right("sum"), left("result"))
	for _, j := range list {
		if j.Error != "" {
			continue
		}
		sum, result := "", done
		for i, m := range j.Totals {
			if i > 0 {
				sum += ", "
			}
			sum += m.Amount + " " + m.Currency
		}
		if j.Known {
			result = "was read before, nothing changed"
		}
		if len(j.Unused) > 0 {
			result += "; not used: " + strings.Join(j.Unused, ", ")
		}
		from, to := day(j.From), day(j.To)
		if j.From == "" && j.AsOf != "" {
			to = "as of " + day(j.AsOf)
		}
		t.add(j.File, j.Kind, j.Connection, number(int64(j.Rows)), number(int64(j.New)), from, to, j.Currency, sum, result)
	}
	if len(t.rows) == 0 {
		return nil
	}
	return t.write(a.io.Out, formatTable)
}

func day(rfc3339 string) string { return rfc3339[:min(10, len(rfc3339))] }
