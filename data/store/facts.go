package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/books"
)

// FinancialTransaction is one transaction of the Finances API, as a header over
// its facts.
type FinancialTransaction struct {
	Connection string
	ID         string
	Type       string
	Status     string // DEFERRED, RELEASED, DEFERRED_RELEASED or empty
	Posted     time.Time
	Total      books.Money
	ReleaseOf  string // id of the deferred twin
	ReleasedBy string
	Document   int64
}

// SettlementHeader is a settlement report without its rows.
type SettlementHeader struct {
	Connection string
	ID         string
	Start, End time.Time
	Deposit    time.Time // zero when not told
	Total      books.Money
	Rows       int
	Document   int64
}

type factName struct {
	source     books.Source
	typ, paths string
}

type scopeKey struct{ connection, scope string }

func (t *Tx) touch(connection, scope string) { t.dirty[scopeKey{connection, scope}] = struct{}{} }

// PutTransaction stores a transaction with its facts. The same document again
// changes nothing; a changed one replaces the facts of this transaction.
func (t *Tx) PutTransaction(tr FinancialTransaction, facts []books.Fact) (changed bool, err error) {
	var doc int64
	err = t.row(`SELECT document_id FROM financial_transaction WHERE connection_id = ? AND transaction_id = ?`,
		[]any{tr.Connection, tr.ID}, &doc)
	if err == nil && doc == tr.Document {
		return false, nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	_, err = t.exec(`INSERT INTO financial_transaction (connection_id, transaction_id, type, status, posted_at, currency, total_minor,
		release_of, released_by, document_id) VALUES (?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET type = excluded.type, status = excluded.status, posted_at = excluded.posted_at,
		currency = excluded.currency, total_minor = excluded.total_minor, release_of = excluded.release_of,
		released_by = excluded.released_by, document_id = excluded.document_id`,
		tr.Connection, tr.ID, tr.Type, tr.Status, millis(tr.Posted), tr.Total.Currency, tr.Total.Minor,
		tr.ReleaseOf, tr.ReleasedBy, tr.Document)
	if err != nil {
		return false, fmt.Errorf("store transaction %s: %w", tr.ID, err)
	}
	if doc != 0 {
		if err := t.dropPosting(tr.Connection, books.Finances, tr.ID); err != nil {
			return false, err
		}
	}
	for _, f := range facts {
		if _, err := t.AddFact(f); err != nil {
			return false, err
		}
	}
	return true, nil
}

// PutSettlement stores a settlement's header; known tells that this book has
// it already, rows and all, be it from the other of Amazon's two file formats.
func (t *Tx) PutSettlement(h SettlementHeader) (known bool, err error) {
	var total books.Money
	err = t.row(`SELECT total_minor, currency FROM settlement WHERE connection_id = ? AND settlement_id = ?`,
		[]any{h.Connection, h.ID}, &total.Minor, &total.Currency)
	switch {
	case err == nil && total == h.Total:
		return true, nil
	case err == nil:
		return false, fmt.Errorf("settlement %s is in the book with the total %s, this file says %s; one of the two is damaged, download it again",
			h.ID, total, h.Total)
	case !errors.Is(err, ErrNotFound):
		return false, err
	}
	// Amazon's settlement ids are unique: the same one under another connection
	// is the same money, which would count twice.
	var other string
	err = t.row(`SELECT connection_id FROM settlement WHERE settlement_id = ? AND connection_id <> ?`, []any{h.ID, h.Connection}, &other)
	if err == nil {
		return false, fmt.Errorf("settlement %s is in the book under connection %s, where it counts already; use that connection for this account", h.ID, other)
	}
	if !errors.Is(err, ErrNotFound) {
		return false, err
	}
	_, err = t.exec(`INSERT INTO settlement (connection_id, settlement_id, start_at, end_at, deposit_at, currency, total_minor, row_count, document_id)
		VALUES (?,?,?,?,?,?,?,?,?)`, h.Connection, h.ID, millis(h.Start), millis(h.End), optMillis(h.Deposit),
		h.Total.Currency, h.Total.Minor, h.Rows, h.Document)
	if err != nil {
		return false, fmt.Errorf("store settlement %s: %w", h.ID, err)
	}
	return false, nil
}

// AddFact stores one fact unless the book has one of the same posting and
// place already. Of such a one only the state may change: what was deferred is
// released later, and never the other way.
func (t *Tx) AddFact(f books.Fact) (added bool, err error) {
	name, err := t.nameID(f)
	if err != nil {
		return false, err
	}
	scope := t.book.rules.Load().Scope(f)
	n, err := t.exec(`INSERT INTO fact (connection_id, scope, name_id, posting, seq, account, order_id, item_id, sku, marketplace_id,
		note, currency, amount_minor, quantity, posted_at, settlement_id, state, release_of, document_id, doc_line)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET state = excluded.state WHERE state = 'deferred' AND excluded.state <> 'deferred'`,
		f.Connection, scope, name, f.Posting, f.Seq, f.Account, f.Order, f.Item, f.SKU, f.Marketplace,
		f.Note, f.Amount.Currency, f.Amount.Minor, f.Quantity, millis(f.Posted), f.Settlement, string(f.State), f.ReleaseOf,
		nullID(f.Document), f.DocLine)
	if err != nil {
		return false, fmt.Errorf("store %s fact of %s: %w", f.Source, f.Posting, err)
	}
	if n > 0 {
		t.touch(f.Connection, scope)
	}
	return n > 0, nil
}

// dropPosting removes the facts of a posting that Amazon changed.
func (t *Tx) dropPosting(connection string, source books.Source, posting string) error {
	err := t.rows(`SELECT DISTINCT scope FROM fact JOIN fact_name n ON n.id = name_id
		WHERE posting = ? AND connection_id = ? AND n.source = ?`, []any{posting, connection, string(source)},
		func(r *sql.Rows) error {
			var scope string
			err := r.Scan(&scope)
			t.touch(connection, scope)
			return err
		})
	if err != nil {
		return err
	}
	_, err = t.exec(`DELETE FROM fact WHERE posting = ? AND connection_id = ?
		AND name_id IN (SELECT id FROM fact_name WHERE source = ?)`, posting, connection, string(source))
	return err
}

func (t *Tx) nameID(f books.Fact) (int64, error) {
	n := factName{f.Source, f.Type, f.Path}
	if id, ok := t.book.names[n]; ok {
		return id, nil
	}
	if id, ok := t.names[n]; ok {
		return id, nil
	}
	var id int64
	args := []any{string(n.source), n.typ, n.paths}
	err := t.row(`SELECT id FROM fact_name WHERE source = ? AND type = ? AND path = ?`, args, &id)
	if errors.Is(err, ErrNotFound) {
		id, err = t.insert(`INSERT INTO fact_name (source, type, path) VALUES (?, ?, ?)`, args...)
	}
	if err != nil {
		return 0, fmt.Errorf("store Amazon's name %q: %w", n.paths, err)
	}
	t.names[n] = id
	return id, nil
}

const factColumns = `f.id, f.connection_id, n.source, f.account, f.posting, f.seq, f.scope, f.order_id, f.item_id, f.sku,
	f.marketplace_id, n.type, n.path, f.note, f.amount_minor, f.currency, f.quantity, f.posted_at, f.settlement_id, f.state,
	f.release_of, coalesce(f.document_id, 0), f.doc_line`

func scanFact(r *sql.Rows) (books.Fact, error) {
	var f books.Fact
	var posted int64
	err := r.Scan(&f.ID, &f.Connection, &f.Source, &f.Account, &f.Posting, &f.Seq, &f.Scope, &f.Order, &f.Item, &f.SKU,
		&f.Marketplace, &f.Type, &f.Path, &f.Note, &f.Amount.Minor, &f.Amount.Currency, &f.Quantity, &posted, &f.Settlement, &f.State,
		&f.ReleaseOf, &f.Document, &f.DocLine)
	f.Posted = fromMillis(posted)
	return f, err
}
