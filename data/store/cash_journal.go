package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
	"countinghouse/data/markets"
)

// JournalFilter says which counted amounts a journal takes: those of a span of
// days, or those that one settlement paid.
type JournalFilter struct {
	From, To               string // days, both included
	Connection, Settlement string // with Settlement, the days are not asked for
}

// JournalLine is one counted amount for a journal.
type JournalLine struct {
	Day, Connection, Marketplace string
	Event                        string // key of the event
	Order, SKU                   string
	Line                         books.Line
	Path                         string
	Amount                       books.Money
	Origin                       books.Source
	State                        books.State
	Settlement                   string
}

const journalColumns = `SELECT e.event_day, e.connection_id, e.marketplace_id, e.key, e.order_id, e.sku, l.line, l.path, l.currency,
	l.amount_minor, l.origin, l.state, l.settlement_id FROM event e JOIN money_line l ON l.event_id = e.id `

// JournalLines calls row for each counted amount, by day. A settlement's are
// those its report told.
func (b *Book) JournalLines(ctx context.Context, f JournalFilter, row func(JournalLine) error) error {
	query := journalColumns + `WHERE e.event_day >= ? AND e.event_day <= ? AND l.amount_minor <> 0 ORDER BY e.event_day, e.connection_id, e.key, l.seq`
	args := []any{f.From, f.To}
	if f.Settlement != "" {
		query = journalColumns + `WHERE e.connection_id = ?1 AND l.settlement_id = ?2 AND l.amount_minor <> 0 AND e.scope IN (
			SELECT scope FROM fact WHERE posting >= ?2 || ':' AND posting < ?2 || ';' AND connection_id = ?1)
			ORDER BY e.event_day, e.key, l.seq` // a settlement's rows are posted as "id:row"; ";" follows ":" in ASCII
		args = []any{f.Connection, f.Settlement}
	}
	rows, err := b.Reader().QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("read what to book: %w", err)
	}
	return eachRow(rows, func(r *sql.Rows) error {
		var l JournalLine
		if err := r.Scan(&l.Day, &l.Connection, &l.Marketplace, &l.Event, &l.Order, &l.SKU, &l.Line, &l.Path, &l.Amount.Currency,
			&l.Amount.Minor, &l.Origin, &l.State, &l.Settlement); err != nil {
			return err
		}
		return row(l)
	})
}

// Journal makes the journal of a span of days: what arose in it, and what was
// paid out.
func (b *Book) Journal(ctx context.Context, chart accounts.Chart, detail accounts.Detail, from, to string) ([]accounts.Entry, error) {
	recoverable, err := b.FeeTaxRecoverable(ctx)
	if err != nil {
		return nil, err
	}
	j := accounts.NewJournal(chart, accounts.Options{Detail: detail, Last: true})
	err = b.JournalLines(ctx, JournalFilter{From: from, To: to}, func(l JournalLine) error { return j.Add(l.item(recoverable)) })
	if err != nil {
		return nil, err
	}
	payouts, err := b.Payouts(ctx, from, to)
	if err != nil {
		return nil, err
	}
	for _, p := range payouts {
		if !p.Transfer { // the others are among the lines
			if err := j.Add(p.item()); err != nil {
				return nil, err
			}
		}
	}
	return j.Entries()
}

