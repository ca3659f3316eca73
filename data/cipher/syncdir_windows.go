package cipher

// syncDir does nothing: Windows has no handle to a folder that can be synced,
// and NTFS journals the rename itself.
func syncDir(string) error { return nil }
