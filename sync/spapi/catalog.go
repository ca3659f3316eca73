package spapi

// Catalog Items 2022-04-01.
//
// searchCatalogItems: 2/s, burst 2, by up to 20 identifiers; with 20 items a
// page one answer holds them all.
// Surprises: every dataset is a list by marketplace; dimensions and weights are
// JSON numbers with a unit of Amazon's choice; an ASIN that the catalogue does
// not have is left out without a word; sales ranks are missing for products
// that hardly sell.

import (
	"context"
	"encoding/json"
	"errors"
)

const catalogPath = "/catalog/2022-04-01/items"

// CatalogBatch is how many ASINs one call may ask for.
const CatalogBatch = 20

// CatalogItem is a product of the catalogue, in every marketplace asked for.
type CatalogItem struct {
	ASIN       string `json:"asin"`
	Dimensions []struct {
		MarketplaceID string      `json:"marketplaceId"`
		Item          *Dimensions `json:"item"`
		Package       *Dimensions `json:"package"`
	} `json:"dimensions"`
	Images []struct {
		MarketplaceID string `json:"marketplaceId"`
		Images        []struct {
			Variant string `json:"variant"` // MAIN, PT01, ...
			Link    string `json:"link"`
			Height  Int    `json:"height"`
			Width   Int    `json:"width"`
		} `json:"images"`
	} `json:"images"`
	ProductTypes []struct {
		MarketplaceID string `json:"marketplaceId"`
		ProductType   string `json:"productType"`
	} `json:"productTypes"`
	Relationships []struct {
		MarketplaceID string `json:"marketplaceId"`
		Relationships []struct {
			Type           string   `json:"type"` // VARIATION, PACKAGE_HIERARCHY
			ParentASINs    []string `json:"parentAsins"`
			ChildASINs     []string `json:"childAsins"`
			VariationTheme *struct {
				Theme string `json:"theme"`
			} `json:"variationTheme"`
		} `json:"relationships"`
	} `json:"relationships"`
	SalesRanks []struct {
		MarketplaceID       string `json:"marketplaceId"`
		ClassificationRanks []struct {
			ClassificationID string `json:"classificationId"`
			Title            string `json:"title"`
			Rank             Int    `json:"rank"`
		} `json:"classificationRanks"`
		DisplayGroupRanks []struct {
			Group string `json:"websiteDisplayGroup"`
			Title string `json:"title"`
			Rank  Int    `json:"rank"`
		} `json:"displayGroupRanks"`
	} `json:"salesRanks"`
	Summaries []struct {
		MarketplaceID        string `json:"marketplaceId"`
		Brand                string `json:"brand"`
		BrowseClassification *struct {
			DisplayName string `json:"displayName"`
		} `json:"browseClassification"`
		Color              string `json:"color"`
		ItemClassification string `json:"itemClassification"`
		ItemName           string `json:"itemName"`
		Manufacturer       string `json:"manufacturer"`
		ModelNumber        string `json:"modelNumber"`
		PackageQuantity    *Int   `json:"packageQuantity"`
		Size               string `json:"size"`
	} `json:"summaries"`
}

// Dimensions are the measures of an item, or of it in its packing.
type Dimensions struct {
	Height, Length, Width, Weight *Measure
}

// Measure is a number as Amazon wrote it, with its unit (inches, pounds, ...).
type Measure struct {
	Unit  string  `json:"unit"`
	Value Decimal `json:"value"`
}

// catalogData is everything about a product that is of use to its seller.
var catalogData = []string{"dimensions", "images", "productTypes", "relationships", "salesRanks", "summaries"}

// CatalogItems asks for up to 20 ASINs of a marketplace. Those that the
// catalogue does not have are missing in the answer.
func (c *Client) CatalogItems(ctx context.Context, marketplace string, asins []string) ([]Kept[CatalogItem], error) {
	const op = OpCatalog
	err := errors.Join(checkList(op, "identifiers", asins, 1, CatalogBatch), checkList(op, "marketplaceIds", []string{marketplace}, 1, 1))
	if err != nil {
		return nil, err
	}
	p := params{"identifiersType": "ASIN", "marketplaceIds": marketplace}
	p.list("identifiers", asins)
	p.list("includedData", catalogData)
	p.number("pageSize", CatalogBatch)
	var w struct {
		Items *[]Kept[CatalogItem] `json:"items"`
	}
	_, err = c.do(ctx, request{
		op: op, path: catalogPath, params: p, safe: true,
		decoded: func(ans answer) error {
			if err := json.Unmarshal(ans.body, &w); err != nil {
				return err
			}
			if w.Items == nil {
				return errors.New("no list of items")
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	return *w.Items, nil
}
