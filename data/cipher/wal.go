package cipher

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// SQLite's write-ahead log: a header, then frames of header and page. A frame
// counts if it carries the salts of the log's header and a sum chained from
// the frame before. SQLite stops at the first frame that does not, without a
// word, because that is how an interrupted write looks. The MACs and the
// frames behind tell damage from interruption.
const (
	walHeaderSize   = 32
	frameHeaderSize = 24
	frameSize       = frameHeaderSize + PageSize
	walMagic        = 0x377f0682 // plus 1 if sums are over big-endian words
)

// Damage says that a write-ahead log left by an interrupted run has been
// changed since: SQLite would drop everything from the damaged entry on.
type Damage struct {
	Path    string // the database file
	Copy    string // where the log was copied before anything else, "" if it was not
	Frame   int    // the first damaged entry, from 1; 0 for the log's header
	Frames  int    // entries of the log, damaged ones included
	Commits int    // commits at or behind the damaged entry, as far as they can be told
	Tail    bool   // nothing readable follows: after a power failure this may be an unfinished change only
}

// Error is one sentence for the user.
func (d *Damage) Error() string {
	lost := "an unfinished change"
	if d.Commits == 1 {
		lost = "the last change"
	} else if d.Commits > 1 {
		lost = fmt.Sprintf("the last %d changes", d.Commits)
	}
	kept := "nothing was changed"
	if d.Copy != "" {
		kept = "a copy is kept as " + d.Copy
	}
	return fmt.Sprintf("the write-ahead log of %s is damaged at entry %d of %d, so %s may be missing; %s; restore a backup, or open it without what is missing",
		d.Path, d.Frame, d.Frames, lost, kept)
}

// CheckWAL reads the write-ahead log beside the database at path, if there is
// one, and reports damage. It changes nothing and must not run while the
// database is open. Open calls it.
func CheckWAL(path string, key Key) (*Damage, error) {
	salt, err := Salt(path)
	if err != nil {
		return nil, err
	}
	log, err := walkWAL(path, key, salt)
	if err != nil {
		return nil, describe("check the log of", path, err)
	}
	return log.damage, nil
}

// walLog is what a walk through a log has found.
type walLog struct {
	path     string // of the database
	frames   int    // intact ones from the start
	damage   *Damage
	dbPages  uint32           // database size after the last intact commit, 0 if none
	written  map[uint32]bool  // pages in intact frames, committed or not yet
	complete map[uint32]bool  // pages in intact, committed frames
	sums     binary.ByteOrder // byte order of the words that are summed
	codec    *pageCodec
	salts    [8]byte
	last     [8]byte // the stored sum of the frame before
}

// walkWAL reads the whole log. An absent or empty one has no frames.
func walkWAL(path string, key Key, salt [SaltSize]byte) (*walLog, error) {
	l := &walLog{path: path, written: map[uint32]bool{}, complete: map[uint32]bool{}}
	f, err := os.Open(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 64*frameSize)
	var header [walHeaderSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return l, nil // not even a header: nothing was ever in it
		}
		return nil, fmt.Errorf("read write-ahead log: %w", err)
	}
	if l.codec, err = newPageCodec(key, salt); err != nil {
		return nil, err
	}
	if err := l.walk(r, header); err != nil {
		return nil, err
	}
	return l, nil
}

// frameKind is what a look at one frame alone, and its predecessor, tells.
type frameKind int

const (
	frameGood frameKind = iota
	frameBad            // of this log, and changed
	frameOld            // of an earlier round of the log: the end of the present one
	frameSeam           // intact but chained to something else: left by a change that was rolled back
)

