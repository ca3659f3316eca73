package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"countinghouse/data/markets"
)

// CatalogItem is what Amazon's catalogue tells of a product in a marketplace.
type CatalogItem struct {
	Connection, Marketplace, ASIN string
	Found                         bool // false: the catalogue does not have it
	Title, Brand, Manufacturer    string
	Classification, ProductType   string
	Category                      string // name of the browse node
	ParentASIN, Variation         string // of its family, and by what its members differ
	Color, Size, Model, Image     string
	PackageQuantity               *int64 // units in one package
	Taken                         time.Time
	Document                      int64
	Dimensions                    []Dimension
	Ranks                         []SalesRank
}

// Dimension is one measure of an item or of its package.
type Dimension struct {
	Subject string // item or package
	Name    string // length, width, height, weight
	Value   string // exact decimal
	Unit    string // as Amazon wrote it
}

// SalesRank is a place in one of Amazon's lists; 1 sells best.
type SalesRank struct {
	Day             string // empty when stored: the day of Taken is meant
	Kind            string // group or class
	Category, Title string
	Rank            int64
}

// PutCatalogItem stores a product as the catalogue now shows it, and its ranks
// of the day. What the catalogue had and does not have any more keeps its words.
func (t *Tx) PutCatalogItem(c CatalogItem) error {
	if !c.Found {
		_, err := t.exec(`INSERT INTO catalog_item (connection_id, marketplace_id, asin, found, taken_at) VALUES (?,?,?,0,?)
			ON CONFLICT DO UPDATE SET found = 0, taken_at = excluded.taken_at`, c.Connection, c.Marketplace, c.ASIN, millis(c.Taken))
		return err
	}
	_, err := t.exec(`INSERT INTO catalog_item (connection_id, marketplace_id, asin, title, brand, manufacturer, classification, product_type,
		category, parent_asin, variation, color, size, model, package_quantity, image, found, taken_at, document_id)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?,?) ON CONFLICT DO UPDATE SET title = excluded.title, brand = excluded.brand,
		manufacturer = excluded.manufacturer, classification = excluded.classification, product_type = excluded.product_type,
		category = excluded.category, parent_asin = excluded.parent_asin, variation = excluded.variation, color = excluded.color,
		size = excluded.size, model = excluded.model, package_quantity = excluded.package_quantity, image = excluded.image, found = 1,
		taken_at = excluded.taken_at, document_id = excluded.document_id`,
		c.Connection, c.Marketplace, c.ASIN, c.Title, c.Brand, c.Manufacturer, c.Classification, c.ProductType, c.Category, c.ParentASIN,
		c.Variation, c.Color, c.Size, c.Model, c.PackageQuantity, c.Image, millis(c.Taken), nullID(c.Document))
	if err == nil {
		_, err = t.exec(`DELETE FROM catalog_dimension WHERE connection_id = ? AND marketplace_id = ? AND asin = ?`, c.Connection, c.Marketplace, c.ASIN)
	}
	for _, d := range c.Dimensions {
		if err != nil {
			break
		}
		_, err = t.exec(`INSERT INTO catalog_dimension (connection_id, marketplace_id, asin, subject, name, value, unit) VALUES (?,?,?,?,?,?,?)`,
			c.Connection, c.Marketplace, c.ASIN, d.Subject, d.Name, d.Value, d.Unit)
	}
	if err == nil {
		err = t.putRanks(c)
	}
	if err != nil {
		return fmt.Errorf("store catalogue item %s: %w", c.ASIN, err)
	}
	return nil
}

func (t *Tx) putRanks(c CatalogItem) error {
	day := markets.Day(c.Marketplace, c.Taken)
	if _, err := t.exec(`DELETE FROM sales_rank WHERE connection_id = ? AND marketplace_id = ? AND asin = ? AND rank_day = ?`,
		c.Connection, c.Marketplace, c.ASIN, day); err != nil {
		return err
	}
	for _, r := range c.Ranks {
		_, err := t.exec(`INSERT INTO sales_rank (connection_id, marketplace_id, asin, rank_day, kind, category, title, rank) VALUES (?,?,?,?,?,?,?,?)
			ON CONFLICT DO UPDATE SET rank = min(rank, excluded.rank)`, c.Connection, c.Marketplace, c.ASIN, day, r.Kind, r.Category, r.Title, r.Rank)
		if err != nil {
			return err
		}
	}
	return nil
}

