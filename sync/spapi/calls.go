package spapi

import (
	"context"
	"time"
)

// Call is one entry of the egress ledger: a request that left, or tried to
// leave, this computer. It holds no body, token, query string or link.
type Call struct {
	At         time.Time // UTC, when it was sent
	Connection string
	Host       string
	Op         Op
	Purpose    string // from WithPurpose
	Method     string
	Status     int           // HTTP status, 0 when no answer came
	BytesIn    int64         // body received, as read
	BytesOut   int64         // body sent
	Duration   time.Duration // until the body was read
	RequestID  string
	Class      string // name of the error class, empty when it went well
}

// CallLog keeps the calls. Record is called once per request, after it ended,
// also when the context has ended meanwhile; several goroutines may call it.
// Its error fails the call, because an unrecorded call must not pass unseen.
type CallLog interface {
	Record(ctx context.Context, c Call) error
}

type purposeKey struct{}

// WithPurpose says in a few plain words what the calls made with this context
// are for, such as "orders back-fill". It is stored with each call.
func WithPurpose(ctx context.Context, purpose string) context.Context {
	return context.WithValue(ctx, purposeKey{}, plain(purpose))
}

func purpose(ctx context.Context) string {
	s, _ := ctx.Value(purposeKey{}).(string)
	return s
}
