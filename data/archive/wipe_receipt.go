package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Receipt is the proof of a wipe, for the user to keep.
type Receipt struct {
	WipeID   string
	BookName string
	BookID   string
	Folder   string // name of the folder that was removed
	Started  time.Time
	Ended    time.Time
	Resumed  int        // how often the wipe had to be taken up again
	Items    []WipeItem // every file that was found
	Files    int        // removed
	Bytes    int64      // of the files removed
	KeyStore string     // what became of the items in the system's key store
	Left     []string   // what is still there, relative to the home folder
	Problems []string   // what could not be done
	Complete bool       // nothing is left, and nothing failed
}

func (w *wiping) receipt() Receipt {
	r := Receipt{
		WipeID: w.marker.WipeID, BookName: w.marker.BookName, BookID: w.marker.BookID, Folder: w.marker.Folder,
		Started: w.marker.Started, Ended: w.now().UTC(), Resumed: w.marker.Resumed, Items: w.marker.Items,
		KeyStore: w.keyStore, Left: append(append([]string{}, w.left...), w.stray...), Problems: w.problems,
	}
	still := map[string]bool{}
	for _, p := range w.left {
		still[p] = true
	}
	for _, it := range r.Items {
		if !still[it.Path] {
			r.Files++
			r.Bytes += it.Bytes
		}
	}
	r.Complete = len(r.Left) == 0 && len(r.Problems) == 0 && w.purgeErr == nil
	return r
}

// String is the receipt as plain text.
func (r Receipt) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("COUNTINGHOUSE: RECEIPT OF A WIPE")
	line("")
	line("Book:      %s", oneLine(r.BookName))
	line("Book id:   %s", r.BookID)
	line("Wipe id:   %s", r.WipeID)
	line("Begun:     %s", r.Started.Format("2006-01-02 15:04:05 UTC"))
	line("Ended:     %s", r.Ended.Format("2006-01-02 15:04:05 UTC"))
	if r.Resumed > 0 {
		line("           interrupted, and taken up again %d times", r.Resumed)
	}
	line("Removed:   %d files, %d bytes", r.Files, r.Bytes)
	line("Key store: %s", r.KeyStore)
	if r.Complete {
		line("Result:    complete; the places were searched again and nothing was found")
	} else {
		line("Result:    NOT COMPLETE, see below")
	}
	for _, s := range []WipeStep{StepKeys, StepDatabases, StepBackups, StepLogs, StepOther, StepPreferences} {
		r.writeStep(line, s)
	}
	writeList(line, "STILL THERE", r.Left)
	writeList(line, "WHAT WENT WRONG", r.Problems)
	line("")
	line("WHAT A WIPE CANNOT DO")
	line("")
	line("  Copies made elsewhere are still there: exports, backups on other disks or in a cloud, copies")
	line("  of the folder made by other programs. Remove them yourself. Who has a copy of the folder and")
	line("  the passphrase or recovery code can read it.")
	line("  Flash disks and file systems that copy on write can keep old blocks for a time, those of the")
	line("  key file too. The databases were encrypted: without the keys what remains of them is noise.")
	line("  Amazon still lists this program as authorised until you revoke it in Seller Central, under")
	line("  Apps and Services, Manage Your Apps.")
	return b.String()
}

func (r Receipt) writeStep(line func(string, ...any), s WipeStep) {
	title := strings.ToUpper(string(s))
	for _, it := range r.Items {
		if it.Step != s {
			continue
		}
		if title != "" {
			line("")
			line("%s", title)
			line("")
			title = ""
		}
		kind := fmt.Sprintf("%12d bytes", it.Bytes)
		if it.Link {
			kind = "        link only"
		}
		line("  %s  %s", kind, printable(it.Path))
	}
}

func writeList(line func(string, ...any), title string, list []string) {
	if len(list) == 0 {
		return
	}
	line("")
	line("%s", title)
	line("")
	for _, s := range list {
		line("  %s", printable(s))
	}
}

// printable keeps the name of a file from breaking the lines of a receipt.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return '?'
		}
		return c
	}, s)
}

// writeReceipt writes the receipt where the user wanted it. A file that is
// there already is replaced only when it is the receipt of this same wipe,
// from a run that was killed afterwards.
func (w *wiping) writeReceipt(r Receipt) error {
	out := w.marker.Receipt
	if out == "" {
		return nil
	}
	switch old, err := os.ReadFile(out); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !bytes.Contains(old, []byte("Wipe id:   "+r.WipeID+"\n")):
		return fmt.Errorf("%w: %s", ErrExists, out)
	}
	f, err := os.CreateTemp(filepath.Dir(out), ".countinghouse-receipt-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(r.String())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), out)
	}
	if err != nil {
		return diskError(errors.Join(err, os.Remove(f.Name())))
	}
	return syncFolder(filepath.Dir(out))
}
