package reports

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

const (
	maxSize    = 8 << 30 // bytes of one unpacked file: more is a bomb, not a report
	maxMembers = 200     // files in one archive
)

// source opens the same bytes as often as they are read.
type source struct {
	name  string // "march.csv", or "bundle.zip: march.csv"
	open  func() (io.ReadCloser, error)
	sheet bool // of a workbook: its dates may be numbers
}

// unpack returns the files inside r: one for a plain or gzipped file, each
// member of a zip archive.
func unpack(name string, r io.ReaderAt, size int64) ([]source, error) {
	head := make([]byte, 8)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	head = head[:n]
	whole := func() io.Reader { return io.NewSectionReader(r, 0, size) }
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return []source{{name: name, open: func() (io.ReadCloser, error) { return gzip.NewReader(whole()) }}}, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return unzip(name, r, size)
	}
	return []source{{name: name, open: func() (io.ReadCloser, error) { return io.NopCloser(whole()), nil }}}, nil
}

func unzip(name string, r io.ReaderAt, size int64) ([]source, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, named(name, refuse(ErrCut, 0, "the zip archive is cut or damaged; download it again"))
	}
	if len(archive.File) > maxMembers {
		return nil, named(name, refuse(ErrTooLarge, 0, "the archive holds %d files; import at most %d at a time", len(archive.File), maxMembers))
	}
	var all []source
	for _, f := range archive.File {
		if f.Name == "[Content_Types].xml" {
			return workbook(name, r, size)
		}
		base := path.Base(f.Name)
		if f.FileInfo().IsDir() || strings.HasPrefix(base, ".") || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue // what file managers add
		}
		member := name + ": " + f.Name
		if f.Flags&1 != 0 {
			return nil, named(member, refuse(ErrBinary, 0, "the file is encrypted; unpack it first"))
		}
		all = append(all, source{name: member, open: f.Open})
	}
	if len(all) == 0 {
		return nil, named(name, refuse(ErrEmpty, 0, "the archive holds no file"))
	}
	return all, nil
}

// named puts the file's name on a refusal.
func named(name string, err *FileError) error {
	err.Name = name
	return err
}

// readError tells damage inside a packed file apart from a failing disk.
func readError(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return refuse(ErrCut, 0, "the file ends in the middle; it is cut, download it again")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, zip.ErrChecksum),
		errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm), errors.As(err, &corrupt):
		return refuse(ErrCut, 0, "the packed file is damaged; download it again")
	}
	return err
}
