package cli

import (
	"errors"
	"fmt"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/i18n"
	"countinghouse/ui/paper"
	"countinghouse/ui/session"
)

type reportSettlementVerb struct {
	ID         string `arg:"" help:"Settlement id, from report settlements."`
	Connection string `help:"Only where two accounts have a settlement of that id." placeholder:"NAME"`
	Format     format `help:"table, csv, json; xlsx or pdf with --out." enum:"table,csv,json,xlsx,pdf" default:"table"`
	paperFlags
}

// settlementCheckJSON is report settlement --format json.
type settlementCheckJSON struct {
	settlementJSON
	RowsMatch       bool       `json:"header_equals_rows"`
	Transfer        *bool      `json:"transfer_equals_payout"` // null: no transfer is known
	BankDay         *string    `json:"bank_day"`
	Previous        *string    `json:"previous_settlement"`
	Next            *string    `json:"next_settlement"`
	GapHours        int64      `json:"gap_hours"`
	ReserveIn       string     `json:"reserve_from_previous"`
	ReserveOut      string     `json:"reserve_for_next"`
	PreviousReserve *string    `json:"reserve_kept_by_previous"`
	Alone           int64      `json:"rows_without_transactions"`
	OpenItems       []openJSON `json:"open_differences"`
}

type openJSON struct {
	Reason   string    `json:"reason"`
	Do       string    `json:"what_to_do"`
	Side     string    `json:"side"` // settlement: a row without a twin; books: money it does not pay
	Posted   time.Time `json:"posted"`
	Order    string    `json:"order_id"`
	SKU      string    `json:"sku"`
	Line     string    `json:"line"`
	Path     string    `json:"amazon_name"`
	Amount   string    `json:"amount"`
	Document int64     `json:"document_id"`
	DocLine  int       `json:"document_line"`
}

func (v *reportSettlementVerb) Run(a *app) error {
	f := v.Format
	if a.g.JSON {
		f = formatJSON
	}
	if err := v.paperFlags.check(f); err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		connection, err := settlementOwner(a, s.Book, v.ID, v.Connection)
		if err != nil {
			return err
		}
		c, err := s.Book.CheckSettlement(a.ctx, connection, v.ID)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no settlement %s; report settlements lists them", v.ID)
		}
		if err != nil {
			return err
		}
		if v.Out != "" {
			names, err := s.Book.SettlementNames(a.ctx, connection, v.ID)
			if err != nil {
				return err
			}
			return a.paper(f, v.Out, paper.Settlement(paperHead(s, v.Language), c, paper.Groups(names)))
		}
		words := i18n.For("en")
		if f == formatJSON {
			return writeJSON(a.io.Out, checkJSON(c, words))
		}
		if f == formatTable {
			if err := checkSheet(c).write(a.io.Out, formatTable); err != nil {
				return err
			}
			if len(c.OpenSum) == 0 {
				return nil
			}
			fmt.Fprintln(a.io.Out)
			t := newSheet(left("open difference"), left("side"), right("lines"), right("amount"), left("what to do"))
			for _, o := range c.OpenSum {
				t.add(words.T("cash.open."+string(o.Reason)), sideOf(o.Row), number(o.Count), amount(o.Minor, c.Currency), words.T("cash.do."+string(o.Reason)))
			}
			return t.write(a.io.Out, formatTable)
		}
		t := newSheet(left("reason"), left("side"), left("posted"), left("order_id"), left("sku"), left("line"), left("amazon_name"),
			left("currency"), right("amount"), right("document"), right("line_no"))
		for _, o := range c.Open {
			t.add(string(o.Reason), sideOf(o.Row), o.Posted.Format(time.RFC3339), o.Order, o.SKU, o.Line, o.Path, o.Amount.Currency,
				o.Amount.Decimal(), number(o.Document), number(int64(o.DocLine)))
		}
		return t.write(a.io.Out, f)
	})
}

func sideOf(row bool) string {
	if row {
		return "settlement"
	}
	return "books"
}

