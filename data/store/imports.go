package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ImportFile is a report file that was read into the book.
type ImportFile struct {
	SHA256     string
	Name       string
	Kind       string
	Connection string
	Rows, New  int
	Imported   time.Time
	Document   int64
}

// Imported finds a file by its hash; ErrNotFound when it was never read.
func (b *Book) Imported(ctx context.Context, sha256 string) (ImportFile, error) {
	f := ImportFile{SHA256: sha256}
	var at int64
	err := b.Reader().QueryRowContext(ctx, `SELECT name, kind, connection_id, row_count, new_count, imported_at, coalesce(document_id, 0)
		FROM import_file WHERE sha256 = ?`, sha256).Scan(&f.Name, &f.Kind, &f.Connection, &f.Rows, &f.New, &at, &f.Document)
	if errors.Is(err, sql.ErrNoRows) {
		return f, ErrNotFound
	}
	f.Imported = fromMillis(at)
	return f, err
}

// PutImport notes that a file was read.
func (t *Tx) PutImport(f ImportFile) error {
	_, err := t.exec(`INSERT INTO import_file (sha256, name, kind, connection_id, row_count, new_count, imported_at, document_id)
		VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`, f.SHA256, f.Name, f.Kind, f.Connection, f.Rows, f.New, t.now, nullID(f.Document))
	if err != nil {
		return fmt.Errorf("note the file %s: %w", f.Name, err)
	}
	return nil
}
