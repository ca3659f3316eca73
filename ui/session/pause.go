package session

import (
	"context"
	"fmt"

	"countinghouse/data/store"
)

// Pause keeps a connection from being synced until Resume; its data and its
// credentials stay. A run that goes on asks nothing new of it.
func (s *Session) Pause(ctx context.Context, id string) error { return s.setPaused(ctx, id, true) }

// Resume lets a paused connection be synced again.
func (s *Session) Resume(ctx context.Context, id string) error { return s.setPaused(ctx, id, false) }

func (s *Session) setPaused(ctx context.Context, id string, pause bool) error {
	c, err := s.Book.Connection(ctx, id)
	if err != nil {
		return err
	}
	if c.Kind != store.KindAPI {
		return fmt.Errorf("connection %s is fed by files; there is no sync to pause", id)
	}
	if (c.State == store.StatePaused) == pause {
		return nil
	}
	action := "resume"
	if pause {
		action = "pause"
	}
	return s.Book.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PauseConnection(id, pause); err != nil {
			return err
		}
		return tx.Audit(action, "connection "+id)
	})
}
