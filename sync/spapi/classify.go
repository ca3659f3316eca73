package spapi

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
)

// classifyLine maps a failure of the line to a class and a short cause.
func classifyLine(err error) (*Class, string) {
	if c := ClassOf(err); c != nil {
		return c, strings.TrimPrefix(err.Error(), c.sentence+": ")
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		if dns.IsNotFound {
			return ErrDNS, "no such host: " + dns.Name
		}
		return ErrOffline, "the name server does not answer"
	}
	if isTLS(err) {
		return ErrTLS, err.Error()
	}
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return ErrOffline, op.Err.Error()
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return ErrUnavailable, "no answer in time"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return ErrUnavailable, "the answer was cut"
	}
	return ErrUnavailable, err.Error()
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// isTLS recognises handshake and certificate failures. Go has types for most,
// and only texts for the rest.
func isTLS(err error) bool {
	var (
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		unknown   x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		roots     x509.SystemRootsError
		algorithm x509.InsecureAlgorithmError
	)
	for _, target := range []any{&verify, &record, &alert, &unknown, &hostname, &invalid, &roots, &algorithm} {
		if errors.As(err, target) {
			return true
		}
	}
	text := err.Error()
	return strings.Contains(text, "tls: ") || strings.Contains(text, "TLS handshake") ||
		strings.Contains(text, "gave HTTP response to HTTPS client")
}

// classifyStatus maps an HTTP status other than 2xx. 401 and 403 become
// ErrForbidden here; what they mean is found out later.
func classifyStatus(ans answer) *Class {
	switch s := ans.status; {
	case s >= 500:
		return ErrUnavailable
	case s == http.StatusTooManyRequests:
		return ErrThrottled
	case s < 200:
		return ErrMalformed
	case s < 400:
		return ErrRedirect
	case looksLikePage(ans):
		return ErrMalformed
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		return ErrForbidden
	case s == http.StatusNotFound, s == http.StatusGone:
		return ErrNotFound
	case s == http.StatusRequestTimeout:
		return ErrUnavailable
	case s == http.StatusRequestEntityTooLarge:
		return ErrTooLarge
	}
	return ErrInvalid
}

// says reports whether Amazon's own words contain one of the words.
func (e *Error) says(words ...string) bool {
	text := strings.ToLower(e.Code + " " + e.Detail)
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// pageExpired recognises a dead page token. Amazon reports it as InvalidInput.
func (e *Error) pageExpired() bool {
	return e.Class == ErrInvalid && e.says("token") && e.says("expire", "invalid", "no longer", "not valid")
}
