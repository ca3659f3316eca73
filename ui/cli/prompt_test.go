package cli_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"countinghouse/data/vault"
	"countinghouse/ui/cli"
)

// terminal answers questions in order, like a person.
type terminal struct {
	out, err bytes.Buffer
	asked    []string
	answers  []string
}

func (p *terminal) answer(prompt string) (string, error) {
	p.asked = append(p.asked, prompt)
	if len(p.answers) == 0 {
		return "", errors.New("a question too many: " + prompt)
	}
	next := p.answers[0]
	p.answers = p.answers[1:]
	return next, nil
}

func (p *terminal) run(t *testing.T, home string, args []string, answers ...string) int {
	t.Helper()
	p.out.Reset()
	p.err.Reset()
	p.asked, p.answers = nil, answers
	code := cli.Main(context.Background(), append([]string{"--home", home, "--no-keychain"}, args...), cli.Streams{
		In: strings.NewReader(""), Out: &p.out, Err: &p.err, AskPlain: p.answer,
		Ask: func(prompt string) (vault.Secret, error) {
			text, err := p.answer(prompt)
			return vault.NewSecret(text), err
		},
	})
	if len(p.answers) > 0 {
		t.Errorf("%v: not asked for %q", args, p.answers)
	}
	for _, secret := range answers {
		if len(secret) > 7 && strings.Contains(p.out.String()+p.err.String(), secret) {
			t.Errorf("%v prints what was typed", args)
		}
	}
	return code
}

// With a terminal everything can be typed; the recovery code is shown once.
func TestPrompts(t *testing.T) {
	const pass = "correct horse battery staple"
	home := filepath.Join(t.TempDir(), "home")
	p := &terminal{}
	if code := p.run(t, home, []string{"create", "Shop"}, pass, "another phrase typed"); code != 1 {
		t.Errorf("two passphrases that differ: code %d", code)
	}
	if code := p.run(t, home, []string{"create", "Shop"}, pass, pass); code != 0 {
		t.Fatalf("create: code %d, %s", code, p.err.String())
	}
	shown := regexp.MustCompile(`AGE-SECRET-KEY-1[A-Z0-9 ]+`).FindString(p.err.String())
	if shown == "" || strings.Contains(p.out.String(), shown) {
		t.Error("the recovery code belongs on the terminal, not into what is piped")
	}
	steps := []struct {
		name    string
		args    []string
		answers []string
		code    int
		says    string
	}{
		{"opens with the passphrase", []string{"status"}, []string{pass}, 0, `Book "Shop"`},
		{"wrong passphrase", []string{"status"}, []string{"correct horse battery stable"}, 3, "passphrase is wrong"},
		{"confirm with a slip", []string{"vault", "confirm-recovery"}, []string{shown[:len(shown)-1] + "?"}, 3, "recovery code"},
		{"confirm", []string{"vault", "confirm-recovery"}, []string{shown, pass}, 0, "The recovery code is right"},
		{"key asks once more", []string{"vault", "key"}, []string{pass, pass}, 0, "PRAGMA key"},
		{"key without proof", []string{"vault", "key"}, []string{pass, "guess guess guess"}, 3, "passphrase is wrong"},
		{"wipe thinks again", []string{"wipe"}, []string{"shop"}, 1, "nothing was removed"},
		{"wipe", []string{"wipe"}, []string{"Shop"}, 0, "complete"},
		{"gone", []string{"status"}, nil, 1, "no book"},
	}
	for _, s := range steps {
		code := p.run(t, home, s.args, s.answers...)
		if text := p.out.String() + p.err.String(); code != s.code || !strings.Contains(text, s.says) {
			t.Errorf("%s: code %d (want %d), %s", s.name, code, s.code, text)
		}
	}
}

// What came from outside cannot steer the terminal.
func TestControlCharactersAreNotPrinted(t *testing.T) {
	p := &terminal{}
	p.run(t, t.TempDir(), []string{"--book", "x\x1b[2J\u202e", "status"})
	if text := p.err.String(); strings.ContainsAny(text, "\x1b\u202e") || strings.Count(text, "\n") != 1 {
		t.Errorf("%q", text)
	}
}
