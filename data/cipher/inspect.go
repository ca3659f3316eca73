package cipher

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
)

// inspection is what reading a file without SQLite tells before it is opened.
type inspection struct {
	salt    [SaltSize]byte
	pages   uint32 // in the file, whole ones
	counted uint32 // in SQLite's header
	wal     bool   // the header asks for write-ahead logging
}

// Salt returns the salt of the database at path. It is not secret; keep it
// with the key, so that a damaged one can be told apart and put back.
func Salt(path string) ([SaltSize]byte, error) {
	var salt [SaltSize]byte
	f, err := os.Open(path)
	if err != nil {
		return salt, describe("read salt of", path, err)
	}
	defer f.Close()
	if _, err := io.ReadFull(f, salt[:]); err != nil {
		return salt, describe("read salt of", path, ErrTruncated)
	}
	return salt, nil
}

// describe wraps err with what was being done to which file, in the package's
// words where the system's have an equivalent.
func describe(verb, path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrMissing):
		err = &opError{ErrMissing, err}
	case errors.Is(err, ErrReadOnly), errors.Is(err, ErrDiskFull):
	case isDenied(err):
		err = &opError{ErrReadOnly, err}
	case isFull(err):
		err = &opError{ErrDiskFull, err}
	}
	return fmt.Errorf("%s %s: %w", verb, path, err)
}

// inspect reads the first pages of the file and says why it cannot be opened
// with key, if so. It changes nothing. known is the salt the caller remembers,
// nil if none.
func inspect(path string, key Key, known []byte) (inspection, error) {
	var in inspection
	f, err := os.Open(path)
	if err != nil {
		return in, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return in, err
	}
	size := info.Size()
	if !info.Mode().IsRegular() {
		return in, ErrForeign
	}
	if size == 0 {
		return in, ErrEmpty
	}
	page := make([]byte, PageSize)
	n, err := f.ReadAt(page, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return in, fmt.Errorf("read page 1: %w", err)
	}
	copy(in.salt[:], page)
	in.pages = uint32(min(size/PageSize, math.MaxUint32))
	codec, err := newPageCodec(key, in.salt)
	if err != nil {
		return in, err
	}
	switch {
	case n == PageSize && codec.authentic(1, page):
	case foreign(page[:n]):
		return in, ErrForeign
	case n < PageSize:
		return in, ErrTruncated
	default:
		return in, diagnose(f, page, in, key, codec, known)
	}
	codec.open(1, page, page)
	in.counted = binary.BigEndian.Uint32(page[28:])
	in.wal = page[18] == 2
	if pageSize := binary.BigEndian.Uint16(page[16:]); pageSize != PageSize || page[20] != reserveSize {
		return in, ErrIncompatible
	}
	return in, nil
}

// foreign tells files that cannot be ours: SQLite in clear, well-known kinds,
// and whatever does not look like noise.
func foreign(head []byte) bool {
	for _, magic := range []string{sqliteMagic, "PK\x03\x04", "\x89PNG", "%PDF", "\xff\xd8\xff", "\x1f\x8b\x08", "GIF8", "Rar!", "7z\xbc\xaf", "\x28\xb5\x2f\xfd", "age-encryption"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	if len(head) < 256 {
		return len(head) >= 4 && printable(head)
	}
	// Ciphertext has 8 bits of entropy per byte, of which 256 bytes show about
	// 7.2 and a page 7.95. Text, tables and programs stay below.
	if len(head) < 1024 {
		return entropy(head) < 6.5
	}
	return entropy(head) < 7.3
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < 9 || c > 13 && c < 32 || c > 126 {
			return false
		}
	}
	return true
}

