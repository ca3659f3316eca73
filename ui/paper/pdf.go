package paper

import (
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of the page in millimetres.
const (
	margin    = 18.0
	lineTall  = 5.1
	lineTight = 4.7 // where it saves a page
	ruleThin  = 0.15
	ruleTotal = 0.3
	foot      = 14.0
)

// Sizes of type in points.
const (
	sizeTitle = 16.0
	sizeBody  = 9.0
	sizeSmall = 7.5
	sizeLeast = 4.0 // of a figure that is wider than its column
)

// paperOf is the paper of a language's countries.
func paperOf(language string) string {
	if strings.HasPrefix(language, "en") {
		return "Letter"
	}
	return "A4"
}

// WritePDF writes the report as a PDF. Japanese and Chinese are drawn with a font
// of the system's; where it has none, they show as boxes.
func WritePDF(to io.Writer, r Report) error {
	fonts, err := newLetters(r.Locale.Tag())
	if err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	if r, err = fitted(r, fonts); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	tall, pages := lineTall, 0
	for _, try := range []float64{lineTall, lineTight} { // to count the pages
		p, err := newPage(r, fonts, 0, try)
		if err != nil {
			return fmt.Errorf("write the PDF: %w", err)
		}
		p.report()
		if n := p.pdf.PageCount(); pages == 0 || n < pages { // a few lines less are worth a page
			tall, pages = try, n
		}
	}
	p, err := newPage(r, fonts, pages, tall)
	if err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	p.report()
	if err := p.pdf.Output(to); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
}

// page draws one document.
type page struct {
	Report
	pdf   *fpdf.Fpdf
	ink   *ink
	pages int
	tall  float64 // of a line
	w, h  float64
	y     float64
}

func newPage(r Report, fonts *letters, pages int, tall float64) (*page, error) {
	language := r.Locale.Tag()
	pdf := fpdf.New(orientationOf(r), "mm", paperOf(language), "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetCreationDate(r.Printed)
	pdf.SetModificationDate(r.Printed)
	pdf.SetCatalogSort(true)
	pdf.SetTitle(r.Title, true)
	pdf.SetAuthor(r.Book, true)
	pdf.SetCreator("Countinghouse", true)
	pdf.SetLang(language)
	k, err := newInk(pdf, fonts)
	if err != nil {
		return nil, err
	}
	p := &page{Report: r, pdf: pdf, ink: k, pages: pages, tall: tall}
	p.w, p.h = pdf.GetPageSize()
	return p, nil
}

// orientationOf lays a page on its side where its columns need that.
func orientationOf(r Report) string {
	for _, s := range r.Sections {
		wide := 0.0
		for _, c := range s.Columns[1:] {
			wide += c.Width
		}
		if s.Fit && s.Columns[0].Width+wide > uprightRoom || !s.Fit && wide > 115 {
			return "L"
		}
	}
	return "P"
}

func (p *page) report() {
	p.newPage()
	p.title()
	for i, s := range p.Sections {
		if i > 0 {
			p.y += p.tall
		}
		p.section(s)
	}
	p.notes()
}

// newPage begins a page: what it is of above, its number below.
func (p *page) newPage() {
	p.pdf.AddPage()
	p.color(0x55)
	p.ink.set(sizeSmall, false)
	bottom := p.h - foot + 4
	p.ink.write(margin, bottom, p.ink.fit(p.Book+" · "+p.Title, p.w-2*margin-60))
	p.ink.writeRight(p.w-margin, bottom, p.Words.T("paper.page", p.pdf.PageNo(), max(p.pages, 1)))
	p.rule(p.h-foot, ruleThin)
	p.y = margin
	p.color(0)
	if p.pdf.PageNo() > 1 {
		p.ink.set(sizeSmall, false)
		p.color(0x55)
		p.ink.write(margin, p.y, p.Title)
		p.ink.writeRight(p.w-margin, p.y, p.ink.fit(p.factLine(), p.w-2*margin-p.ink.width(p.Title)-6))
		p.color(0)
		p.y += p.tall + 2.5
	}
}

// factLine is what the report is of, for the head of further pages.
func (p *page) factLine() string {
	if len(p.Facts) == 0 {
		return ""
	}
	return p.Facts[0][1]
}

func (p *page) color(grey int) {
	p.pdf.SetTextColor(grey, grey, grey)
	p.pdf.SetFillColor(grey, grey, grey)
	p.pdf.SetDrawColor(grey, grey, grey)
}

func (p *page) rule(y, width float64) {
	p.pdf.SetLineWidth(width)
	p.pdf.Line(margin, y, p.w-margin, y)
}

func (p *page) title() {
	p.ink.set(sizeTitle, true)
	p.y += 4
	p.ink.write(margin, p.y, p.ink.fit(p.Title, p.w-2*margin))
	p.y += 7
	p.ink.set(sizeBody, true)
	p.ink.write(margin, p.y, p.ink.fit(p.Book, p.w-2*margin))
	p.y += p.tall + 1
	wide := 0.0
	p.ink.set(sizeBody, false)
	for _, f := range p.Facts {
		wide = max(wide, p.ink.width(f[0]))
	}
	for _, f := range p.Facts {
		p.color(0x55)
		p.ink.write(margin, p.y, f[0])
		p.color(0)
		for _, l := range p.ink.wrap(f[1], p.w-2*margin-wide-6) {
			p.ink.write(margin+wide+6, p.y, l)
			p.y += p.tall
		}
	}
	p.y += 4
}

func (p *page) section(s Section) {
	if p.left() < 6*p.tall {
		p.newPage()
	}
	if s.Title != "" {
		p.ink.set(sizeBody+1.5, true)
		p.ink.write(margin, p.y, s.Title)
		p.y += p.tall + 1
	}
	p.heads(s)
	for _, r := range s.Rows {
		if p.left() < 2*p.tall {
			p.newPage()
			p.heads(s)
		}
		p.row(s, r)
	}
}

// left is how much of the page is free.
func (p *page) left() float64 { return p.h - foot - p.y }

// edges gives where the columns begin and end.
func (p *page) edges(s Section) [][2]float64 {
	first := p.w - 2*margin
	for _, c := range s.Columns[1:] {
		first -= c.Width
	}
	out := [][2]float64{{margin, margin + first}}
	at := margin + first
	for _, c := range s.Columns[1:] {
		out = append(out, [2]float64{at, at + c.Width})
		at += c.Width
	}
	return out
}

func (p *page) heads(s Section) {
	p.ink.set(sizeSmall, true)
	p.color(0x33)
	for i, e := range p.edges(s) {
		if s.Columns[i].Right {
			e[1] -= p.ink.width(")")
		}
		p.put(e, s.Columns[i].Right, s.Columns[i].Title)
	}
	p.color(0)
	p.rule(p.y+1.6, ruleTotal)
	p.y += p.tall + 1.2
}

func (p *page) put(e [2]float64, right bool, text string) {
	const gap = 1.5
	room := e[1] - e[0] - 2*gap
	if right { // of a figure no digit is cut
		size, bold := p.ink.size, p.ink.thick
		for p.ink.width(text) > room && p.ink.size > sizeLeast {
			p.ink.set(p.ink.size-0.5, bold)
		}
		p.ink.writeRight(e[1], p.y, p.ink.fit(text, room))
		p.ink.set(size, bold)
		return
	}
	text = p.ink.fit(text, room)
	if e[0] > margin { // keep off the figure to the left
		e[0] += gap
	}
	p.ink.write(e[0], p.y, text)
}

func (p *page) row(s Section, r Row) {
	bold := r.Weight != Plain
	if r.Weight == Heading {
		p.y += 1.5
	}
	if r.Weight == Subtotal || r.Weight == Total {
		p.rule(p.y-p.tall+1.6, ruleThin)
	}
	p.ink.set(sizeBody, bold)
	for i, e := range p.edges(s) {
		if i >= len(r.Cells) {
			continue
		}
		text := p.shown(r.Cells[i])
		if s.Columns[i].Right && !strings.HasSuffix(text, ")") { // digits stand below digits, brackets outside
			e[1] -= p.ink.width(")")
		}
		p.put(e, s.Columns[i].Right, text)
	}
	if r.Weight == Total {
		p.rule(p.y+1.4, ruleThin)
		p.rule(p.y+2.0, ruleThin)
		p.y += 1.5
	}
	p.y += p.tall
	if r.Weight == Subtotal {
		p.y += 0.8
	}
}

func (p *page) notes() {
	if len(p.Notes) == 0 {
		return
	}
	p.y += 3
	for _, n := range p.Notes {
		p.ink.set(sizeSmall, false)
		for _, l := range p.ink.wrap(n, p.w-2*margin) {
			if p.left() < p.tall {
				p.newPage()
				p.ink.set(sizeSmall, false)
			}
			p.color(0x33)
			p.ink.write(margin, p.y, l)
			p.y += p.tall * 0.8
		}
		p.y += 1
	}
	p.color(0)
}
