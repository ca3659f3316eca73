package cipher

// The functions that C calls, and the registration of the VFS. Everything
// here runs on a thread that is inside SQLite: no blocking, no panics.

/*
#cgo CFLAGS: -std=gnu99 -O2
#cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
#include <stdlib.h>
#include "vfs.h"
*/
import "C"

import (
	"fmt"
	"sync"
	"unsafe"

	_ "github.com/mattn/go-sqlite3" // brings SQLite's object code into the link
)

// vfsName is how connections ask for this VFS; plain ones are not affected.
const vfsName = "sqlcipher-pages"

var registerVFS = sync.OnceValue(func() error {
	name := C.CString(vfsName) // SQLite keeps the pointer: never freed
	if rc := C.cipherRegister(name); rc != 0 {
		return fmt.Errorf("register page cipher with SQLite: code %d", int(rc))
	}
	return nil
})

//export cipherClaimBook
func cipherClaimBook(id *C.char) C.uint32_t {
	b := bookByID(C.GoString(id))
	if b == nil {
		return 0
	}
	codec, err := b.codec()
	if err != nil {
		return 0
	}
	return C.uint32_t(claimSlot(&fileState{book: b, page: codec}))
}

//export cipherClaimScratch
func cipherClaimScratch() C.uint32_t {
	codec, err := newScratchCodec()
	if err != nil {
		return 0
	}
	return C.uint32_t(claimSlot(&fileState{scratch: codec}))
}

//export cipherRelease
func cipherRelease(slot C.uint32_t) { releaseSlot(uint32(slot)) }

// cipherDecrypt decrypts in to out, which may be in; 0 if it is not authentic.
//
//export cipherDecrypt
func cipherDecrypt(slot, pgno C.uint32_t, in, out *C.uchar) C.int {
	s := slotState(uint32(slot))
	if s.decrypt(uint32(pgno), pageBytes(in), pageBytes(out)) {
		return 1
	}
	return 0
}

//export cipherEncrypt
func cipherEncrypt(slot, pgno C.uint32_t, in, out *C.uchar) {
	s := slotState(uint32(slot))
	s.encrypt(s.page, uint32(pgno), pageBytes(in), pageBytes(out))
}

// cipherEncryptFrames encrypts the pages of n log frames in place.
//
//export cipherEncryptFrames
func cipherEncryptFrames(slot C.uint32_t, frames *C.uchar, n C.int) {
	b := unsafe.Slice((*byte)(unsafe.Pointer(frames)), int(n)*frameSize)
	slotState(uint32(slot)).encryptFrames(b)
}

//export cipherFault
func cipherFault(slot, pgno, frame C.uint32_t) {
	b := slotState(uint32(slot)).book
	b.fault.Store(&PageError{Path: b.path, Page: uint32(pgno), Frame: uint32(frame)})
}

//export cipherScratch
func cipherScratch(slot C.uint32_t, sector C.longlong, buf *C.uchar, n, encrypt C.int) {
	b := unsafe.Slice((*byte)(unsafe.Pointer(buf)), int(n))
	slotState(uint32(slot)).scratch.crypt(uint64(sector), b, encrypt != 0)
}

func pageBytes(p *C.uchar) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(p)), PageSize)
}
