package cipher

import (
	"encoding/binary"
	"hash/maphash"
	"sync"
)

// tagSize is the length of what makes a page on disk unique: its IV and MAC.
const tagSize = reserveSize

// pageCache keeps decrypted pages for all connections of one database, so that
// a page costs its MAC and AES once and not once per connection and eviction.
//
// It is never trusted to be current: a reader first reads the page's IV and
// MAC from the disk and asks for exactly that page. Every write makes a new
// random IV, so whoever wrote last (this connection, another, another
// process), an old version is simply not asked for. The same page in the log
// and, after a checkpoint, in the file has the same tag and is one entry.
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
func (c *pageCache) place(tag []byte) (*cacheShard, uint64) {
	key := binary.LittleEndian.Uint64(tag[ivSize:])
	return &c.shards[key%uint64(len(c.shards))], key
}

// find returns the slot of the page with this tag; the caller holds the lock.
func (s *cacheShard) find(key uint64, tag []byte) *cacheSlot {
	if i, ok := s.index[key]; ok && string(s.slots[i].tag[:]) == string(tag) {
		return &s.slots[i]
	}
	return nil
}

// get copies the page with this tag to out and returns its number, 0 if it is
// not here.
func (c *pageCache) get(tag, out []byte) uint32 {
	if c == nil {
		return 0
	}
	s, key := c.place(tag)
	s.mu.Lock()
	defer s.mu.Unlock()
	slot := s.find(key, tag)
	if slot == nil {
		return 0
	}
	slot.used = true
	copy(out, slot.plain)
	return slot.pgno
}

// vouches reports whether page, as it is on disk, is bit for bit what was
// authenticated or written when its entry was made.
func (c *pageCache) vouches(pgno uint32, page []byte) bool {
	if c == nil {
		return false
	}
	sum := maphash.Bytes(c.seed, page)
	s, key := c.place(page[ivAt:])
	s.mu.Lock()
	defer s.mu.Unlock()
	slot := s.find(key, page[ivAt:PageSize])
	return slot != nil && slot.pgno == pgno && slot.disk == sum
}

// hash is what put wants to know of a page as it is on disk.
func (c *pageCache) hash(page []byte) uint64 {
	if c == nil {
		return 0
	}
	return maphash.Bytes(c.seed, page)
}

// put keeps a copy of plain.
func (c *pageCache) put(tag []byte, pgno uint32, plain []byte, disk uint64) {
	if c == nil {
		return
	}
	s, key := c.place(tag)
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index[key]
	if !ok {
		i = s.free()
		s.index[key] = i
	}
	slot := &s.slots[i]
	copy(slot.tag[:], tag)
	slot.pgno, slot.disk, slot.used = pgno, disk, false
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