// walk reads all frames and then judges.
func (l *walLog) walk(r io.Reader, header [walHeaderSize]byte) error {
	var found findings
	if !l.readHeader(header) {
		found.odd = true
	}
	frame, plain := make([]byte, frameSize), make([]byte, PageSize)
	for i := 1; ; i++ {
		if _, err := io.ReadFull(r, frame); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			return fmt.Errorf("read write-ahead log: %w", err)
		}
		if found.odd {
			if i == 1 {
				copy(l.salts[:], frame[8:16]) // the best guess at the damaged header's
			}
			if l.belongs(frame, plain) {
				found.behind++
				found.count(i, frame)
			}
			continue
		}
		kind, err := l.classify(i, frame, plain)
		if err != nil {
			return err
		}
		if kind == frameSeam {
			break
		}
		if kind == frameGood {
			l.accept(i, frame)
			continue
		}
		found.odd, found.at = true, i
		if kind == frameBad {
			found.bad = true
			found.count(i, frame)
		}
	}
	l.judge(found)
	return nil
}

// findings is what a walk has met behind the intact frames.
type findings struct {
	odd     bool // something is not intact
	at      int  // which frame, 0 for the header
	bad     bool // it is of this log, and changed
	behind  int  // intact frames of this log behind it
	last    int  // the last frame of this log
	commits int  // commits among those that are lost
}

func (f *findings) count(i int, frame []byte) {
	f.last = i
	if commitSize(frame) != 0 {
		f.commits++
	}
}

// judge decides whether the findings are damage. An interrupted write leaves
// a torn frame that no commit has counted; behind it there may be intact ones
// of a change that was rolled back, but no commit.
func (l *walLog) judge(f findings) {
	committed, known := committedFrames(l.path, l.salts)
	interrupted := known && f.at > committed && f.commits == 0
	if (f.behind > 0 || f.bad) && !interrupted {
		l.damage = &Damage{Path: l.path, Frame: f.at, Frames: f.last, Commits: f.commits, Tail: f.behind == 0}
		return
	}
	if known && committed > l.frames {
		// The log has been cut off, or put back from an earlier time.
		l.damage = &Damage{Path: l.path, Frame: l.frames + 1, Frames: committed, Commits: 1}
	}
}

// readHeader takes over the header's salts, byte order and sum and reports
// whether the header is intact.
func (l *walLog) readHeader(h [walHeaderSize]byte) bool {
	l.sums = binary.LittleEndian
	if h[3]&1 == 1 {
		l.sums = binary.BigEndian
	}
	copy(l.salts[:], h[16:24])
	copy(l.last[:], h[24:32])
	return binary.BigEndian.Uint32(h[:])&^1 == walMagic &&
		binary.BigEndian.Uint32(h[8:]) == PageSize &&
		encodeSum(l.sum([2]uint32{}, h[:24])) == l.last
}

// classify looks at frame i while the chain is unbroken. plain receives the
// decrypted page.
func (l *walLog) classify(i int, frame, plain []byte) (frameKind, error) {
	salt1 := string(frame[8:12]) == string(l.salts[:4])
	salt2 := string(frame[12:16]) == string(l.salts[4:])
	if !salt1 && !salt2 {
		return frameOld, nil
	}
	if !salt1 || !salt2 {
		return frameBad, nil // two rounds never share one salt of the two
	}
	pgno := binary.BigEndian.Uint32(frame)
	if pgno == 0 || !l.codec.decrypt(pgno, frame[frameHeaderSize:], plain) {
		return frameBad, nil
	}
	start := l.sum(decodeSum(l.last[:]), frame[:8])
	want := l.sum(start, plain)
	have := decodeSum(frame[16:24])
	if want == have {
		return frameGood, nil
	}
	if i == 1 && l.sum(start, frame[frameHeaderSize:]) == have {
		// Sums over ciphertext: an SQLCipher library wrote this log and can
		// recover it; dropping it would lose its changes.
		return 0, ErrForeignChange
	}
	// The page is authentic, so the header was changed or the frame belongs to
	// a change that was rolled back. Sums of unrelated chains share no word.
	if want[0] == have[0] || want[1] == have[1] {
		return frameBad, nil // one word of the sum was changed
	}
	if before := l.unsum(have, plain); before[0] == start[0] {
		return frameBad, nil // the sum fits up to the commit mark
	}
	return frameSeam, nil
}

