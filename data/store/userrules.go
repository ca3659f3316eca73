package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"countinghouse/data/books"
)

// NameRule is what the user said about a name of Amazon: on which line its
// money stands. An empty Note holds for every description.
type NameRule struct {
	ID           int64 // of the name in this book; not needed to keep a rule
	Source       books.Source
	Type, Path   string
	Note         string
	Line, Refund books.Line // Refund: where it stands in a refund; empty: what goes with Line
}

// UnclassifiedName is a name of Amazon that stands on no line, with what was
// posted under it in one currency.
type UnclassifiedName struct {
	ID         int64 // of the name in this book
	Source     books.Source
	Type, Path string
	Note       string // an example of Amazon's descriptions
	Notes      int    // how many different ones there are
	Lines      int64
	Amount     books.Money
	First      string // days of the marketplace, YYYY-MM-DD
	Last       string
}

// Rules for one description come before the one for all of them.
const selectRules = `SELECT coalesce(n.id, 0), r.source, r.type, r.path, r.note, r.line, r.refund
	FROM classification_rule r LEFT JOIN fact_name n USING (source, type, path) ORDER BY r.source, r.type, r.path, r.note DESC`

// loadRules reads what Amazon's names mean: the user's word first, then ours.
func (b *Book) loadRules(ctx context.Context) error {
	list, err := b.NameRules(ctx)
	if err != nil {
		return err
	}
	rules, err := rulesWith(list)
	if err != nil {
		return err
	}
	b.rules.Store(rules)
	return nil
}

func rulesWith(list []NameRule) (*books.Rules, error) {
	standard, err := books.StandardRules()
	if err != nil || len(list) == 0 {
		return standard, err
	}
	user := make([]books.Rule, len(list))
	for i, r := range list {
		user[i] = books.ExactRule(r.Source, r.Type, r.Path, r.Note, r.Line, r.Refund)
	}
	return standard.With(user)
}

// NameRules lists the user's rules.
func (b *Book) NameRules(ctx context.Context) ([]NameRule, error) {
	rows, err := b.Reader().QueryContext(ctx, selectRules)
	if err != nil {
		return nil, fmt.Errorf("read your rules: %w", err)
	}
	var list []NameRule
	err = eachRow(rows, func(r *sql.Rows) error { return scanRule(r, &list) })
	return list, err
}

func scanRule(r *sql.Rows, list *[]NameRule) error {
	var n NameRule
	err := r.Scan(&n.ID, &n.Source, &n.Type, &n.Path, &n.Note, &n.Line, &n.Refund)
	*list = append(*list, n)
	return err
}

// PutNameRule keeps a rule, or replaces that of the same name, and applies it to
// everything that was posted under the name.
func (t *Tx) PutNameRule(r NameRule) error {
	if !books.KnownLine(r.Line) || r.Line == books.COGS || (r.Refund != "" && !books.KnownLine(r.Refund)) {
		return fmt.Errorf("the statement has no line %q for Amazon's money", r.Line)
	}
	if r.Refund == "" {
		r.Refund = books.RefundOf(r.Line)
	}
	_, err := t.exec(`INSERT INTO classification_rule (source, type, path, note, line, refund, entered_at) VALUES (?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET line = excluded.line, refund = excluded.refund, entered_at = excluded.entered_at`,
		string(r.Source), r.Type, r.Path, r.Note, string(r.Line), string(r.Refund), t.now)
	if err != nil {
		return fmt.Errorf("store the rule for %q: %w", r.Path, err)
	}
	if err := t.Audit("classify", fmt.Sprintf("%s / %s / %s stands on %s", r.Source, r.Type, r.Path, r.Line)); err != nil {
		return err
	}
	return t.applyRules(r)
}

// DeleteNameRule takes a rule back; ErrNotFound when there is none.
func (t *Tx) DeleteNameRule(r NameRule) error {
	n, err := t.exec(`DELETE FROM classification_rule WHERE source = ? AND type = ? AND path = ? AND note = ?`,
		string(r.Source), r.Type, r.Path, r.Note)
	if err != nil {
		return fmt.Errorf("delete the rule for %q: %w", r.Path, err)
	}
	if n == 0 {
		return ErrNotFound
	}
	if err := t.Audit("classify", fmt.Sprintf("%s / %s / %s: rule taken back", r.Source, r.Type, r.Path)); err != nil {
		return err
	}
	return t.applyRules(r)
}

// applyRules reads the rules anew and puts the facts of a changed one into the
// scopes that they have now; events of the old scopes and of the new ones are
// derived again.
func (t *Tx) applyRules(changed NameRule) error {
	var list []NameRule
	if err := t.rows(selectRules, nil, func(r *sql.Rows) error { return scanRule(r, &list) }); err != nil {
		return fmt.Errorf("read your rules: %w", err)
	}
	rules, err := rulesWith(list)
	if err != nil {
		return err
	}
	if t.rulesBefore == nil {
		t.rulesBefore = t.book.rules.Load()
	}
	t.book.rules.Store(rules)
	moved, err := t.factsOutOfScope(` WHERE n.source = ? AND n.type = ? AND n.path = ?`, string(changed.Source), changed.Type, changed.Path)
	if err != nil {
		return err
	}
	return t.moveFacts(moved)
}

// Unclassified lists the names of Amazon whose money stands on no line of the
// statement, those of the most lines first.
func (b *Book) Unclassified(ctx context.Context) ([]UnclassifiedName, error) {
	rows, err := b.Reader().QueryContext(ctx, `WITH day AS (SELECT DISTINCT event_day, marketplace_id FROM rollup WHERE line = 'unclassified')
		SELECT n.id, n.source, n.type, n.path, max(f.note), count(DISTINCT f.note), count(*), l.currency, sum(l.amount_minor), min(e.event_day), max(e.event_day)
		FROM day JOIN event e ON e.event_day = day.event_day AND e.marketplace_id = day.marketplace_id
		JOIN money_line l ON l.event_id = e.id AND l.line = 'unclassified'
		JOIN fact f ON f.id = l.fact_id JOIN fact_name n ON n.id = f.name_id
		GROUP BY n.id, l.currency ORDER BY count(*) DESC, n.source, n.type, n.path, l.currency`)
	if err != nil {
		return nil, fmt.Errorf("read the unclassified names: %w", err)
	}
	var all []UnclassifiedName
	err = eachRow(rows, func(r *sql.Rows) error {
		var u UnclassifiedName
		err := r.Scan(&u.ID, &u.Source, &u.Type, &u.Path, &u.Note, &u.Notes, &u.Lines, &u.Amount.Currency, &u.Amount.Minor, &u.First, &u.Last)
		all = append(all, u)
		return err
	})
	return all, err
}

// Name gives one of Amazon's names by its number in this book, as a rule without
// a line; ErrNotFound when there is none.
func (b *Book) Name(ctx context.Context, id int64) (NameRule, error) {
	return b.name(ctx, `SELECT id, source, type, path FROM fact_name WHERE id = ?`, id)
}

// NameOfFact gives the name under which Amazon posted a fact.
func (b *Book) NameOfFact(ctx context.Context, fact int64) (NameRule, error) {
	return b.name(ctx, `SELECT n.id, n.source, n.type, n.path FROM fact f JOIN fact_name n ON n.id = f.name_id WHERE f.id = ?`, fact)
}

func (b *Book) name(ctx context.Context, q string, id int64) (NameRule, error) {
	var r NameRule
	err := b.Reader().QueryRowContext(ctx, q, id).Scan(&r.ID, &r.Source, &r.Type, &r.Path)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("read Amazon's name: %w", err)
	}
	return r, nil
}
