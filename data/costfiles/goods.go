package costfiles

// Goods is a move of goods as it is typed.
type Goods struct {
	Kind        string // returned, lost or found
	SKU         string
	Units       int64
	Day         string // YYYY-MM-DD
	Order       string // of a return
	Marketplace string // id; may be empty of a return
	Note        string
}

// GoodsMove reads a move of goods from named texts, as a form gives them: a return
// names its order, what was lost or found its marketplace.
func GoodsMove(texts map[string]string, markets Markets) (Goods, []Problem) {
	c := form(texts)
	g := Goods{
		Kind: c.text("kind"), SKU: c.words("sku", true), Units: c.whole("quantity"), Day: c.day("day", true),
		Order: c.words("order", texts["kind"] == "returned"), Note: c.words("note", false),
		Marketplace: c.market("marketplace", c.text("marketplace"), markets),
	}
	switch g.Kind {
	case "returned":
	case "lost", "found":
		if g.Order != "" {
			c.fail("order", NoReturn)
		}
		if c.text("marketplace") == "" {
			c.fail("marketplace", Missing)
		}
	default:
		c.fail("kind", BadChoice)
	}
	return g, c.bad
}
