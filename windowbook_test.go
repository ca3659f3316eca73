package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const bookPass = "correct horse battery"

// settlementFile is a settlement report of one order, as Amazon writes it.
func settlementFile(t *testing.T, dir string) string {
	t.Helper()
	head := "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\tpromotion-id"
	rows := []string{head,
		"9001\t2026-01-01 00:00:00 UTC\t2026-01-15 00:00:00 UTC\t2026-01-17 00:00:00 UTC\t8.50\tUSD" + strings.Repeat("\t", 18),
		"9001\t\t\t\t\t\tOrder\t111-7654321-1234567\t\t\t\tAmazon.com\tItemPrice\tPrincipal\t10.00\tAFN\t2026-01-05\t2026-01-05 10:00:00 UTC\t1\t\t\tCUP-BLUE\t1\t",
		"9001\t\t\t\t\t\tOrder\t111-7654321-1234567\t\t\t\tAmazon.com\tItemFees\tCommission\t-1.50\tAFN\t2026-01-05\t2026-01-05 10:00:00 UTC\t1\t\t\tCUP-BLUE\t\t", ""}
	path := filepath.Join(dir, "settlement.txt")
	if err := os.WriteFile(path, []byte(strings.Join(rows, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestABookOfOnesOwn makes a real book by the door of report files: its
// passphrase, its recovery code printed, saved and typed back, the files read.
// Then days of one's own, the book closed and opened with the code, another one
// chosen.
func TestABookOfOnesOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("drives the real window")
	}
	home, tools := t.TempDir(), t.TempDir()
	printed := filepath.Join(tools, "printed")
	if err := os.WriteFile(filepath.Join(tools, "lp"), []byte("#!/bin/sh\ncat > '"+printed+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	report := settlementFile(t, home)
	d := open(t, newDisplay(t), start{home: home, args: []string{"--no-keychain"}, env: []string{"PATH=" + tools + ":" + os.Getenv("PATH")}})
	d.title("Countinghouse")
	d.press(words("first.files_do"))
	d.sees(words("first.create"))
	d.fill(0, "Tea and Cups")
	d.press(words("first.by_passphrase"))
	d.fill(1, "short")
	d.fill(2, "short")
	d.press(words("first.make"))
	d.sees(words("first.weak"))
	d.fill(1, bookPass)
	d.fill(2, bookPass)
	d.press(words("first.make"))
	code := d.keepCode(t, home, printed)
	d.fill(0, strings.ToLower(code[:len(code)-1]))
	d.key("Return")
	d.sees(words("unlock.recovery_typo"))
	d.fill(0, strings.ToLower(code))
	d.press(words("first.recovery_check"))
	d.title("Tea and Cups - Countinghouse")
	d.sees(words("import.choose"))
	d.fill(0, report)
	d.press(words("privacy.next"))
	d.sees(words("import.kind.settlement-v2"))
	d.picture("preview")
	d.press(fmt.Sprintf(words("import.do.one"), "1"))
	d.until("the marketplace of the file", func() bool {
		return slices.ContainsFunc(d.look().Items, func(i item) bool { return strings.TrimSpace(i.Text) == "US" })
	})
	d.page()
	d.customPeriod()

	// Closed, and opened with the code.
	d.menu("Tea and Cups", words("frame.close_book"))
	d.press(words("unlock.use_recovery"))
	d.fill(0, code)
	d.key("Return")
	d.title("Tea and Cups - Countinghouse")
	d.sees(ownPeriod) // it was remembered
	d.picture("opened-by-code")

	// Another book, made in the terminal, chosen from the header.
	file := filepath.Join(tools, "passphrase")
	if err := os.WriteFile(file, []byte(bookPass+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	verb(t, home, "--passphrase-file", file, "create", "Other", "--recovery-out", filepath.Join(tools, "code"))
	d.menu("Tea and Cups", "Other")
	d.sees(fmt.Sprintf(words("unlock.intro"), "Other"))
	d.fill(0, bookPass)
	d.key("Return")
	d.title("Other - Countinghouse")
	d.quit()
	verb(t, home, "--book", "Tea and Cups", "--passphrase-file", file, "verify")
}

// menu picks an entry of a drop-down.
func (d *driver) menu(button, entry string) {
	d.t.Helper()
	d.press(button)
	d.press(entry)
	d.page()
}

// ownPeriod is how the header shows the days that customPeriod types.
const ownPeriod = "1 – 31 Jan 2026"

// customPeriod types two days.
func (d *driver) customPeriod() {
	d.t.Helper()
	d.click(d.find("the period", func(i item) bool {
		return strings.HasSuffix(i.Kind, "Button") && strings.Contains(i.Text, "–") && strings.Contains(i.Text, "20")
	}))
	d.press(words("frame.period.custom"))
	d.sees(words("frame.from"))
	for n, day := range []string{"01/01/2026", "01/31/2026"} {
		d.fill(n, day)
		d.key("Tab")
	}
	d.press(words("frame.apply"))
	d.page()
	d.sees(ownPeriod)
	d.picture("period")
}

// keepCode reads the recovery code off the page, prints and saves it.
func (d *driver) keepCode(t *testing.T, home, printed string) (code string) {
	d.sees(words("first.recovery_text"))
	d.until("the recovery code", func() bool {
		for _, i := range d.look().Items {
			if strings.HasPrefix(i.Text, "AGE") && len(i.Text) > len(code) { // its lines stand there too
				code = i.Text
			}
		}
		return code != ""
	})
	d.picture("recovery-code")
	d.press(words("first.recovery_print"))
	d.sees(words("first.printed"))
	d.press(words("first.recovery_save"))
	saved := filepath.Join(home, "code.txt")
	d.fill(0, saved)
	d.press(words("privacy.save"))
	d.page()
	for _, path := range []string{printed, saved} {
		page, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(page), code) || !strings.Contains(string(page), "Tea and Cups") {
			t.Errorf("%s: %q, %v", filepath.Base(path), page, err)
		}
	}
	if info, err := os.Stat(saved); err == nil && info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the saved code: %v", info.Mode())
	}
	return code
}
