package accounts

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"countinghouse/data/books"
)

// BankRow is one booking of a bank's statement.
type BankRow struct {
	Day    string // YYYY-MM-DD
	Amount books.Money
	Text   string // payee, purpose and reference, on one line
	Line   int    // in the file, from 1
}

// BankFile is what a bank's CSV turned out to be.
type BankFile struct {
	Rows    []BankRow
	Columns map[string]string // what was recognised: date, text, amount, credit, debit, currency; by the file's own heading
	Days    string            // how dates are read: 2006-01-02, 02.01.2006 ...
	Decimal string            // "." or ","
	Bad     []BadRow          // rows that have a date but cannot be read
}

// BadRow is a row that cannot be read, with the reason.
type BadRow struct {
	Line int
	Why  string
}

// BankHint is what the user says where a file leaves it open.
type BankHint struct {
	Currency string // where there is no column of it
	Days     string // "dmy" or "mdy" where both can be read
}

// Errors of ReadBank that a hint mends.
var (
	ErrBankColumns  = errors.New("no heading names a date and an amount; the file must have a line of headings")
	ErrBankCurrency = errors.New("the file does not tell its currency; say which it is")
	ErrBankDays     = errors.New("the dates can be read day first or month first; say which (dmy or mdy)")
)

// bankHeads are what banks call their columns, in lower case, the surest first.
var bankHeads = map[string][]string{
	"date": {"buchungstag", "buchungsdatum", "booking date", "posting date", "posted date", "post date", "transaction date", "completed date", "date completed",
		"started date", "date", "datum", "valuta", "valutadatum", "wertstellung", "取引日", "お取引日", "お取り扱い日", "年月日", "日付", "操作日", "交易日期", "交易日", "记账日期", "日期"},
	"amount":   {"betrag", "betrag (eur)", "betrag (€)", "umsatz", "amount", "amount (eur)", "amount (usd)", "amount (gbp)", "transaction amount", "net amount", "金額", "取引金額", "金额", "交易金额", "发生额"},
	"credit":   {"credit", "credit amount", "haben", "gutschrift", "paid in", "money in", "deposit", "deposits", "入金", "入金額", "お預入れ", "お預入金額", "お預り金額", "預入額", "收入", "收入金额", "贷方金额", "贷方发生额"},
	"debit":    {"debit", "debit amount", "soll", "lastschrift", "paid out", "money out", "withdrawal", "withdrawals", "出金", "出金額", "お引出し", "お引出金額", "お支払金額", "引出額", "支出", "支出金额", "借方金额", "借方发生额"},
	"currency": {"währung", "waehrung", "currency", "currency code", "wkz", "通貨", "币种", "货币"},
	"text": {"verwendungszweck", "buchungstext", "beguenstigter/zahlungspflichtiger", "begünstigter/zahlungspflichtiger", "auftraggeber/empfänger", "empfänger", "zahlungspflichtige*r",
		"zahlungsempfänger*in", "auftraggeber", "name", "payee", "description", "details", "memo", "narrative", "reference", "transaction description",
		"摘要", "お取引内容", "お取り扱い内容", "取引内容", "内容", "備考", "备注", "附言", "对方户名", "交易摘要"},
}

// ReadBank reads a bank's CSV: any separator, charset and order of columns, with
// or without lines above the headings. What it cannot tell for sure is one of the
// errors above; nothing is guessed about money.
func ReadBank(data []byte, hint BankHint) (BankFile, error) {
	f := BankFile{Columns: map[string]string{}}
	text, err := decodeBank(data)
	if err != nil {
		return f, err
	}
	records, lines := splitBank(text)
	head, at := findHeads(records)
	if head < 0 {
		return f, ErrBankColumns
	}
	for role, i := range at {
		for _, c := range i {
			f.Columns[role] = strings.TrimPrefix(f.Columns[role]+" + "+strings.TrimSpace(records[head][c]), " + ")
		}
	}
	b := bankReader{at: at, hint: hint}
	body := records[head+1:]
	if err := b.learn(body); err != nil {
		return f, err
	}
	f.Days, f.Decimal = b.layout, b.decimal
	for i, r := range body {
		row, why := b.row(r)
		row.Line = lines[head+1+i]
		switch {
		case why == "":
			f.Rows = append(f.Rows, row)
		case why != empty:
			f.Bad = append(f.Bad, BadRow{row.Line, why})
		}
		if errors.Is(b.err, ErrBankCurrency) {
			return f, b.err
		}
	}
	return f, nil
}

