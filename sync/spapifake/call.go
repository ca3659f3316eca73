package spapifake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// call is one request on its way through the server.
type call struct {
	s       *Server
	w       http.ResponseWriter
	r       *http.Request
	account *account // nil on the login and document hosts until known
	op      *operation
	now     time.Time
	query   url.Values
	fault   Fault // Kind "" when none
	log     Request
}

// Request is one entry of the server's log.
type Request struct {
	At         time.Time
	Connection string // "" where it is not known
	Operation  string
	Method     string
	Path       string
	Query      string // raw; holds page tokens and ids, no credentials
	Status     int
	Throttled  bool      // refused because a limit was exceeded
	Fault      FaultKind // injected, "" when none
	RequestID  string
}

// requestLogCap bounds the log; the oldest half goes when it is reached.
const requestLogCap = 200_000

// Requests gives the log, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Violations counts the requests that exceeded a limit (injected 429s are no
// violations). A client that keeps the limits leaves it at zero.
func (s *Server) Violations() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.violation
}

func (s *Server) begin(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served++
	id := s.sign("request " + strconv.FormatInt(s.served, 10))
	c.log = Request{At: c.now, Operation: c.op.name, Method: c.r.Method, Path: c.r.URL.Path, Query: c.r.URL.RawQuery,
		RequestID: fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])}
	if c.op == &documentOperation {
		c.log.Query = "" // a signature
	}
	if c.account != nil {
		c.log.Connection = c.account.id
	}
	c.w.Header().Set("x-amzn-RequestId", c.log.RequestID)
	c.fault = s.nextFault(c.op.name, c.log.Connection, tokenIn(c.r.URL.RawQuery), c.now)
	c.log.Fault = c.fault.Kind
}

func (s *Server) end(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.account != nil {
		c.log.Connection = c.account.id
	}
	if len(s.requests) >= requestLogCap {
		s.requests = append([]Request(nil), s.requests[requestLogCap/2:]...)
	}
	s.requests = append(s.requests, c.log)
}

func (s *Server) regionMux(a *account) http.Handler {
	mux := http.NewServeMux()
	for _, op := range operations {
		mux.HandleFunc(op.pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(a, op, w, r) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		// Amazon answers an unknown path as if a permission were missing.
		s.serve(a, &operation{name: "unknown", rate: 1000, burst: 1000, handle: (*call).unknownPath}, w, r)
	})
	return mux
}

func (c *call) unknownPath() (int, any) {
	return apiError(http.StatusForbidden, "Unauthorized", "Access to requested resource is denied.", "")
}

func (s *Server) serve(a *account, op *operation, w http.ResponseWriter, r *http.Request) {
	c := &call{s: s, w: w, r: r, account: a, op: op, now: s.cfg.Clock().UTC()}
	s.begin(c)
	defer s.end(c)
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		c.raw(http.StatusBadRequest, "text/html", "<html><head><title>400 Bad Request</title></head></html>")
		return
	}
	c.query = q
	if details := s.authorise(c); details != "" {
		c.json(apiError(http.StatusForbidden, "Unauthorized", "Access to requested resource is denied.", details))
		return
	}
	if s.throttled(c) {
		c.log.Throttled = true
		c.json(apiError(http.StatusTooManyRequests, "QuotaExceeded", "You exceeded your quota for the requested resource.", ""))
		return
	}
	if c.faultBefore() {
		return
	}
	status, body := op.handle(c)
	c.json(status, body)
}

type errorList struct {
	Errors []errorEntry `json:"errors"`
}

type errorEntry struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Details string `json:"details"`
}

func apiError(status int, code, message, details string) (int, any) {
	return status, errorList{[]errorEntry{{code, message, details}}}
}

func invalid(format string, args ...any) (int, any) {
	return apiError(http.StatusBadRequest, "InvalidInput", fmt.Sprintf(format, args...), "")
}

// json answers with a JSON body, changed by the call's fault if it has one.
func (c *call) json(status int, body any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		panic("spapifake: answer of " + c.op.name + ": " + err.Error()) // our own types always encode
	}
	if c.op.rate > 0 && status < 400 && c.s.hash(c.log.RequestID)%7 != 0 {
		c.w.Header().Set("x-amzn-RateLimit-Limit", rateHeader(c.op.rate*c.s.cfg.Speed))
	}
	if c.fault.Kind == OddRateHeader {
		c.w.Header().Set("x-amzn-RateLimit-Limit", "string")
	}
	if e, ok := body.(errorList); ok {
		c.w.Header().Set("x-amzn-ErrorType", e.Errors[0].Code)
	}
	c.send(status, "application/json", c.faultyJSON(status, b.Bytes()))
}

func (c *call) raw(status int, contentType, body string) {
	c.send(status, contentType, []byte(body))
}

func (c *call) send(status int, contentType string, body []byte) {
	c.log.Status = status
	h := c.w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	switch c.fault.Kind {
	case WrongDate:
		h.Set("Date", c.now.Add(50*time.Hour).Format(http.TimeFormat))
	case ClockOff:
		h.Set("Date", time.Now().Add(clockOffBy).UTC().Format(http.TimeFormat))
	case ResetMidBody:
		c.reset(status, body)
		return
	case SlowBody, StalledBody:
		c.dribble(status, body)
		return
	}
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body) // a client that went away is its own business
}

// list gives a comma-separated array parameter.
func (c *call) list(name string) []string {
	var out []string
	for _, v := range c.query[name] {
		for part := range strings.SplitSeq(v, ",") {
			if part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// when reads a time parameter; ok is false where it is absent.
func (c *call) when(name string) (t time.Time, ok bool, err error) {
	v := c.query.Get(name)
	if v == "" {
		return t, false, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err = time.Parse(layout, v); err == nil {
			return t.UTC(), true, nil
		}
	}
	return t, false, fmt.Errorf("%s is not a valid ISO 8601 date time", name)
}

// number reads an integer parameter with bounds.
func (c *call) number(name string, def, lo, hi int) (int, error) {
	v := c.query.Get(name)
	if v == "" {
		return def, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < lo || n > hi {
		return 0, fmt.Errorf("%s must be between %d and %d", name, lo, hi)
	}
	return n, nil
}
