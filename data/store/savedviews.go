package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// SavedView is how a user wants to see a table, under a name of his own.
type SavedView struct {
	Screen string // the table it belongs to
	Name   string
	State  string // JSON of the window's own
	Saved  time.Time
}

// maxViewName is how long a view's name may be, in bytes.
const maxViewName = 200

// PutSavedView keeps a view, in place of one of the same table and name.
func (t *Tx) PutSavedView(v SavedView) error {
	v.Name = strings.TrimSpace(v.Name)
	if v.Screen == "" || v.Name == "" || len(v.Name) > maxViewName {
		return fmt.Errorf("save the view %.40q: a name has 1 to %d bytes", v.Name, maxViewName)
	}
	_, err := t.exec(`INSERT INTO saved_view (screen, name, state, saved_at) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET state = excluded.state, saved_at = excluded.saved_at`, v.Screen, v.Name, v.State, t.now)
	if err != nil {
		return fmt.Errorf("save the view %q: %w", v.Name, err)
	}
	return nil
}

// DeleteSavedView removes a view; ErrNotFound when there is none.
func (t *Tx) DeleteSavedView(screen, name string) error {
	n, err := t.exec(`DELETE FROM saved_view WHERE screen = ? AND name = ?`, screen, name)
	if err != nil {
		return fmt.Errorf("delete the view %q: %w", name, err)
	}
	if n == 0 {
		return ErrNotFound
	}
	return nil
}

// SavedViews lists the views of a table by name.
func (b *Book) SavedViews(ctx context.Context, screen string) ([]SavedView, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT screen, name, state, saved_at FROM saved_view WHERE screen = ? ORDER BY name`, screen)
	if err != nil {
		return nil, fmt.Errorf("read the saved views: %w", err)
	}
	var all []SavedView
	err = eachRow(rows, func(r *sql.Rows) error {
		var v SavedView
		var at int64
		err := r.Scan(&v.Screen, &v.Name, &v.State, &at)
		v.Saved = fromMillis(at)
		all = append(all, v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the saved views: %w", err)
	}
	return all, nil
}
