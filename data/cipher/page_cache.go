package cipher

import (
	"encoding/binary"
	"hash/maphash"
	"sync"
)

// tagSize is the length of what makes a page on disk unique: its IV and MAC.
const tagSize = reserveSize

// pageCache remembers what pages decrypt to, for all connections of one
// database, so that a page costs its MAC and AES once and not once per
// connection and eviction.
//
// It is never trusted to be current or the disk to be unchanged: the page is
// read from disk every time and looked up by its IV, its MAC and a keyed hash
// of all its bytes. Whoever wrote last (this connection, another, another
// process) made a new random IV, so an old version is simply not found. The
// same page in the log and, after a checkpoint, in the file is one entry.
//
// It is safe for concurrent use.
type pageCache struct {
	seed   maphash.Seed
	shards [16]cacheShard
}

// cacheShard holds the pages whose tags fall to it, replaced by the clock
// algorithm.
type cacheShard struct {
	mu    sync.Mutex
	room  int // slots at most
	index map[uint64]int
	slots []cacheSlot
	spare []byte // the rest of the last allocation
	hand  int
}

type cacheSlot struct {
	tag   [tagSize]byte
	pgno  uint32
	used  bool   // since the hand passed
	disk  uint64 // keyed hash of the page as it is on disk
	plain []byte
}

// newPageCache returns a cache of about size bytes; nil, which keeps nothing,
// if that is less than a page per shard. Memory is taken as it fills.
func newPageCache(size int64) *pageCache {
	c := &pageCache{seed: maphash.MakeSeed()}
	room := int(size / PageSize / int64(len(c.shards)))
	if room < 1 {
		return nil
	}
	for i := range c.shards {
		c.shards[i].room = room
		c.shards[i].index = map[uint64]int{}
	}
	return c
}

// place returns where a tag belongs: the MAC is as good as random.
func (c *pageCache) place(tag *[tagSize]byte) (*cacheShard, uint64) {
	key := binary.LittleEndian.Uint64(tag[ivSize:])
	return &c.shards[key%uint64(len(c.shards))], key
}

// hash sums a page as it is on disk, under a key that only this process knows.
func (c *pageCache) hash(disk []byte) uint64 { return maphash.Bytes(c.seed, disk) }

// get copies page pgno in clear to out, if it is known by its tag and by the
// hash of what is on disk now.
func (c *pageCache) get(tag *[tagSize]byte, pgno uint32, disk uint64, out []byte) bool {
	s, key := c.place(tag)
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index[key]
	if !ok {
		return false
	}
	slot := &s.slots[i]
	if slot.pgno != pgno || slot.disk != disk || slot.tag != *tag {
		return false
	}
	slot.used = true
	copy(out, slot.plain)
	clear(out[ivAt:]) // as decryption leaves them
	return true
}

// put keeps a copy of page pgno in clear.
func (c *pageCache) put(tag *[tagSize]byte, pgno uint32, disk uint64, plain []byte) {
	s, key := c.place(tag)
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index[key]
	if !ok {
		i = s.free()
		s.index[key] = i
	}
	slot := &s.slots[i]
	slot.tag, slot.pgno, slot.disk, slot.used = *tag, pgno, disk, false
	copy(slot.plain, plain)
}

// free returns a slot to fill: a new one while there is room, else the next
// that was not used since the hand last passed.
func (s *cacheShard) free() int {
	if len(s.slots) < s.room {
		if len(s.spare) == 0 {
			s.spare = make([]byte, min(64, s.room-len(s.slots))*PageSize)
		}
		s.slots = append(s.slots, cacheSlot{plain: s.spare[:PageSize:PageSize]})
		s.spare = s.spare[PageSize:]
		return len(s.slots) - 1
	}
	for s.slots[s.hand].used {
		s.slots[s.hand].used = false
		s.hand = (s.hand + 1) % len(s.slots)
	}
	i := s.hand
	s.hand = (s.hand + 1) % len(s.slots)
	delete(s.index, binary.LittleEndian.Uint64(s.slots[i].tag[ivSize:]))
	return i
}

// wipe overwrites and forgets everything.
func (c *pageCache) wipe() {
	if c == nil {
		return
	}
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		for j := range s.slots {
			clear(s.slots[j].plain)
		}
		s.slots, s.spare, s.hand = nil, nil, 0
		clear(s.index)
		s.mu.Unlock()
	}
}
