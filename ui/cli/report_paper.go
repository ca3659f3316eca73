package cli

import (
	"bytes"
	"time"

	"countinghouse/data/books"
	locale "countinghouse/ui/format"
	"countinghouse/ui/i18n"
	"countinghouse/ui/paper"
	"countinghouse/ui/session"
)

// paperHead is what stands above a report of this book.
func paperHead(s *session.Session, language string) paper.Head {
	return paper.Head{Book: s.Name, Printed: time.Now(), Words: i18n.For(language), Locale: locale.For(language)}
}

// write puts the statements on paper.
func (v *reportProfitVerb) write(a *app, s *session.Session, groups []group) error {
	coverage, err := s.Book.MoneyCoverage(a.ctx)
	if err != nil {
		return err
	}
	covered := map[string]string{}
	var named []paper.Named
	for _, g := range groups {
		name := g.name
		if v.By == "marketplace" {
			name = marketName(name)
		}
		named = append(named, paper.Named{Name: name, Statement: g.Statement})
		_, covered[g.Currency] = books.Covered(coverage, g.Currency)
	}
	return a.paper(v.Format, v.Out, paper.Profit(paperHead(s, v.Language), named, covered))
}

// paper writes a report into a new file.
func (a *app) paper(f format, path string, r paper.Report) error {
	var text bytes.Buffer
	write := paper.WriteXLSX
	if f == "pdf" {
		write = paper.WritePDF
	}
	if err := write(&text, r); err != nil {
		return err
	}
	if err := writeNew(path, text.String()); err != nil {
		return outExists(path, err)
	}
	return a.say(map[string]any{"file": path, "bytes": text.Len()}, "Wrote %s.\n", path)
}

// paperFlags say how a report goes on paper.
type paperFlags struct {
	Out      string `help:"Write into this new file; needed for xlsx and pdf." type:"path" placeholder:"FILE"`
	Language string `help:"Language of xlsx and pdf; English prints on Letter, the others on A4." enum:"en,de,ja,zh-Hans" default:"en"`
}

// check tells whether a format and --out go together.
func (p paperFlags) check(f format) error {
	paper := f == "xlsx" || f == "pdf"
	if paper && p.Out == "" {
		return usage("--format %s writes a file; name it with --out", f)
	}
	if p.Out != "" && !paper {
		return usage("--out goes with --format xlsx or pdf")
	}
	return nil
}
