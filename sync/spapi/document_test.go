package spapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"countinghouse/sync/spapi"
)

const signature = "?X-Amz-Signature=c0ffee%2Fsecret&X-Amz-Expires=300"

func zipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// depot is a server with one document behind a presigned link.
type depot struct {
	links, gets int
	algorithm   string
	serve       func(w http.ResponseWriter, r *http.Request, get int)
}

func newDepot(t *testing.T, algorithm string, serve func(w http.ResponseWriter, r *http.Request, get int)) (*depot, *amazon) {
	d := &depot{algorithm: algorithm, serve: serve}
	a := newAmazon(t, nil)
	a.api = func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/storage/") {
			d.gets++
			serve(w, r, d.gets)
			return
		}
		d.links++
		extra := ""
		if d.algorithm != "" {
			extra = fmt.Sprintf(`,"compressionAlgorithm":%q`, d.algorithm)
		}
		reply(w, 200, fmt.Sprintf(`{"reportDocumentId":"d","url":"%s/storage/%d%s"%s}`, a.server.URL, d.links, signature, extra))
	}
	return d, a
}

func send(b []byte, contentType string) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(b)
	}
}

func TestDownload(t *testing.T) {
	content := []byte("settlement-id\tamount\n1\t-12.34\n")
	tests := []struct {
		name, algorithm, kind string
		body                  []byte
		charset               string
	}{
		{"plain", "", "text/plain; charset=Cp1252", content, "Cp1252"},
		{"gzip", "GZIP", "text/plain;charset=windows-31j", zipped(t, content), "windows-31j"},
		{"two gzip members", "GZIP", "text/tab-separated-values", append(zipped(t, content[:10]), zipped(t, content[10:])...), ""},
		{"odd content type", "gzip", "text/plain; ;;", zipped(t, content), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, a := newDepot(t, tt.algorithm, func(w http.ResponseWriter, r *http.Request, n int) {
				// Pitfall 49: any such header breaks the signature.
				for h := range r.Header {
					if l := strings.ToLower(h); l == "authorization" || l == "cookie" || strings.HasPrefix(l, "x-amz") {
						t.Errorf("header %s sent to storage", h)
					}
				}
				if want := "/storage/1" + signature; r.RequestURI != want {
					t.Errorf("asked for %s, the link was %s", r.RequestURI, want)
				}
				send(tt.body, tt.kind)(w, r, n)
			})
			r := newRig(t, a.server.URL)
			var got bytes.Buffer
			doc, err := r.Download(t.Context(), "d", &got, 0)
			if err != nil || !bytes.Equal(got.Bytes(), content) {
				t.Fatalf("got %q, %v", got.String(), err)
			}
			if doc.Charset != tt.charset || doc.Bytes != int64(len(content)) || doc.Compressed != (tt.algorithm != "") || !strings.HasPrefix(doc.ContentType, "text/") {
				t.Fatalf("document %+v", doc)
			}
			calls := r.ledger.all()
			if c := calls[len(calls)-1]; c.Op != spapi.OpDocument || c.Host != a.server.Listener.Addr().String() || c.BytesIn != int64(len(tt.body)) || c.Status != 200 {
				t.Fatalf("ledger %+v", c)
			}
		})
	}
}

func TestDamagedDocuments(t *testing.T) {
	good := zipped(t, bytes.Repeat([]byte("0123456789\n"), 2000))
	flipped := bytes.Clone(good)
	flipped[len(flipped)-6] ^= 1 // in the checksum
	bomb := zipped(t, make([]byte, 10<<20))
	tests := []struct {
		name      string
		algorithm string
		body      []byte
		limit     int64
		want      *spapi.Class
	}{
		{"not gzip", "GZIP", []byte("<?xml version='1.0'?>"), 0, spapi.ErrDamaged},
		{"empty", "GZIP", nil, 0, spapi.ErrDamaged},
		{"cut gzip", "GZIP", good[:len(good)/2], 0, spapi.ErrDamaged},
		{"cut in the checksum", "GZIP", good[:len(good)-3], 0, spapi.ErrDamaged},
		{"wrong checksum", "GZIP", flipped, 0, spapi.ErrDamaged},
		{"rubbish behind", "GZIP", append(bytes.Clone(good), "tail"...), 0, spapi.ErrDamaged},
		{"bomb", "GZIP", bomb, 1 << 20, spapi.ErrTooLarge},
		{"too large", "", make([]byte, 1001), 1000, spapi.ErrTooLarge},
		{"just fits", "", make([]byte, 1000), 1000, nil},
		{"unknown algorithm", "BROTLI", good, 0, spapi.ErrMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, a := newDepot(t, tt.algorithm, send(tt.body, "text/plain"))
			r := newRig(t, a.server.URL)
			var got bytes.Buffer
			_, err := r.Download(t.Context(), "d", &got, tt.limit)
			if tt.want == nil && err != nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
			if tt.limit > 0 && int64(got.Len()) > tt.limit {
				t.Fatalf("%d bytes written, the bound is %d", got.Len(), tt.limit)
			}
		})
	}
}

