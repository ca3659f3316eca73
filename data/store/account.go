package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Account is the seller's account with Amazon, as Amazon tells it.
type Account struct {
	Connection   string
	SellingPlan  string // PROFESSIONAL or INDIVIDUAL
	BusinessType string
	Seen         time.Time
}

// PutAccount stores what kind of account a connection has.
func (t *Tx) PutAccount(a Account) error {
	_, err := t.exec(`INSERT INTO account (connection_id, selling_plan, business_type, seen_at) VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET
		selling_plan = excluded.selling_plan, business_type = excluded.business_type, seen_at = excluded.seen_at`,
		a.Connection, a.SellingPlan, a.BusinessType, millis(a.Seen))
	if err != nil {
		return fmt.Errorf("store account of %s: %w", a.Connection, err)
	}
	return nil
}

// Accounts lists the accounts of the connections that told of theirs.
func (b *Book) Accounts(ctx context.Context) ([]Account, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, selling_plan, business_type, seen_at FROM account ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	var all []Account
	err = eachRow(rows, func(r *sql.Rows) error {
		var a Account
		var seen int64
		err := r.Scan(&a.Connection, &a.SellingPlan, &a.BusinessType, &seen)
		a.Seen = fromMillis(seen)
		all = append(all, a)
		return err
	})
	return all, err
}

// Access is whether Amazon lets this application read a source, learned by
// asking: not granted means that the role for it is missing.
type Access struct {
	Connection, Resource string
	Granted              bool
	Since                time.Time // since when it is so
	Seen                 time.Time // last time it was found so
}

// SetAccess notes that a source answered, or that its role is missing.
func (t *Tx) SetAccess(connection, resource string, granted bool, at time.Time) error {
	_, err := t.exec(`INSERT INTO access (connection_id, resource, granted, since_at, seen_at) VALUES (?,?,?,?4,?4)
		ON CONFLICT DO UPDATE SET since_at = iif(granted = excluded.granted, since_at, excluded.since_at), granted = excluded.granted,
		seen_at = excluded.seen_at`, connection, resource, flag(granted), millis(at))
	return err
}

// Access lists what Amazon lets this application read, by connection and
// source; a source that was never asked is not in it.
func (b *Book) Access(ctx context.Context) ([]Access, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, resource, granted, since_at, seen_at FROM access ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("read what Amazon allows: %w", err)
	}
	var all []Access
	err = eachRow(rows, func(r *sql.Rows) error {
		var a Access
		var since, seen int64
		err := r.Scan(&a.Connection, &a.Resource, &a.Granted, &since, &seen)
		a.Since, a.Seen = fromMillis(since), fromMillis(seen)
		all = append(all, a)
		return err
	})
	return all, err
}

// Kinds of dates after which Amazon wants something renewed.
const (
	SecretDate  = "secret"  // the client secret was made
	ConsentDate = "consent" // the seller authorised the application
)

// How long Amazon lets each stand.
const (
	SecretLasts  = 180 * 24 * time.Hour
	ConsentLasts = 365 * 24 * time.Hour
)

// CredentialDate is from when one of Amazon's times runs, and its end.
type CredentialDate struct {
	Connection, Kind string
	At               time.Time
	Due              time.Time // when it has to be renewed
	Entered          bool      // by the user; else it is when it was stored here
}

// SetCredentialDate keeps a date that the user entered.
func (t *Tx) SetCredentialDate(connection, kind string, at time.Time) error {
	return t.putCredentialDate(connection, kind, at.UnixMilli(), "entered")
}

func (t *Tx) putCredentialDate(connection, kind string, at int64, origin string) error {
	if kind != SecretDate && kind != ConsentDate {
		return fmt.Errorf("store the date of %s: there is no such kind", kind)
	}
	_, err := t.exec(`INSERT INTO credential_date (connection_id, kind, at, origin) VALUES (?,?,?,?)
		ON CONFLICT DO UPDATE SET at = excluded.at, origin = excluded.origin`, connection, kind, at, origin)
	if err != nil {
		return fmt.Errorf("store the date of the %s of %s: %w", kind, connection, err)
	}
	return nil
}

// noteConnect starts both times when credentials are stored: the secret is as
// old at the least, and the consent as old at the most, as a new connection.
func (t *Tx) noteConnect(connection string) error {
	for _, kind := range []string{SecretDate, ConsentDate} {
		if err := t.putCredentialDate(connection, kind, t.now, "connect"); err != nil {
			return err
		}
	}
	return nil
}

// CredentialDates lists when secrets and consents have to be renewed, the
// soonest first.
func (b *Book) CredentialDates(ctx context.Context) ([]CredentialDate, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, kind, at, origin = 'entered' FROM credential_date
		ORDER BY at + iif(kind = 'secret', ?, ?), connection_id, kind`, SecretLasts.Milliseconds(), ConsentLasts.Milliseconds())
	if err != nil {
		return nil, fmt.Errorf("read the dates of the credentials: %w", err)
	}
	var all []CredentialDate
	err = eachRow(rows, func(r *sql.Rows) error {
		var d CredentialDate
		var at int64
		err := r.Scan(&d.Connection, &d.Kind, &at, &d.Entered)
		d.At = fromMillis(at)
		if d.Due = d.At.Add(SecretLasts); d.Kind == ConsentDate {
			d.Due = d.At.Add(ConsentLasts)
		}
		all = append(all, d)
		return err
	})
	return all, err
}
