package desktop

import (
	"bytes"
	"context"
	"errors"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"github.com/go-text/typesetting/font"

	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// checkFont refuses a file that the window could not write with.
func checkFont(path string) error {
	res, err := readFont(path)
	if err != nil {
		return err
	}
	_, err = font.ParseTTF(bytes.NewReader(res.Content()))
	return err
}

// entry is a line of a list: what, a caption below it, an action at its right.
func settingsEntry(tone parts.Tone, what, below string, action fyne.CanvasObject) fyne.CanvasObject {
	var head fyne.CanvasObject = parts.NewLabel(what, theme.TextBody, tone).Bold()
	if action != nil {
		head = parts.NewBorder(nil, nil, nil, action, head)
	}
	return container.NewVBox(head, caption(below, parts.Muted), spacer(theme.Space1))
}

func (s *settingsScreen) connectionCard() fyne.CanvasObject {
	t, loc := s.e.words.T, s.e.loc
	list := container.NewVBox()
	for _, c := range s.facts.connections {
		state := t("settings.connection.files")
		var action fyne.CanvasObject
		if c.Kind == store.KindAPI {
			state = t("settings.connection."+c.State, loc.Date(c.StateAt.Local()))
			if c.StateReason != "" {
				state += " " + whyOf(s.e.words, c.StateReason)
			}
			switch c.State {
			case store.StateActive:
				if until := s.renewalText(c.ID); until != "" {
					state += " " + until
				}
				action = container.NewHBox(parts.NewButton(t("settings.renew"), parts.Text, func() { s.askRenewals(c) }),
					parts.NewButton(t("settings.disconnect"), parts.Text, func() { s.askDisconnect(c) }))
			case store.StatePaused:
				action = parts.NewButton(t("connect.resume"), parts.Text, func() {
					s.change(t("connect.resumed", accountLabel(c.ID)), func(ctx context.Context) error { return s.e.s.Resume(ctx, c.ID) })
				})
			default:
				action = parts.NewButton(t("settings.reconnect"), parts.Text, func() { s.e.show(route{Screen: "connect", Account: c.ID}) })
			}
		}
		tone := parts.Normal
		if connectionTone(c.State) == parts.Loss {
			tone = parts.Loss
		}
		name := accountLabel(c.ID)
		if name != c.Region {
			name += " · " + c.Region
		}
		if c.SellerID != "" {
			name += " · " + c.SellerID
		}
		list.Add(settingsEntry(tone, name, state, action))
	}
	if len(s.facts.connections) == 0 {
		list.Add(flushText(t("settings.connection.none"), parts.Muted))
	}
	list.Add(container.NewHBox(parts.NewButton(t("settings.connect"), parts.Quiet, func() { s.e.show(route{Screen: "connect"}) })))
	return parts.NewCard(t("settings.connections"), loc.Count(int64(len(s.facts.connections))), list)
}

func (s *settingsScreen) askDisconnect(c store.Connection) {
	t := s.e.words.T
	confirm(s.e, t("settings.disconnect.title", accountLabel(c.ID)), t("settings.disconnect.text"), t("settings.disconnect"), parts.Danger, func() {
		s.change(t("settings.disconnect.done", accountLabel(c.ID)), func(ctx context.Context) error { return s.e.s.Disconnect(ctx, c.ID) })
	})
}

// openCostFile opens a cost list.
func openCostFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxCostFile {
		err = errors.New("the file is larger than any cost list")
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

const maxCostFile = 64 << 20
