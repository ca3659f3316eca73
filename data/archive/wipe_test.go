package archive_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countinghouse/data/archive"
)

const bookID = "0b9cfe2e41d7"

// bookFiles are the files of the book to wipe, with their sizes.
var bookFiles = map[string]int{
	"book.db": 8192, "book.db-wal": 4152, "book.db-shm": 32768, "personal.db": 4096, "personal.db-journal": 512,
	"book.keys": 700, ".book.keys.tmp-123": 350, "backups/2026-01-01.age": 5000, "backups/old/2025.age": 10,
	"logs/app.log": 99, "import-1.tmp": 1, "note\nwith line break.txt": 5,
}

func write(t testing.TB, path string, size int) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte{'k'}, size), 0o600); err != nil {
		t.Fatal(err)
	}
}

// makeHome makes a home folder with the book to wipe, another book, and links
// from the first into the second and out of the home folder.
func makeHome(t testing.TB) (home, outside string) {
	t.Helper()
	home, outside = filepath.Join(t.TempDir(), "home"), filepath.Join(t.TempDir(), "outside")
	for name, size := range bookFiles {
		write(t, filepath.Join(home, "books", "cedar", name), size)
	}
	for _, f := range []string{"books/oak/book.db", "books/oak/book.keys", "books/oak/backups/" + bookID, "preferences.json"} {
		write(t, filepath.Join(home, filepath.FromSlash(f)), 100)
	}
	write(t, filepath.Join(home, "preferences", "cedar.json"), 20)
	write(t, filepath.Join(outside, "taxes.pdf"), 1000)
	cedar := filepath.Join(home, "books", "cedar")
	for link, target := range map[string]string{
		"to-outside": outside, "to-oak": "../oak", "backups/taxes": filepath.Join(outside, "taxes.pdf"), "book.keys.link": "../oak/book.keys",
	} {
		if err := os.Symlink(target, filepath.Join(cedar, link)); err != nil {
			t.Fatal(err)
		}
	}
	return home, outside
}

func plan(home string) archive.Plan {
	return archive.Plan{Home: home, Folder: "cedar", BookID: bookID, BookName: "Cedar & Sons", TypedName: "Cedar & Sons",
		Preferences: []string{"preferences/cedar.json"}, Now: func() time.Time { return moment }}
}

