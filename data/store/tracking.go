package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Tracking is what Amazon knows of a parcel on its way.
type Tracking struct {
	Connection, Order, Reference string
	Carrier, Number              string // of the parcel; not stored with the tracking
	Asked                        time.Time
	Known                        bool   // Amazon follows this parcel
	Code                         string // latest milestone
	Occurred                     time.Time
	ExpectedFrom, ExpectedTo     time.Time // delivery expected, zero when not told
	Milestones                   []Milestone
}

// Milestone is one thing that happened to a parcel.
type Milestone struct {
	Occurred                            time.Time
	Code, SubCode, Description, Country string
}

// PutTracking stores what Amazon now tells of a parcel; milestones told before
// stay.
func (t *Tx) PutTracking(v Tracking) error {
	_, err := t.exec(`INSERT INTO tracking (connection_id, order_id, reference, asked_at, known, code, occurred_at, expected_from_at,
		expected_to_at) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET asked_at = excluded.asked_at, known = max(known, excluded.known),
		code = iif(excluded.code = '', code, excluded.code), occurred_at = coalesce(excluded.occurred_at, occurred_at),
		expected_from_at = coalesce(excluded.expected_from_at, expected_from_at), expected_to_at = coalesce(excluded.expected_to_at, expected_to_at)`,
		v.Connection, v.Order, v.Reference, millis(v.Asked), flag(v.Known), v.Code, optMillis(v.Occurred), optMillis(v.ExpectedFrom), optMillis(v.ExpectedTo))
	for _, m := range v.Milestones {
		if err != nil {
			break
		}
		_, err = t.exec(`INSERT INTO milestone (connection_id, order_id, reference, occurred_at, code, sub_code, description, country)
			VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET description = excluded.description, country = excluded.country`,
			v.Connection, v.Order, v.Reference, millis(m.Occurred), m.Code, m.SubCode, m.Description, m.Country)
	}
	if err != nil {
		return fmt.Errorf("store the tracking of order %s: %w", v.Order, err)
	}
	return nil
}

// TrackingDue lists up to limit parcels that were shipped since a time, are not
// known to have arrived, and were not asked for since another; those that Amazon
// does not follow since a third.
func (b *Book) TrackingDue(ctx context.Context, connection string, shipped, asked, unknown time.Time, limit int) ([]Tracking, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT p.order_id, p.reference, p.carrier, p.tracking_number FROM package p
		LEFT JOIN tracking t USING (connection_id, order_id, reference)
		WHERE p.connection_id = ?1 AND p.tracking_number <> '' AND p.shipped_at >= ?2 AND p.status NOT LIKE '%DELIVERED%' AND p.status NOT LIKE '%CANCEL%'
		AND coalesce(t.code, '') <> 'DELIVERED' AND coalesce(t.asked_at, 0) < iif(coalesce(t.known, 1), ?3, ?4)
		ORDER BY coalesce(t.asked_at, 0), p.shipped_at, p.order_id, p.reference LIMIT ?5`,
		connection, millis(shipped), millis(asked), millis(unknown), limit)
	if err != nil {
		return nil, fmt.Errorf("find parcels on their way: %w", err)
	}
	var all []Tracking
	err = eachRow(rows, func(r *sql.Rows) error {
		v := Tracking{Connection: connection}
		err := r.Scan(&v.Order, &v.Reference, &v.Carrier, &v.Number)
		all = append(all, v)
		return err
	})
	return all, err
}

// Tracking reads what Amazon told of a parcel, milestones the oldest first;
// ErrNotFound when it was never asked.
func (b *Book) Tracking(ctx context.Context, connection, order, reference string) (Tracking, error) {
	v := Tracking{Connection: connection, Order: order, Reference: reference}
	var asked int64
	var occurred, from, to sql.NullInt64
	err := b.Reader().QueryRowContext(ctx, `SELECT asked_at, known, code, occurred_at, expected_from_at, expected_to_at FROM tracking
		WHERE connection_id = ? AND order_id = ? AND reference = ?`, connection, order, reference).Scan(&asked, &v.Known, &v.Code, &occurred, &from, &to)
	if errors.Is(err, sql.ErrNoRows) {
		return v, ErrNotFound
	}
	if err != nil {
		return v, fmt.Errorf("read the tracking of order %s: %w", order, err)
	}
	v.Asked, v.Occurred, v.ExpectedFrom, v.ExpectedTo = fromMillis(asked), optTime(occurred), optTime(from), optTime(to)
	rows, err := b.Reader().QueryContext(ctx, `SELECT occurred_at, code, sub_code, description, country FROM milestone
		WHERE connection_id = ? AND order_id = ? AND reference = ? ORDER BY 1, 2, 3`, connection, order, reference)
	if err != nil {
		return v, fmt.Errorf("read the milestones of order %s: %w", order, err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var m Milestone
		var at int64
		err := r.Scan(&at, &m.Code, &m.SubCode, &m.Description, &m.Country)
		m.Occurred = fromMillis(at)
		v.Milestones = append(v.Milestones, m)
		return err
	})
	return v, err
}
