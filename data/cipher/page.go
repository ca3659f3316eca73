package cipher

import (
	"crypto/aes"
	stdcipher "crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"hash"
)

// The page format of SQLCipher 4 with its default settings. A page is
// ciphertext, then 16 bytes of IV, then 64 bytes of HMAC-SHA512. Page 1 starts
// with the salt in clear, in place of SQLite's magic string.
const (
	PageSize = 4096

	ivSize      = aes.BlockSize
	macSize     = sha512.Size
	reserveSize = ivSize + macSize // 80, a multiple of the AES block
	ivAt        = PageSize - reserveSize
	macAt       = ivAt + ivSize

	macSaltMask = 0x3a // the MAC key's salt is the salt XOR this
	macRounds   = 2    // SQLCipher's FAST_PBKDF2_ITER: the input is a full key already
)

// sqliteMagic stands where the salt is once page 1 is decrypted.
const sqliteMagic = "SQLite format 3\x00"

// blockMode is a CBC mode whose IV can be set again: the standard library's
// has the method, which saves two allocations per page.
type blockMode interface {
	stdcipher.BlockMode
	SetIV(iv []byte)
}

// pageCodec turns pages of one file into their form on disk and back. It
// allocates nothing per page and is not safe for concurrent use: each
// connection has one.
type pageCodec struct {
	salt     [SaltSize]byte
	enc, dec blockMode
	mac      hash.Hash
	sum      [macSize]byte
	pgno     [4]byte
	ivs      ivSource
	plain    [PageSize]byte // room for the caller to keep a page in clear
}

func newPageCodec(key Key, salt [SaltSize]byte) (*pageCodec, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("set up page cipher: %w", err)
	}
	macKey, err := deriveMACKey(key, salt)
	if err != nil {
		return nil, err
	}
	defer clear(macKey)
	c := &pageCodec{salt: salt, mac: hmac.New(sha512.New, macKey)}
	var iv [ivSize]byte
	var ok bool
	if c.enc, ok = stdcipher.NewCBCEncrypter(block, iv[:]).(blockMode); !ok {
		return nil, fmt.Errorf("set up page cipher: this Go version cannot set a CBC IV again")
	}
	if c.dec, ok = stdcipher.NewCBCDecrypter(block, iv[:]).(blockMode); !ok {
		return nil, fmt.Errorf("set up page cipher: this Go version cannot set a CBC IV again")
	}
	return c, nil
}

func deriveMACKey(key Key, salt [SaltSize]byte) ([]byte, error) {
	for i := range salt {
		salt[i] ^= macSaltMask
	}
	k, err := pbkdf2.Key(sha512.New, string(key[:]), salt[:], macRounds, KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive page MAC key: %w", err)
	}
	return k, nil
}

// firstByte is where encryption starts: page 1 keeps its first 16 bytes.
func firstByte(pgno uint32) int {
	if pgno == 1 {
		return SaltSize
	}
	return 0
}

// authentic reports whether page, as it is on disk, is as it was written.
func (c *pageCodec) authentic(pgno uint32, page []byte) bool {
	if pgno == 1 && [SaltSize]byte(page) != c.salt {
		return false // the salt is not under the MAC
	}
	return c.fits(pgno, page)
}

// fits reports whether page carries its MAC, whatever its salt bytes are.
func (c *pageCodec) fits(pgno uint32, page []byte) bool {
	return subtle.ConstantTimeCompare(c.macOf(pgno, page), page[macAt:PageSize]) == 1
}

// macOf returns the MAC over ciphertext, IV and page number; the result is
// valid until the next call.
func (c *pageCodec) macOf(pgno uint32, page []byte) []byte {
	binary.LittleEndian.PutUint32(c.pgno[:], pgno)
	c.mac.Reset()
	c.mac.Write(page[firstByte(pgno):macAt])
	c.mac.Write(c.pgno[:])
	return c.mac.Sum(c.sum[:0])
}

// decrypt checks page in and writes it in clear to out, which is in itself or
// does not overlap it. The reserved bytes come out as zeros. If the page is
// not authentic out is zeroed (unless it is in: then it is left) and the
// result is false.
func (c *pageCodec) decrypt(pgno uint32, in, out []byte) bool {
	if !c.authentic(pgno, in) {
		return false
	}
	c.open(pgno, in, out)
	return true
}

// open decrypts without a check; callers have made it or know better.
func (c *pageCodec) open(pgno uint32, in, out []byte) {
	start := firstByte(pgno)
	c.dec.SetIV(in[ivAt:macAt])
	c.dec.CryptBlocks(out[start:ivAt], in[start:ivAt])
	clear(out[ivAt:PageSize])
	if pgno == 1 {
		copy(out, sqliteMagic)
	}
}

// encrypt writes page in to out under a fresh random IV. The reserved bytes
// of in are ignored.
func (c *pageCodec) encrypt(pgno uint32, in, out []byte) {
	start := firstByte(pgno)
	c.ivs.next(out[ivAt:macAt])
	c.enc.SetIV(out[ivAt:macAt])
	c.enc.CryptBlocks(out[start:ivAt], in[start:ivAt])
	if pgno == 1 {
		copy(out, c.salt[:])
	}
	copy(out[macAt:PageSize], c.macOf(pgno, out))
}

// ivSource hands out random IVs from a buffer, because asking the system for
// 16 bytes costs as much as for a thousand.
type ivSource struct {
	buf  [64 * ivSize]byte
	left int
}

func (s *ivSource) next(iv []byte) {
	if s.left == 0 {
		rand.Read(s.buf[:])
		s.left = len(s.buf)
	}
	at := len(s.buf) - s.left
	copy(iv, s.buf[at:at+ivSize])
	s.left -= ivSize
}
