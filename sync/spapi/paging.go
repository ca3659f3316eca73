package spapi

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"time"
)

// Page is one answer of a list operation.
type Page[T any] struct {
	Items     []T
	Number    int       // 1 for the first page of the query
	Next      Cursor    // where the next page starts; Done at the end
	UpTo      time.Time // orders: the upper bound Amazon used, the next watermark; else zero
	Total     int       // listings: how many match (Amazon hands out 1000 at most); else 0
	RequestID string
}

// Cursor is a place in a list: the page token together with the query that
// produced it, because most operations refuse a token whose query differs,
// and one refuses it when the query is repeated. Store its String beside the
// rows of the page and go on with Resume. The zero Cursor is the end.
type Cursor struct {
	op      Op
	subject string // what the path names, such as the seller
	query   params
	token   string
	issued  time.Time
	pages   int
}

type cursorText struct {
	Op      Op        `json:"op"`
	Subject string    `json:"subject,omitempty"`
	Query   params    `json:"query"`
	Token   string    `json:"token"`
	Issued  time.Time `json:"issued"`
	Pages   int       `json:"pages"`
}

// Done reports that there is no further page.
func (c Cursor) Done() bool { return c.token == "" }

// Op is the operation the cursor belongs to.
func (c Cursor) Op() Op { return c.op }

// Expires is when Amazon forgets the place, zero when that is not known.
func (c Cursor) Expires() time.Time {
	o, err := operation(c.op)
	if err != nil || o.TokenTTL == 0 || c.Done() {
		return time.Time{}
	}
	return c.issued.Add(o.TokenTTL)
}

// String is the form to store, empty at the end.
func (c Cursor) String() string {
	if c.Done() {
		return ""
	}
	b, err := json.Marshal(cursorText{c.op, c.subject, c.query, c.token, c.issued, c.pages})
	if err != nil { // texts and numbers only: cannot happen
		return ""
	}
	return string(b)
}

// ParseCursor reads a stored cursor. Empty text gives the end of a list.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	var t cursorText
	if err := json.Unmarshal([]byte(s), &t); err != nil || t.Token == "" || t.Pages < 0 {
		return Cursor{}, fmt.Errorf("%w: the stored place in a list cannot be read", ErrArgument)
	}
	if _, err := operation(t.Op); err != nil {
		return Cursor{}, err
	}
	return Cursor{t.Op, t.Subject, t.Query, t.Token, t.Issued, t.Pages}, nil
}

// No list is longer: at 100 orders a page this is a million orders.
const maxPages = 10_000

// A list that gives this many empty pages in a row does not end.
const maxEmptyPages = 500

// list is the paging rule of one operation.
type list[T any] struct {
	op     Op
	path   string
	next   func(query params, token string) params
	decode func(body []byte) (listAnswer, error)
}

// listAnswer is a decoded page before its items are.
type listAnswer struct {
	items []json.RawMessage
	token string
	upTo  time.Time
	total int
}

// first is the place before the first page. It has no token yet.
func first(op Op, query params) Cursor { return Cursor{op: op, query: query} }

// resume checks that a stored cursor belongs to this operation and lives.
func (l list[T]) resume(c *Client, at Cursor) error {
	if at.op != l.op || at.Done() {
		return fail(l.op, ErrArgument, "the stored place belongs to another list, or to its end")
	}
	if end := at.Expires(); !end.IsZero() && c.cfg.Now().After(end) {
		return fail(l.op, ErrPageExpired, "stored longer than Amazon keeps it")
	}
	return nil
}

// pages reads from at on. The sequence ends after the last page or the first
// error; breaking out of it early costs nothing.
func (l list[T]) pages(ctx context.Context, c *Client, at Cursor) iter.Seq2[Page[T], error] {
	return func(yield func(Page[T], error) bool) {
		g := newLoopGuard(at)
		for {
			page, err := l.page(ctx, c, at, g)
			if err != nil {
				yield(Page[T]{}, err)
				return
			}
			if !yield(page, nil) || page.Next.Done() {
				return
			}
			at = page.Next
		}
	}
}

func (l list[T]) page(ctx context.Context, c *Client, at Cursor, g *loopGuard) (Page[T], error) {
	r := request{op: l.op, path: l.path, params: at.query, safe: true, token: at.token != ""}
	if r.token {
		r.params = l.next(at.query, at.token)
	}
	var got listAnswer
	var items []T
	r.decoded = func(ans answer) (err error) {
		if got, err = l.decode(ans.body); err != nil {
			return err
		}
		items, err = decodeItems[T](got.items)
		return err
	}
	ans, err := c.do(ctx, r)
	if err != nil {
		return Page[T]{}, fmt.Errorf("page %d: %w", at.pages+1, err)
	}
	next := at
	next.token, next.issued, next.pages = got.token, c.cfg.Now().UTC(), at.pages+1
	if err := g.check(next, got.items); err != nil {
		return Page[T]{}, err
	}
	if next.Done() {
		next = Cursor{}
	}
	return Page[T]{
		Items: items, Number: at.pages + 1, Next: next,
		UpTo: got.upTo, Total: got.total, RequestID: ans.requestID,
	}, nil
}

func decodeItems[T any](raw []json.RawMessage) ([]T, error) {
	items := make([]T, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal(r, &items[i]); err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
	}
	return items, nil
}

// loopGuard notices a list that goes round: a token given twice, a page whose
// entries all came before, or no end at all.
type loopGuard struct {
	tokens map[[32]byte]bool
	pages  map[[32]byte]bool
	empty  int
}

func newLoopGuard(at Cursor) *loopGuard {
	g := &loopGuard{tokens: map[[32]byte]bool{}, pages: map[[32]byte]bool{}}
	if !at.Done() {
		g.tokens[sha256.Sum256([]byte(at.token))] = true
	}
	return g
}

func (g *loopGuard) check(next Cursor, items []json.RawMessage) error {
	if len(items) == 0 {
		g.empty++
	} else {
		g.empty = 0
		h := sha256.New()
		for _, it := range items {
			h.Write(it)
			h.Write([]byte{0})
		}
		sum := [32]byte(h.Sum(nil))
		if g.pages[sum] {
			return fail(next.op, ErrPaging, "page %d repeats an earlier page", next.pages)
		}
		g.pages[sum] = true
	}
	if next.Done() {
		return nil
	}
	sum := sha256.Sum256([]byte(next.token))
	if g.tokens[sum] {
		return fail(next.op, ErrPaging, "page %d leads back to an earlier page", next.pages)
	}
	g.tokens[sum] = true
	if next.pages >= maxPages || g.empty >= maxEmptyPages {
		return fail(next.op, ErrPaging, "no end after %d pages", next.pages)
	}
	return nil
}

// repeatAll is the paging rule of most operations: every argument again, and
// the token beside them.
func repeatAll(name string) func(params, string) params {
	return func(query params, token string) params {
		p := params{name: token}
		for k, v := range query {
			p[k] = v
		}
		return p
	}
}

// tokenAlone is the rule of getReports: the token and nothing else.
func tokenAlone(name string) func(params, string) params {
	return func(_ params, token string) params { return params{name: token} }
}

// broken is a sequence of one error.
func broken[T any](err error) iter.Seq2[Page[T], error] {
	return func(yield func(Page[T], error) bool) { yield(Page[T]{}, err) }
}
