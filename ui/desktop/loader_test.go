package desktop

import (
	"context"
	"errors"
	"testing"
)

func TestANewerLoadDropsTheOlder(t *testing.T) {
	q := newQueue()
	l := loader{env: &env{ctx: t.Context(), post: q.post}}
	var shown []string
	gate := make(chan struct{})
	l.run(func(ctx context.Context) (func(), error) {
		<-gate // ends after the second load began, and does not look at ctx
		return func() { shown = append(shown, "old") }, nil
	}, func(error) { t.Error("failed") })
	l.run(func(context.Context) (func(), error) {
		return func() { shown = append(shown, "new") }, nil
	}, func(error) { t.Error("failed") })
	q.run(t)
	close(gate)
	q.run(t)
	if len(shown) != 1 || shown[0] != "new" {
		t.Errorf("shown: %v", shown)
	}
	var got error
	l.run(func(context.Context) (func(), error) { return nil, errors.New("no") }, func(err error) { got = err })
	q.run(t)
	if got == nil || got.Error() != "no" {
		t.Errorf("error: %v", got)
	}
	l.close()
}

func TestTheDemoBookOpens(t *testing.T) {
	counts, err := demoSession(t).Book.Counts(t.Context())
	if err != nil || len(counts) != 3 || counts[0].Orders == 0 {
		t.Fatal(counts, err)
	}
}
