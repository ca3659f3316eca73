package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// dragSource is another program that drags files onto a window: it speaks the
// X protocol and XDND version 5, as file managers do.
type dragSource struct {
	conn   net.Conn
	root   uint32
	window uint32 // its own, never shown
	atoms  map[string]uint32
}

// Opcodes and codes of the X protocol, and sizes in bytes.
const (
	xCreateWindow, xInternAtom, xChangeProperty, xGetProperty = 1, 16, 18, 20
	xSetSelectionOwner, xSendEvent, xQueryTree                = 22, 25, 15

	xGetGeometry = 14

	xError, xReply                                      = 0, 1
	xSelectionRequest, xSelectionNotify, xClientMessage = 30, 31, 33
	xPacket                                             = 32 // of every reply's head, error and event
	xAtom, xInputOnly, xReplace                         = 4, 2, 0
)

var le = binary.LittleEndian

// dropFiles drags files over the window of a display and lets them go in its
// middle. It returns once the window has taken them.
func dropFiles(display string, paths ...string) error {
	s, err := dragFrom(display)
	if err != nil {
		return err
	}
	defer s.conn.Close()
	target, x, y, err := s.target()
	if err != nil {
		return err
	}
	var list strings.Builder
	for _, p := range paths {
		u := url.URL{Scheme: "file", Path: p}
		list.WriteString(u.String() + "\r\n")
	}
	return s.drop(target, x, y, list.String())
}

