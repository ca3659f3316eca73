// Package session opens a book for a user: it puts the key file (data/vault),
// the databases (data/store) and the client of Amazon (sync/spapi) together.
// The terminal and the window share it, so that both open a book the same way.
//
// A Session belongs to whoever opened it, and Close ends everything in it. It
// shows nothing and asks nothing.
//
//	s, err := session.Open(ctx, place, "My shop", vault.ByKeychain())
//	defer s.Close()
//	result, err := s.Engine(report).Once(ctx)
package session
