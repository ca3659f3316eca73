package vault_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"countinghouse/data/vault"
)

// secretForms are the ways in which a leak of keys or texts would be spelled.
func secretForms(keys vault.KeySet, texts ...string) []string {
	var forms []string
	for _, k := range []vault.Key{keys.Book, keys.Personal, keys.Connection} {
		if k.Absent() {
			continue
		}
		raw := k.Reveal()
		forms = append(forms, string(raw[:]), hex.EncodeToString(raw[:]), base64.StdEncoding.EncodeToString(raw[:]))
	}
	for _, t := range texts {
		forms = append(forms, t, strings.ReplaceAll(t, " ", ""), hex.EncodeToString([]byte(t)), base64.StdEncoding.EncodeToString([]byte(t)))
	}
	return forms
}
