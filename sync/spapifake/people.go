package spapifake

import "fmt"

// Person is an invented buyer. The API tells one only for seller-fulfilled
// orders still to ship, and only to who asks for BUYER or RECIPIENT.
type Person struct {
	Order                   string // the order it belongs to
	Name, Email, Phone      string
	Line1, City, Postal     string
	State, Country, Company string
}

// Secrets are the strings that belong to this person alone. City and postal
// code are left out: the all-orders report tells them of every order.
func (p Person) Secrets() []string {
	list := []string{p.Name, p.Email, p.Phone, p.Line1}
	if p.Company != "" {
		list = append(list, p.Company)
	}
	return list
}

var (
	givenNames  = []string{"Quillon", "Maribeth", "Ottoline", "Fenwick", "Zinnia", "Bertrand", "Calliope", "Ignatz", "Lorelei", "Thaddeus"}
	familyNames = []string{"Quackenbush", "Feuerstahl", "Winterbottom", "Drosselmeyer", "Abernathy", "Zwickelberg", "Thistlewood", "Ravenscroft"}
	streets     = map[string]string{"US": "%d Marigold Hollow Rd", "DE": "Dotterblumenweg %d", "JP": "月見坂%d丁目"}
)

// addPeople invents a person for every order whose buyer the API would tell.
func addPeople(cfg Config, m *market, orders []*order) []Person {
	r := stream(cfg.Seed, m.conn, "people")
	var list []Person
	for _, o := range orders {
		if !o.mfn || (o.status != unshipped && o.status != partiallyShipped) {
			continue
		}
		given, family, code := pick(r, givenNames), pick(r, familyNames), r.digits(6)
		pl := places[m.Country][o.place]
		p := Person{
			Order: o.id, Name: given + " " + family + "-" + pick(r, familyNames),
			Email: r.text(14, "abcdefghjkmnpqrstuvwxyz23456789") + "@marketplace.example.com",
			Phone: "+0 555 " + code, Line1: fmt.Sprintf(streets[m.Country], 1000+r.IntN(8999)),
			City: pl.city, State: pl.state, Postal: pl.postal, Country: m.Country,
		}
		if o.business {
			p.Company = family + " & Daughters " + code
		}
		o.person = &p
		list = append(list, p)
	}
	return list
}
