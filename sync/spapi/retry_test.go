package spapi_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"countinghouse/sync/spapi"
)

const doneReport = `{"reportId":"1","processingStatus":"DONE","reportType":"X","createdTime":"2026-01-01T00:00:00Z"}`

// cut sends half of a body and resets the connection.
func cut(t *testing.T, w http.ResponseWriter, head string) {
	t.Helper()
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = conn.Write([]byte(head))
	if tcp, ok := conn.(*net.TCPConn); ok && head == "" {
		_ = tcp.SetLinger(0) // a reset instead of a proper end
	}
	_ = conn.Close()
}

// misbehave does one of the things servers do.
func misbehave(t *testing.T, w http.ResponseWriter, how string) {
	switch how {
	case "500":
		reply(w, 500, amazonError("InternalFailure", "We encountered an internal error. Please try again."))
	case "503 page":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(503)
		_, _ = w.Write([]byte("<html>Service Unavailable</html>"))
	case "reset":
		cut(t, w, "")
	case "half a body":
		cut(t, w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"reportId\":")
	case "half a body without length":
		cut(t, w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"reportId\":")
	case "half a header":
		cut(t, w, "HTTP/1.1 200 O")
	}
}

var misbehaviours = []string{"500", "503 page", "reset", "half a body", "half a body without length", "half a header"}

func TestReadsAreRepeated(t *testing.T) {
	for _, how := range misbehaviours {
		t.Run(how, func(t *testing.T) {
			bad := 2
			a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) {
				if bad--; bad >= 0 {
					misbehave(t, w, how)
					return
				}
				reply(w, 200, doneReport)
			})
			r := newRig(t, a.server.URL)
			got, err := r.GetReport(t.Context(), "1")
			if err != nil || got.ProcessingStatus != "DONE" {
				t.Fatalf("got %+v, %v", got, err)
			}
			if w := r.clock.waits(); len(w) != 2 || w[1] <= w[0] {
				t.Fatalf("waited %v, want two growing waits", w)
			}
			var classes []string
			for _, c := range r.ledger.all() {
				if c.Op == spapi.OpGetReport {
					classes = append(classes, c.Class)
				}
			}
			if len(classes) != 3 || classes[0] == "" || classes[1] == "" || classes[2] != "" {
				t.Fatalf("ledger has classes %q, want two failures and a success", classes)
			}
		})
	}
}

func TestReadsAreRepeatedABoundedNumberOfTimes(t *testing.T) {
	for _, how := range misbehaviours {
		t.Run(how, func(t *testing.T) {
			a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) { misbehave(t, w, how) })
			r := newRig(t, a.server.URL)
			_, err := r.GetReport(t.Context(), "1")
			want := spapi.ErrUnavailable
			if how == "half a body without length" {
				want = spapi.ErrMalformed
			}
			if !errors.Is(err, want) {
				t.Fatalf("got %v, want class %s", err, want.Name)
			}
			if n := len(a.requests()); n < 3 || n > 10 {
				t.Fatalf("asked %d times", n)
			}
		})
	}
}

func TestCreateReportIsNotRepeatedWhenItMayHaveBeenTaken(t *testing.T) {
	for _, how := range misbehaviours {
		t.Run(how, func(t *testing.T) {
			a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) { misbehave(t, w, how) })
			r := newRig(t, a.server.URL)
			if _, err := r.CreateReport(t.Context(), spapi.ReportRequest{Type: "X", MarketplaceIDs: []string{"A"}}); err == nil {
				t.Fatal("no error")
			}
			if n := len(a.requests()); n != 1 {
				t.Fatalf("sent %d times, want once", n)
			}
		})
	}
}

