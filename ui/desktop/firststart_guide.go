package desktop

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"countinghouse/resources"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// connectRegions are Amazon's, with where its seller pages are: the first one
// to open, and all of the region's.
var connectRegions = []struct{ id, site, sites string }{
	{"NA", "sellercentral.amazon.com", "sellercentral.amazon.com · .ca · .com.mx · .com.br"},
	{"EU", "sellercentral-europe.amazon.com", "sellercentral-europe.amazon.com · sellercentral.amazon.com.tr · .in · .ae · .sa · .eg · .co.za"},
	{"FE", "sellercentral.amazon.co.jp", "sellercentral.amazon.co.jp · .com.au · .sg"},
}

// guideSteps is what to click in Seller Central, step by step, with a small
// picture of ours beside each.
func guideSteps(e *env, region string) fyne.CanvasObject {
	box := container.NewVBox()
	for _, r := range connectRegions {
		if r.id != region {
			continue
		}
		for i, text := range strings.Split(e.words.T("first.steps", r.site), "\n\n") {
			picture := canvas.NewImageFromResource(guidePicture(i + 1))
			picture.FillMode = canvas.ImageFillContain
			picture.SetMinSize(fyne.NewSize(theme.Scaled(144), theme.Scaled(92)))
			number := parts.NewLabel(e.loc.Count(int64(i+1)), theme.TextSection, parts.Accent).Bold().Whole()
			step := parts.NewBorder(nil, nil, container.NewHBox(container.NewVBox(picture), gap(theme.Space2)), nil, container.NewVBox(number, flushText(text, parts.Normal)))
			box.Add(step)
			box.Add(gap(theme.Space1))
		}
		box.Add(caption(e.words.T("first.sites", r.sites), parts.Muted))
	}
	return box
}

// guidePicture is one of the drawings guide-1 to guide-4 in the colours of the
// theme; the files hold placeholders.
func guidePicture(n int) fyne.Resource {
	k := theme.Now()
	text, name := string(resources.Icon(fmt.Sprintf("guide-%d", n))), fmt.Sprintf("guide-%d", n)
	for i, c := range []color.Color{k.Paper, k.Sheet, k.Edge, k.Ink2, k.Accent, k.Selected, k.OnAccent} {
		r, g, b, _ := c.RGBA()
		hex := fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
		text = strings.ReplaceAll(text, fmt.Sprintf("#%02d%02d%02d", i+1, i+1, i+1), hex)
		name += hex
	}
	return fyne.NewStaticResource(name+".svg", []byte(text))
}
