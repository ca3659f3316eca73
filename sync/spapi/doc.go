// Package spapi is the client of Amazon's Selling Partner API: sign-in
// (Login with Amazon), pacing by stored token buckets, retries, paging rules
// per operation, and the download of report documents.
//
// It owns the one pipe to Amazon. Everything that leaves the machine for
// Amazon goes through a Client, is refused before it connects when the host
// is not on the list, is debited from a stored budget before it is sent, and
// is recorded in the CallLog (host, operation, purpose, bytes and status;
// never bodies, tokens, query strings or links).
//
// It must not know the database, accounting, screens, or what the answers
// mean: it hands over Amazon's rows decoded and as the raw JSON they came in.
// Money stays decimal text; enums are plain strings, so that a name Amazon
// adds tomorrow is a value like any other.
//
// Goroutines: a Client starts none of its own and may be used by many at
// once. Calls block while they wait for their budget, and end with their
// context. Config's callbacks are called from the calling goroutine.
//
// Proxies: a real book honours HTTPS_PROXY and NO_PROXY, because offices need
// them. The tunnel is end-to-end TLS, so a proxy sees the host name and
// nothing else. A test book ignores them and talks to loopback only.
//
// The smallest example:
//
//	c, err := spapi.New(spapi.Config{
//		Connection: "eu", Region: "EU", UserAgent: spapi.UserAgent("1.0"),
//		ClientID: id, ClientSecret: secret, RefreshToken: token,
//		Limits: store, Calls: ledger,
//	})
//	...
//	ctx = spapi.WithPurpose(ctx, "orders by last update")
//	for page, err := range c.SearchOrders(ctx, spapi.OrdersQuery{LastUpdatedAfter: since}) {
//		if err != nil {
//			return err
//		}
//		save(page.Items, page.Next) // one transaction: rows and the place to resume
//	}
package spapi
