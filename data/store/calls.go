package store

import "fmt"

// CallsListed is how long a call stays in the list of calls. After that it is
// added to its month, by connection, host, operation and purpose.
const CallsListed = 90 // days

// PruneCalls adds calls that are too old for the list to their months, the
// oldest first, most at a time, and tells how many they were.
func (t *Tx) PruneCalls(most int) (int, error) {
	before := t.now - CallsListed*24*60*60*1000
	// The newest stays, so that numbers go on: a run counts its calls by them.
	const old = `SELECT id FROM (SELECT id, at FROM api_call ORDER BY id LIMIT ?) WHERE at < ? AND id < (SELECT max(id) FROM api_call)`
	_, err := t.exec(`INSERT INTO call_month (month, connection_id, host, operation, purpose, calls, failed, bytes_in, bytes_out, last_at)
		SELECT strftime('%Y-%m', at / 1000, 'unixepoch'), connection_id, host, operation, purpose, count(*),
			count(*) FILTER (WHERE status < 200 OR status >= 300), sum(bytes_in), sum(bytes_out), max(at)
		FROM api_call WHERE id IN (`+old+`) GROUP BY 1, 2, 3, 4, 5
		ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, failed = failed + excluded.failed, bytes_in = bytes_in + excluded.bytes_in,
		bytes_out = bytes_out + excluded.bytes_out, last_at = max(last_at, excluded.last_at)`, most, before)
	if err != nil {
		return 0, fmt.Errorf("add old calls to their months: %w", err)
	}
	n, err := t.exec(`DELETE FROM api_call WHERE id IN (`+old+`)`, most, before)
	if err != nil {
		return 0, fmt.Errorf("take old calls out of the list: %w", err)
	}
	return int(n), nil
}

// allCalls are the sums of every call that was made, listed or not.
const allCalls = `(SELECT host, operation, purpose, calls, failed, bytes_in, bytes_out, last_at FROM call_month
	UNION ALL SELECT host, operation, purpose, 1, status < 200 OR status >= 300, bytes_in, bytes_out, at FROM api_call)`
