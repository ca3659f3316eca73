package cli

import (
	"fmt"

	"countinghouse/data/store"
)

// printCalls lists which hosts were called, and under it for what: status
// --calls. The sums are those of the Privacy screen.
func (a *app) printCalls(hosts []store.CallSummary, uses []store.CallUse) error {
	fmt.Fprintln(a.io.Out)
	c := newSheet(left("host"), right("calls"), right("bytes sent"), right("bytes received"), left("last"))
	for _, h := range hosts {
		c.add(h.Host, number(h.Calls), number(h.BytesOut), number(h.BytesIn), h.Last.Local().Format("2006-01-02 15:04"))
	}
	if err := c.write(a.io.Out, formatTable); err != nil {
		return err
	}
	fmt.Fprintln(a.io.Out)
	c = newSheet(left("host"), left("operation"), left("for"), right("calls"), right("failed"), right("bytes sent"), right("bytes received"), left("last"))
	for _, u := range uses {
		c.add(u.Host, u.Operation, u.Purpose, number(u.Calls), number(u.Failed), number(u.BytesOut), number(u.BytesIn),
			u.Last.Local().Format("2006-01-02 15:04"))
	}
	return c.write(a.io.Out, formatTable)
}
