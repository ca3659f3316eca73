/*
** Database and write-ahead log: every page is encrypted on its way out and
** authenticated on its way in. Anything that is not a whole page (or the
** 100 bytes that SQLite reads before it knows the page size) is refused
** rather than guessed.
*/
#include <string.h>
#include "vfs.h"
#include "_cgo_export.h"

static uint32_t bigEndian32(const unsigned char *p){
  return ((uint32_t)p[0]<<24) | ((uint32_t)p[1]<<16) | ((uint32_t)p[2]<<8) | p[3];
}

/* Reads the IV and MAC of the page at an offset, by which the Go side may know
** it already. Returns its number, 0 if the page has to be read. */
static uint32_t readKnownPage(CipherFile *f, sqlite3_int64 at, uint32_t want, unsigned char *out){
  int rc = cipherRealRead(f, f->tag, CIPHER_RESERVE, at + CIPHER_PAGE - CIPHER_RESERVE);
  return rc==SQLITE_OK ? cipherFind(f->slot, want, f->tag, out) : 0;
}

/* ---- the database file ---- */

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
    if( readKnownPage(f, at, pgno, buf) ) return SQLITE_OK;
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

/* SQLite may write past the end and leave a hole (the page that holds the
** lock bytes at 1 GiB, for one). A hole reads as zeros, which no key vouches
** for, so it is filled with encrypted zeros first. */
static int fillHole(CipherFile *f, sqlite3_int64 at){
  static const unsigned char zeros[CIPHER_PAGE];
  sqlite3_int64 size = 0;
  int rc = cipherFileSize(&f->base, &size);
  for(size -= size%CIPHER_PAGE; rc==SQLITE_OK && size<at; size += CIPHER_PAGE){
    uint32_t pgno = (uint32_t)(size/CIPHER_PAGE) + 1;
    cipherEncrypt(f->slot, pgno, (unsigned char*)zeros, f->raw);
    rc = cipherRealWrite(f, f->raw, CIPHER_PAGE, size);
  }
  return rc;
}

/* The page as the log holds it, if it is the one just read there, else 0. A
** checkpoint copies pages from the log to the file; the format is the same in
** both, so authentic bytes can be copied instead of encrypting again. */
static unsigned char *sameInLog(CipherFile *f, const void *buf, uint32_t pgno){
  CipherFile *wal = f->wal;
  unsigned char *page;
  if( wal==0 || wal->plainPage!=pgno || memcmp(wal->plain, buf, CIPHER_PAGE)!=0 ) return 0;
  page = wal->raw + CIPHER_FRAME_HEADER;
  if( wal->rawIsPlain ) return page;
  if( cipherRealRead(wal, page, CIPHER_PAGE, wal->plainAt)!=SQLITE_OK ) return 0;
  if( memcmp(page + CIPHER_PAGE - CIPHER_RESERVE, wal->tag, CIPHER_RESERVE)!=0 ) return 0;
  return cipherVouch(f->slot, pgno, page) ? page : 0;
}

static int databaseWrite(sqlite3_file *file, const void *buf, int n, sqlite3_int64 at){
  CipherFile *f = (CipherFile*)file;
  uint32_t pgno = (uint32_t)(at/CIPHER_PAGE) + 1;
  unsigned char *copy;
  int rc;
  if( n!=CIPHER_PAGE || at%CIPHER_PAGE!=0 ) return SQLITE_IOERR_WRITE;
  rc = fillHole(f, at);
  if( rc!=SQLITE_OK ) return rc;
  copy = sameInLog(f, buf, pgno);
  if( copy==0 ){
    cipherEncrypt(f->slot, pgno, (unsigned char*)buf, f->raw);
    copy = f->raw;
  }
  return cipherRealWrite(f, copy, CIPHER_PAGE, at);
}

static int databaseTruncate(sqlite3_file *file, sqlite3_int64 size){
  sqlite3_file *real = cipherReal(file);
  if( size%CIPHER_PAGE!=0 ) return SQLITE_IOERR_TRUNCATE;
  return real->pMethods->xTruncate(real, size);
}

/* ---- the write-ahead log: 32 bytes of header, then frames ---- */

