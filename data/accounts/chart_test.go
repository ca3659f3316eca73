package accounts_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
)

func TestEveryLineHasAnAccount(t *testing.T) {
	c := accounts.StandardChart()
	for _, l := range books.Lines() {
		if a := c[accounts.Key(l)]; a.Name == "" || a.Type == "" {
			t.Errorf("%s has no account", l)
		}
	}
}

func TestAChartIsReadAsItIsWritten(t *testing.T) {
	c := accounts.StandardChart()
	c[accounts.Key(books.SalesProduct)] = accounts.Account{Name: "Erlöse:{marketplace}", Code: "8400", Type: accounts.Income}
	var out bytes.Buffer
	if err := c.Write(&out); err != nil {
		t.Fatal(err)
	}
	got, err := accounts.ReadChart(&out)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c, got); d != "" {
		t.Error(d)
	}
}

func TestAChartThatIsNoneIsRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "EOF"},
		{"no key", "account,code\nA,1\n", `no column "key"`},
		{"no account", "key\nsales.product\n", `no column "account"`},
		{"unknown key", "key,account\nsales.product,Income:A\nsales.producs,Income:B\n", "line 3"},
		{"twice", "key,account\namazon,Assets:A\namazon,Assets:B\n", "line 3: amazon is mapped twice"},
		{"empty account", "key,account\namazon,\n", "line 2"},
		{"empty part", "key,account\namazon,Assets::A\n", "line 2"},
		{"two spaces end an account", "key,account\namazon,Assets:A  1 USD\n", "line 2"},
		{"a comment", "key,account\namazon,Assets:A ;x\n", "line 2"},
		{"a virtual posting", "key,account\namazon,(Assets:A)\n", "line 2"},
		{"a line break", "key,account\namazon,\"Assets\n:A\"\n", "line 2"},
		{"a type that is none", "key,account,code,type\namazon,A,,asse\n", "line 2"},
		{"one account of two types", "key,account,code,type\namazon,X,,asset\ninventory,X,,expense\n", `account "X"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := accounts.ReadChart(strings.NewReader(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestTwoAccountsThatBeancountCannotTellApart(t *testing.T) {
	c := accounts.StandardChart()
	c[accounts.Key(books.SalesProduct)] = accounts.Account{Name: "Income:A b", Type: accounts.Income}
	c[accounts.Key(books.SalesShipping)] = accounts.Account{Name: "Income:A-b", Type: accounts.Income}
	all := entries(t, c, accounts.Options{},
		accounts.Item{Day: "2026-03-04", Line: books.SalesProduct, Amount: usd(1)},
		accounts.Item{Day: "2026-03-04", Line: books.SalesShipping, Amount: usd(1)})
	var out bytes.Buffer
	if err := accounts.WriteBeancount(&out, all); err == nil || !strings.Contains(err.Error(), "Income:A-b in Beancount") {
		t.Errorf("error %v", err)
	}
}
