package archive

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// marker is the note of a wipe under way, kept as JSON beside the book's
// folder until the wipe is done. It lists every file before the first one
// goes, so that the receipt of a wipe that was killed is complete too.
type marker struct {
	Version     int        `json:"version"`
	WipeID      string     `json:"wipe_id"` // random; tells our receipt from another file
	Folder      string     `json:"folder"`
	BookID      string     `json:"book_id"`
	BookName    string     `json:"book_name"`
	Started     time.Time  `json:"started"`
	Resumed     int        `json:"resumed"` // how often
	Preferences []string   `json:"preferences,omitempty"`
	Receipt     string     `json:"receipt,omitempty"`
	Steps       []WipeStep `json:"steps"`
	Items       []WipeItem `json:"items"`
}

// WipeItem is one file of a book, as it was found before the wipe.
type WipeItem struct {
	Step  WipeStep `json:"step"`           // the step that removes it
	Path  string   `json:"path"`           // relative to the home folder, with slashes
	Bytes int64    `json:"bytes"`          // its size
	Link  bool     `json:"link,omitempty"` // a symbolic link, of which only the link is removed
}

const (
	markerVersion = 1
	markerPrefix  = ".wipe-"
	markerSuffix  = ".json"
	maxMarker     = 256 << 20
)

// wipeSteps is the order of a wipe.
var wipeSteps = []WipeStep{StepMarker, StepKeys, StepKeyStore, StepDatabases, StepBackups, StepLogs,
	StepOther, StepPreferences, StepFolder, StepSearch, StepReceipt, StepDone}

func (m *marker) path() string { return path.Join("books", markerPrefix+m.Folder+markerSuffix) }

func (m *marker) book() string { return path.Join("books", m.Folder) }

// owns tells whether a path, relative to the home folder, belongs to the book.
func (m *marker) owns(p string) bool {
	for _, top := range append([]string{m.book()}, m.Preferences...) {
		if p == top || strings.HasPrefix(p, top+"/") {
			return true
		}
	}
	return false
}

// begin lists the book's files and puts the marker on the disk.
func (p *Plan) begin() (*wiping, error) {
	root, err := os.OpenRoot(p.Home)
	if err != nil {
		return nil, fmt.Errorf("open the home folder: %w", err)
	}
	w := &wiping{root: root, home: p.Home, purge: p.Purge, now: p.Now, progress: p.Progress}
	if w.now == nil {
		w.now = time.Now
	}
	id := make([]byte, 16)
	rand.Read(id) // never fails
	w.marker = marker{Version: markerVersion, WipeID: hex.EncodeToString(id), Folder: p.Folder, BookID: p.BookID,
		BookName: p.BookName, Started: w.now().UTC(), Receipt: p.Receipt, Steps: wipeSteps}
	for _, pref := range p.Preferences {
		w.marker.Preferences = append(w.marker.Preferences, filepath.ToSlash(filepath.Clean(pref)))
	}
	if old, err := readMarker(root, w.marker.path()); err == nil {
		w.marker = old // a wipe of this book is under way: go on with its list
		w.marker.Resumed++
		if p.Receipt != "" {
			w.marker.Receipt = p.Receipt
		}
	}
	if err := w.inventory(); err != nil {
		root.Close()
		return nil, err
	}
	if err := w.save(); err != nil {
		root.Close()
		return nil, err
	}
	w.tell(StepMarker, "")
	return w, nil
}

// inventory adds to the marker every file of the book that is not in it yet.
func (w *wiping) inventory() error {
	known := map[string]bool{}
	for _, it := range w.marker.Items {
		known[it.Path] = true
	}
	for _, top := range append([]string{w.marker.book()}, w.marker.Preferences...) {
		err := fs.WalkDir(w.root.FS(), top, func(p string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return w.makeReadable(p, d, err)
			case d.IsDir() || known[p]:
				return nil
			}
			it := WipeItem{Step: w.stepOf(p), Path: p, Link: d.Type()&fs.ModeSymlink != 0}
			if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
				it.Bytes = info.Size()
			}
			w.marker.Items = append(w.marker.Items, it)
			return nil
		})
		if err != nil {
			return fmt.Errorf("list %s: %w", top, err)
		}
	}
	sort.SliceStable(w.marker.Items, func(i, j int) bool { return w.marker.Items[i].Path < w.marker.Items[j].Path })
	return nil
}

// makeReadable goes on where a folder cannot be listed: it gives back rights
// that were taken away. What is in there is found by the second list, or goes
// unlisted with the folder, and the search proves it.
func (w *wiping) makeReadable(p string, d fs.DirEntry, err error) error {
	if d == nil || !d.IsDir() {
		return err
	}
	if errors.Is(err, fs.ErrPermission) {
		if err := w.root.Chmod(p, 0o700); err != nil {
			w.problem("%s cannot be read: %v", p, err)
		}
	}
	return fs.SkipDir
}

// stepOf says which step removes a file.
func (w *wiping) stepOf(p string) WipeStep {
	rel, inBook := strings.CutPrefix(p, w.marker.book()+"/")
	if !inBook {
		return StepPreferences
	}
	name := path.Base(p)
	switch {
	case isKeyFile(name):
		return StepKeys
	case strings.HasPrefix(rel, "backups/"):
		return StepBackups
	case strings.HasPrefix(rel, "logs/"):
		return StepLogs
	}
	for _, end := range []string{".db", ".db-wal", ".db-shm", ".db-journal"} {
		if strings.HasSuffix(name, end) {
			return StepDatabases
		}
	}
	return StepOther
}

// isKeyFile tells whether a file holds key slots: book.keys, what a crash left
// of writing it, or a copy beside it.
func isKeyFile(name string) bool {
	return strings.HasPrefix(strings.TrimPrefix(name, "."), "book.keys")
}

// save writes the marker in one step: the old one or the new one is there,
// never half of one.
func (w *wiping) save() error {
	data, err := json.MarshalIndent(&w.marker, "", "  ")
	if err != nil {
		return fmt.Errorf("note the wipe: %w", err)
	}
	tmp := w.marker.path() + ".tmp"
	f, err := w.root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("note the wipe: %w", err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = w.root.Rename(tmp, w.marker.path())
	}
	if err != nil {
		return diskError(fmt.Errorf("note the wipe: %w", errors.Join(err, w.root.Remove(tmp))))
	}
	return syncFolder(filepath.Join(w.home, "books"))
}

// readMarker reads one marker and refuses what could reach beyond its book.
func readMarker(root *os.Root, name string) (marker, error) {
	var m marker
	info, err := root.Lstat(name)
	if err != nil {
		return m, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxMarker {
		return m, errors.New("it is no note of a wipe")
	}
	data, err := root.ReadFile(name)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("it cannot be read: %w", err)
	}
	if m.Version != markerVersion || m.WipeID == "" || !isFolderName(m.Folder) || m.path() != name {
		return m, errors.New("it is not for the book whose name it has")
	}
	for _, p := range m.Preferences {
		if !isPreference(p) {
			return m, fmt.Errorf("it names %q, outside the home folder", p)
		}
	}
	for _, it := range m.Items {
		if !fs.ValidPath(it.Path) || !m.owns(it.Path) {
			return m, fmt.Errorf("it names %q, which is not of this book", it.Path)
		}
	}
	if m.Receipt != "" && !filepath.IsAbs(m.Receipt) {
		return m, fmt.Errorf("it names %q for the receipt", m.Receipt)
	}
	return m, nil
}
