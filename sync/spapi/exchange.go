package spapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"
)

// A page of 100 orders is about half a megabyte; 64 MiB is beyond any.
const maxAnswer = 64 << 20

// outgoing is one HTTP request. Its url never leaves this package.
type outgoing struct {
	op     Op
	method string
	url    string
	host   string
	header map[string]string
	body   []byte
	form   map[string]string
}

// hide cuts what this request sent in confidence out of text that came back,
// should the other side quote it.
func (out outgoing) hide(s string) string {
	for _, secret := range []string{out.header["x-amz-access-token"], out.form["refresh_token"], out.form["client_secret"]} {
		if len(secret) < 4 {
			continue
		}
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			s = strings.ReplaceAll(s, form, "[cut]")
		}
	}
	return s
}

// answer is one HTTP answer, read completely.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	requestID string
	skew      time.Duration
}

// sentError is a failure of the line; sent tells whether any of the request
// may have reached the other side.
type sentError struct {
	cause *Error
	sent  bool
}

func (e *sentError) Error() string { return e.cause.Error() }
func (e *sentError) Unwrap() error { return e.cause }

// exchange sends one request, reads and judges the answer, and records the
// call. A status other than 2xx, or an answer check refuses, is an *Error
// beside the answer.
func (c *Client) exchange(ctx context.Context, l *line, out outgoing, check func(answer) error) (answer, error) {
	rec := c.begin(ctx, out)
	ans, err := c.send(ctx, l, out)
	if err == nil {
		err = c.judge(out, ans, check)
	}
	rec.Status, rec.BytesIn, rec.RequestID = ans.status, int64(len(ans.body)), ans.requestID
	return ans, c.record(ctx, rec, err)
}

func (c *Client) begin(ctx context.Context, out outgoing) Call {
	size := int64(len(out.body))
	if out.form != nil {
		v := url.Values{}
		for k, s := range out.form {
			v.Set(k, s)
		}
		size = int64(len(v.Encode()))
	}
	return Call{
		At: c.cfg.Now().UTC(), Connection: c.cfg.Connection, Host: out.host, Op: out.op,
		Purpose: purpose(ctx), Method: out.method, BytesOut: size,
	}
}

// record stores the call with its outcome and passes err on. A ledger that
// fails is an error of its own and takes the place of err, so that nothing is
// repeated that would go unrecorded again.
func (c *Client) record(ctx context.Context, rec Call, err error) error {
	rec.Duration = max(0, c.cfg.Now().UTC().Sub(rec.At))
	if k := ClassOf(err); k != nil {
		rec.Class = k.Name
	} else if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		rec.Class = "cancelled"
	} else if err != nil {
		rec.Class = "local"
	}
	if errors.Is(err, ErrHost) && rec.Status == 0 {
		return err // refused before it connected: nothing left the machine
	}
	if lost := c.cfg.Calls.Record(context.WithoutCancel(ctx), rec); lost != nil {
		return fmt.Errorf("note the call in the list of calls: %w", lost)
	}
	return err
}

// send does the HTTP of one exchange.
func (c *Client) send(parent context.Context, l *line, out outgoing) (answer, error) {
	ctx, cancel := context.WithTimeout(parent, c.cfg.Timeout)
	defer cancel()
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
	})
	req := l.resty.R().SetContext(ctx).SetHeaders(out.header)
	if out.form != nil {
		req.SetFormData(out.form)
	} else if out.body != nil {
		req.SetBody(out.body)
	}
	resp, err := req.Execute(out.method, out.url)
	if err != nil {
		closeBody(resp)
		return answer{}, c.lineError(parent, out.op, err, sent.Load())
	}
	defer closeBody(resp)
	ans := answer{status: resp.StatusCode(), header: resp.Header(), requestID: plain(out.hide(resp.Header().Get("x-amzn-RequestId")))}
	ans.skew = c.noteDate(ans.header)
	ans.body, err = io.ReadAll(io.LimitReader(resp.RawBody(), maxAnswer+1))
	if err != nil {
		return ans, c.lineError(parent, out.op, err, true)
	}
	if len(ans.body) > maxAnswer {
		return ans, &Error{Op: out.op, Class: ErrTooLarge, Status: ans.status, RequestID: ans.requestID}
	}
	ans.body = bytes.TrimPrefix(ans.body, []byte("\ufeff"))
	return ans, nil
}

func closeBody(resp *resty.Response) {
	if resp != nil && resp.RawResponse != nil && resp.RawBody() != nil {
		_ = resp.RawBody().Close() // read already; nothing to learn
	}
}

// lineError turns a transport failure into an Error, or into the caller's own
// context error when that is what ended it.
func (c *Client) lineError(parent context.Context, op Op, err error, sent bool) error {
	if parent.Err() != nil {
		return fmt.Errorf("call %s: %w", op, parent.Err())
	}
	class, detail := classifyLine(reason(err))
	return &sentError{cause: &Error{Op: op, Class: class, Detail: plain(detail)}, sent: sent}
}

// judge classifies the answer by status and form.
func (c *Client) judge(out outgoing, ans answer, check func(answer) error) error {
	e := &Error{Op: out.op, Status: ans.status, RequestID: ans.requestID}
	if ans.status >= 200 && ans.status < 300 {
		if check == nil {
			return nil
		}
		if err := check(ans); err != nil {
			e.Class, e.Detail = ErrMalformed, plain(out.hide(misfit(err)))
			return e
		}
		return nil
	}
	code, detail := amazonSays(ans.body)
	e.Code, e.Detail = plain(out.hide(code)), plain(out.hide(detail))
	e.Class = classifyStatus(ans)
	return e
}

// misfit names the field that held something else, without the library's words.
func misfit(err error) string {
	var odd *json.UnmarshalTypeError
	if !errors.As(err, &odd) {
		return err.Error()
	}
	field := odd.Field
	if field == "" {
		field = "the answer"
	}
	return strings.Replace(err.Error(), odd.Error(), field+" holds another kind of value: "+odd.Value, 1)
}

// check is the judgement of a good answer: JSON, and decoded by the operation.
func (r request) check(ans answer) error {
	if looksLikePage(ans) {
		return errors.New("a web page instead of JSON")
	}
	var err error
	if r.decoded != nil {
		if err = r.decoded(ans); err == nil {
			return nil // who decodes it reads all of it
		}
	}
	if !json.Valid(ans.body) {
		return errors.New("not JSON, or cut")
	}
	return err
}

// looksLikePage recognises HTML, which proxies and hotel networks send.
func looksLikePage(ans answer) bool {
	if strings.Contains(strings.ToLower(ans.header.Get("Content-Type")), "text/html") {
		return true
	}
	return bytes.HasPrefix(bytes.TrimSpace(ans.body), []byte("<"))
}

// amazonSays reads the error body {"errors":[{code,message,details}]}, or the
// login's {"error","error_description"}.
func amazonSays(body []byte) (code, detail string) {
	var b struct {
		Errors []struct {
			Code, Message, Details string
		}
		Error       any
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &b) != nil {
		return "", ""
	}
	if len(b.Errors) > 0 {
		first := b.Errors[0]
		detail = first.Message
		if first.Details != "" && first.Details != first.Message {
			detail = strings.TrimSpace(detail + " " + first.Details)
		}
		return first.Code, detail
	}
	code, _ = b.Error.(string)
	return code, b.Description
}
