package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

//go:embed migrations/*.sql personal/*.sql
var migrationFiles embed.FS

// ErrNewer reports a book written by a newer version of the application.
var ErrNewer = errors.New("this book was written by a newer version of Countinghouse; install that version to open it")

const migrationTable = `CREATE TABLE IF NOT EXISTS migration (
  name       TEXT NOT NULL PRIMARY KEY,  -- file name of the step
  sha256     TEXT NOT NULL,              -- of its text
  applied_at INTEGER NOT NULL            -- unix milliseconds UTC
) WITHOUT ROWID`

// migrate brings a database to this version's tables: each step, its check and
// its bookkeeping in one transaction, steps never edited once released. A book
// that has them all is not checked, for that reads the whole of it: verify does.
func migrate(ctx context.Context, db *sql.DB, dir string, now int64) error {
	if _, err := db.ExecContext(ctx, migrationTable); err != nil {
		return fmt.Errorf("prepare the tables: %w", err)
	}
	done, err := applied(ctx, db)
	if err != nil {
		return err
	}
	steps, err := fs.Glob(migrationFiles, dir+"/*.sql")
	if err != nil {
		return err
	}
	sort.Strings(steps)
	for _, step := range steps {
		text, err := migrationFiles.ReadFile(step)
		if err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(strings.ReplaceAll(string(text), "\r\n", "\n")))
		name, hash := path.Base(step), hex.EncodeToString(sum[:])
		if was, ok := done[name]; ok {
			if was != hash {
				return fmt.Errorf("table step %s differs from the one this book was made with; install the version that made it", name)
			}
			delete(done, name)
			continue
		}
		if err := applyStep(ctx, db, name, hash, string(text), now); err != nil {
			return err
		}
	}
	if len(done) > 0 {
		return ErrNewer
	}
	return nil
}

func applied(ctx context.Context, db *sql.DB) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT name, sha256 FROM migration`)
	if err != nil {
		return nil, fmt.Errorf("read which table steps were taken: %w", err)
	}
	defer rows.Close()
	done := map[string]string{}
	for rows.Next() {
		var name, hash string
		if err := rows.Scan(&name, &hash); err != nil {
			return nil, err
		}
		done[name] = hash
	}
	return done, rows.Err()
}

func applyStep(ctx context.Context, db *sql.DB, name, hash, text string, now int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("table step %s: %w", name, err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return fmt.Errorf("table step %s: %w", name, err)
	}
	if err := checkForeignKeys(ctx, tx); err != nil {
		return fmt.Errorf("table step %s: %w", name, err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO migration VALUES (?, ?, ?)`, name, hash, now); err != nil {
		return fmt.Errorf("table step %s: %w", name, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("table step %s: %w", name, err)
	}
	return nil
}

// checkForeignKeys counts rows that point nowhere. The pragma has to be
// queried: executed, it reports no error even when rows are broken.
func checkForeignKeys(ctx context.Context, db interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}) error {
	rows, err := db.QueryContext(ctx, `PRAGMA foreign_key_check`)
	if err != nil {
		return fmt.Errorf("check foreign keys: %w", err)
	}
	defer rows.Close()
	if rows.Next() {
		var table, parent string
		var rowid, id sql.NullInt64
		if err := rows.Scan(&table, &rowid, &parent, &id); err != nil {
			return err
		}
		return fmt.Errorf("a row of %s points to a missing row of %s; restore a backup, or run rebuild", table, parent)
	}
	return rows.Err()
}

// CheckForeignKeys reports the first row that points to a missing one.
func (b *Book) CheckForeignKeys(ctx context.Context) error { return checkForeignKeys(ctx, b.Reader()) }
