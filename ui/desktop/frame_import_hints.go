package desktop

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// importHints is what a user types about files that do not tell it themselves.
type importHints struct {
	connection, marketplace string // id; empty: by itself
	currency, made, zone    string
	account                 string
}

func hintsOf(o appsync.ImportOptions) importHints {
	h := importHints{connection: o.Connection, marketplace: o.Marketplace, currency: o.Hint.Currency, account: o.Hint.Account}
	if !o.Taken.IsZero() {
		h.made = o.Taken.Format(time.DateOnly)
	}
	if o.Hint.Zone != nil {
		h.zone = o.Hint.Zone.String()
	}
	return h
}

// The fields that can be wrong.
var (
	errHintCurrency = errors.New("import.hint.bad.currency")
	errHintMade     = errors.New("import.hint.bad.made")
	errHintZone     = errors.New("import.hint.bad.zone")
)

var hintCurrency = regexp.MustCompile(`^[A-Z]{3}$`)

// options reads what was typed, as the command line reads its flags; the error's
// text is the key of what to say.
func (h importHints) options() (o appsync.ImportOptions, err error) {
	currency := strings.ToUpper(strings.TrimSpace(h.currency))
	o = appsync.ImportOptions{Connection: h.connection, Marketplace: h.marketplace, Hint: reports.Hint{Currency: currency, Account: strings.TrimSpace(h.account)}}
	if currency != "" && !hintCurrency.MatchString(currency) {
		return o, errHintCurrency
	}
	if made := strings.TrimSpace(h.made); made != "" {
		day, err := time.Parse(time.DateOnly, made)
		if err != nil {
			return o, errHintMade
		}
		o.Taken = day.Add(12 * time.Hour)
	}
	if zone := strings.TrimSpace(h.zone); zone != "" {
		if o.Hint.Zone, err = time.LoadLocation(zone); err != nil {
			return o, errHintZone
		}
	}
	return o, nil
}

func connectionNames(list []store.Connection) (names []string) {
	for _, c := range list {
		names = append(names, c.ID)
	}
	slices.Sort(names)
	return names
}

// askHints asks for what the files do not tell. use gets the answer, back runs
// when there is none.
func (f *frame) askHints(o appsync.ImportOptions, connections []string, use func(appsync.ImportOptions), back func()) {
	t, now := f.d.words.T, hintsOf(o)
	choice := func(ids []string, word func(string) string, value string) *parts.Select {
		words := []string{t("import.hint.auto")}
		for _, id := range ids {
			words = append(words, word(id))
		}
		s := parts.NewSelect(words, nil)
		s.SetSelectedIndex(slices.Index(ids, value) + 1)
		return s
	}
	picked := func(s *parts.Select, ids []string) string {
		if i := s.SelectedIndex(); i > 0 {
			return ids[i-1]
		}
		return ""
	}
	var places []string
	all := markets.All()
	slices.SortFunc(all, func(a, b markets.Marketplace) int { return cmp.Compare(a.Name, b.Name) })
	for _, m := range all {
		places = append(places, m.ID)
	}
	entry := func(value, hint string) *parts.Entry {
		e := parts.NewEntry()
		e.SetText(value)
		e.SetPlaceHolder(hint)
		return e
	}
	connection := choice(connections, func(id string) string { return id }, now.connection)
	market := choice(places, func(id string) string { return marketplaceWord(id, id) }, now.marketplace)
	currency, made, zone := entry(now.currency, "EUR"), entry(now.made, "2026-03-01"), entry(now.zone, "Asia/Tokyo")
	account := entry(now.account, "Invoiced Orders")
	problem := parts.NewLabel("", theme.TextCaption, parts.Loss)
	pair := func(a, b fyne.CanvasObject) fyne.CanvasObject {
		return container.New(parts.Shares{Gap: theme.Space3, Weights: []float32{1, 1}}, a, b)
	}
	form := container.NewVBox(flushText(t("import.hint.text"), parts.Muted),
		pair(labelled(t("import.hint.connection"), connection), labelled(t("import.hint.market"), market)),
		pair(labelled(t("import.hint.currency"), currency), labelled(t("import.hint.made"), made)),
		pair(labelled(t("import.hint.zone"), zone), labelled(t("import.hint.account"), account)), problem)
	var m *modal
	accept := func() {
		o, err := importHints{picked(connection, connections), picked(market, places), currency.Text, made.Text, zone.Text, account.Text}.options()
		if err != nil {
			problem.SetText(t(err.Error()), parts.Loss)
			return
		}
		m.hide()
		use(o)
	}
	for _, e := range []*parts.Entry{currency, made, zone, account} {
		e.OnSubmitted = func(string) { accept() }
	}
	m = newModal(f.env, t("import.hint.title"), form, fyne.NewSize(620, 380),
		parts.NewButton(t("frame.cancel"), parts.Quiet, func() { m.hide(); back() }), parts.NewButton(t("import.hint.look"), parts.Primary, accept))
	m.gone = back
	m.show()
	f.d.window.Canvas().Focus(connection)
}
