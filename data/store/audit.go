package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
)

// Audit adds an entry to the chain of what was done with this book. The detail
// holds no personal data and no secret.
func (t *Tx) Audit(action, detail string) error {
	var before string
	err := t.row(`SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1`, nil, &before)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	_, err = t.insert(`INSERT INTO audit_entry (at, action, detail, hash) VALUES (?, ?, ?, ?)`,
		t.now, action, detail, auditHash(before, t.now, action, detail))
	return err
}

func auditHash(before string, at int64, action, detail string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d\n%q\n%q\n", before, at, action, detail)
	return hex.EncodeToString(h.Sum(nil))
}

// AuditHead is the hash of the newest audit entry, empty when there is none.
func (b *Book) AuditHead(ctx context.Context) (string, error) {
	var head string
	err := b.Reader().QueryRowContext(ctx, `SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1`).Scan(&head)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return head, err
}

// HasAudit reports whether the chain holds an entry of that hash.
func (b *Book) HasAudit(ctx context.Context, hash string) (bool, error) {
	var n int
	err := b.Reader().QueryRowContext(ctx, `SELECT count(*) FROM audit_entry WHERE hash = ?`, hash).Scan(&n)
	return n > 0, err
}

// VerifyAudit walks the chain of audit entries; an entry that was changed,
// removed or slipped in is an error that names it.
func (b *Book) VerifyAudit(ctx context.Context) (int, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT id, at, action, detail, hash FROM audit_entry ORDER BY id`)
	if err != nil {
		return 0, err
	}
	n, before := 0, ""
	err = eachRow(rows, func(r *sql.Rows) error {
		var id, at int64
		var action, detail, hash string
		if err := r.Scan(&id, &at, &action, &detail, &hash); err != nil {
			return err
		}
		if auditHash(before, at, action, detail) != hash {
			return fmt.Errorf("audit entry %d does not follow from the one before it", id)
		}
		n, before = n+1, hash
		return nil
	})
	return n, err
}
