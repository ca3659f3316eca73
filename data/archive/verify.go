package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"filippo.io/age"
)

// ErrDamaged reports an archive that is not what was written: cut, changed,
// or not one of ours.
var ErrDamaged = errors.New("the archive is damaged or not from this program")

// ErrLocked reports an encrypted archive and no key that opens it.
var ErrLocked = errors.New("the archive is encrypted and this key does not open it")

// Names of the members that speak of the others.
const (
	manifestName = "manifest-sha256.txt"
	packageName  = "datapackage.json"
	readmeName   = "README.txt"
)

// maxAbout is how large the two of them may be, in bytes; more is no archive
// of ours.
const maxAbout = 256 << 20

// ageIntro is how every file of age begins.
const ageIntro = "age-encryption.org/"

// Report is what Verify found.
type Report struct {
	Files     int              // members, the manifest included
	Bytes     int64            // of all members, uncompressed
	Tables    map[string]int64 // rows by name of the data package's resource
	Encrypted bool
	Book      string // name of the book
	Created   string // when it was exported, RFC 3339
}

// Verify reads the whole archive at path and proves it: the checksum of every
// member, that none is missing or added, and that each table has the rows its
// description tells, in CSV and in JSON Lines. An encrypted archive needs an
// identity; for a passphrase that is age.NewScryptIdentity.
//
// Errors: ErrDamaged with the member's name, ErrLocked, ctx's error, or what
// reading the file gave.
func Verify(ctx context.Context, path string, identities ...age.Identity) (Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return Report{}, fmt.Errorf("open the archive: %w", err)
	}
	defer f.Close()
	r, err := verifyFile(ctx, f, identities, func(string, int64, int64) {})
	if err != nil {
		return Report{}, fmt.Errorf("verify %s: %w", path, err)
	}
	return r, nil
}

func verifyFile(ctx context.Context, f *os.File, ids []age.Identity, progress func(string, int64, int64)) (Report, error) {
	info, err := f.Stat()
	if err != nil {
		return Report{}, err
	}
	v := &verification{progress: progress, found: map[string]finding{}}
	var in io.ReaderAt = f
	size := info.Size()
	intro := make([]byte, len(ageIntro))
	if n, _ := f.ReadAt(intro, 0); string(intro[:n]) == ageIntro {
		v.report.Encrypted = true
		if len(ids) == 0 {
			return Report{}, fmt.Errorf("%w: give its passphrase", ErrLocked)
		}
		if in, size, err = age.DecryptReaderAt(f, size, ids...); err != nil {
			var wrong *age.NoIdentityMatchError
			if errors.As(err, &wrong) {
				return Report{}, fmt.Errorf("%w (%w)", ErrLocked, err)
			}
			return Report{}, fmt.Errorf("%w (%w)", ErrDamaged, err)
		}
	}
	z, err := zip.NewReader(in, size)
	if err != nil {
		return Report{}, fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	if err := v.members(ctx, z); err != nil {
		return Report{}, err
	}
	if err := v.manifest(); err != nil {
		return Report{}, err
	}
	return v.report, v.tables()
}

// finding is what reading one member showed.
type finding struct {
	bytes   int64
	sum     string
	records int64 // of a CSV or JSON Lines member
}

type verification struct {
	report   Report
	progress func(name string, done, total int64)
	found    map[string]finding
	listing  []byte // the manifest
	about    []byte // the data package
}

// members reads every member once, which also checks its CRC.
func (v *verification) members(ctx context.Context, z *zip.Reader) error {
	var total int64
	for _, m := range z.File {
		total += int64(m.UncompressedSize64)
	}
	for _, m := range z.File {
		if !fs.ValidPath(m.Name) || strings.ContainsAny(m.Name, `\:`) {
			return fmt.Errorf("%w: a member is called %q", ErrDamaged, m.Name)
		}
		if _, twice := v.found[m.Name]; twice {
			return fmt.Errorf("%w: two members are called %s", ErrDamaged, m.Name)
		}
		if err := v.member(ctx, m); err != nil {
			return err
		}
		v.report.Files++
		v.progress(m.Name, v.report.Bytes, total)
	}
	return nil
}

func (v *verification) member(ctx context.Context, m *zip.File) error {
	r, err := m.Open()
	if err != nil {
		return fmt.Errorf("%w: %s (%w)", ErrDamaged, m.Name, err)
	}
	defer r.Close()
	count := &recordCount{quotes: strings.HasSuffix(m.Name, ".csv")}
	var out io.Writer = count
	var kept *bytes.Buffer
	if m.Name == manifestName || m.Name == packageName {
		if m.UncompressedSize64 > maxAbout {
			return fmt.Errorf("%w: %s is too large", ErrDamaged, m.Name)
		}
		kept = &bytes.Buffer{}
		out = io.MultiWriter(count, kept)
	}
	t := &tally{ctx: ctx, w: out, sum: sha256.New()}
	if _, err := io.Copy(t, r); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %s (%w)", ErrDamaged, m.Name, err)
	}
	v.found[m.Name] = finding{bytes: t.n, sum: hex.EncodeToString(t.sum.Sum(nil)), records: count.n}
	v.report.Bytes += t.n
	switch m.Name {
	case manifestName:
		v.listing = kept.Bytes()
	case packageName:
		v.about = kept.Bytes()
	}
	return nil
}

