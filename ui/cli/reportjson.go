package cli

import (
	"time"

	"countinghouse/data/store"
)

// The rows of report ... --format json. They are part of the interface and
// documented in README: a field may be added, none is renamed or removed, and
// what is not known is null. Money is exact decimal text, and minor units (cents;
// yen have none) as an integer.

type orderJSON struct {
	store.OrderRow
	Total *string `json:"total"`
}

type lineJSON struct {
	store.MoneyRow
	Amount string `json:"amount"`
}

type stockJSON struct {
	Connection    string  `json:"connection"`
	Marketplace   string  `json:"marketplace_id"`
	SKU           string  `json:"sku"`
	ASIN          string  `json:"asin"`
	Title         string  `json:"title"`
	Day           *string `json:"snapshot_day"`
	Fulfillable   *int64  `json:"fulfillable"`
	Inbound       *int64  `json:"inbound"`
	Reserved      *int64  `json:"reserved"`
	Unfulfillable *int64  `json:"unfulfillable"`
	Own           *int64  `json:"own_quantity"`
}

// stockOf leaves out the quantities of a SKU that Amazon does not hold: they are
// unknown, not 0.
func stockOf(r store.StockRow) stockJSON {
	j := stockJSON{
		Connection: r.Connection, Marketplace: r.Marketplace, SKU: r.SKU, ASIN: r.ASIN, Title: r.Title, Own: r.OwnQuantity,
	}
	if r.Day != "" {
		j.Day, j.Fulfillable, j.Inbound, j.Reserved, j.Unfulfillable = &r.Day, &r.Fulfillable, &r.Inbound, &r.Reserved, &r.Unfulfillable
	}
	return j
}

type settlementJSON struct {
	Connection string     `json:"connection"`
	ID         string     `json:"settlement_id"`
	Start      time.Time  `json:"start"`
	End        time.Time  `json:"end"`
	Deposit    *time.Time `json:"deposit"`
	Currency   string     `json:"currency"`
	Total      string     `json:"total"`
	TotalMinor int64      `json:"total_minor"`
	RowsSum    string     `json:"rows_sum"`
	RowsMinor  int64      `json:"rows_minor"`
	Rows       int64      `json:"rows"`
	Open       int64      `json:"open"`
}

func settlementOf(r store.SettlementRow) settlementJSON {
	j := settlementJSON{
		Connection: r.Connection, ID: r.ID, Start: r.Start, End: r.End, Currency: r.Currency, Rows: r.Rows, Open: r.Open,
		Total: amount(r.TotalMinor, r.Currency), TotalMinor: r.TotalMinor, RowsSum: amount(r.RowsMinor, r.Currency), RowsMinor: r.RowsMinor,
	}
	if !r.Deposit.IsZero() {
		j.Deposit = &r.Deposit
	}
	return j
}

// decimalOf is an amount as text, nil when it is not known.
func decimalOf(minor *int64, currency string) *string {
	if minor == nil {
		return nil
	}
	text := amount(*minor, currency)
	return &text
}

// dash shows what is not known as "-".
func dash(text *string) string {
	if text == nil {
		return "-"
	}
	return *text
}

func count(n *int64) string {
	if n == nil {
		return "-"
	}
	return number(*n)
}
