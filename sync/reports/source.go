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
	maxDepth   = 3       // archives in archives
)

// source opens the same bytes as often as they are read.
type source struct {
	name  string // "march.csv", or "bundle.zip: march.csv"
	open  func() (io.ReadCloser, error)
	sheet bool       // of a workbook: its dates may be numbers
	flaw  *FileError // why a report in it cannot be trusted; nil for all but such sheets
}

// unpack returns the files inside r: one for a plain or gzipped file, each
// member of a zip archive, and what is in those.
func unpack(name string, r io.ReaderAt, size int64) ([]source, error) {
	head := make([]byte, 8)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	u := unpacker{room: maxWorkbook}
	if isZip(head[:n]) {
		return u.unzip(name, r, size, 1)
	}
	whole := source{name: name, open: func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(r, 0, size)), nil }}
	if !isGzip(head[:n]) {
		return []source{whole}, nil
	}
	return u.expand(whole, 0)
}

func isGzip(head []byte) bool { return bytes.HasPrefix(head, []byte("\x1f\x8b")) }

func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// unpacker opens archives. Those inside of others are read into memory.
type unpacker struct {
	room int64 // bytes that may still be read so
}

// expand looks into a file that may be packed itself.
func (u *unpacker) expand(src source, depth int) ([]source, error) {
	head, err := src.head()
	if err != nil {
		return nil, inFile(src.name, readError(err))
	}
	switch {
	case !isGzip(head) && !isZip(head):
		return []source{src}, nil
	case depth >= maxDepth:
		return nil, named(src.name, refuse(ErrTooLarge, 0, "the file is packed more than %d times; unpack it first", maxDepth))
	case isGzip(head):
		return u.expand(source{name: src.name, open: func() (io.ReadCloser, error) { return gunzip(src) }}, depth+1)
	}
	whole, err := src.read(u.room)
	if err != nil {
		return nil, inFile(src.name, err)
	}
	u.room -= int64(len(whole))
	return u.unzip(src.name, bytes.NewReader(whole), int64(len(whole)), depth+1)
}

// head is the first bytes of a file, fewer when it is shorter.
func (s source) head() ([]byte, error) {
	r, err := s.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, 8)
	n, err := io.ReadFull(r, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // whether it is cut is told when it is read
	}
	return head[:n], err
}

// read takes all of a file into memory, up to most bytes.
func (s source) read(most int64) ([]byte, error) {
	r, err := s.open()
	if err != nil {
		return nil, readError(err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, readError(err)
	}
	if int64(len(b)) > most {
		return nil, refuse(ErrTooLarge, 0, "the archives inside are larger than %d MB; unpack them first", maxWorkbook>>20)
	}
	return b, nil
}

// gunzip opens what is in a gzipped file.
func gunzip(src source) (io.ReadCloser, error) {
	packed, err := src.open()
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(packed)
	if err != nil {
		return nil, errors.Join(err, packed.Close())
	}
	return both{r, packed}, nil
}

// both closes what was unpacked and the file that it is in.
type both struct {
	*gzip.Reader
	packed io.Closer
}

// Close implements io.Closer.
func (b both) Close() error { return errors.Join(b.Reader.Close(), b.packed.Close()) }

func (u *unpacker) unzip(name string, r io.ReaderAt, size int64, depth int) ([]source, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, named(name, refuse(ErrCut, 0, "the zip archive is cut or damaged; download it again"))
	}
	var all []source
	for _, f := range archive.File {
		if f.Name == "[Content_Types].xml" {
			return workbook(name, r, size)
		}
		if f.Name == "mimetype" || strings.HasPrefix(f.Name, "Index/") && strings.HasSuffix(f.Name, ".iwa") {
			return nil, named(name, refuse(ErrBinary, 0, "this is a document of another spreadsheet; save the sheet as XLSX or CSV, or import the file as Amazon sent it"))
		}
		base := path.Base(f.Name)
		if f.FileInfo().IsDir() || strings.HasPrefix(base, ".") || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue // what file managers add
		}
		member := name + ": " + f.Name
		if f.Flags&1 != 0 {
			return nil, named(member, refuse(ErrBinary, 0, "the file is encrypted; unpack it first"))
		}
		inside, err := u.expand(source{name: member, open: f.Open}, depth)
		if err != nil {
			return nil, err
		}
		if all = append(all, inside...); len(all) > maxMembers {
			return nil, named(name, refuse(ErrTooLarge, 0, "the archive holds more than %d files; import at most %d at a time", maxMembers, maxMembers))
		}
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
