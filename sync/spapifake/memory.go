package spapifake

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"time"
)

// memory answers requests without a network.
type memory struct {
	hosts   map[string]http.Handler
	latency time.Duration
}

// InMemory serves all hosts without listeners: Endpoints gives addresses that
// nobody listens at, and the RoundTripper answers what is sent to them, each
// request after latency. It starts no goroutines and waits by a timer only, so
// that it works in a testing/synctest bubble, in which sockets do not. The
// faults that break a connection need a real one.
func (s *Server) InMemory(latency time.Duration) http.RoundTripper {
	m := &memory{hosts: map[string]http.Handler{}, latency: latency}
	urls := make([]string, len(hosts))
	for i, name := range hosts {
		host := fmt.Sprintf("127.0.0.1:%d", i+1)
		m.hosts[host], urls[i] = s.Handler(name), "http://"+host
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addresses = Endpoints{urls[0], urls[1], urls[2], urls[3], urls[4]}
	return m
}

// RoundTrip implements http.RoundTripper.
func (m *memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	h := m.hosts[r.URL.Host]
	if h == nil {
		return nil, fmt.Errorf("spapifake: nobody listens at %s", r.URL.Host)
	}
	t := time.NewTimer(m.latency)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	w := &answer{header: http.Header{}, status: http.StatusOK}
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	h.ServeHTTP(w, in)
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}, nil
}

// answer keeps what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
