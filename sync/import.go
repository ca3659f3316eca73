package appsync

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// Imported is what one report file brought to the book.
type Imported struct {
	Name       string
	Kind       reports.Kind
	Connection string
	Rows, New  int  // rows in the file; orders or postings that the book did not have, or not so
	Known      bool // the very same file was read before
	From, To   time.Time
	Totals     []books.Money // sums of the file as Amazon states them, by currency
}

// ErrConnection reports that a file fits several connections of the book.
var ErrConnection = errors.New("several connections of this book could have made this file; name one with --connection")

// Import reads a report file (or the members of a zip) into the book, in one
// transaction. The file is proved whole first: one that is refused leaves
// nothing behind, the other members of its zip neither. Reading a file twice
// changes nothing. connection may be empty: then it is the book's
// only one of the file's region, or one made for files.
func Import(ctx context.Context, book *store.Book, path, connection string, hint reports.Hint) ([]Imported, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder; name the files in it", path)
	}
	files, err := reports.Open(filepath.Base(path), f, info.Size(), hint)
	if err != nil {
		return nil, err
	}
	plans, err := planImport(ctx, book, files, connection)
	if err != nil {
		return nil, err
	}
	out := make([]Imported, len(plans))
	err = book.Write(ctx, func(tx *store.Tx) error {
		for i := range plans {
			if err := plans[i].store(tx); err != nil {
				return fmt.Errorf("%s: %w", plans[i].file.Name, err)
			}
			out[i] = plans[i].done
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// importPlan is what is to be done with one report of a file.
type importPlan struct {
	file    *reports.File
	done    Imported
	conn    store.Connection
	fresh   bool // conn has to be made
	markets []store.MarketplaceRow
}

// planImport finds out, before anything is written, where each report belongs.
func planImport(ctx context.Context, book *store.Book, files []*reports.File, connection string) ([]importPlan, error) {
	known, err := book.Connections(ctx)
	if err != nil {
		return nil, err
	}
	plans := make([]importPlan, 0, len(files))
	seen := map[string]string{} // hash to connection, of this archive
	for _, f := range files {
		p := importPlan{file: f, done: Imported{Name: f.Name, Kind: f.Kind, Rows: f.Rows, From: f.From, To: f.To, Totals: totals(f)}}
		before, err := book.Imported(ctx, f.SHA256)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if at, twice := seen[f.SHA256]; err == nil || twice {
			p.done.Known, p.done.Connection = true, firstOf(before.Connection, at)
			plans = append(plans, p)
			continue
		}
		if p.markets, err = marketsIn(f); err != nil {
			return nil, err
		}
		if p.conn, p.fresh, err = connectionFor(known, connection, f, p.markets); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if p.fresh {
			known = append(known, p.conn)
		}
		p.done.Connection = p.conn.ID
		seen[f.SHA256] = p.conn.ID
		plans = append(plans, p)
	}
	return plans, nil
}

// store writes what a plan says and notes what was new.
func (p *importPlan) store(tx *store.Tx) error {
	f, conn := p.file, p.conn
	if p.done.Known {
		return nil
	}
	if p.fresh {
		if err := tx.PutConnection(conn, nil); err != nil {
			return err
		}
	}
	if conn.Kind == store.KindFiles {
		if err := tx.PutMarketplaces(conn.ID, p.markets); err != nil {
			return err
		}
	}
	in, err := storeReport(tx, conn.ID, f)
	if err != nil {
		return err
	}
	if k, _ := kindOf(f.Kind); k.covers != "" {
		if err := tx.AddCoverage(conn.ID, k.covers, store.Interval{From: f.From, To: f.To.Add(time.Second)}); err != nil {
			return err
		}
	}
	p.done.New = in.fresh
	if err := tx.PutImport(store.ImportFile{
		SHA256: f.SHA256, Name: f.Name, Kind: string(f.Kind), Connection: conn.ID, Rows: f.Rows, New: in.fresh, Document: in.document,
	}); err != nil {
		return err
	}
	return tx.Audit("import", fmt.Sprintf("%s, %d rows", f.Kind, f.Rows))
}

// totals are the sums that the file itself states.
func totals(f *reports.File) []books.Money {
	if f.Kind == reports.DateRange {
		return []books.Money{f.Total}
	}
	var list []books.Money
	for _, s := range f.Settlements {
		added := false
		for i := range list {
			if sum, err := list[i].Add(s.Total); err == nil {
				list[i], added = sum, true
			}
		}
		if !added {
			list = append(list, s.Total)
		}
	}
	return list
}

// marketsIn lists the marketplaces that the rows name.
func marketsIn(f *reports.File) ([]store.MarketplaceRow, error) {
	var list []store.MarketplaceRow
	seen := map[string]bool{}
	note := func(name string) {
		m, ok := place(name)
		if ok && !seen[m.ID] {
			seen[m.ID] = true
			list = append(list, store.MarketplaceRow{
				ID: m.ID, Name: m.Name, Country: m.Country, Currency: m.Currency, Domain: "www." + strings.ToLower(m.Name), Participating: true,
			})
		}
	}
	k, ok := kindOf(f.Kind)
	if !ok || k.places == nil {
		return nil, nil
	}
	for name, err := range k.places(f) {
		if err != nil {
			return nil, err
		}
		note(name)
	}
	return list, nil
}

// place finds a marketplace by its name, its id or its country.
func place(s string) (markets.Marketplace, bool) {
	if m, ok := markets.ByName(s); ok {
		return m, true
	}
	if m, ok := markets.ByID(s); ok {
		return m, true
	}
	all := markets.All()
	i := slices.IndexFunc(all, func(m markets.Marketplace) bool { return s != "" && strings.EqualFold(m.Country, s) })
	if i < 0 {
		return markets.Marketplace{}, false
	}
	return all[i], true
}

// connectionFor finds the connection a file belongs to. fresh tells that it is
// one for files that has to be made.
func connectionFor(known []store.Connection, name string, f *reports.File, found []store.MarketplaceRow) (c store.Connection, fresh bool, err error) {
	region := regionOf(f, found)
	var fit []store.Connection
	for _, c := range known {
		if c.ID == name && region != "" && c.Region != region {
			return c, false, fmt.Errorf("the file is of region %s and connection %s of %s; name another connection", region, c.ID, c.Region)
		}
		if c.ID == name {
			return c, false, nil
		}
		if c.Region == region {
			fit = append(fit, c)
		}
	}
	switch {
	case name != "":
		return c, false, fmt.Errorf("this book has no connection %q", name)
	case region == "":
		return c, false, errors.New("the file names no marketplace and no currency that tells the region; name the connection with --connection")
	case len(fit) == 1:
		return fit[0], false, nil
	case len(fit) > 1:
		return c, false, ErrConnection
	}
	return store.Connection{ID: "files-" + strings.ToLower(region), Region: region, Kind: store.KindFiles}, true, nil
}

func regionOf(f *reports.File, found []store.MarketplaceRow) string {
	for _, m := range found {
		if known, ok := markets.ByID(m.ID); ok {
			return known.Region
		}
	}
	for _, m := range markets.All() {
		if f.Currency != "" && m.Currency == f.Currency {
			return m.Region
		}
	}
	return ""
}
