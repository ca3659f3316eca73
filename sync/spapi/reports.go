package spapi

// Reports 2021-06-30.
//
// createReport: 0.0167/s (one a minute), burst 15. Repeated only when Amazon
// surely did not take it: not reached, or 429.
// getReport: 2/s, burst 15.
// getReports: 0.0222/s, burst 10, up to 100 a page, 90 days back at most and
// not exactly 90. Without a token the report types are mandatory; with a token
// nothing else may be sent, not even a page size.
// getReportDocument: 0.0167/s, burst 15; the link in its answer lives five
// minutes and never leaves this package.
// Surprises: CANCELLED also means "no data" or "asked too often"; FATAL may
// have a document that holds the reason; settlement reports cannot be created,
// only found; an All-Orders report of more than 30 days is empty or an error
// sentence.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"
)

const (
	reportsPath   = "/reports/2021-06-30/reports"
	documentsPath = "/reports/2021-06-30/documents/"
)

// The states of a report that mean it will not change any more are DONE,
// CANCELLED and FATAL.
const (
	ReportInQueue    = "IN_QUEUE"
	ReportInProgress = "IN_PROGRESS"
	ReportDone       = "DONE"
	ReportCancelled  = "CANCELLED"
	ReportFatal      = "FATAL"
)

// Report is a report that was asked for or that Amazon produced.
type Report struct {
	ReportID            string   `json:"reportId"`
	ReportType          string   `json:"reportType"`
	MarketplaceIDs      []string `json:"marketplaceIds"`
	DataStartTime       Time     `json:"dataStartTime"`
	DataEndTime         Time     `json:"dataEndTime"`
	CreatedTime         Time     `json:"createdTime"`
	ProcessingStatus    string   `json:"processingStatus"`
	ProcessingStartTime Time     `json:"processingStartTime"`
	ProcessingEndTime   Time     `json:"processingEndTime"`
	ReportDocumentID    string   `json:"reportDocumentId"`
	ReportScheduleID    string   `json:"reportScheduleId"`

	Raw json.RawMessage `json:"-"` // the entry as it came
}

// UnmarshalJSON keeps the entry as it came beside the decoded form.
func (r *Report) UnmarshalJSON(b []byte) error {
	type plain Report
	if err := json.Unmarshal(b, (*plain)(r)); err != nil {
		return err
	}
	r.Raw = bytes.Clone(b)
	return nil
}

// ReportRequest asks Amazon to produce a report.
type ReportRequest struct {
	Type           string
	MarketplaceIDs []string          // 1..25
	Start, End     time.Time         // zero: Amazon's default
	Options        map[string]string // reportOptions
}

func (q ReportRequest) body() ([]byte, error) {
	const op = OpCreateReport
	if q.Type == "" {
		return nil, fail(op, ErrArgument, "a report type is needed")
	}
	if err := checkList(op, "marketplaceIds", q.MarketplaceIDs, 1, 25); err != nil {
		return nil, err
	}
	if !q.End.IsZero() && !q.End.After(q.Start) {
		return nil, fail(op, ErrArgument, "the period ends before it begins")
	}
	w := struct {
		Type           string            `json:"reportType"`
		MarketplaceIDs []string          `json:"marketplaceIds"`
		Start          string            `json:"dataStartTime,omitempty"`
		End            string            `json:"dataEndTime,omitempty"`
		Options        map[string]string `json:"reportOptions,omitempty"`
	}{q.Type, q.MarketplaceIDs, reportTime(q.Start), reportTime(q.End), q.Options}
	b, err := json.Marshal(w)
	if err != nil {
		return nil, fmt.Errorf("write the report request: %w", err)
	}
	return b, nil
}

