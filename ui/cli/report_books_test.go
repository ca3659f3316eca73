package cli_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	journal "countinghouse/data/accounts"
	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	appsync "countinghouse/sync"
	"countinghouse/sync/spapifake"
	"countinghouse/ui/session"
)

// TestTheDemoSellersBooks fills one book and looks at it from all sides.
func TestTheDemoSellersBooks(t *testing.T) {
	b := demoBook(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, *store.Book)
	}{
		{"every source of every account is up to date", sourcesAreIn},
		{"hledger adds the months up to the statement", monthsAddUp},
		{"hledger clears every settlement", settlementsClear},
		{"tax on fees that comes back is profit", feeTaxComesBack},
		{"the bridge leaves nothing over", bridgeHolds},
		{"tax by rate is the statement's tax", taxAddsUp},
		{"order dates and posting dates are reconciled", datesReconcile},
		{"what Amazon holds is what Amazon says", balancesAgree},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, b) })
	}
}

// sourcesAreIn: filling the demo fetches all that there is, and nothing of it fails.
func sourcesAreIn(t *testing.T, b *store.Book) {
	states, err := b.SyncStates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := len(spapifake.Connections()) * len(appsync.All()); len(states) != want {
		t.Errorf("%d sources, want %d", len(states), want)
	}
	for _, s := range states {
		if s.OK.IsZero() || s.Error != "" {
			t.Errorf("%s %s: %+v", s.Connection, s.Resource, s)
		}
	}
}

func demoBook(t *testing.T) *store.Book {
	t.Helper()
	seller := spapifake.New(spapifake.Config{Seed: 11, Orders: 300, Days: 150, Speed: 100})
	if err := seller.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer seller.Close()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	slots := []vault.NewSlot{{Kind: vault.KindRecovery, Label: "test", Recovery: code}}
	s, err := session.Create(t.Context(), session.Place{Home: store.Home(t.TempDir())}, "Demo", session.Demo, slots)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.FillDemo(t.Context(), seller, nil); err != nil {
		t.Fatal(err)
	}
	return s.Book
}

// hledgerBalances gives what hledger adds a journal up to, by account and
// currency, as plain decimals. It checks the journal first.
func hledgerBalances(t *testing.T, entries []journal.Entry) map[string]string {
	t.Helper()
	path, err := exec.LookPath("hledger")
	if err != nil {
		t.Skip("hledger is not installed")
	}
	var text bytes.Buffer
	if err := journal.WriteHledger(&text, entries); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "books.journal")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) []byte {
		cmd := exec.Command(path, append([]string{"-f", file}, args...)...)
		cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("hledger %v: %v\n%.2000s", args, err, out)
		}
		return out
	}
	run("check", "--strict")
	sums := map[string]string{}
	for _, c := range []string{"USD", "EUR", "JPY"} {
		rows, err := csv.NewReader(bytes.NewReader(run("balance", "--flat", "-N", "-O", "csv", "cur:"+c))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows[1:] {
			if amount, ok := strings.CutSuffix(r[1], " "+c); ok {
				sums[r[0]+" "+c] = amount
			}
		}
	}
	return sums
}

