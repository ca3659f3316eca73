package cipher

import (
	"crypto/aes"
	"crypto/rand"
	"fmt"

	"golang.org/x/crypto/xts"
)

// sectorSize is the unit in which scratch files are encrypted, in bytes.
const sectorSize = 512

// scratchCodec hides one scratch file (temporary table, sorter spill,
// statement journal) under a random key that exists only here. It hides and
// does not authenticate: the file lives no longer than its handle.
type scratchCodec struct {
	cipher *xts.Cipher
}

func newScratchCodec() (*scratchCodec, error) {
	var key [2 * KeySize]byte
	rand.Read(key[:])
	defer clear(key[:])
	c, err := xts.NewCipher(aes.NewCipher, key[:])
	if err != nil {
		return nil, fmt.Errorf("set up scratch cipher: %w", err)
	}
	return &scratchCodec{cipher: c}, nil
}

// crypt transforms whole sectors in place; first is the number of the first.
func (c *scratchCodec) crypt(first uint64, buf []byte, encrypt bool) {
	for ; len(buf) > 0; first, buf = first+1, buf[sectorSize:] {
		sector := buf[:sectorSize]
		if encrypt {
			c.cipher.Encrypt(sector, sector, first)
		} else {
			c.cipher.Decrypt(sector, sector, first)
		}
	}
}
