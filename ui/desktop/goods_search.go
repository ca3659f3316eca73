package desktop

import (
	"regexp"
	"strings"

	"countinghouse/data/markets"
	"countinghouse/data/store"
)

// goodsAge is how Amazon writes how old stock is.
var goodsAge = regexp.MustCompile(`^(\d+)-(\d+) days$`)

// goodsAges are the ages in days by which Amazon charges old stock. One that is
// not among them is found as Amazon writes it.
const goodsAges = "181-210, 211-240, 241-270, 271-300, 301-330, 331-365, 365+, 366-455, 456+"

// known says a name in words, where it has any.
func (t goodsText) known(column, name string) string {
	if column == "tier" {
		if m := goodsAge.FindStringSubmatch(name); m != nil {
			return t.words.T("goods.tier.days", m[1], m[2])
		}
		if days, ok := strings.CutSuffix(name, "+ days"); ok {
			return t.words.T("goods.tier.more", days)
		}
	}
	for _, k := range goodsKeys(column) {
		if word := t.words.T(k + name); word != k+name {
			return word
		}
	}
	return name
}

// means are the names behind the words of a topic that hold a text, so that a
// search finds what is on screen. The case of letters does not count.
func (t goodsText) means(g goodsTopic, text string) (all []store.ReportMeaning) {
	if text = strings.ToLower(text); text == "" {
		return nil
	}
	holds := func(word string) bool { return strings.Contains(strings.ToLower(word), text) }
	for _, c := range store.ReportColumns(g.id) {
		m := store.ReportMeaning{Column: c.Name}
		switch {
		case c.Form != store.FormText:
			continue
		case c.Name == "marketplace_id":
			for _, market := range markets.All() {
				if holds(market.Name) {
					m.Names = append(m.Names, market.ID)
				}
			}
		case c.Name == "tier":
			for age := range strings.SplitSeq(goodsAges, ", ") {
				if holds(t.known(c.Name, age+" days")) {
					m.Names = append(m.Names, age+" days")
				}
			}
		}
		for _, prefix := range goodsKeys(c.Name) {
			for name := range t.words.Under(prefix) {
				if holds(t.known(c.Name, name)) {
					m.Names = append(m.Names, name)
				}
			}
		}
		if len(m.Names) > 0 {
			all = append(all, m)
		}
	}
	return all
}