// ownASINs are the products that the seller lists or stocks.
const ownASINs = `SELECT DISTINCT asin FROM (SELECT asin FROM listing WHERE connection_id = ?1 AND marketplace_id = ?2
	UNION SELECT asin FROM stock_snapshot WHERE connection_id = ?1 AND marketplace_id = ?2) WHERE asin <> ''`

// CatalogDue lists the seller's own ASINs of a marketplace that were not looked
// up in the catalogue since a time, the oldest first.
func (b *Book) CatalogDue(ctx context.Context, connection, marketplace string, since time.Time) ([]string, error) {
	return b.texts(ctx, "find products to look up", `SELECT o.asin FROM (`+ownASINs+`) o LEFT JOIN catalog_item c ON c.connection_id = ?1
		AND c.marketplace_id = ?2 AND c.asin = o.asin WHERE coalesce(c.taken_at, 0) < ?3 ORDER BY coalesce(c.taken_at, 0), o.asin`,
		connection, marketplace, millis(since))
}

// OwnASINs counts the products that the seller lists or stocks in a marketplace.
func (b *Book) OwnASINs(ctx context.Context, connection, marketplace string) (n int, err error) {
	err = b.Reader().QueryRowContext(ctx, `SELECT count(*) FROM (`+ownASINs+`)`, connection, marketplace).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the products: %w", err)
	}
	return n, nil
}

func (b *Book) texts(ctx context.Context, what, q string, args ...any) ([]string, error) {
	rows, err := b.Reader().QueryContext(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	var all []string
	err = eachRow(rows, func(r *sql.Rows) error {
		var s string
		err := r.Scan(&s)
		all = append(all, s)
		return err
	})
	return all, err
}

// CatalogItem reads a product with its measures, without its ranks;
// ErrNotFound when it was never looked up.
func (b *Book) CatalogItem(ctx context.Context, connection, marketplace, asin string) (CatalogItem, error) {
	c := CatalogItem{Connection: connection, Marketplace: marketplace, ASIN: asin}
	var taken int64
	err := b.Reader().QueryRowContext(ctx, `SELECT found, title, brand, manufacturer, classification, product_type, category, parent_asin,
		variation, color, size, model, image, package_quantity, taken_at, coalesce(document_id, 0) FROM catalog_item
		WHERE connection_id = ? AND marketplace_id = ? AND asin = ?`, connection, marketplace, asin).Scan(&c.Found, &c.Title, &c.Brand,
		&c.Manufacturer, &c.Classification, &c.ProductType, &c.Category, &c.ParentASIN, &c.Variation, &c.Color, &c.Size, &c.Model, &c.Image,
		&c.PackageQuantity, &taken, &c.Document)
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrNotFound
	}
	if err != nil {
		return c, fmt.Errorf("read catalogue item %s: %w", asin, err)
	}
	c.Taken = fromMillis(taken)
	rows, err := b.Reader().QueryContext(ctx, `SELECT subject, name, value, unit FROM catalog_dimension
		WHERE connection_id = ? AND marketplace_id = ? AND asin = ? ORDER BY 1, 2`, connection, marketplace, asin)
	if err != nil {
		return c, fmt.Errorf("read the measures of %s: %w", asin, err)
	}
	err = eachRow(rows, func(r *sql.Rows) error {
		var d Dimension
		err := r.Scan(&d.Subject, &d.Name, &d.Value, &d.Unit)
		c.Dimensions = append(c.Dimensions, d)
		return err
	})
	return c, err
}

// SalesRanks lists the ranks of a product by day, the newest first.
func (b *Book) SalesRanks(ctx context.Context, connection, marketplace, asin string) ([]SalesRank, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT rank_day, kind, category, title, rank FROM sales_rank
		WHERE connection_id = ? AND marketplace_id = ? AND asin = ? ORDER BY 1 DESC, 2 DESC, 5`, connection, marketplace, asin)
	if err != nil {
		return nil, fmt.Errorf("read the ranks of %s: %w", asin, err)
	}
	var all []SalesRank
	err = eachRow(rows, func(r *sql.Rows) error {
		var v SalesRank
		err := r.Scan(&v.Day, &v.Kind, &v.Category, &v.Title, &v.Rank)
		all = append(all, v)
		return err
	})
	return all, err
}