// empty marks a row without date: a sum, a remark.
const empty = "empty"

// decodeBank finds the charset: UTF-8 or UTF-16 by their marks, else by what
// headings it makes readable.
func decodeBank(data []byte) (string, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		return string(out), err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	best, most := "", 0
	for _, e := range []encoding.Encoding{charmap.Windows1252, japanese.ShiftJIS, simplifiedchinese.GB18030} {
		out, err := e.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
			continue
		}
		records, _ := splitBank(string(out))
		known := 0
		if head, at := findHeads(records); head >= 0 {
			for _, columns := range at {
				known += len(columns)
			}
		}
		if known > most {
			best, most = string(out), known
		}
	}
	if most == 0 {
		return "", ErrBankColumns
	}
	return best, nil
}

// splitBank cuts the file into cells, with the separator that gives most of them.
func splitBank(text string) (records [][]string, lines []int) {
	most := 0
	for _, sep := range []rune{';', ',', '\t'} {
		in := csv.NewReader(strings.NewReader(text))
		in.Comma, in.FieldsPerRecord, in.LazyQuotes = sep, -1, true
		var all [][]string
		var at []int
		cells := 0
		for {
			r, err := in.Read()
			if err != nil {
				break
			}
			line, _ := in.FieldPos(0)
			all, at = append(all, r), append(at, line)
			if len(r) > 1 {
				cells += len(r)
			}
		}
		if head, _ := findHeads(all); head >= 0 && cells > most {
			most, records, lines = cells, all, at
		}
	}
	return records, lines
}

// findHeads finds the line of headings among the first ones: the first that
// names a date and an amount.
func findHeads(records [][]string) (int, map[string][]int) {
	for i, r := range records[:min(len(records), 40)] {
		at := map[string][]int{}
		for role, names := range bankHeads {
			for _, name := range names {
				if k := slices.IndexFunc(r, func(c string) bool { return strings.ToLower(strings.TrimSpace(c)) == name }); k >= 0 {
					if role == "text" || len(at[role]) == 0 {
						at[role] = append(at[role], k)
					}
				}
			}
			slices.Sort(at[role])
		}
		if len(at["date"]) > 0 && (len(at["amount"]) > 0 || len(at["credit"]) > 0) {
			return i, at
		}
	}
	return -1, nil
}

// bankReader reads rows once it has learnt how dates and numbers are written.
type bankReader struct {
	at      map[string][]int
	hint    BankHint
	layout  string
	decimal string
	err     error
}

func (b *bankReader) cell(r []string, role string) string {
	if at := b.at[role]; len(at) > 0 && at[0] < len(r) {
		return strings.TrimSpace(r[at[0]])
	}
	return ""
}

// learn looks at whole columns: one date after the 12th tells the order of day
// and month, one amount with cents tells the decimal mark.
func (b *bankReader) learn(body [][]string) error {
	first, second, commas, points := false, false, false, false
	slashed := 0
	for _, r := range body {
		var x, y, z int
		day := b.cell(r, "date")
		if n, err := fmt.Sscanf(strings.ReplaceAll(day, "-", "/"), "%d/%d/%d", &x, &y, &z); n == 3 && err == nil && z > 31 {
			slashed++
			first, second = first || x > 12, second || y > 12
		}
		for _, role := range []string{"amount", "credit", "debit"} {
			digits := strings.TrimRight(b.cell(r, role), " -+SHCRD)€$£¥円元")
			if i := strings.LastIndexAny(digits, ",."); i >= 0 && (len(digits)-i-1 == 2 || len(digits)-i-1 == 1) {
				commas, points = commas || digits[i] == ',', points || digits[i] == '.'
			}
		}
	}
	if commas && points {
		return errors.New("some amounts have a decimal comma and some a decimal point; the file is no single statement")
	}
	b.decimal = "."
	if commas {
		b.decimal = ","
	}
	switch {
	case slashed == 0:
	case first && second:
		return errors.New("some dates have the day first and some the month; the file is no single statement")
	case first || !second && b.hint.Days == "dmy":
		b.layout = "2/1/2006"
	case second || b.hint.Days == "mdy":
		b.layout = "1/2/2006"
	default:
		return ErrBankDays
	}
	return nil
}