/* Position within its frame, -1 for the header of the log. */
static int inFrame(sqlite3_int64 at){
  return at<CIPHER_WAL_HEADER ? -1 : (int)((at-CIPHER_WAL_HEADER)%CIPHER_FRAME);
}

/* Writes a frame header that turned out not to be followed by its page. */
static int flushPending(CipherFile *f){
  sqlite3_int64 at = f->pendingAt;
  f->pendingAt = -1;
  if( at<0 ) return SQLITE_OK;
  return cipherRealWrite(f, f->pending, CIPHER_FRAME_HEADER, at);
}

/* Recovery and the rewriting of sums read header and page at once. Recovery
** may meet old frames and torn ones: there, bytes that fit no sum are the
** right answer. Rewriting changes the header only, so a bad page stays bad. */
static int readWholeFrame(CipherFile *f, unsigned char *buf, sqlite3_int64 at){
  uint32_t pgno;
  int rc = cipherRealRead(f, buf, CIPHER_FRAME, at);
  if( rc!=SQLITE_OK ) return rc;
  pgno = bigEndian32(buf);
  memcpy(f->raw, buf + CIPHER_FRAME_HEADER, CIPHER_PAGE);
  if( pgno!=0 && cipherDecrypt(f->slot, pgno, f->raw, f->raw) ){
    memcpy(buf + CIPHER_FRAME_HEADER, f->raw, CIPHER_PAGE);
  }
  f->wholeFrameAt = at;
  return SQLITE_OK;
}

static int readFramePage(CipherFile *f, void *buf, int n, sqlite3_int64 at){
  uint32_t pgno = readKnownPage(f, at, 0, f->plain);
  int rc;
  f->rawIsPlain = pgno==0;
  if( pgno==0 ){
    rc = cipherRealRead(f, f->raw, CIPHER_FRAME, at - CIPHER_FRAME_HEADER);
    if( rc!=SQLITE_OK && rc!=SQLITE_IOERR_SHORT_READ ) return rc;
    pgno = rc==SQLITE_OK ? bigEndian32(f->raw) : 0;
    if( pgno==0 || !cipherDecrypt(f->slot, pgno, f->raw + CIPHER_FRAME_HEADER, f->plain) ){
      cipherFault(f->slot, pgno, (uint32_t)((at-CIPHER_WAL_HEADER)/CIPHER_FRAME) + 1);
      return SQLITE_IOERR_DATA;
    }
  }
  f->plainPage = pgno;
  f->plainAt = at;
  memcpy(buf, f->plain, n);
  return SQLITE_OK;
}

static int walRead(sqlite3_file *file, void *buf, int n, sqlite3_int64 at){
  CipherFile *f = (CipherFile*)file;
  int pos = inFrame(at);
  int rc = flushPending(f);
  f->plainPage = 0;
  f->wholeFrameAt = -1;
  if( rc!=SQLITE_OK ) return rc;
  if( pos==0 && n==CIPHER_FRAME ) return readWholeFrame(f, buf, at);
  if( pos==CIPHER_FRAME_HEADER && n<=CIPHER_PAGE ) return readFramePage(f, buf, n, at);
  if( pos<0 ? at+n<=CIPHER_WAL_HEADER : pos+n<=CIPHER_FRAME_HEADER ){
    return cipherRealRead(f, buf, n, at); /* part of a header: in clear */
  }
  return SQLITE_IOERR_READ;
}

/* The number of the page whose content goes to at. If its header is waiting,
** it is moved in front of f->raw so that both go out in one write. */
static int framePageNumber(CipherFile *f, sqlite3_int64 at, uint32_t *pgno, int *joined){
  int rc = SQLITE_OK;
  *joined = f->pendingAt==at - CIPHER_FRAME_HEADER;
  if( *joined ){
    memcpy(f->raw, f->pending, CIPHER_FRAME_HEADER);
    f->pendingAt = -1;
  }else{
    rc = flushPending(f);
    if( rc==SQLITE_OK ) rc = cipherRealRead(f, f->raw, CIPHER_FRAME_HEADER, at - CIPHER_FRAME_HEADER);
  }
  *pgno = bigEndian32(f->raw);
  return rc==SQLITE_OK && *pgno==0 ? SQLITE_IOERR_WRITE : rc;
}

