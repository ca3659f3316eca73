package spapifake

import "net/http"

type participationsAnswer struct {
	Payload []participationWire `json:"payload"`
}

type participationWire struct {
	Marketplace   marketplaceWire `json:"marketplace"`
	Participation struct {
		IsParticipating      bool `json:"isParticipating"`
		HasSuspendedListings bool `json:"hasSuspendedListings"`
	} `json:"participation"`
	StoreName string `json:"storeName"`
}

type marketplaceWire struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Country  string `json:"countryCode"`
	Currency string `json:"defaultCurrencyCode"`
	Language string `json:"defaultLanguageCode"`
	Domain   string `json:"domainName"`
}

// otherMarketplaces are shops of the region without sales, and the
// pseudo-marketplaces that Amazon mixes into the list.
var otherMarketplaces = map[string][]marketplaceWire{
	"NA": {
		{"A2EUQ1WTGCTBG2", "Amazon.ca", "CA", "CAD", "en_CA", "www.amazon.ca"},
		{"A1AM78C64UM0Y8", "Amazon.com.mx", "MX", "MXN", "es_MX", "www.amazon.com.mx"},
		{"A3DEMOPSEUDOUS", "Amazon.com Invoicing", "US", "USD", "en_US", "invoicing.amazon.com"},
	},
	"EU": {
		{"A13V1IB3VIYZZH", "Amazon.fr", "FR", "EUR", "fr_FR", "www.amazon.fr"},
		{"A1F83G8C2ARO7P", "Amazon.co.uk", "GB", "GBP", "en_GB", "www.amazon.co.uk"},
		{"A1C3SOZRARQ6R3", "Amazon.pl", "PL", "PLN", "pl_PL", "www.amazon.pl"},
		{"A3DEMOPSEUDOEU", "SI Prod EU Marketplace", "DE", "EUR", "de_DE", "siprodeu.stores.amazon.de"},
	},
	"FE": {
		{"A19VAU5U5O7RUS", "Amazon.sg", "SG", "SGD", "en_SG", "www.amazon.sg"},
	},
}

func (c *call) participations() (int, any) {
	m := c.account.m
	own := marketplaceWire{m.ID, m.Name, m.Country, m.Currency, m.Language, m.Domain}
	var out participationsAnswer
	for i, w := range append([]marketplaceWire{own}, otherMarketplaces[c.account.id]...) {
		p := participationWire{Marketplace: w, StoreName: "Harrow & Finch"}
		p.Participation.IsParticipating = i < 2
		out.Payload = append(out.Payload, p)
	}
	return http.StatusOK, out
}
