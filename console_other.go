//go:build !windows

package main

import "countinghouse/ui/cli"

// withConsole runs main with the process's own streams.
func withConsole(main func(cli.Streams) int) int { return main(cli.System()) }
