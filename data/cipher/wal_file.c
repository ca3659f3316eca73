/*
** The write-ahead log: 32 bytes of header, then frames of 24 bytes of header
** and a page. Headers stay in clear, pages are as in the database file.
**
** Frames are collected and leave together: SQLite writes header and page
** apart, thousands of times per change, and nobody reads a frame before the
** change is committed. The frame that carries the commit mark sends off all
** before it and itself, and so does any other use of the file.
*/
#include <stdlib.h>
#include <string.h>
#include "vfs.h"
#include "_cgo_export.h"

/* Frames that leave together at most; the room is taken by the first write.
** SQLite's Unix VFS masks the length of one write to 17 bits. */
#define BATCH 31

static uint32_t bigEndian32(const unsigned char *p){
  return ((uint32_t)p[0]<<24) | ((uint32_t)p[1]<<16) | ((uint32_t)p[2]<<8) | p[3];
}

/* Position within its frame, -1 for the header of the log. */
static int inFrame(sqlite3_int64 at){
  return at<CIPHER_WAL_HEADER ? -1 : (int)((at-CIPHER_WAL_HEADER)%CIPHER_FRAME);
}

/* Sends off what has been collected. If that fails, everything from there on
** is missing from the log: brokenAt refuses later frames until SQLite, having
** rolled back, writes that place again. */
static int sendBatch(CipherFile *f){
  sqlite3_int64 at = f->batchAt;
  int n = f->batched, rc;
  f->batched = 0;
  if( n==0 ) return SQLITE_OK;
  cipherEncryptFrames(f->slot, f->batch, n);
  rc = cipherRealWrite(f, f->batch, n*CIPHER_FRAME, at);
  if( rc!=SQLITE_OK ) f->brokenAt = at;
  return rc;
}

/* Sends off everything, a header without its page included. */
static int settle(CipherFile *f){
  sqlite3_int64 at = f->pendingAt;
  int rc = sendBatch(f);
  f->pendingAt = -1;
  if( rc!=SQLITE_OK || at<0 ) return rc;
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
  uint32_t pgno;
  int rc = cipherRealRead(f, f->raw, CIPHER_FRAME, at - CIPHER_FRAME_HEADER);
  if( rc!=SQLITE_OK && rc!=SQLITE_IOERR_SHORT_READ ) return rc;
  pgno = rc==SQLITE_OK ? bigEndian32(f->raw) : 0;
  if( pgno==0 || !cipherDecrypt(f->slot, pgno, f->raw + CIPHER_FRAME_HEADER, f->plain) ){
    cipherFault(f->slot, pgno, (uint32_t)((at-CIPHER_WAL_HEADER)/CIPHER_FRAME) + 1);
    return SQLITE_IOERR_DATA;
  }
  f->plainPage = pgno;
  memcpy(buf, f->plain, n);
  return SQLITE_OK;
}

