package archive

import (
	"bytes"

	"filippo.io/age"
)

// capturedKey remembers the key of the one age file being written, so that it
// can be read again at once even when it was encrypted to recipients whose
// identities are elsewhere. It lives as long as the export does.
type capturedKey struct {
	key []byte
}

// watch returns the same recipients, the first of them observed.
func (c *capturedKey) watch(recipients []age.Recipient) []age.Recipient {
	out := append([]age.Recipient{}, recipients...)
	if r, ok := out[0].(age.RecipientWithLabels); ok {
		out[0] = labelledWatcher{watcher{out[0], c}, r}
	} else {
		out[0] = watcher{out[0], c}
	}
	return out
}

type watcher struct {
	age.Recipient
	to *capturedKey
}

func (w watcher) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	w.to.key = bytes.Clone(fileKey)
	return w.Recipient.Wrap(fileKey)
}

// labelledWatcher keeps the labels by which age refuses mixtures of recipients
// that would weaken each other.
type labelledWatcher struct {
	watcher
	labelled age.RecipientWithLabels
}

func (w labelledWatcher) WrapWithLabels(fileKey []byte) ([]*age.Stanza, []string, error) {
	w.to.key = bytes.Clone(fileKey)
	return w.labelled.WrapWithLabels(fileKey)
}

// Unwrap makes capturedKey an age.Identity for this one file.
func (c *capturedKey) Unwrap([]*age.Stanza) ([]byte, error) {
	return bytes.Clone(c.key), nil
}

func (c *capturedKey) wipe() { clear(c.key) }
