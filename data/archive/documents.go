package archive

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// ErrDocument reports a stored document that is not what its checksum says.
var ErrDocument = errors.New("a stored document does not match its checksum")

// packMean is the mean size in bytes up to which the documents of a kind are
// packed into one JSON Lines file. A book holds one small document for each
// order and transaction: as files of their own they would be a million.
const packMean = 64 << 10

// documentTable is the table of Amazon's documents: sha256 and kind in
// columns, the body compressed with zstd.
const documentTable = "document"

// isDocuments tells whether t holds documents to be written as files. Its body
// is then left out of the table's own files.
func (t *table) isDocuments() bool {
	return strings.EqualFold(t.name, documentTable) &&
		t.column("sha256") >= 0 && t.column("kind") >= 0 && t.column("body") >= 0
}

// kind is one kind of documents, such as "order" or "report".
type kind struct {
	name   any // the value of the column, NULL included
	folder string
	count  int64
	packed bool
}

// kinds reads the kinds in t. Reports are what a seller wants to open, so they
// are files of their own; other kinds are packed while they are small.
func (x *export) kinds(ctx context.Context, src *source, t *table) ([]kind, error) {
	size := `length(t."body")`
	if t.column("size") >= 0 {
		size = `t."size"`
	}
	rows, err := src.conn.QueryContext(ctx, `SELECT +t."kind", count(*), total(`+size+`) FROM main.`+
		quoteName(t.name)+` AS t GROUP BY t."kind" ORDER BY t."kind"`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []kind
	for rows.Next() {
		var k kind
		var bytes float64 // SQLite's total(), which cannot overflow
		if err := rows.Scan(&k.name, &k.count, &bytes); err != nil {
			return nil, err
		}
		name := "other"
		if k.name != nil {
			name = fmt.Sprint(k.name)
		}
		k.folder = src.folder + "documents/" + x.fileName(src.folder+"documents/", name)
		k.packed = !strings.Contains(strings.ToLower(name), "report") && bytes <= packMean*float64(k.count)
		out = append(out, k)
	}
	return out, rows.Err()
}

// writeDocuments writes every document of t, decompressed, and checks each
// against its SHA-256 on the way.
func (x *export) writeDocuments(ctx context.Context, src *source, t *table) error {
	kinds, err := x.kinds(ctx, src, t)
	if err != nil {
		return fmt.Errorf("list the kinds of documents: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return fmt.Errorf("prepare to decompress: %w", err)
	}
	defer dec.Close()
	for _, k := range kinds {
		if !k.packed {
			err = x.writeFiles(ctx, src, t, k, dec)
		} else {
			_, err = x.bundle.add(ctx, k.folder+".jsonl", func(w *bufio.Writer) error {
				return x.writePacked(ctx, w, src, t, k, dec)
			})
		}
		if err != nil {
			return err
		}
		x.sum.Documents += k.count
	}
	return nil
}

// storedDocument is a document as the database keeps it.
type storedDocument struct {
	sum      [sha256.Size]byte
	received any
	body     []byte // compressed
}

// eachDocument walks the documents of one kind in the order of the table's
// key: an order by content would sort the bodies in temporary files.
func (x *export) eachDocument(ctx context.Context, src *source, t *table, k kind, do func(storedDocument) error) error {
	received := "NULL"
	if t.column("received_at") >= 0 {
		received = `+t."received_at"`
	}
	rows, err := src.conn.QueryContext(ctx, `SELECT +t."sha256", `+received+`, +t."body" FROM main.`+
		quoteName(t.name)+` AS t WHERE t."kind" IS ?`+t.orderBy(), k.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var d storedDocument
		var sum any
		if err := rows.Scan(&sum, &d.received, &d.body); err != nil {
			return err
		}
		if !parseSum(sum, &d.sum) {
			return fmt.Errorf("%w: one has no SHA-256; run verify", ErrDocument)
		}
		if err := do(d); err != nil {
			return fmt.Errorf("document %x: %w", d.sum, err)
		}
		x.step(t.name)
	}
	return rows.Err()
}

// parseSum reads a SHA-256 kept as hex text or as bytes.
func parseSum(v any, sum *[sha256.Size]byte) bool {
	switch v := v.(type) {
	case string:
		raw, err := hex.DecodeString(v)
		return err == nil && copy(sum[:], raw) == sha256.Size && len(raw) == sha256.Size
	case []byte:
		return copy(sum[:], v) == sha256.Size && len(v) == sha256.Size
	}
	return false
}

// writeFiles writes each document as a file of its own. A body is streamed, so
// that its decompressed size does not matter.
func (x *export) writeFiles(ctx context.Context, src *source, t *table, k kind, dec *zstd.Decoder) error {
	return x.eachDocument(ctx, src, t, k, func(d storedDocument) error {
		if err := dec.Reset(bytes.NewReader(d.body)); err != nil {
			return fmt.Errorf("%w (decompress: %w); run verify", ErrDocument, err)
		}
		plain := bufio.NewReaderSize(dec, 4<<10)
		head, err := plain.Peek(1 << 10)
		if err != nil && err != io.EOF {
			return fmt.Errorf("%w (decompress: %w); run verify", ErrDocument, err)
		}
		path := fmt.Sprintf("%s/%x/%x.%s", k.folder, d.sum[:1], d.sum, extension(head))
		if x.bundle.paths[path] {
			return nil // the same content, stored twice
		}
		m, err := x.bundle.add(ctx, path, func(w *bufio.Writer) error {
			_, err := io.Copy(w, plain)
			return err
		})
		if err == nil && m.sum != d.sum {
			err = fmt.Errorf("%w; run verify", ErrDocument)
		}
		return err
	})
}

// writePacked writes documents as lines: sha256, received_at, and the body as
// json when it is JSON of one line, as text when it is other text, as base64
// otherwise. In each form the exact bytes can be had back.
func (x *export) writePacked(ctx context.Context, w *bufio.Writer, src *source, t *table, k kind, dec *zstd.Decoder) error {
	var line, body []byte
	return x.eachDocument(ctx, src, t, k, func(d storedDocument) error {
		var err error
		if body, err = dec.DecodeAll(d.body, body[:0]); err != nil {
			return fmt.Errorf("%w (decompress: %w); run verify", ErrDocument, err)
		}
		if sha256.Sum256(body) != d.sum {
			return fmt.Errorf("%w; run verify", ErrDocument)
		}
		line = fmt.Appendf(line[:0], `{"sha256":"%x","received_at":`, d.sum)
		if line, err = appendJSON(line, d.received, false); err != nil {
			return err
		}
		line = append(appendBody(append(line, ','), body), "}\n"...)
		_, err = w.Write(line)
		return err
	})
}

func appendBody(line, body []byte) []byte {
	switch {
	case !utf8.Valid(body):
		return appendJSONText(append(line, `"base64":`...), base64.StdEncoding.EncodeToString(body))
	case len(body) > 0 && bytes.IndexByte([]byte(" \t"), body[0]) < 0 && bytes.IndexByte([]byte(" \t"), body[len(body)-1]) < 0 &&
		!bytes.ContainsAny(body, "\r\n") && json.Valid(body):
		return append(append(line, `"json":`...), body...)
	}
	return appendJSONText(append(line, `"text":`...), string(body))
}

// extension guesses from a document's first bytes what programs open it with.
// A guess is enough: the name before it is the checksum.
func extension(head []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	for prefix, ext := range map[string]string{"PK\x03\x04": "zip", "\x1f\x8b": "gz", "%PDF-": "pdf", "<?xml": "xml"} {
		if bytes.HasPrefix(text, []byte(prefix)) {
			return ext
		}
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	switch {
	case bytes.IndexByte(head, 0) >= 0:
		return "bin"
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		return "json"
	case len(text) > 0 && text[0] == '<':
		return "html"
	case bytes.IndexByte(first, '\t') >= 0:
		return "tsv"
	case bytes.IndexByte(first, ',') >= 0:
		return "csv"
	}
	return "txt"
}
