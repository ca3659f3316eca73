package main

import (
	"os"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"

	"countinghouse/ui/cli"
)

var (
	kernel32              = windows.NewLazySystemDLL("kernel32.dll")
	attachConsole         = kernel32.NewProc("AttachConsole")
	freeConsole           = kernel32.NewProc("FreeConsole")
	getConsoleProcessList = kernel32.NewProc("GetConsoleProcessList")
)

// attachParentProcess asks for the console of the process that started this one.
const attachParentProcess = ^uintptr(0)

// withConsole runs main with streams that reach whoever started the program.
// A program for windows (linked with -H=windowsgui) has no console, so a verb
// takes the one of the terminal it was typed into. A program for the terminal
// is given a console by the desktop when its icon is opened: nobody needs it
// beside the window. What keeps the window from opening where no terminal is, is
// told by a message; a task that runs by itself is not held up by one.
func withConsole(main func(cli.Streams) int) int {
	verb, freed := len(os.Args) > 1, false
	switch {
	case verb && !(usable(os.Stdin) && usable(os.Stdout) && usable(os.Stderr)):
		if ok, _, _ := attachConsole.Call(attachParentProcess); ok != 0 {
			takeConsole()
		}
	case !verb && aloneInConsole():
		freeConsole.Call()
		freed = true
	}
	streams := cli.System()
	if hasOutput() && !freed {
		return main(streams)
	}
	var said lastWords
	streams.Out, streams.Err = &said, &said
	code := main(streams)
	if code != 0 && len(said.text) > 0 && (!verb || os.Args[1] == "demo") { // else nobody may be there to close it
		showMessage(string(said.text))
	}
	return code
}

// hasOutput tells whether what is printed goes anywhere: a console, a file or a
// pipe.
func hasOutput() bool {
	return usable(os.Stdout) || usable(os.Stderr)
}

func usable(f *os.File) bool {
	if f == nil {
		return false
	}
	kind, err := windows.GetFileType(windows.Handle(f.Fd()))
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}

// takeConsole gives the streams that lead nowhere to the console; what was sent
// to a file or a pipe stays there.
func takeConsole() {
	for _, s := range []struct {
		file **os.File
		name string
		id   uint32
	}{
		{&os.Stdin, "CONIN$", windows.STD_INPUT_HANDLE},
		{&os.Stdout, "CONOUT$", windows.STD_OUTPUT_HANDLE},
		{&os.Stderr, "CONOUT$", windows.STD_ERROR_HANDLE},
	} {
		if usable(*s.file) {
			continue
		}
		if f, err := os.OpenFile(s.name, os.O_RDWR, 0); err == nil {
			*s.file = f
			windows.SetStdHandle(s.id, windows.Handle(f.Fd()))
		}
	}
}

// aloneInConsole tells whether the console was made for this process only.
func aloneInConsole() bool {
	var processes [2]uint32
	n, _, _ := getConsoleProcessList.Call(uintptr(unsafe.Pointer(&processes[0])), uintptr(len(processes)))
	return n == 1
}

// lastWords keeps the end of what was printed. It is safe for concurrent use.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

const maxLastWords = 2 << 10

func (w *lastWords) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, p...)
	if n := len(w.text) - maxLastWords; n > 0 {
		w.text = append(w.text[:0], w.text[n:]...)
	}
	return len(p), nil
}

func showMessage(text string) {
	body, err := windows.UTF16PtrFromString(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""))
	if err != nil {
		return
	}
	title, err := windows.UTF16PtrFromString("Countinghouse")
	if err != nil {
		return
	}
	windows.MessageBox(0, body, title, windows.MB_OK|windows.MB_ICONERROR)
}
