package vault_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"countinghouse/data/vault"
	"golang.org/x/crypto/argon2"
)

// testdata/v1.book.keys was written once by version 1 and must open for ever.
// These are its secrets; they protect nothing.
const (
	v1Code       = "Y0XA U9H0 97PY AQ8H LT7S 8AAV 6PXP K4CR JP4U C7C0 F6T3 KYLD NJRS GPFA 82"
	v1Owner      = "M\u00fcller <und> S\u00f6hne & Co"
	v1Bookkeeper = "the bookkeeper's own words"
	v1Book       = "c9be5ad3b5ea0d7ddf4cbbd447c5eed2bba17810aa53959a0e0c261f3852a6a6"
	v1Personal   = "496a93d84aaae5ccb14324cde45987e209c31024315361adcfcf62bdf39c94db"
	v1Connection = "e95dbf6c0a216ae1bdb20cdc425777240a3b1c8eee03e870348023eb7bf38ea4"
	v1Sealed     = "01187571607ae9cbd8dad909d73963a7cf2b91bd7d4e9fb4118c2391d36d2e76e8a16aa3c8056a5f66ffb4ed665ade70e4825b7060"
)

// v1Path copies the fixture, so that nothing can write to it.
func v1Path(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.keys")
	write(t, path, read(t, filepath.Join("testdata", "v1.book.keys")))
	return path
}

func keyFromHex(t testing.TB, text string) vault.Key {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != vault.KeySize {
		t.Fatal("bad key in the test", err)
	}
	return vault.NewKey([vault.KeySize]byte(raw))
}

func TestVersion1OpensForEver(t *testing.T) {
	code, err := vault.ParseRecoveryCode(vault.NewSecret(v1Code))
	if err != nil {
		t.Fatal(err)
	}
	all := vault.KeySet{Book: keyFromHex(t, v1Book), Personal: keyFromHex(t, v1Personal), Connection: keyFromHex(t, v1Connection)}
	for name, c := range map[string]struct {
		by      vault.Unlock
		limited bool
	}{
		"owner": {vault.ByPassphrase(vault.NewSecret(v1Owner)), false}, "bookkeeper": {vault.ByPassphrase(vault.NewSecret(v1Bookkeeper)), true},
		"recovery": {vault.ByRecoveryCode(code), false},
	} {
		b := book{path: v1Path(t)}
		v := b.open(t, c.by)
		keys := v.Keys()
		if c.limited {
			if !keys.Book.Equal(all.Book) || !keys.Personal.Absent() || !keys.Connection.Absent() {
				t.Errorf("%s: not the book key alone", name)
			}
			continue
		}
		if !sameKeys(keys, all) {
			t.Errorf("%s: other keys", name)
		}
		if head, ok := v.AuditHead(); !ok || head != [32]byte{1, 2, 3} || v.Generation() != 4 || v.Salts()["personal.db"] != "ffeeddccbbaa99887766554433221100" {
			t.Errorf("%s: head %x, generation %d, salts %v", name, head, v.Generation(), v.Salts())
		}
		s, err := v.Sealer()
		if err != nil {
			t.Fatal(err)
		}
		sealed, _ := hex.DecodeString(v1Sealed)
		if got, err := s.Unseal("na", "refresh_token", sealed); err != nil || got.Reveal() != "Atzr|example" {
			t.Errorf("%s: unseal: %v", name, err)
		}
		if err := v.SetAuditHead(ctx, [32]byte{9}); err != nil {
			t.Errorf("%s: change: %v", name, err)
		}
	}
}

// TestFormatAsDocumented opens the fixture by the description of the format
// alone, with none of the package's code.
func TestFormatAsDocumented(t *testing.T) {
	raw := read(t, filepath.Join("testdata", "v1.book.keys"))
	var f struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
		BookID  string `json:"book_id"`
		Gen     int    `json:"generation"`
		Slots   []json.RawMessage
		MAC     []byte
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	secrets := map[int][]byte{
		0: argonOf(t, f.Slots[0], v1Owner), 1: argonOf(t, f.Slots[1], v1Bookkeeper),
		2: []byte("AGE-SECRET-KEY-1" + strings.ReplaceAll(v1Code, " ", "")),
	}
	for i, text := range f.Slots {
		var s struct {
			Kind          string
			Salt, Wrapped []byte
		}
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
		kek := hkdfExpand(hmacSum(s.Salt, secrets[i]), "countinghouse/book.keys/v1/kek/"+s.Kind)
		wrapKey := hkdfExpand(kek, "countinghouse/book.keys/v1/wrap")
		block, err := aes.NewCipher(wrapKey)
		if err != nil {
			t.Fatal(err)
		}
		gcm, err := cipher.NewGCM(block)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := gcm.Open(nil, s.Wrapped[:12], s.Wrapped[12:], documentedBound(t, f.BookID, text))
		if err != nil {
			t.Fatalf("slot %d: %v", i, err)
		}
		if got := hex.EncodeToString(plain[1:33]); got != v1Book {
			t.Errorf("slot %d: book key %s", i, got)
		}
		wantBits, wantPersonal := byte(0b11011), v1Personal
		if i == 1 {
			wantBits, wantPersonal = 0b00001, strings.Repeat("00", 32)
		}
		if plain[0] != wantBits || hex.EncodeToString(plain[33:65]) != wantPersonal {
			t.Errorf("slot %d: bits %05b, personal %x", i, plain[0], plain[33:65])
		}
	}
	book, _ := hex.DecodeString(v1Book)
	macKey := hkdfExpand(hmacSum([]byte(f.BookID), book), "countinghouse/book.keys/v1/mac")
	at := bytes.LastIndex(raw, []byte(`"mac": "`))
	if bare := append(bytes.Clone(raw[:at]), "\"mac\": null\n}\n"...); !bytes.Equal(hmacSum(macKey, bare), f.MAC) {
		t.Error("the MAC is not the documented one")
	}
}

// documentedBound is the associated data, spelled out from the file's own text.
func documentedBound(t testing.TB, bookID string, slot json.RawMessage) []byte {
	t.Helper()
	var compact bytes.Buffer
	if err := json.Compact(&compact, slot); err != nil {
		t.Fatal(err)
	}
	text := compact.String()
	text = text[:strings.Index(text, `"wrapped":`)] + `"wrapped":null,"renewal":null}`
	return []byte(`{"format":"countinghouse-book-keys","version":1,"book_id":"` + bookID + `","generation":4,"purpose":"wrap","slot":` + text + `}`)
}

func argonOf(t testing.TB, slot json.RawMessage, passphrase string) []byte {
	t.Helper()
	var s struct {
		Salt     []byte
		Argon2id struct {
			Memory uint32 `json:"memory_kib"`
			Passes uint32
			Lanes  uint8
		}
	}
	if err := json.Unmarshal(slot, &s); err != nil {
		t.Fatal(err)
	}
	return argon2.IDKey([]byte(passphrase), s.Salt, s.Argon2id.Passes, s.Argon2id.Memory, s.Argon2id.Lanes, 32)
}

func hmacSum(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

// hkdfExpand is RFC 5869's second step for 32 bytes.
func hkdfExpand(key []byte, info string) []byte { return hmacSum(key, append([]byte(info), 1)) }
