package desktop

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// deed is a text that the book keeps of what was done, and the words that say it
// to the reader. The text stays English for good: hashes chain it. What varies in
// it stands in braces, by its kind; {_} is not shown. Without a key the values
// alone say it, beside the word of the entry's kind.
type deed struct{ text, key string }

// deeds are the texts of Tx.Audit and Tx.Because, those that say more first.
var deeds = []deed{
	{"the book was made", ""},
	{"an older copy of the book was opened", "unlock.deed_older_book"},
	{"an older key file was opened", "unlock.deed_older_keys"},
	{"opened without what was damaged in the log of {x}", "unlock.deed_without"},
	{"the books were derived again", ""},
	{"the SQLCipher keys were shown", ""},
	{"connection {account} in region {_}", ""},
	{"connection {account}", ""},
	{"{credential} of connection {account} is of {day}", "deed.credential"},
	{"archive without people", "deed.archive"},
	{"archive with people", "deed.archive_people"},
	{"bank file with {n} lines of Amazon, {n} of them new", "deed.bank_file"},
	{"{report}, {n} rows", "deed.report"},
	{"said what the bank's line of {day} is", "deed.bank_line"},
	{"personal data of {n} orders; personal.db has a new key", "deed.purge"},
	{"recipient of order {x}", ""},
	{"added a slot of kind {slot}", "deed.slot_added"},
	{"changed the passphrase of slot {x}", "deed.slot_passphrase"},
	{"removed slot {x}", "deed.slot_removed"},
	{"made a new recovery code", "deed.code_made"},
	{"confirmed the recovery code", "deed.code_confirmed"},
	{"closed {month}", ""},
	{"reopened {month}", ""},
	{"unit cost of {x} removed", "deed.removed"},
	{"removed the unit cost of {x} from {day}", "deed.removed_from"},
	{"removed the unit cost of {x} from ", "deed.removed"},
	{"removed a unit cost of {x}", "deed.removed"},
	{"unit cost of {x} from {day}", "deed.from"},
	{"unit cost of {x} from ", ""},
	{"unit cost of {x}", ""},
	{"cost list with {n} rows", "deed.cost_list"},
	{"list of {n} purchases", "deed.purchases"},
	{"list of {n} expenses", "deed.expenses"},
	{"list {x}", "deed.list"},
	{"purchase {x}", "deed.purchase"},
	{"removed purchase {x}", "deed.purchase_removed"},
	{"invoice of purchase {x}", "deed.invoice"},
	{"attached an invoice to purchase {x}", "deed.invoice"},
	{"the demo seller's purchases", "deed.demo_purchases"},
	{"expense {x}", "deed.expense"},
	{"removed expense {x}", "deed.expense_removed"},
	{"costing method {method}", "deed.method"},
	{"kit {x}", "deed.kit"},
	{"postage", "deed.postage"},
	{"carrier's bill {x}", "deed.carrier_bill"},
	{"removed goods move {x}", "deed.goods_number"},
	{"removed: {n} of {x} {goods} {order}", "deed.goods_order_removed"},
	{"removed: {n} of {x} {goods}", "deed.goods_removed"},
	{"{n} of {x} {goods} {order}", "deed.goods_order"},
	{"{n} of {x} {goods}", "deed.goods"},
	{"removed the rate of {x} to {x} on {day}", "deed.rate_removed"},
	{"rate of {x} to {x} on {day}", "deed.rate"},
	{"exchange rates of the European Central Bank", "deed.rates_fetched"},
	{"switched the fetching of exchange rates on", "deed.fetching_on"},
	{"switched the fetching of exchange rates off", "deed.fetching_off"},
	{"book currency {x}", "deed.currency"},
	{"{_} / {x} / {x} stands on {line}", "deed.classified"},
	{"{_} / {x} / {x}: rule taken back", "deed.unclassified"},
	{"tax on fees in {x} is {tax}", "deed.tax"},
	{"mapped the accounts of the journal", "deed.accounts"},
	{"went back to the standard accounts of the journal", "deed.accounts_standard"},
}

// deedValues are the forms of what varies; a value that needs no words shows itself.
var deedValues = map[string]struct {
	form string
	say  func(e *env, v string) string
}{
	"x":       {`.+`, nil},
	"_":       {`.+?`, nil},
	"order":   {`\S+`, nil},
	"n":       {`[\d.,\x{202f}\x{a0}]+`, sayNumber},
	"account": {`\S+`, func(_ *env, v string) string { return accountLabel(v) }},
	"day":     {`\d{4}-\d{2}-\d{2}`, func(e *env, v string) string { return sayTime(v, time.DateOnly, e.loc.Date) }},
	"month":   {`\d{4}-\d{2}`, func(e *env, v string) string { return sayTime(v, monthForm, e.loc.Month) }},
	"report":  {`[a-z0-9-]+`, func(e *env, v string) string { return e.words.T("import.kind." + v) }},
	"slot":    {`passphrase\+keychain|passphrase|keychain|recovery`, func(e *env, v string) string { return e.words.T("settings.slot." + v) }},
	"method":  {`average|fifo|period`, func(e *env, v string) string { return e.words.T("costs.method." + v) }},
	"goods":   {`returned|lost|found`, func(e *env, v string) string { return e.words.T("costs.kind." + v) }},
	"line":    {`\S+`, func(e *env, v string) string { return lineName(v, e.words) }},
	"credential": {store.SecretDate + "|" + store.ConsentDate,
		func(e *env, v string) string { return e.words.T("deed.credential_" + v) }},
	"tax": {`recoverable|cost`, func(e *env, v string) string { return e.words.T("deed.tax_" + v) }},
}

