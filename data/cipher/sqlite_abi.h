/*
** The part of SQLite's public C interface that a VFS shim needs, declared
** here because the amalgamation's header lives inside another Go module and
** cgo cannot include across modules. Every layout below is frozen by SQLite's
** own compatibility promise (structures only grow at the end, guarded by
** iVersion), so a newer amalgamation stays compatible.
*/
#ifndef CIPHER_SQLITE_ABI_H
#define CIPHER_SQLITE_ABI_H

typedef long long sqlite3_int64;

/* Options of sqlite3_config. */
#define SQLITE_CONFIG_STMTJRNL_SPILL 26

/* Result codes. */
#define SQLITE_OK                0
#define SQLITE_ERROR             1
#define SQLITE_NOMEM             7
#define SQLITE_NOTFOUND         12
#define SQLITE_CANTOPEN         14
#define SQLITE_IOERR_READ       (10 | (1 << 8))
#define SQLITE_IOERR_SHORT_READ (10 | (2 << 8))
#define SQLITE_IOERR_WRITE      (10 | (3 << 8))
#define SQLITE_IOERR_TRUNCATE   (10 | (6 << 8))
#define SQLITE_IOERR_DATA       (10 | (32 << 8))

/* Flags of xOpen: which kind of file, and how. */
#define SQLITE_OPEN_CREATE        0x00000004
#define SQLITE_OPEN_MAIN_DB       0x00000100
#define SQLITE_OPEN_TEMP_DB       0x00000200
#define SQLITE_OPEN_TRANSIENT_DB  0x00000400
#define SQLITE_OPEN_MAIN_JOURNAL  0x00000800
#define SQLITE_OPEN_TEMP_JOURNAL  0x00001000
#define SQLITE_OPEN_SUBJOURNAL    0x00002000
#define SQLITE_OPEN_WAL           0x00080000

/* Device characteristics that a page cipher has to correct. */
#define SQLITE_IOCAP_POWERSAFE_OVERWRITE 0x00001000
#define SQLITE_IOCAP_BATCH_ATOMIC        0x00004000
#define SQLITE_IOCAP_SUBPAGE_READ        0x00008000

#define SQLITE_FCNTL_MMAP_SIZE 18

typedef struct sqlite3_file sqlite3_file;
typedef struct sqlite3_io_methods sqlite3_io_methods;
typedef struct sqlite3_vfs sqlite3_vfs;

struct sqlite3_file {
  const sqlite3_io_methods *pMethods;
};

/* Version 2 of the methods: with shared memory, without memory mapping. */
struct sqlite3_io_methods {
  int iVersion;
  int (*xClose)(sqlite3_file*);
  int (*xRead)(sqlite3_file*, void*, int iAmt, sqlite3_int64 iOfst);
  int (*xWrite)(sqlite3_file*, const void*, int iAmt, sqlite3_int64 iOfst);
  int (*xTruncate)(sqlite3_file*, sqlite3_int64 size);
  int (*xSync)(sqlite3_file*, int flags);
  int (*xFileSize)(sqlite3_file*, sqlite3_int64 *pSize);
  int (*xLock)(sqlite3_file*, int);
  int (*xUnlock)(sqlite3_file*, int);
  int (*xCheckReservedLock)(sqlite3_file*, int *pResOut);
  int (*xFileControl)(sqlite3_file*, int op, void *pArg);
  int (*xSectorSize)(sqlite3_file*);
  int (*xDeviceCharacteristics)(sqlite3_file*);
  int (*xShmMap)(sqlite3_file*, int iPg, int pgsz, int, void volatile**);
  int (*xShmLock)(sqlite3_file*, int offset, int n, int flags);
  void (*xShmBarrier)(sqlite3_file*);
  int (*xShmUnmap)(sqlite3_file*, int deleteFlag);
};

/* Version 2 of the VFS: with 64-bit time, without system call overrides. */
struct sqlite3_vfs {
  int iVersion;
  int szOsFile;
  int mxPathname;
  sqlite3_vfs *pNext;
  const char *zName;
  void *pAppData;
  int (*xOpen)(sqlite3_vfs*, const char *zName, sqlite3_file*, int flags, int *pOutFlags);
  int (*xDelete)(sqlite3_vfs*, const char *zName, int syncDir);
  int (*xAccess)(sqlite3_vfs*, const char *zName, int flags, int *pResOut);
  int (*xFullPathname)(sqlite3_vfs*, const char *zName, int nOut, char *zOut);
  void *(*xDlOpen)(sqlite3_vfs*, const char *zFilename);
  void (*xDlError)(sqlite3_vfs*, int nByte, char *zErrMsg);
  void (*(*xDlSym)(sqlite3_vfs*, void*, const char *zSymbol))(void);
  void (*xDlClose)(sqlite3_vfs*, void*);
  int (*xRandomness)(sqlite3_vfs*, int nByte, char *zOut);
  int (*xSleep)(sqlite3_vfs*, int microseconds);
  int (*xCurrentTime)(sqlite3_vfs*, double*);
  int (*xGetLastError)(sqlite3_vfs*, int, char *);
  int (*xCurrentTimeInt64)(sqlite3_vfs*, sqlite3_int64*);
};

/*
** The functions come from the object code of the stock driver, which is part
** of the same final link but not of the small link that cgo does first to
** learn about symbols. A weak reference passes the small one and is bound by
** the final one; macOS has no such references to static code and gets
** -undefined dynamic_lookup instead (see vfs.go).
*/
#if defined(__APPLE__)
#define CIPHER_FROM_DRIVER extern
#else
#define CIPHER_FROM_DRIVER extern __attribute__((weak))
#endif

CIPHER_FROM_DRIVER int sqlite3_config(int option, ...);
CIPHER_FROM_DRIVER sqlite3_vfs *sqlite3_vfs_find(const char *zName);
CIPHER_FROM_DRIVER int sqlite3_vfs_register(sqlite3_vfs*, int makeDflt);
CIPHER_FROM_DRIVER const char *sqlite3_uri_parameter(const char *zFile, const char *zParam);
CIPHER_FROM_DRIVER sqlite3_file *sqlite3_database_file_object(const char *zFile);

#endif
