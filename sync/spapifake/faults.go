package spapifake

import (
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// FaultKind names what goes wrong.
type FaultKind string

// The faults. The data behind them stays as it is: the next request without a
// fault gets the right answer.
const (
	Throttle       FaultKind = "throttle"         // 429 below the limit, without rate header
	ServerError    FaultKind = "server error"     // 500
	Unavailable    FaultKind = "unavailable"      // 503
	ResetMidBody   FaultKind = "reset mid-body"   // half the body, then a connection reset
	HTMLPage       FaultKind = "html"             // 200 with an HTML page
	CutJSON        FaultKind = "cut json"         // 200 with half a JSON text, complete as HTTP
	TokenExpired   FaultKind = "token expired"    // 403; all access tokens of the connection end
	MissingRole    FaultKind = "missing role"     // 403 that a fresh token does not mend
	BadInput       FaultKind = "bad input"        // 400 InvalidInput
	RepeatedToken  FaultKind = "repeated token"   // the answer's next token is the request's own
	DuplicateRows  FaultKind = "duplicate rows"   // the page begins with the last row of the page before
	PageExpired    FaultKind = "page expired"     // 400: the next token has expired
	UnknownEnum    FaultKind = "unknown enum"     // states and types the model does not know
	SwappedNumbers FaultKind = "swapped numbers"  // amounts as strings where numbers are due, and back
	OddRateHeader  FaultKind = "odd rate header"  // the rate header is no number
	WrongDate      FaultKind = "wrong date"       // the Date header is 50 hours ahead: one of the clocks is off
	LateFinances   FaultKind = "late finances"    // on listTransactions: the last 48 hours are not there yet
	BlankBuyer     FaultKind = "blank buyer"      // on orders: personal data missing though asked for
	UnknownField   FaultKind = "unknown field"    // a field no model knows
	ReportCancels  FaultKind = "report cancelled" // on getReport
	ReportFatal    FaultKind = "report fatal"     // on getReport; with a document holding the reason
	UnknownColumn  FaultKind = "unknown column"   // on downloadDocument: one more column
	DamagedGzip    FaultKind = "damaged gzip"     // on downloadDocument
	CutDocument    FaultKind = "cut document"     // on downloadDocument: the last line stops half-way
	LinkExpired    FaultKind = "link expired"     // on downloadDocument: 403 of the store
	InvalidGrant   FaultKind = "invalid grant"    // on getAccessToken
)

// More of them are in faults_network.go, faults_lists.go and faults_reports.go,
// by what they harm.

// FaultKinds lists everything that can go wrong here.
func FaultKinds() []FaultKind {
	return []FaultKind{
		Throttle, ServerError, Unavailable, ResetMidBody, HTMLPage, CutJSON, TokenExpired, MissingRole, BadInput, RepeatedToken,
		DuplicateRows, PageExpired, UnknownEnum, SwappedNumbers, OddRateHeader, WrongDate, LateFinances, BlankBuyer, UnknownField,
		ReportCancels, ReportFatal, UnknownColumn, DamagedGzip, CutDocument, LinkExpired, InvalidGrant,
		SlowBody, StalledBody, NoAnswer, Redirect, ClockOff, EmptyPage, MovedRow, NewFee, DecimalYen,
		ForeignLink, ReportFatalSilent, ErrorSentence, MissingColumn, FewerColumns,
	}
}

// Fault asks for something to go wrong.
type Fault struct {
	Operation  string // as in Limits, or "getAccessToken", "downloadDocument"; "" for every one
	Connection string // "" for every one; the login host does not know it
	After      int    // let so many matching requests pass first
	Times      int    // then fail so many; 0 means once, negative for ever
	Kind       FaultKind
	Paged      bool          // only requests that carry a page token
	For        time.Duration // with Times negative: only so long on the server's clock, from the first on
}

type plannedFault struct {
	Fault
	seen  int
	first time.Time // when it first acted
}

// acts tells whether the fault meets this request, which matches it.
func (p *plannedFault) acts(now time.Time) bool {
	p.seen++
	if p.seen <= p.After || p.Times >= 0 && p.seen > p.After+p.Times {
		return false
	}
	if p.first.IsZero() {
		p.first = now
	}
	return p.For == 0 || now.Sub(p.first) < p.For
}

// Inject plans a fault. Of several that match a request the first planned one
// acts.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &plannedFault{Fault: f})
}

