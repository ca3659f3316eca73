package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// The items of a book in the key store are named book/<id>/<name>. Key stores
// cannot list, so the item "index" names the others. It is written before an
// item and after a deletion: at a crash it names too much, never too little.
const (
	indexItem  = "index"
	anchorItem = "anchor"
	slotItem   = "slot-"
)

type items struct {
	ring   Keyring
	bookID string
}

func (it items) id(name string) string { return "book/" + it.bookID + "/" + name }

func (it items) get(ctx context.Context, name string) (Secret, error) {
	return it.ring.Get(ctx, it.id(name))
}

// lock keeps two changes of the index apart within this process.
func (it items) lock() (unlock func()) { return lockName("items " + it.bookID) }

func (it items) set(ctx context.Context, name string, value Secret) error {
	defer it.lock()()
	names, err := it.index(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(names, name) {
		if err := it.setIndex(ctx, append(names, name)); err != nil {
			return err
		}
	}
	return it.ring.Set(ctx, it.id(name), value)
}

func (it items) delete(ctx context.Context, name string) error {
	defer it.lock()()
	if err := it.ring.Delete(ctx, it.id(name)); err != nil && !errors.Is(err, ErrNotInKeyStore) {
		return err
	}
	names, err := it.index(ctx)
	if err != nil {
		return err
	}
	if i := slices.Index(names, name); i >= 0 {
		return it.setIndex(ctx, slices.Delete(names, i, i+1))
	}
	return nil
}

func (it items) index(ctx context.Context) ([]string, error) {
	value, err := it.get(ctx, indexItem)
	if errors.Is(err, ErrNotInKeyStore) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	if json.Unmarshal([]byte(value.Reveal()), &names) != nil {
		return nil, nil // damaged: start anew; Purge knows the slots from the file too
	}
	return names, nil
}

func (it items) setIndex(ctx context.Context, names []string) error {
	text, err := json.Marshal(names)
	if err != nil {
		return fmt.Errorf("write the list of key store items: %w", err)
	}
	return it.ring.Set(ctx, it.id(indexItem), NewSecretBytes(text))
}

// Purge deletes everything that this package stored for the book in the key
// store, and returns the ids of the items that it deleted. It needs no unlocked
// book and no key file, and can be repeated after a crash. A damaged list does
// not stop it: the slots of the key file at path, when it can still be read,
// and the fixed names are tried as well. path may be empty.
func Purge(ctx context.Context, ring Keyring, bookID, path string) ([]string, error) {
	if !isHex(bookID, idSize) {
		return nil, fmt.Errorf("purge key store: book id: %w", ErrInvalid)
	}
	it := items{ring: ring, bookID: bookID}
	defer it.lock()()
	names, err := it.index(ctx)
	if err != nil {
		return nil, fmt.Errorf("purge key store: %w", err)
	}
	if path != "" {
		if info, err := ReadInfo(path); err == nil && info.BookID == bookID {
			for _, s := range info.Slots {
				names = append(names, slotItem+s.ID)
			}
		}
	}
	names = slices.DeleteFunc(append(names, anchorItem), func(n string) bool { return n == indexItem })
	slices.Sort(names)
	names = append(slices.Compact(names), indexItem) // last: it names what is left after a crash
	var deleted []string
	for _, name := range names {
		err := ring.Delete(ctx, it.id(name))
		switch {
		case err == nil:
			deleted = append(deleted, it.id(name))
		case !errors.Is(err, ErrNotInKeyStore):
			return deleted, fmt.Errorf("purge key store: %w", err)
		}
	}
	return deleted, nil
}
