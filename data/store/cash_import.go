package store

import (
	"context"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
)

// BankImport is what of a bank's file is kept.
type BankImport struct {
	Lines []BankLine // of Amazon: they name it, or equal a payout of those days
	Other int        // rows of other business, which are not kept
}

// PickBankLines takes what may be a payout out of a bank's file. Everything else
// on the statement is the seller's own business and is not stored.
func (b *Book) PickBankLines(ctx context.Context, account, file string, f accounts.BankFile) (BankImport, error) {
	var in BankImport
	if len(f.Rows) == 0 {
		return in, nil
	}
	from, to := f.Rows[0].Day, f.Rows[0].Day
	for _, r := range f.Rows {
		from, to = min(from, r.Day), max(to, r.Day)
	}
	payouts, err := b.Payouts(ctx, addDays(from, -bankAfter), addDays(to, bankBefore))
	if err != nil {
		return in, err
	}
	paid := map[books.Money][]string{}
	for _, p := range payouts {
		paid[p.Amount] = append(paid[p.Amount], p.Day)
	}
	for _, r := range f.Rows {
		ours := AmazonInBank(r.Text)
		for _, day := range paid[r.Amount] {
			ours = ours || daysApart(day, r.Day) >= 0
		}
		if !ours {
			in.Other++
			continue
		}
		in.Lines = append(in.Lines, BankLine{Account: account, Day: r.Day, Amount: r.Amount, Text: r.Text, File: file, Line: r.Line})
	}
	return in, nil
}
