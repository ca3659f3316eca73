/*
** A VFS that forwards everything to the default one of the platform. Only
** opening is decided here: which files are encrypted how, and which are
** refused. Locks, shared memory, sync and names stay SQLite's own.
*/
#include <stdlib.h>
#include <string.h>
#include "vfs.h"
#include "_cgo_export.h"

static sqlite3_vfs *defaultVFS(sqlite3_vfs *vfs){
  return (sqlite3_vfs*)vfs->pAppData;
}

sqlite3_file *cipherReal(sqlite3_file *file){
  return (sqlite3_file*)((char*)file + CIPHER_FILE_ROOM);
}

int cipherRealRead(CipherFile *f, void *buf, int n, sqlite3_int64 at){
  sqlite3_file *real = cipherReal(&f->base);
  return real->pMethods->xRead(real, buf, n, at);
}

int cipherRealWrite(CipherFile *f, const void *buf, int n, sqlite3_int64 at){
  sqlite3_file *real = cipherReal(&f->base);
  return real->pMethods->xWrite(real, buf, n, at);
}

/* Buffers may hold pages in clear: overwritten before they go. */
static void freeBuffers(CipherFile *f){
  if( f->raw ) memset(f->raw, 0, CIPHER_FRAME);
  if( f->plain ) memset(f->plain, 0, CIPHER_PAGE);
  free(f->raw);
  free(f->plain);
  free(f->batch); /* encrypted in place when it was sent off */
  f->raw = f->plain = f->batch = 0;
}

int cipherClose(sqlite3_file *file){
  CipherFile *f = (CipherFile*)file;
  sqlite3_file *real = cipherReal(file);
  if( f->database ){
    f->database->wal = 0; /* the WAL borrows the state of its database */
  }else if( f->slot ){
    cipherRelease(f->slot);
  }
  freeBuffers(f);
  f->slot = 0;
  return real->pMethods->xClose(real);
}

int cipherSync(sqlite3_file *file, int flags){
  sqlite3_file *real = cipherReal(file);
  return real->pMethods->xSync(real, flags);
}

int cipherFileSize(sqlite3_file *file, sqlite3_int64 *size){
  sqlite3_file *real = cipherReal(file);
  return real->pMethods->xFileSize(real, size);
}

int cipherLock(sqlite3_file *file, int level){
  sqlite3_file *real = cipherReal(file);
  return real->pMethods->xLock(real, level);
}

int cipherUnlock(sqlite3_file *file, int level){
  sqlite3_file *real = cipherReal(file);
  return real->pMethods->xUnlock(real, level);
}

int cipherCheckReservedLock(sqlite3_file *file, int *out){
  sqlite3_file *real = cipherReal(file);
  return real->pMethods->xCheckReservedLock(real, out);
}

int cipherFileControl(sqlite3_file *file, int op, void *arg){
  sqlite3_file *real = cipherReal(file);
  /* A mapping would show ciphertext to whoever reads through it. */
  if( op==SQLITE_FCNTL_MMAP_SIZE ) return SQLITE_NOTFOUND;
  return real->pMethods->xFileControl(real, op, arg);
}

int cipherSectorSize(sqlite3_file *file){
  sqlite3_file *real = cipherReal(file);
  return real->pMethods->xSectorSize(real);
}

