package archive

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"
)

// member is one file within an archive.
type member struct {
	path  string
	bytes int64
	sum   [sha256.Size]byte
}

func (m member) hash() string { return hex.EncodeToString(m.sum[:]) }

// bundle writes the members of a zip, one after the other, and remembers the
// size and SHA-256 of each.
type bundle struct {
	zip     *zip.Writer
	at      time.Time // of every member, so that equal books give equal bytes
	members []member
	paths   map[string]bool
}

func newBundle(w io.Writer, at time.Time) *bundle {
	z := zip.NewWriter(w)
	// The fastest level: at the default one packing takes half the time of an
	// export, for files a few percent smaller.
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	// Zip keeps times in steps of two seconds.
	return &bundle{zip: z, at: at.UTC().Truncate(2 * time.Second), paths: map[string]bool{}}
}

// add writes one member from what fill writes. It ends with ctx's error soon
// after ctx ends, whatever fill does.
func (b *bundle) add(ctx context.Context, path string, fill func(w *bufio.Writer) error) (member, error) {
	if b.paths[path] {
		return member{}, fmt.Errorf("write %s: two members of one name", path)
	}
	b.paths[path] = true
	h := &zip.FileHeader{Name: path, Method: zip.Deflate, Modified: b.at}
	h.SetMode(0o600)
	w, err := b.zip.CreateHeader(h)
	if err != nil {
		return member{}, fmt.Errorf("write %s: %w", path, err)
	}
	tee := &tally{ctx: ctx, w: w, sum: sha256.New()}
	buf := bufio.NewWriterSize(tee, 128<<10)
	if err := fill(buf); err != nil {
		return member{}, fmt.Errorf("write %s: %w", path, err)
	}
	if err := buf.Flush(); err != nil {
		return member{}, fmt.Errorf("write %s: %w", path, err)
	}
	m := member{path: path, bytes: tee.n}
	tee.sum.Sum(m.sum[:0])
	b.members = append(b.members, m)
	return m, nil
}

// tally counts and sums what passes to w.
type tally struct {
	ctx context.Context
	w   io.Writer
	sum hash.Hash
	n   int64
}

func (t *tally) Write(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	t.sum.Write(p)
	n, err := t.w.Write(p)
	t.n += int64(n)
	return n, err
}
