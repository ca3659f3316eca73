package costfiles

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"countinghouse/data/books"
)

// SourceECB is the source of rates that the European Central Bank published.
const SourceECB = "ecb"

// ECBRates reads the European Central Bank's file of reference rates: days by
// currencies, of one euro, newest first, N/A where there is none. The file is
// eurofxref-hist.csv, eurofxref.csv of a single day, or the zip that holds either.
func ECBRates(body []byte) ([]books.Quote, error) {
	if bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		inner, err := unzipOne(body)
		if err != nil {
			return nil, err
		}
		body = inner
	}
	g, bad, err := readCSV(body)
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 || len(g.head) < 2 || strings.TrimSpace(g.head[0]) != "Date" {
		return nil, fmt.Errorf("%w: this is not the ECB's file; it begins with Date and the codes of currencies", ErrFile)
	}
	for i, h := range g.head {
		g.head[i] = strings.TrimSpace(h)
		if i > 0 && h != "" && len(g.head[i]) != 3 && g.head[i] != "" {
			return nil, fmt.Errorf("%w: %q is not the code of a currency", ErrFile, h)
		}
	}
	var out []books.Quote
	for i, row := range g.rows {
		day, err := ecbDay(strings.TrimSpace(row[0]))
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %q is not a day", ErrFile, g.lines[i], row[0])
		}
		for j, cell := range row {
			cell = strings.TrimSpace(cell)
			if j == 0 || j >= len(g.head) || g.head[j] == "" || cell == "" || cell == "N/A" {
				continue
			}
			if g.comma { // saved again by a spreadsheet
				cell = strings.Replace(cell, ",", ".", 1)
			}
			rate, err := books.ParseUnit(cell)
			if err != nil || rate.Sign() <= 0 {
				return nil, fmt.Errorf("%w: line %d: %s %q is not a rate", ErrFile, g.lines[i], g.head[j], cell)
			}
			out = append(out, books.Quote{Day: day, From: "EUR", To: g.head[j], Rate: rate, Source: SourceECB})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: there are no rates in it", ErrFile)
	}
	return out, nil
}

// ecbDay reads 2026-11-20, 20 November 2026 of the file of a single day, and what
// spreadsheets make of them.
func ecbDay(text string) (string, error) {
	for _, form := range append([]string{"2 January 2006"}, dayForms...) {
		if t, err := time.Parse(form, text); err == nil {
			return t.Format(time.DateOnly), nil
		}
	}
	return "", ErrFile
}

func unzipOne(body []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	for _, f := range z.File {
		if !strings.HasSuffix(strings.ToLower(f.Name), ".csv") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		}
		defer r.Close()
		text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		}
		if len(text) > maxBytes {
			return nil, fmt.Errorf("%w: it unpacks to more than 64 MB", ErrFile)
		}
		return text, nil
	}
	return nil, fmt.Errorf("%w: the archive holds no CSV", ErrFile)
}

// Quote reads a typed exchange rate from named texts, as a form gives them: day,
// from_currency, to_currency, rate.
func Quote(texts map[string]string) (books.Quote, []Problem) {
	c := form(texts)
	q := books.Quote{
		Day: c.day("day", true), From: c.currency("from_currency"), To: c.currency("to_currency"), Rate: c.decimal("rate", true), Source: books.SourceTyped,
	}
	if q.From == q.To && q.From != "" {
		c.fail("to_currency", BadChoice)
	}
	if len(c.bad) == 0 && q.Rate.Sign() <= 0 {
		c.fail("rate", BadNumber)
	}
	return q, c.bad
}

// Currency reads the code of a currency from a form.
func Currency(texts map[string]string) (string, []Problem) {
	c := form(texts)
	return c.currency("currency"), c.bad
}
