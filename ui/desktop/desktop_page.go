package desktop

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// centred is the layout of a page outside the frame: objects below each other,
// no wider than width, in the middle of the window.
type centred struct{ width float32 }

func (c centred) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	gap := theme.Scaled(theme.Space4)
	width := min(theme.Scaled(c.width), size.Width-2*theme.Scaled(theme.Space5))
	height := -gap
	for _, o := range objects {
		if o.Visible() {
			// What wraps knows its height once it has its width.
			o.Resize(fyne.NewSize(width, o.MinSize().Height))
			o.Resize(fyne.NewSize(width, o.MinSize().Height))
			height += o.Size().Height + gap
		}
	}
	y := max((size.Height-height)*0.42, theme.Scaled(theme.Space5))
	for _, o := range objects {
		if o.Visible() {
			o.Move(fyne.NewPos((size.Width-width)/2, y))
			y += o.Size().Height + gap
		}
	}
}

func (c centred) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			s.Height += o.MinSize().Height + theme.Scaled(theme.Space4)
			s.Width = max(s.Width, o.MinSize().Width)
		}
	}
	return s.Add(fyne.NewSize(2*theme.Scaled(theme.Space5), 2*theme.Scaled(theme.Space5)))
}

// onPage centres objects in the window; what is too high scrolls.
func onPage(width float32, objects ...fyne.CanvasObject) fyne.CanvasObject {
	return parts.NewScroll(container.New(centred{width}, objects...))
}

// heading is the mark, a title and a sentence below it.
func heading(title, sentence string) fyne.CanvasObject {
	mark := canvas.NewImageFromResource(icon("mark"))
	mark.FillMode = canvas.ImageFillContain
	mark.SetMinSize(fyne.NewSquareSize(theme.Scaled(28)))
	line := container.NewHBox(mark, gap(theme.Space1), parts.NewLabel(title, theme.TextFigure, parts.Normal).Bold().Whole())
	if sentence == "" {
		return line
	}
	return container.NewVBox(line, tight(parts.NewParagraph(sentence, parts.Normal)))
}

// tight takes back the inner padding of Fyne's label, so that paragraphs stand
// on the same left edge as everything else.
func tight(o fyne.CanvasObject) fyne.CanvasObject {
	in := -theme.Scaled(theme.Space2)
	return container.New(layout.NewCustomPaddedLayout(in/2, in/2, in, in), o)
}

// field is a labelled entry.
func field(label string, entry fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVBox(parts.NewLabel(label, theme.TextBody, parts.Muted).Whole(), entry)
}

// secretEntry is a masked entry; it is never kept and has no undo on screen.
func secretEntry(placeholder string) *parts.Entry {
	e := parts.NewSecretEntry()
	e.PlaceHolder = placeholder
	return e
}

// sentenceBox is a line for what went wrong. Its room is kept while it is
// empty: what is shown later would not be laid out, and the page would jump.
type sentenceBox struct {
	box   *fyne.Container // what stands on the page; Fyne paints plain containers only
	label *parts.Paragraph
}

func newSentenceBox() *sentenceBox {
	l := parts.NewParagraph("", parts.Loss)
	return &sentenceBox{box: container.NewStack(tight(l)), label: l}
}

// say shows a sentence in a tone; an empty one clears the line.
func (b *sentenceBox) say(text string, tone parts.Tone) {
	b.label.Importance = widget.DangerImportance
	if tone == parts.Normal || tone == parts.Muted {
		b.label.Importance = widget.MediumImportance
	}
	b.label.SetText(text)
}

// buttons stands buttons side by side, the first one left.
func buttons(list ...fyne.CanvasObject) fyne.CanvasObject {
	row := container.NewHBox()
	for _, b := range list {
		if len(row.Objects) > 0 {
			row.Add(gap(theme.Space2))
		}
		row.Add(b)
	}
	row.Add(layout.NewSpacer())
	return row
}

// flushLeft stands a button without a frame so that its words begin where the
// page's other words do.
func flushLeft(b *parts.Button) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, -theme.Scaled(theme.Space1), 0), buttons(b))
}

// tall keeps a height that what stands above it may exceed.
func tall(height float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(0, theme.Scaled(height)))
	return r
}

func gap(size float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSquareSize(theme.Scaled(size)))
	return r
}

// showWorking shows one sentence while something ends or begins.
func (d *Desktop) showWorking(sentence string) {
	bar := widget.NewProgressBarInfinite()
	d.show(pageWorking, onPage(420, parts.NewCard("", "", container.NewVBox(tight(parts.NewParagraph(sentence, parts.Normal)), bar))))
}
