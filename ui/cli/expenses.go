package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type expensesVerb struct {
	Add      expensesAddVerb      `cmd:"" help:"Enter an expense, or change the one of the same name."`
	List     expensesListVerb     `cmd:"" help:"List the expenses."`
	Remove   expensesRemoveVerb   `cmd:"" help:"Remove an expense."`
	Import   expensesImportVerb   `cmd:"" help:"Read a list of expenses, CSV or XLSX."`
	Export   expensesExportVerb   `cmd:"" help:"Write the expenses as CSV or XLSX."`
	Template expensesTemplateVerb `cmd:"" help:"Write an empty list of expenses."`
}

type expensesAddVerb struct {
	Name        string `arg:"" help:"Your name for it."`
	Amount      string `help:"Amount of each occurrence." required:"" placeholder:"AMOUNT"`
	Currency    string `help:"Currency." required:"" placeholder:"CODE"`
	From        string `help:"First day, YYYY-MM-DD." required:"" placeholder:"DAY"`
	To          string `help:"Last day; left out: recurring without an end, or one day." placeholder:"DAY"`
	Repeat      string `help:"once, weekly, monthly, quarterly or yearly." enum:"once,weekly,monthly,quarterly,yearly" default:"once"`
	Allocation  string `help:"Divided among products: none, revenue or units." enum:"none,revenue,units" default:"none"`
	Category    string `help:"Your name for the kind of expense." placeholder:"NAME"`
	Marketplace string `help:"Only of this marketplace." placeholder:"NAME"`
	SKU         string `help:"Only of this product." placeholder:"SKU"`
	Supplier    string `help:"Supplier." placeholder:"NAME"`
	Note        string `help:"A note." placeholder:"TEXT"`
}

func (v *expensesAddVerb) Run(a *app) error {
	o, bad := costfiles.Expense(map[string]string{
		"expense": v.Name, "category": v.Category, "repeat": v.Repeat, "from": v.From, "to": v.To, "currency": v.Currency, "amount": v.Amount,
		"marketplace": v.Marketplace, "sku": v.SKU, "allocation": v.Allocation, "supplier": v.Supplier, "note": v.Note,
	}, marketplaceID)
	if len(bad) > 0 {
		return usageProblem(bad[0])
	}
	return a.with(func(s *session.Session) error {
		if _, err := putExpenses(a, s, []books.Outlay{o}, "expense "+o.Code); err != nil {
			return err
		}
		return a.say(map[string]string{"expense": o.Code}, "Expense %s: %s, %s from %s.\n", o.Code, o.Amount, o.Repeat, o.From)
	})
}

func putExpenses(a *app, s *session.Session, list []books.Outlay, cause string) (changed int, err error) {
	err = s.Book.Write(a.ctx, func(tx *store.Tx) error {
		tx.Because(whoever(), cause)
		for _, o := range list {
			is, err := tx.PutExpense(o)
			if err != nil {
				return err
			}
			if is {
				changed++
			}
		}
		return nil
	})
	return changed, err
}

type expensesListVerb struct{ formatFlag }

type expenseJSON struct {
	Expense     string `json:"expense"`
	Category    string `json:"category"`
	Repeat      string `json:"repeat"`
	From        string `json:"from"`
	To          string `json:"to"`
	Currency    string `json:"currency"`
	Minor       int64  `json:"amount_minor"`
	Marketplace string `json:"marketplace_id"`
	SKU         string `json:"sku"`
	Allocation  string `json:"allocation"`
	Supplier    string `json:"supplier"`
	Note        string `json:"note"`
}

func (v *expensesListVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.Expenses(a.ctx)
		if err != nil {
			return err
		}
		p := a.rows(v.of(a), left("expense"), left("category"), left("repeat"), left("from"), left("to"), left("currency"), right("amount"),
			left("marketplace"), left("sku"), left("allocation"), left("supplier"), left("note"))
		for _, o := range list {
			value := expenseJSON{o.Code, o.Category, string(o.Repeat), o.From, o.To, o.Amount.Currency, o.Amount.Minor, o.Marketplace, o.SKU, string(o.Allocation), o.Supplier, o.Note}
			if err := p.add(value, costfiles.ExpenseRow(o, marketName)...); err != nil {
				return p.end(err)
			}
		}
		return p.end(nil)
	})
}

type expensesRemoveVerb struct {
	Name string `arg:"" help:"Name of the expense."`
}

func (v *expensesRemoveVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), "removed expense "+v.Name)
			return tx.DeleteExpense(v.Name)
		})
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no expense %q; expenses list shows them", v.Name)
		}
		if err != nil {
			return err
		}
		return a.say(map[string]string{"removed": v.Name}, "Removed expense %s.\n", v.Name)
	})
}

type expensesImportVerb struct{ importFlags }

func (v *expensesImportVerb) Run(a *app) error {
	rows, err := readList(a, v.importFlags, costfiles.Expenses)
	if v.Preview {
		t := newSheet(left("expense"), left("repeat"), left("from"), right("amount"), left("currency"))
		for _, o := range rows {
			t.add(o.Code, string(o.Repeat), o.From, o.Amount.Decimal(), o.Amount.Currency)
		}
		return errors.Join(t.write(a.io.Out, formatTable), err)
	}
	if err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		changed, err := putExpenses(a, s, rows, fmt.Sprintf("list of %d expenses", len(rows)))
		if err != nil {
			return err
		}
		return a.say(map[string]int{"stored": changed, "same": len(rows) - changed}, "Stored %d expenses; %d were there already.\n", changed, len(rows)-changed)
	})
}

type expensesExportVerb struct{ outFlag }

func (v *expensesExportVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.Expenses(a.ctx)
		if err != nil {
			return err
		}
		rows := make([][]string, len(list))
		for i, o := range list {
			rows[i] = costfiles.ExpenseRow(o, marketName)
		}
		return v.writeList(a, "expenses", costfiles.ExpenseColumns(), rows)
	})
}

type expensesTemplateVerb struct{ outFlag }

func (v *expensesTemplateVerb) Run(a *app) error {
	return v.writeList(a, "expenses", costfiles.ExpenseColumns(), nil)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
