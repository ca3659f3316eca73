package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Scheduled says when a source of a connection is asked again.
type Scheduled struct {
	Connection, Resource string
	Next                 time.Time
	Failures             int            // runs that failed since the last that ended well
	Calls                map[string]int // of the last run that ended well, by operation
}

// Schedule lists when each source is asked again. A source that never ended a
// run is not in it.
func (b *Book) Schedule(ctx context.Context) ([]Scheduled, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, resource, next_at, failures, calls FROM schedule ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("read the schedule: %w", err)
	}
	var all []Scheduled
	err = eachRow(rows, func(r *sql.Rows) error {
		var s Scheduled
		var next int64
		var calls string
		if err := r.Scan(&s.Connection, &s.Resource, &next, &s.Failures, &calls); err != nil {
			return err
		}
		s.Next = fromMillis(next)
		if calls != "" {
			if err := json.Unmarshal([]byte(calls), &s.Calls); err != nil {
				return fmt.Errorf("read the calls of %s: %w", s.Resource, err)
			}
		}
		all = append(all, s)
		return nil
	})
	return all, err
}

// SetSchedule keeps when a source is asked again. Calls nil leaves those of the
// last good run.
func (t *Tx) SetSchedule(s Scheduled) error {
	calls := ""
	if s.Calls != nil {
		text, err := json.Marshal(s.Calls)
		if err != nil {
			return err
		}
		calls = string(text)
	}
	_, err := t.exec(`INSERT INTO schedule (connection_id, resource, next_at, failures, calls) VALUES (?,?,?,?,?)
		ON CONFLICT DO UPDATE SET next_at = excluded.next_at, failures = excluded.failures,
		calls = CASE excluded.calls WHEN '' THEN calls ELSE excluded.calls END`,
		s.Connection, s.Resource, millis(s.Next), s.Failures, calls)
	return err
}

// LastCall is the number of the newest call in the list, 0 before the first.
func (b *Book) LastCall(ctx context.Context) (int64, error) {
	var id sql.NullInt64
	err := b.Reader().QueryRowContext(ctx, `SELECT max(id) FROM api_call`).Scan(&id)
	return id.Int64, err
}

// CallsSince counts the calls that a purpose of a connection made after call
// number id, by operation.
func (b *Book) CallsSince(ctx context.Context, connection, purpose string, id int64) (map[string]int, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT operation, count(*) FROM api_call
		WHERE id > ? AND connection_id = ? AND purpose = ? GROUP BY operation`, id, connection, purpose)
	if err != nil {
		return nil, fmt.Errorf("count the calls of %s: %w", purpose, err)
	}
	calls := map[string]int{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var op string
		var n int
		err := r.Scan(&op, &n)
		calls[op] = n
		return err
	})
	return calls, err
}

// LimitKey names a token bucket.
type LimitKey struct{ Connection, Operation string }

// Buckets reads the stored forms of all token buckets.
func (b *Book) Buckets(ctx context.Context) (map[LimitKey]string, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, operation, state FROM limit_bucket`)
	if err != nil {
		return nil, fmt.Errorf("read the limits: %w", err)
	}
	all := map[LimitKey]string{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var k LimitKey
		var state string
		err := r.Scan(&k.Connection, &k.Operation, &state)
		all[k] = state
		return err
	})
	return all, err
}

// endKilledRuns marks the runs that a killed process left open: nobody else has
// the book open, so none of them goes on. When they ended is not known.
func endKilledRuns(ctx context.Context, db *sql.DB) error {
	var open int
	err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sync_run WHERE result = 'running')`).Scan(&open)
	if err == nil && open != 0 {
		_, err = db.ExecContext(ctx, `UPDATE sync_run SET result = 'stopped' WHERE result = 'running'`)
	}
	if err != nil {
		return fmt.Errorf("end the runs of a killed process: %w", err)
	}
	return nil
}

// PruneRuns forgets the runs that began before a time, but the newest of each
// source.
func (t *Tx) PruneRuns(before time.Time) error {
	_, err := t.exec(`DELETE FROM sync_run WHERE started_at < ? AND id NOT IN (SELECT max(id) FROM sync_run GROUP BY connection_id, resource)`,
		millis(before))
	return err
}

// PauseConnection stops a connection from being synced, or lets it again.
func (t *Tx) PauseConnection(id string, pause bool) error {
	q := `UPDATE connection SET state = 'active', state_reason = '', state_at = ? WHERE id = ? AND state = 'paused'`
	if pause {
		q = `UPDATE connection SET state = 'paused', state_reason = 'paused by you', state_at = ? WHERE id = ? AND state <> 'paused'`
	}
	_, err := t.exec(q, t.now, id)
	return err
}
