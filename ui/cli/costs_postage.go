package cli

import (
	"errors"
	"path/filepath"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type postageVerb struct {
	Set  postageSetVerb  `cmd:"" help:"Set what sending costs: per parcel, or per unit of a SKU."`
	List postageListVerb `cmd:"" help:"List the rates."`
	Bill postageBillVerb `cmd:"" help:"Read a carrier's bill: CSV or XLSX with tracking_number or order_id, date, amount, currency."`
	Drop postageDropVerb `cmd:"" name:"remove" help:"Remove a rate."`
}

type postageKey struct {
	SKU         string `help:"Per unit of this SKU; left out: per parcel." placeholder:"SKU"`
	Marketplace string `help:"Such as Amazon.de; left out: every marketplace of the currency." placeholder:"NAME"`
	From        string `help:"First day it is valid, YYYY-MM-DD." placeholder:"DAY"`
	Currency    string `help:"Currency." required:"" placeholder:"CODE"`
}

func (k postageKey) rate() (store.PostageRate, error) {
	c, err := costKey(k).cost()
	return store.PostageRate{SKU: c.SKU, Marketplace: c.Marketplace, From: c.From, Currency: c.Currency}, err
}

type postageSetVerb struct {
	postageKey
	Postage string `help:"Postage." default:"0" placeholder:"AMOUNT"`
	Packing string `help:"Packing." default:"0" placeholder:"AMOUNT"`
}

func (v *postageSetVerb) Run(a *app) error {
	r, err := v.rate()
	if err != nil {
		return err
	}
	var errPacking error
	r.Postage, err = books.ParseUnit(v.Postage)
	r.Packing, errPacking = books.ParseUnit(v.Packing)
	if err != nil || errPacking != nil || r.Postage.Sign() < 0 || r.Packing.Sign() < 0 {
		return usage("--postage and --packing are plain numbers like 4.99")
	}
	return a.changePostage(func(tx *store.Tx) error { return tx.PutPostageRate(r) }, "Postage is set.\n")
}

func (a *app) changePostage(f func(*store.Tx) error, said string) error {
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), "postage")
			return f(tx)
		})
		if errors.Is(err, store.ErrNotFound) {
			return errors.New("there is no such rate; costs postage list shows them")
		}
		if err != nil {
			return err
		}
		return a.say(map[string]bool{"done": true}, "%s", said)
	})
}

type postageDropVerb struct{ postageKey }

func (v *postageDropVerb) Run(a *app) error {
	r, err := v.rate()
	if err != nil {
		return err
	}
	return a.changePostage(func(tx *store.Tx) error { return tx.DeletePostageRate(r) }, "The rate is removed.\n")
}

type postageListVerb struct{ formatFlag }

func (v *postageListVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.PostageRates(a.ctx)
		if err != nil {
			return err
		}
		p := a.rows(v.of(a), left("sku"), left("marketplace"), left("valid_from"), right("postage"), right("packing"), left("currency"))
		for _, r := range list {
			place := ""
			if r.Marketplace != "" {
				place = marketName(r.Marketplace)
			}
			value := map[string]string{"sku": r.SKU, "marketplace_id": r.Marketplace, "valid_from": r.From, "postage": r.Postage.String(), "packing": r.Packing.String(), "currency": r.Currency}
			if err := p.add(value, r.SKU, place, r.From, r.Postage.String(), r.Packing.String(), r.Currency); err != nil {
				return p.end(err)
			}
		}
		return p.end(nil)
	})
}

type postageBillVerb struct {
	File string `arg:"" help:"The carrier's bill." type:"existingfile"`
}

func (v *postageBillVerb) Run(a *app) error {
	var body []byte
	rows, err := readList(a, importFlags{File: v.File}, func(b []byte, _ costfiles.Markets) ([]costfiles.Parcel, []costfiles.Problem, error) {
		body = b
		return costfiles.CarrierBill(b)
	})
	if err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		matched, known := 0, false
		err := s.Book.Write(a.ctx, func(tx *store.Tx) (err error) {
			tx.Because(whoever(), "carrier's bill "+filepath.Base(v.File))
			matched, known, err = tx.PutCarrierBill(v.File, body, rows)
			return err
		})
		if err != nil {
			return err
		}
		if known {
			return a.say(map[string]bool{"known": true}, "This bill is in the book already.\n")
		}
		return a.say(map[string]int{"rows": len(rows), "matched": matched}, "Stored %d rows; %d belong to orders of this book.\n", len(rows), matched)
	})
}
