package vault

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"filippo.io/age"
)

// A recovery code is the text of an age X25519 identity: 256 random bits in
// Bech32, whose checksum finds any four wrong characters. It has this form and
// no shorter one of ours so that backups made to its recipient open with the
// stock age tool. It is shown in groups of four after the prefix; spaces,
// hyphens, case and the prefix do not matter when it is typed.
const (
	recoveryPrefix  = "AGE-SECRET-KEY-1"
	recoveryCharset = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
	recoveryLength  = 58 // characters after the prefix, the last six are the checksum
	recoveryGroup   = 4
)

// RecoveryCode opens a book on any machine. It redacts itself like a Secret.
// The zero value is no code.
type RecoveryCode struct {
	text      Secret // canonical: upper case with prefix, no spaces
	recipient string
}

// NewRecoveryCode draws a code. Show Reveal once, then store only its slot.
func NewRecoveryCode() (RecoveryCode, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return RecoveryCode{}, fmt.Errorf("make recovery code: %w", err)
	}
	return recoveryFromIdentity(id), nil
}

func recoveryFromIdentity(id *age.X25519Identity) RecoveryCode {
	return RecoveryCode{text: NewSecret(id.String()), recipient: id.Recipient().String()}
}

// LooksLikeRecoveryCode tells a line that begins as a code does.
func LooksLikeRecoveryCode(line string) bool {
	return len(line) >= len(recoveryPrefix) && strings.EqualFold(line[:len(recoveryPrefix)], recoveryPrefix)
}

// ParseRecoveryCode reads what a person typed. A wrong length, a character that
// no code has, or a checksum that does not fit give ErrRecoveryTypo; where one
// character explains it, the error names its group (never the character).
func ParseRecoveryCode(typed Secret) (RecoveryCode, error) {
	text := strings.ToUpper(typed.Reveal())
	text = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\n' || r == '\r' || r == '\t' || r == '\u3000' {
			return -1
		}
		return r
	}, text)
	text = strings.TrimPrefix(text, strings.ReplaceAll(recoveryPrefix, "-", ""))
	for i, r := range []rune(text) {
		if !strings.ContainsRune(recoveryCharset, r) {
			return RecoveryCode{}, fmt.Errorf("%w: a character that no code has, in group %d", ErrRecoveryTypo, i/recoveryGroup+1)
		}
	}
	if len(text) != recoveryLength {
		return RecoveryCode{}, fmt.Errorf("%w: it has %d characters after %s instead of %d", ErrRecoveryTypo, len(text), recoveryPrefix, recoveryLength)
	}
	id, err := age.ParseX25519Identity(recoveryPrefix + text)
	if err != nil {
		// age's own error could quote the code, so it is not wrapped.
		if group := typoGroup(text); group > 0 {
			return RecoveryCode{}, fmt.Errorf("%w: look at group %d", ErrRecoveryTypo, group)
		}
		return RecoveryCode{}, ErrRecoveryTypo
	}
	return recoveryFromIdentity(id), nil
}

// typoGroup finds the group whose one changed character makes the checksum fit,
// or 0. Bech32 corrects a single substitution unambiguously.
func typoGroup(text string) int {
	chars := []byte(text)
	for i, was := range chars {
		for _, c := range []byte(recoveryCharset) {
			if chars[i] = c; c == was {
				continue
			}
			if _, err := age.ParseX25519Identity(recoveryPrefix + string(chars)); err == nil {
				return i/recoveryGroup + 1
			}
		}
		chars[i] = was
	}
	return 0
}

// Reveal returns the code as it is shown: the prefix, then groups of four.
// With the spaces removed it is an identity for the age tool.
func (c RecoveryCode) Reveal() string {
	text := c.text.Reveal()
	if text == "" {
		return ""
	}
	groups := []string{recoveryPrefix}
	for rest := text[len(recoveryPrefix):]; rest != ""; {
		n := min(recoveryGroup, len(rest))
		groups = append(groups, rest[:n])
		rest = rest[n:]
	}
	return strings.Join(groups, " ")
}

// Recipient is the public part, "age1...": encrypt to it without the code.
func (c RecoveryCode) Recipient() string { return c.recipient }

// IsZero reports that there is no code.
func (c RecoveryCode) IsZero() bool { return c.text.IsZero() }

// Equal compares two codes in constant time.
func (c RecoveryCode) Equal(other RecoveryCode) bool { return c.text.Equal(other.text) }

// Wipe overwrites the code and its copies.
func (c RecoveryCode) Wipe() { c.text.Wipe() }

// Format answers every fmt verb with the redaction mark.
func (c RecoveryCode) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, redacted) }

// String is the redaction mark.
func (c RecoveryCode) String() string { return redacted }

// GoString is the redaction mark.
func (c RecoveryCode) GoString() string { return redacted }

// MarshalText is the redaction mark.
func (c RecoveryCode) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// GobEncode is the redaction mark.
func (c RecoveryCode) GobEncode() ([]byte, error) { return []byte(redacted), nil }

// GobDecode refuses: gob never carries a recovery code.
func (c *RecoveryCode) GobDecode([]byte) error { return ErrRedacted }

// LogValue is the redaction mark.
func (c RecoveryCode) LogValue() slog.Value { return slog.StringValue(redacted) }
