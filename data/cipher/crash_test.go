package cipher_test

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"countinghouse/data/cipher"
	"countinghouse/data/cipher/internal/workload"
)

// rounds is how often children are killed: 20, or 200 in a soak.
func rounds(t *testing.T) int {
	t.Helper()
	if os.Getenv("COUNTINGHOUSE_SOAK") == "1" {
		return 200
	}
	return 20
}

func TestKilledWriterLosesNothing(t *testing.T) {
	for _, role := range []string{"write", "compact"} {
		t.Run(role, func(t *testing.T) {
			var path string
			var key cipher.Key
			acknowledged, total := 0, 0
			for round := range rounds(t) {
				if round%10 == 0 { // a file that lives on for ten kills
					path, key, acknowledged = bookPath(t), cipher.NewKey(), 0
				}
				last := killedRun(t, role, path, key)
				total += last - acknowledged
				acknowledged = last
				checkLedger(t, path, key, acknowledged)
			}
			if total == 0 {
				t.Fatal("no child ever committed: the test proves nothing")
			}
			t.Logf("%d rows acknowledged", total)
		})
	}
}

// killedRun lets a child work for a random while and returns the last row it
// acknowledged.
func killedRun(t *testing.T, role, path string, key cipher.Key) int {
	t.Helper()
	c := startChild(t, role, path, key)
	last := 0
	first, err := strconv.Atoi(c.next(t)) // it is running
	if err != nil {
		t.Fatal(err)
	}
	last = first
	moment := time.AfterFunc(time.Duration(rand.Int64N(int64(120*time.Millisecond))), func() { c.cmd.Process.Kill() })
	defer moment.Stop()
	for c.lines.Scan() {
		if n, err := strconv.Atoi(c.lines.Text()); err == nil {
			last = max(last, n)
		}
	}
	c.cmd.Wait()
	if c.errs.Len() > 0 {
		t.Fatalf("child failed instead of being killed: %s", c.errs.String())
	}
	return last
}

// checkLedger recovers the database and checks that rows 1..n (at least) are
// there, each with its own text, and that the structure is sound.
func checkLedger(t *testing.T, path string, key cipher.Key, acknowledged int) {
	t.Helper()
	ctx := context.Background()
	db := reopen(t, path, key) // damage would be an error here
	rows, err := db.Reader().QueryContext(ctx, "SELECT n, body FROM ledger ORDER BY n")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	count := 0
	for rows.Next() {
		var n int
		var body string
		if err := rows.Scan(&n, &body); err != nil {
			t.Fatal(err)
		}
		if count++; n != count || body != payload(n) {
			t.Fatalf("row %d is number %d with %.40q", count, n, body)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if count < acknowledged {
		t.Fatalf("%d rows were acknowledged, %d are there", acknowledged, count)
	}
	report, err := db.Verify(ctx)
	if err != nil || report.Err(path) != nil {
		t.Fatalf("%v, %v", err, report.Err(path))
	}
	closeDB(t, db)
	noCompanions(t, path)
}

func TestIndependentSQLCipherAfterKill(t *testing.T) {
	path, key := bookPath(t), cipher.NewKey()
	killedRun(t, "expose", path, key)
	db := reopen(t, path, key)
	want, err := workload.Tables(context.Background(), db.Reader())
	if err != nil {
		t.Fatal(err)
	}
	if want["orders"].Rows == 0 {
		t.Fatal("nothing was recovered")
	}
	closeDB(t, db)
	wantSame(t, path, key, want)
}
