package desktop

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// fileChoice asks for the path of a file: to read one, or to write one.
type fileChoice struct {
	Title string
	Save  string   // the name offered for a new file; empty: a file is read
	Ends  []string // of the names that are listed, with their dot; none: all
	Word  string   // the button's
	Many  bool     // several files can be chosen
	Whole string   // the word of a button that takes the folder itself; empty: none
}

// folderEntry is one line of a listed folder.
type folderEntry struct {
	Name   string
	Folder bool
}

// listFolder lists what can be chosen in a folder: folders first, hidden ones
// left out.
func listFolder(dir string, ends []string) ([]folderEntry, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []folderEntry
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(dir, e.Name())) // a link counts as what it leads to
		if err != nil || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		fits := len(ends) == 0 || slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(strings.ToLower(e.Name()), end) })
		if info.IsDir() || info.Mode().IsRegular() && fits {
			out = append(out, folderEntry{e.Name(), info.IsDir()})
		}
	}
	slices.SortStableFunc(out, func(a, b folderEntry) int {
		switch {
		case a.Folder && !b.Folder:
			return -1
		case b.Folder && !a.Folder:
			return 1
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, nil
}

// startFolder is where choosing begins: the documents, else the home folder.
func startFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return string(filepath.Separator)
	}
	if info, err := os.Stat(filepath.Join(home, "Documents")); err == nil && info.IsDir() {
		return filepath.Join(home, "Documents")
	}
	return home
}

// betweenFiles stands between the names of several files.
const betweenFiles = "; "

// namedFiles are the files that a name, or several of them, mean.
func namedFiles(dir, typed string, many bool) (paths []string, folder string) {
	path, isFolder := resolvePath(dir, typed)
	switch {
	case isFolder:
		return nil, path
	case !many || isFile(path):
		return []string{path}, ""
	}
	for name := range strings.SplitSeq(typed, strings.TrimSpace(betweenFiles)) {
		if name = strings.TrimSpace(name); name != "" {
			path, _ := resolvePath(dir, name)
			paths = append(paths, path)
		}
	}
	return paths, ""
}

// chooseFile shows the choice of one file; chosen gets an absolute path. Whether
// a new file would replace one is for chosen to ask.
func chooseFile(e *env, c fileChoice, chosen func(path string)) {
	chooseFiles(e, c, func(paths []string) { chosen(paths[0]) })
}

// chooseFiles is chooseFile for one file or, with Many, several.
func chooseFiles(e *env, c fileChoice, chosen func(paths []string)) {
	t := e.words.T
	dir := startFolder()
	var entries []folderEntry
	var m *modal
	name, problem := parts.NewEntry(), parts.NewLabel("", theme.TextCaption, parts.Loss)
	where := parts.NewLabel("", theme.TextBody, parts.Muted)
	list := parts.NewList(func() int { return len(entries) }, func() fyne.CanvasObject { return parts.NewLabel("", theme.TextBody, parts.Normal) },
		func(i int, o fyne.CanvasObject) {
			text, tone := entries[i].Name, parts.Normal
			if entries[i].Folder {
				text, tone = text+string(filepath.Separator), parts.Accent
			}
			o.(*parts.Label).SetText(text, tone)
		})
	open := func(to string) {
		found, err := listFolder(to, c.Ends)
		if err != nil {
			problem.SetText(t("privacy.file.folder"), parts.Loss)
			return
		}
		dir, entries = to, found
		where.SetText(dir, parts.Muted)
		problem.SetText("", parts.Loss)
		list.UnselectAll()
		list.Refresh()
		list.ScrollToTop()
	}
	accept := func(typed string) {
		if typed == "" {
			return
		}
		paths, folder := namedFiles(dir, typed, c.Many)
		switch {
		case folder != "":
			open(folder)
		case c.Save == "" && (len(paths) == 0 || slices.ContainsFunc(paths, func(p string) bool { return !isFile(p) })):
			problem.SetText(t("privacy.file.none"), parts.Loss)
		default:
			m.hide()
			chosen(paths)
		}
	}
	list.OnSelected = func(i int) {
		if entries[i].Folder {
			open(filepath.Join(dir, entries[i].Name))
			return
		}
		if c.Many && name.Text != "" {
			name.SetText(name.Text + betweenFiles + entries[i].Name)
			return
		}
		name.SetText(entries[i].Name)
	}
	name.SetText(c.Save)
	name.SetPlaceHolder(t("privacy.file.name"))
	name.OnSubmitted = accept
	top := parts.NewBorder(nil, nil, parts.NewButton(t("privacy.file.up"), parts.Quiet, func() { open(filepath.Dir(dir)) }), nil, where)
	body := parts.NewBorder(container.NewVBox(top, name, problem), nil, nil, nil, list)
	buttons := []fyne.CanvasObject{parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() }), parts.NewButton(c.Word, parts.Primary, func() { accept(name.Text) })}
	if c.Whole != "" {
		buttons = append([]fyne.CanvasObject{parts.NewButton(c.Whole, parts.Quiet, func() { m.hide(); chosen([]string{dir}) })}, buttons...)
	}
	m = newModal(e, c.Title, body, fyne.NewSize(620, 480), buttons...)
	open(dir)
	m.show()
	e.window.Canvas().Focus(name)
}

// resolvePath turns what was typed into a path: "~" is the home folder, a bare
// name lies in dir.
func resolvePath(dir, typed string) (path string, folder bool) {
	path = typed
	if rest, ok := strings.CutPrefix(typed, "~"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	return path, err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
