package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// SyncState is how far a resource of a connection has come.
type SyncState struct {
	Connection, Resource string
	Bookmark             string    // JSON of the resource's own, empty at first
	Until                time.Time // data are complete until here
	OK                   time.Time // last run that ended well
	Error                string
	ErrorAt              time.Time
}

// Bookmark reads a resource's bookmark into v; ErrNotFound before the first.
func (b *Book) Bookmark(ctx context.Context, connection, resource string, v any) error {
	var text string
	err := b.Reader().QueryRowContext(ctx, `SELECT bookmark FROM sync_state WHERE connection_id = ? AND resource = ?`,
		connection, resource).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) || err == nil && text == "" {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("read the bookmark of %s: %w", resource, err)
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("read the bookmark of %s: %w", resource, err)
	}
	return nil
}

// SetBookmark keeps a resource's bookmark and until when its data are complete
// (zero leaves that as it was).
func (t *Tx) SetBookmark(connection, resource string, v any, until time.Time) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO sync_state (connection_id, resource, bookmark, until_at) VALUES (?,?,?,?)
		ON CONFLICT DO UPDATE SET bookmark = excluded.bookmark, until_at = coalesce(excluded.until_at, until_at)`,
		connection, resource, string(text), optMillis(until))
	return err
}

// SetSyncResult notes how a resource's run ended; an empty sentence means well.
func (t *Tx) SetSyncResult(connection, resource, sentence string) error {
	q := `INSERT INTO sync_state (connection_id, resource, ok_at) VALUES (?,?,?)
		ON CONFLICT DO UPDATE SET ok_at = excluded.ok_at, error = '', error_at = NULL`
	args := []any{connection, resource, t.now}
	if sentence != "" {
		q = `INSERT INTO sync_state (connection_id, resource, error, error_at) VALUES (?,?,?,?)
			ON CONFLICT DO UPDATE SET error = excluded.error, error_at = excluded.error_at`
		args = []any{connection, resource, sentence, t.now}
	}
	_, err := t.exec(q, args...)
	return err
}

// SyncStates lists how far every resource has come.
func (b *Book) SyncStates(ctx context.Context) ([]SyncState, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, resource, bookmark, until_at, ok_at, error, error_at
		FROM sync_state ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("read the state of sync: %w", err)
	}
	var all []SyncState
	err = eachRow(rows, func(r *sql.Rows) error {
		var s SyncState
		var until, ok, at sql.NullInt64
		err := r.Scan(&s.Connection, &s.Resource, &s.Bookmark, &until, &ok, &s.Error, &at)
		s.Until, s.OK, s.ErrorAt = optTime(until), optTime(ok), optTime(at)
		all = append(all, s)
		return err
	})
	return all, err
}

// StartRun notes that a resource's run began and returns its number.
func (t *Tx) StartRun(connection, resource string) (int64, error) {
	return t.insert(`INSERT INTO sync_run (connection_id, resource, started_at) VALUES (?, ?, ?)`, connection, resource, t.now)
}

// EndRun notes how a run ended: done, failed or stopped.
func (t *Tx) EndRun(id int64, pages, rows int, result string) error {
	_, err := t.exec(`UPDATE sync_run SET ended_at = ?, pages = ?, row_count = ?, result = ? WHERE id = ?`, t.now, pages, rows, result, id)
	return err
}

// APICall is one call that left this machine: never bodies or tokens.
type APICall struct {
	At                   time.Time
	Connection           string
	Host, Method         string
	Operation, Purpose   string
	Status               int
	BytesIn, BytesOut    int64
	Duration             time.Duration
	RequestID, ErrorName string
}

// PutCall adds a line to the list of calls.
func (t *Tx) PutCall(c APICall) error {
	_, err := t.exec(`INSERT INTO api_call (at, connection_id, host, method, operation, purpose, status, bytes_in, bytes_out, duration_ms, request_id, error)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`, millis(c.At), c.Connection, c.Host, c.Method, c.Operation, c.Purpose, c.Status,
		c.BytesIn, c.BytesOut, c.Duration.Milliseconds(), c.RequestID, c.ErrorName)
	return err
}

// Bucket reads the stored form of an operation's token bucket, empty at first.
func (t *Tx) Bucket(connection, operation string) (string, error) {
	var state string
	err := t.row(`SELECT state FROM limit_bucket WHERE connection_id = ? AND operation = ?`, []any{connection, operation}, &state)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return state, err
}

// SetBucket keeps the form of an operation's token bucket.
func (t *Tx) SetBucket(connection, operation, state string) error {
	_, err := t.exec(`INSERT INTO limit_bucket (connection_id, operation, state) VALUES (?,?,?)
		ON CONFLICT DO UPDATE SET state = excluded.state`, connection, operation, state)
	return err
}
