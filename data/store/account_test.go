package store_test

import (
	"testing"
	"time"

	"countinghouse/data/store"
)

// Connecting starts the two times that Amazon sets; a date that the user knows
// better takes its place; the soonest end comes first.
func TestCredentialDates(t *testing.T) {
	b := newBook(t)
	if list, err := b.CredentialDates(t.Context()); err != nil || len(list) != 0 {
		t.Fatalf("before any credentials: %v %v", list, err)
	}
	write(t, b, func(tx *store.Tx) error {
		return tx.PutConnection(store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI}, store.Sealed{"refresh_token": []byte("x")})
	})
	list, err := b.CredentialDates(t.Context())
	if err != nil || len(list) != 2 || list[0].Kind != store.SecretDate || list[0].Due != now.Add(180*24*time.Hour) || list[1].Due != now.Add(365*24*time.Hour) || list[0].Entered {
		t.Fatalf("%+v %v", list, err)
	}
	given := now.AddDate(0, -11, 0)
	write(t, b, func(tx *store.Tx) error { return tx.SetCredentialDate("na", store.ConsentDate, given) })
	list, err = b.CredentialDates(t.Context())
	if err != nil || list[0].Kind != store.ConsentDate || !list[0].Entered || list[0].Due != given.Add(365*24*time.Hour) {
		t.Errorf("%+v %v", list, err)
	}
	if err := b.Write(t.Context(), func(tx *store.Tx) error { return tx.SetCredentialDate("na", "password", now) }); err == nil {
		t.Error("a date of no known kind is stored")
	}
}

// Access keeps since when it is so, through many looks of the same outcome.
func TestAccess(t *testing.T) {
	b := newBook(t)
	at := []time.Time{now, now.Add(time.Hour), now.Add(2 * time.Hour), now.Add(3 * time.Hour)}
	for i, granted := range []bool{false, false, true, true} {
		write(t, b, func(tx *store.Tx) error { return tx.SetAccess("na", "balances", granted, at[i]) })
		list, err := b.Access(t.Context())
		if err != nil || len(list) != 1 || list[0].Granted != granted || list[0].Seen != at[i] || list[0].Since != at[i/2*2] {
			t.Errorf("%d: %+v %v", i, list, err)
		}
	}
}
