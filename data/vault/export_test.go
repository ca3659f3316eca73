package vault

import (
	"testing"
	"time"
)

// CheapKDF lowers the minimum cost of Argon2id for one test. Only test binaries
// of this package hold it: no program can read a file weaker than the minimum.
func CheapKDF(t testing.TB) {
	t.Helper()
	was := kdfMinimum
	kdfMinimum = KDF{MemoryKiB: 8, Passes: 1, Lanes: 1}
	t.Cleanup(func() { kdfMinimum = was })
}

// RealKDFMinimum is the production minimum.
func RealKDFMinimum() KDF { return kdfMinimum }

// ScaleKDF shows the arithmetic of the calibration.
func ScaleKDF(k KDF, took, target time.Duration) KDF { return scaleKDF(k, took, target) }
