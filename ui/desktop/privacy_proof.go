package desktop

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/archive"
	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/i18n"
)

// proofOf reads what was typed: a recovery code begins with its prefix, all
// else is a passphrase.
func proofOf(typed string) (vault.Unlock, error) {
	const prefix = "AGESECRETKEY1"
	bare := strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u3000", "").Replace(typed))
	if !strings.HasPrefix(bare, prefix) {
		return vault.ByPassphrase(vault.NewSecret(typed)), nil
	}
	code, err := vault.ParseRecoveryCode(vault.NewSecret(typed))
	return vault.ByRecoveryCode(code), err
}

// askProof asks for the passphrase or the recovery code once more, before
// people or keys leave the book. The key store is no proof: whoever sits at the
// computer has it.
func askProof(e *env, why string, proved func()) {
	t := e.words.T
	typed := parts.NewSecretEntry()
	typed.SetPlaceHolder(t("privacy.proof.what"))
	problem := parts.NewLabel("", theme.TextCaption, parts.Loss)
	var m *modal
	check := loader{env: e}
	try := func() {
		by, err := proofOf(typed.Text)
		if err != nil {
			problem.SetText(plainError(e.words, err), parts.Loss)
			return
		}
		problem.SetText(t("privacy.proof.checking"), parts.Muted)
		check.run(func(ctx context.Context) (func(), error) {
			return func() { m.hide(); proved() }, e.s.Vault.Prove(ctx, by)
		}, func(err error) { problem.SetText(plainError(e.words, err), parts.Loss) })
	}
	typed.OnSubmitted = func(string) { try() }
	m = newModal(e, t("privacy.proof.title"), container.NewVBox(flushText(why, parts.Normal), typed, problem), fyne.NewSize(500, 280),
		parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { check.stop(); m.hide() }), parts.NewButton(t("privacy.next"), parts.Primary, try))
	m.show()
	e.window.Canvas().Focus(typed)
}

// sentences are the errors that have a sentence in every language.
var sentences = []struct {
	err error
	key string
}{
	{vault.ErrTooManyTries, "privacy.err.tries"},
	{vault.ErrWrongPassphrase, "privacy.err.passphrase"},
	{vault.ErrWrongRecoveryCode, "privacy.err.code"},
	{vault.ErrRecoveryTypo, "privacy.err.typo"},
	{vault.ErrWeakPassphrase, "privacy.err.weak"},
	{vault.ErrNotPermitted, "privacy.err.notpermitted"},
	{vault.ErrLastSlot, "privacy.err.lastslot"},
	{vault.ErrNoSlot, "privacy.err.noslot"},
	{vault.ErrNoKeyStore, "privacy.err.nokeystore"},
	{store.ErrNoPeople, "privacy.people.locked"},
	{archive.ErrDiskFull, "privacy.err.diskfull"},
	{cipher.ErrDiskFull, "frame.disk_full"},
	{parts.ErrNotRead, "list.export.notread"},
	{errPaperRows, "list.export.toolong"},
	{archive.ErrExists, "privacy.err.exists"},
	{archive.ErrPartial, "privacy.err.partial"},
}

// plainError is an error as a sentence in the reader's language where there is
// one; else its own.
func plainError(words *i18n.Words, err error) string {
	for _, s := range sentences {
		if errors.Is(err, s.err) {
			return words.T(s.key)
		}
	}
	if archive.IsDiskFull(err) {
		return words.T("privacy.err.diskfull")
	}
	if deniedFile(err) {
		return words.T("list.export.denied")
	}
	return err.Error()
}

// deniedFile reports whether a file or folder could not be read or written for
// want of permission. Other things are denied too, as a connection is by a
// firewall, and another folder does not help there.
func deniedFile(err error) bool {
	var path *fs.PathError
	var link *os.LinkError // a file that could not be given its name
	return errors.Is(err, fs.ErrPermission) && (errors.As(err, &path) || errors.As(err, &link))
}