// A download that is cut goes on where it stopped, and the writer sees each
// byte once.
func TestCutDownloadIsTakenUpAgain(t *testing.T) {
	content := make([]byte, 300_000)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	for _, algorithm := range []string{"", "GZIP"} {
		body := content
		if algorithm != "" {
			body = zipped(t, content)
		}
		d, a := newDepot(t, algorithm, func(w http.ResponseWriter, _ *http.Request, get int) {
			if get < 4 {
				cut(t, w, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:get*70_000]))
				return
			}
			_, _ = w.Write(body)
		})
		r := newRig(t, a.server.URL)
		var got bytes.Buffer
		if _, err := r.Download(t.Context(), "d", &got, 0); err != nil || !bytes.Equal(got.Bytes(), content) {
			t.Fatalf("%q: %d of %d bytes, %v", algorithm, got.Len(), len(content), err)
		}
		if d.links != 1 || d.gets != 4 {
			t.Fatalf("%d links, %d downloads; the link is scarce", d.links, d.gets)
		}
	}
}

func TestDocumentThatChangesWhileReadIsRefused(t *testing.T) {
	_, a := newDepot(t, "", func(w http.ResponseWriter, _ *http.Request, get int) {
		if get == 1 {
			cut(t, w, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nAAAA")
			return
		}
		_, _ = w.Write([]byte("BBBBBBBB"))
	})
	r := newRig(t, a.server.URL)
	if _, err := r.Download(t.Context(), "d", io.Discard, 0); !errors.Is(err, spapi.ErrDamaged) {
		t.Fatalf("got %v", err)
	}
}

func TestExpiredLinkIsAskedForOnceMore(t *testing.T) {
	for good, want := range map[int]error{2: nil, 9: spapi.ErrLinkExpired} {
		d, a := newDepot(t, "", func(w http.ResponseWriter, r *http.Request, get int) {
			if get < good {
				w.WriteHeader(403)
				_, _ = w.Write([]byte("<Error><Code>AccessDenied</Code><Message>Request has expired</Message>" + signature + "</Error>"))
				return
			}
			_, _ = w.Write([]byte(r.URL.Path))
		})
		r := newRig(t, a.server.URL)
		var got bytes.Buffer
		_, err := r.Download(t.Context(), "d", &got, 0)
		if !errors.Is(err, want) || d.links != 2 || d.gets != 2 {
			t.Fatalf("%v after %d links and %d downloads", err, d.links, d.gets)
		}
		if want == nil && got.String() != "/storage/2" {
			t.Fatalf("read %q, want the new link", got.String())
		}
		if err != nil && strings.Contains(err.Error(), "c0ffee") {
			t.Fatal("the error shows the signature")
		}
	}
}

func TestStorageErrors(t *testing.T) {
	for status, want := range map[int]error{404: spapi.ErrNotFound, 302: spapi.ErrRedirect, 500: spapi.ErrUnavailable, 206: spapi.ErrMalformed} {
		bait := newTrap(t, "127.0.0.1:0")
		_, a := newDepot(t, "", func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Location", "http://"+bait.Addr().String())
			w.WriteHeader(status)
		})
		r := newRig(t, a.server.URL)
		if _, err := r.Download(t.Context(), "d", io.Discard, 0); !errors.Is(err, want) {
			t.Errorf("HTTP %d: got %v", status, err)
		}
		if bait.connections.Load() != 0 {
			t.Error("followed a redirect of storage")
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left on device")

func TestWriterThatFails(t *testing.T) {
	d, a := newDepot(t, "", send([]byte("x"), "text/plain"))
	r := newRig(t, a.server.URL)
	if _, err := r.Download(t.Context(), "d", fullDisk{}, 0); !errors.Is(err, errFull) || d.gets != 1 {
		t.Fatalf("got %v after %d downloads", err, d.gets)
	}
}

// A real book takes its document from Amazon's storage over TLS.
func TestRealBookDownloads(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Host == s3Host {
			_, _ = w.Write([]byte("content"))
			return
		}
		documentAt("https://"+s3Host+"/storage/1"+signature)(w, r)
	})
	r, dialled := realBook(t, a)
	var got bytes.Buffer
	if _, err := r.Download(t.Context(), "d", &got, 0); err != nil || got.String() != "content" {
		t.Fatalf("got %q, %v", got.String(), err)
	}
	if d := dialled(); d[len(d)-1] != s3Host+":443" {
		t.Fatalf("connected to %v", d)
	}
}

// Nothing secret in any error, ledger entry or cursor, whatever goes wrong.
func TestNothingSecretIsShown(t *testing.T) {
	secrets := []string{refreshToken, clientSecret, "access-token-", "c0ffee", "page-token-secret"}
	var shown []string
	show := func(r *rig, err error) {
		if err == nil {
			t.Error("no error to look at")
			return
		}
		shown = append(shown, err.Error(), fmt.Sprintf("%+v %#v", err, err), fmt.Sprintf("%+v", r.ledger.all()))
	}
	echo := func(w http.ResponseWriter, r *http.Request) {
		reply(w, 400, amazonError("Bad "+r.Header.Get("x-amz-access-token"), "token "+r.Header.Get("x-amz-access-token")+" at "+r.URL.String()))
	}
	a := newAmazon(t, echo)
	r := newRig(t, a.server.URL)
	_, err := r.GetReport(t.Context(), "1")
	show(r, err)
	at, err := spapi.ParseCursor(`{"op":"searchOrders","token":"page-token-secret","query":{},"issued":"2026-11-21T11:59:00Z"}`)
	if err != nil {
		t.Fatal(err)
	}
	show(r, last(r.ResumeOrders(t.Context(), at)))

	a = newAmazon(t, echo)
	a.login = func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		reply(w, 400, fmt.Sprintf(`{"error":"invalid_grant","error_description":%q}`, r.Form.Encode()+" "+r.FormValue("refresh_token")+" "+r.FormValue("client_secret")))
	}
	r = newRig(t, a.server.URL)
	_, err = r.GetReport(t.Context(), "1")
	show(r, err)

	// Secrets without any telling form, quoted back.
	secrets = append(secrets, "swordfish", "open sesame")
	a = newAmazon(t, echo)
	a.login = func(w http.ResponseWriter, r *http.Request) {
		reply(w, 401, fmt.Sprintf(`{"error":"invalid_client","error_description":"%s %s"}`, r.FormValue("refresh_token"), r.FormValue("client_secret")))
	}
	r = newRig(t, a.server.URL, func(c *spapi.Config) { c.RefreshToken, c.ClientSecret = secret("swordfish"), secret("open sesame") })
	_, err = r.GetReport(t.Context(), "1")
	show(r, err)

	// The line breaks while the address holds a token or a signature.
	_, a = newDepot(t, "", func(w http.ResponseWriter, _ *http.Request, _ int) { cut(t, w, "") })
	r = newRig(t, a.server.URL)
	_, err = r.Download(t.Context(), "d", io.Discard, 0)
	show(r, err)
	r = newRig(t, a.server.URL, func(c *spapi.Config) {
		c.SetDial(func(context.Context, string, string) (net.Conn, error) { return nil, io.ErrClosedPipe })
	})
	show(r, last(r.ResumeOrders(t.Context(), at)))

	for _, text := range shown {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("shows %q in %s", s, text)
			}
		}
	}
}
