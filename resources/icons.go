package resources

import "embed"

//go:embed icons/*.svg
var icons embed.FS

// Icon gives one of our icons as SVG of one colour; nil when there is none of
// that name. A test proves that every screen has one.
func Icon(name string) []byte {
	data, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return nil
	}
	return data
}
