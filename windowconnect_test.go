package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"countinghouse/sync/spapifake"
)

// TestConnectingInTheWindow connects an account through the guided page, against
// the demo seller's Amazon on this computer: first with a wrong secret, which is
// told apart, then with the right one. The first sync follows by itself, and what
// it brings is seen while it goes on.
func TestConnectingInTheWindow(t *testing.T) {
	if testing.Short() {
		t.Skip("drives the real window")
	}
	seller := spapifake.New(spapifake.Config{Seed: 5, Orders: 60, Days: 20, Speed: 2000})
	if err := seller.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer seller.Close()
	home := t.TempDir()
	file := filepath.Join(home, "passphrase")
	if err := os.WriteFile(file, []byte(bookPass+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	verb(t, home, "--passphrase-file", file, "create", "Shop", "--test", "--recovery-out", filepath.Join(home, "code"))
	d := open(t, newDisplay(t), start{home: home, args: []string{"--no-keychain"}})
	d.sees(words("unlock.passphrase"))
	d.types(bookPass)
	d.key("Return")
	d.title("Shop - Countinghouse")
	d.menu("Shop", words("frame.connect_menu"))
	d.sees(words("first.paste"))
	d.press(words("first.check"))
	d.sees(words("first.all_three"))
	c, at := seller.Credentials("NA"), seller.Endpoints()
	for n, text := range []string{c.ClientID, "amzn1.oa2-cs.v1.wrong", c.RefreshToken, "", at.NA, at.Login} {
		if text != "" {
			d.fill(n, text)
		}
	}
	d.press(words("first.check"))
	d.sees(words("first.error.client-secret"))
	d.picture("wrong-secret")
	if s := d.said(); strings.Contains(s, c.RefreshToken) || strings.Contains(s, c.ClientID) {
		t.Error("a secret stands on the screen")
	}
	d.fill(1, c.ClientSecret)
	d.press(words("first.check"))
	d.gone(words("first.paste")) // the account is connected
	d.screen("orders")
	chip := regexp.MustCompile(`^` + regexp.QuoteMeta(words("orders.chip.all")) + ` ([1-9]\d*)$`)
	shown := chip.FindStringSubmatch(d.find("how many orders there are", func(i item) bool { return chip.MatchString(i.Text) }).Text)
	d.find("an order", func(i item) bool { return orderNumber.MatchString(i.Text) })
	d.picture("orders")
	d.quit()
	counts := countsOf(t, home, "Shop", bookPass)
	n, err := strconv.Atoi(shown[1])
	if err != nil || counts["connection"] != 1 || counts["orders"] < n { // more may have come until the end
		t.Errorf("the book holds %d connections and %d orders, the window showed %d", counts["connection"], counts["orders"], n)
	}
	for _, r := range seller.Requests() {
		if r.Connection != "" && r.Connection != "NA" {
			t.Errorf("%s was called for %s", r.Operation, r.Connection)
		}
	}
}
