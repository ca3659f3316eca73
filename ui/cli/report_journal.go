package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"countinghouse/data/accounts"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type reportJournalVerb struct {
	Settlement string `help:"Journal of this settlement: what it paid, by the month it arose in, and the payout." placeholder:"ID" xor:"of"`
	Month      string `help:"Journal of this month: all that arose in it, with cost of goods, and what was paid out." placeholder:"YYYY-MM" xor:"of"`
	Connection string `help:"Only where two accounts have a settlement of that id." placeholder:"NAME"`
	Detail     string `help:"Entries per month, day or event (with order and SKU)." enum:"month,day,event" default:"month"`
	Format     string `help:"csv, hledger or beancount." enum:"csv,hledger,beancount" default:"csv"`
	Out        string `help:"Write into this new file instead of printing." type:"path" placeholder:"FILE"`
}

// Help documents the CSV; it is part of the interface.
func (v *reportJournalVerb) Help() string {
	return `Every entry balances, holds one currency, and is exact. Take the months or the settlements into your accounting, not both: they tell of the same money.

CSV has one row per posting: entry (stable id), date (YYYY-MM-DD), description, account_code, account, account_type (asset, liability, equity, income, expense), debit, credit (decimal with a dot, one of them empty), currency, line (line of the statement, or amazon, inventory, own, fees.tax, tax.input, difference), connection, marketplace, settlement, order_id, sku, state (final or estimated).

The accounts are mapped once: accounts list --format csv prints them, accounts import reads them back.`
}

func (v *reportJournalVerb) Run(a *app) error {
	if v.Settlement == "" && v.Month == "" {
		return usage("name a --settlement or a --month")
	}
	if _, err := time.Parse("2006-01", v.Month); v.Month != "" && err != nil {
		return usage("--month %q is not a month like 2026-03", v.Month)
	}
	return a.with(func(s *session.Session) error {
		entries, err := v.entries(a, s.Book)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			fmt.Fprintln(a.io.Err, "There is nothing to book; sync or import first.")
		}
		var text bytes.Buffer
		if err := writeJournal(&text, v.Format, entries); err != nil {
			return err
		}
		if v.Out == "" {
			_, err = a.io.Out.Write(text.Bytes())
			return err
		}
		if err := writeNew(v.Out, text.String()); err != nil {
			return outExists(v.Out, err)
		}
		return a.say(map[string]any{"file": v.Out, "entries": len(entries)}, "Wrote %d entries to %s.\n", len(entries), v.Out)
	})
}

// outExists says what to do about a file that is there already.
func outExists(path string, err error) error {
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already; name another file with --out", path)
	}
	return err
}

func writeJournal(to io.Writer, format string, entries []accounts.Entry) error {
	switch format {
	case "hledger":
		return accounts.WriteHledger(to, entries)
	case "beancount":
		return accounts.WriteBeancount(to, entries)
	}
	return accounts.WriteCSV(to, entries)
}

func (v *reportJournalVerb) entries(a *app, b *store.Book) ([]accounts.Entry, error) {
	chart, err := b.Chart(a.ctx)
	if err != nil {
		return nil, err
	}
	if v.Month != "" {
		return b.Journal(a.ctx, chart, accounts.Detail(v.Detail), v.Month+"-01", accounts.LastDay(v.Month))
	}
	connection, err := settlementOwner(a, b, v.Settlement, v.Connection)
	if err != nil {
		return nil, err
	}
	return b.SettlementJournal(a.ctx, chart, accounts.Detail(v.Detail), connection, v.Settlement)
}

// settlementOwner finds the account that a settlement belongs to.
func settlementOwner(a *app, b *store.Book, settlement, connection string) (string, error) {
	var owners []string
	err := b.Settlements(a.ctx, func(r store.SettlementRow) error {
		if r.ID == settlement && (connection == "" || connection == r.Connection) {
			owners = append(owners, r.Connection)
		}
		return nil
	})
	switch {
	case err != nil:
		return "", err
	case len(owners) == 0:
		return "", fmt.Errorf("there is no settlement %s; report settlements lists them", settlement)
	case len(owners) > 1:
		return "", usage("settlement %s is in several accounts (%s); name one with --connection", settlement, owners)
	}
	return owners[0], nil
}

type accountsVerb struct {
	List   accountsListVerb   `cmd:"" help:"Show which account each line of the statement is booked on."`
	Import accountsImportVerb `cmd:"" help:"Read the mapping: CSV with key, account, code, type; keys left out keep the standard."`
	Reset  accountsResetVerb  `cmd:"" help:"Go back to the standard accounts."`
}

type accountJSON struct {
	Key  string `json:"key"`
	Name string `json:"account"`
	Code string `json:"code"`
	Type string `json:"type"`
}

type accountsListVerb struct{ formatFlag }

func (v *accountsListVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		chart, err := s.Book.Chart(a.ctx)
		if err != nil {
			return err
		}
		t := a.rows(v.of(a), left("key"), left("account"), left("code"), left("type"))
		for _, k := range accounts.Keys() {
			c := chart[k]
			if err := t.add(accountJSON{string(k), c.Name, c.Code, string(c.Type)}, string(k), c.Name, c.Code, string(c.Type)); err != nil {
				return err
			}
		}
		return t.end(nil)
	})
}

type accountsImportVerb struct {
	File string `arg:"" help:"The CSV file." type:"path"`
}

func (v *accountsImportVerb) Run(a *app) error {
	f, err := os.Open(v.File)
	if err != nil {
		return fmt.Errorf("open the accounts: %w", err)
	}
	defer f.Close()
	chart, err := accounts.ReadChart(f)
	if err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			if err := tx.SetChart(chart); err != nil {
				return err
			}
			return tx.Audit("accounts", "mapped the accounts of the journal")
		})
		if err != nil {
			return err
		}
		return a.say(map[string]int{"mapped": len(chart)}, "Journals are booked on these accounts from now on.\n")
	})
}

type accountsResetVerb struct{}

func (v *accountsResetVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			if err := tx.SetChart(nil); err != nil {
				return err
			}
			return tx.Audit("accounts", "went back to the standard accounts of the journal")
		})
		if err != nil {
			return err
		}
		return a.say(map[string]bool{"standard": true}, "Journals are booked on the standard accounts again.\n")
	})
}
