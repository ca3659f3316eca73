package vault_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countinghouse/data/vault"
	"filippo.io/age"
)

func TestCheckPassphrase(t *testing.T) {
	for name, c := range map[string]struct {
		pass, book string
		ok         bool
	}{
		"twelve characters":              {"abcdefghijkl", "", true},
		"eleven characters":              {"abcdefghijk", "", false},
		"twelve Japanese characters":     {"秘密の言葉をここに置きます", "", true},
		"eleven characters of 33 bytes":  {"秘密の言葉をここに置く", "", false},
		"half-width becomes full kana":   {"ｶﾞｶﾞｷｸｹｺｻｼｽｾ", "", false}, // 12 code points, 10 after NFKC
		"empty":                          {"", "", false},
		"one key held down":              {"aaaaaaaaaaaaaaaa", "", false},
		"three keys":                     {"abcabcabcabc", "", false},
		"the same in two cases":          {"aAaAbBbBcCcC", "", false},
		"the book's name":                {"Kettles & Co of Leeds", "Kettles & Co of Leeds", false},
		"the book's name in other forms": {"ＫＥＴＴＬＥＳ & co of leeds ", " Kettles & Co of Leeds", false},
		"more than the book's name":      {"Kettles & Co of Leeds 77", "Kettles & Co of Leeds", true},
		"with a line break":              {"abcdefghijkl\n", "", false},
		"not UTF-8":                      {"abcdefghijkl\xff", "", false},
		"a pasted file":                  {strings.Repeat("abcdefgh", 200), "", false},
	} {
		err := vault.CheckPassphrase(vault.NewSecret(c.pass), c.book)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (!errors.Is(err, vault.ErrWeakPassphrase) || (c.pass != "" && strings.Contains(err.Error(), c.pass))) {
			t.Errorf("%s: error %q", name, err)
		}
	}
}

func TestPassphraseIsTheSameFromEveryKeyboard(t *testing.T) {
	vault.CheapKDF(t)
	for name, c := range map[string][2]string{
		"composed and decomposed":         {"Müller und Söhne", "Mu\u0308ller und So\u0308hne"},
		"half-width and full-width kana":  {"ガラスのケトル二十一個", "ｶﾞﾗｽのｹﾄﾙ二十一個"},
		"full-width and plain Latin":      {"Kettle 2026 blue", "Ｋｅｔｔｌｅ　２０２６　ｂｌｕｅ"},
		"dakuten as a mark of its own":    {"がぎぐげござじずぜぞだぢ", "か\u3099き\u3099く\u3099け\u3099こ\u3099さ\u3099し\u3099す\u3099せ\u3099そ\u3099た\u3099ち\u3099"},
		"ligature as one and as two runs": {"ﬁne ﬂour of Leeds", "fine flour of Leeds"},
	} {
		first := c[0]
		if len([]rune(first)) < vault.MinPassphrase {
			first, c[1] = first+"、それから", c[1]+"、それから"
		}
		b := newBook(t, vault.NewSlot{Kind: vault.KindPassphrase, Passphrase: vault.NewSecret(first)})
		if v := b.open(t, vault.ByPassphrase(vault.NewSecret(c[1]))); !sameKeys(v.Keys(), b.keys) {
			t.Errorf("%s: other keys", name)
		}
	}
}

