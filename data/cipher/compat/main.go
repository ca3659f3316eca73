// Compat runs an independent SQLCipher 4 build (github.com/mutecomm/go-sqlcipher)
// over a file, so that package cipher can be compared with it. It is a program
// of its own because both drivers bring an SQLite and could not be linked
// together. The raw key comes as hexadecimal digits on the first line of
// standard input; the answer is JSON on standard output.
//
//	compat check PATH            cipher_integrity_check, integrity_check, rows of every table
//	compat write PATH N          make a file with N rows in each table
//	compat bench PATH N ROUNDS   time the shared workloads, in nanoseconds
package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/cipher/internal/workload"

	_ "github.com/mutecomm/go-sqlcipher/v4"
)

// answer is what the program prints; a verb fills its part.
type answer struct {
	CipherIntegrity []string
	Integrity       []string
	Tables          map[string]workload.Table
	Nanoseconds     map[string]int64
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "compat:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: compat check|write|bench PATH [N [ROUNDS]]")
	}
	var numbers [2]int
	for i, a := range args[2:] {
		n, err := strconv.Atoi(a)
		if err != nil || i >= len(numbers) {
			return fmt.Errorf("argument %q is not a number that %s takes", a, args[0])
		}
		numbers[i] = n
	}
	key, err := readKey()
	if err != nil {
		return err
	}
	db, err := open(args[1], key)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	var out answer
	switch args[0] {
	case "check":
		err = check(ctx, db, &out)
	case "write":
		err = write(ctx, db, numbers[0], &out)
	case "bench":
		err = bench(ctx, db, numbers[0], numbers[1], &out)
	default:
		err = fmt.Errorf("unknown verb %q", args[0])
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

func readKey() (string, error) {
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	key := strings.TrimSpace(line)
	if b, herr := hex.DecodeString(key); herr != nil || len(b) != 32 {
		return "", errors.Join(errors.New("the first line of standard input must be 64 hexadecimal digits"), err)
	}
	return key, nil
}

// open hands the key over in the DSN, because this driver reads the file
// before its connect hook runs.
func open(path, key string) (*sql.DB, error) {
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(),
		RawQuery: url.Values{"_pragma_key": {"x'" + key + "'"}}.Encode()}
	db, err := sql.Open("sqlite3", dsn.String())
	if err != nil {
		return nil, errors.New("open the database") // the cause could quote the DSN
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

func check(ctx context.Context, db *sql.DB, out *answer) (err error) {
	if out.CipherIntegrity, err = lines(ctx, db, "PRAGMA cipher_integrity_check"); err != nil {
		return err
	}
	if out.Integrity, err = lines(ctx, db, "PRAGMA integrity_check"); err != nil {
		return err
	}
	out.Tables, err = workload.Tables(ctx, db)
	return err
}

func lines(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func write(ctx context.Context, db *sql.DB, n int, out *answer) (err error) {
	if _, err := db.ExecContext(ctx, workload.Schema); err != nil {
		return err
	}
	if err := workload.Scatter(ctx, db, n); err != nil {
		return err
	}
	if err := workload.Backfill(ctx, db, n); err != nil {
		return err
	}
	out.Tables, err = workload.Tables(ctx, db)
	return err
}

func bench(ctx context.Context, db *sql.DB, n, rounds int, out *answer) error {
	if _, err := db.ExecContext(ctx, workload.Session+workload.Schema); err != nil {
		return err
	}
	out.Nanoseconds = map[string]int64{}
	for _, step := range []struct {
		name string
		run  func() error
	}{
		{"scatter", func() error { return workload.Scatter(ctx, db, n) }},
		{"backfill", func() error { return workload.Backfill(ctx, db, n) }},
		{"warm", func() error { return workload.Screens(ctx, db, n, rounds) }},
		{"screens", func() error { return workload.Screens(ctx, db, n, rounds) }},
	} {
		start := time.Now()
		if err := step.run(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		out.Nanoseconds[step.name] = time.Since(start).Nanoseconds()
	}
	return nil
}
