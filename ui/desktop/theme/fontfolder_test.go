package theme

import "testing"

func TestTheFontsOfWindowsAreWhereWindowsIs(t *testing.T) {
	for root, want := range map[string]string{"": `C:\Windows\Fonts`, `D:\Windows`: `D:\Windows\Fonts`} {
		if got := windowsFonts(root); got != want {
			t.Errorf("%q: %s, want %s", root, got, want)
		}
	}
}