func TestRecoveryCode(t *testing.T) {
	code := newCode(t)
	shown := code.Reveal()
	if groups := strings.Fields(shown); len(groups) != 16 || groups[0] != "AGE-SECRET-KEY-1" {
		t.Fatalf("shown in %d groups", len(groups))
	}
	// The stock age library takes it: backups to the recipient open without us.
	id, err := age.ParseX25519Identity(strings.ReplaceAll(shown, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	if id.Recipient().String() != code.Recipient() {
		t.Error("the recipient is another one")
	}
	for name, typed := range map[string]string{
		"as shown": shown, "lower case": strings.ToLower(shown), "no spaces": strings.ReplaceAll(shown, " ", ""),
		"hyphens": strings.ReplaceAll(shown, " ", "-"), "lines": strings.ReplaceAll(shown, " ", "\r\n"),
		"no prefix": strings.TrimPrefix(shown, "AGE-SECRET-KEY-1 "), "around": "  " + shown + "\n", "wide spaces": strings.ReplaceAll(shown, " ", "\u3000"),
	} {
		got, err := vault.ParseRecoveryCode(vault.NewSecret(typed))
		if err != nil || !got.Equal(code) || got.Recipient() != code.Recipient() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if again := newCode(t); again.Equal(code) {
		t.Error("two codes are the same")
	}
}

func TestOneWrongCharacterIsATypoInItsGroup(t *testing.T) {
	const charset = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
	data := []byte(strings.ReplaceAll(strings.TrimPrefix(newCode(t).Reveal(), "AGE-SECRET-KEY-1 "), " ", ""))
	for i := range data {
		typed := append([]byte(nil), data...)
		typed[i] = charset[(strings.IndexByte(charset, typed[i])+1+i)%len(charset)]
		if typed[i] == data[i] {
			typed[i] = charset[(strings.IndexByte(charset, data[i])+1)%len(charset)]
		}
		_, err := vault.ParseRecoveryCode(vault.NewSecret(string(typed)))
		if want := fmt.Sprintf("look at group %d", i/4+1); !errors.Is(err, vault.ErrRecoveryTypo) || !strings.HasSuffix(err.Error(), want) {
			t.Fatalf("character %d: %v, want %q", i, err, want)
		}
		for _, part := range strings.Fields(newGroups(data)) {
			if strings.Contains(err.Error(), part) {
				t.Fatalf("the error quotes the code")
			}
		}
	}
}

func newGroups(data []byte) string {
	var b strings.Builder
	for i, c := range data {
		if i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(c)
	}
	return b.String()
}

func TestOtherTypos(t *testing.T) {
	shown := newCode(t).Reveal()
	swapped := strings.Fields(shown)
	swapped[3], swapped[4] = swapped[4], swapped[3]
	for name, typed := range map[string]string{
		"empty": "", "prefix only": "AGE-SECRET-KEY-1", "a character short": shown[:len(shown)-1], "a character long": shown + "Q",
		"two groups swapped": strings.Join(swapped, " "), "letter O": shown[:20] + "O" + shown[21:], "a recipient": newCode(t).Recipient(),
		"an emoji": shown[:20] + "🫖" + shown[21:], "a megabyte": strings.Repeat("Q", 1<<20),
	} {
		if _, err := vault.ParseRecoveryCode(vault.NewSecret(typed)); !errors.Is(err, vault.ErrRecoveryTypo) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKDFScaling(t *testing.T) {
	low := vault.KDF{MemoryKiB: 64 << 10, Passes: 3, Lanes: 4}
	for name, c := range map[string]struct {
		took, target time.Duration
		want         vault.KDF
	}{
		"a fast machine":      {60 * time.Millisecond, time.Second, vault.KDF{MemoryKiB: 128 << 10, Passes: 25, Lanes: 4}},
		"a usual machine":     {150 * time.Millisecond, time.Second, vault.KDF{MemoryKiB: 128 << 10, Passes: 10, Lanes: 4}},
		"a slow machine":      {900 * time.Millisecond, time.Second, low},
		"slower than target":  {5 * time.Second, time.Second, low},
		"no target to speak":  {150 * time.Millisecond, time.Nanosecond, low},
		"faster than anybody": {time.Microsecond, time.Second, vault.KDF{MemoryKiB: 128 << 10, Passes: 64, Lanes: 4}},
	} {
		if got := vault.ScaleKDF(low, c.took, c.target); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestProductionPassphraseCost(t *testing.T) {
	if low := vault.RealKDFMinimum(); low.MemoryKiB < 64<<10 || low.Passes < 3 {
		t.Fatalf("minimum %+v is below 64 MiB and 3 passes", low)
	}
	b := newBook(t, vault.NewSlot{Kind: vault.KindPassphrase, Passphrase: vault.NewSecret(goodPassphrase)})
	if kdf := mustInfo(t, b.path).Slots[0].KDF; kdf.MemoryKiB < 64<<10 || kdf.Passes < 3 {
		t.Errorf("a new slot has %+v", kdf)
	}
	if v := b.open(t, vault.ByPassphrase(vault.NewSecret(goodPassphrase))); !sameKeys(v.Keys(), b.keys) {
		t.Error("other keys")
	}
}

func TestTriesAreDelayed(t *testing.T) {
	vault.CheapKDF(t)
	b := newBook(t)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	b.opts.Now = func() time.Time { return now }
	attempt := func(p string) error {
		v, err := vault.Open(ctx, b.path, vault.ByPassphrase(vault.NewSecret(p)), b.opts)
		if err == nil {
			v.Close()
		}
		return err
	}
	fail := func(n int) {
		t.Helper()
		for i := range n {
			if err := attempt("wrong words altogether"); !errors.Is(err, vault.ErrWrongPassphrase) {
				t.Fatalf("failure %d: %v", i+1, err)
			}
		}
	}
	fail(9)
	if err := attempt(goodPassphrase); err != nil {
		t.Fatalf("after nine failures: %v", err)
	}
	fail(10) // a success started the count anew
	err := attempt(goodPassphrase)
	var tries *vault.TriesError
	if !errors.Is(err, vault.ErrTooManyTries) || !errors.As(err, &tries) || tries.Failures != 10 || !tries.RetryAt.Equal(now.Add(30*time.Second)) {
		t.Fatalf("after ten failures: %v", err)
	}
	if v, err := vault.Open(ctx, b.path, vault.ByKeychain(), b.opts); err != nil {
		t.Errorf("the key store is not a guess: %v", err)
	} else if err := v.Prove(ctx, vault.ByPassphrase(vault.NewSecret(goodPassphrase))); !errors.Is(err, vault.ErrTooManyTries) {
		t.Errorf("Prove goes round the delay: %v", err)
	}
	now = now.Add(-24 * time.Hour) // the clock was wrong: one wait, not a day
	if err := attempt(goodPassphrase); !errors.Is(err, vault.ErrTooManyTries) {
		t.Errorf("clock set back: %v", err)
	}
	now = now.Add(30 * time.Second)
	fail(1)
	now = now.Add(59 * time.Second)
	if err := attempt(goodPassphrase); !errors.Is(err, vault.ErrTooManyTries) {
		t.Errorf("the wait does not grow: %v", err)
	}
	now = now.Add(time.Second)
	if err := attempt(goodPassphrase); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	if left, _ := filepath.Glob(b.path + ".*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	write(t, b.path+".tries", []byte("nonsense"))
	if err := attempt(goodPassphrase); err != nil {
		t.Errorf("a damaged counter locks the owner out: %v", err)
	}
	if err := os.Mkdir(b.path+".tries", 0o700); err != nil {
		t.Fatal(err)
	}
	fail(12) // where it cannot be counted, nobody is slowed
}

func TestSealer(t *testing.T) {
	vault.CheapKDF(t)
	b, other := newBook(t), newBook(t)
	sealerOf := func(b book) *vault.Sealer {
		s, err := b.open(t, b.byCode()).Sealer()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	token := vault.NewSecret("Atzr|IwEBIP-a-refresh-token")
	s := sealerOf(b)
	sealed, err := s.Seal("na", "refresh_token", token)
	if err != nil {
		t.Fatal(err)
	}
	if twice, _ := s.Seal("na", "refresh_token", token); string(twice) == string(sealed) {
		t.Error("sealing twice gives the same bytes")
	}
	if got, err := sealerOf(b).Unseal("na", "refresh_token", sealed); err != nil || !got.Equal(token) {
		t.Errorf("after opening the book again: %v", err)
	}
	for name, open := range map[string]func() (vault.Secret, error){
		"another connection":    func() (vault.Secret, error) { return s.Unseal("eu", "refresh_token", sealed) },
		"another field":         func() (vault.Secret, error) { return s.Unseal("na", "client_secret", sealed) },
		"names run together":    func() (vault.Secret, error) { return s.Unseal("narefresh", "_token", sealed) },
		"another book":          func() (vault.Secret, error) { return sealerOf(other).Unseal("na", "refresh_token", sealed) },
		"empty":                 func() (vault.Secret, error) { return s.Unseal("na", "refresh_token", nil) },
		"head only":             func() (vault.Secret, error) { return s.Unseal("na", "refresh_token", sealed[:25]) },
		"a later version of it": func() (vault.Secret, error) { return s.Unseal("na", "refresh_token", append([]byte{2}, sealed[1:]...)) },
	} {
		if got, err := open(); !errors.Is(err, vault.ErrUnsealable) || !got.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range sealed {
		bad := append([]byte(nil), sealed...)
		bad[i] ^= 1
		if _, err := s.Unseal("na", "refresh_token", bad); !errors.Is(err, vault.ErrUnsealable) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
		if _, err := s.Unseal("na", "refresh_token", sealed[:i]); !errors.Is(err, vault.ErrUnsealable) {
			t.Fatalf("cut to %d: %v", i, err)
		}
	}
	s.Wipe()
	if _, err := s.Seal("na", "refresh_token", token); !errors.Is(err, vault.ErrClosed) {
		t.Errorf("after Wipe: %v", err)
	}
}
