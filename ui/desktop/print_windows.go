package desktop

import (
	"context"
	"encoding/base64"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

// printCommand has PowerShell print a page. The page goes through the pipe in
// ASCII, because PowerShell reads a pipe in the code page of the console. No
// console is shown for it.
func printCommand(ctx context.Context, page string) (*exec.Cmd, error) {
	path, err := exec.LookPath("powershell")
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, path, "-NoProfile", "-NonInteractive", "-Command",
		"[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(-join $input)) | Out-Printer")
	c.Stdin = strings.NewReader(base64.StdEncoding.EncodeToString([]byte(page)) + "\r\n")
	c.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
	return c, nil
}
