package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"countinghouse/data/archive"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/session"
)

// unlock chooses how to open the book: what the flags say, else the key store
// where the book has a slot for it, else a question on the terminal.
func (a *app) unlock(p session.Place, name string) (vault.Unlock, error) {
	if a.g.RecoveryFile != "" && (a.g.PassphraseFile != "" || a.g.PassphraseFD >= 0) {
		return vault.Unlock{}, usage("give the passphrase or --recovery-file, not both")
	}
	if a.g.RecoveryFile != "" {
		code, err := a.recoveryCode()
		return vault.ByRecoveryCode(code), err
	}
	pass, given, err := a.givenPassphrase()
	if err != nil || given {
		return vault.ByPassphrase(pass), err
	}
	kinds, err := slotKinds(p, name)
	if err != nil {
		return vault.Unlock{}, err
	}
	if kinds[vault.KindKeychain] && !a.g.NoKeychain {
		return vault.ByKeychain(), nil
	}
	if a.io.Ask == nil {
		return vault.Unlock{}, withCode(exitLocked, errors.New("this book opens with a passphrase; give it with --passphrase-file or --passphrase-fd (or --recovery-file)"))
	}
	pass, err = a.io.Ask("Passphrase of " + name + ": ")
	return vault.ByPassphrase(pass), err
}

func slotKinds(p session.Place, name string) (map[vault.Kind]bool, error) {
	dir := p.Home.BookDir(name)
	info, err := vault.ReadInfo(filepath.Join(dir, store.KeysFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w called %q in %s; name another with --book, or make one with create", store.ErrNoBook, name, p.Home)
	}
	if err != nil {
		return nil, err
	}
	kinds := map[vault.Kind]bool{}
	for _, s := range info.Slots {
		kinds[s.Kind] = true
	}
	return kinds, nil
}

// givenPassphrase reads the passphrase that the flags point to.
func (a *app) givenPassphrase() (vault.Secret, bool, error) {
	if a.passphrase != nil {
		return *a.passphrase, true, nil
	}
	s, given, err := a.readPassphrase()
	if given && err == nil {
		a.passphrase = &s
	}
	return s, given, err
}

func (a *app) readPassphrase() (vault.Secret, bool, error) {
	switch {
	case a.g.PassphraseFile != "" && a.g.PassphraseFD >= 0:
		return vault.Secret{}, false, usage("give --passphrase-file or --passphrase-fd, not both")
	case a.g.PassphraseFile != "":
		s, err := secretFile(a.g.PassphraseFile, "passphrase")
		return s, true, err
	case a.g.PassphraseFD >= 0:
		f := os.Stdin // on Windows its handle has another number
		if a.g.PassphraseFD != 0 {
			f = os.NewFile(uintptr(a.g.PassphraseFD), "passphrase")
		}
		if f == nil {
			return vault.Secret{}, false, usage("file descriptor %d is not open", a.g.PassphraseFD)
		}
		defer f.Close()
		s, err := firstLine(f, "passphrase")
		return s, true, err
	}
	return vault.Secret{}, false, nil
}

func (a *app) recoveryCode() (vault.RecoveryCode, error) {
	f, err := os.Open(a.g.RecoveryFile)
	if err != nil {
		return vault.RecoveryCode{}, fmt.Errorf("read the recovery code: %w", err)
	}
	defer f.Close()
	text, err := codeLine(f)
	if err != nil {
		return vault.RecoveryCode{}, err
	}
	code, err := vault.ParseRecoveryCode(text)
	return code, withCode(exitLocked, err)
}

// secretFile reads the first line of a file.
func secretFile(path, what string) (vault.Secret, error) {
	f, err := os.Open(path)
	if err != nil {
		return vault.Secret{}, fmt.Errorf("read the %s: %w", what, err)
	}
	defer f.Close()
	return firstLine(f, what)
}

const maxSecretLine = 64 << 10

// firstLine reads a secret. Editors of Windows put a mark before a text, and its
// PowerShell redirects in UTF-16: neither is part of the secret.
func firstLine(r io.Reader, what string) (vault.Secret, error) {
	line, err := bufio.NewReader(editorText(r)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return vault.Secret{}, fmt.Errorf("read the %s: %w", what, err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return vault.Secret{}, fmt.Errorf("the %s is empty", what)
	}
	return vault.NewSecret(line), nil
}

func editorText(r io.Reader) io.Reader {
	return transform.NewReader(io.LimitReader(r, maxSecretLine), unicode.BOMOverride(transform.Nop))
}

// codeLine reads a recovery code: the line that looks like one, as on the page that
// the window saves, or else the first.
func codeLine(r io.Reader) (vault.Secret, error) {
	first, lines := "", bufio.NewReader(editorText(r))
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			_, bad := vault.ParseRecoveryCode(vault.NewSecret(line))
			if bad == nil || vault.LooksLikeRecoveryCode(line) { // at once: it may have been typed
				return vault.NewSecret(line), nil
			}
			first = cmp.Or(first, line)
		}
		switch {
		case errors.Is(err, io.EOF) && first == "":
			return vault.Secret{}, errors.New("the recovery code is empty")
		case errors.Is(err, io.EOF):
			return vault.NewSecret(first), nil
		case err != nil:
			return vault.Secret{}, fmt.Errorf("read the recovery code: %w", err)
		}
	}
}

// purger removes a book's items from the key store.
func purger(p session.Place) archive.Purger { return session.Purger(p.Keyring) }
