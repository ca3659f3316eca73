package cli

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

type batchVerb struct {
	Add      batchAddVerb      `cmd:"" help:"Enter a purchase, or change the one of the same name."`
	Import   batchImportVerb   `cmd:"" help:"Read a list of purchases, CSV or XLSX; template writes an empty one."`
	List     batchListVerb     `cmd:"" help:"List the purchases, with what is left of each."`
	Export   batchExportVerb   `cmd:"" help:"Write the purchases as CSV or XLSX, to be changed and imported again."`
	Template batchTemplateVerb `cmd:"" help:"Write an empty list of purchases, CSV or XLSX."`
	Remove   batchRemoveVerb   `cmd:"" help:"Remove a purchase."`
	Attach   batchAttachVerb   `cmd:"" help:"Keep the file of a purchase's invoice in the book."`
	Invoice  batchInvoiceVerb  `cmd:"" help:"Write the kept invoice of a purchase to a file."`
}

// whoever is who works here: the audit log tells it.
func whoever() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}

// purchaseFlags are a purchase on the command line; they are read like the cells
// of a list.
type purchaseFlags struct {
	SKU         string   `arg:"" help:"Seller SKU."`
	Batch       string   `help:"Your name for the purchase; left out: SKU and day." placeholder:"NAME"`
	Date        string   `help:"Day of purchase, YYYY-MM-DD." required:"" placeholder:"DAY"`
	Quantity    string   `help:"Units bought." required:"" placeholder:"N"`
	Price       string   `help:"Price of all units." required:"" placeholder:"AMOUNT"`
	Currency    string   `help:"In which it was paid." required:"" placeholder:"CODE"`
	Freight     string   `help:"Freight for all units." placeholder:"AMOUNT"`
	Duty        string   `help:"Duty for all units." placeholder:"AMOUNT"`
	Preparation string   `help:"Labelling and packing, for all units." placeholder:"AMOUNT"`
	Other       string   `help:"Other costs, for all units." placeholder:"AMOUNT"`
	Rate        string   `help:"Units of the book's currency for one of this; left out: the published rate of the day." placeholder:"RATE"`
	Marketplace []string `help:"Only for these marketplaces, such as Amazon.de." placeholder:"NAME"`
	Supplier    string   `help:"Supplier." placeholder:"NAME"`
	Invoice     string   `help:"Invoice number." placeholder:"NUMBER"`
	Note        string   `help:"A note." placeholder:"TEXT"`
}

func (f *purchaseFlags) purchase() (books.Purchase, error) {
	markets := ""
	for _, m := range f.Marketplace {
		markets += m + ";"
	}
	p, bad := costfiles.Purchase(map[string]string{
		"batch": f.Batch, "date": f.Date, "sku": f.SKU, "quantity": f.Quantity, "price": f.Price, "currency": f.Currency, "freight": f.Freight,
		"duty": f.Duty, "preparation": f.Preparation, "other": f.Other, "rate": f.Rate, "marketplaces": markets, "supplier": f.Supplier,
		"invoice": f.Invoice, "note": f.Note,
	}, marketplaceID)
	if len(bad) > 0 {
		return p, usageProblem(bad[0])
	}
	return p, nil
}

func usageProblem(p costfiles.Problem) error {
	p.Line = 0
	text := p.Error()
	return usage("%s", text[len("line 0: "):])
}

type batchAddVerb struct {
	purchaseFlags
	Attach string `help:"File of the invoice, to be kept in the book." type:"existingfile" placeholder:"FILE"`
}

func (v *batchAddVerb) Run(a *app) error {
	p, err := v.purchase()
	if err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		p.Code = costfiles.PurchaseCode(p, func(string) bool { return false })
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), "purchase "+p.Code)
			if _, err := tx.PutPurchase(p); err != nil {
				return err
			}
			if v.Attach == "" {
				return nil
			}
			return attach(tx, p.Code, v.Attach)
		})
		if err != nil {
			return err
		}
		landed, err := p.Landed()
		if err != nil {
			return err
		}
		return a.say(map[string]any{"batch": p.Code, "landed_minor": landed.Minor, "currency": landed.Currency},
			"Purchase %s: %d units of %s for %s.\n", p.Code, p.Units, p.SKU, landed)
	})
}

// maxInvoice is the size of the largest file that is kept with a purchase.
const maxInvoice = 20 << 20

