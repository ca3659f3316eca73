package books

// ExactRule is a rule for one name as Amazon writes it: nothing in it is a
// pattern. An empty note matches every note, an empty refund is RefundOf(line).
func ExactRule(source Source, typ, path, note string, line, refund Line) Rule {
	if refund == "" {
		refund = RefundOf(line)
	}
	return Rule{Source: source, Type: typ, Path: path, Note: note, Line: line, Refund: refund, exact: true}
}

// RefundOf is the line on which money of a line stands when it is given back.
func RefundOf(l Line) Line {
	switch l {
	case SalesProduct:
		return RefundProduct
	case SalesShipping:
		return RefundShipping
	case SalesGiftWrap:
		return RefundGiftWrap
	case Promotion, Points:
		return RefundPromotion
	}
	return l
}

// matches tells whether the rule is about a name, whatever its note. The
// arguments are folded.
func (r *Rule) matches(source, typ, path string) bool {
	if r.exact {
		return string(r.Source) == source && r.Type == typ && r.Path == path
	}
	return glob(string(r.Source), source) && glob(r.Type, typ) && glob(r.Path, path)
}

func (r *Rule) matchesNote(note string) bool {
	if r.Note == "" {
		return true
	}
	if r.exact {
		return r.Note == fold(note)
	}
	return glob(r.Note, fold(note))
}

func (r Rule) foldedExact() Rule {
	r.Source, r.Type, r.Path, r.Note = Source(fold(string(r.Source))), fold(r.Type), foldPath(r.Path), fold(r.Note)
	return r
}
