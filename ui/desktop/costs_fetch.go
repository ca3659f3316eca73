package desktop

import (
	"context"

	"fyne.io/fyne/v2"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/ui/desktop/parts"
)

// askFetch says what fetching exchange rates means, and switches it on or off.
func (s *costsScreen) askFetch() {
	t := s.e.words.T
	var m *modal
	button := func(word string, w parts.Weight, f func()) fyne.CanvasObject {
		return parts.NewButton(t(word), w, func() { m.hide(); f() })
	}
	buttons := []fyne.CanvasObject{button("privacy.cancel", parts.Quiet, func() {})}
	if s.facts.fetches {
		buttons = append(buttons, button("costs.rate.fetch.off", parts.Quiet, func() {
			s.change(t("costs.rate.fetch.stopped"), "switched the fetching of exchange rates off", func(tx *store.Tx) error {
				if err := tx.SetFetchRates(false); err != nil {
					return err
				}
				return tx.Audit("rates", "switched the fetching of exchange rates off")
			})
		}), button("costs.rate.fetch.now", parts.Primary, func() { s.fetchRates(appsync.RateSource{}) }))
	} else {
		buttons = append(buttons, button("costs.rate.fetch.on", parts.Primary, func() { s.fetchRates(appsync.RateSource{}) }))
	}
	m = newModal(s.e, t("costs.rate.fetch.title"), flushText(t("costs.rate.fetch.text"), parts.Normal), fyne.NewSize(520, 260), buttons...)
	m.show()
}

// fetchRates switches fetching on and fetches, as long work.
func (s *costsScreen) fetchRates(from appsync.RateSource) {
	t, loc, book := s.e.words.T, s.e.loc, s.e.s.Book
	s.e.busy(t("costs.rate.fetch.busy"), func(ctx context.Context, _ func(done, total int64)) (string, error) {
		err := book.Write(ctx, func(tx *store.Tx) error {
			if err := tx.SetFetchRates(true); err != nil {
				return err
			}
			return tx.Audit("rates", "switched the fetching of exchange rates on")
		})
		if err != nil {
			return "", err
		}
		n, err := appsync.FetchRates(ctx, book, from)
		return t("costs.rate.fetch.done", loc.Count(int64(n))), err
	})
}
