package spapi

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"
)

// Client makes the calls of one connection. It is safe for concurrent use.
// New credentials need a new Client.
type Client struct {
	cfg      Config
	endpoint *url.URL
	pace     *pacer
	tokens   *tokens
	api      *line
	storage  *line
	probing  chan struct{} // held while finding out why a call is forbidden

	mu      sync.Mutex
	refused map[Op]string // operation -> the token it was refused with for good
	probed  probe
	skew    time.Duration
}

// line is one HTTP client over its own guard: one for the interface and the
// login, one for storage, so that no header of the first can reach the second.
type line struct {
	guard *guard
	resty *resty.Client
}

func newLine(cfg *Config, storage bool, hosts ...string) *line {
	g := newGuard(cfg, storage, hosts...)
	r := resty.NewWithClient(g.client()).
		SetLogger(silent{}). // resty would log addresses with their query
		SetDisableWarn(true).
		SetDoNotParseResponse(true).
		SetHeader("User-Agent", cfg.UserAgent)
	return &line{guard: g, resty: r}
}

type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

// New checks cfg and returns a Client. Nothing is sent yet. Errors match
// ErrArgument, or ErrHost for an endpoint this kind of book may not use.
func New(cfg Config) (*Client, error) {
	endpoint, login, err := cfg.check()
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, endpoint: endpoint, refused: map[Op]string{}, probing: make(chan struct{}, 1)}
	c.api = newLine(&c.cfg, false, endpoint.Host, login.Host)
	c.storage = newLine(&c.cfg, true)
	c.pace = newPacer(&c.cfg)
	c.tokens = &tokens{client: c, url: login.String(), turn: make(chan struct{}, 1)}
	return c, nil
}

// Close drops idle connections. Calls still running end by their contexts.
func (c *Client) Close() {
	c.api.guard.close()
	c.storage.guard.close()
}

// ClockSkew is how far this computer's clock is ahead of Amazon's (negative:
// behind) by the Date of the last answer; zero before the first.
func (c *Client) ClockSkew() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skew
}

// CheckClock is ErrClock when the last answer shows that this computer's clock
// is so far off that periods asked for, and what is noted as complete, would be
// wrong; nil otherwise.
func (c *Client) CheckClock() error {
	skew := c.ClockSkew()
	if !tooFar(skew) {
		return nil
	}
	way := "ahead"
	if skew < 0 {
		skew, way = -skew, "behind"
	}
	return fail(OpParticipations, ErrClock, "%d h %02d min %s", int(skew.Hours()), int(skew.Minutes())%60, way)
}

// More than this and requests with dates go wrong. Amazon's own tolerance was
// fifteen minutes.
const maxSkew = 15 * time.Minute

// noteDate compares an answer's Date with the machine's own clock: not with
// Config.Now, which a simulation may set.
func (c *Client) noteDate(h http.Header) (skew time.Duration) {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	skew = c.cfg.wall().Sub(t)
	c.mu.Lock()
	c.skew = skew
	c.mu.Unlock()
	return skew
}

// request is a call to the interface, before it is signed.
type request struct {
	op      Op
	path    string // every segment already escaped
	params  params
	body    []byte // JSON; makes it a POST
	token   bool   // carries a page token
	safe    bool   // repeating it does no harm
	decoded func(answer) error
}

// method is GET but for the one operation with a body.
func (r request) method() string {
	if r.body != nil {
		return http.MethodPost
	}
	return http.MethodGet
}

// build signs the request the way Amazon asks: the access token in a header of
// its own, no Authorization header.
func (c *Client) build(r request, token string) outgoing {
	u := *c.endpoint
	u.Path, u.RawPath = "", ""
	address := strings.TrimRight(c.endpoint.String(), "/") + r.path
	if q := r.params.encode(); q != "" {
		address += "?" + q
	}
	h := map[string]string{
		"Accept":             "application/json",
		"x-amz-access-token": token,
		"x-amz-date":         c.cfg.Now().UTC().Format("20060102T150405Z"),
	}
	if r.body != nil {
		h["Content-Type"] = "application/json"
	}
	return outgoing{op: r.op, method: r.method(), url: address, host: u.Host, header: h, body: r.body}
}

// do makes the call and all its repetitions, each paid for and recorded.
func (c *Client) do(ctx context.Context, r request) (answer, error) {
	try := attempts{client: c, req: r}
	for {
		var token string
		strikes, err := c.pace.take(ctx, r.op, func() (err error) {
			token, err = c.tokens.get(ctx, try.stale)
			return err
		})
		if err != nil {
			return answer{}, err
		}
		ans, err := c.exchange(ctx, c.api, c.build(r, token), r.check)
		if again, err := try.next(ctx, ans, err, token, strikes); !again {
			return ans, err
		}
	}
}
