package reports_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"countinghouse/sync/reports"
)

func encode(t *testing.T, e encoding.Encoding, data []byte) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes(data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const jaHeadings = `"日付/時間","決済番号","トランザクションの種類","注文番号","SKU","説明","数量","Amazon 出品サービス","フルフィルメント","市町村","都道府県","郵便番号","税金徴収型","商品売上","商品の売上税","Amazonポイントの費用","手数料","FBA 手数料","その他","合計"`

func japanese1() []byte {
	return []byte(`"指定のない場合、単位は円"` + "\n" + jaHeadings + "\n" +
		`"2025/03/02 6:04:30 JST","11959469833","注文","503-3098683-1848658","UV-1111","①レジン液 200g 髙品質","1","amazon.co.jp","Amazon","","茨城県","311-343","","1,364","136","-15","-223","-318","0","944"` + "\n" +
		`"2025/03/05 6:04:30 JST","11959469833","振込み","","","末尾が795のアカウントへ","","","","","","","","0","0","0","0","0","-944","-944"` + "\n")
}

func german() []byte {
	return []byte(`"Alle Beträge in Euro sofern nicht anders gekennzeichnet"` + "\n" +
		`"Datum/Uhrzeit","Abrechnungsnummer","Typ","Bestellnummer","SKU","Beschreibung","Menge","Marketplace","Umsätze","Produktumsatzsteuer","Verkaufsgebühren","Andere","Gesamt"` + "\n" +
		`"28.02.2025 23:09:05 UTC","24364452482","Übertrag","","","Für Konten mit folgenden Endziffern: 201","","","0","0","0","-1.234,56","-1.234,56"` + "\n" +
		`"01.03.2025 23:09:05 UTC","24364452482","Bestellung","302-1111111-1111111","ÄÖ-1","Größe „M“ – weiß","2","Amazon.de","19,99","3,80","-3,00","0","20,79"` + "\n")
}

// Whatever the charset, line ends and packing, the rows are the same.
func TestCharsetsAndPacking(t *testing.T) {
	ja, de := japanese1(), german()
	mark := append([]byte("\xef\xbb\xbf"), de...)
	for _, tc := range []struct {
		name    string
		data    []byte
		like    []byte
		hint    string
		charset string
	}{
		{"de UTF-8 with mark", mark, de, "", "utf-8"},
		{"de windows-1252", encode(t, charmap.Windows1252, de), de, "", "windows-1252"},
		{"de windows-1252 declared", encode(t, charmap.Windows1252, de), de, "Cp1252", "windows-1252"},
		{"de windows-1252 declared as UTF-8", encode(t, charmap.Windows1252, de), de, "utf8", "windows-1252"},
		{"de UTF-8 declared as Cp1252", de, de, "Cp1252", "utf-8"},
		{"de UTF-8 with an unknown declaration", de, de, "x-amazon-7", "utf-8"},
		{"de UTF-16 with mark", encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), de), de, "", "utf-16le"},
		{"de UTF-16 big", encode(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), de), de, "", "utf-16be"},
		{"de UTF-16 without mark", encode(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), de), de, "", "utf-16le"},
		{"ja CP932", encode(t, japanese.ShiftJIS, ja), ja, "", "windows-31j"},
		{"ja CP932 declared", encode(t, japanese.ShiftJIS, ja), ja, "windows-31j", "windows-31j"},
		{"ja CP932 declared as UTF-8", encode(t, japanese.ShiftJIS, ja), ja, "UTF-8", "windows-31j"},
		{"ja UTF-8 declared as Shift_JIS", ja, ja, "Shift_JIS", "utf-8"},
		{"CRLF", bytes.ReplaceAll(de, []byte("\n"), []byte("\r\n")), de, "", "utf-8"},
		{"CR", bytes.ReplaceAll(de, []byte("\n"), []byte("\r")), de, "", "utf-8"},
		{"CR, CR, LF", bytes.ReplaceAll(de, []byte("\n"), []byte("\r\r\n")), de, "", "utf-8"},
		{"CR in the first line", bytes.Replace(de, []byte("sofern nicht"), []byte("sofern\rnicht"), 1), de, "", "utf-8"},
		{"no line end at the end", bytes.TrimRight(de, "\n"), de, "", "utf-8"},
		{"semicolons", semicolons(de), de, "", "utf-8"},
		{"gzip", gzipped(t, de), de, "", "utf-8"},
		{"zip", zipped(t, "dir/", []byte{}, "dir/de.csv", de, "__MACOSX/dir/._de.csv", []byte{0, 1, 2}), de, "", "utf-8"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := rows(t, mustOpen(t, tc.like))
			files, err := open(t, "f", tc.data, reports.Hint{Charset: tc.hint})
			if err != nil {
				t.Fatal(err)
			}
			if len(files) != 1 || files[0].Charset != tc.charset {
				t.Errorf("%d files, charset %s, want %s", len(files), files[0].Charset, tc.charset)
			}
			if diff := cmp.Diff(want, rows(t, files[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A stock report is English but for what the seller calls his things.
func stockOf(skus ...string) []byte {
	var b strings.Builder
	b.WriteString("seller-sku\tfulfillment-channel-sku\tasin\tcondition-type\tWarehouse-Condition-code\tQuantity Available\n")
	for _, sku := range skus {
		b.WriteString(sku + "\tX1\tB000000001\tNewItem\tSELLABLE\t3\n")
	}
	return []byte(b.String())
}

func TestCharsetOfFewLetters(t *testing.T) {
	for _, tc := range []struct {
		skus    string
		as      encoding.Encoding
		hint    reports.Hint
		charset string // "" when it is refused
	}{
		{"漢", japanese.ShiftJIS, reports.Hint{}, "windows-31j"},
		{"東京", japanese.ShiftJIS, reports.Hint{}, "windows-31j"},
		{"大阪", japanese.ShiftJIS, reports.Hint{}, "windows-31j"},
		{"茶わん", japanese.ShiftJIS, reports.Hint{}, "windows-31j"},
		{"大", japanese.ShiftJIS, reports.Hint{Japanese: true}, "windows-31j"},
		{"瓶", japanese.ShiftJIS, reports.Hint{Japanese: true}, "windows-31j"},
		{"大|JPY", japanese.ShiftJIS, reports.Hint{}, "windows-31j"},
		{"‘å JPY", charmap.Windows1252, reports.Hint{}, "windows-1252"}, // the bytes of 大
		{"茨城", japanese.ShiftJIS, reports.Hint{}, "windows-31j"},
		{"茨城|表 A1|瓶12|LED電球 9W|学ぶ", japanese.ShiftJIS, reports.Hint{}, "windows-31j"},
		{"表|瓶|角 A4|USB大|A表B|絨毯", japanese.ShiftJIS, reports.Hint{Japanese: true}, "windows-31j"},
		{"地図 A|B地|個|12缶", japanese.ShiftJIS, reports.Hint{Japanese: true}, "windows-31j"},
		{"Pokémon", charmap.Windows1252, reports.Hint{Japanese: true}, "windows-1252"},
		{"POKéMON", charmap.Windows1252, reports.Hint{Japanese: true}, "windows-1252"},
		{"Crème", charmap.Windows1252, reports.Hint{Japanese: true}, "windows-1252"},
		{"Dùn", charmap.Windows1252, reports.Hint{Japanese: true}, "windows-1252"},
		{"étoile|Škoda|cœur", charmap.Windows1252, reports.Hint{Japanese: true}, "windows-1252"},
		{"épée", charmap.Windows1252, reports.Hint{Japanese: true}, "windows-1252"},
		{"Kid’s", charmap.Windows1252, reports.Hint{Japanese: true}, "windows-1252"},
		{"l’eau|L’eau", charmap.Windows1252, reports.Hint{Japanese: true}, "windows-1252"},
		{"JPY-Crème", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"Crème|JPY", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"Größe JPY", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"Größe|JPY", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"ﾀｵﾙ|ｶﾞﾗｽ", japanese.ShiftJIS, reports.Hint{}, "windows-31j"},
		{"茶わん|急須|ガラスの瓶", japanese.EUCJP, reports.Hint{}, "euc-jp"},
		{"不锈钢水杯|小号 新款|中国制造", simplifiedchinese.GBK, reports.Hint{}, "gbk"},
		{"유리컵|찻주전자 세트", korean.EUCKR, reports.Hint{}, "euc-kr"},
		{"水杯", simplifiedchinese.GBK, reports.Hint{}, ""},
		{"水杯", simplifiedchinese.GBK, reports.Hint{Charset: "GB2312"}, "gbk"},
		{"急須", japanese.EUCJP, reports.Hint{}, ""},
		{"Kid’s", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"“Ärmel”", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"“Ärmel”|été", charmap.Windows1252, reports.Hint{Japanese: true}, "windows-1252"},
		{"café", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"Škoda", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"Füße|Größe|ÄÖÜ", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"créée|COMPAÑÍA|¿Qué?|1ª", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"0,5m³ Erde|m²|½ Liter|±2mm|100 µl", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"più|così|où|d’été|l’œuf", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"100cm³Glas", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"100cm³glas|200cm³glas|30m³inkl", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"hola¿Qué", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"Dùn", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"Dùn S|Dùn M|dùn", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"ÄÖÜß", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"ÄÖÜäöü|Füße", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"a · b ··· c", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"»»»", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"»»»» ············", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"Ärmel »»«", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"øre|påske|Århus", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"øl|smörgås|père|mañana|città", charmap.ISO8859_1, reports.Hint{}, "windows-1252"},
		{"c“ur – 5€", charmap.Windows1252, reports.Hint{}, "windows-1252"},
		{"œuf|cœur 5€", charmap.ISO8859_15, reports.Hint{}, "iso-8859-15"},
		{"5€", charmap.ISO8859_15, reports.Hint{}, "iso-8859-15"},
		{"szkło|żółty ręcznik|mała gąbka", charmap.Windows1250, reports.Hint{}, "windows-1250"},
		{"szkło|żółty ręcznik|mała gąbka|ścierka", charmap.ISO8859_2, reports.Hint{}, "iso-8859-2"},
		{"krzesło", charmap.Windows1250, reports.Hint{}, "windows-1250"},
		{"młotek duży", charmap.Windows1250, reports.Hint{}, "windows-1250"},
		{"duży|ważny", charmap.ISO8859_2, reports.Hint{}, "windows-1250"},
		{"świeża gałąź Źrebak", charmap.Windows1250, reports.Hint{}, "windows-1250"},
		{"příliš žluťoučký kůň", charmap.Windows1250, reports.Hint{}, "windows-1250"},
		{"příliš žluťoučký kůň", charmap.ISO8859_2, reports.Hint{}, "iso-8859-2"},
		{"půjčovna košů", charmap.Windows1250, reports.Hint{}, "windows-1250"},
		{"dětská stůl", charmap.Windows1250, reports.Hint{}, "windows-1250"},
		{"çelik şişe|doğal sabun|ılık", charmap.Windows1254, reports.Hint{}, "windows-1254"},
		{"IŞIK ÇAĞ", charmap.Windows1254, reports.Hint{}, "windows-1254"},
	} {
		t.Run(tc.charset+" "+tc.skus, func(t *testing.T) {
			skus := strings.Split(tc.skus, "|")
			files, err := open(t, "r.txt", encode(t, tc.as, stockOf(skus...)), tc.hint)
			if tc.charset == "" {
				if !errors.Is(err, reports.ErrCharset) || !strings.Contains(err.Error(), "save it as UTF-8") {
					t.Errorf("%v, %v", files, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			each(t, files[0].AFNInventory(), func(r reports.CountRow) { got = append(got, r.SKU) })
			if diff := cmp.Diff(skus, got); diff != "" || files[0].Charset != tc.charset {
				t.Errorf("charset %s, want %s: %s", files[0].Charset, tc.charset, diff)
			}
		})
	}
}

func semicolons(csv []byte) []byte { return bytes.ReplaceAll(csv, []byte(`","`), []byte(`";"`)) }

// The hash is of the report, not of its packing.
func TestHashIsOfTheUnpackedBytes(t *testing.T) {
	de := german()
	plain := mustOpen(t, de)
	if packed := mustOpen(t, gzipped(t, de)); packed.SHA256 != plain.SHA256 || packed.Size != int64(len(de)) {
		t.Errorf("%s of %d bytes, %s of %d bytes", packed.SHA256, packed.Size, plain.SHA256, plain.Size)
	}
}

func TestArchiveOfSeveral(t *testing.T) {
	files, err := open(t, "b.zip", zipped(t, "de.csv", german(), "ja.csv", japanese1(), "s.txt", goodSettlement()), reports.Hint{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, f.Name+" "+string(f.Kind)+" "+f.Currency)
	}
	want := []string{"b.zip: de.csv date-range EUR", "b.zip: ja.csv date-range JPY", "b.zip: s.txt settlement-v2 EUR"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Amazon cuts titles at a byte limit, in the middle of a letter at times.
func TestDamagedLettersInTitles(t *testing.T) {
	for _, tc := range []struct{ name, title, charset string }{
		{"UTF-8", "R\u00e9sine \u00e9poxy transparente pour d\u00e9butants \u00e9\xc3", "utf-8"},
		{"CP932", "", "windows-31j"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := bytes.Replace(german(), []byte("Größe „M“ – weiß"), []byte(strings.Repeat("é", 40)+tc.title), 1)
			if tc.charset == "windows-31j" {
				data = encode(t, japanese.ShiftJIS, bytes.Replace(japanese1(), []byte("①レジン液 200g 髙品質"), []byte("レジン液@"), 1))
				data = bytes.Replace(data, []byte("@"), []byte{0x83}, 1)
			}
			f := mustOpen(t, data)
			if f.Charset != tc.charset || f.Rows != 2 || len(rows(t, f)) != 2 {
				t.Errorf("charset %s, %d rows", f.Charset, f.Rows)
			}
		})
	}
}
