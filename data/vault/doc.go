// Package vault keeps the keys of one book: the key set that opens its
// databases, the slots that wrap that set in the file book.keys, the items in
// the operating system's key store, and the sealing of connection secrets.
//
// # What it owns
//
// A book has three random 32-byte keys. Cryptography, not a setting, keeps the
// three classes of data apart: the book key opens the figures (book.db), the
// personal key opens the people (personal.db), the connection key opens the
// right to call Amazon (refresh tokens and client secrets inside book.db). No
// key is derived from a passphrase, so a passphrase can change without
// rewriting a database.
//
// book.keys holds the set once per slot, wrapped with AES-256-GCM. The key of
// the wrap (KEK) comes from what the slot's owner has or knows:
//
//   - keychain: a random secret in the key store of the operating system
//   - passphrase: Argon2id, never cheaper than 64 MiB and 3 passes
//   - passphrase+keychain: both of them, joined by HKDF
//   - recovery: an age X25519 identity that is shown once as a code; the file
//     has only its recipient
//
// The associated data of a wrap is everything else that the file says about
// the slot, the book id and the generation. Every change counts the generation
// up and renews every wrap. Nobody's passphrase is needed for that: each KEK is
// also kept sealed under a renewal key, which is random, new in every
// generation, and wrapped only in the slots that hold all three keys. (Wrapping
// to a public key would renew wraps too, but then whoever can write the file
// could wrap keys of his own choice to it and have the next tokens sealed under
// them.) An HMAC under a key derived from the book key covers the whole file,
// and the file has one spelling only: any other byte sequence is refused.
//
// The generation, the MAC and the audit head are kept in the key store too and
// compared at unlock, so an old book.keys put back is noticed (ErrRolledBack).
// Without a key store, and on a machine that opens the book for the first
// time, an old file is NOT noticed; [Vault.RollbackNoticed] tells which it is.
//
// # What it cannot do
//
// Removing a slot or changing a passphrase does not take back what somebody
// copied: an old copy of book.keys with the old passphrase still yields the
// book key. Somebody with a limited slot holds the book key and so can write a
// file with a right MAC (drop a slot, set the audit head); he cannot make a
// wrap, nor learn a key that his slot does not hold. The delay after failed
// passphrases is advisory: it slows a person at this screen, not somebody with
// a copy of the file, against whom only the passphrase's cost counts. Go may
// leave copies of a secret in memory; Wipe clears the ones this package made.
//
// # What it must not know
//
// SQL, database files, Amazon, windows and terminals. It does not lock the
// book's folder: the caller allows one process per book. A second process that
// writes in between is noticed (ErrConflict) unless both write within the same
// few milliseconds.
//
// # Goroutines
//
// A [Vault], a [Secret] and a [Keyring] are safe for concurrent use. The system
// keyring runs each call in a goroutine of its own because the key store may
// hang; at most one such goroutine is ever stuck, and it ends with its call.
// Open reads the key store while it derives, and waits for both.
//
// Smallest example:
//
//	ring := vault.SystemKeyring(vault.KeyringOptions{})
//	code, err := vault.NewRecoveryCode() // show code.Reveal() to the owner
//	v, err := vault.Create(ctx, path, []vault.NewSlot{
//		{Kind: vault.KindKeychain, Label: "this computer"},
//		{Kind: vault.KindRecovery, Label: "paper", Recovery: code},
//	}, vault.Options{Keyring: ring})
//	defer v.Close()
//	book := v.Keys().Book.Reveal() // [32]byte for the cipher
package vault
