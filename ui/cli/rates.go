package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/ui/session"
)

type ratesVerb struct {
	Import   ratesImportVerb   `cmd:"" help:"Read the European Central Bank's file of rates (eurofxref-hist.csv or .zip)."`
	Fetch    ratesFetchVerb    `cmd:"" help:"Fetch the European Central Bank's rates; only where that was switched on."`
	Set      ratesSetVerb      `cmd:"" help:"Type a rate in; it goes before a published one."`
	List     ratesListVerb     `cmd:"" help:"List what the book has."`
	Remove   ratesRemoveVerb   `cmd:"" help:"Remove a rate that was typed in."`
	Currency ratesCurrencyVerb `cmd:"" help:"Show or choose the book's currency: in it purchases are fixed and totals shown."`
	Convert  ratesConvertVerb  `cmd:"" help:"Convert an amount at the rate of a day, and tell the rate and its source."`
}

type ratesImportVerb struct {
	File string `arg:"" help:"The file." type:"existingfile"`
}

func (v *ratesImportVerb) Run(a *app) error {
	body, err := os.ReadFile(v.File)
	if err != nil {
		return fmt.Errorf("open the rates: %w", err)
	}
	quotes, err := costfiles.ECBRates(body)
	if err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		n := 0
		err := s.Book.Write(a.ctx, func(tx *store.Tx) (err error) {
			tx.Because(whoever(), "exchange rates of the European Central Bank")
			n, err = tx.PutRates(quotes)
			return err
		})
		if err != nil {
			return err
		}
		return a.say(map[string]int{"rates": len(quotes), "new": n}, "Read %d rates, %d of them new.\n", len(quotes), n)
	})
}

type ratesFetchVerb struct {
	On  bool `help:"Switch it on: from now on rates come after a sync, at most twice a day. Nothing of yours is sent." xor:"switch"`
	Off bool `help:"Switch it off." xor:"switch"`
}

func (v *ratesFetchVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if v.On || v.Off {
			err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
				if err := tx.SetFetchRates(v.On); err != nil {
					return err
				}
				return tx.Audit("rates", map[bool]string{true: "switched the fetching of exchange rates on", false: "switched the fetching of exchange rates off"}[v.On])
			})
			if err != nil {
				return err
			}
		}
		if v.Off {
			return a.say(map[string]bool{"fetch": false}, "No rates are fetched any more.\n")
		}
		n, err := appsync.FetchRates(a.ctx, s.Book, appsync.RateSource{})
		if errors.Is(err, appsync.ErrRatesOff) {
			return errors.New("fetching exchange rates is switched off; switch it on with rates fetch --on, or read the bank's file with rates import")
		}
		if err != nil {
			return err
		}
		return a.say(map[string]int{"new": n}, "Fetched the rates of the European Central Bank, %d of them new.\n", n)
	})
}

type rateKey struct {
	Day  string `arg:"" help:"YYYY-MM-DD."`
	From string `arg:"" help:"Currency, such as EUR."`
	To   string `arg:"" help:"Currency, such as USD."`
}

func (k rateKey) quote() (books.Quote, error) {
	q := books.Quote{Day: k.Day, From: strings.ToUpper(k.From), To: strings.ToUpper(k.To), Source: books.SourceTyped}
	if !currencyCode.MatchString(q.From) || !currencyCode.MatchString(q.To) || q.From == q.To {
		return q, usage("%s and %s are not two codes like EUR and USD", k.From, k.To)
	}
	return q, checkDays(k.Day)
}

type ratesSetVerb struct {
	rateKey
	Rate string `arg:"" help:"Units of the second currency for one of the first."`
}

func (v *ratesSetVerb) Run(a *app) error {
	q, err := v.quote()
	if err != nil {
		return err
	}
	if q.Rate, err = books.ParseUnit(v.Rate); err != nil || q.Rate.Sign() <= 0 {
		return usage("rate %q is not a plain number like 1.0853", v.Rate)
	}
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), fmt.Sprintf("rate of %s to %s on %s", q.From, q.To, q.Day))
			_, err := tx.PutRates([]books.Quote{q})
			return err
		})
		if err != nil {
			return err
		}
		return a.say(map[string]string{"rate": q.Rate.String()}, "On %s one %s is %s %s.\n", q.Day, q.From, q.Rate, q.To)
	})
}

type ratesRemoveVerb struct{ rateKey }

func (v *ratesRemoveVerb) Run(a *app) error {
	q, err := v.quote()
	if err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), fmt.Sprintf("removed the rate of %s to %s on %s", q.From, q.To, q.Day))
			return tx.DeleteRate(q)
		})
		if errors.Is(err, store.ErrNotFound) {
			return errors.New("no such rate was typed in")
		}
		if err != nil {
			return err
		}
		return a.say(map[string]bool{"removed": true}, "The rate is removed.\n")
	})
}

type ratesListVerb struct{ formatFlag }

func (v *ratesListVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.RateSpans(a.ctx)
		if err != nil {
			return err
		}
		p := a.rows(v.of(a), left("from"), left("to"), left("source"), left("first"), left("last"), right("days"), right("last_rate"))
		for _, r := range list {
			value := map[string]any{"from": r.From, "to": r.To, "source": r.Source, "first": r.First, "last": r.Last, "days": r.Count, "rate": r.Rate}
			if err := p.add(value, r.From, r.To, r.Source, r.First, r.Last, fmt.Sprint(r.Count), r.Rate); err != nil {
				return p.end(err)
			}
		}
		return p.end(nil)
	})
}

type ratesCurrencyVerb struct {
	Code string `arg:"" optional:"" help:"Such as EUR; left out: show the one in use."`
}

func (v *ratesCurrencyVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if v.Code != "" {
			err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
				tx.Because(whoever(), "book currency "+v.Code)
				return tx.SetBookCurrency(strings.ToUpper(v.Code))
			})
			if err != nil {
				return err
			}
		}
		code, err := s.Book.BookCurrency(a.ctx)
		if err != nil {
			return err
		}
		if code == "" {
			return a.say(map[string]string{"currency": ""}, "No book currency was chosen; each currency stands by itself.\n")
		}
		return a.say(map[string]string{"currency": code}, "The book's currency is %s.\n", code)
	})
}

type ratesConvertVerb struct {
	Amount string `arg:"" help:"Such as 12.50."`
	rateKey
}

func (v *ratesConvertVerb) Run(a *app) error {
	q, err := v.quote()
	if err != nil {
		return err
	}
	m, err := books.ParseDecimal(v.Amount, q.From)
	if err != nil {
		return usage("%q is not an amount of %s", v.Amount, q.From)
	}
	return a.with(func(s *session.Session) error {
		rates, err := s.Book.Rates(a.ctx, q.From, q.To)
		if err != nil {
			return err
		}
		x, ok := rates.At(q.From, q.To, q.Day)
		if !ok {
			return &store.NoRateError{From: q.From, To: q.To, Day: q.Day}
		}
		got, err := x.Convert(m)
		if err != nil {
			return err
		}
		return a.say(map[string]any{"minor": got.Minor, "currency": got.Currency, "rate": x.Text(), "day": x.Day, "source": x.Source},
			"%s = %s at %s (%s, %s).\n", m, got, x.Text(), x.Source, x.Day)
	})
}