// reportTime has milliseconds, as Amazon's own examples do.
func reportTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// CreateReport asks for a report and returns its id. On ErrUnavailable it may
// have been created all the same: look with GetReports before asking again.
func (c *Client) CreateReport(ctx context.Context, q ReportRequest) (reportID string, err error) {
	body, err := q.body()
	if err != nil {
		return "", err
	}
	var w struct {
		ReportID string `json:"reportId"`
	}
	_, err = c.do(ctx, request{
		op: OpCreateReport, path: reportsPath, body: body,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &w); err != nil {
				return err
			}
			if w.ReportID == "" {
				return errors.New("no report id")
			}
			return nil
		},
	})
	return w.ReportID, err
}

// GetReport returns the state of a report.
func (c *Client) GetReport(ctx context.Context, reportID string) (Report, error) {
	id, err := segment(OpGetReport, "report id", reportID)
	if err != nil {
		return Report{}, err
	}
	var r Report
	_, err = c.do(ctx, request{
		op: OpGetReport, path: reportsPath + "/" + id, safe: true,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &r); err != nil {
				return err
			}
			if r.ReportID == "" || r.ProcessingStatus == "" {
				return errors.New("no report")
			}
			return nil
		},
	})
	return r, err
}

// ReportsLookBack is how far back reports can be found: less than 90 days.
const ReportsLookBack = 90 * day

// ReportsQuery asks for reports of some types.
type ReportsQuery struct {
	Types                      []string // 1..10
	Statuses                   []string
	MarketplaceIDs             []string  // up to 10; settlement reports ignore it
	CreatedSince, CreatedUntil time.Time // CreatedSince less than 90 days ago
	PageSize                   int       // 1..100, 0: 100
}

func (q ReportsQuery) params(now time.Time) (params, error) {
	const op = OpGetReports
	if q.PageSize < 0 || q.PageSize > 100 {
		return nil, fail(op, ErrArgument, "a page has 1 to 100 reports")
	}
	if q.PageSize == 0 {
		q.PageSize = 100
	}
	if !q.CreatedSince.IsZero() && !q.CreatedSince.After(now.Add(-ReportsLookBack)) {
		return nil, fail(op, ErrArgument, "reports are listed for less than 90 days")
	}
	err := errors.Join(
		checkList(op, "reportTypes", q.Types, 1, 10),
		checkList(op, "processingStatuses", q.Statuses, 0, 5),
		checkList(op, "marketplaceIds", q.MarketplaceIDs, 0, 10),
	)
	if err != nil {
		return nil, err
	}
	p := params{}
	p.list("reportTypes", q.Types)
	p.list("processingStatuses", q.Statuses)
	p.list("marketplaceIds", q.MarketplaceIDs)
	p.time("createdSince", q.CreatedSince)
	p.time("createdUntil", q.CreatedUntil)
	p.number("pageSize", q.PageSize)
	return p, nil
}

var reportList = list[Report]{op: OpGetReports, path: reportsPath, next: tokenAlone("nextToken"), decode: decodeReports}

func decodeReports(body []byte) (listAnswer, error) {
	var w struct {
		Reports   *[]json.RawMessage `json:"reports"`
		NextToken string             `json:"nextToken"`
	}
	if err := json.Unmarshal(body, &w); err != nil {
		return listAnswer{}, err
	}
	if w.Reports == nil {
		return listAnswer{}, errors.New("no list of reports")
	}
	return listAnswer{items: *w.Reports, token: w.NextToken}, nil
}

// GetReports lists reports page by page.
func (c *Client) GetReports(ctx context.Context, q ReportsQuery) iter.Seq2[Page[Report], error] {
	p, err := q.params(c.cfg.Now())
	if err != nil {
		return broken[Report](err)
	}
	return reportList.pages(ctx, c, first(OpGetReports, p))
}

// ResumeReports goes on at a stored place.
func (c *Client) ResumeReports(ctx context.Context, at Cursor) iter.Seq2[Page[Report], error] {
	if err := reportList.resume(c, at); err != nil {
		return broken[Report](err)
	}
	return reportList.pages(ctx, c, at)
}
