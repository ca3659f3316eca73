package appsync

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapi"
)

// settlements: Reports 2021-06-30, type GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2.
// Amazon makes them; they can only be found: getReports 0.0222/s burst 10, 89
// days back (exactly 90 is refused), then getReportDocument 0.0167/s burst 15.
// All marketplaces and currencies of the account come together, whatever is
// asked for.
type settlements struct{}

const (
	settlementType     = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
	settlementLookBack = 89 * 24 * time.Hour
	maxReport          = 256 << 20 // bytes of one report, unpacked: it is held in memory, in clear
)

// settlementMark remembers which reports were read. Amazon forgets them after
// 90 days, and so does the bookmark.
type settlementMark struct {
	Read map[string]time.Time `json:"read"` // report id to when Amazon made it
}

func (settlements) Name() string { return nameSettlements }
func (settlements) Stage() int   { return 1 }

// Every: a settlement closes once in two weeks.
func (settlements) Every() time.Duration { return 6 * time.Hour }
func (settlements) After() []string      { return nil }

func (settlements) Sync(ctx context.Context, s *Session) error {
	mark := settlementMark{}
	if _, err := s.Bookmark(ctx, &mark); err != nil {
		return err
	}
	if mark.Read == nil {
		mark.Read = map[string]time.Time{}
	}
	list, err := settlementReports(ctx, s)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(r spapi.Report) bool { _, done := mark.Read[r.ReportID]; return done })
	s.Expect(len(list))
	var bad []error
	for _, r := range list {
		err := readSettlement(ctx, s, r, &mark)
		if err == nil {
			continue
		}
		err = fmt.Errorf("settlement report %s: %w", r.ReportID, err)
		if !ofOneReport(ctx, err) {
			return err
		}
		bad = append(bad, err) // the others are read all the same
	}
	if len(bad) > 1 {
		return fmt.Errorf("%w (and %d more reports)", bad[0], len(bad)-1)
	}
	if len(bad) > 0 {
		return bad[0]
	}
	return s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(s.ID(), nameSettlements, mark, s.Now)
	})
}

// ofOneReport tells an error that says nothing about the other reports.
func ofOneReport(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	class := spapi.ClassOf(err)
	return class == nil || class == spapi.ErrDamaged || class == spapi.ErrNotFound || class == spapi.ErrLink
}

func settlementReports(ctx context.Context, s *Session) ([]spapi.Report, error) {
	var list []spapi.Report
	q := spapi.ReportsQuery{Types: []string{settlementType}, CreatedSince: s.Now.Add(-settlementLookBack)}
	for page, err := range s.API.GetReports(ctx, q) {
		if err != nil {
			return nil, err
		}
		for _, r := range page.Items {
			if r.ProcessingStatus == spapi.ReportDone && r.ReportDocumentID != "" {
				list = append(list, r)
			}
		}
	}
	return list, nil
}

func readSettlement(ctx context.Context, s *Session, r spapi.Report, mark *settlementMark) error {
	f, err := download(ctx, s, r, reports.Hint{})
	if err != nil {
		return err
	}
	return s.Page(ctx, 1, func(tx *store.Tx) error {
		if _, err := storeReport(tx, s.ID(), f); err != nil {
			return err
		}
		for id, made := range mark.Read {
			if made.Before(s.Now.Add(-settlementLookBack - 24*time.Hour)) {
				delete(mark.Read, id)
			}
		}
		mark.Read[r.ReportID] = r.CreatedTime.Time
		return tx.SetBookmark(s.ID(), nameSettlements, mark, time.Time{})
	})
}

// download fetches a report's document and proves it whole.
func download(ctx context.Context, s *Session, r spapi.Report, hint reports.Hint) (*reports.File, error) {
	var body bytes.Buffer
	doc, err := s.API.Download(ctx, r.ReportDocumentID, &body, maxReport)
	if err != nil {
		return nil, err
	}
	hint.Charset = doc.Charset
	files, err := reports.Open("the report", bytes.NewReader(body.Bytes()), int64(body.Len()), hint)
	if err != nil {
		return nil, fmt.Errorf("%w; nothing of it was used, the next run asks for it again", err)
	}
	if len(files) != 1 {
		return nil, fmt.Errorf("the document holds %d files, one was expected", len(files))
	}
	return files[0], nil
}