// SettlementJournal makes the journal of one settlement: an entry for each month
// that its money arose in, and the payout, which together clear what Amazon
// owed. Cost of goods is in the journals of months only: no settlement tells it.
// A settlement that is not there is ErrNotFound.
func (b *Book) SettlementJournal(ctx context.Context, chart accounts.Chart, detail accounts.Detail, connection, settlement string) ([]accounts.Entry, error) {
	recoverable, err := b.FeeTaxRecoverable(ctx)
	if err != nil {
		return nil, err
	}
	paid, err := b.settlementHeader(ctx, connection, settlement)
	if err != nil {
		return nil, err
	}
	j := accounts.NewJournal(chart, accounts.Options{Detail: detail, Settlement: settlement})
	var rest books.Money
	transfer := false
	err = b.JournalLines(ctx, JournalFilter{Connection: connection, Settlement: settlement}, func(l JournalLine) error {
		amount := l.Amount
		if l.Line == books.CashPayout {
			if amount == paid.Amount && l.Origin == books.Finances && !transfer { // the header's own transfer
				transfer = true
				return nil
			}
			amount = amount.Neg()
		}
		if rest, err = rest.Add(amount); err != nil {
			return err
		}
		return j.Add(l.item(recoverable))
	})
	if err != nil {
		return nil, err
	}
	if rest.Currency != "" && rest.Currency != paid.Amount.Currency {
		return nil, fmt.Errorf("journal of settlement %s: %w", settlement, books.ErrCurrency)
	}
	last := paid.item()
	if !paid.Transfer && paid.Amount.Minor < 0 { // nothing was paid: Amazon takes it off the next one
		last.Line, last.Amount = books.CashReserve, paid.Amount.Neg()
	}
	if err := j.Add(last); err != nil {
		return nil, err
	}
	if differs := rest.Minor - paid.Amount.Minor; differs != 0 {
		if err := j.Balance(accounts.Item{Day: paid.Day, Connection: connection, Settlement: settlement, Amount: paid.Amount}, differs); err != nil {
			return nil, err
		}
	}
	return j.Entries()
}

// settlementHeader is the payout that a settlement's header tells.
func (b *Book) settlementHeader(ctx context.Context, connection, settlement string) (Payout, error) {
	headers, err := b.settlementPayouts(ctx)
	if err != nil {
		return Payout{}, err
	}
	for _, h := range headers {
		if h.Connection != connection || h.Settlement != settlement {
			continue
		}
		near, err := b.transfers(ctx, addDays(h.Day, -2*payoutDays), addDays(h.Day, 2*payoutDays))
		if err != nil {
			return Payout{}, err
		}
		for _, p := range joinPayouts([]Payout{h}, near) {
			if p.Header {
				return p, nil
			}
		}
		return h, nil
	}
	return Payout{}, fmt.Errorf("settlement %s: %w", settlement, ErrNotFound)
}

func (l JournalLine) item(recoverable map[string]bool) accounts.Item {
	name := l.Marketplace
	if m, ok := markets.ByID(l.Marketplace); ok {
		name = m.Name
	}
	return accounts.Item{
		Day: l.Day, Connection: l.Connection, Marketplace: name, Settlement: l.Settlement, Event: l.Event, Order: l.Order, SKU: l.SKU,
		Line: l.Line, Path: l.Path, Amount: l.Amount, Own: l.Origin == books.User, Estimated: l.State == books.Estimated,
		Recoverable: recoverable[l.Marketplace],
	}
}

func (p Payout) item() accounts.Item {
	return accounts.Item{
		Day: p.Day, Connection: p.Connection, Settlement: p.Settlement, Line: books.CashPayout, Amount: p.Amount,
	}
}

// chartSetting keeps the seller's chart of accounts, as CSV.
const chartSetting = "accounts"

// Chart is the seller's chart of accounts, the standard one until he maps his
// own.
func (b *Book) Chart(ctx context.Context) (accounts.Chart, error) {
	text, err := b.Setting(ctx, chartSetting)
	if errors.Is(err, ErrNotFound) || err == nil && text == "" {
		return accounts.StandardChart(), nil
	}
	if err != nil {
		return nil, err
	}
	return accounts.ReadChart(strings.NewReader(text))
}

// SetChart stores the seller's chart of accounts; nil goes back to the standard.
func (t *Tx) SetChart(c accounts.Chart) error {
	if c == nil {
		return t.SetSetting(chartSetting, "")
	}
	var text strings.Builder
	if err := c.Write(&text); err != nil {
		return err
	}
	return t.SetSetting(chartSetting, text.String())
}
