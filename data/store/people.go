package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrNoPeople reports that the book was opened without the personal key.
var ErrNoPeople = errors.New("this key does not open personal data")

// Person is everything about the buyer and recipient of one order.
type Person struct {
	Connection, Order                    string
	Name, Company, Address, City, Region string
	PostalCode, Country, Phone           string
	BuyerName, BuyerEmail, GiftMessage   string
	Fetched, Purge                       time.Time
}

// PutPeople stores people in personal.db, in one transaction of that file. An
// empty field does not overwrite a known one: Amazon blanks them on and off.
func (b *Book) PutPeople(ctx context.Context, people []Person) error {
	if b.personal == nil {
		return ErrNoPeople
	}
	tx, err := b.personal.Writer().BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store people: %w", err)
	}
	defer tx.Rollback()
	for _, p := range people {
		_, err := tx.ExecContext(ctx, `INSERT INTO person (connection_id, order_id, name, company, address, city, region, postal_code,
			country, phone, buyer_name, buyer_email, gift_message, fetched_at, purge_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
			ON CONFLICT DO UPDATE SET name = iif(excluded.name = '', name, excluded.name),
			company = iif(excluded.company = '', company, excluded.company), address = iif(excluded.address = '', address, excluded.address),
			city = iif(excluded.city = '', city, excluded.city), region = iif(excluded.region = '', region, excluded.region),
			postal_code = iif(excluded.postal_code = '', postal_code, excluded.postal_code),
			country = iif(excluded.country = '', country, excluded.country), phone = iif(excluded.phone = '', phone, excluded.phone),
			buyer_name = iif(excluded.buyer_name = '', buyer_name, excluded.buyer_name),
			buyer_email = iif(excluded.buyer_email = '', buyer_email, excluded.buyer_email),
			gift_message = iif(excluded.gift_message = '', gift_message, excluded.gift_message),
			fetched_at = excluded.fetched_at, purge_at = excluded.purge_at`,
			p.Connection, p.Order, p.Name, p.Company, p.Address, p.City, p.Region, p.PostalCode, p.Country, p.Phone,
			p.BuyerName, p.BuyerEmail, p.GiftMessage, millis(p.Fetched), millis(p.Purge))
		if err != nil {
			return fmt.Errorf("store the recipient of order %s: %w", p.Order, err)
		}
	}
	return tx.Commit()
}

// PurgePeople deletes everybody whose time is over and returns how many. The
// caller then gives the file a new key, so that older copies open no more.
func (b *Book) PurgePeople(ctx context.Context) (int64, error) {
	if b.personal == nil {
		return 0, ErrNoPeople
	}
	res, err := b.personal.Writer().ExecContext(ctx, `DELETE FROM person WHERE purge_at <= ?`, millis(b.Now()))
	if err != nil {
		return 0, fmt.Errorf("purge people: %w", err)
	}
	return res.RowsAffected()
}