var bankLayouts = []string{
	"2006-01-02", "2006-1-2", "2006/1/2", "2006.1.2", "2.1.2006", "2.1.06", "20060102", "2006年1月2日", "2 Jan 2006", "Jan 2, 2006", "02-Jan-2006",
	"2006-01-02 15:04:05", "2006/01/02 15:04:05", "2006-01-02T15:04:05Z07:00",
}

func (b *bankReader) day(text string) (string, bool) {
	layouts := bankLayouts
	if b.layout != "" {
		layouts = append([]string{b.layout, strings.ReplaceAll(b.layout, "/", "-")}, layouts...)
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, text); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

func (b *bankReader) row(r []string) (out BankRow, why string) {
	day := b.cell(r, "date")
	if day == "" {
		return out, empty
	}
	var ok bool
	if out.Day, ok = b.day(day); !ok {
		if !strings.ContainsAny(day, "0123456789") {
			return out, empty // a remark below the bookings
		}
		return out, fmt.Sprintf("%q is no date", day)
	}
	currency := strings.ToUpper(b.cell(r, "currency"))
	switch currency {
	case "":
		currency = b.hint.Currency
	case "€":
		currency = "EUR"
	case "円":
		currency = "JPY"
	}
	if len(currency) != 3 {
		b.err = ErrBankCurrency
		return out, "no currency"
	}
	var err error
	if out.Amount, err = b.amount(r, currency); err != nil {
		return out, err.Error()
	}
	var words []string
	for _, i := range b.at["text"] {
		if i < len(r) && strings.TrimSpace(r[i]) != "" {
			words = append(words, r[i])
		}
	}
	out.Text = strings.Join(strings.Fields(strings.ToValidUTF8(strings.Join(words, " "), "")), " ")
	if letters := []rune(out.Text); len(letters) > 300 {
		out.Text = string(letters[:300])
	}
	return out, ""
}

// amount reads the amount, or credit less debit.
func (b *bankReader) amount(r []string, currency string) (books.Money, error) {
	if text := b.cell(r, "amount"); text != "" {
		return b.number(text, currency)
	}
	sum := books.Money{Currency: currency}
	some := false
	for _, side := range []string{"credit", "debit"} {
		text := b.cell(r, side)
		if text == "" {
			continue
		}
		m, err := b.number(text, currency)
		if err != nil {
			return sum, err
		}
		some = true
		if side == "debit" && m.Minor > 0 {
			m = m.Neg()
		}
		if sum, err = sum.Add(m); err != nil {
			return sum, err
		}
	}
	if !some {
		return sum, errors.New("the row has no amount")
	}
	return sum, nil
}

// number reads 1.234,56- and (1,234.56) and ¥1,234 alike, exactly.
func (b *bankReader) number(text, currency string) (books.Money, error) {
	clean, negative := "", false
	for _, r := range strings.ReplaceAll(text, currency, "") {
		switch {
		case r == '-' || r == '−' || r == '(':
			negative = true
		case r >= '0' && r <= '9', string(r) == b.decimal:
			clean += string(r)
		case strings.ContainsRune(",. '’)+€$£¥￥\\円元 \u00a0\u202f", r):
		case r == 'S' || r == 'D': // Soll, debit
			negative = true
		case r == 'H' || r == 'C' || r == 'R': // Haben, credit
		default:
			return books.Money{}, fmt.Errorf("%q is no amount", text)
		}
	}
	if books.Digits(currency) == 0 && !strings.Contains(clean, b.decimal) {
		clean = strings.ReplaceAll(clean, ",", "")
	}
	m, err := books.ParseDecimal(strings.Replace(clean, b.decimal, ".", 1), currency)
	if err != nil {
		return m, fmt.Errorf("%q is no amount in %s", text, currency)
	}
	if negative {
		m = m.Neg()
	}
	return m, nil
}
