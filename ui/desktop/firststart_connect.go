package desktop

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/sync/spapi"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/i18n"
	"countinghouse/ui/session"
)

// connectScreen connects an Amazon account of one region: where to click, what
// to paste, and a real call that checks it.
type connectScreen struct {
	env    *env
	f      *frame
	loader loader
	reads  loader // of the account that is connected again

	account  string // connected again under its name; empty: another one
	region   string
	steps    *fyne.Container
	regions  *parts.FilterBar
	client   *parts.Entry
	secret   *parts.Entry
	token    *parts.Entry
	seller   *parts.Entry
	server   *parts.Entry // of a test book: the addresses on this computer
	login    *parts.Entry
	lead     *parts.Paragraph
	leadBox  fyne.CanvasObject // what is shown and hidden of it
	sentence *sentenceBox
	check    *parts.Button
}

func newConnect(e *env, f *frame) screen {
	return &connectScreen{env: e, f: f, loader: loader{env: e}, reads: loader{env: e}, region: "NA"}
}

func (s *connectScreen) build() fyne.CanvasObject {
	w := s.env.words
	var chips []*parts.Chip
	for _, r := range connectRegions {
		chips = append(chips, parts.NewChip(r.id, w.T("first.region."+r.id), "", nil))
	}
	s.regions = parts.NewFilterBar(true, func(on []string) { s.another(on[0]) }, chips...)
	s.steps = container.NewStack()
	s.client, s.secret, s.token, s.seller = secretEntry("amzn1.application-oa2-client…"), secretEntry("amzn1.oa2-cs.v1…"), secretEntry("Atzr|…"), parts.NewEntry()
	s.seller.PlaceHolder = w.T("first.seller_hint")
	s.sentence = newSentenceBox()
	s.check = parts.NewButton(w.T("first.check"), parts.Primary, s.submit)
	s.token.OnSubmitted = func(string) { s.submit() }
	s.choose("NA")
	s.lead = parts.NewParagraph("", parts.Normal)
	s.leadBox = tight(s.lead)
	s.leadBox.Hide()
	left := parts.NewCard(w.T("first.where"), "", container.NewVBox(s.regions, gap(theme.Space1), s.steps))
	fields := container.NewVBox(s.leadBox,
		field(w.T("first.client_id"), s.client), field(w.T("first.client_secret"), s.secret), field(w.T("first.refresh_token"), s.token),
		field(w.T("first.seller_id"), s.seller))
	s.server, s.login = parts.NewEntry(), parts.NewEntry()
	s.server.PlaceHolder, s.login.PlaceHolder = "http://127.0.0.1:…", "http://127.0.0.1:…"
	if s.env.s.Class != session.Real {
		fields.Add(flushText(w.T("first.test_book"), parts.Muted))
		fields.Add(field(w.T("first.server"), s.server))
		fields.Add(field(w.T("first.login_server"), s.login))
	}
	fields.Add(s.sentence.box)
	fields.Add(buttons(s.check))
	fields.Add(flushText(w.T("first.secrets_stay"), parts.Muted))
	right := parts.NewCard(w.T("first.paste"), "", fields)
	return scrollColumn(container.New(parts.Shares{Gap: theme.Space4}, left, right))
}

func (s *connectScreen) choose(region string) {
	s.region = region
	for _, c := range s.regions.Chips {
		c.SetOn(c.ID == region)
	}
	s.steps.Objects = []fyne.CanvasObject{guideSteps(s.env, region)}
	s.steps.Refresh()
}

// another is a region that was pressed: what is connected there is no account
// that somebody came here to connect again, and the place in the window no longer
// that account's.
func (s *connectScreen) another(region string) {
	if region != s.region && s.account != "" {
		s.reads.stop()
		s.account, s.f.current.Account = "", ""
		s.leadBox.Hide()
		for _, e := range []*parts.Entry{s.seller, s.server, s.login} {
			e.SetText("")
		}
	}
	s.choose(region)
}

// load turns the page to the account of the route. What was typed and said stays
// when the book is read again below it.
func (s *connectScreen) load(r route) {
	if r.Account == s.account {
		return
	}
	s.turn(r.Account)
	if s.account == "" {
		return
	}
	book := s.env.s.Book
	s.reads.run(func(ctx context.Context) (func(), error) {
		c, err := book.Connection(ctx, r.Account)
		return func() {
			s.choose(c.Region)
			s.lead.SetText(s.env.words.T("connect.again", accountLabel(c.ID)))
			s.seller.SetText(c.SellerID)
			s.server.SetText(c.Endpoint)
			s.login.SetText(c.LoginEndpoint)
			s.env.window.Canvas().Focus(s.client)
		}, err
	}, func(err error) { s.sentence.say(errorLine(err), parts.Loss) })
}

// turn empties the page for an account, or with "" for another one: nothing that
// was typed or read for one account is sent for the next.
func (s *connectScreen) turn(account string) {
	s.reads.stop()
	s.account = account
	s.sentence.say("", parts.Normal)
	showIf(s.leadBox, account != "")
	for _, e := range []*parts.Entry{s.client, s.secret, s.token, s.seller, s.server, s.login} {
		e.SetText("")
	}
	if account == "" {
		s.choose("NA")
	}
}

func (s *connectScreen) submit() {
	w := s.env.words
	c := session.Connection{
		ID: cmp.Or(s.account, strings.ToLower(s.region)), Region: s.region, SellerID: strings.TrimSpace(s.seller.Text),
		ClientID: pasted(s.client), ClientSecret: pasted(s.secret), RefreshToken: pasted(s.token),
	}
	if book := s.env.s; book.Class != session.Real {
		c.Endpoint, c.LoginEndpoint = strings.TrimSpace(s.server.Text), strings.TrimSpace(s.login.Text)
	}
	if c.ClientID.IsZero() || c.ClientSecret.IsZero() || c.RefreshToken.IsZero() {
		s.sentence.say(w.T("first.all_three"), parts.Loss)
		return
	}
	s.check.Disable()
	s.sentence.say(w.T("first.checking"), parts.Muted)
	book := s.env.s
	s.loader.run(func(ctx context.Context) (func(), error) {
		list, err := book.Connect(ctx, c)
		if err == nil {
			err = book.SettleKeys(ctx)
		}
		return func() { s.connected(list) }, err
	}, func(err error) {
		s.check.Enable()
		s.sentence.say(connectSentence(w, err), parts.Loss)
	})
}

func pasted(e *parts.Entry) vault.Secret { return vault.NewSecret(strings.TrimSpace(e.Text)) }

// connected goes on to the first sync.
func (s *connectScreen) connected(list []store.MarketplaceRow) {
	var names []string
	for _, m := range list {
		if m.Participating {
			names = append(names, m.Name)
		}
	}
	s.turn("")
	s.check.Enable()
	s.f.notify(s.env.words.T("first.connected", strings.Join(names, ", ")))
	s.f.refresh()
	s.f.sync.ask()
	if on := railScreens(); len(on) > 0 {
		s.f.show(route{Screen: on[0]})
	}
}

func (s *connectScreen) close() {
	s.reads.close()
	s.loader.close()
}

// connectSentence tells what is wrong with a connection and what to do, in the
// reader's language; each class of failure has its own sentence.
func connectSentence(words *i18n.Words, err error) string {
	if c := spapi.ClassOf(err); c != nil {
		key := "first.error." + c.Name
		if text := words.T(key); text != key {
			return text
		}
	}
	if errors.Is(err, session.ErrTestBook) {
		return words.T("first.error.testbook")
	}
	return words.T("first.error.other", errorLine(err))
}
