// Package charts turns numbers into pictures and geometry: line, area, bar,
// stacked bar, waterfall and sparkline.
//
// It owns scales, ticks and shapes. It writes no text: the window sets axis
// labels and hover values beside and above the picture, in the reader's
// language and font, at the positions a [Plot] gives. It knows no money, no
// theme and no widgets, and imports nothing of ours; go-chart's rasteriser
// stays in raster.go, where it can be replaced.
//
// Positions are in the window's device-independent units from the top left
// of the picture; pixels are those times Scale. All functions are pure and
// safe for concurrent use.
//
//	plot, err := charts.Draw(charts.Spec{
//		Size:  charts.Size{Width: 600, Height: 240, Scale: 2},
//		Count: 3,
//		Series: []charts.Series{{Name: "Sales", Shape: charts.Bar, Y: []float64{3, 5, -1}, Color: teal}},
//	})
package charts
