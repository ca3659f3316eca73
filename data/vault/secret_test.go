package vault_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"countinghouse/data/vault"
)

func TestSecret(t *testing.T) {
	s := vault.NewSecret("Atzr|a refresh token")
	if s.Reveal() != "Atzr|a refresh token" || s.Len() != 20 || s.IsZero() {
		t.Error("the value is not kept")
	}
	if !s.Equal(vault.NewSecret("Atzr|a refresh token")) || s.Equal(vault.NewSecret("Atzr|a refresh tokeN")) || s.Equal(vault.Secret{}) {
		t.Error("Equal")
	}
	if !(vault.Secret{}).Equal(vault.NewSecret("")) || (vault.Secret{}).Reveal() != "" {
		t.Error("the zero value is not empty")
	}
	shared := s
	buffer := []byte("owned bytes")
	owned := vault.NewSecretBytes(buffer)
	s.Wipe()
	owned.Wipe()
	vault.Secret{}.Wipe()
	if !shared.IsZero() || shared.Reveal() != "" {
		t.Error("a copy survives Wipe")
	}
	if !bytes.Equal(buffer, make([]byte, len(buffer))) {
		t.Errorf("Wipe left %q in memory", buffer)
	}
}

func TestSecretFromJSON(t *testing.T) {
	var answer struct {
		Token vault.Secret `json:"refresh_token"`
	}
	if err := json.Unmarshal([]byte(`{"refresh_token":"Atzr|\u0041"}`), &answer); err != nil || answer.Token.Reveal() != "Atzr|A" {
		t.Errorf("decoded %q, %v", answer.Token.Reveal(), err)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &answer); !errors.Is(err, vault.ErrRedacted) {
		t.Errorf("the redaction mark was read back as a secret: %v", err)
	}
}

func TestKey(t *testing.T) {
	raw := [vault.KeySize]byte{1, 2, 3}
	k := vault.NewKey(raw)
	if k.Reveal() != raw || k.Absent() || !k.Equal(vault.NewKey(raw)) || k.Equal(vault.NewKey([32]byte{})) {
		t.Error("the key is not kept")
	}
	if zero := (vault.Key{}); !zero.Absent() || zero.Equal(zero) || zero.Reveal() != [32]byte{} {
		t.Error("the zero key is not absent")
	}
	k.Wipe()
	if !k.Absent() {
		t.Error("Wipe")
	}
}

// printed are the exported types that can hold a secret, each with one inside.
func printed(t *testing.T, b book) map[string]any {
	v := b.open(t, b.byCode())
	if _, err := v.BeginPersonalRotation(ctx); err != nil {
		t.Fatal(err)
	}
	b.keys = v.Keys()
	sealer, err := v.Sealer()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"Secret": vault.NewSecret(goodPassphrase), "Key": b.keys.Book, "KeySet": b.keys, "RecoveryCode": b.code,
		"Unlock":  vault.ByPassphrase(vault.NewSecret(goodPassphrase)),
		"NewSlot": vault.NewSlot{Kind: vault.KindRecovery, Passphrase: vault.NewSecret(goodPassphrase), Recovery: b.code},
		"Options": b.opts, "Vault": v, "Sealer": sealer, "SlotInfo": v.Slots(), "Info": mustInfo(t, b.path),
		"KDF": v.Slots()[1].KDF, "Kind": vault.KindPassphrase, "Keyring": b.opts.Keyring, "KeyringOptions": vault.KeyringOptions{},
		"TriesError": &vault.TriesError{Failures: 10},
	}
}