// expectOthers checks that nothing but the book was touched, and that nothing
// of the book is there.
func expectOthers(t testing.TB, home, outside string) {
	t.Helper()
	want := map[string]bool{"books/oak/book.db": true, "books/oak/book.keys": true, "books/oak/backups/" + bookID: true, "preferences.json": true}
	err := fs.WalkDir(os.DirFS(home), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if strings.Contains(p, "cedar") {
				t.Errorf("folder %s is still there", p)
			}
			return err
		}
		if !want[p] {
			t.Errorf("%q is still there", p)
		} else if data, err := os.ReadFile(filepath.Join(home, p)); err != nil || !bytes.Equal(data, bytes.Repeat([]byte{'k'}, 100)) {
			t.Errorf("%s was changed (%v)", p, err)
		}
		delete(want, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for p := range want {
		t.Errorf("%s of another book is gone", p)
	}
	if info, err := os.Stat(filepath.Join(outside, "taxes.pdf")); err != nil || info.Size() != 1000 {
		t.Errorf("a file outside was touched: %v", err)
	}
}

func expectReceipt(t testing.TB, r archive.Receipt) {
	t.Helper()
	var bytes int64 = 20
	for name, size := range bookFiles {
		bytes += int64(size)
		found := false
		for _, it := range r.Items {
			found = found || it.Path == "books/cedar/"+name && it.Bytes == int64(size)
		}
		if !found {
			t.Errorf("%q is not on the receipt", name)
		}
	}
	if n := len(bookFiles) + 1 + 4; r.Files != n || r.Bytes != bytes || !r.Complete || len(r.Left) > 0 {
		t.Errorf("receipt: %d files, %d bytes, complete %v, left %v, problems %v; want %d, %d",
			r.Files, r.Bytes, r.Complete, r.Left, r.Problems, n, bytes)
	}
	text := r.String()
	for _, want := range []string{"Book:      Cedar & Sons\n", "  books/cedar/personal.db\n", "link only  books/cedar/to-oak\n",
		"Copies made elsewhere", "note?with line break", "2026-03-14 15:09:26 UTC"} {
		if !strings.Contains(text, want) {
			t.Errorf("the receipt does not say %q:\n%s", want, text)
		}
	}
}

func TestWipe(t *testing.T) {
	home, outside := makeHome(t)
	p := plan(home)
	p.Receipt = filepath.Join(outside, "receipt.txt")
	keys := filepath.Join(home, "books/cedar/book.keys")
	held, err := os.Open(keys) // shows the bytes after the name is gone
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	var order []archive.WipeStep
	p.Progress = func(e archive.WipeEvent) {
		if e.Path == "" {
			order = append(order, e.Step)
		}
	}
	p.Purge = func(_ context.Context, id string) error {
		if _, err := os.Lstat(keys); id != bookID || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("purge of %s, the keys: %v", id, err)
		}
		if _, err := os.Lstat(filepath.Join(home, "books/cedar/book.db")); err != nil {
			t.Errorf("a database went before the keys: %v", err)
		}
		return nil
	}
	r, err := archive.Wipe(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	expectReceipt(t, r)
	expectOthers(t, home, outside)
	if saved, err := os.ReadFile(p.Receipt); err != nil || string(saved) != r.String() {
		t.Errorf("the saved receipt differs (%v)", err)
	}
	left := make([]byte, 700)
	if _, err := held.ReadAt(left, 0); err != nil || bytes.Contains(left, []byte("kkkk")) {
		t.Errorf("the keys were removed without being overwritten (%v)", err)
	}
	if got := fmt.Sprint(order); got != "[marker keys key store databases backups logs other files preferences folder search receipt done]" {
		t.Errorf("order %s", got)
	}
	if rs, err := archive.Resume(context.Background(), home, archive.ResumeOptions{}); err != nil || len(rs) > 0 {
		t.Errorf("resume after the end: %v, %v", rs, err)
	}
	if _, err := archive.Wipe(context.Background(), p); !errors.Is(err, archive.ErrNoBook) {
		t.Errorf("wipe again: %v", err)
	}
}

func TestWipeRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(home string, p *archive.Plan)
		want   error
	}{
		"wrong name":      {func(_ string, p *archive.Plan) { p.TypedName = "cedar & sons" }, archive.ErrWrongName},
		"space":           {func(_ string, p *archive.Plan) { p.TypedName += " " }, archive.ErrWrongName},
		"no name":         {func(_ string, p *archive.Plan) { p.TypedName, p.BookName = "", "" }, archive.ErrWrongName},
		"dots":            {func(_ string, p *archive.Plan) { p.Folder = ".." }, archive.ErrNoBook},
		"this":            {func(_ string, p *archive.Plan) { p.Folder = "." }, archive.ErrNoBook},
		"empty":           {func(_ string, p *archive.Plan) { p.Folder = "" }, archive.ErrNoBook},
		"deeper":          {func(_ string, p *archive.Plan) { p.Folder = "oak/backups" }, archive.ErrNoBook},
		"upwards":         {func(_ string, p *archive.Plan) { p.Folder = "../books/oak" }, archive.ErrNoBook},
		"missing":         {func(_ string, p *archive.Plan) { p.Folder = "elm" }, archive.ErrNoBook},
		"a link":          {func(h string, p *archive.Plan) { os.Symlink("cedar", filepath.Join(h, "books/elm")); p.Folder = "elm" }, archive.ErrLink},
		"receipt taken":   {func(h string, p *archive.Plan) { p.Receipt = filepath.Join(h, "preferences.json") }, archive.ErrExists},
		"receipt in book": {func(h string, p *archive.Plan) { p.Receipt = filepath.Join(h, "books/cedar/r.txt") }, nil},
		"receipt via link": {func(h string, p *archive.Plan) {
			os.Symlink("cedar", filepath.Join(h, "books/l"))
			p.Receipt = filepath.Join(h, "books/l/r.txt")
		}, nil},
		"receipt relative":  {func(_ string, p *archive.Plan) { p.Receipt = "r.txt" }, nil},
		"preferences books": {func(_ string, p *archive.Plan) { p.Preferences = []string{"books/oak"} }, nil},
		"preferences home":  {func(_ string, p *archive.Plan) { p.Preferences = []string{"x/.."} }, nil},
		"preferences up":    {func(_ string, p *archive.Plan) { p.Preferences = []string{"../x"} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			home, _ := makeHome(t)
			p := plan(home)
			c.change(home, &p)
			if _, err := archive.Wipe(context.Background(), p); err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			for name, size := range bookFiles {
				if info, err := os.Lstat(filepath.Join(home, "books/cedar", name)); err != nil || info.Size() != int64(size) {
					t.Errorf("%q was touched: %v", name, err)
				}
			}
			if found, _ := filepath.Glob(filepath.Join(home, "books", ".wipe*")); len(found) > 0 {
				t.Errorf("a note was left: %v", found)
			}
		})
	}
}

