package books

import "time"

// Told is an event of another scope, under known names. Money without an order
// is matched line by line; what stands under a name that nobody knows yet may be
// the same money as one of these.
type Told struct {
	Account string
	Posted  time.Time
	Lines   []ToldLine
}

// ToldLine is a counted amount of such an event.
type ToldLine struct {
	Minor int64    // as Amazon sent it
	By    []Source // who tells of it: another source may tell it again
}

// toldElsewhere tells whether the money of an unknown name was counted under a
// known one: an event as large in whole, else one line of it, of a source other
// than the fact's, within the window. The nearest is taken, and only once.
func (b *builder) toldElsewhere(e *entry) bool {
	if e.class.Known || !b.loose || e.amount == 0 {
		return false
	}
	var best []*ToldLine
	var nearest time.Duration
	for i := range b.elsewhere {
		t := &b.elsewhere[i]
		apart := t.Posted.Sub(e.f.Posted).Abs()
		if apart > b.cx.Window || best != nil && apart >= nearest || t.Account != "" && e.f.Account != "" && t.Account != e.f.Account {
			continue
		}
		if lines := t.same(e.f); lines != nil {
			best, nearest = lines, apart
		}
	}
	for _, l := range best {
		l.By = append(l.By, e.f.Source)
	}
	if best == nil {
		return false
	}
	b.open = append(b.open, openOf(e, OpenElsewhere, false))
	return true
}

// same gives the lines that may be a fact's money; nil when there are none.
func (t *Told) same(f *Fact) []*ToldLine {
	var free []*ToldLine
	var sum int64
	fits := true
	for i := range t.Lines {
		l := &t.Lines[i]
		if l.toldBy(f.Source) {
			continue
		}
		total, ok := add(sum, l.Minor)
		sum, fits = total, fits && ok
		free = append(free, l)
	}
	if fits && len(free) > 0 && sum == f.Amount.Minor {
		return free
	}
	for _, l := range free {
		if l.Minor == f.Amount.Minor {
			return []*ToldLine{l}
		}
	}
	return nil
}

func (l *ToldLine) toldBy(s Source) bool {
	for _, by := range l.By {
		if by == s {
			return true
		}
	}
	return false
}

// knownElsewhere copies what the context gives: Build is pure.
func (b *builder) knownElsewhere() {
	b.elsewhere = make([]Told, len(b.cx.Elsewhere))
	for i, t := range b.cx.Elsewhere {
		t.Lines = append([]ToldLine(nil), t.Lines...)
		for k := range t.Lines {
			t.Lines[k].By = append([]Source(nil), t.Lines[k].By...)
		}
		b.elsewhere[i] = t
	}
}
