package cli

import (
	"regexp"
	"strings"

	"countinghouse/data/vault"
	"countinghouse/ui/session"
)

type connectVerb struct {
	ID               string `help:"Short name for the account in this region (default: the region)." placeholder:"NAME"`
	Region           string `help:"NA (Americas), EU (Europe, India, Middle East) or FE (Japan, Australia, Singapore)." enum:"NA,EU,FE" required:"" placeholder:"NA|EU|FE"`
	SellerID         string `help:"Merchant token from Seller Central; needed for listings until Amazon tells it." placeholder:"ID"`
	ClientID         string `help:"LWA client identifier of your application." placeholder:"ID"`
	ClientSecretFile string `help:"File with the LWA client secret." type:"path" placeholder:"FILE"`
	RefreshTokenFile string `help:"File with the refresh token." type:"path" placeholder:"FILE"`
	renewals
	Endpoint      string `help:"Another SP-API server on this computer (test books only)." placeholder:"URL"`
	LoginEndpoint string `help:"Another login server on this computer (test books only)." placeholder:"URL"`
}

var connectionName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

func (v *connectVerb) Run(a *app) error {
	c := session.Connection{
		ID: strings.ToLower(v.ID), Region: v.Region, SellerID: v.SellerID, ClientID: vault.NewSecret(v.ClientID),
		Endpoint: v.Endpoint, LoginEndpoint: v.LoginEndpoint,
	}
	if c.ID == "" {
		c.ID = strings.ToLower(v.Region)
	}
	if !connectionName.MatchString(c.ID) {
		return usage("--id %q: a connection's name has 1 to 32 letters, digits and hyphens", v.ID)
	}
	dates, err := v.days()
	if err != nil {
		return err
	}
	if v.ClientID == "" {
		if a.io.Ask == nil {
			return usage("give --client-id")
		}
		if c.ClientID, err = a.io.Ask("LWA client identifier: "); err != nil {
			return err
		}
	}
	if c.ClientSecret, err = a.secretFrom(v.ClientSecretFile, "client secret", "--client-secret-file"); err != nil {
		return err
	}
	if c.RefreshToken, err = a.secretFrom(v.RefreshTokenFile, "refresh token", "--refresh-token-file"); err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		if s.Class != session.Real && (v.Endpoint == "" || v.LoginEndpoint == "") {
			return usage("the book %q is a %s book and talks to this computer only: give --endpoint and --login-endpoint, or make a real book for a real account", s.Name, s.Class)
		}
		list, err := s.Connect(a.ctx, c)
		if err != nil {
			return withCode(amazonCode(err), err)
		}
		if err := dates.store(a, s, c.ID); err != nil {
			return err
		}
		names := []string{}
		for _, m := range list {
			if m.Participating {
				names = append(names, m.Name)
			}
		}
		return a.say(map[string]any{"connection": c.ID, "marketplaces": names},
			"Connected %s: %s.\nNext: %s\n", c.ID, strings.Join(names, ", "), nextSync(s))
	})
}

// nextSync is what to do once an account is connected.
func nextSync(s *session.Session) string {
	if s.Class == session.Real && !s.Confirmed() {
		return "countinghouse vault confirm-recovery, then countinghouse sync --once"
	}
	return "countinghouse sync --once"
}

// secretFrom reads a secret from a file, or asks for it on a terminal.
func (a *app) secretFrom(file, what, flag string) (vault.Secret, error) {
	if file != "" {
		return secretFile(file, what)
	}
	if a.io.Ask == nil {
		return vault.Secret{}, usage("give %s", flag)
	}
	return a.io.Ask("Paste the " + what + " (not shown): ")
}

type disconnVerb struct {
	ID string `arg:"" help:"The connection."`
}

func (v *disconnVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if err := s.Disconnect(a.ctx, v.ID); err != nil {
			return err
		}
		return a.say(map[string]string{"disconnected": v.ID}, "Forgot the credentials of %s. Its data stay in the book.\n", v.ID)
	})
}
