package spapifake_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"

	"countinghouse/sync/spapifake"
)

// movedGoods is what the reports tell of goods that came back from a buyer, were
// lost (units below 0) or were found.
type movedGoods struct {
	order, sku string
	units      int64
	at         time.Time
	lost       time.Time // of found ones: the day of the last loss still open
	of, after  int64     // the units of that loss, and those still lost
}

func goodsThatMoved(t *testing.T, k *client, s *spapifake.Server, loc *time.Location) []movedGoods {
	t.Helper()
	type parcel struct {
		order, sku string
		at         int64
	}
	back := map[parcel]int64{}
	for _, row := range wholeReport(t, k, s, spapifake.ReturnsByAmazon) {
		if row[8] == "SELLABLE" || row[8] == "販売可" {
			at, err := time.Parse(time.RFC3339, row[0])
			if err != nil {
				t.Fatal(err)
			}
			back[parcel{row[1], row[2], at.Unix()}] += count(t, row[6])
		}
	}
	var list []movedGoods
	for p, n := range back {
		list = append(list, movedGoods{order: p.order, sku: p.sku, units: n, of: n, at: time.Unix(p.at, 0)})
	}
	lost := map[string][]movedGoods{}
	for _, row := range wholeReport(t, k, s, spapifake.LedgerDetail) {
		if row[5] != "Adjustments" {
			continue
		}
		day, err := time.ParseInLocation("01/02/2006", row[0], loc)
		if err != nil {
			t.Fatal(err)
		}
		m := movedGoods{sku: row[3], units: count(t, row[7]), at: day}
		if m.units < 0 {
			m.of, m.after = -m.units, -m.units
			lost[m.sku] = append(lost[m.sku], m)
			list = append(list, m)
			continue
		}
		for open := lost[m.sku]; m.units > 0; open = lost[m.sku] {
			if len(open) == 0 {
				t.Fatalf("found, and never lost: %+v", m)
			}
			last := &open[len(open)-1]
			found := m
			found.units = min(m.units, last.after)
			last.after -= found.units
			found.lost, found.of, found.after = last.at, last.of, last.after
			if list = append(list, found); last.after == 0 {
				lost[m.sku] = open[:len(open)-1]
			}
			m.units -= found.units
		}
	}
	if len(back) == 0 || len(lost) == 0 {
		t.Errorf("%d returns, %d products with losses", len(back), len(lost))
	}
	return list
}

func count(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// wholeReport gives the rows of a report over the whole history, without quotes.
func wholeReport(t *testing.T, k *client, s *spapifake.Server, typ string) (rows [][]string) {
	t.Helper()
	_, doc := k.report(typ, s.DataFrom(), s.Now())
	text := k.download(doc)
	if k.conn == "FE" {
		var err error
		if text, err = japanese.ShiftJIS.NewDecoder().Bytes(text); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\r\n")[1:] {
		rows = append(rows, strings.Split(strings.ReplaceAll(line, `"`, ""), "\t"))
	}
	return rows
}
