package books

// dropped marks an entry that another one stands for.
const dropped = -2

// pairReleases joins deferred transactions with their releases: what was
// released counts, once, at the date of the deferred posting. Amounts of the
// deferred twin that were not released so are listed, not counted. An item of
// the deferred posting that no release tells of stays deferred.
func (b *builder) pairReleases() {
	var releases []*entry
	for i := range b.all {
		if e := &b.all[i]; e.f.Source == Finances && e.f.ReleaseOf != "" {
			releases = append(releases, e)
		}
	}
	if len(releases) == 0 {
		return
	}
	for i := range b.all {
		d := &b.all[i]
		if d.f.Source != Finances || d.f.ReleaseOf != "" {
			continue
		}
		if twin, item := findTwin(d, releases); twin != nil {
			twin.matched = append(twin.matched, d.f.ID)
			twin.twinQty = d.f.Quantity
			twin.by[rank(Finances)] = true
			d.event = dropped
		} else if item {
			d.event = dropped
			b.open = append(b.open, openOf(d, OpenRelease, false))
		}
	}
}

// findTwin returns the released amount that a deferred one became, and whether
// any release tells of the deferred one's item at all.
func findTwin(d *entry, releases []*entry) (twin *entry, item bool) {
	for _, r := range releases {
		if r.f.ReleaseOf != d.f.Posting || r.f.Connection != d.f.Connection || !sameItem(d.f, r.f) {
			continue
		}
		item = true
		if d.f.Posted.Before(r.occurred) {
			r.occurred = d.f.Posted
		}
		if r.by[rank(Finances)] || r.amount != d.amount || r.class.Line != d.class.Line ||
			r.f.Amount.Currency != d.f.Amount.Currency {
			continue
		}
		if twin == nil || (twin.f.Path != d.f.Path && r.f.Path == d.f.Path) {
			twin = r
		}
	}
	return twin, item
}

// sameItem tells whether two facts can be of one item: equal SKUs, or equal items
// where a SKU is not told; a blank is a wildcard.
func sameItem(a, b *Fact) bool {
	if a.SKU != "" && b.SKU != "" {
		return a.SKU == b.SKU
	}
	return a.Item == "" || b.Item == "" || a.Item == b.Item
}