// ClearFaults forgets all planned faults.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// nextFault finds the fault for a request. The caller holds the lock.
func (s *Server) nextFault(op, connection string, paged bool, now time.Time) Fault {
	var found Fault
	for _, p := range s.faults {
		if (p.Operation != "" && p.Operation != op) || (p.Connection != "" && p.Connection != connection) || (p.Paged && !paged) {
			continue
		}
		if p.acts(now) && found.Kind == "" {
			found = p.Fault
		}
	}
	return found
}

// faultBefore answers the call when its fault does so without data.
func (c *call) faultBefore() bool {
	switch c.fault.Kind {
	case Throttle:
		c.json(apiError(http.StatusTooManyRequests, "QuotaExceeded", "You exceeded your quota for the requested resource.", ""))
	case ServerError:
		c.json(apiError(http.StatusInternalServerError, "InternalFailure", "We encountered an internal error. Please try again.", ""))
	case Unavailable:
		c.json(apiError(http.StatusServiceUnavailable, "ServiceUnavailable", "Service is temporarily unavailable. Please try again.", ""))
	case HTMLPage:
		c.raw(http.StatusOK, "text/html", "<!DOCTYPE html><html><head><title>Sorry!</title></head><body>We're working on it.</body></html>")
	case TokenExpired:
		c.s.expireTokens(c.account, c.now)
		c.json(apiError(http.StatusForbidden, "Unauthorized", "Access to requested resource is denied.", "The access token you provided has expired."))
	case MissingRole:
		c.json(apiError(http.StatusForbidden, "Unauthorized", "Access to requested resource is denied.", ""))
	case BadInput:
		c.json(invalid("The request has invalid parameters."))
	case PageExpired:
		c.json(apiError(http.StatusBadRequest, "InvalidInput", "Next token has expired.", ""))
	case InvalidGrant:
		c.json(http.StatusBadRequest, tokenError{"invalid_grant", "The request has an invalid grant parameter : refresh_token."})
	default:
		return c.networkFault()
	}
	return true
}

var (
	numberAmount = regexp.MustCompile(`"currencyAmount":(-?[0-9.]+)`)
	textAmount   = regexp.MustCompile(`"amount":"(-?[0-9.]+)"`)
	anyState     = regexp.MustCompile(`"(fulfillmentStatus|transactionStatus|condition)":"[A-Za-z_]+"`)
)

// faultyJSON changes the text of a good answer as the fault says.
func (c *call) faultyJSON(status int, b []byte) []byte {
	if status >= 400 {
		return b
	}
	switch c.fault.Kind {
	case CutJSON:
		return b[:len(b)/2]
	case SwappedNumbers:
		b = numberAmount.ReplaceAll(b, []byte(`"currencyAmount":"$1"`))
		return textAmount.ReplaceAll(b, []byte(`"amount":$1`))
	case UnknownEnum:
		return anyState.ReplaceAll(b, []byte(`"$1":"HELD_BY_CUSTOMS_2027"`))
	case UnknownField:
		return []byte(strings.Replace(string(b), "{", `{"quantumFlag":{"entangled":[true,null,1.5]},`, 1))
	}
	return c.faultyMoney(b)
}

// reset writes half the body and breaks the connection.
func (c *call) reset(status int, body []byte) {
	hj, ok := c.w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body[:len(body)/2])
	_ = http.NewResponseController(c.w).Flush()
	conn, _, err := hj.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
