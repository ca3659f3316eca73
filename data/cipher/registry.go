package cipher

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
)

// book is one database file that this process has open, or is making. The VFS
// knows it by a number in the file's URI, so the key is in no string that a
// driver could print.
type book struct {
	id   uint64
	path string // absolute
	key  Key
	salt [SaltSize]byte

	cache *pageCache                // of all connections; nil while a file is being made
	fault atomic.Pointer[PageError] // the last page that did not verify
}

// books is the process-wide table of keys.
var books = struct {
	sync.Mutex
	last   uint64
	byID   map[uint64]*book
	byPath map[string]*book // files open through Open; makings are not in it
}{byID: map[uint64]*book{}, byPath: map[string]*book{}}

// registerBook makes a key known to the VFS until forget.
func registerBook(path string, key Key, salt [SaltSize]byte) *book {
	books.Lock()
	defer books.Unlock()
	books.last++
	b := &book{id: books.last, path: path, key: key, salt: salt}
	books.byID[b.id] = b
	return b
}

// forget removes the key from the table and overwrites it.
func (b *book) forget() {
	books.Lock()
	defer books.Unlock()
	delete(books.byID, b.id)
	if books.byPath[b.path] == b {
		delete(books.byPath, b.path)
	}
	b.key.Zero()
	b.cache.wipe()
}

// claimPath reserves path for b, or returns ErrInUse: two sets of connections
// to one file could not agree about recovery, compaction and keys.
func (b *book) claimPath() error {
	books.Lock()
	defer books.Unlock()
	if books.byPath[b.path] != nil {
		return ErrInUse
	}
	books.byPath[b.path] = b
	return nil
}

// rekey changes the key for connections opened from now on.
func (b *book) rekey(key Key) {
	books.Lock()
	defer books.Unlock()
	b.key = key
}

// codec builds the state of one connection.
func (b *book) codec() (*pageCodec, error) {
	books.Lock()
	defer books.Unlock()
	return newPageCodec(b.key, b.salt)
}

func bookByID(id string) *book {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return nil
	}
	books.Lock()
	defer books.Unlock()
	return books.byID[n]
}

// files maps the numbers that C holds to their state. Reading is one atomic
// load, because it happens for every page.
var files struct {
	sync.Mutex
	slots [4096]atomic.Pointer[fileState]
}

// claimSlot stores s and returns its number; 0 when all are taken.
func claimSlot(s *fileState) uint32 {
	files.Lock()
	defer files.Unlock()
	for i := 1; i < len(files.slots); i++ {
		if files.slots[i].Load() == nil {
			files.slots[i].Store(s)
			return uint32(i)
		}
	}
	return 0
}

func releaseSlot(slot uint32) { files.slots[slot].Store(nil) }

func slotState(slot uint32) *fileState { return files.slots[slot].Load() }

// canonical returns the absolute path with links of the folder resolved, so
// that one file has one name.
func canonical(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.Base(abs)), nil
}
