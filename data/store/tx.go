package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/books"
)

// ErrNotFound reports that what was asked for is not in the book.
var ErrNotFound = errors.New("not in this book")

// Tx is one transaction on book.db. It is used by one goroutine, inside Write.
type Tx struct {
	caller context.Context // asked between statements
	// ctx is the caller's without its end: the driver starts a goroutine for
	// every statement that can be interrupted, and statements here are short.
	ctx   context.Context
	tx    *sql.Tx
	book  *Book
	now   int64
	dirty map[scopeKey]struct{} // scopes whose events must be derived again
	names map[factName]int64    // names added by this transaction
	local map[string]*sql.Stmt  // statements bound to this transaction
	fresh []string              // statements prepared for the first time

	rulesBefore *books.Rules // when this transaction changed the rules: those before it

	recount     map[string]struct{} // SKUs whose goods must be costed again
	by, cause   string              // who changes costs, and what; see Because
	costChanges map[changeKey]changeSum
	progress    func(done, total int) // of costing; may be nil

	rewrite bool // events are written again though they are the same

	sold    map[soldSKU]struct{} // whose paid sales this transaction changed
	guessed map[soldSKU][]string // scopes that this transaction estimated by the latest of them
	unpaid  map[string]bool      // connections whose orders without money it looked at

	until map[string]time.Time // up to when the money of a connection is known, once asked

	soleMarket map[string]string     // connection and currency to their only marketplace
	coverage   map[string][]Interval // read once, when first asked
}

// Write runs f in one transaction. What f stored, the events and money lines
// derived from it and the daily sums are committed together, or not at all.
func (b *Book) Write(ctx context.Context, f func(*Tx) error) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if b.closed {
		return errors.New("the book is closed")
	}
	quiet := context.WithoutCancel(ctx)
	sqlTx, err := b.db.Writer().BeginTx(quiet, nil)
	if err != nil {
		return fmt.Errorf("begin to write: %w", err)
	}
	tx := &Tx{
		caller: ctx, ctx: quiet, tx: sqlTx, book: b, now: b.Now().UnixMilli(),
		dirty: map[scopeKey]struct{}{}, names: map[factName]int64{}, local: map[string]*sql.Stmt{},
		recount: map[string]struct{}{}, sold: map[soldSKU]struct{}{}, guessed: map[soldSKU][]string{}, unpaid: map[string]bool{}, costChanges: map[changeKey]changeSum{}, until: map[string]time.Time{}, soleMarket: map[string]string{},
	}
	defer func() {
		sqlTx.Rollback()
		b.keepStatements(quiet, tx.fresh)
	}()
	err = f(tx)
	if err == nil {
		err = tx.deriveDirty()
	}
	if err == nil {
		err = tx.sumOrders()
	}
	if err == nil {
		err = tx.tellChanges()
	}
	if err == nil {
		err = sqlTx.Commit()
	}
	if err != nil {
		b.costs, b.basis = nil, nil // may hold uncommitted ones
		if tx.rulesBefore != nil {
			b.rules.Store(tx.rulesBefore)
		}
		return err
	}
	for n, id := range tx.names {
		b.names[n] = id
	}
	return nil
}

// stmt gives the prepared form of q. The writer has one connection and this
// transaction holds it, so a statement met for the first time is prepared for
// the transaction only, and for the life of the book once it has ended.
func (t *Tx) stmt(q string) (*sql.Stmt, error) {
	if err := t.caller.Err(); err != nil {
		return nil, err
	}
	if s, ok := t.local[q]; ok {
		return s, nil
	}
	if s, ok := t.book.stmts[q]; ok {
		t.local[q] = t.tx.StmtContext(t.ctx, s)
		return t.local[q], nil
	}
	s, err := t.tx.PrepareContext(t.ctx, q)
	if err != nil {
		return nil, err
	}
	t.local[q] = s
	t.fresh = append(t.fresh, q)
	return s, nil
}

// keepStatements prepares what a transaction met for the first time. Failing
// costs only speed, so the error is not told.
func (b *Book) keepStatements(ctx context.Context, queries []string) {
	for _, q := range queries {
		if s, err := b.db.Writer().PrepareContext(ctx, q); err == nil {
			b.stmts[q] = s
		}
	}
}

func (t *Tx) exec(q string, args ...any) (int64, error) {
	s, err := t.stmt(q)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t *Tx) insert(q string, args ...any) (int64, error) {
	s, err := t.stmt(q)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// row reads one row into dest; ErrNotFound when there is none.
func (t *Tx) row(q string, args []any, dest ...any) error {
	s, err := t.stmt(q)
	if err != nil {
		return err
	}
	err = s.QueryRowContext(t.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

func (t *Tx) rows(q string, args []any, scan func(*sql.Rows) error) error {
	s, err := t.stmt(q)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(t.ctx, args...)
	if err != nil {
		return err
	}
	return eachRow(rows, scan)
}

func eachRow(rows *sql.Rows, scan func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func millis(t time.Time) int64 { return t.UnixMilli() }

// optMillis stores the zero time as NULL.
func optMillis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func optTime(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return fromMillis(ms.Int64)
}
