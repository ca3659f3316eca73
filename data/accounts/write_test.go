package accounts_test

import (
	"testing"

	"countinghouse/data/accounts"
)

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"Amazon.de, Erstattung 5 €": "Amazon.de, Erstattung 5 €",
		"振込み 2026/03":               "振込み 2026/03",
		"":                          "",
		"  two blanks":              "  two blanks",
		"a\tb\r\nc\x00d":            "a b  c d",
		"cut \xff off":              "cut   off",
		"=1+1":                      "'=1+1",
		" +49 1":                    "' +49 1",
		"\t@SUM(A1)":                "' @SUM(A1)",
		"-5.00":                     "'-5.00",
		"5-00":                      "5-00",
	} {
		if got := accounts.Cell(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