// entropy returns the bits per byte of b's histogram.
func entropy(b []byte) float64 {
	var count [256]int
	for _, c := range b {
		count[c]++
	}
	var bits float64
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(b))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// diagnose finds out why page 1 carries a wrong MAC: the key, the salt, or
// the page. The MAC depends on all three, the decryption on the key alone.
func diagnose(f io.ReaderAt, page []byte, in inspection, key Key, codec *pageCodec, known []byte) error {
	page1 := &PageError{Path: nameOf(f), Page: 1}
	if otherPageVerifies(f, in.pages, codec) {
		return page1 // key and salt are right for other pages
	}
	if len(known) == SaltSize && !bytes.Equal(known, in.salt[:]) {
		right, err := newPageCodec(key, [SaltSize]byte(known))
		if err != nil {
			return err
		}
		if right.fits(1, page) || otherPageVerifies(f, in.pages, right) {
			return ErrSaltDamaged
		}
	}
	if _, ok := searchSalt(key, in.salt, page); ok {
		return ErrSaltDamaged
	}
	if !headerDecrypts(codec, page) {
		return ErrWrongKey
	}
	if in.pages > 1 && !bytes.Equal(known, in.salt[:]) {
		return ErrSaltDamaged // the key is right, and no page verifies
	}
	return page1
}

func nameOf(f io.ReaderAt) string {
	if n, ok := f.(interface{ Name() string }); ok {
		return n.Name()
	}
	return "the database"
}

// otherPageVerifies looks at up to 16 pages after the first.
func otherPageVerifies(f io.ReaderAt, pages uint32, codec *pageCodec) bool {
	page := make([]byte, PageSize)
	for pgno := uint32(2); pgno <= min(pages, 17); pgno++ {
		if _, err := f.ReadAt(page, int64(pgno-1)*PageSize); err != nil {
			return false
		}
		if codec.authentic(pgno, page) {
			return true
		}
	}
	return false
}

// searchSalt tries every salt that differs in one byte: about 4,000 MACs, in
// the order of 50 ms, spent only when a file does not open.
func searchSalt(key Key, salt [SaltSize]byte, page []byte) ([SaltSize]byte, bool) {
	for i := range salt {
		for d := 1; d < 256; d++ {
			try := salt
			try[i] ^= byte(d)
			codec, err := newPageCodec(key, try)
			if err == nil && codec.fits(1, page) {
				return try, true
			}
		}
	}
	return salt, false
}

// headerDecrypts reports whether page 1 decrypts to an SQLite header. A
// changed byte garbles one block of 16 and one byte of the next, so either of
// two distant places is enough.
func headerDecrypts(codec *pageCodec, page []byte) bool {
	plain := make([]byte, PageSize)
	codec.open(1, page, plain)
	first := plain[16] == PageSize>>8 && plain[17] == 0 && plain[20] == reserveSize &&
		plain[21] == 64 && plain[22] == 32 && plain[23] == 32
	return first || bytes.Equal(plain[72:92], make([]byte, 20))
}

// journalMagic starts a rollback journal that has to be played back.
const journalMagic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"

// checkJournal refuses a file beside which another program's rollback journal
// waits: only that program can play it back, and without it the pages in the
// file are half of a change.
func checkJournal(path string) error {
	f, err := os.Open(path + "-journal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at rollback journal: %w", err)
	}
	defer f.Close()
	head := make([]byte, len(journalMagic))
	if _, err := io.ReadFull(f, head); err == nil && string(head) == journalMagic {
		return ErrForeignChange
	}
	return nil
}

// checkWritable fails if the file cannot be opened for writing, where SQLite
// would quietly go on reading.
func checkWritable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// RestoreSalt writes the remembered salt back to a closed file whose own is
// damaged. It does so only if key and salt then open page 1.
func RestoreSalt(path string, key Key, salt [SaltSize]byte) error {
	if err := restoreSalt(path, key, salt); err != nil {
		return describe("restore salt of", path, err)
	}
	return nil
}

func restoreSalt(path string, key Key, salt [SaltSize]byte) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	page := make([]byte, PageSize)
	if _, err := f.ReadAt(page, 0); err != nil {
		return ErrTruncated
	}
	codec, err := newPageCodec(key, salt)
	if err != nil {
		return err
	}
	if !codec.fits(1, page) {
		return ErrWrongKey
	}
	if _, err := f.WriteAt(salt[:], 0); err != nil {
		return err
	}
	return f.Sync()
}
