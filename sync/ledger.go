package appsync

import (
	"context"
	"encoding/json"
	"fmt"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// Limits keeps the budgets of Amazon's operations in the book, so that a
// restart never spends again what was spent.
type Limits struct{ Book *store.Book }

// Update implements spapi.LimitStore.
func (l Limits) Update(ctx context.Context, connection string, op spapi.Op, change func(spapi.Bucket) spapi.Bucket) error {
	return l.Book.Write(ctx, func(tx *store.Tx) error {
		text, err := tx.Bucket(connection, string(op))
		if err != nil {
			return err
		}
		var b spapi.Bucket
		if text != "" {
			if err := json.Unmarshal([]byte(text), &b); err != nil {
				return fmt.Errorf("read the stored limit of %s: %w", op, err)
			}
		}
		after, err := json.Marshal(change(b))
		if err != nil {
			return err
		}
		if string(after) == text {
			return nil
		}
		return tx.SetBucket(connection, string(op), string(after))
	})
}

// Calls keeps the list of calls in the book.
type Calls struct{ Book *store.Book }

// Record implements spapi.CallLog.
func (l Calls) Record(ctx context.Context, c spapi.Call) error {
	return l.Book.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		return tx.PutCall(store.APICall{
			At: c.At, Connection: c.Connection, Host: c.Host, Method: c.Method, Operation: string(c.Op), Purpose: c.Purpose,
			Status: c.Status, BytesIn: c.BytesIn, BytesOut: c.BytesOut, Duration: c.Duration, RequestID: c.RequestID, ErrorName: c.Class,
		})
	})
}
