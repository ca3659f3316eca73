package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// CallUse is what the calls of one operation to one host, for one purpose,
// came to.
type CallUse struct {
	Host      string    `json:"host"`
	Operation string    `json:"operation"`
	Purpose   string    `json:"purpose"`
	Calls     int64     `json:"calls"`
	Failed    int64     `json:"failed"` // no answer, or one that was no success
	BytesOut  int64     `json:"bytes_out"`
	BytesIn   int64     `json:"bytes_in"`
	Last      time.Time `json:"last"`
}

// CallUses adds all calls up by host, operation and purpose, also those that are
// too old for the list.
func (b *Book) CallUses(ctx context.Context) ([]CallUse, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT host, operation, purpose, sum(calls), sum(failed), sum(bytes_out), sum(bytes_in), max(last_at)
		FROM `+allCalls+` GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`)
	if err != nil {
		return nil, fmt.Errorf("read the list of calls: %w", err)
	}
	var all []CallUse
	err = eachRow(rows, func(r *sql.Rows) error {
		var c CallUse
		var last int64
		err := r.Scan(&c.Host, &c.Operation, &c.Purpose, &c.Calls, &c.Failed, &c.BytesOut, &c.BytesIn, &last)
		c.Last = fromMillis(last)
		all = append(all, c)
		return err
	})
	return all, err
}