static int writeFramePage(CipherFile *f, const unsigned char *buf, sqlite3_int64 at){
  uint32_t pgno = 0;
  int joined = 0, i;
  int rc = framePageNumber(f, at, &pgno, &joined);
  if( rc!=SQLITE_OK ) return rc;
  /* SQLite has summed the page with its reserved bytes, and decryption always
  ** gives zeros there. If they were anything else the frame could not be
  ** recovered after a crash; better to fail the commit now. */
  for(i=CIPHER_PAGE-CIPHER_RESERVE; i<CIPHER_PAGE; i++){
    if( buf[i]!=0 ) return SQLITE_IOERR_WRITE;
  }
  cipherEncrypt(f->slot, pgno, (unsigned char*)buf, f->raw + CIPHER_FRAME_HEADER);
  if( joined ) return cipherRealWrite(f, f->raw, CIPHER_FRAME, at - CIPHER_FRAME_HEADER);
  return cipherRealWrite(f, f->raw + CIPHER_FRAME_HEADER, CIPHER_PAGE, at);
}

/* SQLite writes a frame as header, then page. The header is held back until
** the page comes, so that a process that dies in between leaves no header
** without its page; it also saves a system call per page. A header alone is
** written only when sums are redone, always just after reading that frame. */
static int walWrite(sqlite3_file *file, const void *buf, int n, sqlite3_int64 at){
  CipherFile *f = (CipherFile*)file;
  int pos = inFrame(at);
  int redo = f->wholeFrameAt==at;
  int rc;
  f->plainPage = 0;
  f->wholeFrameAt = -1;
  if( pos==CIPHER_FRAME_HEADER && n==CIPHER_PAGE ) return writeFramePage(f, buf, at);
  rc = flushPending(f);
  if( rc!=SQLITE_OK ) return rc;
  if( pos==0 && n==CIPHER_FRAME_HEADER && !redo ){
    memcpy(f->pending, buf, CIPHER_FRAME_HEADER);
    f->pendingAt = at;
    return SQLITE_OK;
  }
  if( (pos==0 && n==CIPHER_FRAME_HEADER) || (at==0 && n==CIPHER_WAL_HEADER) ){
    return cipherRealWrite(f, buf, n, at);
  }
  return SQLITE_IOERR_WRITE;
}

static int walTruncate(sqlite3_file *file, sqlite3_int64 size){
  CipherFile *f = (CipherFile*)file;
  sqlite3_file *real = cipherReal(file);
  int rc = flushPending(f);
  f->plainPage = 0;
  return rc!=SQLITE_OK ? rc : real->pMethods->xTruncate(real, size);
}

static int walSync(sqlite3_file *file, int flags){
  int rc = flushPending((CipherFile*)file);
  return rc!=SQLITE_OK ? rc : cipherSync(file, flags);
}

static int walFileSize(sqlite3_file *file, sqlite3_int64 *size){
  int rc = flushPending((CipherFile*)file);
  return rc!=SQLITE_OK ? rc : cipherFileSize(file, size);
}

static int walClose(sqlite3_file *file){
  int rc = flushPending((CipherFile*)file);
  int closed = cipherClose(file);
  return rc!=SQLITE_OK ? rc : closed;
}

const sqlite3_io_methods cipherDatabaseMethods = {
  2, cipherClose, databaseRead, databaseWrite, databaseTruncate, cipherSync, cipherFileSize,
  cipherLock, cipherUnlock, cipherCheckReservedLock, cipherFileControl, cipherSectorSize,
  cipherDeviceCharacteristics, cipherShmMap, cipherShmLock, cipherShmBarrier, cipherShmUnmap,
};

const sqlite3_io_methods cipherWALMethods = {
  1, walClose, walRead, walWrite, walTruncate, walSync, walFileSize,
  cipherLock, cipherUnlock, cipherCheckReservedLock, cipherFileControl, cipherSectorSize,
  cipherDeviceCharacteristics, 0, 0, 0, 0,
};