const monthForm = "2006-01"

func sayNumber(e *env, v string) string {
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return v // written with the signs of a language
	}
	return e.loc.Count(n)
}

func sayTime(v, form string, say func(time.Time) string) string {
	t, err := time.Parse(form, v)
	if err != nil {
		return v
	}
	return say(t)
}

// accountLabel is how the window calls an account: the code of its region, or
// the name that the user gave it.
func accountLabel(id string) string {
	switch id {
	case "na", "eu", "fe":
		return strings.ToUpper(id)
	}
	return id
}

// deedForm is a deed that can be looked for; kinds are those of its values.
type deedForm struct {
	deed
	find  *regexp.Regexp
	kinds []string
}

var (
	deedGap   = regexp.MustCompile(`\{[a-z_]+\}`)
	deedForms = sync.OnceValue(func() []deedForm {
		var out []deedForm
		for _, d := range deeds {
			f, pattern, at := deedForm{deed: d}, "^", 0
			for _, gap := range deedGap.FindAllStringIndex(d.text, -1) {
				kind := d.text[gap[0]+1 : gap[1]-1]
				f.kinds = append(f.kinds, kind)
				pattern += regexp.QuoteMeta(d.text[at:gap[0]]) + "(" + deedValues[kind].form + ")"
				at = gap[1]
			}
			f.find = regexp.MustCompile(pattern + regexp.QuoteMeta(d.text[at:]) + "$")
			out = append(out, f)
		}
		return out
	})
)

// sayDeed says a text of the book in the reader's language; known is false of one
// that this program does not know, which is shown as it is.
func sayDeed(e *env, text string) (said string, known bool) {
	for _, f := range deedForms() {
		m := f.find.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		key, values, list := f.key, []any{}, []string{}
		for i, kind := range f.kinds {
			v := m[i+1]
			if kind == "_" {
				continue
			}
			if say := deedValues[kind].say; say != nil {
				v = say(e, v)
			}
			if kind == "n" && len(values) == 0 && m[i+1] == "1" && e.words.T(key+".one") != key+".one" {
				key += ".one"
			}
			values, list = append(values, v), append(list, v)
		}
		if key == "" {
			return strings.Join(list, " "), true
		}
		return e.words.T(key, values...), true
	}
	return text, false
}

var (
	deedBy     = regexp.MustCompile(`^(?:(.+) by ([^:;]+?)|(.+?))(?:: cost of goods (.+))?$`)
	deedChange = regexp.MustCompile(`(\d{4}-\d{2}) \+?(-?[\d.]+) ([A-Z]{3})(?: \(closed; stands in (\d{4}-\d{2})\))?`)
)

// sayCauses says what costs were counted anew for; one transaction may have
// several causes.
func sayCauses(e *env, text string) string {
	var causes []string
	for i, part := range strings.Split(text, "; ") {
		if _, known := sayDeed(e, part); i > 0 && !known { // of a name with a semicolon
			causes[len(causes)-1] += "; " + part
			continue
		}
		causes = append(causes, part)
	}
	for i := range causes {
		causes[i] = sayCause(e, causes[i])
	}
	return strings.Join(causes, " · ")
}

// sayCause says one cause, with the word of its kind where the values alone would
// not tell closing a month from reopening it.
func sayCause(e *env, text string) string {
	said, _ := sayDeed(e, text)
	for head, action := range map[string]string{"closed ": "close", "reopened ": "reopen", "unit cost of ": "cost"} {
		if strings.HasPrefix(text, head) {
			return e.words.T("deed.cause", e.words.T("privacy.action."+action), said)
		}
	}
	return said
}

// sayCosts says a text that names who changed costs, and what that did to the
// cost of goods of each month; action is the entry's kind, whose word stands before.
func sayCosts(e *env, action, text string) string {
	m := deedBy.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	cause := m[1] + m[3] // one of them is empty
	said, _ := sayDeed(e, cause)
	if action == "costs" {
		said = sayCauses(e, cause)
	}
	if m[2] != "" {
		said += " (" + m[2] + ")"
	}
	if m[4] == "" {
		return said
	}
	var list []string
	for _, c := range deedChange.FindAllStringSubmatch(m[4], -1) {
		list = append(list, sayMonthChange(e, c))
	}
	return e.words.T("deed.cost_of_goods", said, strings.Join(list, " · "))
}

// sayMonthChange says what happened to the cost of goods of one month: m are the
// parts of deedChange.
func sayMonthChange(e *env, m []string) string {
	amount, err := books.ParseDecimal(m[2], m[3])
	if err != nil {
		return m[0]
	}
	change := sayTime(m[1], monthForm, e.loc.Month) + " " + e.loc.Change(amount) + "\u00a0" + m[3]
	if m[4] == "" {
		return change
	}
	return e.words.T("deed.stands_in", change, sayTime(m[4], monthForm, e.loc.Month))
}
