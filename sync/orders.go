package appsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// orders keeps orders up to date: Orders 2026-01-01 searchOrders by last
// update, 0.0056/s burst 20, 100 a page, two years back; the page token lives
// 24 hours and wants the same query again, so both are stored together and an
// interrupted list goes on where it was. People are not asked for here.
// Surprises: pending orders have no prices; the upper bound must lie two
// minutes back; some accounts get 400 for certain data sets.
type orders struct{}

// ordersMark is the bookmark: everything changed before Since is in; Cursor is
// the place in a list that was interrupted.
type ordersMark struct {
	Since  time.Time `json:"since"`
	Cursor string    `json:"cursor,omitempty"`
	// Until LessUntil the smaller set of data is asked for, because Amazon
	// answered the larger one with 400.
	LessUntil time.Time `json:"less_until,omitzero"`
}

// ordersLessFor is how long an account is spared the larger set: trying it in
// every run would take two of the few calls that Amazon allows.
const ordersLessFor = 24 * time.Hour

// ordersLookBack re-reads a little: Amazon's index is not instant.
const ordersLookBack = 10 * time.Minute

var (
	// orderData is what is asked for every order: no people.
	orderData = []string{spapi.IncludeProceeds, spapi.IncludeExpense, spapi.IncludePromotion, spapi.IncludeCancellation,
		spapi.IncludeFulfillment, spapi.IncludePackages}
	// orderDataLess is for accounts that are answered 400 for the larger set.
	orderDataLess = []string{spapi.IncludeProceeds, spapi.IncludeFulfillment}
)

func (orders) Name() string    { return nameOrders }
func (orders) Stage() int      { return 1 }
func (orders) After() []string { return nil }

func (o orders) Sync(ctx context.Context, s *Session) error {
	var mark ordersMark
	known, err := s.Bookmark(ctx, &mark)
	if err != nil {
		return err
	}
	if !known {
		if mark.Since, err = ordersBegin(ctx, s); err != nil {
			return err
		}
	}
	err = o.changed(ctx, s, mark)
	if errors.Is(err, spapi.ErrPageExpired) {
		mark.Cursor = ""
		err = o.changed(ctx, s, mark)
	}
	return err
}

// ordersBegin is where the first list starts: what is older comes by order
// reports. They may have been made by an earlier run, in which this resource
// got nowhere; what changed since then is in no report.
func ordersBegin(ctx context.Context, s *Session) (time.Time, error) {
	since := s.Now.Add(-allOrdersOverlap).UTC().Truncate(time.Second)
	var b backfill
	err := s.Book.Bookmark(ctx, s.ID(), nameOrderReports, &b)
	if err != nil && !isNotFound(err) {
		return since, err
	}
	if err == nil && b.Began.Before(since) {
		since = b.Began
	}
	return since, nil
}

// changed reads every order that changed since the mark.
func (o orders) changed(ctx context.Context, s *Session, mark ordersMark) error {
	since := mark.Since.Add(-ordersLookBack)
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	query := spapi.OrdersQuery{LastUpdatedAfter: since, MarketplaceIDs: marketplaces, Include: orderData}
	if s.Now.Before(mark.LessUntil) {
		query.Include = orderDataLess
	}
	pages := s.API.SearchOrders(ctx, query)
	if mark.Cursor != "" {
		at, err := spapi.ParseCursor(mark.Cursor)
		if err != nil {
			return err
		}
		pages = s.API.ResumeOrders(ctx, at)
	}
	full := !s.Now.Before(mark.LessUntil)
	err = o.read(ctx, s, pages, mark, full)
	for try := 1; errors.Is(err, spapi.ErrInvalid) && mark.Cursor == "" && try <= 2; try++ {
		if try == 2 { // not by accident
			query.Include, mark.LessUntil = orderDataLess, s.Now.Add(ordersLessFor)
			full = false
		}
		err = o.read(ctx, s, s.API.SearchOrders(ctx, query), mark, full)
	}
	return err
}

func (orders) read(ctx context.Context, s *Session, pages func(func(spapi.Page[spapi.Order], error) bool), mark ordersMark, full bool) error {
	for page, err := range pages {
		if err != nil {
			return err
		}
		err := s.Page(ctx, len(page.Items), func(tx *store.Tx) error {
			for _, w := range page.Items {
				if err := putOrder(tx, s.ID(), w, full); err != nil {
					return err
				}
			}
			next := mark
			next.Cursor = page.Next.String()
			if !page.Next.Done() {
				return tx.SetBookmark(s.ID(), nameOrders, next, time.Time{})
			}
			upTo := page.UpTo
			if upTo.IsZero() {
				upTo = settled(s.Now)
			}
			next.Since = upTo
			if err := tx.AddCoverage(s.ID(), nameOrders, store.Interval{From: mark.Since, To: upTo}); err != nil {
				return err
			}
			return tx.SetBookmark(s.ID(), nameOrders, next, upTo)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// putOrder stores an order of the API without its people; full says that all
// of orderData was asked for, so that what is missing is not there.
func putOrder(tx *store.Tx, connection string, w spapi.Order, full bool) error {
	o, err := toOrder(connection, w)
	if err != nil {
		return fmt.Errorf("order %s: %w", w.OrderID, err)
	}
	body, err := withoutPeople(w.Raw)
	if err != nil {
		return fmt.Errorf("order %s: %w", w.OrderID, err)
	}
	if o.Document, err = tx.PutDocument("order", body); err != nil {
		return err
	}
	if w.Recipient != nil && w.Recipient.DeliveryAddress != nil {
		a := w.Recipient.DeliveryAddress
		if err := tx.PutOrderRegion(connection, o.ID, o.Marketplace, a.CountryCode, a.StateOrRegion, store.FromAPI); err != nil {
			return err
		}
	}
	if changed, err := tx.PutOrder(o); err != nil || !changed {
		return err
	}
	details, err := toDetails(connection, w)
	if err != nil {
		return fmt.Errorf("order %s: %w", w.OrderID, err)
	}
	return tx.PutOrderDetails(details, full)
}
