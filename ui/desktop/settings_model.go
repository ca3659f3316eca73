package desktop

import (
	"context"
	"errors"
	"fmt"
	"io"

	"countinghouse/data/costfiles"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/session"
)

// settingsFacts are what the settings screen shows of a book.
type settingsFacts struct {
	look        look
	connections []store.Connection
	renewals    []store.CredentialDate
	slots       []vault.SlotInfo
	opened      string // the slot that opened the book
	full        bool   // this slot may change the slots
	people      bool   // personal data are stored
	costs       int    // unit costs
}

func readSettings(ctx context.Context, s *session.Session) (f settingsFacts, err error) {
	f.look = readLook(ctx, s.Book)
	if f.connections, err = s.Book.Connections(ctx); err != nil {
		return f, err
	}
	if f.renewals, err = s.Book.CredentialDates(ctx); err != nil {
		return f, err
	}
	costs, err := s.Book.Costs(ctx)
	if err != nil {
		return f, err
	}
	f.costs = len(costs)
	kept, err := s.Book.StoredPeople(ctx)
	if err != nil && !errors.Is(err, store.ErrNoPeople) {
		return f, err
	}
	f.people = kept.Rows > 0
	f.slots, f.opened, f.full = s.Vault.Slots(), s.Vault.OpenedBy(), s.Vault.Full()
	return f, nil
}

// connectionTone dots a connection's state.
func connectionTone(state string) parts.Tone {
	switch state {
	case store.StateActive:
		return parts.Gain
	case store.StateRevoked, store.StateSecret:
		return parts.Loss
	}
	return parts.Hint
}

// marketplaceOf takes a marketplace's id or any of Amazon's names for it.
func marketplaceOf(text string) (string, bool) {
	if m, ok := markets.ByID(text); ok {
		return m.ID, true
	}
	m, ok := markets.ByName(text)
	return m.ID, ok
}

// marketplaceWord names a marketplace; empty is every one of the currency.
func marketplaceWord(id, every string) string {
	if id == "" {
		return every
	}
	if m, ok := markets.ByID(id); ok {
		return m.Name
	}
	return id
}

// errCostRows reports a cost list with rows that cannot be read. Nothing of it
// is stored.
type errCostRows []costfiles.Problem

// Error implements error.
func (e errCostRows) Error() string {
	return fmt.Sprintf("%d rows of the cost list cannot be read", len(e))
}

// importCosts stores a cost list, all of it or nothing.
func importCosts(ctx context.Context, book *store.Book, from io.Reader) (int, error) {
	body, err := io.ReadAll(from)
	if err != nil {
		return 0, err
	}
	rows, bad, err := costfiles.UnitCosts(body, marketplaceOf)
	if err != nil {
		return 0, err
	}
	if len(bad) > 0 {
		return 0, errCostRows(bad)
	}
	return len(rows), book.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutCosts(rows); err != nil {
			return err
		}
		return tx.Audit("cost", fmt.Sprintf("cost list with %d rows", len(rows)))
	})
}
