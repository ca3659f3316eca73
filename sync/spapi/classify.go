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
	"syscall"
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
		return ErrTLS, tlsCause(err)
	}
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return ErrOffline, lineCause(op.Err)
	}
	return ErrUnavailable, lineCause(err)
}

// lineCause says in a few plain words why a connection failed.
func lineCause(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN):
		return "there is no way to the network"
	case errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return "no answer in time"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return "the connection was cut"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the answer was cut"
	}
	return err.Error()
}

// tlsCause says what is wrong with the other side's certificate or protocol,
// where that is known; else it is the library's own text.
func tlsCause(err error) string {
	var (
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		record   tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &hostname):
		return "the certificate belongs to another name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate is not valid today"
	case errors.As(err, &unknown):
		return "nobody whom this computer trusts has signed the certificate"
	case errors.As(err, &record), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return "the other side does not encrypt"
	case strings.Contains(err.Error(), "protocol version"):
		return "the other side offers only TLS 1.1 or older"
	}
	return err.Error()
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
	case s == http.StatusRequestTimeout, s == http.StatusMisdirectedRequest, s == http.StatusTooEarly:
		return ErrUnavailable // about the line, not about what was asked
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
