package appsync

import (
	"context"
	"errors"

	"countinghouse/data/store"
)

// FileResult is what became of one file, or would become of it.
type FileResult struct {
	Path    string
	Reports []Imported
	Err     error // why it was not read; then Reports is empty
}

// FileProgress is told before each file is read; done counts those before it.
type FileProgress func(done, total int, path string)

// errPreview ends a preview: what was written is taken back.
var errPreview = errors.New("preview")

// Preview tells what ImportFiles would do, without storing anything: the files
// are put into the book in a transaction that is taken back, so what it calls
// new is what would be new.
func Preview(ctx context.Context, book *store.Book, paths []string, o ImportOptions, progress FileProgress) ([]FileResult, error) {
	var list []FileResult
	err := book.Write(ctx, func(tx *store.Tx) error {
		var err error
		if list, err = importAll(ctx, &importer{book: book, options: o, dry: tx}, paths, progress); err != nil {
			return err
		}
		return errPreview
	})
	if !errors.Is(err, errPreview) {
		return nil, err
	}
	return list, nil
}

// ImportFiles reads report files and folders of them into the book, each file
// in a transaction of its own: one that is refused leaves nothing behind and
// does not keep the others out. Only an end of ctx, or a book that cannot be
// read, is an error of the whole.
func ImportFiles(ctx context.Context, book *store.Book, paths []string, o ImportOptions, progress FileProgress) ([]FileResult, error) {
	return importAll(ctx, &importer{book: book, options: o}, paths, progress)
}

// importAll reads the files in their order; those that name no place at all
// come last, when the others have told whose they are.
func importAll(ctx context.Context, im *importer, paths []string, progress FileProgress) ([]FileResult, error) {
	paths = FilesIn(paths)
	list := make([]FileResult, len(paths))
	im.seen = map[string]string{}
	used := map[string]bool{}
	done := 0
	read := func(i int) error {
		if progress != nil {
			progress(done, len(paths), paths[i])
		}
		list[i] = FileResult{Path: paths[i]}
		list[i].Reports, list[i].Err = im.one(ctx, paths[i])
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, r := range list[i].Reports {
			used[r.Connection] = true
		}
		return nil
	}
	var later []int
	for i := range paths {
		if err := read(i); err != nil {
			return list, err
		}
		if errors.Is(list[i].Err, ErrRegion) {
			later = append(later, i)
			continue
		}
		done++
	}
	if len(later) > 0 && len(used) == 0 {
		known, err := im.book.Connections(ctx)
		if err != nil {
			return list, err
		}
		for _, c := range known {
			used[c.ID] = true
		}
	}
	for c := range used {
		if len(used) == 1 {
			im.sole = c
		}
	}
	for _, i := range later {
		if err := read(i); err != nil {
			return list, err
		}
		done++
	}
	return list, nil
}