// belongs reports whether a frame behind a break is an intact one of this log.
func (l *walLog) belongs(frame, plain []byte) bool {
	pgno := binary.BigEndian.Uint32(frame)
	return string(frame[8:16]) == string(l.salts[:]) && pgno != 0 &&
		l.codec.decrypt(pgno, frame[frameHeaderSize:], plain)
}

func (l *walLog) accept(i int, frame []byte) {
	l.frames = i
	copy(l.last[:], frame[16:24])
	l.written[binary.BigEndian.Uint32(frame)] = true
	if n := commitSize(frame); n != 0 {
		l.dbPages = n
		for p := range l.written {
			l.complete[p] = true
		}
		clear(l.written)
	}
}

// commitSize is the database size in pages if the frame ends a change, else 0.
func commitSize(frame []byte) uint32 { return binary.BigEndian.Uint32(frame[4:]) }

// sum continues SQLite's chained sum over b, whose length is a multiple of 8.
func (l *walLog) sum(s [2]uint32, b []byte) [2]uint32 {
	for ; len(b) >= 8; b = b[8:] {
		s[0] += l.sums.Uint32(b) + s[1]
		s[1] += l.sums.Uint32(b[4:]) + s[0]
	}
	return s
}

// unsum undoes sum.
func (l *walLog) unsum(s [2]uint32, b []byte) [2]uint32 {
	for at := len(b) - 8; at >= 0; at -= 8 {
		s[1] -= l.sums.Uint32(b[at+4:]) + s[0]
		s[0] -= l.sums.Uint32(b[at:]) + s[1]
	}
	return s
}

func decodeSum(b []byte) [2]uint32 {
	return [2]uint32{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])}
}

func encodeSum(s [2]uint32) (b [8]byte) {
	binary.BigEndian.PutUint32(b[:], s[0])
	binary.BigEndian.PutUint32(b[4:], s[1])
	return b
}

// lockPage is the page of SQLite's lock bytes at 1 GiB; it holds no data.
const lockPage = 1<<30/PageSize + 1

// covers reports whether every page that the database should have is in the
// file or in the log.
func (l *walLog) covers(in inspection) bool {
	need := in.counted
	if l.dbPages != 0 {
		need = l.dbPages
	}
	for pgno := in.pages + 1; pgno != 0 && pgno <= need; pgno++ {
		if !l.complete[pgno] && pgno != lockPage {
			return false
		}
	}
	return true
}

// keepCopy copies the log beside itself before anything can overwrite it. The
// name comes from the content, so looking twice makes one copy.
func (l *walLog) keepCopy() error {
	src, err := os.Open(l.path + "-wal")
	if err != nil {
		return fmt.Errorf("copy damaged log: %w", err)
	}
	defer src.Close()
	h := sha256.New()
	if _, err := io.Copy(h, src); err != nil {
		return fmt.Errorf("copy damaged log: %w", err)
	}
	name := l.path + "-wal.damaged-" + hex.EncodeToString(h.Sum(nil)[:6])
	if _, err := os.Stat(name); err == nil {
		l.damage.Copy = name
		return nil
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("copy damaged log: %w", err)
	}
	making := makingName(l.path)
	if err := copyTo(making, src); err != nil {
		os.Remove(making)
		return fmt.Errorf("copy damaged log: %w", err)
	}
	if err := putInPlace(making, name); err != nil {
		return fmt.Errorf("copy damaged log: %w", err)
	}
	if err := syncDir(filepath.Dir(name)); err != nil {
		return fmt.Errorf("copy damaged log: %w", err)
	}
	l.damage.Copy = name
	return nil
}

func copyTo(path string, src io.Reader) error {
	dst, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Close())
}
