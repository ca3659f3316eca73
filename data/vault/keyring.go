package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/zalando/go-keyring"
)

const (
	// Service is the name under which all our items are in the key store.
	Service = "app.countinghouse"
	// KeyringTimeout is how long one call may take when nothing else is asked.
	KeyringTimeout = 5 * time.Second
	// EnvNoKeychain switches the key store off when it is set to anything but
	// "0" or nothing.
	EnvNoKeychain = "COUNTINGHOUSE_NO_KEYCHAIN"
	// maxItem is below the smallest limit of the systems: 2560 bytes (Windows).
	maxItem = 2048
)

// Keyring is the key store of the operating system. Every error but "no such
// item" (ErrNotInKeyStore) and a cancelled context is ErrNoKeyStore: whatever
// the reason, the way on is the same. Safe for concurrent use.
type Keyring interface {
	// Get returns the item, or ErrNotInKeyStore.
	Get(ctx context.Context, id string) (Secret, error)
	// Set stores or replaces the item; a value above 2048 bytes is ErrTooLarge.
	Set(ctx context.Context, id string, value Secret) error
	// Delete removes the item, or returns ErrNotInKeyStore.
	Delete(ctx context.Context, id string) error
}

// KeyringOptions configure SystemKeyring.
type KeyringOptions struct {
	// Off makes every call fail with ErrNoKeyStore (the flag --no-keychain).
	// The environment variable EnvNoKeychain does the same.
	Off bool
	// Timeout of one call; 0 means KeyringTimeout.
	Timeout time.Duration
}

// SystemKeyring returns the key store of this computer through go-keyring:
// Secret Service, macOS Keychain or Windows Credential Manager. It makes no
// call yet.
func SystemKeyring(o KeyringOptions) Keyring {
	if env := os.Getenv(EnvNoKeychain); o.Off || (env != "" && env != "0") {
		return offKeyring{}
	}
	if o.Timeout <= 0 {
		o.Timeout = KeyringTimeout
	}
	return &systemKeyring{timeout: o.Timeout, busy: make(chan struct{}, 1)}
}

// systemKeyring runs one call at a time. go-keyring takes no context and may
// wait for ever (a prompt nobody answers, a dead bus), so a call that outlives
// its time-out keeps its goroutine; until it ends, other calls fail at once
// instead of piling up behind it, and a late write cannot overtake a newer one.
type systemKeyring struct {
	timeout time.Duration
	busy    chan struct{} // holds one token while a call runs

	mu    sync.Mutex
	stuck bool // the running call has outlived its time-out
}

func (k *systemKeyring) Get(ctx context.Context, id string) (Secret, error) {
	var value string
	err := k.call(ctx, "read", id, func() (err error) {
		value, err = keyring.Get(Service, id)
		return err
	})
	if err != nil {
		return Secret{}, err
	}
	return NewSecret(value), nil
}

func (k *systemKeyring) Set(ctx context.Context, id string, value Secret) error {
	if value.Len() > maxItem {
		return fmt.Errorf("store key store item %s: %w", id, ErrTooLarge)
	}
	return k.call(ctx, "store", id, func() error { return keyring.Set(Service, id, value.Reveal()) })
}

func (k *systemKeyring) Delete(ctx context.Context, id string) error {
	return k.call(ctx, "delete", id, func() error { return keyring.Delete(Service, id) })
}

// call runs f off the calling path. When it returns because of the time-out, f
// may still be running: the caller must not touch what f writes.
func (k *systemKeyring) call(ctx context.Context, verb, id string, f func() error) error {
	fail := func(err error) error { return fmt.Errorf("%s key store item %s: %w", verb, id, err) }
	if id == "" {
		return fail(ErrInvalid)
	}
	if k.isStuck() {
		return fail(fmt.Errorf("%w (it still does not answer an earlier call)", ErrNoKeyStore))
	}
	limited, cancel := context.WithTimeout(ctx, k.timeout)
	defer cancel()
	select {
	case k.busy <- struct{}{}:
	case <-limited.Done():
		return fail(k.timedOut(ctx))
	}
	done := make(chan error, 1)
	go func() {
		err := f()
		k.mu.Lock()
		done <- err
		k.stuck = false
		<-k.busy
		k.mu.Unlock()
	}()
	select {
	case err := <-done:
		return k.classify(fail, err)
	case <-limited.Done():
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	select {
	case err := <-done: // it answered in the same moment
		return k.classify(fail, err)
	default:
		k.stuck = ctx.Err() == nil // a caller who gave up early says nothing about the key store
		return fail(k.timedOut(ctx))
	}
}

func (k *systemKeyring) isStuck() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.stuck
}

func (k *systemKeyring) timedOut(ctx context.Context) error {
	switch err := ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w (%w)", ErrNoKeyStore, err)
	case err != nil:
		return err
	}
	return fmt.Errorf("%w (no answer within %s)", ErrNoKeyStore, k.timeout)
}

func (k *systemKeyring) classify(fail func(error) error, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return fail(ErrNotInKeyStore)
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return fail(ErrTooLarge)
	}
	return fail(fmt.Errorf("%w (%w)", ErrNoKeyStore, err))
}

// offKeyring is the key store that the user switched off.
type offKeyring struct{}

func (offKeyring) Get(context.Context, string) (Secret, error) { return Secret{}, errKeyringOff() }
func (offKeyring) Set(context.Context, string, Secret) error   { return errKeyringOff() }
func (offKeyring) Delete(context.Context, string) error        { return errKeyringOff() }

func errKeyringOff() error { return fmt.Errorf("%w (it is switched off)", ErrNoKeyStore) }