func TestWipeReportsTheKeyStore(t *testing.T) {
	home, outside := makeHome(t)
	p := plan(home)
	p.Purge = func(context.Context, string) error { return errors.New("the key store does not answer") }
	r, err := archive.Wipe(context.Background(), p)
	if !errors.Is(err, archive.ErrPartial) || r.Complete || !strings.Contains(r.String(), "Key store: FAILED: the key store does not answer\n") {
		t.Errorf("%v\n%s", err, r)
	}
	expectOthers(t, home, outside)
}

// TestResumeRefusesForgedNotes: a note cannot reach beyond its own book.
func TestResumeRefusesForgedNotes(t *testing.T) {
	good := map[string]any{"version": 1, "wipe_id": "x", "folder": "cedar", "book_id": bookID, "book_name": "C"}
	for name, change := range map[string]map[string]any{
		"other folder":       {"folder": "oak"},
		"upwards":            {"folder": ".."},
		"item of others":     {"items": []map[string]any{{"step": "databases", "path": "books/oak/book.db"}}},
		"item upwards":       {"items": []map[string]any{{"step": "databases", "path": "books/cedar/../oak/book.db"}}},
		"preferences":        {"preferences": []string{"books/oak"}},
		"preferences upward": {"preferences": []string{"../outside"}},
		"version":            {"version": 2},
		"receipt":            {"receipt": "r.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			home, outside := makeHome(t)
			note := map[string]any{}
			for k, v := range good {
				note[k] = v
			}
			for k, v := range change {
				note[k] = v
			}
			data, err := json.Marshal(note)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(home, "books", ".wipe-cedar.json")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if rs, err := archive.Resume(context.Background(), home, archive.ResumeOptions{}); err == nil || len(rs) > 0 {
				t.Errorf("taken: %v, %v", rs, err)
			}
			for _, f := range []string{"books/oak/book.db", "books/oak/book.keys", "books/cedar/book.db", "books/cedar/book.keys"} {
				if _, err := os.Stat(filepath.Join(home, f)); err != nil {
					t.Error(err)
				}
			}
			if _, err := os.Stat(filepath.Join(outside, "taxes.pdf")); err != nil {
				t.Error(err)
			}
		})
	}
	home, _ := makeHome(t)
	if err := os.WriteFile(filepath.Join(home, "books", ".wipe-cedar.json"), []byte(`{"version":1,`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Resume(context.Background(), home, archive.ResumeOptions{}); err == nil || !strings.Contains(err.Error(), ".wipe-cedar.json") {
		t.Errorf("half a note: %v", err)
	}
}

// TestResumeDoesNotFollowNewLinks: a folder that was listed and is a link by
// now leads to other people's files.
func TestResumeDoesNotFollowNewLinks(t *testing.T) {
	home, outside := makeHome(t)
	ctx, cancel := context.WithCancel(context.Background())
	p := plan(home)
	p.Progress = func(e archive.WipeEvent) {
		if e.Step == archive.StepDatabases && e.Path == "" {
			cancel()
		}
	}
	if _, err := archive.Wipe(ctx, p); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	backups := filepath.Join(home, "books/cedar/backups")
	if err := os.RemoveAll(backups); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(home, "books/oak/backups/2026-01-01.age"), 100)
	if err := os.Symlink("../oak/backups", backups); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Resume(context.Background(), home, archive.ResumeOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(home, "books/oak/backups/2026-01-01.age")); err != nil {
		t.Errorf("a file of another book went: %v", err)
	}
	expectOthers(t, home, outside)
}

