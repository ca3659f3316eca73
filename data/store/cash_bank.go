package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
)

// BankLine is a line of the seller's bank that may be a payout of Amazon's.
type BankLine struct {
	Account string // the seller's name for his bank account
	Day     string // booking day, YYYY-MM-DD
	Amount  books.Money
	Text    string // the bank's words, on one line
	Ordinal int64  // 1, 2, ... among equal lines
	Link    string // the seller's word: connection/settlement, "none", or empty
	File    string
	Line    int // in the file, from 1
}

// PutBankLines stores lines and tells how many were new. Equal lines of one call
// are genuine and number on; a file read twice, or one that overlaps another,
// adds nothing twice.
func (t *Tx) PutBankLines(lines []BankLine) (added int, err error) {
	type key struct {
		account, day, text string
		amount             books.Money
	}
	seen := map[key]int64{}
	for _, l := range lines {
		k := key{l.Account, l.Day, l.Text, l.Amount}
		seen[k]++
		n, err := t.exec(`INSERT INTO bank_line (account, bank_day, currency, amount_minor, text, ordinal, file, file_line, imported_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			l.Account, l.Day, l.Amount.Currency, l.Amount.Minor, l.Text, seen[k], l.File, l.Line, t.now)
		if err != nil {
			return added, fmt.Errorf("store the bank's line of %s: %w", l.Day, err)
		}
		added += int(n)
	}
	return added, nil
}

// LinkBankLine says which payout a line is: connection/settlement, "none" for no
// payout, "" to let it be found. A line that is not there is ErrNotFound.
func (t *Tx) LinkBankLine(l BankLine, link string) error {
	n, err := t.exec(`UPDATE bank_line SET link = ? WHERE account = ? AND bank_day = ? AND currency = ? AND amount_minor = ? AND text = ? AND ordinal = ?`,
		link, l.Account, l.Day, l.Amount.Currency, l.Amount.Minor, l.Text, l.Ordinal)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("link the bank's line of %s: %w", l.Day, err)
	}
	return nil
}

// BankLines lists the bank's lines of a span of days, oldest first.
func (b *Book) BankLines(ctx context.Context, from, to string) ([]BankLine, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT account, bank_day, currency, amount_minor, text, ordinal, link, file, file_line
		FROM bank_line WHERE bank_day >= ? AND bank_day <= ? ORDER BY bank_day, account, currency, amount_minor, text, ordinal`, from, to)
	if err != nil {
		return nil, fmt.Errorf("read the bank's lines: %w", err)
	}
	var all []BankLine
	err = eachRow(rows, func(r *sql.Rows) error {
		var l BankLine
		err := r.Scan(&l.Account, &l.Day, &l.Amount.Currency, &l.Amount.Minor, &l.Text, &l.Ordinal, &l.Link, &l.File, &l.Line)
		all = append(all, l)
		return err
	})
	return all, err
}

// bankBefore and bankAfter are how many days the bank may book a payout before
// and after the day that Amazon gives it.
const bankBefore, bankAfter = 2, 10

// PaidOut is a payout with the bank's line of it.
type PaidOut struct {
	Payout
	Bank *BankLine // nil: none found
}

// NoPayout is the BankLine.Link of a line that the seller says is no payout.
const NoPayout = "none"

// Link names a payout for BankLine.Link: by its settlement, else by day and
// amount.
func (p Payout) Link() string {
	if p.Settlement != "" {
		return p.Connection + "/" + p.Settlement
	}
	return p.Connection + "/" + p.Day + "/" + p.Amount.String()
}

// LinkReach is how many days a payout may lie from the line of the bank that the
// seller gives it.
const LinkReach = 45

// MatchBank gives each payout of a span of days its line of the bank, one against
// one: first as the seller says, then by currency, amount and day, the nearest
// first. The lines that are no payout's are returned beside.
func (b *Book) MatchBank(ctx context.Context, from, to string) (paid []PaidOut, rest []BankLine, err error) {
	payouts, err := b.Payouts(ctx, addDays(from, -LinkReach), addDays(to, LinkReach)) // what stands outside may still take a line
	if err != nil {
		return nil, nil, err
	}
	lines, err := b.BankLines(ctx, addDays(from, -2*LinkReach), addDays(to, 2*LinkReach))
	if err != nil {
		return nil, nil, err
	}
	all, rest := matchBank(payouts, lines)
	for _, p := range all {
		if from <= p.Day && p.Day <= to {
			paid = append(paid, p)
		}
	}
	rest = slices.DeleteFunc(rest, func(l BankLine) bool { return l.Day < from || l.Day > to })
	return paid, rest, nil
}

func matchBank(payouts []Payout, lines []BankLine) (paid []PaidOut, rest []BankLine) {
	used := make([]bool, len(lines))
	for _, p := range payouts {
		paid = append(paid, PaidOut{Payout: p})
	}
	take := func(i, k int) { paid[i].Bank, used[k] = &lines[k], true }
	for k, l := range lines {
		if l.Link == "" {
			continue
		}
		for i := range paid {
			if p := &paid[i]; p.Bank == nil && l.Link == p.Link() {
				take(i, k)
				break
			}
		}
	}
	for apart := 0; apart <= bankAfter; apart++ {
		for i := range paid {
			for k, l := range lines {
				if p := &paid[i]; p.Bank == nil && !used[k] && l.Link == "" && l.Amount == p.Amount && daysApart(p.Day, l.Day) == apart {
					take(i, k)
				}
			}
		}
	}
	for k, l := range lines {
		if !used[k] {
			rest = append(rest, l)
		}
	}
	return paid, rest
}

// daysApart is how far the bank's day lies from a payout's; -1 when too far.
func daysApart(payout, bank string) int {
	x, err1 := time.Parse(time.DateOnly, payout)
	y, err2 := time.Parse(time.DateOnly, bank)
	n := int(y.Sub(x) / (24 * time.Hour))
	if err1 != nil || err2 != nil || n < -bankBefore || n > bankAfter {
		return -1
	}
	return max(n, -n)
}

// LinkChoices lists the payouts that a line of the bank could be when the seller
// looks himself: of its currency, without a line, and at most LinkReach days
// apart; those of its amount first, then the nearest.
func (b *Book) LinkChoices(ctx context.Context, l BankLine) ([]Payout, error) {
	paid, _, err := b.MatchBank(ctx, addDays(l.Day, -LinkReach), addDays(l.Day, LinkReach))
	if err != nil {
		return nil, err
	}
	var all []Payout
	for _, p := range paid {
		if p.Bank == nil && p.Amount.Currency == l.Amount.Currency {
			all = append(all, p.Payout)
		}
	}
	far := func(p Payout) int64 { return abs(p.Amount.Minor - l.Amount.Minor) }
	slices.SortStableFunc(all, func(x, y Payout) int {
		return cmp.Or(cmp.Compare(far(x), far(y)), cmp.Compare(apartDays(x.Day, l.Day), apartDays(y.Day, l.Day)))
	})
	return all, nil
}

// LineChoices lists the lines of the bank that a payout without one could be: of
// its currency, no other payout's, at most LinkReach days apart; the nearest
// amount first.
func (b *Book) LineChoices(ctx context.Context, p Payout) ([]BankLine, error) {
	_, rest, err := b.MatchBank(ctx, addDays(p.Day, -LinkReach), addDays(p.Day, LinkReach))
	if err != nil {
		return nil, err
	}
	rest = slices.DeleteFunc(rest, func(l BankLine) bool { return l.Amount.Currency != p.Amount.Currency })
	slices.SortStableFunc(rest, func(x, y BankLine) int {
		return cmp.Or(cmp.Compare(abs(x.Amount.Minor-p.Amount.Minor), abs(y.Amount.Minor-p.Amount.Minor)), cmp.Compare(apartDays(x.Day, p.Day), apartDays(y.Day, p.Day)))
	})
	return rest, nil
}

// apartDays is how many days lie between two.
func apartDays(a, b string) int {
	x, _ := time.Parse(time.DateOnly, a)
	y, _ := time.Parse(time.DateOnly, b)
	n := int(y.Sub(x) / (24 * time.Hour))
	return max(n, -n)
}

// bankLineOf is the bank's line of one payout.
func (b *Book) bankLineOf(ctx context.Context, p Payout) (*BankLine, error) {
	paid, _, err := b.MatchBank(ctx, p.Day, p.Day)
	if err != nil {
		return nil, err
	}
	for _, o := range paid {
		if o.Connection == p.Connection && o.Settlement == p.Settlement && o.Amount == p.Amount {
			return o.Bank, nil
		}
	}
	return nil, nil
}

// AmazonInBank tells whether the bank's words name Amazon.
func AmazonInBank(text string) bool {
	text = strings.ToLower(text)
	for _, name := range []string{"amazon", "amzn", "アマゾン", "ｱﾏｿﾞﾝ", "亚马逊"} {
		if strings.Contains(text, name) {
			return true
		}
	}
	return false
}
