package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapifake"
	"countinghouse/ui/session"
)

// sellerFlags say which demo seller to make.
type sellerFlags struct {
	Orders int     `help:"Orders over all three accounts." default:"20000"`
	Days   int     `help:"Days of history." default:"548"`
	Seed   int64   `help:"Another seed gives another seller." default:"1"`
	Speed  float64 `help:"How many times faster than Amazon's own limits; 1 is Amazon's." default:"100"`
}

// maxSpeed is the rate that the client still believes, as a multiple of
// Amazon's own: with more it would keep to Amazon's.
const maxSpeed = 100

func (f sellerFlags) check() error {
	if f.Orders < 1 || f.Orders > 2_000_000 || f.Days < 1 || f.Days > 3650 || f.Speed <= 0 || f.Speed > maxSpeed {
		return usage("--orders takes 1 to 2000000, --days 1 to 3650, --speed above 0 up to %d", maxSpeed)
	}
	return nil
}

func (f sellerFlags) server() *spapifake.Server {
	return spapifake.New(spapifake.Config{Seed: f.Seed, Orders: f.Orders, Days: f.Days, Speed: f.Speed})
}

type demoVerb struct {
	sellerFlags
	Name     string `help:"Name of the demo book; a demo book of that name is replaced." default:"Demo"`
	Headless bool   `help:"Work in the terminal only."`
}

func (v *demoVerb) Run(a *app) error {
	if err := v.check(); err != nil {
		return err
	}
	p, err := a.place()
	if err != nil {
		return err
	}
	if !v.Headless && a.io.Window != nil && v.Name == session.DemoName && hasDisplay() {
		return a.window(WindowRequest{Place: p, Demo: true, Orders: v.Orders, Days: v.Days, Seed: v.Seed, Speed: v.Speed})
	}
	if err := v.fill(a, p); err != nil || v.Headless || a.io.Shots == nil || hasDisplay() {
		return err
	}
	return a.shots(ShotsRequest{
		Dir: "demo-shots", Themes: []string{"light"}, Locales: []string{"en"}, Sizes: [][2]int{{1280, 800}},
		Orders: min(v.Orders, demoShotsOrders), Days: v.Days, Seed: v.Seed,
	}, func(string) {})
}

// demoShotsOrders is enough to see every screen full.
const demoShotsOrders = 4000

// fill makes the demo book and prints what it holds.
func (v *demoVerb) fill(a *app, p session.Place) error {
	if err := session.DropDemo(a.ctx, p, v.Name); err != nil {
		if errors.Is(err, store.ErrInUse) {
			return withCode(exitLocked, err)
		}
		return err
	}
	began := time.Now()
	fmt.Fprintf(a.io.Err, "Inventing a seller with %d orders in %d days ...\n", v.Orders, v.Days)
	seller := v.server()
	if err := seller.Start("127.0.0.1:0"); err != nil {
		return fmt.Errorf("start the demo seller's local Amazon: %w", err)
	}
	defer seller.Close()

	s, pass, err := a.createDemo(p, v.Name)
	if err != nil {
		return err
	}
	defer s.Close()
	syncing := time.Now()
	told := newProgress(a.io.Err)
	r, err := s.FillDemo(a.ctx, seller, told.show)
	told.end()
	if err != nil {
		return err
	}
	took := time.Since(syncing)
	if err := errors.Join(a.ended(s, r), s.SettleKeys(a.ctx)); err != nil {
		return err
	}
	if err := a.summary(s); err != nil {
		return err
	}
	fmt.Fprintf(a.io.Out, "\nFirst sync took %.1f s, everything %.1f s.\n", took.Seconds(), time.Since(began).Seconds())
	fmt.Fprintf(a.io.Out, "The book %q is in %s.\n", s.Name, s.Book.Dir)
	if pass != "" {
		fmt.Fprintf(a.io.Out, "It is thrown away by the next demo; until then its passphrase is %s\n", pass)
	}
	return nil
}

// createDemo makes the demo book. shown is the passphrase that it invented.
func (a *app) createDemo(p session.Place, name string) (s *session.Session, shown string, err error) {
	given, _, err := a.givenPassphrase()
	if err != nil {
		return nil, "", err
	}
	s, shown, stored, err := session.CreateDemo(a.ctx, p, name, given)
	if err == nil && given.IsZero() && !stored && !a.g.NoKeychain {
		fmt.Fprintln(a.io.Err, "This computer has no key store; the demo book opens with a passphrase.")
	}
	return s, shown, err
}

