/*
** The database file: every page is encrypted on its way out and authenticated
** on its way in. Anything that is not a whole page (or the 100 bytes that
** SQLite reads before it knows the page size) is refused rather than guessed.
*/
#include <string.h>
#include "vfs.h"
#include "_cgo_export.h"

/* Reads page pgno as it is on disk. A page that is not wholly there is an
** error, because SQLite would take the missing part for zeros. The one
** exception is the first page of a file without any bytes. */
static int readRawPage(CipherFile *f, uint32_t pgno, unsigned char *out){
  sqlite3_int64 size = 0;
  int rc = cipherRealRead(f, out, CIPHER_PAGE, (sqlite3_int64)(pgno-1)*CIPHER_PAGE);
  if( rc!=SQLITE_IOERR_SHORT_READ ) return rc;
  if( pgno==1 && cipherFileSize(&f->base, &size)==SQLITE_OK && size==0 ) return rc;
  cipherFault(f->slot, pgno, 0);
  return SQLITE_IOERR_DATA;
}

static int databaseRead(sqlite3_file *file, void *buf, int n, sqlite3_int64 at){
  CipherFile *f = (CipherFile*)file;
  int rc;
  if( n==CIPHER_PAGE && at%CIPHER_PAGE==0 ){
    uint32_t pgno = (uint32_t)(at/CIPHER_PAGE) + 1;
    rc = readRawPage(f, pgno, buf);
    if( rc!=SQLITE_OK ) return rc;
    if( cipherDecrypt(f->slot, pgno, buf, buf) ) return SQLITE_OK;
    cipherFault(f->slot, pgno, 0);
    return SQLITE_IOERR_DATA;
  }
  if( at<0 || at+n>CIPHER_PAGE ) return SQLITE_IOERR_READ;
  rc = readRawPage(f, 1, f->raw);
  if( rc!=SQLITE_OK ){
    memset(buf, 0, n);
    return rc;
  }
  if( !cipherDecrypt(f->slot, 1, f->raw, f->raw) ){
    cipherFault(f->slot, 1, 0);
    return SQLITE_IOERR_DATA;
  }
  memcpy(buf, f->raw + at, n);
  memset(f->raw, 0, CIPHER_PAGE);
  return SQLITE_OK;
}

static int databaseFileSize(sqlite3_file *file, sqlite3_int64 *size){
  int rc = cipherFileSize(file, size);
  if( rc==SQLITE_OK ) ((CipherFile*)file)->size = *size;
  return rc;
}

/* SQLite may write past the end and leave a hole. A hole reads as zeros, which
** no key vouches for, so it is filled with encrypted zeros first. f->size is
** what SQLite was last told, which it asks at the start of every checkpoint.
** The page of the lock bytes at 1 GiB stays a hole, as other programs leave it:
** Windows refuses to write where a lock is held, to the one who holds it too. */
static int fillHole(CipherFile *f, sqlite3_int64 at){
  static const unsigned char zeros[CIPHER_PAGE];
  sqlite3_int64 size = 0;
  int rc = SQLITE_OK;
  if( at<=f->size ) return rc;
  rc = databaseFileSize(&f->base, &size);
  for(size -= size%CIPHER_PAGE; rc==SQLITE_OK && size<at; size += CIPHER_PAGE){
    uint32_t pgno = (uint32_t)(size/CIPHER_PAGE) + 1;
    if( size==CIPHER_LOCK_BYTES ) continue;
    cipherEncrypt(f->slot, pgno, (unsigned char*)zeros, f->raw);
    rc = cipherRealWrite(f, f->raw, CIPHER_PAGE, size);
  }
  return rc;
}

static int databaseWrite(sqlite3_file *file, const void *buf, int n, sqlite3_int64 at){
  CipherFile *f = (CipherFile*)file;
  CipherFile *wal = f->wal;
  uint32_t pgno = (uint32_t)(at/CIPHER_PAGE) + 1;
  const unsigned char *page = f->raw;
  int rc;
  if( n!=CIPHER_PAGE || at%CIPHER_PAGE!=0 ) return SQLITE_IOERR_WRITE;
  rc = fillHole(f, at);
  if( rc!=SQLITE_OK ) return rc;
  /* A checkpoint copies pages from the log to the file. The format is the same
  ** in both, so the bytes just read and authenticated are the bytes to write. */
  if( wal && wal->plainPage==pgno && memcmp(wal->plain, buf, CIPHER_PAGE)==0 ){
    page = wal->raw + CIPHER_FRAME_HEADER;
  }else{
    cipherEncrypt(f->slot, pgno, (unsigned char*)buf, f->raw);
  }
  rc = cipherRealWrite(f, page, CIPHER_PAGE, at);
  if( rc==SQLITE_OK && f->size<at+CIPHER_PAGE ) f->size = at+CIPHER_PAGE;
  return rc;
}

static int databaseTruncate(sqlite3_file *file, sqlite3_int64 size){
  sqlite3_file *real = cipherReal(file);
  if( size%CIPHER_PAGE!=0 ) return SQLITE_IOERR_TRUNCATE;
  ((CipherFile*)file)->size = 0; /* ask again */
  return real->pMethods->xTruncate(real, size);
}

const sqlite3_io_methods cipherDatabaseMethods = {
  2, cipherClose, databaseRead, databaseWrite, databaseTruncate, cipherSync, databaseFileSize,
  cipherLock, cipherUnlock, cipherCheckReservedLock, cipherFileControl, cipherSectorSize,
  cipherDeviceCharacteristics, cipherShmMap, cipherShmLock, cipherShmBarrier, cipherShmUnmap,
};