func dragFrom(display string) (*dragSource, error) {
	conn, err := net.Dial("unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(display, ":"))
	if err != nil {
		return nil, err
	}
	s := &dragSource{conn: conn, atoms: map[string]uint32{}}
	if err := errors.Join(conn.SetDeadline(time.Now().Add(patience)), s.greet()); err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

// greet opens the conversation and makes the source's own window.
func (s *dragSource) greet() error {
	if _, err := s.conn.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(s.conn, head); err != nil {
		return err
	}
	body := make([]byte, 4*int(le.Uint16(head[6:])))
	if _, err := io.ReadFull(s.conn, body); err != nil {
		return err
	}
	if head[0] != 1 || len(body) < xPacket {
		return errors.New("the display refuses")
	}
	screen := xPacket + padded(int(le.Uint16(body[16:]))) + 8*int(body[21])
	s.window, s.root = le.Uint32(body[4:]), le.Uint32(body[screen:])
	create := le.AppendUint32(le.AppendUint32(nil, s.window), s.root)
	create = append(create, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, xInputOnly, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if err := s.send(xCreateWindow, 0, create); err != nil {
		return err
	}
	for _, name := range []string{"XdndAware", "XdndEnter", "XdndPosition", "XdndStatus", "XdndDrop", "XdndFinished", "XdndSelection", "XdndActionCopy", "text/uri-list",
		"WM_PROTOCOLS", "WM_DELETE_WINDOW"} {
		body := append(le.AppendUint16(nil, uint16(len(name))), 0, 0)
		reply, err := s.ask(xInternAtom, 0, append(body, name...))
		if err != nil {
			return err
		}
		s.atoms[name] = le.Uint32(reply[8:])
	}
	return nil
}

func padded(n int) int { return (n + 3) &^ 3 }

// send writes a request.
func (s *dragSource) send(opcode, detail byte, body []byte) error {
	body = append(body, make([]byte, padded(len(body))-len(body))...)
	_, err := s.conn.Write(append(le.AppendUint16([]byte{opcode, detail}, uint16(1+len(body)/4)), body...))
	return err
}

// next reads what comes: a reply with all of it, or an event.
func (s *dragSource) next() ([]byte, error) {
	p := make([]byte, xPacket)
	if _, err := io.ReadFull(s.conn, p); err != nil {
		return nil, err
	}
	switch p[0] {
	case xError:
		return nil, fmt.Errorf("the display answers error %d to request %d", p[1], p[10])
	case xReply:
		rest := make([]byte, 4*int(le.Uint32(p[4:])))
		_, err := io.ReadFull(s.conn, rest)
		return append(p, rest...), err
	}
	return p, nil
}

// ask sends a request and returns its reply.
func (s *dragSource) ask(opcode, detail byte, body []byte) ([]byte, error) {
	if err := s.send(opcode, detail, body); err != nil {
		return nil, err
	}
	for {
		if p, err := s.next(); err != nil || p[0] == xReply {
			return p, err
		}
	}
}

// target finds the window that takes drops, and its middle on the screen.
func (s *dragSource) target() (window uint32, x, y int, err error) {
	tree, err := s.ask(xQueryTree, 0, le.AppendUint32(nil, s.root))
	if err != nil {
		return 0, 0, 0, err
	}
	for at := xPacket; at < len(tree); at += 4 {
		window = le.Uint32(tree[at:])
		body := le.AppendUint32(nil, window)
		for _, v := range []uint32{s.atoms["XdndAware"], xAtom, 0, 1} {
			body = le.AppendUint32(body, v)
		}
		aware, err := s.ask(xGetProperty, 0, body)
		if err != nil || le.Uint32(aware[8:]) == 0 {
			continue
		}
		g, err := s.ask(xGetGeometry, 0, le.AppendUint32(nil, window))
		if err != nil {
			return 0, 0, 0, err
		}
		number := func(at int) int { return int(int16(le.Uint16(g[at:]))) }
		return window, number(12) + number(16)/2, number(14) + number(18)/2, nil
	}
	return 0, 0, 0, errors.New("no window takes files")
}

// tell sends a message to the target.
func (s *dragSource) tell(target uint32, what string, data ...uint32) error {
	event := le.AppendUint32(le.AppendUint32([]byte{xClientMessage, 32, 0, 0}, target), s.atoms[what])
	for _, v := range append(append([]uint32{s.window}, data...), make([]uint32, 4-len(data))...) {
		event = le.AppendUint32(event, v)
	}
	return s.sendEvent(target, event)
}

func (s *dragSource) sendEvent(to uint32, event []byte) error {
	return s.send(xSendEvent, 0, append(append(le.AppendUint32(nil, to), 0, 0, 0, 0), event...))
}

// heard waits for a message of the target, and gives the list when it is asked
// for.
func (s *dragSource) heard(what, list string) ([]byte, error) {
	for {
		p, err := s.next()
		if err != nil {
			return nil, err
		}
		switch p[0] &^ 0x80 { // the bit tells that a program sent it
		case xClientMessage:
			if le.Uint32(p[8:]) == s.atoms[what] {
				return p, nil
			}
		case xSelectionRequest:
			if err := s.give(p, list); err != nil {
				return nil, err
			}
		}
	}
}

// give writes the list where the target asked for it.
func (s *dragSource) give(request []byte, list string) error {
	requestor, property := request[12:16], request[24:28]
	body := slices.Concat(requestor, property, request[20:24], []byte{8, 0, 0, 0}, le.AppendUint32(nil, uint32(len(list))), []byte(list))
	if err := s.send(xChangeProperty, xReplace, body); err != nil {
		return err
	}
	notice := slices.Concat([]byte{xSelectionNotify, 0, 0, 0}, request[4:8], requestor, request[16:20], request[20:24], property, make([]byte, 8))
	return s.sendEvent(le.Uint32(requestor), notice)
}

func (s *dragSource) drop(target uint32, x, y int, list string) error {
	own := slices.Concat(le.AppendUint32(nil, s.window), le.AppendUint32(nil, s.atoms["XdndSelection"]), make([]byte, 4))
	if err := s.send(xSetSelectionOwner, 0, own); err != nil {
		return err
	}
	if err := s.tell(target, "XdndEnter", 5<<24, s.atoms["text/uri-list"]); err != nil {
		return err
	}
	if err := s.tell(target, "XdndPosition", 0, uint32(x<<16|y), 0, s.atoms["XdndActionCopy"]); err != nil {
		return err
	}
	status, err := s.heard("XdndStatus", list)
	if err != nil {
		return err
	}
	if le.Uint32(status[16:])&1 == 0 {
		return errors.New("the window does not want the files")
	}
	if err := s.tell(target, "XdndDrop", 0, 0); err != nil {
		return err
	}
	finished, err := s.heard("XdndFinished", list)
	if err == nil && le.Uint32(finished[16:]) == 0 { // GLFW tells the length of the list in it
		err = errors.New("the window did not take the files")
	}
	return err
}

// closeWindow asks a display's window to close, as its cross does.
func closeWindow(display string) error {
	s, err := dragFrom(display)
	if err != nil {
		return err
	}
	defer s.conn.Close()
	target, _, _, err := s.target()
	if err != nil {
		return err
	}
	event := []byte{xClientMessage, 32, 0, 0}
	for _, v := range []uint32{target, s.atoms["WM_PROTOCOLS"], s.atoms["WM_DELETE_WINDOW"], 0, 0, 0, 0} {
		event = le.AppendUint32(event, v)
	}
	if err := s.sendEvent(target, event); err != nil {
		return err
	}
	_, err = s.ask(xQueryTree, 0, le.AppendUint32(nil, s.root)) // the display has taken what was sent
	return err
}

// drop lets files fall on the window.
func (d *driver) drop(paths ...string) {
	d.t.Helper()
	if err := dropFiles(d.display, paths...); err != nil {
		d.t.Fatal("drop files:", err)
	}
}

// TestFilesDroppedOnTheWindow drops files from another program: on the first
// page, where they make a book, and on an open book. A preview is shown, what is
// imported is in the database, and a file dropped twice changes nothing.
func TestFilesDroppedOnTheWindow(t *testing.T) {
	if testing.Short() {
		t.Skip("drives the real window")
	}
	home := t.TempDir()
	report := settlementFile(t, home)
	d := open(t, newDisplay(t), start{home: home, args: []string{"--no-keychain"}})
	d.title("Countinghouse")
	d.sees(words("first.promise"))
	d.drop(report)
	d.sees(words("first.create"))
	d.fill(0, "Dropped")
	d.press(words("first.by_passphrase"))
	d.fill(1, bookPass)
	d.fill(2, bookPass)
	d.press(words("first.make"))
	d.press(words("first.later"))
	d.title("Dropped - Countinghouse")
	d.importPreviewed(1, words("import.kind.settlement-v2"))

	// Again, with something that is no report, on the open book.
	other := filepath.Join(home, "holiday #1 100%.jpg")
	if err := os.WriteFile(other, []byte("\xff\xd8\xff\xe0 no report"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.drop(report, other)
	d.sees(words("import.title"))
	d.find("the picture in the list", says(filepath.Base(other)))
	d.picture("dropped-again")
	d.key("Escape")
	d.page()
	d.quit()
	counts := countsOf(t, home, "Dropped", bookPass)
	if counts["settlement"] != 1 || counts["fact"] != 2 {
		t.Errorf("the book holds %d settlements with %d rows, want 1 with 2", counts["settlement"], counts["fact"])
	}
}

// importPreviewed sees the preview of files, and imports them.
func (d *driver) importPreviewed(files int, kind string) {
	d.t.Helper()
	d.sees(words("import.title"))
	d.sees(kind)
	d.picture("preview")
	d.press(fmt.Sprintf(words("import.do.one"), fmt.Sprint(files)))
	d.page()
	d.until("the end of the import", func() bool {
		return slices.ContainsFunc(d.look().Items, func(i item) bool { return strings.TrimSpace(i.Text) == "US" })
	})
}
