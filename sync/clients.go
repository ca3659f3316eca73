package appsync

import (
	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// clients keeps the client of each connection from one round to the next, with
// its sign-in and what it learnt. It is used by one goroutine.
type clients map[string]heldClient

type heldClient struct {
	client *spapi.Client
	of     store.Connection
}

// of gives a connection's client, a new one when it was connected again.
func (h clients) of(c store.Connection, make func() (*spapi.Client, error)) (*spapi.Client, error) {
	held, ok := h[c.ID]
	if ok && held.of.Endpoint == c.Endpoint && held.of.LoginEndpoint == c.LoginEndpoint && held.of.StateAt.Equal(c.StateAt) {
		return held.client, nil
	}
	h.drop(c.ID)
	client, err := make()
	if err != nil {
		return nil, err
	}
	h[c.ID] = heldClient{client, c}
	return client, nil
}

func (h clients) drop(id string) {
	if held, ok := h[id]; ok {
		held.client.Close()
		delete(h, id)
	}
}

func (h clients) close() {
	for id := range h {
		h.drop(id)
	}
}
