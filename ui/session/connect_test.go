package session_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapifake"
	"countinghouse/ui/session"
)

// Files first, sign-in later: it is one account, and its money counts once.
func TestAnAccountFedByFilesIsTheOneThatSignsIn(t *testing.T) {
	seller := spapifake.New(spapifake.Config{Seed: 5, Orders: 60, Days: 30, Speed: 100})
	if err := seller.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer seller.Close()
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	slots := []vault.NewSlot{{Kind: vault.KindRecovery, Label: "test", Recovery: code}}
	s, err := session.Create(t.Context(), session.Place{Home: store.Home(t.TempDir())}, "Shop", session.Test, slots)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()

	file := filepath.Join(t.TempDir(), "settlement.txt")
	head := "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\tpromotion-id"
	rows := []string{head,
		"9001\t2026-01-01 00:00:00 UTC\t2026-01-15 00:00:00 UTC\t2026-01-17 00:00:00 UTC\t8.50\tUSD" + strings.Repeat("\t", 18),
		"9001\t\t\t\t\t\tOrder\t111-1\t\t\t\tAmazon.com\tItemPrice\tPrincipal\t10.00\tAFN\t2026-01-05\t2026-01-05 10:00:00 UTC\t1\t\t\tA\t1\t",
		"9001\t\t\t\t\t\tOrder\t111-1\t\t\t\tAmazon.com\tItemFees\tCommission\t-1.50\tAFN\t2026-01-05\t2026-01-05 10:00:00 UTC\t1\t\t\tA\t\t"}
	if err := os.WriteFile(file, bytes.Join([][]byte{[]byte(strings.Join(rows, "\n")), nil}, []byte("\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := appsync.Import(t.Context(), s.Book, file, "", reports.Hint{}); err != nil {
		t.Fatal(err)
	}
	c, e := seller.Credentials("NA"), seller.Endpoints()
	_, err = s.Connect(t.Context(), session.Connection{
		ID: "na", Region: "NA", SellerID: c.SellerID, ClientID: vault.NewSecret(c.ClientID), ClientSecret: vault.NewSecret(c.ClientSecret),
		RefreshToken: vault.NewSecret(c.RefreshToken), Endpoint: e.NA, LoginEndpoint: e.Login,
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Book.Connections(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != "files-na" || all[0].Kind != store.KindAPI {
		t.Fatalf("connections: %+v, %v", all, err)
	}
	r, err := s.Engine(nil).Once(t.Context())
	if err != nil || len(r.Failures) > 0 {
		t.Fatal(r, err)
	}
}

func TestATestBookTakesNoRealCredentialsAndNoOtherHost(t *testing.T) {
	code, err := vault.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	slots := []vault.NewSlot{{Kind: vault.KindRecovery, Label: "test", Recovery: code}}
	for _, c := range []struct {
		name  string
		class session.Class
		conn  session.Connection
	}{
		{"test book, Amazon", session.Test, session.Connection{ID: "na", Region: "NA"}},
		{"test book, another host", session.Test, session.Connection{ID: "na", Region: "NA", Endpoint: "https://example.com", LoginEndpoint: "https://example.com"}},
		{"test book, real credentials", session.Test, session.Connection{
			ID: "na", Region: "NA", Endpoint: "http://127.0.0.1:1", LoginEndpoint: "http://127.0.0.1:1",
			ClientID:     vault.NewSecret("amzn1.application-oa2-client." + strings.Repeat("a1", 16)),
			ClientSecret: vault.NewSecret("amzn1.oa2-cs.v1." + strings.Repeat("b2", 32)),
		}},
		{"real book, this computer", session.Real, session.Connection{ID: "na", Region: "NA", Endpoint: "http://127.0.0.1:1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := session.Create(t.Context(), session.Place{Home: store.Home(t.TempDir())}, "Shop", c.class, slots)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, err := s.Connect(t.Context(), c.conn); err == nil || !strings.Contains(err.Error(), "real") {
				t.Errorf("connected: %v", err)
			}
			if calls, err := s.Book.Calls(t.Context()); err != nil || len(calls) != 0 {
				t.Errorf("something was sent: %v %v", calls, err)
			}
		})
	}
}
