/*
** Scratch files: temporary databases, sorter spills, statement journals, and
** the rollback journal of a file that is being made. They are read back only
** through the handle that wrote them, so each has a random key of its own
** (AES-XTS over 512-byte sectors) that is forgotten when it is closed.
*/
#include <string.h>
#include "vfs.h"
#include "_cgo_export.h"

/* One step: at most CHUNK bytes within one aligned window. */
#define CHUNK 4096

static sqlite3_int64 wholeSectors(sqlite3_int64 size){
  return (size + CIPHER_SECTOR - 1) / CIPHER_SECTOR * CIPHER_SECTOR;
}

/* Loads the window at base in clear into f->raw; what was never written is
** zero. Returns the bytes of the window that exist on disk through out. */
static int loadWindow(CipherFile *f, sqlite3_int64 base, int *have){
  sqlite3_int64 onDisk = wholeSectors(f->size) - base;
  int n = onDisk<=0 ? 0 : onDisk<CHUNK ? (int)onDisk : CHUNK;
  int rc = SQLITE_OK;
  memset(f->raw, 0, CHUNK);
  if( n>0 ){
    rc = cipherRealRead(f, f->raw, n, base);
    if( rc==SQLITE_IOERR_SHORT_READ ) rc = SQLITE_IOERR_READ;
    if( rc==SQLITE_OK ) cipherScratch(f->slot, base/CIPHER_SECTOR, f->raw, n, 0);
  }
  *have = n;
  return rc;
}

static int scratchRead(sqlite3_file *file, void *buf, int n, sqlite3_int64 at){
  CipherFile *f = (CipherFile*)file;
  unsigned char *out = buf;
  int rc = SQLITE_OK, past = at+n>f->size;
  if( past ){
    int real = at<f->size ? (int)(f->size-at) : 0;
    memset(out+real, 0, n-real);
    n = real;
  }
  while( n>0 && rc==SQLITE_OK ){
    sqlite3_int64 base = at - at%CHUNK;
    int skip = (int)(at-base), take = n<CHUNK-skip ? n : CHUNK-skip, have = 0;
    rc = loadWindow(f, base, &have);
    memcpy(out, f->raw+skip, take);
    out += take; at += take; n -= take;
  }
  return rc==SQLITE_OK && past ? SQLITE_IOERR_SHORT_READ : rc;
}

static int writeWindows(CipherFile *f, const unsigned char *in, int n, sqlite3_int64 at){
  while( n>0 ){
    sqlite3_int64 base = at - at%CHUNK;
    int skip = (int)(at-base), take = n<CHUNK-skip ? n : CHUNK-skip, have = 0, rc, end;
    if( take<CHUNK ){
      rc = loadWindow(f, base, &have);
      if( rc!=SQLITE_OK ) return rc;
    }
    if( in ){
      memcpy(f->raw+skip, in, take);
      in += take;
    }else{
      memset(f->raw+skip, 0, take);
    }
    end = (int)wholeSectors(skip+take);
    if( end<have ) end = have;
    cipherScratch(f->slot, base/CIPHER_SECTOR, f->raw, end, 1);
    rc = cipherRealWrite(f, f->raw, end, base);
    if( rc!=SQLITE_OK ) return rc;
    at += take; n -= take;
    if( f->size<at ) f->size = at;
  }
  return SQLITE_OK;
}

static int scratchWrite(sqlite3_file *file, const void *buf, int n, sqlite3_int64 at){
  CipherFile *f = (CipherFile*)file;
  while( f->size<at ){ /* a hole would decrypt to noise: make it zeros */
    sqlite3_int64 gap = at - f->size;
    int rc = writeWindows(f, 0, gap<CHUNK ? (int)gap : CHUNK, f->size);
    if( rc!=SQLITE_OK ) return rc;
  }
  return writeWindows(f, buf, n, at);
}

static int scratchTruncate(sqlite3_file *file, sqlite3_int64 size){
  CipherFile *f = (CipherFile*)file;
  sqlite3_file *real = cipherReal(file);
  int rc;
  if( size>=f->size ) return SQLITE_OK;
  rc = real->pMethods->xTruncate(real, wholeSectors(size));
  if( rc==SQLITE_OK ) f->size = size;
  return rc;
}

static int scratchFileSize(sqlite3_file *file, sqlite3_int64 *size){
  *size = ((CipherFile*)file)->size;
  return SQLITE_OK;
}

const sqlite3_io_methods cipherScratchMethods = {
  1, cipherClose, scratchRead, scratchWrite, scratchTruncate, cipherSync, scratchFileSize,
  cipherLock, cipherUnlock, cipherCheckReservedLock, cipherFileControl, cipherSectorSize,
  cipherDeviceCharacteristics, 0, 0, 0, 0,
};
