package desktop

import (
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
)

// next is the one thing to do about a SKU, and why; [format.Unknown] when there
// is nothing.
func (t inventoryText) next(r inventoryRow) (text, why string) {
	w := t.words.T
	cover, known := r.Pace.cover(r.sellable() + r.Inbound)
	switch state := r.state(); {
	case (state == inventoryOut || state == inventoryLow || state == inventoryOrderSoon) && known && cover >= inventorySoon:
		return w("inventory.next.wait", t.loc.Count(r.Inbound)), w("inventory.next.wait_why", t.loc.Count(cover))
	case state == inventoryOut && !known && r.Inbound > 0:
		return w("inventory.next.wait", t.loc.Count(r.Inbound)), ""
	case state == inventoryOut, state == inventoryLow:
		return w("inventory.next.now"), w("inventory.next.now_why", t.loc.Count(inventoryShort))
	case state == inventoryOrderSoon:
		return w("inventory.next.soon"), w("inventory.next.soon_why", t.loc.Count(inventorySoon))
	case state == inventoryTooMuch:
		return w("inventory.next.reduce", t.loc.Count(r.excess())), w("inventory.next.reduce_why", t.loc.Count(inventoryExcess))
	case state == inventoryUnknown:
		return format.Unknown, t.unknown(r)
	case state == inventoryIdle:
		return w("inventory.next.check"), w("inventory.next.check_why", t.loc.Count(inventoryWindow))
	case r.Unfulfillable > 0:
		return w("inventory.next.remove", t.loc.Count(r.Unfulfillable)), w("inventory.next.remove_why")
	}
	return format.Unknown, ""
}

// excess are the units beyond what sells before Amazon charges for age.
func (r inventoryRow) excess() int64 {
	if r.Pace.Days <= 0 {
		return 0
	}
	return max(r.sellable()-r.Pace.Units*inventoryExcess/r.Pace.Days, 0)
}

// productCell is a product's title after its initials, which stand for a
// picture: none is fetched, for nothing may call out but to Amazon.
func productCell(title, sku string) parts.Cell {
	badge := initials(title)
	if badge == "" {
		badge = initials(sku)
	}
	h := fnv.New32a()
	h.Write([]byte(sku))
	return parts.Cell{Badge: badge, Hue: int(h.Sum32() % 6)}
}

// initials are the first letters of the first two words; of Japanese and
// Chinese, which have no spaces, the first character says enough.
func initials(text string) string {
	var out []rune
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		r, _ := utf8.DecodeRuneInString(word)
		out = append(out, unicode.ToUpper(r))
		if len(out) == 2 || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
			break
		}
	}
	return string(out)
}
