package books_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
)

// scenario is one file of testdata/scenarios; its README gives the format.
type scenario struct {
	facts    []books.Fact
	costs    []books.Cost
	recovers []string // marketplaces where tax on fees comes back
	shipped  []books.Consumption
	coverage []books.Coverage
	wants    []want
	counts   map[string]int
}

type want struct {
	currency string
	filter   books.Filter
	order    string
	figures  []wantFigure
}

type wantFigure struct{ code, value, why string }

func zone(marketplace string) *time.Location {
	name := map[string]string{"US": "America/Los_Angeles", "CA": "America/Los_Angeles", "DE": "Europe/Berlin", "GB": "Europe/London", "JP": "Asia/Tokyo"}[marketplace]
	l, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return l
}

func (s *scenario) context() books.Context {
	return books.Context{
		Costs: books.NewCosts(s.costs), Consumption: s.shipped, Zone: zone,
		Marketplace: func(books.Fact) string { return "US" },
		FeeTaxBack:  func(marketplace string) bool { return slices.Contains(s.recovers, marketplace) },
		Covered: func(f books.Fact, source books.Source) bool {
			day := f.Posted.UTC().Format(time.DateOnly)
			for _, c := range s.coverage {
				if c.Source == source && c.From <= day && day <= c.To {
					return true
				}
			}
			return false
		},
	}
}

func readScenarios(t testing.TB) map[string]*scenario {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "scenarios", "*.txt"))
	if err != nil || len(files) < 80 {
		t.Fatalf("found %d scenarios: %v", len(files), err)
	}
	out := map[string]*scenario{}
	for _, f := range files {
		s, err := readScenario(f)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		out[strings.TrimSuffix(filepath.Base(f), ".txt")] = s
	}
	return out
}

func readScenario(file string) (*scenario, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := &scenario{counts: map[string]int{}}
	p := &scenarioParser{s: s, seq: map[string]int{}}
	for sc, n := bufio.NewScanner(f), 1; sc.Scan(); n++ {
		if err := p.line(sc.Text()); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if s.coverage == nil {
		s.coverage = []books.Coverage{{Connection: "c1", Source: books.Finances, From: "2026-01-01", To: "2026-12-31"}}
	}
	for i := range s.facts {
		s.facts[i].ID = int64(i + 1)
	}
	return s, nil
}

type scenarioParser struct {
	s     *scenario
	block string // "post" or "want" while indented lines belong to it
	post  books.Fact
	seq   map[string]int
	first bool
}

func (p *scenarioParser) line(text string) error {
	if strings.HasPrefix(text, "  ") && p.block != "" {
		return p.indented(strings.TrimSpace(text))
	}
	p.block = ""
	words := split(text)
	if len(words) == 0 || words[0] == "#" {
		return nil
	}
	least := map[string]int{"recovers": 2, "cost": 6, "covered": 4, "shipped": 6, "post": 5, "want": 4, "events": 2, "open": 2, "unknown": 2}
	if len(words) < least[words[0]] {
		return fmt.Errorf("%q says too little", text)
	}
	switch w := words; w[0] {
	case "cost":
		if len(w) != 6 {
			return fmt.Errorf("%q is no cost", text)
		}
		unit, err := books.ParseUnit(w[4])
		p.s.costs = append(p.s.costs, books.Cost{SKU: w[1], Marketplace: w[2], From: w[3], Unit: unit, Currency: w[5]})
		return err
	case "recovers":
		p.s.recovers = append(p.s.recovers, w[1])
	case "covered":
		p.s.coverage = append(p.s.coverage, books.Coverage{Connection: "c1", Source: books.Source(w[1]), From: w[2], To: w[3]})
	case "shipped":
		return p.shipped(pairs(w[1:]))
	case "post":
		p.block = "post"
		return p.posting(w[1], w[2], pairs(w[3:]))
	case "want":
		p.block = "want"
		kv := pairs(w[4:])
		filter := books.Filter{From: w[2], To: w[3], SKU: kv["sku"], Currencies: []string{w[1]}}
		if kv["at"] != "" {
			filter.Marketplaces = []string{kv["at"]}
		}
		p.s.wants = append(p.s.wants, want{currency: w[1], filter: filter, order: kv["order"]})
	case "events", "open", "unknown":
		n, err := strconv.Atoi(w[1])
		p.s.counts[w[0]] = n
		return err
	default:
		return fmt.Errorf("%q is nothing this format knows", text)
	}
	return nil
}

func (p *scenarioParser) shipped(kv map[string]string) error {
	units, err := strconv.ParseInt(kv["units"], 10, 64)
	if err != nil {
		return err
	}
	at, err := time.ParseInLocation(time.DateOnly, kv["day"], zone(kv["at"]))
	p.s.shipped = append(p.s.shipped, books.Consumption{
		Connection: "c1", Order: kv["order"], SKU: kv["sku"], Marketplace: kv["at"], At: at.Add(12 * time.Hour), Units: units,
	})
	return err
}

func (p *scenarioParser) posting(source, posting string, kv map[string]string) error {
	at, err := time.Parse(time.RFC3339, kv["on"])
	if err != nil {
		return err
	}
	var quantity int64
	if kv["qty"] != "" {
		if quantity, err = strconv.ParseInt(kv["qty"], 10, 64); err != nil {
			return err
		}
	}
	cur := kv["cur"]
	if cur == "" {
		cur = "USD"
	}
	p.first = true
	p.post = books.Fact{
		Connection: "c1", Source: books.Source(source), Account: kv["acct"], Posting: posting, Order: kv["order"],
		Item: kv["item"], SKU: kv["sku"], Marketplace: kv["at"], Type: kv["type"], Note: kv["note"],
		Amount: books.Money{Currency: cur}, Quantity: quantity, Posted: at, State: books.State(kv["state"]),
		ReleaseOf: kv["release_of"],
	}
	return nil
}

func (p *scenarioParser) indented(text string) error {
	if p.block == "want" {
		w := &p.s.wants[len(p.s.wants)-1]
		code, value, _ := strings.Cut(text, " ")
		value, why, _ := strings.Cut(value, " ")
		w.figures = append(w.figures, wantFigure{code, value, why})
		return nil
	}
	cut := strings.LastIndex(text, " ")
	m, err := books.ParseDecimal(text[cut+1:], p.post.Amount.Currency)
	if err != nil {
		return err
	}
	f := p.post
	f.Path, f.Amount = strings.TrimSpace(text[:cut]), m
	f.Seq = p.seq[f.Posting]
	p.seq[f.Posting]++
	switch {
	case f.Source == books.Settlement: // each row is a posting of its own, and repeats the quantity
		f.Settlement, f.State = f.Posting, books.Settled
		f.Posting = fmt.Sprintf("%s:%d", f.Posting, f.Seq)
	case !p.first:
		f.Quantity = 0
	}
	p.first = false
	p.s.facts = append(p.s.facts, f)
	return nil
}

// split cuts a line at blanks, keeping key="two words" together.
func split(text string) []string {
	var out []string
	quoted, word := false, ""
	for _, r := range text + " " {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			if word != "" {
				out = append(out, word)
			}
			word = ""
		default:
			word += string(r)
		}
	}
	return out
}

func pairs(words []string) map[string]string {
	kv := map[string]string{}
	for _, w := range words {
		k, v, _ := strings.Cut(w, "=")
		kv[k] = v
	}
	return kv
}
