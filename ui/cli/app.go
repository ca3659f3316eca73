package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"countinghouse/data/archive"
	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/sync/spapi"
	"countinghouse/ui/session"
)

// Streams are what a verb reads and writes. Tests give buffers.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Ask reads a line without showing it; nil when there is no terminal, and
	// then nothing is ever asked.
	Ask func(prompt string) (vault.Secret, error)
	// AskPlain reads a shown line; nil when there is no terminal.
	AskPlain func(prompt string) (string, error)
	// Window opens the window and returns when it is closed; Shots draws
	// pictures of it. Main gives both, as only it links the window system.
	Window func(context.Context, WindowRequest) error
	Shots  func(context.Context, ShotsRequest) error
}

// System gives the process's own streams.
func System() Streams {
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	if fd := int(os.Stdin.Fd()); term.IsTerminal(fd) {
		s.Ask = func(prompt string) (vault.Secret, error) {
			fmt.Fprint(s.Err, prompt)
			b, err := term.ReadPassword(fd)
			fmt.Fprintln(s.Err)
			return vault.NewSecret(string(b)), err
		}
		s.AskPlain = func(prompt string) (string, error) {
			fmt.Fprint(s.Err, prompt)
			return readLine(s.In)
		}
	}
	return s
}

func readLine(r io.Reader) (string, error) {
	var line []byte
	one := make([]byte, 1)
	for {
		n, err := r.Read(one)
		if n > 0 && one[0] == '\n' || err != nil && len(line) > 0 {
			return strings.TrimSpace(string(line)), nil
		}
		if err != nil {
			return "", err
		}
		line = append(line, one[:n]...)
	}
}

// globals are the flags that every verb takes.
type globals struct {
	Home           string `help:"Folder that holds the books (default: the system's usual place)." type:"path" placeholder:"DIR"`
	Book           string `help:"Name of the book; may be left out when there is only one." placeholder:"NAME"`
	PassphraseFile string `help:"Read the passphrase from the first line of this file." type:"path" placeholder:"FILE"`
	PassphraseFD   int    `help:"Read the passphrase from this open file descriptor." default:"-1" placeholder:"N" name:"passphrase-fd"`
	RecoveryFile   string `help:"Open with the recovery code in this file." type:"path" placeholder:"FILE"`
	NoKeychain     bool   `help:"Do not use the computer's key store."`
	AcceptOlder    bool   `help:"Open although an older copy was put back (you restored it yourself)."`
	AcceptDamage   bool   `help:"Open although the log of an interrupted run was damaged; a copy is kept."`
	JSON           bool   `help:"Print results as JSON." name:"json"`
}

type verbs struct {
	globals
	Version kong.VersionFlag `help:"Print the version."`

	Window    windowVerb    `cmd:"" default:"1" help:"Open the window (also without any verb)."`
	Demo      demoVerb      `cmd:"" help:"Open the window on a demo seller; without a display, fill the demo book and print a summary."`
	ServeDemo serveDemoVerb `cmd:"" help:"Run only the demo seller's local Amazon."`
	Create    createVerb    `cmd:"" help:"Make a new, empty book."`
	Connect   connectVerb   `cmd:"" help:"Connect an Amazon account to the book."`
	Disconn   disconnVerb   `cmd:"" name:"disconnect" help:"Forget an account's credentials; its data stay."`
	Conn      connVerb      `cmd:"" name:"connection" help:"Pause and resume the sync of an account."`
	Sync      syncVerb      `cmd:"" help:"Fetch what is new from Amazon."`
	Status    statusVerb    `cmd:"" help:"Show what the book holds and until when."`
	Import    importVerb    `cmd:"" help:"Read report files downloaded from Seller Central."`
	Costs     costsVerb     `cmd:"" help:"Cost of goods: list, set, import."`
	Classify  classifyVerb  `cmd:"" help:"Names of Amazon that stand on no line of the statement: list them, say where they stand."`
	Expenses  expensesVerb  `cmd:"" help:"Indirect expenses: list, add, import."`
	Rates     ratesVerb     `cmd:"" help:"Exchange rates and the book's currency."`
	Close     closeVerb     `cmd:"" help:"Close a month, or list the closed ones with what changed since."`
	Reopen    reopenVerb    `cmd:"" help:"Open the last closed month again."`
	Report    reportVerb    `cmd:"" help:"Print orders, inventory, profit, settlements or money lines."`
	Accounts  accountsVerb  `cmd:"" help:"Accounts that journals are booked on."`
	Cash      cashVerb      `cmd:"" help:"Lines of the bank: read a CSV."`
	Tax       taxVerb       `cmd:"" help:"What tax on Amazon's fees is to you: recoverable or a cost."`
	Tag       tagVerb       `cmd:"" help:"Give a SKU tags of your own, for report profit --by tag."`
	Export    exportVerb    `cmd:"" help:"Write everything into one archive in open formats."`
	Wipe      wipeVerb      `cmd:"" help:"Destroy a book: its keys first, then everything else."`
	Verify    verifyVerb    `cmd:"" help:"Check every page, document and sum of the book."`
	Shots     shotsVerb     `cmd:"" help:"Draw every screen in every state as PNG, without a display."`
	Rebuild   rebuildVerb   `cmd:"" help:"Derive the books again from what Amazon sent."`
	Vault     vaultVerb     `cmd:"" help:"Ways to open the book, and its key."`
}

