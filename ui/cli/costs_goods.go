package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

func today() string { return time.Now().UTC().Format(time.DateOnly) }

type methodVerb struct {
	Method string `arg:"" optional:"" help:"fifo, average or period; left out: show the one in use." enum:"fifo,average,period," default:""`
}

func (v *methodVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if v.Method != "" {
			tell := percent(a.io.Err, time.Now)
			err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
				tx.Because(whoever(), "costing method "+v.Method)
				return tx.SetCostMethod(books.Method(v.Method), func(done, total int) { tell("costing", int64(done), int64(total)) })
			})
			if err != nil {
				return err
			}
		}
		m, err := s.Book.CostMethod(a.ctx)
		if err != nil {
			return err
		}
		return a.say(map[string]string{"method": string(m)}, "Costs are counted by: %s.\n", m)
	})
}

type kitVerb struct {
	Set    kitSetVerb    `cmd:"" help:"Say what a kit or multipack holds."`
	List   kitListVerb   `cmd:"" help:"List the kits."`
	Remove kitRemoveVerb `cmd:"" help:"Say that a SKU is no kit."`
}

type kitSetVerb struct {
	SKU  string   `arg:"" help:"SKU of the kit."`
	Part []string `arg:"" help:"Its parts, as SKU=UNITS."`
}

func (v *kitSetVerb) Run(a *app) error {
	var parts []books.Part
	for _, text := range v.Part {
		at := strings.LastIndex(text, "=")
		n, err := strconv.ParseInt(text[at+1:], 10, 32)
		if at <= 0 || err != nil || n <= 0 {
			return usage("part %q is not written like SKU=2", text)
		}
		parts = append(parts, books.Part{SKU: text[:at], Units: n})
	}
	return a.changeKit(v.SKU, parts)
}

func (a *app) changeKit(sku string, parts []books.Part) error {
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), "kit "+sku)
			return tx.PutKit(sku, parts)
		})
		if err != nil {
			return err
		}
		fields := map[string]any{"sku": sku, "parts": len(parts)}
		if len(parts) == 0 {
			return a.say(fields, "%s is no kit.\n", sku)
		}
		var holds []string
		for _, p := range parts {
			holds = append(holds, fmt.Sprintf("%d of %s", p.Units, p.SKU))
		}
		return a.say(fields, "Kit %s holds %s.\n", sku, strings.Join(holds, ", "))
	})
}

type kitRemoveVerb struct {
	SKU string `arg:"" help:"SKU of the kit."`
}

func (v *kitRemoveVerb) Run(a *app) error { return a.changeKit(v.SKU, nil) }

type kitListVerb struct{ formatFlag }

func (v *kitListVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		kits, err := s.Book.Kits(a.ctx)
		if err != nil {
			return err
		}
		p := a.rows(v.of(a), left("kit"), left("part"), right("units"))
		for _, kit := range sortedKeys(kits) {
			for _, part := range kits[kit] {
				if err := p.add(map[string]any{"kit": kit, "part": part.SKU, "units": part.Units}, kit, part.SKU, fmt.Sprint(part.Units)); err != nil {
					return p.end(err)
				}
			}
		}
		return p.end(nil)
	})
}

type uncoveredVerb struct{ formatFlag }

func (v *uncoveredVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.Uncovered(a.ctx)
		if err != nil {
			return err
		}
		p := a.rows(v.of(a), left("sku"), left("marketplace"), right("units"), left("first"), left("last"), left("why"), left("what_to_do"))
		p.notice = "Every unit that left has a cost."
		for _, u := range list {
			why, todo := gapText(u)
			value := map[string]any{"sku": u.SKU, "marketplace_id": u.Marketplace, "units": u.Units, "first": u.First, "last": u.Last, "reason": string(u.Gap)}
			if err := p.add(value, u.SKU, marketName(u.Marketplace), fmt.Sprint(u.Units), u.First, u.Last, why, todo); err != nil {
				return p.end(err)
			}
		}
		return p.end(nil)
	})
}

func gapText(u store.UncoveredSKU) (why, todo string) {
	switch u.Gap {
	case books.GapSoldOut:
		return "more left than was bought", "enter the purchase that is missing"
	case books.GapNoRate:
		return "no exchange rate to " + u.Currency, "rates import, or rates set"
	}
	return "no purchase and no unit cost", "costs batch add, or costs set"
}

