package cipher_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"countinghouse/data/cipher"
)

// TestWriterAndReadersAtOnce moves amounts between accounts while readers add
// them up: every reader must always see the same total, through checkpoints
// and compactions.
func TestWriterAndReadersAtOnce(t *testing.T) {
	const accounts, total = 500, 500 * 1000
	ctx := context.Background()
	path, key := bookPath(t), cipher.NewKey()
	db := open(t, path, key, cipher.Options{Create: true, CacheBytes: 64 << 10, SharedCacheBytes: 1 << 20, BusyTimeout: 2 * time.Second})
	sqlExec(t, db, "CREATE TABLE account (n INTEGER PRIMARY KEY, amount INTEGER NOT NULL, note TEXT) STRICT")
	sqlExec(t, db, "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 499) INSERT INTO account SELECT n, 1000, hex(randomblob(300)) FROM c")

	stop := make(chan struct{})
	var readers sync.WaitGroup
	errs := make(chan error, 8)
	sums := make([]int, 4)
	for i := range sums {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				var sum, count int
				err := db.Reader().QueryRowContext(ctx, "SELECT sum(amount), count(note) FROM account").Scan(&sum, &count)
				if err == nil && (sum != total || count != accounts) {
					err = fmt.Errorf("%d in %d accounts", sum, count)
				}
				if err != nil {
					errs <- err
					return
				}
				sums[i]++
			}
		})
	}
	write := func(round int) error {
		tx, err := db.Writer().BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		for i := range 40 {
			from, to := (round*37+i*11)%accounts, (round*53+i*17+1)%accounts
			if _, err := tx.Exec("UPDATE account SET amount = amount - 7, note = hex(randomblob(300)) WHERE n = ?", from); err != nil {
				return err
			}
			if _, err := tx.Exec("UPDATE account SET amount = amount + 7 WHERE n = ?", to); err != nil {
				return err
			}
		}
		if round%5 == 4 {
			return tx.Rollback()
		}
		return tx.Commit()
	}
	for round := range 150 {
		err := write(round)
		if err == nil && round%40 == 20 {
			err = db.Compact(ctx)
		}
		if err == nil && round%30 == 10 {
			// Readers without a pause may keep it waiting for too long.
			if err = db.Checkpoint(ctx); errors.Is(err, cipher.ErrBusy) {
				err = nil
			}
		}
		if err != nil {
			errs <- err
			break
		}
	}
	close(stop)
	readers.Wait()
	select {
	case err := <-errs:
		t.Fatal(err)
	default:
	}
	for i, n := range sums {
		if n == 0 {
			t.Errorf("reader %d never read", i)
		}
	}
	report, err := db.Verify(ctx)
	if err != nil || report.Err(path) != nil {
		t.Fatalf("%+v, %v", report, err)
	}
	closeDB(t, db)
	noCompanions(t, path)
}

func TestOldKeyDoesNotOpenAfterRekey(t *testing.T) {
	ctx := context.Background()
	path, old, fresh := bookPath(t), cipher.NewKey(), cipher.NewKey()
	newLedger(t, path, old, 50)
	copyOfOld := readFile(t, path)
	db := reopen(t, path, old)
	want, err := ledgerRows(db, ledgerQueries[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Rekey(ctx, fresh); err != nil {
		t.Fatal(err)
	}
	sqlExec(t, db, "INSERT INTO ledger VALUES (51, 'after')")
	closeDB(t, db)
	noCompanions(t, path)
	if _, err := cipher.Open(ctx, path, old, cipher.Options{}); err == nil {
		t.Fatal("the old key still opens it")
	}
	db = reopen(t, path, fresh)
	got, err := ledgerRows(db, ledgerQueries[0])
	if err != nil || len(got) != len(want)+1 {
		t.Fatal(len(got), err)
	}
	closeDB(t, db)
	writeFile(t, path, copyOfOld)
	if _, err := cipher.Open(ctx, path, fresh, cipher.Options{}); err == nil {
		t.Fatal("the new key opens an old copy")
	}
}
