package desktop

import (
	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
)

func (s *inventoryScreen) fillTiles(sum inventorySum) {
	t, loc := s.e.words.T, s.e.loc
	age := t("inventory.stock.none")
	if !s.data.Stock.IsZero() {
		age = t("inventory.stock.day", loc.Date(s.data.Stock))
	}
	s.tiles[0].Set(parts.TileData{Title: t("inventory.tile.units"), Figure: loc.Count(sum.Sellable), Foot: age, Lines: []string{
		t("inventory.tile.reserved", loc.Count(sum.Reserved)), t("inventory.tile.unfulfillable", loc.Count(sum.Unfulfillable))}})
	value := parts.TileData{Title: t("inventory.tile.value"), Figure: format.Unknown, Tone: parts.Hint, Foot: t("inventory.tile.costs.all")}
	if sum.NoCost > 0 {
		value.Foot = t("inventory.tile.costs", loc.Count(sum.NoCost))
	}
	if len(sum.Values) > 0 {
		value.Figure, value.Unit, value.Tone, value.Lines = loc.Money(sum.Values[0]), sum.Values[0].Currency, parts.Normal, s.text.others(sum.Values[1:])
	}
	s.tiles[1].Set(value)
	cover := parts.TileData{Title: t("inventory.tile.cover"), Figure: format.Unknown, Tone: parts.Hint, Foot: t("inventory.tile.pace"), Lines: s.text.covers(sum)}
	if sum.CoverKnown {
		cover.Figure, cover.Tone = loc.Count(sum.Cover), parts.Normal
	}
	s.tiles[2].Set(cover)
	out := parts.TileData{Title: t("inventory.tile.out"), Figure: loc.Count(sum.Out), Foot: s.text.counted("inventory.tile.of", sum.SKUs)}
	if sum.Out > 0 {
		out.Tone = parts.Loss
		out.Lines = s.worst()
	}
	s.tiles[3].Set(out)
	s.tiles[4].Set(parts.TileData{Title: t("inventory.tile.inbound"), Figure: loc.Count(sum.Inbound), Foot: age})
}

// covers counts what runs low and what lies. Of stock whose sales are not known
// neither is told: where it is all there is, that is no zero.
func (t inventoryText) covers(sum inventorySum) (lines []string) {
	if slow := sum.Excess + sum.Idle; sum.Low+sum.Soon+slow > 0 || sum.Unknown == 0 {
		lines = []string{t.words.T("inventory.tile.low", t.loc.Count(sum.Low), t.loc.Count(sum.Soon)), t.words.T("inventory.tile.excess", t.loc.Count(slow))}
	}
	if sum.Unknown > 0 {
		lines = append(lines, t.words.T("inventory.tile.unknown", t.loc.Count(sum.Unknown)))
	}
	return lines
}

// worst names the best sellers that are out of stock.
func (s *inventoryScreen) worst() []string {
	var best []inventoryRow
	for _, r := range s.data.Rows {
		if r.state() == inventoryOut {
			best = append(best, r)
		}
	}
	var lines []string
	for range min(2, len(best)) {
		top := 0
		for i, r := range best {
			if r.Sold.Days90 > best[top].Sold.Days90 {
				top = i
			}
		}
		lines = append(lines, best[top].SKU)
		best[top] = best[len(best)-1]
		best = best[:len(best)-1]
	}
	return lines
}

// others are the values in the other currencies, in the two lines that a tile
// has room for.
func (t inventoryText) others(values []books.Money) []string {
	var lines [2]string
	for i, v := range values {
		line := &lines[min(i, 1)]
		if *line != "" {
			*line += " · "
		}
		*line += t.loc.MoneyWithCode(v)
	}
	return lines[:min(len(values), 2)]
}

// counted writes a sentence with one number in it; key + ".one" is its singular.
func (t inventoryText) counted(key string, n int64) string {
	if t.loc.One(n) {
		key += ".one"
	}
	return t.words.T(key, t.loc.Count(n))
}

// totals are the sums of rows on screen. Values are added when they share a
// currency.
func (t inventoryText) totals(rows []inventoryRow) map[string]parts.Cell {
	sum, err := inventorySumOf(rows)
	if err != nil {
		return map[string]parts.Cell{}
	}
	cells := map[string]parts.Cell{
		"sku":           {Text: t.counted("inventory.count", sum.SKUs)},
		"available":     {Text: t.loc.Count(sum.Sellable)},
		"reserved":      {Text: t.loc.Count(sum.Reserved)},
		"inbound":       {Text: t.loc.Count(sum.Inbound)},
		"unfulfillable": {Text: t.loc.Count(sum.Unfulfillable)},
	}
	switch {
	case sum.NoCost > 0:
		cells["value"] = parts.UnknownCell(t.words.T("inventory.tile.costs", t.loc.Count(sum.NoCost)))
	case len(sum.Values) == 1:
		cells["value"] = parts.Cell{Text: t.loc.Money(sum.Values[0])}
		cells["currency"] = parts.Cell{Text: sum.Values[0].Currency}
	case len(sum.Values) > 1:
		cells["value"] = parts.UnknownCell(t.words.T("orders.why.currencies"))
	}
	return cells
}
