package spapifake_test

import (
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"countinghouse/sync/spapifake"
)

// A client needs the addresses and the credentials; the truth is for the test
// that drives it.
func Example() {
	s := spapifake.New(spapifake.Config{Seed: 1, Orders: 200, Now: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), Speed: 2000})
	if err := s.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	c := s.Credentials("NA")
	resp, err := http.PostForm(s.Endpoints().Login+"/auth/o2/token", url.Values{"grant_type": {"refresh_token"},
		"refresh_token": {c.RefreshToken}, "client_id": {c.ClientID}, "client_secret": {c.ClientSecret}})
	if err != nil {
		log.Fatal(err)
	}
	resp.Body.Close()
	fmt.Println(resp.Status, s.Truth().Counts[0].Orders)
	// Output: 200 OK 100
}