type goodsVerb struct {
	Add    goodsAddVerb    `cmd:"" help:"Tell of units that came back and can be sold again, were lost, or were found."`
	List   goodsListVerb   `cmd:"" help:"List what was told, with its cost."`
	Remove goodsRemoveVerb `cmd:"" help:"Take that back."`
}

type goodsAddVerb struct {
	Kind        string `arg:"" help:"returned, lost or found." enum:"returned,lost,found"`
	SKU         string `arg:"" help:"Seller SKU."`
	Units       int64  `help:"How many." default:"1"`
	Order       string `help:"Of a return: its order." placeholder:"ID"`
	Date        string `help:"Day, YYYY-MM-DD (left out: today)." placeholder:"DAY"`
	Marketplace string `help:"Where, such as Amazon.de." placeholder:"NAME"`
	Connection  string `help:"Connection, when there are several." placeholder:"ID"`
	Note        string `help:"A note." placeholder:"TEXT"`
}

func (v *goodsAddVerb) Run(a *app) error {
	if v.Date == "" {
		v.Date = today()
	}
	at, err := time.Parse(time.DateOnly, v.Date)
	if err != nil {
		return usage("--date %q is not a day like 2026-03-01", v.Date)
	}
	if v.Units <= 0 || (v.Kind == "returned") != (v.Order != "") {
		return usage("--units is above 0, and a return names its --order; nothing else does")
	}
	m := store.GoodsMove{Connection: v.Connection, Kind: v.Kind, Order: v.Order, SKU: v.SKU, Units: v.Units, At: at.Add(12 * time.Hour), Note: v.Note}
	if v.Marketplace != "" {
		var ok bool
		if m.Marketplace, ok = marketplaceID(v.Marketplace); !ok {
			return usage("marketplace %q is not known; write it like Amazon.de", v.Marketplace)
		}
	}
	return a.with(func(s *session.Session) error {
		err := s.Book.PlaceGoods(a.ctx, &m)
		if errors.Is(err, store.ErrNotFound) {
			return usage("the book has no such order, or no account that sells in that marketplace; name the account with --connection")
		}
		if err != nil {
			return err
		}
		var id int64
		err = s.Book.Write(a.ctx, func(tx *store.Tx) (err error) {
			tx.Because(whoever(), fmt.Sprintf("%d of %s %s", m.Units, m.SKU, m.Kind))
			id, err = tx.AddGoodsMove(m)
			return err
		})
		if err != nil {
			return err
		}
		return a.say(map[string]int64{"number": id}, "Noted as number %d.\n", id)
	})
}

type goodsRemoveVerb struct {
	Number int64 `arg:"" help:"The number that add gave."`
}

func (v *goodsRemoveVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		err := s.Book.Write(a.ctx, func(tx *store.Tx) error {
			tx.Because(whoever(), fmt.Sprintf("removed goods move %d", v.Number))
			return tx.DeleteGoodsMove(v.Number)
		})
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("nothing was noted as number %d", v.Number)
		}
		if err != nil {
			return err
		}
		return a.say(map[string]int64{"removed": v.Number}, "Removed number %d.\n", v.Number)
	})
}

type goodsListVerb struct{ formatFlag }

func (v *goodsListVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		list, err := s.Book.GoodsMoves(a.ctx)
		if err != nil {
			return err
		}
		p := a.rows(v.of(a), right("number"), left("day"), left("kind"), left("sku"), right("units"), left("marketplace"), left("order"), left("currency"), right("cost"), left("note"))
		p.notice = "Nothing was told."
		for _, m := range list {
			var cost *string
			if m.Cost.Known {
				cost = decimalOf(&m.Cost.Minor, m.Cost.Currency)
			}
			value := map[string]any{
				"number": m.ID, "day": m.Day, "kind": m.Kind, "sku": m.SKU, "units": m.Units, "marketplace_id": m.Marketplace, "order_id": m.Order,
				"currency": m.Cost.Currency, "cost": cost, "note": m.Note,
			}
			if err := p.add(value, number(m.ID), m.Day, m.Kind, m.SKU, number(m.Units), marketName(m.Marketplace), m.Order, m.Cost.Currency, dash(cost), m.Note); err != nil {
				return p.end(err)
			}
		}
		return p.end(nil)
	})
}
