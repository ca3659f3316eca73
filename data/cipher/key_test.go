package cipher_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"countinghouse/data/cipher"
)

func TestKeyShowsNothing(t *testing.T) {
	key := cipher.NewKey()
	holder := struct {
		Name string
		Key  cipher.Key
		Ptr  *cipher.Key
	}{"book", key, &key}
	var shown []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%08b"} {
		shown = append(shown, fmt.Sprintf(verb, key), fmt.Sprintf(verb, holder), fmt.Sprintf(verb, &key))
	}
	b, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", key, "holder", holder)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", key, "holder", holder)
	if _, err := key.MarshalText(); err == nil {
		t.Error("a key was encoded as text")
	}
	shown = append(shown, string(b), log.String())
	secret := []string{hex.EncodeToString(key[:4]), strings.Trim(fmt.Sprint(key[:4]), "[]"), string(key[:4]),
		fmt.Sprintf("%#x", key[0]) + ", " + fmt.Sprintf("%#x", key[1]), fmt.Sprintf("%08b", key[0]) + " " + fmt.Sprintf("%08b", key[1])}
	for _, s := range shown {
		for _, x := range secret {
			if strings.Contains(strings.ToLower(s), strings.ToLower(x)) {
				t.Errorf("%q shows the key", s)
			}
		}
	}
	key.Zero()
	if !key.IsZero() || cipher.NewKey().IsZero() {
		t.Error("Zero or IsZero")
	}
	if _, err := cipher.KeyFromBytes(make([]byte, 31)); err == nil {
		t.Error("31 bytes made a key")
	}
}
