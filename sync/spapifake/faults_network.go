package spapifake

import (
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// Faults of the way to Amazon, and of the clocks at its ends.
const (
	SlowBody    FaultKind = "slow body"    // the answer comes in small pieces, and whole
	StalledBody FaultKind = "stalled body" // half the answer, then nothing more
	NoAnswer    FaultKind = "no answer"    // the connection ends without a byte
	Redirect    FaultKind = "redirect"     // 302 to another address
	ClockOff    FaultKind = "clock off"    // the Date header is five hours ahead of this computer
)

const clockOffBy = 5 * time.Hour

// elsewhere is where a redirect points: a name that exists nowhere.
const elsewhere = "https://login.network.invalid/welcome"

// networkFault answers the call when its fault is one of the line.
func (c *call) networkFault() bool {
	switch c.fault.Kind {
	case Redirect:
		c.w.Header().Set("Location", elsewhere)
		c.raw(http.StatusFound, "text/html", "<html><head><title>Found</title></head></html>")
	case NoAnswer:
		c.log.Status = 0
		panic(http.ErrAbortHandler)
	default:
		return false
	}
	return true
}

// Pieces of a slow body, and the time between two.
const (
	slowPieces = 10
	slowPause  = 20 * time.Millisecond
)

// dribble writes the body in pieces; a stalled one stops half-way and stays
// open until the client gives up or the server closes.
func (c *call) dribble(status int, body []byte) {
	c.w.WriteHeader(status)
	out := http.NewResponseController(c.w)
	gone := c.r.Context().Done()
	piece := len(body)/slowPieces + 1
	for lo := 0; lo < len(body); lo += piece {
		if c.fault.Kind == StalledBody && lo >= len(body)/2 {
			<-gone
			panic(http.ErrAbortHandler)
		}
		_, _ = c.w.Write(body[lo:min(lo+piece, len(body))])
		_ = out.Flush()
		select {
		case <-gone:
			return
		case <-time.After(slowPause):
		}
	}
}

// RotateSecret replaces the application's client secret, as its owner does
// every 180 days. The old one is refused from now on.
func (s *Server) RotateSecret() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rotated++
}

// clientSecret is the one in force.
func (s *Server) clientSecret() string {
	all := s.clientSecrets()
	return all[len(all)-1]
}

// clientSecrets are all so far, the newest last.
func (s *Server) clientSecrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for n := range s.rotated + 1 {
		text := "client secret"
		if n > 0 {
			text += " " + strconv.Itoa(n)
		}
		list = append(list, "amzn1.oa2-cs.v1.demo-"+hex.EncodeToString(s.sign(text)))
	}
	return list
}
