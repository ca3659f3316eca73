package archive

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"strings"
	"text/template"
)

// readmeText is README.txt of an archive.
//
//go:embed readme.txt.tmpl
var readmeText string

var readme = template.Must(template.New(readmeName).Parse(readmeText))

// readmeData is what the template of README.txt sees.
type readmeData struct {
	Book, Version, Created string
	People                 bool
	Documents, BadText     int64
	LeftOut                []string
	Tables                 []readmeTable
}

type readmeTable struct {
	Name string
	Rows int64
	Path string
}

// writeAbout writes the members that speak of the others, the manifest last.
func (x *export) writeAbout(ctx context.Context) error {
	if _, err := x.bundle.add(ctx, packageName, x.dataPackage().write); err != nil {
		return err
	}
	if _, err := x.bundle.add(ctx, readmeName, x.writeReadme); err != nil {
		return err
	}
	_, err := x.bundle.add(ctx, manifestName, func(w *bufio.Writer) error {
		for _, m := range x.bundle.members {
			if _, err := fmt.Fprintf(w, "%s  %s\n", m.hash(), m.path); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := x.bundle.zip.Close(); err != nil {
		return fmt.Errorf("end the zip: %w", err)
	}
	return nil
}

func (x *export) writeReadme(w *bufio.Writer) error {
	d := readmeData{
		Book: oneLine(x.o.BookName), Version: oneLine(x.o.AppVersion),
		Created: x.o.Now.UTC().Format("2 January 2006, 15:04 UTC"),
		People:  x.sum.People, Documents: x.sum.Documents, BadText: x.sum.BadText, LeftOut: x.sum.LeftOut,
	}
	for _, t := range x.tables {
		d.Tables = append(d.Tables, readmeTable{Name: t.name, Rows: t.rows, Path: t.csv.path})
	}
	return readme.Execute(w, d)
}

// oneLine keeps a name from breaking the lines of the README.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
