package cli

import (
	"strings"
	"testing"

	"countinghouse/data/vault"
)

// TestASecretIsTheSameFromEveryEditor reads a passphrase as editors and shells
// of several systems write it.
func TestASecretIsTheSameFromEveryEditor(t *testing.T) {
	const secret = "größe 合言葉 9"
	utf16 := func(low, high int) string {
		var s strings.Builder
		for _, r := range "\uFEFF" + secret + "\r\n" {
			b := [2]byte{}
			b[low], b[high] = byte(r), byte(r>>8)
			s.Write(b[:])
		}
		return s.String()
	}
	for name, body := range map[string]string{
		"plain":               secret,
		"with a line end":     secret + "\n",
		"of Windows":          secret + "\r\nmore\r\n",
		"Notepad's mark":      "\xef\xbb\xbf" + secret + "\r\n",
		"PowerShell's UTF-16": utf16(0, 1),
		"UTF-16, big end":     utf16(1, 0),
	} {
		got, err := firstLine(strings.NewReader(body), "passphrase")
		if err != nil || got.Reveal() != secret {
			t.Errorf("%s: %q, %v", name, got.Reveal(), err)
		}
	}
	if _, err := firstLine(strings.NewReader("\xef\xbb\xbf\r\n"), "passphrase"); err == nil {
		t.Error("a mark alone is taken for a secret")
	}
}

// TestTheSavedRecoveryPageIsAFileToo reads the page that the window saves, which has
// words around the code, and a file of nothing but the code.
func TestTheSavedRecoveryPageIsAFileToo(t *testing.T) {
	made, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	code := made.Reveal()
	for name, body := range map[string]string{
		"alone":            code,
		"without prefix":   strings.TrimPrefix(code, "AGE-SECRET-KEY-1 ") + "\r\nmore",
		"in small letters": strings.ToLower(code) + "\n",
		"the saved page":   "Countinghouse\n\nBook: Laden\nMade: 22 Nov 2026\n\n" + code + "\n\nKeep it.\n",
		"saved by Notepad": "\xef\xbb\xbfCountinghouse\r\n\r\n  " + code + " \r\n",
	} {
		line, err := codeLine(strings.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, err := vault.ParseRecoveryCode(line); err != nil || got.Reveal() != code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := codeLine(strings.NewReader("\n\n")); err == nil {
		t.Error("an empty page has a code")
	}
}
