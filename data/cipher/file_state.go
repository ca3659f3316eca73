package cipher

import (
	"encoding/binary"
	"runtime"
	"sync"
)

// fileState is what one open file of the VFS needs on this side: either a
// page codec or a scratch codec. It is used under its connection's mutex.
type fileState struct {
	book    *book
	page    *pageCodec
	more    []*pageCodec // for the helpers of encryptFrames
	scratch *scratchCodec
}

// decrypt writes page in in clear to out, which may be in, and remembers it
// for all connections. It is false if the page is not authentic.
func (s *fileState) decrypt(pgno uint32, in, out []byte) bool {
	cache := s.book.cache
	if cache == nil {
		return s.page.decrypt(pgno, in, out)
	}
	tag, sum := [tagSize]byte(in[ivAt:]), cache.hash(in)
	if cache.get(&tag, pgno, sum, out) {
		return true
	}
	if !s.page.decrypt(pgno, in, out) {
		return false
	}
	cache.put(&tag, pgno, sum, out)
	return true
}

// encrypt writes page in as it goes to disk to out, which may be in.
func (s *fileState) encrypt(codec *pageCodec, pgno uint32, in, out []byte) {
	cache := s.book.cache
	if cache == nil {
		codec.encrypt(pgno, in, out)
		return
	}
	copy(codec.plain[:], in)
	codec.encrypt(pgno, in, out)
	cache.put((*[tagSize]byte)(out[ivAt:]), pgno, cache.hash(out), codec.plain[:])
}

// helpersFrom is how many frames make it worth to wake another thread.
const helpersFrom = 8

// encryptFrames encrypts the pages of log frames in place, on several threads
// if there are many. It returns when all are done.
func (s *fileState) encryptFrames(frames []byte) {
	n := len(frames) / frameSize
	helpers := min(runtime.GOMAXPROCS(0), 4, n/helpersFrom) - 1
	for len(s.more) < helpers {
		codec, err := s.book.codec()
		if err != nil {
			break // fewer helpers: the work is done all the same
		}
		s.more = append(s.more, codec)
	}
	helpers = min(helpers, len(s.more))
	if helpers < 1 {
		s.encryptRun(s.page, frames)
		return
	}
	share := n / (helpers + 1) * frameSize
	var wg sync.WaitGroup
	for i := range helpers {
		run := frames[i*share : (i+1)*share]
		wg.Go(func() { s.encryptRun(s.more[i], run) })
	}
	s.encryptRun(s.page, frames[helpers*share:])
	wg.Wait()
}

func (s *fileState) encryptRun(codec *pageCodec, frames []byte) {
	for ; len(frames) > 0; frames = frames[frameSize:] {
		page := frames[frameHeaderSize:frameSize]
		s.encrypt(codec, binary.BigEndian.Uint32(frames), page, page)
	}
}
