package spapi

import "errors"

// Class is a kind of failure that needs its own reaction. Every error of this
// package that concerns Amazon or the way to it matches exactly one Class with
// errors.Is; Error returns one sentence for the user: what is wrong and what
// to do. Name is short, stable, and what the call log keeps.
type Class struct {
	Name     string
	sentence string
	parent   *Class
}

// Error returns the sentence for the user.
func (c *Class) Error() string { return c.sentence }

// Is reports whether target is this class or the wider one it belongs to.
func (c *Class) Is(target error) bool {
	for k := c; k != nil; k = k.parent {
		if error(k) == target {
			return true
		}
	}
	return false
}

// The classes. ErrRole and ErrRegion are also ErrForbidden, ErrLink is ErrHost.
var (
	// Credentials: retrying is useless, the seller has to act.
	ErrClientID     = &Class{Name: "client-id", sentence: "Amazon does not know this application; copy the LWA client identifier again from the developer portal"}
	ErrClientSecret = &Class{Name: "client-secret", sentence: "Amazon refused the application's secret, which is wrong or older than 180 days; copy the current LWA client secret from the developer portal"}
	ErrRevoked      = &Class{Name: "revoked", sentence: "the seller's permission was withdrawn or has run out; authorise the application again in Seller Central and paste the new refresh token"}
	ErrForbidden    = &Class{Name: "forbidden", sentence: "Amazon refuses this call although the sign-in is fresh; check that the application has the role it needs and that the region is the seller's"}
	ErrRole         = &Class{Name: "role", parent: ErrForbidden, sentence: "the application lacks the role for this data; add the role in the developer portal, then authorise the application again"}
	ErrRegion       = &Class{Name: "region", parent: ErrForbidden, sentence: "the sign-in works but this region refuses everything; check that the refresh token belongs to this region, otherwise authorise the application again"}

	// The way to Amazon.
	ErrOffline   = &Class{Name: "offline", sentence: "no connection to Amazon; check the network, everything stored stays usable"}
	ErrDNS       = &Class{Name: "dns", sentence: "the name of Amazon's server cannot be found; check the network's DNS settings"}
	ErrTLS       = &Class{Name: "tls", sentence: "no trusted TLS 1.2 connection to Amazon; check this computer's date, and whether a proxy or virus scanner replaces certificates"}
	ErrClock     = &Class{Name: "clock", sentence: "this computer's clock differs from Amazon's by a long way; set date, time and time zone, then try again"}
	ErrHost      = &Class{Name: "host", sentence: "refused to connect to a host that is not on the list; check the endpoint of this connection"}
	ErrLink      = &Class{Name: "link", parent: ErrHost, sentence: "the link to the report leads to a computer that is not Amazon's storage, so it was not followed; the next run asks for a new link"}
	ErrRedirect  = &Class{Name: "redirect", sentence: "the answer redirects to another address, which is never followed; check for a proxy or a network sign-in page"}
	ErrMalformed = &Class{Name: "malformed", sentence: "the answer is not what Amazon's interface sends; check for a network sign-in page, otherwise try again later"}

	// Amazon's side.
	ErrThrottled   = &Class{Name: "throttled", sentence: "Amazon limits this call again and again; the next run goes on from here"}
	ErrUnavailable = &Class{Name: "unavailable", sentence: "Amazon does not answer properly at the moment; the next run goes on from here"}
	ErrInvalid     = &Class{Name: "invalid", sentence: "Amazon rejected the request as invalid; keep the request id for support"}
	ErrNotFound    = &Class{Name: "not-found", sentence: "Amazon does not have what was asked for; it may have been deleted after its retention time"}

	// Paging and documents.
	ErrPageExpired = &Class{Name: "page-expired", sentence: "the place in Amazon's list has expired; the window has to be read again from its start"}
	ErrPaging      = &Class{Name: "paging", sentence: "Amazon's list does not come to an end; what was read so far is kept, try again later"}
	ErrLinkExpired = &Class{Name: "link-expired", sentence: "the link to the report expired twice; ask for the report again later"}
	ErrDamaged     = &Class{Name: "damaged", sentence: "the report arrived cut or damaged; nothing of it was used, download it again"}
	ErrTooLarge    = &Class{Name: "too-large", sentence: "the answer is larger than allowed; ask for a shorter period"}

	// ErrArgument is a mistake of the caller, found before anything is sent.
	ErrArgument = &Class{Name: "argument", sentence: "the request cannot be made like this"}
)

var classes = []*Class{
	ErrClientID, ErrClientSecret, ErrRevoked, ErrForbidden, ErrRole, ErrRegion,
	ErrOffline, ErrDNS, ErrTLS, ErrClock, ErrHost, ErrLink, ErrRedirect, ErrMalformed,
	ErrThrottled, ErrUnavailable, ErrInvalid, ErrNotFound,
	ErrPageExpired, ErrPaging, ErrLinkExpired, ErrDamaged, ErrTooLarge, ErrArgument,
}

// Classes lists every class, for tables that map each to a screen.
func Classes() []*Class { return append([]*Class(nil), classes...) }

// ClassOf returns the class of err, or nil when it has none (a cancelled
// context, a failing store).
func ClassOf(err error) *Class {
	var c *Class
	if errors.As(err, &c) {
		return c
	}
	return nil
}

// StopsConnection reports that no call of this connection can succeed until
// the seller acts. A missing role does not: only that resource rests.
func StopsConnection(err error) bool {
	switch ClassOf(err) {
	case ErrClientID, ErrClientSecret, ErrRevoked, ErrRegion, ErrClock, ErrHost:
		return true
	}
	return false
}

// Temporary reports that the same call may succeed later with nobody acting.
func Temporary(err error) bool {
	switch ClassOf(err) {
	case ErrOffline, ErrDNS, ErrThrottled, ErrUnavailable, ErrDamaged, ErrLinkExpired, ErrPageExpired, ErrPaging, ErrLink:
		return true
	}
	return false
}
