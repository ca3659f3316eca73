package appsync

import (
	"errors"
	"fmt"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/sync/spapi"
)

// toFacts writes a transaction as a header and one fact per leaf of its trees.
// It adds nothing up and decides nothing: names stay Amazon's.
func toFacts(connection string, w spapi.Transaction) (store.FinancialTransaction, []books.Fact, error) {
	total, err := totalOf(w)
	if err != nil {
		return store.FinancialTransaction{}, nil, fmt.Errorf("total: %w", err)
	}
	tr := store.FinancialTransaction{
		Connection: connection, ID: w.TransactionID, Type: w.TransactionType, Status: w.TransactionStatus,
		Posted: w.PostedDate.Time, Total: total,
	}
	base := books.Fact{
		Connection: connection, Source: books.Finances, Account: w.SellingPartnerMetadata.AccountType, Posting: w.TransactionID,
		Marketplace: firstOf(w.MarketplaceDetails.MarketplaceID, w.SellingPartnerMetadata.MarketplaceID),
		Type:        w.TransactionType, Note: w.Description, Posted: w.PostedDate.Time, State: stateOfStatus(w.TransactionStatus),
	}
	for _, id := range w.RelatedIdentifiers {
		switch id.Name {
		case "ORDER_ID":
			base.Order = id.Value
		case "SETTLEMENT_ID":
			base.Settlement = id.Value
		case "DEFERRED_TRANSACTION_ID":
			base.ReleaseOf, tr.ReleaseOf = id.Value, id.Value
		case "RELEASE_TRANSACTION_ID":
			tr.ReleasedBy = id.Value
		}
	}
	if tr.ID == "" || tr.Posted.IsZero() {
		return tr, nil, errors.New("its id or posting date is missing")
	}
	if !inTime(tr.Posted) {
		return tr, nil, fmt.Errorf("its posting date is in the year %d", tr.Posted.Year())
	}
	facts, err := leafFacts(w, base, total)
	return tr, facts, err
}

// totalOf is what a transaction comes to. Amazon's model does not demand it: without
// it that is the sum of its own tree, whose first nodes state the whole.
func totalOf(w spapi.Transaction) (total books.Money, err error) {
	if w.TotalAmount != nil && w.TotalAmount.Amount != "" || len(w.Breakdowns) == 0 {
		return money(w.TotalAmount)
	}
	for _, n := range w.Breakdowns {
		part, err := money(n.Amount)
		if err == nil && total.Currency != "" && part.Currency != total.Currency {
			err = errors.New("its parts have several currencies")
		}
		if err != nil {
			return total, err
		}
		total = books.Money{Minor: total.Minor + part.Minor, Currency: part.Currency}
	}
	return total, nil
}

// leafFacts takes the items' trees where they state the whole total, else the
// transaction's own tree: both tell the same money, so only one is taken.
func leafFacts(w spapi.Transaction, base books.Fact, total books.Money) ([]books.Fact, error) {
	l := leaves{total: total}
	for _, item := range w.Items {
		if err := l.item(item, base); err != nil {
			return nil, err
		}
	}
	if l.sum == total.Minor && len(l.facts) > 0 {
		return l.facts, nil
	}
	own := leaves{total: total}
	if err := own.walk(w.Breakdowns, base, ""); err != nil {
		return nil, err
	}
	if own.sum == total.Minor && len(own.facts) > 0 {
		quantityFrom(w, own.facts)
		return own.facts, nil
	}
	// Neither tree adds up: keep the finer one and state the rest openly, so
	// that the total is Amazon's to the cent.
	best := &l
	if len(l.facts) == 0 {
		best = &own
	}
	if rest := total.Minor - best.sum; rest != 0 || len(best.facts) == 0 {
		best.add(base, "(not broken down)", books.Money{Minor: rest, Currency: total.Currency})
	}
	return best.facts, nil
}

// leaves collects the facts of a tree.
type leaves struct {
	facts []books.Fact
	sum   int64
	total books.Money
}

func (l *leaves) item(item spapi.TransactionItem, base books.Fact) error {
	for _, id := range item.RelatedIdentifiers {
		if id.Name == "ORDER_ADJUSTMENT_ITEM_ID" || id.Name == "ORDER_ITEM_ID" {
			base.Item = id.Value
		}
	}
	for _, c := range item.Contexts {
		if c.SKU != "" {
			base.SKU = c.SKU
		}
		if c.QuantityShipped != nil {
			base.Quantity = int64(*c.QuantityShipped)
		}
	}
	before := l.sum
	first := len(l.facts)
	if err := l.walk(item.Breakdowns, base, ""); err != nil {
		return err
	}
	if item.TotalAmount != nil && item.TotalAmount.Amount != "" {
		total, err := money(item.TotalAmount)
		if err != nil {
			return err
		}
		if rest := total.Minor - (l.sum - before); rest != 0 {
			l.add(base, "(not broken down)", books.Money{Minor: rest, Currency: total.Currency})
		}
	}
	for i := first + 1; i < len(l.facts); i++ {
		l.facts[i].Quantity = 0 // told once per item
	}
	return nil
}

// walk adds the leaves below list; a node whose children do not add up to it
// adds the difference under its own name.
func (l *leaves) walk(list spapi.Breakdowns, base books.Fact, above string) error {
	for _, n := range list {
		path := n.Type
		if above != "" {
			path = above + "/" + n.Type
		}
		before := l.sum
		if err := l.walk(n.Breakdowns, base, path); err != nil {
			return err
		}
		if n.Amount == nil || n.Amount.Amount == "" {
			continue
		}
		m, err := money(n.Amount)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if m.Currency != l.total.Currency {
			return fmt.Errorf("%s is in %s, the total in %s", path, m.Currency, l.total.Currency)
		}
		if rest := m.Minor - (l.sum - before); rest != 0 {
			l.add(base, path, books.Money{Minor: rest, Currency: m.Currency})
		}
	}
	return nil
}

func (l *leaves) add(base books.Fact, path string, m books.Money) {
	base.Path, base.Amount, base.Seq = path, m, len(l.facts)
	l.facts = append(l.facts, base)
	l.sum += m.Minor
}

// quantityFrom puts sku and units on the first fact when there is one item
// whose money stands in the transaction's tree only.
func quantityFrom(w spapi.Transaction, facts []books.Fact) {
	var sku string
	var units int64
	contexts := w.Contexts
	for _, item := range w.Items {
		contexts = append(contexts, item.Contexts...)
	}
	for _, c := range contexts {
		if c.SKU != "" && sku != "" && c.SKU != sku {
			return
		}
		sku = firstOf(c.SKU, sku)
		units += count(c.QuantityShipped)
	}
	for i := range facts {
		facts[i].SKU = sku
	}
	if len(facts) > 0 {
		facts[0].Quantity = units
	}
}

func stateOfStatus(status string) books.State {
	switch status {
	case "DEFERRED", "DEFERRED_RELEASED":
		return books.Deferred
	}
	return books.Released
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
