package spapi

// Data Kiosk 2023-11-15, queries in GraphQL.
//
// createQuery: 0.0167/s (one a minute), burst 15, at most 8000 characters.
// Repeated only when Amazon surely did not take it.
// getQuery: 2/s, burst 15. getDocument: 0.0167/s, burst 15; the link in its
// answer lives five minutes and never leaves this package.
// Surprises: a query that is DONE without a document has no rows; pagination
// means that the same query goes on in a new one; a document that is no longer
// there is found by asking anew; an error document holds the reason of FATAL.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	queriesPath        = "/dataKiosk/2023-11-15/queries"
	kioskDocumentsPath = "/dataKiosk/2023-11-15/documents/"
	maxQuery           = 8000 // characters
)

// Query is a query that was asked; its states are those of a report.
type Query struct {
	ID            string `json:"queryId"`
	Status        string `json:"processingStatus"`
	Created       Time   `json:"createdTime"`
	Document      string `json:"dataDocumentId"` // empty when there are no rows
	ErrorDocument string `json:"errorDocumentId"`
	Pagination    struct {
		NextToken string `json:"nextToken"`
	} `json:"pagination"`
}

// CreateQuery asks a query, or the next part of it, and returns its id.
func (c *Client) CreateQuery(ctx context.Context, query, paginationToken string) (id string, err error) {
	if query == "" || len([]rune(query)) > maxQuery {
		return "", fail(OpCreateQuery, ErrArgument, "a query has 1 to %d characters", maxQuery)
	}
	body, err := json.Marshal(struct {
		Query string `json:"query"`
		Token string `json:"paginationToken,omitempty"`
	}{query, paginationToken})
	if err != nil {
		return "", fmt.Errorf("write the query: %w", err)
	}
	var w struct {
		ID string `json:"queryId"`
	}
	_, err = c.do(ctx, request{
		op: OpCreateQuery, path: queriesPath, body: body,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &w); err != nil {
				return err
			}
			if w.ID == "" {
				return errors.New("no query id")
			}
			return nil
		},
	})
	return w.ID, err
}

// GetQuery returns the state of a query.
func (c *Client) GetQuery(ctx context.Context, id string) (Query, error) {
	name, err := segment(OpGetQuery, "query id", id)
	if err != nil {
		return Query{}, err
	}
	var q Query
	_, err = c.do(ctx, request{
		op: OpGetQuery, path: queriesPath + "/" + name, safe: true,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &q); err != nil {
				return err
			}
			if q.ID == "" || q.Status == "" {
				return errors.New("no query")
			}
			return nil
		},
	})
	return q, err
}

// DownloadQuery writes the document of a query to w, as Download does that of a
// report, with the same errors.
func (c *Client) DownloadQuery(ctx context.Context, documentID string, w io.Writer, limit int64) (Document, error) {
	id, err := segment(OpGetDocument, "document id", documentID)
	if err != nil {
		return Document{}, err
	}
	return c.download(ctx, w, limit, func(ctx context.Context) (documentLink, error) { return c.kioskLink(ctx, id) })
}

func (c *Client) kioskLink(ctx context.Context, id string) (documentLink, error) {
	var w struct {
		URL string `json:"documentUrl"`
	}
	_, err := c.do(ctx, request{
		op: OpGetDocument, path: kioskDocumentsPath + id, safe: true,
		decoded: func(ans answer) error {
			if json.Unmarshal(ans.body, &w) != nil || w.URL == "" { // its error could quote the link
				return errors.New("no link to a document")
			}
			return nil
		},
	})
	return documentLink{URL: w.URL}, err
}
