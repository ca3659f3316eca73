package reports_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	"countinghouse/sync/reports"
)

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t testing.TB, members ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		m, err := w.Create(members[i].(string))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Write(members[i+1].([]byte)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// goodDateRange and goodSettlement are what the damaged files are made from.
func goodDateRange() []byte {
	return dateRangeFile("All amounts in USD, unless specified",
		[7]string{usDate, "Order", "111-1111111-1111111", "A", "19.69", "0", "19.69"},
		[7]string{usDate, "Refund", "111-1111111-1111112", "A", "-5.00", "0", "-5.00"})
}

func goodSettlement() []byte {
	return v2File(v2Header("900", "21.50", "EUR"), v2Amount("900", "ItemPrice", "Principal", "25.00", "1"), v2Amount("900", "ItemFees", "Commission", "-3.50", "1"))
}

func cut(b []byte, from, to string) []byte {
	s := strings.Replace(string(b), from, to, 1)
	if s == string(b) {
		panic("nothing to damage: " + from)
	}
	return []byte(s)
}

func TestRefused(t *testing.T) {
	big := gzipped(t, goodSettlement())
	for _, tc := range []struct {
		name string
		data []byte
		err  error
		line int
		says string
	}{
		{"empty", nil, reports.ErrEmpty, 0, "empty"},
		{"a photo", []byte("\xff\xd8\xff\xe0 holiday"), reports.ErrBinary, 0, "a picture"},
		{"a screenshot", []byte("\x89PNG\r\n\x1a\n"), reports.ErrBinary, 0, "a picture"},
		{"blank", []byte("\n \r\n"), reports.ErrEmpty, 0, "empty"},
		{"web page", []byte("\n<!DOCTYPE html><html><body>Sign in</body></html>"), reports.ErrMarkup, 0, "web page"},
		{"XML", []byte(`<?xml version="1.0"?><AmazonEnvelope/>`), reports.ErrMarkup, 0, "XML"},
		{"JSON", []byte(`{"errors":[{"code":"Unauthorized"}]}`), reports.ErrKind, 0, "JSON"},
		{"PDF", []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), reports.ErrBinary, 0, "PDF"},
		{"old workbook", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00"), reports.ErrBinary, 0, "office"},
		{"new workbook", zipped(t, "[Content_Types].xml", []byte("<Types/>")), reports.ErrBinary, 0, "office"},
		{"OpenDocument", zipped(t, "mimetype", []byte("application/vnd.oasis.opendocument.spreadsheet"), "content.xml", []byte("<x/>")), reports.ErrBinary, 0, "another spreadsheet; save the sheet as XLSX or CSV"},
		{"Numbers", zipped(t, "Index/Document.iwa", []byte("\x00\x01")), reports.ErrBinary, 0, "another spreadsheet"},
		{"binary", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00"), reports.ErrBinary, 0, "not a text file"},
		{"Amazon's message", []byte("The report you requested covers more than 31 days.\n"), reports.ErrMessage, 0, "covers more than 31 days"},
		{"other table", []byte("a,b,c,d,e,f,g,h\n1,2,3,4,5,6,7,8\n"), reports.ErrKind, 1, "a,b,c,d"},
		{"empty zip", zipped(t), reports.ErrEmpty, 0, "no file"},
		{"cut zip", zipped(t, "a.txt", goodSettlement())[:150], reports.ErrCut, 0, "zip archive"},
		{"cut gzip", big[:len(big)-20], reports.ErrCut, 0, "cut"},
		{"cut gzip before its sum", big[:len(big)-3], reports.ErrCut, 0, "cut"},
		{"two bytes of gzip", big[:2], reports.ErrCut, 0, "cut"},
		{"damaged gzip", append(bytes.Clone(big[:len(big)-6]), 0, 1, 2, 3, 4, 5), reports.ErrCut, 0, "damaged"},
		{"page in a zip", zipped(t, "ok.txt", goodSettlement(), "bad.txt", []byte("<html></html>")), reports.ErrMarkup, 0, "t.csv: bad.txt"},

		{"missing column", cut(goodDateRange(), `"total"`, `"sum of all"`), reports.ErrColumns, 3, `"total"`},
		{"column twice", cut(goodDateRange(), `"fba fees"`, `"selling fees"`), reports.ErrColumns, 3, "twice"},
		{"cut in a quote", goodDateRange()[:len(goodDateRange())-4], reports.ErrCut, 5, "never closed"},
		{"cut in a line", cut(goodDateRange(), `,"0","0","0","0","-5.00"`, ""), reports.ErrCut, 5, "14 of 19"},
		{"one cell more", cut(goodDateRange(), `"-5.00"`+"\n", `"-5.00","x"`+"\n"), reports.ErrColumns, 5, "20 columns"},
		{"text after a quote", cut(goodDateRange(), `"-5.00"`+"\n", `"-5.00"x`+"\n"), reports.ErrCut, 5, "closing quote"},
		{"row that does not add up", cut(goodDateRange(), `"0","19.69"`, `"0","19.68"`), reports.ErrTotal, 4, "19.68"},
		{"no total", cut(goodDateRange(), `"0","19.69"`, `"0",""`), reports.ErrCut, 4, "no total"},
		{"quantity", cut(goodDateRange(), `"1","","Amazon"`, `"1.5","","Amazon"`), reports.ErrNumber, 4, "quantity"},
		{"no currency", cut(goodDateRange(), "All amounts in USD, unless specified", "All amounts in local currency"), reports.ErrCurrency, 0, "currency"},
		{"two signs", cut(cut(goodDateRange(), `"-5.00"`, `"-5,00"`), `"-5.00"`, `"-5,00"`), reports.ErrNumber, 5, "decimal sign"},

		{"settlement cut at a line", goodSettlement()[:bytes.LastIndexByte(goodSettlement()[:len(goodSettlement())-1], '\n')+1], reports.ErrTotal, 2, "-3.50"},
		{"settlement cut in a line", goodSettlement()[:len(goodSettlement())-30], reports.ErrCut, 4, "of 24 columns"},
		{"settlement edited", cut(goodSettlement(), "25.00", "25.01"), reports.ErrTotal, 2, "difference -0.01 EUR"},
		{"settlement without header", v2File(v2Amount("900", "ItemPrice", "Principal", "25.00", "1")), reports.ErrTotal, 2, "no header row"},
		{"second settlement without header", v2File(v2Header("900", "0.00", "EUR"), v2Amount("901", "ItemPrice", "Principal", "0.00", "1")), reports.ErrTotal, 3, `"901"`},
		{"settlement twice", v2File(v2Header("900", "0.00", "EUR"), v2Header("900", "0.00", "EUR")), reports.ErrTotal, 3, "two header rows"},
		{"settlement without rows", v2File(), reports.ErrEmpty, 1, "no settlement"},
		{"settlement without currency", v2File(v2Header("900", "0.00", "")), reports.ErrCurrency, 2, "currency"},
		{"row in another currency", cut(goodSettlement(), "900\t\t\t\t\t\tOrder", "900\t\t\t\t\tUSD\tOrder"), reports.ErrCurrency, 3, "USD"},
		{"missing column of V2", cut(goodSettlement(), "\tamount\t", "\tsum\t"), reports.ErrColumns, 1, `"amount"`},
		{"letter in an amount", cut(goodSettlement(), "25.00", "25,0x"), reports.ErrNumber, 3, `"25,0x" is not a number`},
		{"row without id", cut(goodSettlement(), "\n900\t\t\t\t\t\tOrder", "\n\t\t\t\t\t\tOrder"), reports.ErrColumns, 3, "settlement-id"},
		{"ends before it starts", cut(goodSettlement(), "2025-03-15", "2025-02-15"), reports.ErrDate, 2, "ends before"},
		{"a book's ASIN as a number", cut(ordersFile(order("1", "A")), "B000000001", "306406152"), reports.ErrNumber, 2, `asin "306406152" was shortened`},
		{"control letters in a message", []byte("bad\x1b[31m thing"), reports.ErrBinary, 0, "not a text file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			files, err := open(t, "t.csv", tc.data, reports.Hint{})
			var fe *reports.FileError
			if !errors.Is(err, tc.err) || !errors.As(err, &fe) || files != nil {
				t.Fatalf("files %v, error %v; want %v", files, err, tc.err)
			}
			if fe.Line != tc.line || !strings.Contains(err.Error(), tc.says) || !strings.HasPrefix(err.Error(), "t.csv") {
				t.Errorf("line %d (want %d): %v (want %q in it)", fe.Line, tc.line, err, tc.says)
			}
			if strings.Contains(err.Error(), "\n") || strings.ContainsRune(err.Error(), '\x1b') {
				t.Errorf("not one plain line: %q", err)
			}
		})
	}
}

// brokenReader fails after some bytes, as a disk does.
type brokenReader struct {
	data []byte
	err  error
}

func (b brokenReader) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(b.data)) {
		return 0, b.err
	}
	n := copy(p, b.data[off:])
	if n < len(p) {
		return n, b.err
	}
	return n, nil
}

