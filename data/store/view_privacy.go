package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Stored is how much there is of one class of data.
type Stored struct {
	Class          string // "orders", "items", "money", "settlements", "listings", "stock", "documents", "costs", "files", "calls", "audit"
	Rows           int64
	Oldest, Newest time.Time // zero when there is none
}

// storedClasses says where a class is and by which time it is old. Days are
// read as midnight UTC.
var storedClasses = []struct{ class, query string }{
	{"orders", `SELECT count(*), min(purchased_at), max(purchased_at) FROM orders`},
	{"items", `SELECT count(*), NULL, NULL FROM order_item`},
	{"money", `SELECT count(*), min(posted_at), max(posted_at) FROM fact`},
	{"settlements", `SELECT count(*), min(start_at), max(end_at) FROM settlement`},
	{"listings", `SELECT count(*), NULL, max(seen_at) FROM listing`},
	{"stock", `SELECT count(*), min(taken_at), max(taken_at) FROM stock_snapshot`},
	{"documents", `SELECT count(*), min(received_at), max(received_at) FROM document`},
	{"costs", `SELECT count(*), min(entered_at), max(entered_at) FROM unit_cost`},
	{"files", `SELECT count(*), min(imported_at), max(imported_at) FROM import_file`},
	{"calls", `SELECT count(*), min(at), max(at) FROM api_call`},
	{"audit", `SELECT count(*), min(at), max(at) FROM audit_entry`},
}

// Stored counts what this book holds, class by class, people aside.
func (b *Book) Stored(ctx context.Context) ([]Stored, error) {
	var all []Stored
	for _, c := range storedClasses {
		s := Stored{Class: c.class}
		var oldest, newest sql.NullInt64
		if err := b.Reader().QueryRowContext(ctx, c.query).Scan(&s.Rows, &oldest, &newest); err != nil {
			return nil, fmt.Errorf("count %s: %w", c.class, err)
		}
		s.Oldest, s.Newest = optTime(oldest), optTime(newest)
		all = append(all, s)
	}
	return all, nil
}

// StoredPeople is how many buyers and recipients are held, and until when.
type StoredPeople struct {
	Rows           int64
	Oldest, Newest time.Time // fetched
	NextPurge      time.Time // when the first of them is deleted
	LastPurge      time.Time // when the last of them is deleted
	Due            int64     // their time is over already
}

// StoredPeople counts the people; ErrNoPeople where the key does not open them.
func (b *Book) StoredPeople(ctx context.Context) (StoredPeople, error) {
	db := b.People()
	if db == nil {
		return StoredPeople{}, ErrNoPeople
	}
	var p StoredPeople
	var oldest, newest, next, last sql.NullInt64
	err := db.QueryRowContext(ctx, `SELECT count(*), min(fetched_at), max(fetched_at), min(purge_at), max(purge_at),
		count(*) FILTER (WHERE purge_at <= ?) FROM person`, millis(b.Now())).Scan(&p.Rows, &oldest, &newest, &next, &last, &p.Due)
	if err != nil {
		return p, fmt.Errorf("count people: %w", err)
	}
	p.Oldest, p.Newest, p.NextPurge, p.LastPurge = optTime(oldest), optTime(newest), optTime(next), optTime(last)
	return p, nil
}

// ExpirePeople ends the time of everybody, so that the purge that follows
// deletes them all.
func (b *Book) ExpirePeople(ctx context.Context) error {
	if b.personal == nil {
		return ErrNoPeople
	}
	if _, err := b.personal.Writer().ExecContext(ctx, `UPDATE person SET purge_at = 0`); err != nil {
		return fmt.Errorf("end the time of all people: %w", err)
	}
	return nil
}

// CountCalls counts the calls that left this machine.
func (b *Book) CountCalls(ctx context.Context) (int, error) {
	var n int
	err := b.Reader().QueryRowContext(ctx, `SELECT count(*) FROM api_call`).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count calls: %w", err)
	}
	return n, nil
}

// CallPage gives a page of the list of calls, newest first, or oldest first.
func (b *Book) CallPage(ctx context.Context, oldestFirst bool, offset, limit int) ([]APICall, error) {
	order := "DESC"
	if oldestFirst {
		order = "ASC"
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT at, connection_id, host, method, operation, purpose, status, bytes_in, bytes_out,
		duration_ms, request_id, error FROM api_call ORDER BY id `+order+` LIMIT ? OFFSET ?`, limit, offset)
	if err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	var all []APICall
	err = eachRow(rows, func(r *sql.Rows) error {
		var c APICall
		var at, took int64
		err := r.Scan(&at, &c.Connection, &c.Host, &c.Method, &c.Operation, &c.Purpose, &c.Status, &c.BytesIn, &c.BytesOut, &took,
			&c.RequestID, &c.ErrorName)
		c.At, c.Duration = fromMillis(at), time.Duration(took)*time.Millisecond
		all = append(all, c)
		return err
	})
	return all, err
}

// AuditRow is one entry of what was done with the book.
type AuditRow struct {
	At             time.Time
	Action, Detail string
}

// CountAudit counts the audit entries.
func (b *Book) CountAudit(ctx context.Context) (int, error) {
	var n int
	err := b.Reader().QueryRowContext(ctx, `SELECT count(*) FROM audit_entry`).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count audit entries: %w", err)
	}
	return n, nil
}

// AuditPage gives a page of the audit entries, newest first, or oldest first.
func (b *Book) AuditPage(ctx context.Context, oldestFirst bool, offset, limit int) ([]AuditRow, error) {
	order := "DESC"
	if oldestFirst {
		order = "ASC"
	}
	rows, err := b.Reader().QueryContext(ctx, `SELECT at, action, detail FROM audit_entry ORDER BY id `+order+` LIMIT ? OFFSET ?`, limit, offset)
	if err != nil {
		return nil, fmt.Errorf("read audit entries: %w", err)
	}
	var all []AuditRow
	err = eachRow(rows, func(r *sql.Rows) error {
		var a AuditRow
		var at int64
		err := r.Scan(&at, &a.Action, &a.Detail)
		a.At = fromMillis(at)
		all = append(all, a)
		return err
	})
	return all, err
}

// Run is one run of one resource.
type Run struct {
	Connection, Resource string
	Started, Ended       time.Time // Ended is zero while it runs, or when it was killed
	Pages, Rows          int64
	Result               string // running, done, failed, stopped
}

// LastRuns gives the newest run of each resource of each connection.
func (b *Book) LastRuns(ctx context.Context) ([]Run, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, resource, started_at, ended_at, pages, row_count, result FROM sync_run
		WHERE id IN (SELECT max(id) FROM sync_run GROUP BY connection_id, resource) ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("read the last runs: %w", err)
	}
	var all []Run
	err = eachRow(rows, func(r *sql.Rows) error {
		var n Run
		var started int64
		var ended sql.NullInt64
		err := r.Scan(&n.Connection, &n.Resource, &started, &ended, &n.Pages, &n.Rows, &n.Result)
		n.Started, n.Ended = fromMillis(started), optTime(ended)
		all = append(all, n)
		return err
	})
	return all, err
}