// TestWipeListsWhatStays: a file that cannot be removed is on the receipt, and
// the next start tries again.
func TestWipeListsWhatStays(t *testing.T) {
	home, outside := makeHome(t)
	stuck := filepath.Join(home, "books/cedar/logs/app.log")
	if out, err := runTool("chattr", "+i", stuck); err != nil {
		t.Skipf("no file can be made immovable here: %v %s", err, out)
	}
	t.Cleanup(func() { runTool("chattr", "-i", stuck) })
	r, err := archive.Wipe(context.Background(), plan(home))
	if !errors.Is(err, archive.ErrPartial) || r.Complete || !strings.Contains(fmt.Sprint(r.Left), "books/cedar/logs/app.log") {
		t.Fatalf("%v\n%s", err, r)
	}
	if _, err := os.Stat(filepath.Join(home, "books/cedar/book.db")); err == nil {
		t.Error("one file that stays stopped the rest")
	}
	if out, err := runTool("chattr", "-i", stuck); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	rs, err := archive.Resume(context.Background(), home, archive.ResumeOptions{Now: func() time.Time { return moment }})
	if err != nil || len(rs) != 1 {
		t.Fatalf("%v, %v", rs, err)
	}
	expectReceipt(t, rs[0])
	expectOthers(t, home, outside)
}

// TestWipeAgain: a wipe typed a second time goes on with the first one's list.
func TestWipeAgain(t *testing.T) {
	home, outside := makeHome(t)
	ctx, cancel := context.WithCancel(context.Background())
	p := plan(home)
	p.Progress = func(e archive.WipeEvent) {
		if e.Step == archive.StepDatabases {
			cancel()
		}
	}
	if _, err := archive.Wipe(ctx, p); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	r, err := archive.Wipe(context.Background(), plan(home))
	if err != nil || r.Resumed != 1 {
		t.Errorf("resumed %d, %v", r.Resumed, err)
	}
	expectReceipt(t, r)
	expectOthers(t, home, outside)
}

// TestWipeOddNames: names that are not UTF-8 go like the others.
func TestWipeOddNames(t *testing.T) {
	home, outside := makeHome(t)
	odd := filepath.Join(home, "books", "cedar", "b\xffd", "f\xff")
	if err := os.MkdirAll(filepath.Dir(odd), 0o700); err != nil {
		t.Skipf("no such names here: %v", err)
	}
	write(t, odd, 7)
	write(t, filepath.Join(home, "books", "cedar", "\xfe"), 7)
	if r, err := archive.Wipe(context.Background(), plan(home)); err != nil || !r.Complete {
		t.Errorf("%v\n%s", err, r)
	}
	expectOthers(t, home, outside)
}

// TestWipeFindsStrays: what has the book's id in its name elsewhere is listed,
// not removed.
func TestWipeFindsStrays(t *testing.T) {
	home, _ := makeHome(t)
	write(t, filepath.Join(home, "cache", bookID+".thumb"), 3)
	r, err := archive.Wipe(context.Background(), plan(home))
	if !errors.Is(err, archive.ErrPartial) || fmt.Sprint(r.Left) != "[cache/"+bookID+".thumb]" {
		t.Errorf("%v, left %v", err, r.Left)
	}
}
