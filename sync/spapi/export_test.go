package spapi

import (
	"context"
	"net"
	"time"
)

// SetDial lets a test lead Amazon's names to its own listeners.
func (c *Config) SetDial(f func(ctx context.Context, network, addr string) (net.Conn, error)) {
	c.dial = f
}

// SetWall sets the machine's own clock.
func (c *Config) SetWall(f func() time.Time) { c.wall = f }

// ParseRate is the reader of the rate header.
var ParseRate = parseRate

// Escape is the encoding of path segments and query values.
var Escape = escape

// Plain is what makes foreign text fit for an error.
var Plain = plain

// MaxPages is the longest list.
const MaxPages = maxPages

// Control is the check of a numeric address just before connecting.
func Control(testBook bool, addr string) error {
	return (&guard{testBook: testBook}).control("tcp", addr, nil)
}