// app is what a verb's Run gets.
type app struct {
	ctx context.Context
	g   *globals
	io  Streams
	// passphrase is what the flags gave: a file descriptor can be read once,
	// and some verbs need it twice, to open and as proof.
	passphrase *vault.Secret
}

// Main runs one command line and returns the exit code.
func Main(ctx context.Context, args []string, streams Streams) int {
	var v verbs
	exited := -1
	parser, err := kong.New(&v, kong.Name("countinghouse"),
		kong.Description("The books of an Amazon seller, encrypted, on your own computer."),
		kong.Vars{"version": session.Version}, kong.Writers(streams.Out, streams.Err),
		kong.Exit(func(code int) { exited = code }), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(streams.Err, "countinghouse:", err)
		return exitFailed
	}
	kctx, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help or --version
	}
	if err != nil {
		fmt.Fprintln(streams.Err, "countinghouse:", err.Error()+"; see countinghouse --help")
		return exitUsage
	}
	err = kctx.Run(&app{ctx: ctx, g: &v.globals, io: streams})
	if err == nil {
		return exitDone
	}
	code := codeOf(err)
	fmt.Fprintln(streams.Err, "countinghouse:", sentence(err))
	return code
}

// sentence makes one line of an error.
func sentence(err error) string {
	if errors.Is(err, context.Canceled) {
		return "stopped; everything stored so far is safe, the next run goes on from there"
	}
	text := printable(strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " "))
	if errors.Is(err, vault.ErrWrongPassphrase) {
		text += "; try again, or open it with the recovery code (--recovery-file)"
	}
	return text
}

// printable replaces what would steer a terminal: titles and messages come from
// outside.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

func (a *app) home() (store.Home, error) {
	if a.g.Home != "" {
		return store.Home(a.g.Home), nil
	}
	return store.DefaultHome()
}

func (a *app) place() (session.Place, error) {
	home, err := a.home()
	if err != nil {
		return session.Place{}, err
	}
	p := session.Place{
		Home: home, Keyring: vault.SystemKeyring(vault.KeyringOptions{Off: a.g.NoKeychain}),
		AcceptOlder: a.g.AcceptOlder, AcceptOlderBook: a.g.AcceptOlder, AcceptDamage: a.g.AcceptDamage,
	}
	return p, a.finishWipes(p)
}

// finishWipes ends wipes that were killed half-way, before any book is opened.
func (a *app) finishWipes(p session.Place) error {
	if _, err := os.Stat(string(p.Home)); err != nil {
		return nil // nothing there yet
	}
	receipts, err := archive.Resume(a.ctx, string(p.Home), archive.ResumeOptions{Purge: purger(p)})
	for _, r := range receipts {
		fmt.Fprint(a.io.Err, r.String())
	}
	if err != nil {
		return fmt.Errorf("finish an interrupted wipe: %w", err)
	}
	return nil
}

// bookName is the book that the command line means.
func (a *app) bookName(p session.Place) (string, error) {
	if a.g.Book != "" {
		return a.g.Book, nil
	}
	names, err := p.Home.Books()
	if err != nil {
		return "", err
	}
	switch len(names) {
	case 0:
		return "", fmt.Errorf("there is no book in %s; make one with create, or look around with demo", p.Home)
	case 1:
		return names[0], nil
	}
	return "", usage("there are several books (%s); name one with --book", strings.Join(names, ", "))
}

// open opens the book that the command line means.
func (a *app) open() (*session.Session, error) {
	p, err := a.place()
	if err != nil {
		return nil, err
	}
	name, err := a.bookName(p)
	if err != nil {
		return nil, err
	}
	by, err := a.unlock(p, name)
	if err != nil {
		return nil, err
	}
	s, err := session.Open(a.ctx, p, name, by)
	if err != nil {
		return nil, withCode(openCode(err), err)
	}
	for _, d := range s.Book.Damage() {
		fmt.Fprintln(a.io.Err, "countinghouse: warning:", d)
	}
	return s, nil
}

// with runs f on the open book and closes it, keeping the first error.
func (a *app) with(f func(*session.Session) error) error {
	s, err := a.open()
	if err != nil {
		return err
	}
	err = f(s)
	return errors.Join(err, s.SettleKeys(context.WithoutCancel(a.ctx)), s.Close())
}

// openCode tells a book that stays locked from one that is damaged.
func openCode(err error) int {
	for _, locked := range []error{
		store.ErrInUse, cipher.ErrInUse, cipher.ErrWrongKey, vault.ErrWrongPassphrase, vault.ErrWrongKeychain, vault.ErrWrongRecoveryCode,
		vault.ErrNoKeyStore, vault.ErrNotInKeyStore, vault.ErrNoSlot, vault.ErrTooManyTries, vault.ErrRecoveryTypo, vault.ErrRolledBack,
	} {
		if errors.Is(err, locked) {
			return exitLocked
		}
	}
	return exitFailed
}

// amazonCode tells errors that only a new authorisation mends.
func amazonCode(err error) int {
	for _, auth := range []error{spapi.ErrRevoked, spapi.ErrClientID, spapi.ErrClientSecret, spapi.ErrForbidden} {
		if errors.Is(err, auth) {
			return exitNotAuth
		}
	}
	return exitFailed
}
