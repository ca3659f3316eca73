package cipher

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
)

// walIndexHeaderSize is the size of the header of SQLite's wal-index, which
// lies twice at the start of the shared memory file.
const walIndexHeaderSize = 48

// committedFrames reads from the shared memory file that an interrupted run
// left how many frames its last commit had. It survives a kill, because the
// system keeps the mapping's pages, and SQLite itself does not use it again;
// it is evidence only: ok is false if it is missing, torn, or of another log.
func committedFrames(path string, walSalts [8]byte) (frames int, ok bool) {
	f, err := os.Open(path + "-shm")
	if err != nil {
		return 0, false
	}
	defer f.Close()
	var both [2 * walIndexHeaderSize]byte
	if _, err := io.ReadFull(f, both[:]); err != nil {
		return 0, false
	}
	h := both[:walIndexHeaderSize]
	if !bytes.Equal(h, both[walIndexHeaderSize:]) || h[12] != 1 || !bytes.Equal(h[32:40], walSalts[:]) {
		return 0, false
	}
	// The header is in the machine's byte order and sums itself.
	index := walLog{sums: binary.NativeEndian}
	sum := index.sum([2]uint32{}, h[:40])
	if sum[0] != binary.NativeEndian.Uint32(h[40:]) || sum[1] != binary.NativeEndian.Uint32(h[44:]) {
		return 0, false
	}
	return int(binary.NativeEndian.Uint32(h[16:])), true
}
