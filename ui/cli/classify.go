package cli

import (
	"errors"
	"fmt"
	"strconv"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type classifyVerb struct {
	List   classifyListVerb   `cmd:"" default:"1" help:"List the names whose money stands on no line yet."`
	Lines  classifyLinesVerb  `cmd:"" help:"List the lines of the statement."`
	Set    classifySetVerb    `cmd:"" help:"Say on which line a name stands, also for what was posted before."`
	Rules  classifyRulesVerb  `cmd:"" help:"List what you said."`
	Remove classifyRemoveVerb `cmd:"" help:"Take back what you said of a name."`
}

type nameJSON struct {
	ID          int64  `json:"id"`
	Source      string `json:"source"`
	Type        string `json:"type"`
	Path        string `json:"path"`
	Description string `json:"description"`
	Lines       int64  `json:"lines"`
	Amount      string `json:"amount"`
	Minor       int64  `json:"amount_minor"`
	Currency    string `json:"currency"`
	First       string `json:"first_day"`
	Last        string `json:"last_day"`
}

type classifyListVerb struct {
	Format format `help:"table, csv or json." enum:"table,csv,json" default:"table"`
}

func (v *classifyListVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.Unclassified(a.ctx)
		if err != nil {
			return err
		}
		if v.Format == formatJSON || a.g.JSON {
			out := []nameJSON{}
			for _, n := range list {
				out = append(out, nameJSON{n.ID, string(n.Source), n.Type, n.Path, n.Note, n.Lines,
					amount(n.Amount.Minor, n.Amount.Currency), n.Amount.Minor, n.Amount.Currency, n.First, n.Last})
			}
			return writeJSON(a.io.Out, out)
		}
		if len(list) == 0 && v.Format == formatTable {
			_, err := fmt.Fprintln(a.io.Out, "Every name of Amazon in this book stands on a line of the statement.")
			return err
		}
		t := newSheet(right("id"), left("source"), left("type"), left("path"), left("description"), right("lines"), right("amount"), left("currency"), left("first"), left("last"))
		for _, n := range list {
			t.add(strconv.FormatInt(n.ID, 10), string(n.Source), n.Type, n.Path, n.Note, strconv.FormatInt(n.Lines, 10),
				amount(n.Amount.Minor, n.Amount.Currency), n.Amount.Currency, n.First, n.Last)
		}
		return t.write(a.io.Out, v.Format)
	})
}

type classifyLinesVerb struct{}

func (v *classifyLinesVerb) Run(a *app) error {
	lines := []string{}
	for _, l := range books.Lines() {
		if l != books.COGS {
			lines = append(lines, string(l))
		}
	}
	if a.g.JSON {
		return writeJSON(a.io.Out, lines)
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(a.io.Out, l); err != nil {
			return err
		}
	}
	return nil
}

// nameKey names one of Amazon's names on the command line.
type nameKey struct {
	ID   int64  `arg:"" help:"Number of the name, as list shows it."`
	Note string `help:"Only where Amazon's description is this text; empty: whatever it is." placeholder:"TEXT"`
}

func (k nameKey) rule(a *app, s *session.Session) (store.NameRule, error) {
	r, err := s.Book.Name(a.ctx, k.ID)
	if errors.Is(err, store.ErrNotFound) {
		return r, fmt.Errorf("this book has no name of number %d; classify list shows them", k.ID)
	}
	r.Note = k.Note
	return r, err
}

type classifySetVerb struct {
	nameKey
	Line string `arg:"" help:"Line of the statement, such as fee.other; classify lines shows them."`
}

func (v *classifySetVerb) Run(a *app) error {
	if line := books.Line(v.Line); !books.KnownLine(line) || line == books.COGS {
		return usage("the statement has no line %q for Amazon's money; classify lines shows them", v.Line)
	}
	return a.with(func(s *session.Session) error {
		r, err := v.rule(a, s)
		if err != nil {
			return err
		}
		r.Line = books.Line(v.Line)
		if err := s.Book.Write(a.ctx, func(tx *store.Tx) error { return tx.PutNameRule(r) }); err != nil {
			return err
		}
		return a.say(ruleOf(r), "%s stands on %s now, also what was posted before.\n", r.Path, r.Line)
	})
}

type classifyRemoveVerb struct{ nameKey }

func (v *classifyRemoveVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		r, err := v.rule(a, s)
		if err != nil {
			return err
		}
		err = s.Book.Write(a.ctx, func(tx *store.Tx) error { return tx.DeleteNameRule(r) })
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("you said nothing of the name %d; classify rules shows what you said", v.ID)
		}
		if err != nil {
			return err
		}
		return a.say(map[string]string{"removed": r.Path}, "%s stands where it stood before.\n", r.Path)
	})
}

type ruleJSON struct {
	ID     int64  `json:"id,omitempty"`
	Source string `json:"source"`
	Type   string `json:"type"`
	Path   string `json:"path"`
	Note   string `json:"description"`
	Line   string `json:"line"`
	Refund string `json:"refund_line"`
}

func ruleOf(r store.NameRule) ruleJSON {
	refund := r.Refund
	if refund == "" {
		refund = books.RefundOf(r.Line)
	}
	return ruleJSON{r.ID, string(r.Source), r.Type, r.Path, r.Note, string(r.Line), string(refund)}
}

type classifyRulesVerb struct {
	Format format `help:"table, csv or json." enum:"table,csv,json" default:"table"`
}

func (v *classifyRulesVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.NameRules(a.ctx)
		if err != nil {
			return err
		}
		if v.Format == formatJSON || a.g.JSON {
			out := []ruleJSON{}
			for _, r := range list {
				out = append(out, ruleOf(r))
			}
			return writeJSON(a.io.Out, out)
		}
		t := newSheet(right("id"), left("source"), left("type"), left("path"), left("description"), left("line"), left("refund line"))
		for _, r := range list {
			t.add(strconv.FormatInt(r.ID, 10), string(r.Source), r.Type, r.Path, r.Note, string(r.Line), string(r.Refund))
		}
		return t.write(a.io.Out, v.Format)
	})
}
