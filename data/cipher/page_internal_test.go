package cipher

import (
	"testing"
)

func BenchmarkPage(b *testing.B) {
	codec, err := newPageCodec(NewKey(), [SaltSize]byte{1})
	if err != nil {
		b.Fatal(err)
	}
	plain, page := make([]byte, PageSize), make([]byte, PageSize)
	b.Run("encrypt", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(PageSize)
		for b.Loop() {
			codec.encrypt(2, plain, page)
		}
	})
	b.Run("decrypt", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(PageSize)
		for b.Loop() {
			if !codec.decrypt(2, page, plain) {
				b.Fatal("not authentic")
			}
		}
	})
	b.Run("authentic", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(PageSize)
		for b.Loop() {
			if !codec.authentic(2, page) {
				b.Fatal("not authentic")
			}
		}
	})
}