// checkSheet says what was compared and how it came out.
func checkSheet(c store.SettlementCheck) *sheet {
	money := func(minor int64) string { return amount(minor, c.Currency) }
	t := newSheet(left("check"), right("one side"), right("other side"), left("result"))
	verdict := func(same bool, otherwise string) string {
		if same {
			return "equal"
		}
		return otherwise
	}
	t.add("header = sum of "+number(c.Rows)+" rows", money(c.TotalMinor), money(c.RowsMinor),
		verdict(c.TotalMinor == c.RowsMinor, "differs by "+difference(c.TotalMinor, c.RowsMinor, c.Currency)))
	if c.Paid.Transfer {
		t.add("settlement = transfer in Amazon's transactions", money(c.TotalMinor), c.Paid.Amount.Decimal(), "equal")
	} else {
		t.add("settlement = transfer in Amazon's transactions", money(c.TotalMinor), "-", "no transfer is known")
	}
	if c.Bank != nil {
		t.add("payout = line of the bank", money(c.TotalMinor), c.Bank.Amount.Decimal(), "equal, booked on "+c.Bank.Day)
	} else {
		t.add("payout = line of the bank", money(c.TotalMinor), "-", "no line of the bank; cash import reads them")
	}
	if c.PreviousReserve != nil {
		t.add("reserve kept by "+c.Previous+" = reserve that came back", money(*c.PreviousReserve), money(c.ReserveIn),
			verdict(*c.PreviousReserve == c.ReserveIn, "differs by "+difference(*c.PreviousReserve, c.ReserveIn, c.Currency)))
	} else {
		t.add("reserve that came back", "-", money(c.ReserveIn), "the settlement before is not in the book")
	}
	t.add("reserve kept for the next", money(c.ReserveOut), "-", verdict(c.Next == "", "in settlement "+c.Next))
	if c.Next == "" {
		t.rows[len(t.rows)-1][3] = "the next settlement is not in the book yet"
	}
	if c.Gap > 0 {
		t.add("days since "+c.Previous+" ended", number(int64(c.Gap/(24*time.Hour))), "0", "a settlement is missing between; import it")
	}
	if c.Alone > 0 {
		t.add("rows of a time without transactions", number(c.Alone), "-", "only the settlement tells of them")
	}
	open := int64(0)
	for _, o := range c.OpenSum {
		if o.Row {
			open += o.Count
		}
	}
	t.add("rows = events", number(c.Rows), number(c.Rows-open), verdict(open == 0, number(open)+" open"))
	return t
}

// difference is x - y as text, whatever its size.
func difference(x, y int64, currency string) string {
	sum, err := books.Money{Minor: x, Currency: currency}.Add(books.Money{Minor: -y, Currency: currency})
	if err != nil {
		return "more than can be shown"
	}
	return sum.Decimal()
}

func checkJSON(c store.SettlementCheck, words *i18n.Words) settlementCheckJSON {
	j := settlementCheckJSON{
		settlementJSON: settlementOf(c.SettlementRow), RowsMatch: c.TotalMinor == c.RowsMinor, GapHours: int64(c.Gap / time.Hour),
		ReserveIn: amount(c.ReserveIn, c.Currency), ReserveOut: amount(c.ReserveOut, c.Currency),
		PreviousReserve: decimalOf(c.PreviousReserve, c.Currency), Alone: c.Alone, OpenItems: []openJSON{},
	}
	if c.Paid.Transfer {
		same := c.Paid.Amount.Minor == c.TotalMinor
		j.Transfer = &same
	}
	if c.Bank != nil {
		j.BankDay = &c.Bank.Day
	}
	if c.Previous != "" {
		j.Previous = &c.Previous
	}
	if c.Next != "" {
		j.Next = &c.Next
	}
	for _, o := range c.Open {
		j.OpenItems = append(j.OpenItems, openJSON{
			string(o.Reason), words.T("cash.do." + string(o.Reason)), sideOf(o.Row), o.Posted, o.Order, o.SKU, o.Line, o.Path,
			o.Amount.Decimal(), o.Document, o.DocLine,
		})
	}
	return j
}
