//go:build unix

package appsync_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	appsync "countinghouse/sync"
)

// What cannot be read is told, one by one, and the rest of a folder is imported.
func TestImportOfAFolderWithMoreThanReports(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	put := func(name string, text []byte) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("a.txt", settled{id: "1", currency: "USD", market: "Amazon.com", order: "111-0000001-0000001", posted: "2026-03-03", price: 2500, fee: -375, lines: 1}.v2())
	put("deep/b.txt", settled{id: "2", currency: "USD", market: "Amazon.com", order: "111-0000002-0000001", posted: "2026-03-03", price: 2500, fee: -375, lines: 1}.v2())
	put("locked/c.txt", settled{id: "3", currency: "USD", market: "Amazon.com", order: "111-0000003-0000001", posted: "2026-03-03", price: 2500, fee: -375, lines: 1}.v2())
	put(".hidden/d.txt", settled{id: "4", currency: "USD", market: "Amazon.com", order: "111-0000004-0000001", posted: "2026-03-03", price: 2500, fee: -375, lines: 1}.v2())
	put("zero.txt", nil)
	put("z.txt", settled{id: "5", currency: "USD", market: "Amazon.com", order: "111-0000005-0000001", posted: "2026-03-03", price: 2500, fee: -375, lines: 1}.v2())
	for name, to := range map[string]string{"round": ".", "out": elsewhere, "gone": "nowhere", "again.txt": "a.txt"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "locked"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "locked"), 0o700) }) // so that it can be removed
	want := map[string]string{
		"a.txt": "", "deep/b.txt": "", "z.txt": "", "again.txt": "", "locked/c.txt": "",
		"zero.txt": "empty", "round": "link to a folder", "out": "link to a folder", "gone": "no such file", "pipe": "a pipe or a device",
	}
	if _, err := os.ReadDir(filepath.Join(dir, "locked")); err != nil { // root may look into everything
		delete(want, "locked/c.txt")
		want["locked"] = "permission denied"
	}
	b := emptyBook(t)
	linked := filepath.Join(t.TempDir(), "reports")
	if err := os.Symlink(dir, linked); err != nil {
		t.Fatal(err)
	}
	list, err := appsync.ImportFiles(t.Context(), b, []string{linked, filepath.Join(linked, "a.txt")}, appsync.ImportOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(want)+1 { // a.txt once more, under the name of the link
		t.Errorf("%d files, want %d", len(list), len(want)+1)
	}
	for name, says := range want {
		found := false
		for _, f := range list {
			if !strings.HasSuffix(filepath.ToSlash(f.Path), "/"+name) {
				continue
			}
			found = true
			switch {
			case says == "" && (f.Err != nil || len(f.Reports) != 1):
				t.Errorf("%s: %+v", name, f)
			case says != "" && (f.Err == nil || !strings.Contains(f.Err.Error(), says)):
				t.Errorf("%s: %v, want %q in it", name, f.Err, says)
			}
		}
		if !found {
			t.Errorf("%s is not told", name)
		}
	}
}