func attach(tx *store.Tx, code, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("attach the invoice: %w", err)
	}
	if info.Size() > maxInvoice {
		return fmt.Errorf("%s is larger than 20 MB; keep it elsewhere and note its place", filepath.Base(path))
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("attach the invoice: %w", err)
	}
	return tx.AttachInvoice(code, filepath.Base(path), body)
}

type importFlags struct {
	File    string `arg:"" help:"The list, CSV or XLSX." type:"existingfile"`
	Preview bool   `help:"Only show what would be stored and which rows cannot be read."`
}

// readList reads a file and tells the rows that cannot be read. Of a file with
// such rows nothing is stored.
func readList[R any](a *app, v importFlags, parse func([]byte, costfiles.Markets) ([]R, []costfiles.Problem, error)) ([]R, error) {
	body, err := os.ReadFile(v.File)
	if err != nil {
		return nil, fmt.Errorf("open the list: %w", err)
	}
	rows, bad, err := parse(body, marketplaceID)
	if err != nil {
		return nil, err
	}
	for _, b := range bad {
		fmt.Fprintf(a.io.Err, "countinghouse: %s, %s\n", v.File, b.Error())
	}
	if len(bad) > 0 {
		return rows, fmt.Errorf("%d cells cannot be read; mend them and import the file again, nothing was changed", len(bad))
	}
	return rows, nil
}

type batchImportVerb struct{ importFlags }

func (v *batchImportVerb) Run(a *app) error {
	rows, err := readList(a, v.importFlags, costfiles.Purchases)
	if v.Preview {
		t := newSheet(left("batch"), left("date"), left("sku"), right("units"), right("landed"), left("currency"))
		for _, p := range rows {
			m, err := p.Landed()
			if err != nil {
				return err
			}
			t.add(p.Code, p.Day, p.SKU, fmt.Sprint(p.Units), m.Decimal(), p.Currency)
		}
		return errors.Join(t.write(a.io.Out, formatTable), err)
	}
	if err != nil {
		return err
	}
	return a.with(func(s *session.Session) error {
		changed := 0
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), fmt.Sprintf("list of %d purchases", len(rows)))
			for _, p := range rows {
				is, err := tx.PutPurchase(p)
				if err != nil {
					return err
				}
				if is {
					changed++
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return a.say(map[string]int{"stored": changed, "same": len(rows) - changed}, "Stored %d purchases; %d were there already.\n", changed, len(rows)-changed)
	})
}

type batchListVerb struct{ formatFlag }

type batchJSON struct {
	Batch       string   `json:"batch"`
	Day         string   `json:"date"`
	SKU         string   `json:"sku"`
	Markets     []string `json:"marketplace_ids"`
	Units       int64    `json:"units"`
	Left        int64    `json:"units_left"`
	Currency    string   `json:"currency"`
	Landed      int64    `json:"landed_minor"`
	Book        string   `json:"book_currency"`
	Fixed       int64    `json:"fixed_minor"`
	LeftMinor   *int64   `json:"left_minor"`
	Rate        string   `json:"rate"`
	RateDay     string   `json:"rate_day"`
	RateSource  string   `json:"rate_source"`
	Supplier    string   `json:"supplier"`
	Invoice     string   `json:"invoice"`
	InvoiceFile string   `json:"invoice_file"`
	Note        string   `json:"note"`
}

func (v *batchListVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.Purchases(a.ctx)
		if err != nil {
			return err
		}
		held, err := holdings(a, s)
		if err != nil {
			return err
		}
		p := a.rows(v.of(a), left("batch"), left("date"), left("sku"), right("units"), right("left"), right("landed"), left("currency"),
			right("fixed"), right("value_left"), left("book_currency"), left("rate"), left("supplier"), left("invoice"))
		for _, b := range list {
			h := held[b.ID]
			j := batchJSON{
				b.Code, b.Day, b.SKU, b.Marketplaces, b.Units, h.Units, b.Currency, b.Landed.Minor, b.Fixed.Currency, b.Fixed.Minor, nil,
				b.RateText, b.Exchange.Day, b.Exchange.Source, b.Supplier, b.Invoice, b.DocumentName, b.Note,
			}
			value := "-"
			if h.Units == 0 || h.Known {
				j.LeftMinor = &h.Fixed.Minor
				value = books.Money{Minor: h.Fixed.Minor, Currency: b.Fixed.Currency}.Decimal()
			}
			if err := p.add(j, b.Code, b.Day, b.SKU, fmt.Sprint(b.Units), fmt.Sprint(h.Units), b.Landed.Decimal(), b.Currency, b.Fixed.Decimal(),
				value, b.Fixed.Currency, rateText(b), b.Supplier, b.Invoice); err != nil {
				return p.end(err)
			}
		}
		return p.end(nil)
	})
}

