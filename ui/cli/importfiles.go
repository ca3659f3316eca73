package cli

import (
	"errors"
	"fmt"
	"time"

	"countinghouse/data/books"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/ui/session"
)

type importVerb struct {
	Files      []string `arg:"" help:"Report files (TSV, CSV, also .gz and .zip)." type:"path"`
	Connection string   `help:"The connection that the files belong to, where several could be meant." placeholder:"NAME"`
	Currency   string   `help:"Currency of a date-range report that names none." placeholder:"CODE"`
	Account    string   `help:"Amazon's account type of a date-range report, such as \"Invoiced Orders\"." placeholder:"TEXT"`
	Zone       string   `help:"Time zone of times that name none, such as Asia/Tokyo." placeholder:"ZONE"`
}

type importedJSON struct {
	File       string      `json:"file"`
	Kind       string      `json:"kind,omitempty"`
	Connection string      `json:"connection,omitempty"`
	Rows       int         `json:"rows"`
	New        int         `json:"new"`
	Known      bool        `json:"known_already"`
	From       string      `json:"from,omitempty"`
	To         string      `json:"to,omitempty"`
	Totals     []moneyJSON `json:"totals,omitempty"`
	Error      string      `json:"error,omitempty"`
}

// moneyJSON is an amount in JSON reports: exact text and minor units.
type moneyJSON struct {
	Amount   string `json:"amount"`
	Minor    int64  `json:"amount_minor"`
	Currency string `json:"currency"`
}

func moneyOf(m books.Money) moneyJSON { return moneyJSON{m.Decimal(), m.Minor, m.Currency} }

func (v *importVerb) Run(a *app) error {
	hint := reports.Hint{Currency: v.Currency, Account: v.Account}
	if v.Zone != "" {
		zone, err := time.LoadLocation(v.Zone)
		if err != nil {
			return usage("--zone %q is no time zone; write it like Asia/Tokyo", v.Zone)
		}
		hint.Zone = zone
	}
	return a.with(func(s *session.Session) error {
		var list []importedJSON
		refused := 0
		for _, path := range v.Files {
			done, err := appsync.Import(a.ctx, s.Book, path, v.Connection, hint)
			if err != nil && a.ctx.Err() != nil {
				return a.ctx.Err()
			}
			if err != nil {
				refused++
				list = append(list, importedJSON{File: path, Error: sentence(err)})
				fmt.Fprintln(a.io.Err, "countinghouse: not read:", sentence(err))
			}
			for _, d := range done {
				list = append(list, importedRow(d))
			}
		}
		if err := a.printImported(list); err != nil {
			return err
		}
		switch {
		case refused == len(v.Files):
			return errors.New("no file was read; nothing was changed")
		case refused > 0:
			return withCode(exitPartial, fmt.Errorf("%d of %d files were not read and left nothing behind", refused, len(v.Files)))
		}
		return nil
	})
}

func importedRow(d appsync.Imported) importedJSON {
	j := importedJSON{
		File: d.Name, Kind: string(d.Kind), Connection: d.Connection, Rows: d.Rows, New: d.New, Known: d.Known,
		From: d.From.Format(time.RFC3339), To: d.To.Format(time.RFC3339),
	}
	for _, m := range d.Totals {
		j.Totals = append(j.Totals, moneyOf(m))
	}
	return j
}

func (a *app) printImported(list []importedJSON) error {
	if a.g.JSON {
		return writeJSON(a.io.Out, list)
	}
	t := newSheet(left("file"), left("kind"), left("connection"), right("rows"), right("new"), left("from"), left("to"), right("sum"), left("result"))
	for _, j := range list {
		if j.Error != "" {
			continue
		}
		sum, result := "", "read"
		for i, m := range j.Totals {
			if i > 0 {
				sum += ", "
			}
			sum += m.Amount + " " + m.Currency
		}
		if j.Known {
			result = "was read before, nothing changed"
		}
		t.add(j.File, j.Kind, j.Connection, number(int64(j.Rows)), number(int64(j.New)), day(j.From), day(j.To), sum, result)
	}
	if len(t.rows) == 0 {
		return nil
	}
	return t.write(a.io.Out, formatTable)
}

func day(rfc3339 string) string { return rfc3339[:min(10, len(rfc3339))] }
