package session_test

import (
	"os"
	"strings"
	"testing"

	"countinghouse/ui/session"
)

// TestTheVersionIsTheSameEverywhere: packages and Windows' Explorer tell it too.
func TestTheVersionIsTheSameEverywhere(t *testing.T) {
	v := session.Version
	for path, lines := range map[string][]string{
		"../../FyneApp.toml": {`Version = "` + v + `"`},
		"../../resources/windows/countinghouse.rc": {`"FileVersion", "` + v + `"`, `"ProductVersion", "` + v + `"`,
			"\nFILEVERSION " + strings.ReplaceAll(v, ".", ",") + ",0\n", "\nPRODUCTVERSION " + strings.ReplaceAll(v, ".", ",") + ",0\n"},
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(text), line) {
				t.Errorf("%s does not say %q", path, line)
			}
		}
	}
}
