package spapifake

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// The report types the demo seller has.
const (
	OrdersByUpdate   = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
	OrdersByDate     = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
	SettlementReport = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
)

const (
	reportListLife = 90 * 24 * time.Hour // how long reports are listed
	reportMaxSpan  = 30 * 24 * time.Hour
	linkLife       = 5 * time.Minute
)

// report is one requested report, or a settlement report in the list.
type report struct {
	account      *account
	id, typ      string
	document     string
	created      time.Time
	from, to     time.Time
	polls        int // until it is done
	done         time.Time
	state        string // final state, "" while in the works
	text         func() []byte
	options      map[string]string
	marketplaces []string
	settlement   *settlement
}

type reportWire struct {
	Marketplaces []string `json:"marketplaceIds"`
	ID           string   `json:"reportId"`
	Type         string   `json:"reportType"`
	From         string   `json:"dataStartTime,omitempty"`
	To           string   `json:"dataEndTime,omitempty"`
	Created      string   `json:"createdTime"`
	State        string   `json:"processingStatus"`
	Started      string   `json:"processingStartTime,omitempty"`
	Ended        string   `json:"processingEndTime,omitempty"`
	Document     string   `json:"reportDocumentId,omitempty"`
}

func (c *call) createReport() (int, any) {
	var spec struct {
		Type         string            `json:"reportType"`
		From         string            `json:"dataStartTime"`
		To           string            `json:"dataEndTime"`
		Marketplaces []string          `json:"marketplaceIds"`
		Options      map[string]string `json:"reportOptions"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, 1<<20)).Decode(&spec); err != nil {
		return invalid("the body is not valid JSON")
	}
	if len(spec.Marketplaces) == 0 || len(spec.Marketplaces) > 25 {
		return invalid("marketplaceIds must hold 1 to 25 marketplaces")
	}
	if spec.Type == SettlementReport {
		return invalid("%s cannot be requested; Amazon makes it", spec.Type)
	}
	if _, made := reportMakers[spec.Type]; !made && spec.Type != OrdersByUpdate && spec.Type != OrdersByDate {
		return invalid("reportType %q is not a valid report type", spec.Type)
	}
	c.query = url.Values{"dataStartTime": {spec.From}, "dataEndTime": {spec.To}}
	from, started, err1 := c.when("dataStartTime")
	to, ended, err2 := c.when("dataEndTime")
	if err1 != nil || err2 != nil {
		return invalid("dataStartTime and dataEndTime must be ISO 8601 date times")
	}
	if !ended || to.After(c.now) {
		to = c.now
	}
	if !started {
		from = to.Add(-24 * time.Hour)
	}
	if from.After(to) {
		return invalid("dataStartTime must be before dataEndTime")
	}
	r := c.s.addReport(&report{account: c.account, typ: spec.Type, created: c.now, from: from, to: to, options: spec.Options, marketplaces: spec.Marketplaces})
	return http.StatusAccepted, map[string]string{"reportId": r.id}
}

func (s *Server) addReport(r *report) *report {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reportIDs[r.account.id]++ // by connection: what one gets does not depend on the others
	r.id = strconv.FormatInt(s.reportIDs[r.account.id], 10)
	h := s.hash("report " + r.id)
	r.polls = 2 + int(h%3)
	r.document = "amzn1.spdoc.1.4." + strconv.FormatUint(h, 36) + "." + r.id
	maps.DeleteFunc(s.reports, func(_ string, old *report) bool { return r.created.Sub(old.created) >= reportListLife })
	s.reports[r.id] = r
	return r
}

func (c *call) getReport() (int, any) {
	r := c.findReport(c.r.PathValue("reportId"))
	if r == nil {
		return apiError(http.StatusNotFound, "NotFound", "The report does not exist.", "")
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.advance(r)
	return http.StatusOK, c.reportWire(r)
}

func (c *call) findReport(id string) *report {
	for _, r := range c.settlementReports() {
		if r.id == id {
			return r
		}
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if r := c.s.reports[id]; r != nil && r.account == c.account {
		return r
	}
	return nil
}

// reportMaker writes a report of one type; nil when there is nothing in its
// period, which Amazon tells by cancelling it.
type reportMaker func(s *Server, r *report) []byte

// reportMakers are the reports beside those of orders and settlements.
var reportMakers = map[string]reportMaker{
	LedgerDetail: (*Server).ledgerDetail, LedgerSummary: (*Server).ledgerSummary, ReturnsByAmazon: (*Server).returnsFile,
	ReturnsBySeller: (*Server).sellerReturnsFile, ReimbursementReport: (*Server).reimbursementFile, MYIReport: (*Server).myiFile,
	PlanningReport: (*Server).planningFile, RestockReport: (*Server).restockFile, StorageReport: (*Server).storageFile,
	AgedStorageReport: (*Server).agedStorageFile, FeePreviewReport: (*Server).feePreviewFile, RemovalReport: (*Server).removalFile,
	RemovalAdviceReport: (*Server).removalAdviceFile, ListingsReport: (*Server).listingsFile, SalesTrafficReport: (*Server).trafficFile, kioskQuery: (*Server).economicsFile,
}

// finish gives a report its text. The caller holds the server's lock.
func (c *call) finish(r *report, text []byte) {
	if r.state = "DONE"; text == nil {
		r.state = "CANCELLED"
		return
	}
	r.text = func() []byte { return text }
}

// advance moves a report one step on with every look at it. The caller holds
// the server's lock.
func (c *call) advance(r *report) {
	if r.state != "" {
		return
	}
	switch c.fault.Kind {
	case ReportCancels:
		r.state, r.done = "CANCELLED", c.now
		return
	case ReportFatal:
		r.state, r.done = "FATAL", c.now
		r.text = func() []byte { return []byte("The report could not be generated: internal error 20471.\r\n") }
		return
	case ReportFatalSilent:
		r.state, r.done = "FATAL", c.now
		return
	}
	if d := c.s.cfg.ReportTime; d > 0 { // half as long to one and a half times
		if d = d/2 + d*time.Duration(c.s.hash("made "+r.id)%100)/100; c.now.Before(r.created.Add(d)) {
			return
		}
	} else if r.polls--; r.polls > 0 {
		return
	}
	r.done = c.now
	if made := reportMakers[r.typ]; made != nil {
		var text []byte
		if slices.Contains(r.marketplaces, r.account.m.ID) {
			text = made(c.s, r)
		}
		c.finish(r, text)
		return
	}
	if r.to.Sub(r.from) > reportMaxSpan {
		r.state = "DONE"
		r.text = func() []byte { return []byte("The requested date range exceeds 30 days. Please narrow the range.\n") }
		return
	}
	list := r.ordersWithin()
	if r.state = "DONE"; len(list) == 0 {
		r.state = "CANCELLED"
		return
	}
	r.text = func() []byte { return c.s.ordersFile(r.account, list) }
}

func (c *call) reportWire(r *report) reportWire {
	w := reportWire{Marketplaces: []string{r.account.m.ID}, ID: r.id, Type: r.typ, Created: stamp(r.created), State: r.state,
		From: stamp(r.from), To: stamp(r.to)}
	if r.state == "" {
		if w.State = "IN_PROGRESS"; r.polls > 1 {
			w.State = "IN_QUEUE"
		}
		return w
	}
	w.Started, w.Ended = stamp(r.done.Add(-time.Second)), stamp(r.done)
	if r.text != nil {
		w.Document = r.document
	}
	return w
}