// rateText tells the rate at which a purchase is fixed, its day and who told it.
func rateText(b store.StoredPurchase) string {
	if b.Currency == b.Fixed.Currency {
		return ""
	}
	return b.RateText + " (" + b.Exchange.Source + " " + b.Exchange.Day + ")"
}

// holdings is what is left of each purchase today, by the book's method.
func holdings(a *app, s *session.Session) (map[int64]books.Holding, error) {
	method, err := s.Book.CostMethod(a.ctx)
	if err != nil {
		return nil, err
	}
	values, err := s.Book.StockValues(a.ctx, today(), []books.Method{method}, nil)
	if err != nil {
		return nil, err
	}
	held := map[int64]books.Holding{}
	for _, h := range values[0].Held {
		held[h.Batch] = h
	}
	return held, nil
}

type outFlag struct {
	Out string `help:"File to write; .xlsx makes a workbook, anything else CSV." required:"" type:"path" placeholder:"FILE"`
}

// writeList writes a list to the file, which must not exist yet.
func (o outFlag) writeList(a *app, sheet string, columns []string, rows [][]string) error {
	f, err := os.OpenFile(o.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	err = errors.Join(costfiles.Write(f, o.Out, sheet, columns, rows), f.Close())
	if err != nil {
		return errors.Join(err, os.Remove(o.Out))
	}
	return a.say(map[string]any{"file": o.Out, "rows": len(rows)}, "Wrote %d rows to %s.\n", len(rows), o.Out)
}

type batchExportVerb struct{ outFlag }

func (v *batchExportVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.Purchases(a.ctx)
		if err != nil {
			return err
		}
		rows := make([][]string, len(list))
		for i, p := range list {
			rows[i] = costfiles.PurchaseRow(p.Purchase, marketName)
		}
		return v.writeList(a, "purchases", costfiles.PurchaseColumns(), rows)
	})
}

type batchTemplateVerb struct{ outFlag }

func (v *batchTemplateVerb) Run(a *app) error {
	return v.writeList(a, "purchases", costfiles.PurchaseColumns(), nil)
}

type batchKey struct {
	Batch string `arg:"" help:"Name of the purchase, as list shows it."`
}

func (k batchKey) missing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no purchase %q; costs batch list shows them", k.Batch)
	}
	return err
}

type batchRemoveVerb struct{ batchKey }

func (v *batchRemoveVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), "removed purchase "+v.Batch)
			return tx.DeletePurchase(v.Batch)
		})
		if err != nil {
			return v.missing(err)
		}
		return a.say(map[string]string{"removed": v.Batch}, "Removed purchase %s.\n", v.Batch)
	})
}

type batchAttachVerb struct {
	batchKey
	File string `arg:"" help:"The invoice's file." type:"existingfile"`
}

func (v *batchAttachVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			if err := attach(tx, v.Batch, v.File); err != nil {
				return err
			}
			return tx.Audit("costs", "attached an invoice to purchase "+v.Batch+" by "+whoever())
		})
		if err != nil {
			return v.missing(err)
		}
		return a.say(map[string]string{"attached": filepath.Base(v.File)}, "Attached %s to purchase %s.\n", filepath.Base(v.File), v.Batch)
	})
}

type batchInvoiceVerb struct {
	batchKey
	Out string `help:"File to write." required:"" type:"path" placeholder:"FILE"`
}

func (v *batchInvoiceVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.Purchases(a.ctx)
		if err != nil {
			return err
		}
		for _, p := range list {
			if p.Code != v.Batch {
				continue
			}
			if p.Document == 0 {
				return fmt.Errorf("purchase %s has no invoice; attach one", v.Batch)
			}
			d, err := s.Book.Document(a.ctx, p.Document)
			if err != nil {
				return err
			}
			if err := os.WriteFile(v.Out, d.Body, 0o600); err != nil {
				return fmt.Errorf("write the invoice: %w", err)
			}
			return a.say(map[string]string{"file": v.Out, "name": p.DocumentName}, "Wrote %s (%s).\n", v.Out, p.DocumentName)
		}
		return v.missing(store.ErrNotFound)
	})
}
