package accounts

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"countinghouse/data/books"
)

// Type is the kind of an account.
type Type string

// The kinds of accounts.
const (
	Asset     Type = "asset"
	Liability Type = "liability"
	Equity    Type = "equity"
	Income    Type = "income"
	Expense   Type = "expense"
)

var types = []Type{Asset, Liability, Equity, Income, Expense}

// Account is one account of the seller's chart.
type Account struct {
	Name string // parts joined by ":"; {marketplace}, {connection} and {currency} are filled in
	Code string // the accountant's number, may be empty
	Type Type
}

// Key says what an account is for: a line of the statement, or one of these.
type Key string

// The keys that are no line of the statement.
const (
	Amazon     Key = "amazon"    // clearing account: what Amazon owes the seller
	Inventory  Key = "inventory" // where cost of goods comes from
	Own        Key = "own"       // costs that the seller recorded himself, unpaid until his bank says otherwise
	FeeTax     Key = "fees.tax"  // tax on Amazon's fees that is a cost
	InputTax       = Key(books.TaxInput)
	Difference Key = "difference" // what a settlement's header and rows differ by; empty in sound books
)

// Chart maps keys to accounts. Every key has one.
type Chart map[Key]Account

// Keys are all keys in the order of the statement, then the others.
func Keys() []Key {
	var out []Key
	for _, l := range books.Lines() {
		out = append(out, Key(l))
	}
	return append(out, FeeTax, Amazon, Inventory, Own, Difference)
}

var standard = Chart{
	Key(books.SalesProduct):    {"Income:Amazon:Sales", "4000", Income},
	Key(books.SalesShipping):   {"Income:Amazon:Shipping", "4010", Income},
	Key(books.SalesGiftWrap):   {"Income:Amazon:Gift-Wrap", "4020", Income},
	Key(books.Promotion):       {"Income:Amazon:Promotions", "4100", Income},
	Key(books.Points):          {"Income:Amazon:Points", "4110", Income},
	Key(books.RefundProduct):   {"Income:Amazon:Refunds", "4200", Income},
	Key(books.RefundShipping):  {"Income:Amazon:Refunds-Shipping", "4210", Income},
	Key(books.RefundGiftWrap):  {"Income:Amazon:Refunds-Gift-Wrap", "4220", Income},
	Key(books.RefundPromotion): {"Income:Amazon:Refunds-Promotions", "4230", Income},
	Key(books.Reimbursement):   {"Income:Amazon:Reimbursements", "4300", Income},
	Key(books.COGS):            {"Expenses:Cost-of-Goods", "5000", Expense},
	Key(books.FeeReferral):     {"Expenses:Amazon:Fees:Referral", "5100", Expense},
	Key(books.FeeClosing):      {"Expenses:Amazon:Fees:Closing", "5110", Expense},
	Key(books.FeeRefundAdmin):  {"Expenses:Amazon:Fees:Refund-Administration", "5120", Expense},
	Key(books.FeeSubscription): {"Expenses:Amazon:Fees:Subscription", "5130", Expense},
	Key(books.FeeCoupon):       {"Expenses:Amazon:Fees:Coupons", "5140", Expense},
	Key(books.FeeOther):        {"Expenses:Amazon:Fees:Other", "5190", Expense},
	Key(books.FBAFulfilment):   {"Expenses:Amazon:FBA:Fulfilment", "5200", Expense},
	Key(books.FBAInbound):      {"Expenses:Amazon:FBA:Inbound", "5210", Expense},
	Key(books.FBAStorage):      {"Expenses:Amazon:FBA:Storage", "5220", Expense},
	Key(books.FBAAged):         {"Expenses:Amazon:FBA:Aged-Inventory", "5230", Expense},
	Key(books.FBARemoval):      {"Expenses:Amazon:FBA:Removal", "5240", Expense},
	Key(books.FBAReturns):      {"Expenses:Amazon:FBA:Returns", "5250", Expense},
	Key(books.FBAOther):        {"Expenses:Amazon:FBA:Other", "5290", Expense},
	Key(books.Advertising):     {"Expenses:Amazon:Advertising", "5300", Expense},
	Key(books.Postage):         {"Expenses:Postage", "5400", Expense},
	Key(books.Expense):         {"Expenses:Indirect", "6000", Expense},
	Key(books.Unclassified):    {"Expenses:Amazon:Unclassified", "5900", Expense},
	Key(books.TaxCollected):    {"Liabilities:Sales-Tax:Collected", "2200", Liability},
	Key(books.TaxWithheld):     {"Liabilities:Sales-Tax:Withheld-by-Amazon", "2210", Liability},
	Key(books.CashPayout):      {"Assets:Bank:Amazon-Payouts", "1000", Asset},
	Key(books.CashReserve):     {"Assets:Amazon:Reserve", "1210", Asset},
	Key(books.CashLoan):        {"Liabilities:Amazon-Loan", "2300", Liability},
	Amazon:                     {"Assets:Amazon:Receivable", "1200", Asset},
	Inventory:                  {"Assets:Inventory", "1300", Asset},
	Own:                        {"Liabilities:Own-Costs", "2100", Liability},
	FeeTax:                     {"Expenses:Amazon:Fees:Tax-on-Fees", "5800", Expense},
	InputTax:                   {"Assets:Input-Tax", "1400", Asset},
	Difference:                 {"Assets:Amazon:Differences", "1290", Asset},
}

