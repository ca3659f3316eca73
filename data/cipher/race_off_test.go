//go:build !race

package cipher_test

// raced is true under the race detector, which multiplies memory.
const raced = false
