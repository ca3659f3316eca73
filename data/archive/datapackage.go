package archive

import (
	"bufio"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The shape of datapackage.json: Frictionless Data Package, version 1, profile
// tabular-data-package. https://specs.frictionlessdata.io/tabular-data-package/
type dataPackage struct {
	Profile     string         `json:"profile"`
	Name        string         `json:"name"`
	ID          string         `json:"id,omitempty"`
	Title       string         `json:"title,omitempty"`
	Description string         `json:"description"`
	Created     string         `json:"created"`
	Application string         `json:"application"`
	Resources   []dataResource `json:"resources"`
}

type dataResource struct {
	Profile     string     `json:"profile"`
	Name        string     `json:"name"`
	Title       string     `json:"title"`
	Description string     `json:"description,omitempty"`
	Path        string     `json:"path"`
	Format      string     `json:"format"`
	MediaType   string     `json:"mediatype"`
	Encoding    string     `json:"encoding"`
	Bytes       int64      `json:"bytes"`
	Hash        string     `json:"hash"`
	Dialect     dialect    `json:"dialect"`
	Schema      dataSchema `json:"schema"`
	Rows        int64      `json:"rows"`      // ours: the header not counted
	JSONLines   string     `json:"jsonLines"` // ours: the same table, exact
}

type dialect struct {
	Delimiter      string `json:"delimiter"`
	LineTerminator string `json:"lineTerminator"`
	QuoteChar      string `json:"quoteChar"`
	DoubleQuote    bool   `json:"doubleQuote"`
	Header         bool   `json:"header"`
}

type dataSchema struct {
	Fields        []dataField   `json:"fields"`
	MissingValues []string      `json:"missingValues"`
	PrimaryKey    []string      `json:"primaryKey,omitempty"`
	ForeignKeys   []dataForeign `json:"foreignKeys,omitempty"`
}

type dataField struct {
	Name        string          `json:"name"`
	Type        string          `json:"type"`
	Format      string          `json:"format,omitempty"`
	Description string          `json:"description,omitempty"`
	Constraints map[string]bool `json:"constraints,omitempty"`
}

type dataForeign struct {
	Fields    []string `json:"fields"`
	Reference struct {
		Resource string   `json:"resource"`
		Fields   []string `json:"fields"`
	} `json:"reference"`
}

func (x *export) dataPackage() dataPackage {
	p := dataPackage{
		Profile: "tabular-data-package", Name: "countinghouse-export",
		ID: x.o.BookID, Title: x.o.BookName,
		Description: "Every table of a Countinghouse book. README.txt explains the files.",
		Created:     x.o.Now.UTC().Format(time.RFC3339),
		Application: strings.TrimSpace("Countinghouse " + x.o.AppVersion),
	}
	for i := range x.tables {
		t := &x.tables[i]
		p.Resources = append(p.Resources, dataResource{
			Profile: "tabular-data-resource", Name: t.resource, Title: t.name, Description: t.comment,
			Path: t.csv.path, Format: "csv", MediaType: "text/csv", Encoding: "utf-8",
			Bytes: t.csv.bytes, Hash: "sha256:" + t.csv.hash(),
			Dialect: dialect{Delimiter: ",", LineTerminator: "\r\n", QuoteChar: `"`, DoubleQuote: true, Header: true},
			Schema:  x.schema(t), Rows: t.rows, JSONLines: t.jsonl.path,
		})
	}
	return p
}

// schema describes the fields of one CSV file as they turned out to be.
//
// A reader of data packages takes an empty cell for missing, with or without
// quotes. So that it does not take an empty text for missing in a table that
// has nothing missing, such a table declares no missing values at all.
func (x *export) schema(t *written) dataSchema {
	s := dataSchema{MissingValues: []string{}}
	nulls, empties := false, false
	for _, f := range t.fields {
		nulls = nulls || f.seen.null
		empties = empties || f.seen.emptyText
	}
	if nulls {
		s.MissingValues = []string{""}
	}
	for _, f := range t.fields {
		d := t.describe(f)
		if f.twin == stored && t.columns[f.source].notNull && !(nulls && f.seen.emptyText) {
			d.Constraints = map[string]bool{"required": true}
		}
		s.Fields = append(s.Fields, d)
	}
	if t.hasColumns(t.key) {
		s.PrimaryKey = t.key
	}
	for _, fk := range t.foreign {
		if d, ok := x.foreign(t, fk); ok {
			s.ForeignKeys = append(s.ForeignKeys, d)
		}
	}
	return s
}

func (t *written) hasColumns(names []string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return t.column(n) < 0 })
}