// manifest compares the members with the list of them, both ways.
func (v *verification) manifest() error {
	if v.listing == nil {
		return fmt.Errorf("%w: it has no %s", ErrDamaged, manifestName)
	}
	listed := map[string]bool{manifestName: true}
	lines := bufio.NewScanner(bytes.NewReader(v.listing))
	lines.Buffer(nil, 64<<10)
	for lines.Scan() {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok || listed[name] {
			return fmt.Errorf("%w: a line of %s cannot be read", ErrDamaged, manifestName)
		}
		listed[name] = true
		if f, there := v.found[name]; !there {
			return fmt.Errorf("%w: %s is missing", ErrDamaged, name)
		} else if f.sum != sum {
			return fmt.Errorf("%w: %s has another checksum", ErrDamaged, name)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%w: %s (%w)", ErrDamaged, manifestName, err)
	}
	for name := range v.found {
		if !listed[name] {
			return fmt.Errorf("%w: %s was added", ErrDamaged, name)
		}
	}
	return nil
}

// tables compares the data package with the members it describes.
func (v *verification) tables() error {
	var p dataPackage
	if err := json.Unmarshal(v.about, &p); err != nil {
		return fmt.Errorf("%w: %s (%w)", ErrDamaged, packageName, err)
	}
	v.report.Book, v.report.Created = p.Title, p.Created
	v.report.Tables = map[string]int64{}
	for _, r := range p.Resources {
		csv, jsonl := v.found[r.Path], v.found[r.JSONLines]
		switch {
		case csv.bytes != r.Bytes || "sha256:"+csv.sum != r.Hash:
			return fmt.Errorf("%w: %s is not as described", ErrDamaged, r.Path)
		case csv.records != r.Rows+1 || jsonl.records != r.Rows:
			return fmt.Errorf("%w: table %s should have %d rows, the CSV has %d and the JSON Lines %d",
				ErrDamaged, r.Name, r.Rows, csv.records-1, jsonl.records)
		}
		v.report.Tables[r.Name] = r.Rows
	}
	return nil
}

// recordCount counts the records that pass by: lines, where quotes is set only
// those that do not end within a quoted cell.
type recordCount struct {
	quotes bool
	inside bool
	n      int64
}

func (c *recordCount) Write(p []byte) (int, error) {
	if !c.quotes {
		c.n += int64(bytes.Count(p, []byte{'\n'}))
		return len(p), nil
	}
	for _, b := range p {
		switch {
		case b == '"':
			c.inside = !c.inside
		case b == '\n' && !c.inside:
			c.n++
		}
	}
	return len(p), nil
}
