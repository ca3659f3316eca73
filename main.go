// Command countinghouse keeps the books of an Amazon seller, encrypted, on the
// seller's own computer.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"countinghouse/ui/cli"
)

func main() { os.Exit(run()) }

// run ends all work when the user asks for it; what was stored stays.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return withConsole(func(streams cli.Streams) int {
		streams.Window, streams.Shots = openWindow, drawShots
		return cli.Main(ctx, os.Args[1:], streams)
	})
}
