package vault

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"
)

const (
	// triesSuffix is appended to the key file's path. The file is removed by
	// the next right passphrase.
	triesSuffix = ".tries"
	// freeTries is Amazon's limit for failed log-ins.
	freeTries = 10
	firstWait = 30 * time.Second
	longest   = time.Hour
)

// tries counts wrong passphrases in a row in a small file, so that a restart
// does not start anew. It is advisory (see the package comment): whoever can
// delete the file is not slowed, and where it cannot be written, nobody is.
type tries struct {
	path string
	now  func() time.Time
}

type triesState struct {
	Failures int       `json:"failures"`
	Last     time.Time `json:"last"`
}

// allow returns a TriesError while it is too early for another try.
func (t tries) allow() error {
	state := t.read()
	if state.Failures < freeTries {
		return nil
	}
	now := t.now().UTC()
	if state.Last.After(now) { // the clock was ahead; do not wait for it
		state.Last = now
		t.write(state)
	}
	if at := state.Last.Add(wait(state.Failures)); now.Before(at) {
		return &TriesError{Failures: state.Failures, RetryAt: at}
	}
	return nil
}

func (t tries) failed() {
	state := t.read()
	state.Failures++
	state.Last = t.now().UTC()
	t.write(state)
}

func (t tries) succeeded() {
	if err := os.Remove(t.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.write(triesState{})
	}
}

// wait doubles from 30 s after the tenth failure up to an hour.
func wait(failures int) time.Duration {
	d := firstWait
	for i := freeTries; i < failures && d < longest; i++ {
		d *= 2
	}
	return min(d, longest)
}

// read takes a missing or unreadable file for no failures.
func (t tries) read() triesState {
	var state triesState
	raw, err := readFile(t.path)
	if err != nil || json.Unmarshal(raw, &state) != nil || state.Failures < 0 {
		return triesState{}
	}
	return state
}

func (t tries) write(state triesState) {
	raw, err := json.Marshal(state)
	if err != nil {
		return
	}
	_, statErr := os.Lstat(t.path)
	_, _ = writeFile(t.path, raw, errors.Is(statErr, fs.ErrNotExist)) // advisory
}