/*
** Pages are whole or nothing: no reads of parts of a page behind the pager's
** back, no batch writes that bypass xWrite. Powersafe overwrite is SQLite's
** default; asking for it keeps WAL frames from being split and padded.
*/
int cipherDeviceCharacteristics(sqlite3_file *file){
  sqlite3_file *real = cipherReal(file);
  int c = real->pMethods->xDeviceCharacteristics(real);
  c &= ~(SQLITE_IOCAP_SUBPAGE_READ | SQLITE_IOCAP_BATCH_ATOMIC);
  return c | SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int cipherShmMap(sqlite3_file *file, int page, int size, int extend, void volatile **out){
  sqlite3_file *real = cipherReal(file);
  return real->pMethods->xShmMap(real, page, size, extend, out);
}

int cipherShmLock(sqlite3_file *file, int offset, int n, int flags){
  sqlite3_file *real = cipherReal(file);
  return real->pMethods->xShmLock(real, offset, n, flags);
}

void cipherShmBarrier(sqlite3_file *file){
  sqlite3_file *real = cipherReal(file);
  real->pMethods->xShmBarrier(real);
}

int cipherShmUnmap(sqlite3_file *file, int del){
  sqlite3_file *real = cipherReal(file);
  return real->pMethods->xShmUnmap(real, del);
}

/* The state for a new file: 0 if the kind of file is refused. */
static uint32_t claimState(CipherFile *f, const char *name, int flags){
  if( flags & SQLITE_OPEN_MAIN_DB ){
    /* Without an id of a registered key there is no database: a typing error
    ** in an ATTACH must not make a file in clear. */
    const char *id = name ? sqlite3_uri_parameter(name, "book") : 0;
    return id ? cipherClaimBook((char*)id) : 0;
  }
  if( flags & SQLITE_OPEN_WAL ){
    f->database = (CipherFile*)sqlite3_database_file_object(name);
    if( f->database==0 || f->database->base.pMethods!=&cipherDatabaseMethods ) return 0;
    return f->database->slot;
  }
  if( flags & (SQLITE_OPEN_TEMP_DB | SQLITE_OPEN_TRANSIENT_DB | SQLITE_OPEN_TEMP_JOURNAL
               | SQLITE_OPEN_SUBJOURNAL | SQLITE_OPEN_MAIN_JOURNAL) ){
    return cipherClaimScratch();
  }
  return 0; /* super-journals: only rollback mode has them, and we never use it */
}

static const sqlite3_io_methods *methodsFor(int flags){
  if( flags & SQLITE_OPEN_MAIN_DB ) return &cipherDatabaseMethods;
  if( flags & SQLITE_OPEN_WAL ) return &cipherWALMethods;
  return &cipherScratchMethods;
}

static int cipherOpen(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out){
  CipherFile *f = (CipherFile*)file;
  sqlite3_file *real = cipherReal(file);
  sqlite3_int64 size = 0;
  int rc;

  memset(f, 0, CIPHER_FILE_ROOM);
  f->pendingAt = f->wholeFrameAt = f->brokenAt = -1;
  f->slot = claimState(f, name, flags);
  if( f->slot==0 ) return SQLITE_CANTOPEN;

  real->pMethods = 0;
  rc = defaultVFS(vfs)->xOpen(defaultVFS(vfs), name, real, flags, out);
  if( rc!=SQLITE_OK ) goto failed;

  rc = SQLITE_NOMEM;
  f->raw = malloc(CIPHER_FRAME);
  if( f->raw==0 ) goto failed;
  if( flags & SQLITE_OPEN_WAL ){
    f->plain = malloc(CIPHER_PAGE);
    if( f->plain==0 ) goto failed;
    f->database->wal = f;
  }
  /* A rollback journal is hidden under a key that dies with its handle, so one
  ** that is already there cannot be played back: it is not ours. */
  if( flags & SQLITE_OPEN_MAIN_JOURNAL ){
    rc = real->pMethods->xFileSize(real, &size);
    if( rc!=SQLITE_OK ) goto failed;
    rc = SQLITE_CANTOPEN;
    if( size!=0 ) goto failed;
  }
  f->base.pMethods = methodsFor(flags);
  return SQLITE_OK;

failed:
  if( real->pMethods ) real->pMethods->xClose(real);
  if( f->database==0 ) cipherRelease(f->slot);
  freeBuffers(f);
  memset(f, 0, sizeof(*f)); /* pMethods==0: SQLite must not close it */
  return rc;
}

static int forwardDelete(sqlite3_vfs *v, const char *name, int syncDir){
  return defaultVFS(v)->xDelete(defaultVFS(v), name, syncDir);
}
static int forwardAccess(sqlite3_vfs *v, const char *name, int flags, int *out){
  return defaultVFS(v)->xAccess(defaultVFS(v), name, flags, out);
}
static int forwardFullPathname(sqlite3_vfs *v, const char *name, int n, char *out){
  return defaultVFS(v)->xFullPathname(defaultVFS(v), name, n, out);
}
static void *forwardDlOpen(sqlite3_vfs *v, const char *name){
  return defaultVFS(v)->xDlOpen(defaultVFS(v), name);
}
static void forwardDlError(sqlite3_vfs *v, int n, char *out){
  defaultVFS(v)->xDlError(defaultVFS(v), n, out);
}
static void (*forwardDlSym(sqlite3_vfs *v, void *lib, const char *symbol))(void){
  return defaultVFS(v)->xDlSym(defaultVFS(v), lib, symbol);
}
static void forwardDlClose(sqlite3_vfs *v, void *lib){
  defaultVFS(v)->xDlClose(defaultVFS(v), lib);
}
static int forwardRandomness(sqlite3_vfs *v, int n, char *out){
  return defaultVFS(v)->xRandomness(defaultVFS(v), n, out);
}
static int forwardSleep(sqlite3_vfs *v, int us){
  return defaultVFS(v)->xSleep(defaultVFS(v), us);
}
static int forwardCurrentTime(sqlite3_vfs *v, double *out){
  return defaultVFS(v)->xCurrentTime(defaultVFS(v), out);
}
static int forwardGetLastError(sqlite3_vfs *v, int n, char *out){
  return defaultVFS(v)->xGetLastError(defaultVFS(v), n, out);
}
static int forwardCurrentTimeInt64(sqlite3_vfs *v, sqlite3_int64 *out){
  return defaultVFS(v)->xCurrentTimeInt64(defaultVFS(v), out);
}

/* What a statement changes is kept in memory until it is done, and beyond so many
** bytes in a file, encrypted. Once in a file it stays there until the transaction
** ends, for every statement that follows. SQLite's own 64 KiB are 15 pages, which one
** row with its indexes and triggers reaches: storing events took six times as long.
** Where SQLite is in use already it keeps its own limit. */
#define CIPHER_STATEMENT_BYTES (256<<10)

int cipherRegister(const char *name){
  static sqlite3_vfs vfs;
  sqlite3_vfs *def;
  sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, CIPHER_STATEMENT_BYTES);
  def = sqlite3_vfs_find(0);
  if( def==0 || def->iVersion<2 ) return SQLITE_ERROR;
  vfs.iVersion = 2;
  vfs.szOsFile = CIPHER_FILE_ROOM + def->szOsFile;
  vfs.mxPathname = def->mxPathname;
  vfs.zName = name;
  vfs.pAppData = def;
  vfs.xOpen = cipherOpen;
  vfs.xDelete = forwardDelete;
  vfs.xAccess = forwardAccess;
  vfs.xFullPathname = forwardFullPathname;
  vfs.xDlOpen = forwardDlOpen;
  vfs.xDlError = forwardDlError;
  vfs.xDlSym = forwardDlSym;
  vfs.xDlClose = forwardDlClose;
  vfs.xRandomness = forwardRandomness;
  vfs.xSleep = forwardSleep;
  vfs.xCurrentTime = forwardCurrentTime;
  vfs.xGetLastError = forwardGetLastError;
  vfs.xCurrentTimeInt64 = forwardCurrentTimeInt64;
  return sqlite3_vfs_register(&vfs, 0);
}
