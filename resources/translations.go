package resources

import "embed"

// Translations holds the interface's words: one folder per language (en, ja,
// de, zh-Hans), in each the same files (one per screen), each a JSON object of
// key to text. English is complete; a test keeps the others so.
//
//go:embed translations
var Translations embed.FS
