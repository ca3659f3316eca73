package spapifake

import (
	"net/http"
	"slices"
	"time"
)

type groupsAnswer struct {
	Payload struct {
		NextToken string      `json:"NextToken,omitempty"`
		Groups    []groupWire `json:"FinancialEventGroupList"`
	} `json:"payload"`
}

type capitalMoney struct {
	Currency string `json:"CurrencyCode"`
	Amount   any    `json:"CurrencyAmount"`
}

type groupWire struct {
	ID        string        `json:"FinancialEventGroupId"`
	Status    string        `json:"ProcessingStatus"`
	Transfer  string        `json:"FundTransferStatus,omitempty"`
	Total     capitalMoney  `json:"OriginalTotal"`
	Converted *capitalMoney `json:"ConvertedTotal,omitempty"`
	Date      string        `json:"FundTransferDate,omitempty"`
	Trace     string        `json:"TraceId,omitempty"`
	Tail      string        `json:"AccountTail,omitempty"`
	Beginning capitalMoney  `json:"BeginningBalance"`
	Start     string        `json:"FinancialEventGroupStart"`
	End       string        `json:"FinancialEventGroupEnd,omitempty"`
}

func (m *market) capital(minor int64) capitalMoney {
	return capitalMoney{m.Currency, m.number(minor).Amount}
}

// eventGroups is listFinancialEventGroups: the settlements that have begun, the
// newest first.
func (c *call) eventGroups() (int, any) {
	size, err := c.number("MaxResultsPerPage", 10, 1, 100)
	if err != nil {
		return invalid("%v", err)
	}
	after, _, err1 := c.when("FinancialEventGroupStartedAfter")
	before, bounded, err2 := c.when("FinancialEventGroupStartedBefore")
	if err1 != nil || err2 != nil {
		return invalid("the dates must be ISO 8601 date times")
	}
	args := c.arguments("NextToken")
	var at pageToken
	if text := c.query.Get("NextToken"); text != "" {
		if at, err = c.unseal(text, args, 25*time.Minute); err != nil {
			return invalid("NextToken: %v", err)
		}
	}
	var list []*settlement
	for _, st := range c.account.settlements {
		if !st.start.Before(after) && (!bounded || st.start.Before(before)) && !st.start.After(c.s.cfg.dataEnd()) {
			list = append(list, st)
		}
	}
	slices.Reverse(list)
	lo, hi := c.bounds(len(list), at.Offset, size)
	var out groupsAnswer
	out.Payload.Groups = []groupWire{}
	for _, st := range list[lo:hi] {
		out.Payload.Groups = append(out.Payload.Groups, c.groupWire(st))
	}
	out.Payload.NextToken = c.nextToken("NextToken", hi < len(list), pageToken{Args: args, Offset: hi})
	return http.StatusOK, out
}

// posted is what stands in a settlement at a time, and the reserve it began with.
func (st *settlement) posted(at time.Time) (total, beginning int64) {
	for _, t := range st.txns {
		if t.posted.After(at) {
			continue
		}
		total += t.total()
		if t.desc == "ReserveCredit" {
			beginning += t.total()
		}
	}
	return total, beginning
}

func (c *call) groupWire(st *settlement) groupWire {
	end := c.s.cfg.dataEnd()
	total, beginning := st.posted(end)
	w := groupWire{ID: st.group, Status: "Open", Total: st.m.capital(total), Beginning: st.m.capital(beginning), Start: stamp(st.start)}
	if st.open {
		return w
	}
	w.Status, w.End, w.Tail = "Closed", stamp(st.end), "731"
	w.Transfer = "Processing"
	if !st.deposit().After(end) {
		converted := st.m.capital(total)
		w.Transfer, w.Date, w.Converted, w.Trace = "Succeeded", stamp(st.deposit()), &converted, "TR"+st.id
	}
	return w
}

type payoutWire struct {
	ID       string            `json:"id,omitempty"`
	Partner  partnerWire       `json:"partnerMetadata"`
	Current  string            `json:"currentStatus,omitempty"`
	Expected string            `json:"status,omitempty"`
	History  []map[string]any  `json:"statusHistory,omitempty"`
	Type     string            `json:"type,omitempty"`
	Amount   *moneyNumber      `json:"amount,omitempty"`
	Tail     string            `json:"accountTail,omitempty"`
	Method   string            `json:"paymentMethod,omitempty"`
	Created  string            `json:"creationDate,omitempty"`
	Date     string            `json:"scheduledDate,omitempty"`
	Trace    string            `json:"traceId,omitempty"`
	Period   map[string]string `json:"period"`
	Related  []relatedWire     `json:"relatedIdentifiers"`
}

func (c *call) payoutWire(st *settlement) payoutWire {
	return payoutWire{Partner: c.account.partner(), Tail: "731", Method: "BANK_ACCOUNT", Period: map[string]string{"startDate": stamp(st.start), "endDate": stamp(st.end)},
		Related: []relatedWire{{"SETTLEMENT_ID", st.id}}}
}

// expectedPayouts is listExpectedPayouts: the settlement that is open, and one
// that is closed and not yet paid.
func (c *call) expectedPayouts() (int, any) {
	out := struct {
		Payouts []payoutWire `json:"expectedPayouts"`
	}{[]payoutWire{}}
	end := c.s.cfg.dataEnd()
	if shops := c.list("marketplaceIds"); len(shops) > 0 && !slices.Contains(shops, c.account.m.ID) {
		return http.StatusOK, out
	}
	for _, st := range c.account.settlements {
		if st.start.After(end) || !st.deposit().After(end) {
			continue
		}
		w := c.payoutWire(st)
		w.Expected, w.Date = "SCHEDULED", stamp(st.deposit())
		if total, _ := st.posted(end); total > 0 {
			amount := st.m.number(total)
			w.Amount = &amount
		} else {
			w.Expected = "NO_PAYOUT_EXPECTED"
		}
		out.Payouts = append(out.Payouts, w)
	}
	return http.StatusOK, out
}

// payoutShops are the countries of which Amazon lists payouts.
var payoutShops = []string{"DE", "FR", "IT", "ES", "SE", "NL", "PL", "BE"}

// payouts is listPayouts, in its eight countries.
func (c *call) payouts() (int, any) {
	out := struct {
		Payouts []payoutWire `json:"payouts"`
	}{[]payoutWire{}}
	after, _, err := c.when("createdAfter")
	if err != nil {
		return invalid("%v", err)
	}
	if !slices.Contains(payoutShops, c.account.m.Country) {
		return http.StatusOK, out
	}
	end := c.s.cfg.dataEnd()
	for _, st := range c.account.settlements {
		if st.open || st.deposit().After(end) || st.deposit().Before(after) {
			continue
		}
		w := c.payoutWire(st)
		amount := st.m.number(st.total)
		w.ID, w.Current, w.Type, w.Created, w.Trace, w.Amount = "8"+st.id, "PAID", "SCHEDULED", stamp(st.deposit()), "TR"+st.id, &amount
		w.History = []map[string]any{{"status": "STARTED", "lastUpdatedDate": stamp(st.deposit())}, {"status": "PAID", "lastUpdatedDate": stamp(st.deposit().Add(20 * time.Hour))}}
		out.Payouts = append(out.Payouts, w)
	}
	return http.StatusOK, out
}