func mustInfo(t testing.TB, path string) vault.Info {
	t.Helper()
	info, err := vault.ReadInfo(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestNothingPrintsASecret(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	values := printed(t, b)
	for _, name := range exportedTypes(t) {
		if _, ok := values[name]; !ok {
			t.Errorf("type %s is not in this test", name)
		}
	}
	next := values["Vault"].(*vault.Vault).NextPersonal()
	forms := append(secretForms(b.keys, goodPassphrase, b.code.Reveal()), secretForms(vault.KeySet{Book: next})...)
	type hidden struct { // as a struct elsewhere would hold it
		value   any
		private any
	}
	for name, value := range values {
		for shape, shaped := range map[string]any{
			"itself": value, "pointer": pointerTo(value), "slice": []any{value}, "map": map[string]any{"k": value},
			"field": struct{ Field any }{value}, "private field": hidden{value, value}, "error": fmt.Errorf("wrapped: %v", value),
		} {
			for how, text := range printings(shaped) {
				for i, form := range forms {
					if strings.Contains(text, form) {
						t.Errorf("%s as %s: %s shows secret form %d", name, shape, how, i)
					}
				}
			}
		}
	}
}

// TestPrivateFieldsPrintNoSecret holds the types in unexported fields, where
// fmt cannot call their methods and prints what reflection shows.
func TestPrivateFieldsPrintNoSecret(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	holder := struct {
		secret vault.Secret
		key    vault.Key
		set    vault.KeySet
		code   vault.RecoveryCode
		many   []vault.Secret
	}{vault.NewSecret(goodPassphrase), b.keys.Book, b.keys, b.code, []vault.Secret{vault.NewSecret(goodPassphrase)}}
	for how, text := range printings(holder) {
		for i, form := range secretForms(b.keys, goodPassphrase, b.code.Reveal()) {
			if strings.Contains(text, form) {
				t.Errorf("%s shows secret form %d", how, i)
			}
		}
	}
}

// printings are all the usual ways of getting text out of a value.
func printings(v any) map[string]string {
	out := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "% x", "%t", "%p", "%10.3s"} {
		out[verb] = fmt.Sprintf(verb, v)
	}
	out["Print"] = fmt.Sprint(v)
	if text, err := json.Marshal(v); err == nil {
		out["json"] = string(text)
	} else {
		out["json error"] = err.Error()
	}
	if text, err := xml.Marshal(v); err == nil {
		out["xml"] = string(text)
	}
	var encoded bytes.Buffer
	if err := gob.NewEncoder(&encoded).Encode(v); err == nil {
		out["gob"] = encoded.String()
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "v", v, slog.Any("any", v))
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "v", v, slog.Any("any", v))
	out["slog"] = log.String()
	var reached strings.Builder
	reach(reflect.ValueOf(v), &reached, map[uintptr]bool{})
	out["reflection"] = reached.String()
	return out
}

// reach collects every string and byte sequence that reflection can get at,
// unexported fields included, as deep printers and differs do.
func reach(v reflect.Value, out *strings.Builder, seen map[uintptr]bool) {
	switch v.Kind() {
	case reflect.String:
		out.WriteString(v.String() + "\n")
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			reach(v.Elem(), out, seen)
		}
	case reflect.Interface:
		reach(v.Elem(), out, seen)
	case reflect.Struct:
		for i := range v.NumField() {
			reach(v.Field(i), out, seen)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			reach(it.Key(), out, seen)
			reach(it.Value(), out, seen)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if e := v.Index(i); e.Kind() == reflect.Uint8 {
				out.WriteByte(byte(e.Uint()))
			} else {
				reach(e, out, seen)
			}
		}
	}
}

func TestReachFindsAnUnprotectedSecret(t *testing.T) {
	leaky := struct{ private struct{ token []byte } }{struct{ token []byte }{[]byte(goodPassphrase)}}
	if text := printings(leaky)["reflection"]; !strings.Contains(text, goodPassphrase) {
		t.Error("the walker misses what it should find")
	}
}

func pointerTo(v any) any {
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	return p.Interface()
}

// exportedTypes reads the package's source, so that a new type must be added.
func exportedTypes(t testing.TB) []string {
	t.Helper()
	//lint:ignore SA1019 one package without build tags, so nothing is missed
	parsed, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range parsed {
		ast.Inspect(p, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() {
				names = append(names, spec.Name.Name)
			}
			return true
		})
	}
	if len(names) < 10 {
		t.Fatalf("found only %v", names)
	}
	return names
}
