package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Document is a piece of what Amazon sent, personal fields cut out.
type Document struct {
	ID     int64
	SHA256 string // hex, of Body
	Kind   string // order, transaction, listing, inventory, report
	Body   []byte
}

var (
	zstdEncoder = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault))
		if err != nil {
			panic("zstd encoder: " + err.Error()) // fixed options
		}
		return e
	})
	zstdDecoder = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<30))
		if err != nil {
			panic("zstd decoder: " + err.Error())
		}
		return d
	})
)

// PutDocument stores body under its hash and returns its number; the same body
// is stored once. The caller has cut personal fields out.
func (t *Tx) PutDocument(kind string, body []byte) (int64, error) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	var id int64
	err := t.row(`SELECT id FROM document WHERE sha256 = ?`, []any{hash}, &id)
	if err == nil || !errors.Is(err, ErrNotFound) {
		return id, err
	}
	packed := zstdEncoder().EncodeAll(body, nil)
	id, err = t.insert(`INSERT INTO document (sha256, kind, size, body, received_at) VALUES (?, ?, ?, ?, ?)`,
		hash, kind, len(body), packed, t.now)
	if err != nil {
		return 0, fmt.Errorf("store document: %w", err)
	}
	return id, nil
}

// Document reads a document back and checks it against its hash.
func (b *Book) Document(ctx context.Context, id int64) (Document, error) {
	d := Document{ID: id}
	var packed []byte
	err := b.Reader().QueryRowContext(ctx, `SELECT sha256, kind, body FROM document WHERE id = ?`, id).
		Scan(&d.SHA256, &d.Kind, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrNotFound
	}
	if err != nil {
		return d, fmt.Errorf("read document %d: %w", id, err)
	}
	d.Body, err = unpack(packed, d.SHA256)
	if err != nil {
		return d, fmt.Errorf("document %d: %w", id, err)
	}
	return d, nil
}

func unpack(packed []byte, hash string) ([]byte, error) {
	body, err := zstdDecoder().DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != hash {
		return nil, errors.New("its text is not what was stored; restore a backup")
	}
	return body, nil
}

// VerifyDocuments reads every document and checks it against its hash; it
// calls bad for each that fails and returns how many were read.
func (b *Book) VerifyDocuments(ctx context.Context, bad func(id int64, err error)) (int, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT id, sha256, body FROM document ORDER BY id`)
	if err != nil {
		return 0, fmt.Errorf("read the documents: %w", err)
	}
	n := 0
	err = eachRow(rows, func(rows *sql.Rows) error {
		var id int64
		var hash string
		var packed sql.RawBytes
		if err := rows.Scan(&id, &hash, &packed); err != nil {
			return err
		}
		n++
		if _, err := unpack(packed, hash); err != nil {
			bad(id, err)
		}
		return nil
	})
	return n, err
}
