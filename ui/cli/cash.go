package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type cashVerb struct {
	Import cashImportVerb `cmd:"" help:"Read a bank's CSV; only lines of Amazon are kept."`
}

// maxBankFile is the largest bank file that is read.
const maxBankFile = 64 << 20 // bytes

type cashImportVerb struct {
	File     string `arg:"" help:"The bank's CSV file." type:"path"`
	Account  string `help:"Your name for the bank account." default:"Bank" placeholder:"NAME"`
	Currency string `help:"Currency of the account, where the file does not tell it." placeholder:"CODE"`
	Days     string `help:"Order of day and month, where the file leaves it open." enum:",dmy,mdy" default:""`
	Preview  bool   `help:"Show what would be read and store nothing."`
}

// cashImportJSON is the result of cash import.
type cashImportJSON struct {
	Columns map[string]string `json:"columns"`
	Rows    int               `json:"rows"`
	Amazon  int               `json:"amazon_lines"`
	Stored  int               `json:"stored"` // new ones among them
	Other   int               `json:"other_lines"`
	Bad     int               `json:"bad_rows"`
}

func (v *cashImportVerb) Run(a *app) error {
	if v.Currency != "" && !currencyCode.MatchString(v.Currency) {
		return usage("--currency %q is not a code like EUR", v.Currency)
	}
	f, err := readBank(v.File, accounts.BankHint{Currency: v.Currency, Days: v.Days})
	if err != nil {
		return err
	}
	for _, b := range f.Bad {
		fmt.Fprintf(a.io.Err, "countinghouse: %s line %d: %s\n", v.File, b.Line, printable(b.Why))
	}
	if len(f.Bad) > 0 && !v.Preview {
		return fmt.Errorf("%d rows cannot be read; nothing was stored", len(f.Bad))
	}
	return a.with(func(s *session.Session) error {
		in, err := s.Book.PickBankLines(a.ctx, v.Account, filepath.Base(v.File), f)
		if err != nil {
			return err
		}
		j := cashImportJSON{Columns: f.Columns, Rows: len(f.Rows), Amazon: len(in.Lines), Other: in.Other, Bad: len(f.Bad)}
		if v.Preview {
			return v.preview(a, in, j)
		}
		err = s.Book.Write(a.ctx, func(tx *store.Tx) error {
			if j.Stored, err = tx.PutBankLines(in.Lines); err != nil {
				return err
			}
			return tx.Audit("import", fmt.Sprintf("bank file with %d lines of Amazon, %d of them new", len(in.Lines), j.Stored))
		})
		if err != nil {
			return err
		}
		return a.say(j, "Read %d rows: %d are Amazon's, %d of them new; %d others were left out.\n", j.Rows, j.Amazon, j.Stored, j.Other)
	})
}

