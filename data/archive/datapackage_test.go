package archive_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"countinghouse/data/archive"
)

// pkg is what the checks below read of datapackage.json, written anew from
// the words of the specification.
type pkg struct {
	Profile, Name, Created string
	Resources              []struct {
		Profile, Name, Path, Hash, Encoding, Format, Description string
		Bytes                                                    int
		Rows                                                     int
		Schema                                                   struct {
			Fields []struct {
				Name, Type, Format, Description string
				Constraints                     struct{ Required bool }
			}
			MissingValues []string
			PrimaryKey    []string
			ForeignKeys   []struct {
				Fields    []string
				Reference struct {
					Resource string
					Fields   []string
				}
			}
		}
	}
}

var (
	specName  = regexp.MustCompile(`^[-a-z0-9._/]+$`)
	specTypes = []string{"string", "number", "integer", "boolean", "object", "array", "date", "time", "datetime",
		"year", "yearmonth", "duration", "geopoint", "geojson", "any"}
)

// TestDataPackageFollowsTheSpecification holds datapackage.json against the
// rules of Tabular Data Package 1.0, and its types against every cell.
func TestDataPackageFollowsTheSpecification(t *testing.T) {
	people := openDB(t, t.TempDir()+"/personal.db")
	execSQL(t, people, `CREATE TABLE person (id TEXT PRIMARY KEY, boss TEXT REFERENCES PERSON(ID)) STRICT; INSERT INTO person VALUES ('a', NULL)`)
	db := sampleBook(t)
	addDocument(t, db, "order", []byte(`{}`))
	execSQL(t, db, `CREATE TABLE late (connection_id TEXT, order_id TEXT, at INTEGER, bad_day TEXT, secret_parent TEXT REFERENCES connection_secret,
		FOREIGN KEY (connection_id, order_id) REFERENCES Orders (Connection_ID, Order_ID)) STRICT;
		INSERT INTO late VALUES ('eu', 'low', 0, '2026-02-30', NULL)`)
	_, files := exportTo(t, db, archive.ExportOptions{People: people, BookName: "Cedar"})
	var p pkg
	if err := json.Unmarshal(files["datapackage.json"], &p); err != nil {
		t.Fatal(err)
	}
	if p.Profile != "tabular-data-package" || !specName.MatchString(p.Name) || len(p.Resources) == 0 {
		t.Errorf("package: %+v", p)
	}
	if at, err := time.Parse(time.RFC3339, p.Created); err != nil || !at.Equal(moment.Truncate(time.Second)) {
		t.Errorf("created %q", p.Created)
	}
	names := map[string][]string{}
	for _, r := range p.Resources {
		if names[r.Name] != nil || !specName.MatchString(r.Name) {
			t.Errorf("name %q of a resource", r.Name)
		}
		names[r.Name] = []string{}
		for _, f := range r.Schema.Fields {
			if slices.Contains(names[r.Name], f.Name) || f.Name == "" || !slices.Contains(specTypes, f.Type) {
				t.Errorf("%s: field %+v", r.Name, f)
			}
			names[r.Name] = append(names[r.Name], f.Name)
		}
	}
	for _, r := range p.Resources {
		data := files[r.Path]
		sum := sha256.Sum256(data)
		if r.Profile != "tabular-data-resource" || r.Bytes != len(data) || r.Hash != "sha256:"+hex.EncodeToString(sum[:]) {
			t.Errorf("%s: profile, bytes or hash", r.Name)
		}
		for _, k := range r.Schema.PrimaryKey {
			if !slices.Contains(names[r.Name], k) {
				t.Errorf("%s: primary key %s", r.Name, k)
			}
		}
		for _, fk := range r.Schema.ForeignKeys {
			target := fk.Reference.Resource
			if target == "" {
				target = r.Name
			}
			if len(fk.Fields) != len(fk.Reference.Fields) {
				t.Errorf("%s: foreign key %+v", r.Name, fk)
			}
			for i := range fk.Fields {
				if !slices.Contains(names[r.Name], fk.Fields[i]) || !slices.Contains(names[target], fk.Reference.Fields[i]) {
					t.Errorf("%s: foreign key %+v", r.Name, fk)
				}
			}
		}
		records := parseCSV(t, data)
		if header(records[0]) != strings.Join(names[r.Name], "|") || len(records)-1 != r.Rows {
			t.Errorf("%s: header %s, %d rows", r.Name, header(records[0]), len(records)-1)
		}
		for _, record := range records[1:] {
			for i, c := range record {
				f := r.Schema.Fields[i]
				if slices.Contains(r.Schema.MissingValues, c.text) {
					if f.Constraints.Required {
						t.Errorf("%s.%s is required and missing", r.Name, f.Name)
					}
					continue
				}
				if !fits(f.Type, f.Format, c.text) {
					t.Errorf("%s.%s: %q is no %s", r.Name, f.Name, c.text, f.Type)
				}
			}
		}
	}
	checkMeaning(t, p)
}

// fits tells whether a cell reads as its field's type.
func fits(kind, format, s string) bool {
	var err error
	switch kind {
	case "integer":
		_, err = strconv.ParseInt(s, 10, 64)
	case "number":
		if s != "INF" && s != "-INF" {
			_, err = strconv.ParseFloat(s, 64)
		}
	case "date":
		_, err = time.Parse("2006-01-02", s)
	case "datetime":
		_, err = time.Parse("2006-01-02T15:04:05.000Z", s)
		if format != "%Y-%m-%dT%H:%M:%S.%fZ" {
			err = fmt.Errorf("format %s", format)
		}
	}
	return err == nil
}

func checkMeaning(t *testing.T, p pkg) {
	got := map[string]string{}
	for _, r := range p.Resources {
		got[r.Name] = r.Description + " key:" + strings.Join(r.Schema.PrimaryKey, ",")
		for _, fk := range r.Schema.ForeignKeys {
			got[r.Name] += fmt.Sprintf(" %v->%s%v", fk.Fields, fk.Reference.Resource, fk.Reference.Fields)
		}
		for _, f := range r.Schema.Fields {
			got[r.Name+"."+f.Name] = f.Type + ": " + f.Description
		}
	}
	for name, want := range map[string]string{
		"connection":                            "the seller's accounts key:id",
		"connection.id":                         "string: short name",
		"orders":                                " key:connection_id,order_id [connection_id]->connection[id]",
		"orders.note":                           "string: the seller's own words, in any language",
		"orders.total":                          "number: total_minor in whole units of currency, exact",
		"orders.order_day":                      "date: purchase day; unit: day in the zone of the marketplace",
		"orders.raw":                            "string: ",
		"late":                                  " key: [connection_id order_id]->orders[connection_id order_id]",
		"late.at_utc":                           "datetime: at as ISO 8601, UTC",
		"late.bad_day":                          "string: ",
		"empty":                                 " key:id [parent]->[id]",
		"people.person":                         " key:id [boss]->[id]",
		"document.received_at":                  "integer: unit: milliseconds since 1970-01-01T00:00:00Z",
		"strange-2f-2e-2e-2fname-3b-20--.mixed": "any: ",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	if bytes.Contains([]byte(got["connection.name"]), []byte("accounts")) {
		t.Error("a comment went to the wrong column")
	}
}