static int walRead(sqlite3_file *file, void *buf, int n, sqlite3_int64 at){
  CipherFile *f = (CipherFile*)file;
  int pos = inFrame(at);
  int rc = settle(f);
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

/* SQLite has summed the page with its reserved bytes, and decryption always
** gives zeros there. If they were anything else the frame could not be
** recovered after a crash; better to fail the commit. */
static int reservedAreZero(const unsigned char *page){
  int i;
  for(i=CIPHER_PAGE-CIPHER_RESERVE; i<CIPHER_PAGE; i++){
    if( page[i]!=0 ) return 0;
  }
  return 1;
}

/* Adds the frame whose header is pending to the batch. */
static int collectFrame(CipherFile *f, const unsigned char *page){
  unsigned char *frame;
  int rc = SQLITE_OK;
  if( f->batch==0 ){
    f->batch = malloc((size_t)BATCH*CIPHER_FRAME);
    if( f->batch==0 ) return SQLITE_NOMEM;
  }
  if( f->batched>0 && f->pendingAt!=f->batchAt + (sqlite3_int64)f->batched*CIPHER_FRAME ){
    rc = sendBatch(f); /* after a rollback SQLite starts again further up */
  }
  if( f->brokenAt>=0 ){
    if( f->pendingAt>f->brokenAt ) rc = SQLITE_IOERR_WRITE;
    else f->brokenAt = -1;
  }
  if( rc!=SQLITE_OK ){
    f->pendingAt = -1;
    return rc;
  }
  if( f->batched==0 ) f->batchAt = f->pendingAt;
  frame = f->batch + (size_t)f->batched*CIPHER_FRAME;
  memcpy(frame, f->pending, CIPHER_FRAME_HEADER);
  memcpy(frame + CIPHER_FRAME_HEADER, page, CIPHER_PAGE);
  f->pendingAt = -1;
  f->batched++;
  if( bigEndian32(frame + 4)!=0 || f->batched==BATCH ) return sendBatch(f);
  return SQLITE_OK;
}

static int writeFramePage(CipherFile *f, const unsigned char *page, sqlite3_int64 at){
  uint32_t pgno;
  int rc;
  if( !reservedAreZero(page) ) return SQLITE_IOERR_WRITE;
  if( f->pendingAt==at - CIPHER_FRAME_HEADER ) return collectFrame(f, page);
  /* A page written a second time in one change: its header is there. */
  rc = settle(f);
  if( rc==SQLITE_OK ) rc = cipherRealRead(f, f->raw, CIPHER_FRAME_HEADER, at - CIPHER_FRAME_HEADER);
  if( rc!=SQLITE_OK ) return rc;
  pgno = bigEndian32(f->raw);
  if( pgno==0 ) return SQLITE_IOERR_WRITE;
  cipherEncrypt(f->slot, pgno, (unsigned char*)page, f->raw);
  return cipherRealWrite(f, f->raw, CIPHER_PAGE, at);
}

/* The header of a new frame is held back until its page comes. A header alone
** is written only when sums are redone, always just after reading that frame. */
static int walWrite(sqlite3_file *file, const void *buf, int n, sqlite3_int64 at){
  CipherFile *f = (CipherFile*)file;
  int pos = inFrame(at);
  int redo = f->wholeFrameAt==at;
  int rc;
  f->plainPage = 0;
  f->wholeFrameAt = -1;
  if( pos==CIPHER_FRAME_HEADER && n==CIPHER_PAGE ) return writeFramePage(f, buf, at);
  if( pos==0 && n==CIPHER_FRAME_HEADER && !redo && f->pendingAt<0 ){
    memcpy(f->pending, buf, CIPHER_FRAME_HEADER);
    f->pendingAt = at;
    return SQLITE_OK;
  }
  rc = settle(f);
  if( rc!=SQLITE_OK ) return rc;
  if( (pos==0 && n==CIPHER_FRAME_HEADER) || (at==0 && n==CIPHER_WAL_HEADER) ){
    return cipherRealWrite(f, buf, n, at);
  }
  return SQLITE_IOERR_WRITE;
}

static int walTruncate(sqlite3_file *file, sqlite3_int64 size){
  CipherFile *f = (CipherFile*)file;
  sqlite3_file *real = cipherReal(file);
  int rc = settle(f);
  f->plainPage = 0;
  return rc!=SQLITE_OK ? rc : real->pMethods->xTruncate(real, size);
}

static int walSync(sqlite3_file *file, int flags){
  int rc = settle((CipherFile*)file);
  return rc!=SQLITE_OK ? rc : cipherSync(file, flags);
}

static int walFileSize(sqlite3_file *file, sqlite3_int64 *size){
  int rc = settle((CipherFile*)file);
  return rc!=SQLITE_OK ? rc : cipherFileSize(file, size);
}

static int walClose(sqlite3_file *file){
  int rc = settle((CipherFile*)file);
  int closed = cipherClose(file);
  return rc!=SQLITE_OK ? rc : closed;
}

const sqlite3_io_methods cipherWALMethods = {
  1, walClose, walRead, walWrite, walTruncate, walSync, walFileSize,
  cipherLock, cipherUnlock, cipherCheckReservedLock, cipherFileControl, cipherSectorSize,
  cipherDeviceCharacteristics, 0, 0, 0, 0,
};
