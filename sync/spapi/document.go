package spapi

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Document tells about a downloaded report document.
type Document struct {
	Bytes       int64  // written to the caller, after decompression
	ContentType string // media type without parameters, lower case
	Charset     string // as declared, e.g. "Cp1252", "windows-31j"; often missing or wrong
	Compressed  bool
}

const (
	// Most of what one document may write when the caller names no bound.
	maxDocument = 4 << 30
	// A link is asked for anew once; a cut download is taken up again.
	maxLinks = 2
)

// documentLink is the answer of getReportDocument. It lives five minutes and
// is never stored, logged or shown.
type documentLink struct {
	URL       string `json:"url"`
	Algorithm string `json:"compressionAlgorithm"`
}

// link asks where the document is.
func (c *Client) link(ctx context.Context, id string) (documentLink, error) {
	var l documentLink
	_, err := c.do(ctx, request{
		op: OpGetReportDocument, path: documentsPath + id, safe: true,
		decoded: func(ans answer) error {
			if json.Unmarshal(ans.body, &l) != nil || l.URL == "" { // its error could quote the link
				return errors.New("no link to a document")
			}
			if l.Algorithm != "" && !strings.EqualFold(l.Algorithm, "GZIP") {
				return fmt.Errorf("unknown compression %q", plain(l.Algorithm))
			}
			return nil
		},
	})
	return l, err
}

// Download writes the document to w, decompressed and otherwise as it came,
// and at most limit bytes of it (0: 4 GiB). w sees each byte once: after a cut
// the beginning is read again, compared with what was written, and skipped. On
// an error w holds a part, which the caller drops: ErrDamaged, ErrTooLarge,
// ErrLinkExpired, or what the calls return.
func (c *Client) Download(ctx context.Context, documentID string, w io.Writer, limit int64) (Document, error) {
	id, err := segment(OpGetReportDocument, "document id", documentID)
	if err != nil {
		return Document{}, err
	}
	return c.download(ctx, w, limit, func(ctx context.Context) (documentLink, error) { return c.link(ctx, id) })
}

// download reads the document that ask leads to, and asks again when the link
// has expired.
func (c *Client) download(ctx context.Context, w io.Writer, limit int64, ask func(context.Context) (documentLink, error)) (Document, error) {
	if limit <= 0 {
		limit = maxDocument
	}
	d := &download{client: c, out: w, limit: limit, sum: sha256.New()}
	for links := 1; ; links++ {
		l, err := ask(ctx)
		if err != nil {
			return Document{}, err
		}
		doc, err := d.fetch(ctx, l)
		if errors.Is(err, ErrLinkExpired) && links < maxLinks {
			continue
		}
		return doc, err
	}
}

// download is the state that survives a repeated GET.
type download struct {
	client  *Client
	out     io.Writer
	limit   int64
	written int64
	sum     hash.Hash // of what was written
}

// fetch reads one link, again when the line or the storage fails.
func (d *download) fetch(ctx context.Context, l documentLink) (Document, error) {
	c := d.client
	for failed := 1; ; failed++ {
		doc, err := d.get(ctx, l)
		bound := maxFailures
		switch ClassOf(err) {
		case ErrOffline, ErrDNS:
			bound = maxOffline
		case ErrUnavailable, ErrThrottled:
		default:
			return doc, err
		}
		if failed >= bound {
			return doc, err
		}
		if err := c.pace.pause(ctx, OpDocument, Backoff(failed-1, failureBase, failureMax, c.cfg.Random())); err != nil {
			return Document{}, err
		}
	}
}

