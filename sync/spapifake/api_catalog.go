package spapifake

import (
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

type catalogAnswer struct {
	Count int               `json:"numberOfResults"`
	Items []catalogItemWire `json:"items"`
}

type catalogItemWire struct {
	ASIN          string           `json:"asin"`
	Dimensions    []map[string]any `json:"dimensions,omitempty"`
	Images        []map[string]any `json:"images,omitempty"`
	ProductTypes  []map[string]any `json:"productTypes,omitempty"`
	Relationships []map[string]any `json:"relationships,omitempty"`
	SalesRanks    []map[string]any `json:"salesRanks,omitempty"`
	Summaries     []map[string]any `json:"summaries,omitempty"`
}

var catalogData = []string{"attributes", "classifications", "dimensions", "identifiers", "images", "productTypes", "relationships", "salesRanks", "summaries", "vendorDetails"}

// notInCatalog is the product that the catalogue has lost.
const notInCatalog = 17

// catalogItems is searchCatalogItems by ASIN.
func (c *call) catalogItems() (int, any) {
	ids, shops, include := c.list("identifiers"), c.list("marketplaceIds"), c.list("includedData")
	switch {
	case len(ids) == 0 || len(ids) > 20 || c.query.Get("identifiersType") != "ASIN":
		return invalid("identifiers must hold 1 to 20 ASINs")
	case len(shops) != 1:
		return invalid("marketplaceIds must hold exactly one marketplace")
	case slices.ContainsFunc(include, func(v string) bool { return !slices.Contains(catalogData, v) }):
		return invalid("includedData holds an invalid value")
	}
	size, err := c.number("pageSize", 10, 1, 20)
	if err != nil {
		return invalid("%v", err)
	}
	out := catalogAnswer{Items: []catalogItemWire{}}
	for i, p := range c.account.products {
		if i == notInCatalog || shops[0] != c.account.m.ID || !slices.Contains(ids, p.asin) {
			continue
		}
		if out.Count++; len(out.Items) < size {
			out.Items = append(out.Items, c.catalogItem(i, p, include))
		}
	}
	return http.StatusOK, out
}

// parentASIN names the family of a product: same make and kind of thing.
func (p *product) parentASIN() string {
	family, _, _ := strings.Cut(p.title, " - ")
	h := fnv.New32a()
	h.Write([]byte(family))
	return "B0FAM" + strings.ToUpper(strconv.FormatUint(uint64(h.Sum32())%60466176+60466176, 36))[1:]
}

func (p *product) brand() string {
	for _, b := range brands {
		if strings.HasPrefix(p.title, b) {
			return b
		}
	}
	return ""
}

func (c *call) catalogItem(i int, p *product, include []string) catalogItemWire {
	m := c.account.m
	w := catalogItemWire{ASIN: p.asin}
	of := func(key string, v any) []map[string]any {
		return []map[string]any{{"marketplaceId": m.ID, key: v}}
	}
	for _, what := range include {
		switch what {
		case "dimensions":
			w.Dimensions = of("package", p.measures(m))
		case "images":
			w.Images = of("images", []map[string]any{{"variant": "MAIN", "link": "https://m.media-amazon.com/images/I/" + p.asin + ".jpg", "height": 500, "width": 500}})
		case "productTypes":
			w.ProductTypes = of("productType", p.productType)
		case "relationships":
			w.Relationships = of("relationships", []map[string]any{{"type": "VARIATION", "parentAsins": []string{p.parentASIN()},
				"variationTheme": map[string]any{"theme": "STYLE_NAME", "attributes": []string{"style"}}}})
		case "salesRanks":
			if i%10 == 9 {
				continue // sells too little to be ranked
			}
			w.SalesRanks = of("displayGroupRanks", []map[string]any{{"websiteDisplayGroup": strings.ToLower(p.productType) + "_display_on_website", "title": p.productType, "rank": c.rank(i)}})
		case "summaries":
			_, style, _ := strings.Cut(p.title, " - ")
			w.Summaries = []map[string]any{{"marketplaceId": m.ID, "brand": p.brand(), "itemName": p.title, "itemClassification": "BASE_PRODUCT",
				"manufacturer": p.brand(), "modelNumber": p.sku, "size": style, "packageQuantity": 1,
				"browseClassification": map[string]any{"displayName": p.productType, "classificationId": strconv.Itoa(1000 + p.category)}}}
		}
	}
	return w
}

// rank is better the more a product is wanted, and moves a little by the day.
func (c *call) rank(i int) int {
	days := int(c.now.Sub(c.s.cfg.Now) / (48 * time.Hour))
	return 90*(i+1) + (days*7+i)%13
}

// measures are inches and pounds in the US, centimetres and grams elsewhere.
func (p *product) measures(m *market) map[string]any {
	side := [...]int{9, 13, 17, 21, 31}[p.tier] // centimetres
	weight := [...]int{180, 420, 900, 1700, 5200}[p.tier]
	one := func(value, unit string) map[string]any {
		return map[string]any{"unit": unit, "value": rawNumber(value)}
	}
	if m.Country != "US" {
		length := one(decimal(int64(side)*10, 1), "centimeters")
		return map[string]any{"length": length, "width": length, "height": length, "weight": one(strconv.Itoa(weight), "grams")}
	}
	length := one(decimal(divRound(int64(side)*100000, 2540), 3), "inches")
	return map[string]any{"length": length, "width": length, "height": length, "weight": one(decimal(divRound(int64(weight)*100000, 45359), 3), "pounds")}
}

// rawNumber writes a decimal as a JSON number.
type rawNumber string

// MarshalJSON implements json.Marshaler.
func (n rawNumber) MarshalJSON() ([]byte, error) { return []byte(n), nil }
