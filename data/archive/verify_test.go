package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"countinghouse/data/archive"
)

func smallArchive(t *testing.T) (path string, data []byte, want archive.Report) {
	t.Helper()
	db := sampleBook(t)
	addDocument(t, db, "order", []byte(`{"a":1}`))
	sum, _ := exportTo(t, db, archive.ExportOptions{BookName: "Cedar"})
	data, err := os.ReadFile(sum.Path)
	if err != nil {
		t.Fatal(err)
	}
	want, err = archive.Verify(context.Background(), sum.Path)
	if err != nil || want.Book != "Cedar" || want.Files != sum.Files || len(want.Tables) != sum.Tables {
		t.Fatalf("%+v, %v", want, err)
	}
	return sum.Path, data, want
}

// TestVerifyNoticesEveryChange flips bytes all over an archive. A flip in what
// zip keeps twice, or for show, may pass: then everything read is the same.
func TestVerifyNoticesEveryChange(t *testing.T) {
	path, data, want := smallArchive(t)
	random := rand.New(rand.NewPCG(1, 2))
	noticed := 0
	const step = 7
	for i := 0; i < len(data); i += step {
		bad := bytes.Clone(data)
		bad[i] ^= byte(1 + random.IntN(255))
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := archive.Verify(context.Background(), path)
		switch {
		case err == nil && !reflect.DeepEqual(got, want):
			t.Errorf("byte %d: read as %+v", i, got)
		case err != nil && !errors.Is(err, archive.ErrDamaged):
			t.Errorf("byte %d: %v", i, err)
		case err != nil:
			noticed++
		}
	}
	if noticed < len(data)/step*6/10 {
		t.Errorf("only %d of %d changes were noticed", noticed, len(data)/step)
	}
}

func TestVerifyRefuses(t *testing.T) {
	path, data, _ := smallArchive(t)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := members(t, z)
	for name, c := range map[string]func() []byte{
		"empty":     func() []byte { return nil },
		"text":      func() []byte { return []byte("<html>not found</html>") },
		"half":      func() []byte { return data[:len(data)/2] },
		"one short": func() []byte { return data[:len(data)-1] },
		"age only":  func() []byte { return []byte("age-encryption.org/v1\n") },
		"removed":   func() []byte { return rezip(t, files, "csv/orders.csv", nil) },
		"added":     func() []byte { return rezip(t, files, "csv/more.csv", []byte("a\r\n")) },
		"changed":   func() []byte { return rezip(t, files, "README.txt", []byte("hello")) },
		"upwards":   func() []byte { return rezip(t, files, "../evil", []byte("x")) },
		"backslash": func() []byte { return rezip(t, files, `..\evil`, []byte("x")) },
		"no list":   func() []byte { return rezip(t, files, "manifest-sha256.txt", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, c(), 0o600); err != nil {
				t.Fatal(err)
			}
			want := archive.ErrDamaged
			if name == "age only" {
				want = archive.ErrLocked
			}
			if _, err := archive.Verify(context.Background(), path); !errors.Is(err, want) {
				t.Errorf("error %v", err)
			}
		})
	}
	if _, err := archive.Verify(context.Background(), filepath.Join(t.TempDir(), "none.zip")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// rezip packs files again with one of them changed, added, or (nil) removed.
func rezip(t *testing.T, files map[string][]byte, name string, data []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	add := func(name string, data []byte) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for n, d := range files {
		if n != name {
			add(n, d)
		}
	}
	if data != nil {
		add(name, data)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// FuzzCells writes any text and any blob, and reads them back from the CSV.
func FuzzCells(f *testing.F) {
	for _, v := range hardTexts {
		if s, ok := v.(string); ok {
			f.Add(s, []byte(s), int64(len(s)))
		}
	}
	f.Fuzz(func(t *testing.T, text string, blob []byte, n int64) {
		db := openDB(t, filepath.Join(t.TempDir(), "f.db"))
		execSQL(t, db, `CREATE TABLE t (a TEXT, b BLOB, c INTEGER) STRICT`)
		execSQL(t, db, `INSERT INTO t VALUES (?, ?, ?)`, text, blob, n)
		_, files := exportTo(t, db, archive.ExportOptions{})
		record := parseCSV(t, files["csv/t.csv"])[1]
		for i, v := range []any{string(bytes.ToValidUTF8([]byte(text), []byte("\uFFFD"))), blob, n} {
			if want := asCSV(t, v); record[i].text != want.text {
				t.Errorf("column %d: %q, want %q", i, record[i].text, want.text)
			}
		}
	})
}