// A failing disk is not a damaged file.
func TestReadErrorIsNotARefusal(t *testing.T) {
	broken := errors.New("input/output error")
	data := goodSettlement()
	_, err := reports.Open("s.txt", brokenReader{data[:200], broken}, int64(len(data)), reports.Hint{})
	var fe *reports.FileError
	if !errors.Is(err, broken) || errors.As(err, &fe) {
		t.Errorf("error %v", err)
	}
}

// A file that changes between the proof and the rows is noticed.
func TestFileChangedMeanwhile(t *testing.T) {
	for name, change := range map[string]func([]byte) []byte{
		"fewer rows": func(b []byte) []byte { return b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1] },
		"gone":       func(b []byte) []byte { return nil },
		"damaged":    func(b []byte) []byte { return cut(b, "-3.50", "-3x50") },
	} {
		t.Run(name, func(t *testing.T) {
			r := &swapReader{goodSettlement()}
			files, err := reports.Open("s.txt", r, int64(len(r.data)), reports.Hint{})
			if err != nil {
				t.Fatal(err)
			}
			r.data = change(r.data)
			var last error
			for _, err := range files[0].Settlement() {
				last = err
			}
			if last == nil {
				t.Error("no error")
			}
		})
	}
}

type swapReader struct{ data []byte }

func (s *swapReader) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(s.data).ReadAt(p, min(off, int64(len(s.data))))
}

var _ io.ReaderAt = (*swapReader)(nil)
