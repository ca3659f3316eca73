package desktop

import (
	"testing"
	"time"

	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

func TestTimeLeft(t *testing.T) {
	for _, c := range []struct {
		name  string
		took  time.Duration
		share float64
		want  string
	}{
		{"just begun", 2 * time.Second, 0.5, ""},
		{"nothing done", time.Minute, 0, ""},
		{"length not known", time.Minute, -1, ""},
		{"half", 10 * time.Second, 0.5, "about 11 s"},
		{"a tenth", time.Minute, 0.1, "about 9 min"},
		{"all", time.Minute, 1, ""},
		{"never begun", 1 << 62, 0.5, ""},
	} {
		if got := leftOf(c.took, c.share, i18n.For("en"), format.For("en")); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
