package vault

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/crypto/argon2"
)

// KDF are the parameters of Argon2id (RFC 9106) for one slot.
type KDF struct {
	// MemoryKiB is the memory of one derivation, in KiB.
	MemoryKiB uint32 `json:"memory_kib"`
	// Passes over that memory.
	Passes uint32 `json:"passes"`
	// Lanes that may run in parallel.
	Lanes uint8 `json:"lanes"`
}

// kdfMinimum is RFC 9106's second recommended option. It is what a calibration
// starts from and what a file must have at least: a weakened file is refused.
var kdfMinimum = KDF{MemoryKiB: 64 << 10, Passes: 3, Lanes: 4}

const (
	// kdfMemoryKiB is what new slots use: twice the minimum, and still small
	// beside the memory that the program is allowed.
	kdfMemoryKiB = 128 << 10
	// The most that a file may ask for: memory that a small laptop can spare,
	// and some ten seconds of its time.
	kdfMaxMemoryKiB = 512 << 10
	kdfMaxPasses    = 64
	kdfMaxLanes     = 16
	kdfMaxWorkKiB   = 8 << 20 // memory x passes

	// KDFTarget is how long one passphrase guess takes where it was set.
	KDFTarget = time.Second
)

// check enforces the bounds on what a file says.
func (k KDF) check() error {
	low := kdfMinimum
	if k.MemoryKiB < low.MemoryKiB || k.Passes < low.Passes || k.Lanes < 1 {
		return fmt.Errorf("%w (%d KiB, %d passes)", ErrWeakened, k.MemoryKiB, k.Passes)
	}
	if k.MemoryKiB > kdfMaxMemoryKiB || k.Passes > kdfMaxPasses || k.Lanes > kdfMaxLanes ||
		uint64(k.MemoryKiB)*uint64(k.Passes) > kdfMaxWorkKiB {
		return fmt.Errorf("%w (%d KiB, %d passes, %d lanes)", ErrTooCostly, k.MemoryKiB, k.Passes, k.Lanes)
	}
	return nil
}

func (k KDF) derive(passphrase, salt []byte) []byte {
	return argon2.IDKey(passphrase, salt, k.Passes, k.MemoryKiB, k.Lanes, KeySize)
}

// calibrate measures this machine once and returns parameters that take about
// target here, never below the minimum. A busy machine makes it choose fewer
// passes, at worst the minimum.
func calibrate(ctx context.Context, target time.Duration) (KDF, error) {
	if err := ctx.Err(); err != nil {
		return KDF{}, fmt.Errorf("calibrate passphrase protection: %w", err)
	}
	k := kdfMinimum
	start := time.Now()
	k.derive([]byte("calibration"), make([]byte, saltSize))
	took := max(time.Since(start), time.Microsecond)
	return scaleKDF(k, took, target), nil
}

// scaleKDF grows k, of which one derivation took so long, to about target:
// memory first, as that is what makes guessing on special hardware dear.
func scaleKDF(k KDF, took, target time.Duration) KDF {
	perPass := took / time.Duration(k.Passes)
	if k.MemoryKiB < kdfMemoryKiB && k.MemoryKiB >= 64<<10 {
		grown := perPass * time.Duration(kdfMemoryKiB/k.MemoryKiB)
		if grown*time.Duration(k.Passes) <= target {
			k.MemoryKiB, perPass = kdfMemoryKiB, grown
		}
	}
	limit := min(int64(kdfMaxPasses), kdfMaxWorkKiB/int64(k.MemoryKiB))
	passes := min(int64(target/max(perPass, 1)), limit)
	k.Passes = max(k.Passes, uint32(passes))
	return k
}
