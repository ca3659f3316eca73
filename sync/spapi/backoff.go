package spapi

import (
	"crypto/rand"
	"encoding/binary"
	"time"
)

// Waits of the two kinds of failure. A 429 says that our idea of the budget is
// wrong, so it waits long; a failing server or line recovers sooner.
const (
	throttleBase = 2 * time.Second
	failureBase  = time.Second
	failureMax   = time.Minute

	maxThrottled = 8 // 429 answers of one call before ErrThrottled
	maxFailures  = 5 // attempts at a failing server
	maxOffline   = 3 // attempts without a way to it
)

// Backoff is the wait after the failed attempt number attempt (0 is the
// first): it doubles from base up to ceiling, and the upper half of it is
// chance, so that clients that failed together do not come back together.
// random is any number; uniform ones give a uniform wait.
func Backoff(attempt int, base, ceiling time.Duration, random uint64) time.Duration {
	d := ceiling
	if attempt < 0 {
		attempt = 0
	}
	if attempt < 32 && base < ceiling>>attempt {
		d = base << attempt
	}
	half := d / 2
	return d - half + time.Duration(random%uint64(half+1))
}

// cryptoRandom is the default of Config.Random.
func cryptoRandom() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return binary.LittleEndian.Uint64(b[:])
}
