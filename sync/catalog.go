package appsync

import (
	"context"
	"fmt"
	"slices"
	"time"

	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// catalog: Catalog Items 2022-04-01 searchCatalogItems, 2/s burst 2, 20 ASINs a
// call. Brand, family, measures and image of every own product, and its sales
// ranks once per day of the marketplace: there is no history, so what is missed
// is gone.
// Surprises: an ASIN that the catalogue does not have is left out of the answer;
// a product may have several ranks, or none.
type catalog struct{}

func (catalog) Name() string         { return nameCatalog }
func (catalog) Stage() int           { return 3 }
func (catalog) Every() time.Duration { return 6 * time.Hour }

func (catalog) Sync(ctx context.Context, s *Session) error {
	marketplaces, err := active(ctx, s)
	if err != nil {
		return err
	}
	for _, m := range marketplaces {
		due, err := s.Book.CatalogDue(ctx, s.ID(), m, dayBegan(m, s.Now))
		if err != nil {
			return err
		}
		s.Expect(len(due))
		for asins := range slices.Chunk(due, spapi.CatalogBatch) {
			if err := catalogBatch(ctx, s, m, asins); err != nil {
				return fmt.Errorf("catalogue of %s: %w", m, err)
			}
		}
	}
	return s.Page(ctx, 0, func(tx *store.Tx) error {
		return tx.SetBookmark(s.ID(), nameCatalog, map[string]string{}, s.Now)
	})
}

// dayBegan is the midnight that began the marketplace's present day.
func dayBegan(marketplace string, now time.Time) time.Time {
	local := now.In(markets.Zone(marketplace))
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
}

func catalogBatch(ctx context.Context, s *Session, marketplace string, asins []string) error {
	list, err := s.API.CatalogItems(ctx, marketplace, asins)
	if err != nil {
		return err
	}
	return s.Page(ctx, len(asins), func(tx *store.Tx) error {
		for _, asin := range asins {
			i := slices.IndexFunc(list, func(w spapi.Kept[spapi.CatalogItem]) bool { return w.Value.ASIN == asin })
			c := store.CatalogItem{Connection: s.ID(), Marketplace: marketplace, ASIN: asin, Taken: s.Now}
			if i >= 0 {
				fillCatalogItem(&c, list[i].Value)
				var err error
				if c.Document, err = tx.PutDocument("catalog", list[i].Raw); err != nil {
					return err
				}
			}
			if err := tx.PutCatalogItem(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// fillCatalogItem takes what belongs to the item's marketplace.
func fillCatalogItem(c *store.CatalogItem, w spapi.CatalogItem) {
	c.Found = true
	for _, v := range w.Summaries {
		if v.MarketplaceID != c.Marketplace {
			continue
		}
		c.Title, c.Brand, c.Manufacturer, c.Classification = v.ItemName, v.Brand, v.Manufacturer, v.ItemClassification
		c.Color, c.Size, c.Model, c.PackageQuantity = v.Color, v.Size, v.ModelNumber, optCount(v.PackageQuantity)
		if v.BrowseClassification != nil {
			c.Category = v.BrowseClassification.DisplayName
		}
	}
	for _, v := range w.ProductTypes {
		if v.MarketplaceID == c.Marketplace {
			c.ProductType = v.ProductType
		}
	}
	for _, v := range w.Images {
		for _, image := range v.Images {
			if v.MarketplaceID == c.Marketplace && image.Variant == "MAIN" {
				c.Image = firstOf(c.Image, image.Link)
			}
		}
	}
	fillFamily(c, w)
	for _, v := range w.Dimensions {
		if v.MarketplaceID == c.Marketplace {
			c.Dimensions = append(measures("item", v.Item), measures("package", v.Package)...)
		}
	}
}

// fillFamily takes the product's parent and its places in the lists.
func fillFamily(c *store.CatalogItem, w spapi.CatalogItem) {
	for _, v := range w.Relationships {
		for _, r := range v.Relationships {
			if v.MarketplaceID != c.Marketplace || r.Type != "VARIATION" || len(r.ParentASINs) == 0 {
				continue
			}
			c.ParentASIN = r.ParentASINs[0]
			if r.VariationTheme != nil {
				c.Variation = r.VariationTheme.Theme
			}
		}
	}
	for _, v := range w.SalesRanks {
		if v.MarketplaceID != c.Marketplace {
			continue
		}
		for _, r := range v.DisplayGroupRanks {
			c.Ranks = append(c.Ranks, store.SalesRank{Kind: "group", Category: r.Group, Title: r.Title, Rank: int64(r.Rank)})
		}
		for _, r := range v.ClassificationRanks {
			c.Ranks = append(c.Ranks, store.SalesRank{Kind: "class", Category: r.ClassificationID, Title: r.Title, Rank: int64(r.Rank)})
		}
	}
}

func measures(subject string, d *spapi.Dimensions) (list []store.Dimension) {
	if d == nil {
		return nil
	}
	for _, m := range []struct {
		name string
		of   *spapi.Measure
	}{{"length", d.Length}, {"width", d.Width}, {"height", d.Height}, {"weight", d.Weight}} {
		if m.of != nil && m.of.Value != "" {
			list = append(list, store.Dimension{Subject: subject, Name: m.name, Value: string(m.of.Value), Unit: m.of.Unit})
		}
	}
	return list
}