// The journals of all months, as hledger adds them up, are the statements and the
// payouts, to the cent, in three currencies.
func monthsAddUp(t *testing.T, b *store.Book) {
	from, to, err := b.Span(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []journal.Entry
	for month := from[:7]; month <= to[:7]; month = nextMonth(month) {
		entries, err := b.Journal(t.Context(), journal.StandardChart(), journal.ByMonth, month+"-01", journal.LastDay(month))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entries...)
	}
	got := hledgerBalances(t, all)

	rows, err := b.Rollups(t.Context(), "", "", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	wantLines(t, b, rows, got)
	for currency, minor := range payoutsOf(t, b) {
		key := "Assets:Bank:Amazon-Payouts " + currency
		if want := (books.Money{Minor: minor, Currency: currency}).Decimal(); got[key] != want {
			t.Errorf("%s: hledger says %s, the settlements and transfers paid %s", key, got[key], want)
		}
	}
}

// feeTaxComesBack: what the seller recovers is profit, in the statement and in the
// journal alike.
func feeTaxComesBack(t *testing.T, b *store.Book) {
	const german = "A1PA6795UKMFR9"
	profit := func() (net, tax int64) {
		rows, err := b.Rollups(t.Context(), "", "", []string{german}, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if !strings.HasPrefix(string(r.Line), "tax.") && !strings.HasPrefix(string(r.Line), "cash.") {
				net += r.Minor
			}
		}
		fees, err := b.TaxOnFees(t.Context(), store.SumFilter{Marketplaces: []string{german}})
		if err != nil || len(fees) != 1 || fees[0].Minor >= 0 {
			t.Fatal(fees, err)
		}
		return net, fees[0].Minor
	}
	say := func(recoverable bool) {
		if err := b.Write(t.Context(), func(tx *store.Tx) error { return tx.SetFeeTaxRecoverable(german, recoverable) }); err != nil {
			t.Fatal(err)
		}
	}
	net, tax := profit()
	say(true)
	defer say(false)
	if after, same := profit(); after != net-tax || same != tax {
		t.Errorf("profit was %d and is %d, tax on fees %d and %d", net, after, tax, same)
	}
	monthsAddUp(t, b)
	settlementsClear(t, b)
}

func nextMonth(month string) string { return dayAfter(journal.LastDay(month))[:7] }

func dayAfter(day string) string {
	t, _ := time.Parse(time.DateOnly, day)
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// wantLines compares each account with the roll-up, tax on fees taken off the
// fees by the money lines' own names.
func wantLines(t *testing.T, b *store.Book, rows []books.Rollup, got map[string]string) {
	t.Helper()
	want := map[string]int64{}
	chart := journal.StandardChart()
	for _, r := range rows {
		if !strings.HasPrefix(string(r.Line), "cash.") {
			want[chart[journal.Key(r.Line)].Name+" "+r.Currency] -= r.Minor
		}
	}
	err := b.MoneyLines(t.Context(), store.LineFilter{}, func(m store.MoneyRow) error {
		if strings.HasSuffix(m.AmazonName, "/Tax") && !strings.HasPrefix(m.Line, "tax.") {
			want[chart[journal.Key(m.Line)].Name+" "+m.Currency] += m.Minor
			want["Expenses:Amazon:Fees:Tax-on-Fees "+m.Currency] -= m.Minor
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for key, minor := range want {
		amount := (books.Money{Minor: minor, Currency: key[len(key)-3:]}).Decimal()
		if minor == 0 {
			continue
		}
		found++
		if got[key] != amount {
			t.Errorf("%s: hledger says %q, the books %s", key, got[key], amount)
		}
	}
	if found < 40 {
		t.Errorf("only %d accounts were compared", found)
	}
}

// payoutsOf adds up what the transfers in the books say was paid.
func payoutsOf(t *testing.T, b *store.Book) map[string]int64 {
	t.Helper()
	sums := map[string]int64{}
	err := b.MoneyLines(t.Context(), store.LineFilter{Line: string(books.CashPayout)}, func(m store.MoneyRow) error {
		sums[m.Currency] += m.Minor
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(sums) != 3 {
		t.Errorf("payouts in %d currencies", len(sums))
	}
	return sums
}

// Each settlement's journal brings exactly its payout to the bank and leaves
// nothing on the clearing account.
func settlementsClear(t *testing.T, b *store.Book) {
	count, split := 0, 0
	err := b.Settlements(t.Context(), func(r store.SettlementRow) error {
		entries, err := b.SettlementJournal(t.Context(), journal.StandardChart(), journal.ByMonth, r.Connection, r.ID)
		if err != nil {
			return err
		}
		if len(entries) > 2 {
			split++
		}
		got := hledgerBalances(t, entries)
		want := books.Money{Minor: r.TotalMinor, Currency: r.Currency}.Decimal()
		if bank := got["Assets:Bank:Amazon-Payouts "+r.Currency]; bank != want {
			t.Errorf("settlement %s: hledger has %s in the bank, the header says %s", r.ID, bank, want)
		}
		for _, name := range []string{"Assets:Amazon:Receivable ", "Assets:Amazon:Differences "} {
			if left, ok := got[name+r.Currency]; ok {
				t.Errorf("settlement %s: %s keeps %s", r.ID, name, left)
			}
		}
		count++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 9 || split < 3 {
		t.Errorf("%d settlements, %d over two months: too few to tell", count, split)
	}
}

func bridgeHolds(t *testing.T, b *store.Book) {
	first, last, err := b.Span(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, span := range [][2]string{{first, last}, {last[:7] + "-01", last}} {
		all, err := b.Bridge(t.Context(), store.SumFilter{From: span[0], To: span[1]})
		if err != nil || len(all) != 3 {
			t.Fatalf("%d bridges, %v", len(all), err)
		}
		for _, bridge := range all {
			var level int64
			for _, p := range bridge.Steps {
				switch {
				case p.Minor == nil:
				case p.Total:
					if level != *p.Minor && p.Step != store.BridgeAmazon && (p.Step != store.BridgeOrdered || bridge.Steps[0].Minor != nil) {
						t.Errorf("%s %v: %s is %d, the steps lead to %d", bridge.Currency, span, p.Step, *p.Minor, level)
					}
					level = *p.Minor
				default:
					level += *p.Minor
				}
				if p.Step == store.BridgeResidue && *p.Minor != 0 {
					t.Errorf("%s %v: residue %d", bridge.Currency, span, *p.Minor)
				}
			}
		}
	}
}

func taxAddsUp(t *testing.T, b *store.Book) {
	rows, err := b.Rollups(t.Context(), "", "", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	collected, withheld := map[string]int64{}, map[string]int64{}
	for _, r := range rows {
		switch r.Line {
		case books.TaxCollected:
			collected[r.Currency] += r.Minor
		case books.TaxWithheld:
			withheld[r.Currency] += r.Minor
		}
	}
	tax, err := b.TaxOnSales(t.Context(), store.SumFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range tax {
		collected[r.Currency] -= r.Collected
		withheld[r.Currency] -= r.Withheld
	}
	for _, c := range []string{"USD", "EUR", "JPY"} {
		if collected[c] != 0 || withheld[c] != 0 {
			t.Errorf("%s: %d collected and %d withheld are in no row", c, collected[c], withheld[c])
		}
	}
}

func datesReconcile(t *testing.T, b *store.Book) {
	_, last, err := b.Span(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := store.SumFilter{From: last[:7] + "-01", To: last}
	all, err := b.DateDifferences(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	posted, err := b.DaySums(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	ordered, err := b.OrderDaySums(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	moved := false
	for _, d := range all {
		if d.Posted-d.Earlier-d.Later+d.After+d.Before != d.Ordered {
			t.Errorf("%s %s: %+v does not add up", d.Currency, d.Line, d)
		}
		if got := sumOfLine(posted, d); got != d.Posted {
			t.Errorf("%s %s by posting date: %d, the daily sums say %d", d.Currency, d.Line, d.Posted, got)
		}
		if got := sumOfLine(ordered, d); got != d.Ordered {
			t.Errorf("%s %s by order date: %d, the sums by order date say %d", d.Currency, d.Line, d.Ordered, got)
		}
		moved = moved || d.Earlier != 0
	}
	if !moved {
		t.Error("no money was ordered before the period: nothing was compared")
	}
}

func sumOfLine(rows []books.Rollup, d store.DateDifference) (sum int64) {
	for _, r := range rows {
		if r.Currency == d.Currency && r.Line == d.Line {
			sum += r.Minor
		}
	}
	return sum
}

func balancesAgree(t *testing.T, b *store.Book) {
	all, err := b.CashPositions(t.Context())
	if err != nil || len(all) != 3 {
		t.Fatalf("%d positions, %v", len(all), err)
	}
	for _, p := range all {
		if p.Amazon == nil || !p.Total.Known || p.Total.Minor != *p.Amazon {
			t.Errorf("%s: the books say %s, Amazon %v", p.Currency, p.Total, p.Amazon)
		}
	}
}