// summary prints what the book holds and what it earned.
func (a *app) summary(s *session.Session) error {
	st, err := a.status(s)
	if err != nil {
		return err
	}
	groups, err := (&reportProfitVerb{By: "marketplace"}).statements(a, s.Book)
	if err != nil {
		return err
	}
	if a.g.JSON {
		out := []statementJSON{}
		for _, g := range groups {
			out = append(out, g.json())
		}
		return writeJSON(a.io.Out, map[string]any{"status": st, "profit": out})
	}
	fmt.Fprintf(a.io.Out, "\nBook %q (%s)\n\n", s.Name, s.Class)
	if err := coverageSheet(st.Connections).write(a.io.Out, formatTable); err != nil {
		return err
	}
	fmt.Fprintln(a.io.Out)
	t := newSheet(left("marketplace"), left("currency"), left("money from"), left("to"), right("units"), right("net sales"), right("fees"),
		right("advertising"), right("cost of goods"), right("net profit"), right("tax you owe"), right("settled"))
	var reasons []string
	for _, g := range groups {
		fees, settled := "-", "-"
		if g.SellingFees.Known && g.FBAFees.Known {
			fees = amount(g.SellingFees.Minor+g.FBAFees.Minor, g.Currency)
		}
		if g.Shares.Known {
			settled = fmt.Sprintf("%d.%d %%", g.Shares.Settled/100, g.Shares.Settled%100/10)
		}
		t.add(marketName(g.name), g.Currency, g.From, g.To, number(g.Units), shown(g.NetSales), fees, shown(g.Advertising),
			shown(g.CostOfGoods), shown(g.NetProfit), shown(g.TaxOwed), settled)
		if !g.NetProfit.Known {
			reasons = append(reasons, fmt.Sprintf("%s %s: %s", marketName(g.name), g.Currency, g.NetProfit.Why))
		}
	}
	if err := t.write(a.io.Out, formatTable); err != nil {
		return err
	}
	for _, r := range reasons {
		fmt.Fprintln(a.io.Out, "-", r)
	}
	return nil
}

type serveDemoVerb struct {
	sellerFlags
	Addr  string `help:"Address on this computer to listen on." default:"127.0.0.1:0"`
	Ready string `help:"Write addresses and invented credentials into this file, as JSON, once the server answers." type:"path" placeholder:"FILE"`
}

// demoAccountJSON is one account of the demo seller, as serve-demo tells it.
// The credentials are invented and open nothing but this server.
type demoAccountJSON struct {
	Region        string `json:"region"`
	Endpoint      string `json:"endpoint"`
	LoginEndpoint string `json:"login_endpoint"`
	ClientID      string `json:"client_id"`
	ClientSecret  string `json:"client_secret"`
	RefreshToken  string `json:"refresh_token"`
	SellerID      string `json:"seller_id"`
}

func (v *serveDemoVerb) Run(a *app) error {
	if err := v.check(); err != nil {
		return err
	}
	seller := v.server()
	if err := seller.Start(v.Addr); err != nil {
		return fmt.Errorf("start the demo seller's local Amazon: %w", err)
	}
	defer seller.Close()
	var accounts []demoAccountJSON
	for _, region := range spapifake.Connections() {
		c, e := seller.Credentials(region), seller.Endpoints()
		accounts = append(accounts, demoAccountJSON{
			Region: region, Endpoint: e.Region(region), LoginEndpoint: e.Login, ClientID: c.ClientID, ClientSecret: c.ClientSecret,
			RefreshToken: c.RefreshToken, SellerID: c.SellerID,
		})
	}
	if err := v.tell(a, accounts); err != nil {
		return err
	}
	<-a.ctx.Done()
	return nil
}

func (v *serveDemoVerb) tell(a *app, accounts []demoAccountJSON) error {
	if v.Ready == "" {
		return writeJSON(a.io.Out, accounts)
	}
	var b strings.Builder
	if err := writeJSON(&b, accounts); err != nil {
		return err
	}
	return writeNew(v.Ready, b.String())
}
