package appsync

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/reports"
)

// Imported is what one report file brought to the book, or would bring.
type Imported struct {
	Name        string
	Kind        reports.Kind
	Connection  string
	Marketplace string // id, when the whole file is of one
	Rows, New   int    // rows in the file; orders, postings or rows that the book did not have, or not so
	Known       bool   // the very same file was read before
	From, To    time.Time
	Taken       time.Time     // as of when its rows are, where they do not tell: zero else
	Currency    string        // of all amounts; empty when rows differ or there are none
	Totals      []books.Money // sums of the file as Amazon states them, by currency
	Unused      []string      // columns that are not known here and not read
}

// ImportOptions is what is known about files beside their bytes.
type ImportOptions struct {
	// Connection may be empty: then it is the book's only one of the file's
	// region, or one made for files.
	Connection string
	// Marketplace is the id for files that do not name one; empty for the
	// connection's only one.
	Marketplace string
	// Taken is when reports were made whose rows tell no day; zero for the
	// file's own date.
	Taken time.Time
	Hint  reports.Hint
}

var (
	// ErrConnection reports that a file fits several connections of the book.
	ErrConnection = errors.New("several connections of this book could have made this file; name one with --connection")

	// ErrRegion reports that a file does not tell whose it is.
	ErrRegion = errors.New("the file names no marketplace and no currency that tells the region; name the connection with --connection")
)

// Import reads a report file (or the members of a zip) into the book, in one
// transaction. The file is proved whole first: one that is refused leaves
// nothing behind, the other members of its zip neither. Reading a file twice
// changes nothing.
func Import(ctx context.Context, book *store.Book, path, connection string, hint reports.Hint) ([]Imported, error) {
	im := importer{book: book, options: ImportOptions{Connection: connection, Hint: hint}}
	return im.one(ctx, path)
}

// importer reads files into a book.
type importer struct {
	book    *store.Book
	options ImportOptions
	seen    map[string]string // hash to connection, of the files before
	sole    string            // connection of a file that names no place at all
	made    []store.Connection
	dry     *store.Tx // within it, and nothing is kept
}

func (im *importer) one(ctx context.Context, path string) ([]Imported, error) {
	f, info, err := openReport(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	hint := im.options.Hint
	if hint.Japanese, err = im.japanese(ctx); err != nil {
		return nil, err
	}
	files, err := reports.Open(filepath.Base(path), interruptible{ctx, f}, info.Size(), hint)
	if err != nil {
		return nil, err
	}
	taken := im.options.Taken
	if taken.IsZero() {
		taken = info.ModTime().UTC()
	}
	plans, err := im.plan(ctx, files, taken)
	if err != nil {
		return nil, err
	}
	out := make([]Imported, len(plans))
	all := func(tx *store.Tx) error {
		for i := range plans {
			if err := plans[i].store(tx); err != nil {
				return fmt.Errorf("%s: %w", plans[i].file.Name, err)
			}
			out[i] = plans[i].done
		}
		return unchanged(f, info)
	}
	if im.dry != nil {
		err = im.dry.Try(func() error { return all(im.dry) })
	} else {
		err = im.book.Write(ctx, all)
	}
	if err != nil {
		return nil, err
	}
	for _, p := range plans {
		if im.seen != nil {
			im.seen[p.file.SHA256] = p.done.Connection
		}
		if p.fresh {
			im.made = append(im.made, p.conn)
		}
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
	taken   time.Time
}

// plan finds out, before anything is written, where each report belongs.
func (im *importer) plan(ctx context.Context, files []*reports.File, taken time.Time) ([]importPlan, error) {
	known, err := im.book.Connections(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range im.made {
		if !slices.ContainsFunc(known, func(k store.Connection) bool { return k.ID == c.ID }) {
			known = append(known, c)
		}
	}
	plans := make([]importPlan, 0, len(files))
	seen := maps.Clone(im.seen)
	if seen == nil {
		seen = map[string]string{}
	}
	for _, f := range files {
		p := importPlan{file: f, taken: taken, done: Imported{
			Name: f.Name, Kind: f.Kind, Rows: f.Rows, From: f.From, To: f.To, Currency: f.Currency, Totals: totals(f), Unused: f.UnknownColumns,
		}}
		before, err := im.book.Imported(ctx, f.SHA256)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if at, twice := seen[f.SHA256]; err == nil || twice {
			p.done.Known, p.done.Connection = true, firstOf(before.Connection, at)
			plans = append(plans, p)
			continue
		}
		if err := im.place(ctx, &p, known); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if p.fresh {
			known = append(known, p.conn)
		}
		seen[f.SHA256] = p.conn.ID
		plans = append(plans, p)
	}
	return plans, nil
}

// place finds the connection and the marketplace of a report.
func (im *importer) place(ctx context.Context, p *importPlan, known []store.Connection) (err error) {
	if p.markets, err = marketsIn(p.file); err != nil {
		return err
	}
	name := im.options.Connection
	if p.conn, p.fresh, err = connectionFor(known, name, p.file, p.markets); errors.Is(err, ErrRegion) && im.sole != "" {
		p.conn, p.fresh, err = connectionFor(known, im.sole, p.file, p.markets)
	}
	if err != nil {
		return err
	}
	p.done.Connection = p.conn.ID
	if k, _ := kindOf(p.file.Kind); k.undated {
		p.done.Taken = p.taken
	}
	switch {
	case im.options.Marketplace != "":
		p.done.Marketplace = im.options.Marketplace
	case len(p.markets) == 1:
		p.done.Marketplace = p.markets[0].ID
	case len(p.markets) == 0 && p.conn.Kind == store.KindAPI: // of one fed by files, others may not have shown yet
		p.done.Marketplace, err = soleMarketplace(ctx, im.book, p.conn.ID)
	}
	return err
}

// soleMarketplace is the connection's only marketplace, "" when it has several.
func soleMarketplace(ctx context.Context, book *store.Book, connection string) (string, error) {
	rows, err := book.Marketplaces(ctx, connection)
	if err != nil {
		return "", err
	}
	rows = slices.DeleteFunc(rows, func(r store.MarketplaceRow) bool { _, known := markets.ByID(r.ID); return !known || !r.Participating })
	if len(rows) != 1 {
		return "", nil
	}
	return rows[0].ID, nil
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
	in, err := storeFile(tx, target{connection: conn.ID, marketplace: p.done.Marketplace, taken: p.taken}, f)
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
		return c, false, ErrRegion
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
	if k, _ := kindOf(f.Kind); k.region != nil {
		return k.region(f)
	}
	return ""
}