func TestCreateReportIsRepeatedWhenItWasSurelyNotTaken(t *testing.T) {
	a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 202, `{"reportId":"7"}`) })
	dials := 0
	r := newRig(t, a.server.URL, func(c *spapi.Config) {
		c.SetDial(func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dials++; dials == 2 { // the first is the login's
				return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
			}
			return (&net.Dialer{}).DialContext(ctx, network, addr)
		})
	})
	a.login = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close") // so that the call needs a dial of its own
		a.mu.Lock()
		a.valid = "t"
		a.mu.Unlock()
		reply(w, 200, `{"access_token":"t","expires_in":"3600"}`)
	}
	id, err := r.CreateReport(t.Context(), spapi.ReportRequest{Type: "X", MarketplaceIDs: []string{"A"}})
	if err != nil || id != "7" || len(a.requests()) != 1 || dials != 3 {
		t.Fatalf("got %q, %v after %d requests and %d dials", id, err, len(a.requests()), dials)
	}
}

func TestCancelledCall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	a := newAmazon(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done() // the client hangs up
	})
	r := newRig(t, a.server.URL)
	if _, err := r.GetReport(ctx, "1"); !errors.Is(err, context.Canceled) || spapi.ClassOf(err) != nil {
		t.Fatalf("got %v, want the context's own error", err)
	}
	calls := r.ledger.all()
	if c := calls[len(calls)-1]; c.Op != spapi.OpGetReport || c.Class != "cancelled" || c.Status != 0 {
		t.Fatalf("ledger %+v: a call that was sent is recorded, however it ended", c)
	}
}

func TestStatusClasses(t *testing.T) {
	html := "<!DOCTYPE html><html><body>Bad Request</body></html>"
	tests := []struct {
		name   string
		status int
		body   string
		want   *spapi.Class
	}{
		{"400", 400, amazonError("InvalidInput", "no"), spapi.ErrInvalid},
		{"400 with a page", 400, html, spapi.ErrMalformed},
		{"404", 404, amazonError("NotFound", "no"), spapi.ErrNotFound},
		{"413", 413, amazonError("TooLarge", "no"), spapi.ErrTooLarge},
		{"415", 415, amazonError("Unsupported", "no"), spapi.ErrInvalid},
		{"500", 500, amazonError("InternalFailure", "no"), spapi.ErrUnavailable},
		{"503 empty", 503, "", spapi.ErrUnavailable},
		{"302", 302, "", spapi.ErrRedirect},
		{"200 with a page", 200, html, spapi.ErrMalformed},
		{"200 empty", 200, "", spapi.ErrMalformed},
		{"200 other JSON", 200, `{"hello":1}`, spapi.ErrMalformed},
		{"200 a list", 200, `[]`, spapi.ErrMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, tt.status, tt.body) })
			r := newRig(t, a.server.URL)
			_, err := r.GetReport(t.Context(), "1")
			var e *spapi.Error
			if !errors.Is(err, tt.want) || !errors.As(err, &e) || e.Status != tt.status {
				t.Fatalf("got %v, want class %s", err, tt.want.Name)
			}
			if e.RequestID != "req-1" {
				t.Errorf("request id %q", e.RequestID)
			}
		})
	}
}

func TestClockThatIsHoursOff(t *testing.T) {
	tests := []struct {
		name   string
		status int
		off    time.Duration
		want   *spapi.Class
	}{
		{"behind", 400, -5 * time.Hour, spapi.ErrClock},
		{"ahead", 400, 26 * time.Hour, spapi.ErrClock},
		{"a little", 400, 2 * time.Minute, spapi.ErrInvalid},
		{"forbidden", 403, 5 * time.Hour, spapi.ErrClock},
		{"good answer", 200, 5 * time.Hour, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
			a := newAmazon(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", now.Format(http.TimeFormat))
				body := doneReport
				if tt.status != 200 {
					body = amazonError("InvalidInput", "no")
				}
				reply(w, tt.status, body)
			})
			r := newRig(t, a.server.URL, func(c *spapi.Config) {
				c.SetWall(func() time.Time { return now.Add(tt.off) })
			})
			_, err := r.GetReport(t.Context(), "1")
			if tt.want == nil && err != nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
			if r.ClockSkew() != tt.off {
				t.Fatalf("skew %v, want %v", r.ClockSkew(), tt.off)
			}
		})
	}
}
