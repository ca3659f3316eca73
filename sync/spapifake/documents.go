package spapifake

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

type documentAnswer struct {
	ID          string `json:"reportDocumentId"`
	URL         string `json:"url"`
	Compression string `json:"compressionAlgorithm,omitempty"`
}

// findDocument gives the report that a document id belongs to.
func (c *call) findDocument(a *account, id string) *report {
	at := *c
	at.account = a
	for _, r := range at.settlementReports() {
		if r.document == id {
			return r
		}
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, r := range c.s.reports {
		if r.account == a && r.document == id && r.text != nil {
			return r
		}
	}
	return nil
}

func (s *Server) compressed(document string) bool { return s.hash("gzip "+document)%2 == 0 }

func (c *call) getReportDocument() (int, any) {
	id := c.r.PathValue("documentId")
	if c.findDocument(c.account, id) == nil {
		return apiError(http.StatusNotFound, "NotFound", "The report document does not exist.", "")
	}
	out := documentAnswer{ID: id, URL: c.documentLink(id)}
	if c.s.compressed(id) {
		out.Compression = "GZIP"
	}
	if c.fault.Kind == ForeignLink {
		out.URL = foreignStore + c.documentPath(id)
	}
	return http.StatusOK, out
}

// documentLink is a signed address of a document.
func (c *call) documentLink(id string) string {
	base := c.s.Endpoints().Documents
	if base == "" {
		base = "http://documents.invalid" // served through Handler, without listeners
	}
	return base + c.documentPath(id)
}

func (c *call) documentPath(id string) string {
	path := "/" + c.account.id + "/" + url.PathEscape(id)
	at := c.now.Unix()
	q := url.Values{"X-Amz-Algorithm": {"AWS4-HMAC-SHA256"}, "X-Amz-Date": {strconv.FormatInt(at, 10)},
		"X-Amz-Expires": {strconv.Itoa(int(linkLife / time.Second))}, "X-Amz-Signature": {c.s.linkSignature(path, at)}}
	return path + "?" + q.Encode()
}

func (s *Server) linkSignature(path string, at int64) string {
	return hex.EncodeToString(s.sign(fmt.Sprintf("link %s %d", path, at)))
}

// serveDocument is the document store: a signed link, GET only, five minutes,
// and no credentials in the request.
func (s *Server) serveDocument(w http.ResponseWriter, r *http.Request) {
	c := &call{s: s, w: w, r: r, op: &documentOperation, now: s.cfg.Clock().UTC()}
	connection, id, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	c.account = s.account(connection)
	s.begin(c)
	defer s.end(c)
	if c.fault.Kind == LinkExpired {
		c.refuse("Request has expired")
		return
	}
	if why := c.checkLink(); why != "" {
		c.refuse(why)
		return
	}
	if c.faultBefore() {
		return
	}
	rep := c.findDocument(c.account, id)
	if rep == nil {
		c.refuse("The specified key does not exist.")
		return
	}
	body := c.faultyDocument(rep.text())
	if s.compressed(id) {
		body = compress(body)
		if c.fault.Kind == DamagedGzip {
			body[len(body)*2/3] ^= 0x55
		}
	}
	c.send(http.StatusOK, s.contentType(rep), body)
}

func (c *call) checkLink() string {
	if c.r.Method != http.MethodGet {
		return "The request signature we calculated does not match the signature you provided."
	}
	for name := range c.r.Header {
		if n := strings.ToLower(name); n == "authorization" || strings.HasPrefix(n, "x-amz") {
			return "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter should be specified"
		}
	}
	q := c.r.URL.Query()
	at, err := strconv.ParseInt(q.Get("X-Amz-Date"), 10, 64)
	if c.account == nil || err != nil || !same(q.Get("X-Amz-Signature"), c.s.linkSignature(c.r.URL.EscapedPath(), at)) {
		return "The request signature we calculated does not match the signature you provided."
	}
	if c.now.Sub(time.Unix(at, 0)) > linkLife {
		return "Request has expired"
	}
	return ""
}

// refuse answers as the storage service does: 403 with XML.
func (c *call) refuse(why string) {
	c.raw(http.StatusForbidden, "application/xml", `<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>`+why+`</Message></Error>`)
}

func compress(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		panic("spapifake: compress: " + err.Error()) // memory does not fail
	}
	if err := z.Close(); err != nil {
		panic("spapifake: compress: " + err.Error())
	}
	return out.Bytes()
}

func (c *call) faultyDocument(b []byte) []byte {
	switch c.fault.Kind {
	case CutDocument:
		return b[:len(b)-len(b)/3]
	case UnknownColumn:
		if bytes.HasPrefix(b, []byte("{")) {
			return b // no table
		}
		lines := bytes.Split(b, []byte("\n"))
		for i, l := range lines {
			if len(l) > 0 {
				end := bytes.TrimRight(l, "\r")
				lines[i] = append(append([]byte{}, end...), []byte("\tnew-column-2027")...)
			}
		}
		return bytes.Join(lines, []byte("\n"))
	}
	return c.faultyReport(b)
}