// StandardChart is the chart of a seller who mapped nothing. Lines that it does
// not name are expenses under their own code.
func StandardChart() Chart {
	c := Chart{}
	for _, k := range Keys() {
		a, ok := standard[k]
		if !ok {
			a = Account{"Expenses:Amazon:" + strings.ReplaceAll(string(k), ".", "-"), "", Expense}
		}
		c[k] = a
	}
	return c
}

var chartHead = []string{"key", "account", "code", "type"}

// Write gives the chart as CSV (key, account, code, type), which ReadChart reads.
func (c Chart) Write(to io.Writer) error {
	w := csv.NewWriter(to)
	if err := w.Write(chartHead); err != nil {
		return err
	}
	for _, k := range Keys() {
		a := c[k]
		if err := w.Write([]string{string(k), a.Name, a.Code, string(a.Type)}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// ReadChart reads a mapping: CSV with the columns key, account, code and type, in
// any order, the last two optional. Keys that are left out keep their standard
// account. The error names the line.
func ReadChart(r io.Reader) (Chart, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	in.TrimLeadingSpace = true
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	at := map[string]int{}
	for i, name := range head {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	if _, ok := at["key"]; !ok {
		return nil, errors.New("read the accounts: there is no column \"key\"")
	}
	if _, ok := at["account"]; !ok {
		return nil, errors.New("read the accounts: there is no column \"account\"")
	}
	c, seen := StandardChart(), map[Key]bool{}
	for {
		row, err := in.Read()
		if err == io.EOF {
			return c, c.check()
		}
		if err != nil {
			return nil, fmt.Errorf("read the accounts: %w", err)
		}
		line, _ := in.FieldPos(0)
		cell := func(name string) string {
			if i, ok := at[name]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		k := Key(cell("key"))
		a, known := c[k]
		switch {
		case !known:
			return nil, fmt.Errorf("read the accounts: line %d: %q is no line of the statement and no other key", line, k)
		case seen[k]:
			return nil, fmt.Errorf("read the accounts: line %d: %s is mapped twice", line, k)
		}
		seen[k] = true
		a.Name, a.Code = cell("account"), cell("code")
		if t := Type(strings.ToLower(cell("type"))); t != "" {
			a.Type = t
		}
		if err := checkAccount(a); err != nil {
			return nil, fmt.Errorf("read the accounts: line %d: %w", line, err)
		}
		c[k] = a
	}
}

func checkAccount(a Account) error {
	if !slices.Contains(types, a.Type) {
		return fmt.Errorf("type %q is not asset, liability, equity, income or expense", a.Type)
	}
	for _, part := range strings.Split(a.Name, ":") {
		if part == "" || strings.TrimSpace(part) != part || strings.Contains(part, "  ") {
			return fmt.Errorf("account %q has an empty part, or spaces that do not belong there", a.Name)
		}
	}
	if i := strings.IndexFunc(a.Name, func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune("\";|[]()*!=@", r) }); i >= 0 {
		return fmt.Errorf("account %q has a character that journals use for something else", a.Name)
	}
	if strings.ContainsRune(a.Code, '\n') || strings.ContainsAny(a.Code, ";") {
		return fmt.Errorf("code %q of account %q is not one word", a.Code, a.Name)
	}
	return nil
}

// check refuses one account of two types: balance sheets would not know where
// to put it.
func (c Chart) check() error {
	typ := map[string]Type{}
	for _, k := range Keys() {
		a := c[k]
		if t, ok := typ[a.Name]; ok && t != a.Type {
			return fmt.Errorf("read the accounts: account %q is of type %s and of type %s", a.Name, t, a.Type)
		}
		typ[a.Name] = a.Type
	}
	return nil
}