func readBank(path string, hint accounts.BankHint) (accounts.BankFile, error) {
	file, err := os.Open(path)
	if err != nil {
		return accounts.BankFile{}, fmt.Errorf("open the bank's file: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxBankFile+1))
	if err != nil {
		return accounts.BankFile{}, fmt.Errorf("read the bank's file: %w", err)
	}
	if len(data) > maxBankFile {
		return accounts.BankFile{}, fmt.Errorf("%s is larger than a bank statement can be", filepath.Base(path))
	}
	f, err := accounts.ReadBank(data, hint)
	switch {
	case errors.Is(err, accounts.ErrBankCurrency):
		return f, usage("%s: %v with --currency", filepath.Base(path), err)
	case errors.Is(err, accounts.ErrBankDays):
		return f, usage("%s: %v with --days", filepath.Base(path), err)
	case err != nil:
		return f, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return f, nil
}

func (v *cashImportVerb) preview(a *app, in store.BankImport, j cashImportJSON) error {
	if a.g.JSON {
		return writeJSON(a.io.Out, j)
	}
	c := newSheet(left("read as"), left("column of the file"))
	for _, role := range []string{"date", "amount", "credit", "debit", "currency", "text"} {
		if j.Columns[role] != "" {
			c.add(role, j.Columns[role])
		}
	}
	if err := c.write(a.io.Out, formatTable); err != nil {
		return err
	}
	t := newSheet(left("line"), left("day"), right("amount"), left("currency"), left("text"))
	for _, l := range in.Lines {
		t.add(number(int64(l.Line)), l.Day, l.Amount.Decimal(), l.Amount.Currency, l.Text)
	}
	fmt.Fprintln(a.io.Out)
	if err := t.write(a.io.Out, formatTable); err != nil {
		return err
	}
	fmt.Fprintf(a.io.Out, "\n%d rows would be kept, %d others left out. Nothing was stored.\n", len(in.Lines), in.Other)
	return nil
}

type reportCashVerb struct {
	From string `help:"First day, YYYY-MM-DD; by default a year ago." placeholder:"DAY"`
	To   string `help:"Last day, YYYY-MM-DD; by default today." placeholder:"DAY"`
	formatFlag
}

// cashJSON is report cash --format json.
type cashJSON struct {
	Positions []positionJSON `json:"at_amazon"`
	Payouts   []payoutJSON   `json:"payouts"`
	Bank      []bankJSON     `json:"bank_lines_without_payout"`
	Calendar  []dueJSON      `json:"calendar"`
}

type positionJSON struct {
	Currency   string  `json:"currency"`
	Available  *string `json:"available"`
	Deferred   *string `json:"deferred"`
	Total      *string `json:"total"`
	Amazon     *string `json:"amazon_says"`
	Difference *string `json:"difference"`
	Why        string  `json:"why,omitempty"`
}

type payoutJSON struct {
	Day        string  `json:"day"`
	Connection string  `json:"connection"`
	Settlement string  `json:"settlement_id"`
	Currency   string  `json:"currency"`
	Amount     string  `json:"amount"`
	Header     bool    `json:"in_a_settlement"`
	Transfer   bool    `json:"in_transactions"`
	BankDay    *string `json:"bank_day"`
	BankText   string  `json:"bank_text,omitempty"`
}

type bankJSON struct {
	Day      string `json:"day"`
	Account  string `json:"account"`
	Currency string `json:"currency"`
	Amount   string `json:"amount"`
	Text     string `json:"text"`
}

type dueJSON struct {
	Day        string `json:"day"` // empty when Amazon does not tell it
	Kind       string `json:"kind"`
	Connection string `json:"connection"`
	Currency   string `json:"currency"`
	Amount     string `json:"amount"`
	Count      int    `json:"transactions"`
}

func (v *reportCashVerb) Run(a *app) error {
	if err := checkDays(v.From, v.To); err != nil {
		return err
	}
	now := time.Now()
	from, to := cmp.Or(v.From, now.AddDate(-1, 0, 0).Format(time.DateOnly)), cmp.Or(v.To, now.AddDate(0, 0, 1).Format(time.DateOnly))
	return a.with(func(s *session.Session) error {
		j, err := cashOf(a, s.Book, from, to)
		if err != nil {
			return err
		}
		if v.of(a) == formatJSON {
			return writeJSON(a.io.Out, j)
		}
		p := newSheet(left("payout"), left("connection"), left("settlement"), left("currency"), right("amount"), left("bank"), left("bank's words"))
		for _, o := range j.Payouts {
			p.add(o.Day, o.Connection, o.Settlement, o.Currency, o.Amount, dash(o.BankDay), o.BankText)
		}
		if v.Format == formatCSV {
			return p.write(a.io.Out, formatCSV)
		}
		t := newSheet(left("currency"), right("available"), right("deferred"), right("at Amazon"), right("Amazon says"), right("difference"), left("why"))
		for _, o := range j.Positions {
			t.add(o.Currency, dash(o.Available), dash(o.Deferred), dash(o.Total), dash(o.Amazon), dash(o.Difference), o.Why)
		}
		c := newSheet(left("due"), left("what"), left("connection"), left("currency"), right("amount"), right("transactions"))
		for _, o := range j.Calendar {
			c.add(cmp.Or(o.Day, "-"), o.Kind, o.Connection, o.Currency, o.Amount, number(int64(o.Count)))
		}
		b := newSheet(left("bank line without payout"), left("account"), left("currency"), right("amount"), left("text"))
		for _, o := range j.Bank {
			b.add(o.Day, o.Account, o.Currency, o.Amount, o.Text)
		}
		for i, one := range []*sheet{t, c, p, b} {
			if i > 0 {
				fmt.Fprintln(a.io.Out)
			}
			if err := one.write(a.io.Out, formatTable); err != nil {
				return err
			}
		}
		return nil
	})
}

func cashOf(a *app, b *store.Book, from, to string) (cashJSON, error) {
	j := cashJSON{Positions: []positionJSON{}, Payouts: []payoutJSON{}, Bank: []bankJSON{}, Calendar: []dueJSON{}}
	positions, err := b.CashPositions(a.ctx)
	if err != nil {
		return j, err
	}
	for _, p := range positions {
		o := positionJSON{
			Currency: p.Currency, Available: figureText(books.KindMoney, p.Available), Deferred: figureText(books.KindMoney, p.Deferred),
			Total: figureText(books.KindMoney, p.Total), Amazon: decimalOf(p.Amazon, p.Currency), Why: p.Total.Why,
		}
		if p.Amazon != nil && p.Total.Known {
			text := difference(p.Total.Minor, *p.Amazon, p.Currency)
			o.Difference = &text
		}
		j.Positions = append(j.Positions, o)
	}
	paid, rest, err := b.MatchBank(a.ctx, from, to)
	if err != nil {
		return j, err
	}
	for _, p := range paid {
		o := payoutJSON{Day: p.Day, Connection: p.Connection, Settlement: p.Settlement, Currency: p.Amount.Currency, Amount: p.Amount.Decimal(),
			Header: p.Header, Transfer: p.Transfer}
		if p.Bank != nil {
			o.BankDay, o.BankText = &p.Bank.Day, p.Bank.Text
		}
		j.Payouts = append(j.Payouts, o)
	}
	for _, l := range rest {
		j.Bank = append(j.Bank, bankJSON{l.Day, l.Account, l.Amount.Currency, l.Amount.Decimal(), l.Text})
	}
	due, err := b.PayoutCalendar(a.ctx)
	for _, d := range due {
		j.Calendar = append(j.Calendar, dueJSON{d.Day, string(d.Kind), d.Connection, d.Amount.Currency, d.Amount.Decimal(), d.Count})
	}
	return j, err
}
