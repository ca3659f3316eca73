/*
** What the four C files of this package share. vfs.c registers the VFS and
** opens files, page_file.c transforms database pages, wal_file.c the write-ahead
** log, scratch_file.c hides temporary files. The cryptography itself is in Go.
*/
#ifndef CIPHER_VFS_H
#define CIPHER_VFS_H

#include <stdint.h>
#include "sqlite_abi.h"

#define CIPHER_PAGE 4096
#define CIPHER_RESERVE 80
#define CIPHER_WAL_HEADER 32
#define CIPHER_FRAME_HEADER 24
#define CIPHER_FRAME (CIPHER_FRAME_HEADER + CIPHER_PAGE)
#define CIPHER_SECTOR 512
#define CIPHER_LOCK_BYTES 0x40000000 /* SQLite locks bytes from here on */

typedef struct CipherFile CipherFile;

/*
** One open file. SQLite allocates szOsFile bytes: this structure, then the
** file structure of the default VFS that does the real work. A file belongs
** to one connection and is used under its mutex, so nothing here is locked.
*/
struct CipherFile {
  sqlite3_file base;
  uint32_t slot;         /* state on the Go side */
  CipherFile *database;  /* WAL: the database file of the same connection */
  CipherFile *wal;       /* database: its open WAL */
  unsigned char *raw;    /* a frame, page or chunk as it is on disk */

  /* WAL only. */
  unsigned char *plain;       /* the page in raw, in clear (see page_file.c) */
  uint32_t plainPage;         /* its number, 0 if none */
  sqlite3_int64 pendingAt;    /* offset of the frame header held back, or -1 */
  unsigned char pending[CIPHER_FRAME_HEADER];
  sqlite3_int64 wholeFrameAt; /* offset of the frame last read whole, or -1 */
  unsigned char *batch;       /* frames collected, pages in clear */
  int batched;                /* how many */
  sqlite3_int64 batchAt;      /* offset of the first */
  sqlite3_int64 brokenAt;     /* offset from which frames could not be written, or -1 */

  /* Scratch: bytes as SQLite sees them, while the disk has whole sectors.
  ** Database: the size that SQLite was last told. */
  sqlite3_int64 size;
};

#define CIPHER_FILE_ROOM ((int)((sizeof(CipherFile) + 15) & ~(size_t)15))

/* The file of the default VFS that lies behind this one. */
sqlite3_file *cipherReal(sqlite3_file *file);
int cipherRealRead(CipherFile *f, void *buf, int n, sqlite3_int64 at);
int cipherRealWrite(CipherFile *f, const void *buf, int n, sqlite3_int64 at);

extern const sqlite3_io_methods cipherDatabaseMethods;
extern const sqlite3_io_methods cipherWALMethods;
extern const sqlite3_io_methods cipherScratchMethods;

/* Registers the VFS under name; SQLITE_OK or an SQLite error. */
int cipherRegister(const char *name);

/* Methods without a transformation (vfs.c). */
int cipherClose(sqlite3_file *file);
int cipherSync(sqlite3_file *file, int flags);
int cipherFileSize(sqlite3_file *file, sqlite3_int64 *size);
int cipherLock(sqlite3_file *file, int level);
int cipherUnlock(sqlite3_file *file, int level);
int cipherCheckReservedLock(sqlite3_file *file, int *out);
int cipherFileControl(sqlite3_file *file, int op, void *arg);
int cipherSectorSize(sqlite3_file *file);
int cipherDeviceCharacteristics(sqlite3_file *file);
int cipherShmMap(sqlite3_file *file, int page, int size, int extend, void volatile **out);
int cipherShmLock(sqlite3_file *file, int offset, int n, int flags);
void cipherShmBarrier(sqlite3_file *file);
int cipherShmUnmap(sqlite3_file *file, int del);

#endif
