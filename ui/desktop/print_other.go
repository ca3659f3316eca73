//go:build !windows

package desktop

import (
	"context"
	"os/exec"
	"strings"
)

// printCommand has CUPS print a page, on Linux and macOS.
func printCommand(ctx context.Context, page string) (*exec.Cmd, error) {
	path, err := exec.LookPath("lp")
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, path, "-t", "Countinghouse")
	c.Stdin = strings.NewReader(page)
	return c, nil
}