// get makes one GET of the link and records it.
func (d *download) get(parent context.Context, l documentLink) (Document, error) {
	c := d.client
	u, err := url.Parse(l.URL)
	if err != nil || u.Host == "" { // the parse error quotes the link
		return Document{}, fail(OpDocument, ErrLink, "the link is not an address")
	}
	ctx, cancel := context.WithCancel(context.WithValue(parent, linkKey{}, u.String()))
	defer cancel()
	stall := time.AfterFunc(c.cfg.Timeout, cancel) // a link that stays silent is given up
	defer stall.Stop()

	rec := c.begin(parent, outgoing{op: OpDocument, method: http.MethodGet, host: u.Host})
	resp, err := c.storage.resty.R().SetContext(ctx).Get(u.String())
	defer closeBody(resp)
	if err != nil {
		return Document{}, c.record(parent, rec, c.lineError(parent, OpDocument, err, true))
	}
	rec.Status, rec.RequestID = resp.StatusCode(), plain(resp.Header().Get("x-amz-request-id"))
	body := &bodyReader{r: resp.RawBody(), stall: stall, patience: c.cfg.Timeout / 2}
	doc := describe(resp.Header())
	if rec.Status != http.StatusOK {
		err = storageError(rec.Status, rec.RequestID)
	} else {
		doc.Compressed = l.Algorithm != "" || strings.EqualFold(resp.Header().Get("Content-Encoding"), "gzip")
		err = d.copy(body, doc.Compressed)
		if body.err != nil && ClassOf(err) != ErrTooLarge {
			err = c.lineError(parent, OpDocument, body.err, true)
		}
	}
	rec.BytesIn = body.n
	doc.Bytes = d.written
	return doc, c.record(parent, rec, err)
}

// describe reads the content type. A form mime does not know is kept as text.
func describe(h http.Header) Document {
	kind, param, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind, _, _ = strings.Cut(h.Get("Content-Type"), ";")
	}
	return Document{ContentType: strings.ToLower(strings.TrimSpace(plain(kind))), Charset: plain(param["charset"])}
}

// storageError classifies a status of the storage; its body is XML and quotes
// the signature, so it is not looked at.
func storageError(status int, id string) *Error {
	e := &Error{Op: OpDocument, Status: status, RequestID: id, Class: ErrUnavailable}
	switch {
	case status == http.StatusForbidden, status == http.StatusUnauthorized, status == http.StatusBadRequest:
		e.Class = ErrLinkExpired
	case status == http.StatusNotFound, status == http.StatusGone:
		e.Class = ErrNotFound
	case status >= 300 && status < 400:
		e.Class = ErrRedirect
	case status < 500 && status != http.StatusTooManyRequests:
		e.Class = ErrMalformed
	}
	return e
}

// copy writes the content from where the last attempt stopped.
func (d *download) copy(body io.Reader, compressed bool) error {
	content := body
	if compressed {
		z, err := gzip.NewReader(body)
		if err != nil {
			return fail(OpDocument, ErrDamaged, "not a gzip file")
		}
		content = z
	}
	if d.written > 0 {
		again := sha256.New()
		if _, err := io.CopyN(again, content, d.written); err != nil {
			return fail(OpDocument, ErrDamaged, "shorter than at the first reading")
		}
		if string(again.Sum(nil)) != string(d.sum.Sum(nil)) {
			return fail(OpDocument, ErrDamaged, "another content than at the first reading")
		}
	}
	sink := &sinkWriter{d: d}
	_, err := io.Copy(sink, io.LimitReader(content, d.limit-d.written))
	if sink.err != nil {
		return fmt.Errorf("write the document: %w", sink.err)
	}
	if err == nil { // read on to the end: the gzip checksum comes last
		var more int64
		if more, err = io.CopyN(io.Discard, content, 1); more > 0 {
			return fail(OpDocument, ErrTooLarge, "more than %d bytes", d.limit)
		}
		if err == io.EOF {
			err = nil
		}
	}
	if err != nil {
		return fail(OpDocument, ErrDamaged, "the data is cut or damaged")
	}
	return nil
}

// sinkWriter counts and sums what the caller's writer took.
type sinkWriter struct {
	d   *download
	err error
}

func (s *sinkWriter) Write(p []byte) (int, error) {
	n, err := s.d.out.Write(p)
	s.d.written += int64(n)
	s.d.sum.Write(p[:n])
	if err != nil {
		s.err = err
	}
	return n, err
}

// bodyReader counts bytes, remembers why the line ended, and keeps the stall
// timer from firing while bytes come.
type bodyReader struct {
	r        io.Reader
	n        int64
	err      error // other than io.EOF
	stall    *time.Timer
	patience time.Duration // between two pieces
}

func (b *bodyReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if n > 0 {
		b.stall.Reset(b.patience)
	}
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}
