package store

import (
	"database/sql"
	"strings"
	"time"

	"countinghouse/data/books"
)

// unclear is the end of the names of scopes that hold money of no order under
// names that nobody knows: ~USD~unclassified.
const unclear = "~" + string(books.Unclassified)

// touchUnclear has such money looked at again when money of its currency under
// known names changed: it may be the same.
func (t *Tx) touchUnclear(k scopeKey, again map[scopeKey]struct{}) {
	currency, _, ok := strings.Cut(strings.TrimPrefix(k.scope, "~"), "~")
	if ok && strings.HasPrefix(k.scope, "~") && len(currency) == 3 && !strings.HasSuffix(k.scope, unclear) {
		again[scopeKey{k.connection, "~" + currency + unclear}] = struct{}{}
	}
}

// elsewhere reads the money of no order, under known names, that the facts of a
// scope of unknown ones may be: of the same connection, currency and days. It is
// nothing for other scopes.
func (t *Tx) elsewhere(k scopeKey, facts []books.Fact) ([]books.Told, error) {
	if len(facts) == 0 || !strings.HasSuffix(k.scope, unclear) {
		return nil, nil
	}
	const window = 4 * 24 * time.Hour
	from, to := facts[0].Posted, facts[0].Posted
	for _, f := range facts {
		if f.Posted.Before(from) {
			from = f.Posted
		}
		if f.Posted.After(to) {
			to = f.Posted
		}
	}
	prefix := strings.TrimSuffix(k.scope, string(books.Unclassified))
	var all []books.Told
	var last int64
	err := t.rows(`SELECT e.id, f.account, f.posted_at, f.amount_minor, n.source, coalesce((SELECT group_concat(DISTINCT mn.source)
			FROM json_each('[' || l.matched || ']') j JOIN fact m ON m.id = j.value JOIN fact_name mn ON mn.id = m.name_id), '')
		FROM event e JOIN money_line l ON l.event_id = e.id JOIN fact f ON f.id = l.fact_id JOIN fact_name n ON n.id = f.name_id
		WHERE e.scope >= ? AND e.scope < ? AND e.scope <> ? AND e.connection_id = ? AND e.occurred_at BETWEEN ? AND ?
		ORDER BY e.occurred_at, e.key, l.seq`,
		[]any{prefix, prefix + "\x7f", k.scope, k.connection, millis(from.Add(-window)), millis(to.Add(window))}, func(r *sql.Rows) error {
			var event, posted int64
			var account, source, matched string
			var line books.ToldLine
			if err := r.Scan(&event, &account, &posted, &line.Minor, &source, &matched); err != nil {
				return err
			}
			if event != last || len(all) == 0 {
				all = append(all, books.Told{Account: account, Posted: fromMillis(posted)})
				last = event
			}
			for s := range strings.SplitSeq(source+","+matched, ",") {
				line.By = append(line.By, books.Source(s))
			}
			at := &all[len(all)-1]
			at.Lines = append(at.Lines, line)
			return nil
		})
	return all, err
}