// foreign describes a foreign key, unless one of its ends is not exported.
func (x *export) foreign(t *written, fk foreignKey) (dataForeign, bool) {
	d := dataForeign{Fields: t.spelled(fk.from)}
	for i := range x.tables {
		parent := &x.tables[i]
		if !strings.EqualFold(parent.name, fk.parent) || parent.prefix != t.prefix {
			continue
		}
		to := fk.to
		if len(to) == 0 {
			to = parent.key
		}
		d.Reference.Fields = parent.spelled(to)
		if parent.resource != t.resource { // "" is this table itself
			d.Reference.Resource = parent.resource
		}
		return d, len(to) == len(fk.from) && parent.hasColumns(to) && t.hasColumns(fk.from)
	}
	return d, false
}

// spelled gives names as the columns spell them; SQL does not tell case apart.
func (t *written) spelled(names []string) []string {
	out := slices.Clone(names)
	for i, n := range out {
		if c := t.column(n); c >= 0 {
			out[i] = t.columns[c].name
		}
	}
	return out
}

// describe gives a field's type from the values it held, and its unit from its
// name and the comment beside its column.
func (t *written) describe(f field) dataField {
	c := t.columns[f.source]
	d := dataField{Name: f.name, Description: c.comment}
	switch f.twin {
	case twinDecimal:
		d.Type = "number"
		d.Description = fmt.Sprintf("%s in whole units of %s, exact", c.name, t.columns[f.currency].name)
		return d
	case twinTime:
		d.Type, d.Format = "datetime", "%Y-%m-%dT%H:%M:%S.%fZ"
		d.Description = c.name + " as ISO 8601, UTC"
		return d
	}
	d.Type, d.Format = f.seen.dataType(c)
	lower := strings.ToLower(c.name)
	switch {
	case (lower == "at" || strings.HasSuffix(lower, "_at")) && d.Type == "integer":
		d.Description = joinUnit(d.Description, "milliseconds since 1970-01-01T00:00:00Z")
	case strings.HasSuffix(lower, "_minor") && d.Type == "integer":
		d.Description = joinUnit(d.Description, "minor units of the currency beside it (cents for USD, yen for JPY)")
	case d.Type == "date":
		d.Description = joinUnit(d.Description, "day in the zone of the marketplace")
	}
	return d
}

func joinUnit(comment, unit string) string {
	if comment == "" {
		return "unit: " + unit
	}
	return comment + "; unit: " + unit
}

// dataType is the narrowest type of the table schema that holds for all values
// seen; a column without values has the type it was declared with.
func (s *seen) dataType(c column) (kind, format string) {
	switch {
	case !s.integer && !s.real && !s.text && !s.blob:
		switch c.decl {
		case "INTEGER", "INT":
			return "integer", ""
		case "REAL":
			return "number", ""
		case "BLOB":
			return "string", "binary"
		case "TEXT":
			return "string", ""
		}
		return "any", ""
	case s.integer && !s.real && !s.text && !s.blob:
		return "integer", ""
	case !s.text && !s.blob:
		return "number", ""
	case s.blob && !s.integer && !s.real && !s.text:
		return "string", "binary"
	case s.text && !s.integer && !s.real && !s.blob:
		if strings.HasSuffix(strings.ToLower(c.name), "_day") && !s.notDay {
			return "date", ""
		}
		return "string", ""
	}
	return "any", ""
}

func (p dataPackage) write(w *bufio.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(p)
}
