package desktop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/accounts"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// cashMaxFile is the largest bank file that is read.
const cashMaxFile = 64 << 20 // bytes

// cashReadBank reads a bank's file.
func cashReadBank(path string, hint accounts.BankHint) (accounts.BankFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return accounts.BankFile{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, cashMaxFile))
	if err != nil {
		return accounts.BankFile{}, err
	}
	return accounts.ReadBank(data, hint)
}

// askBank asks for a bank's file and shows what it is before anything is stored.
func (s *cashScreen) askBank() {
	t := s.e.words.T
	chooseFile(s.e, fileChoice{Title: t("cash.import.title"), Ends: []string{".csv", ".txt", ".CSV", ".TXT"}, Word: t("cash.import.read")}, func(path string) {
		s.readBank(path, accounts.BankHint{Currency: s.currency})
	})
}

func (s *cashScreen) readBank(path string, hint accounts.BankHint) {
	t := s.e.words.T
	s.works.run(func(ctx context.Context) (func(), error) {
		f, err := cashReadBank(path, hint)
		if err != nil {
			return nil, err
		}
		in, err := s.e.s.Book.PickBankLines(ctx, "Bank", filepath.Base(path), f)
		if err != nil {
			return nil, err
		}
		return func() { s.previewBank(path, f, in) }, nil
	}, func(err error) {
		switch {
		case errors.Is(err, accounts.ErrBankDays):
			s.askDays(path, hint)
		case errors.Is(err, accounts.ErrBankColumns):
			tell(s.e, t("cash.import.title"), parts.NewParagraph(t("cash.import.columns"), parts.Normal), fyne.NewSize(480, 220))
		default:
			tell(s.e, t("cash.import.title"), parts.NewParagraph(errorLine(err), parts.Loss), fyne.NewSize(480, 220))
		}
	})
}

// askDays asks what nobody can know: whether the day or the month comes first.
func (s *cashScreen) askDays(path string, hint accounts.BankHint) {
	t := s.e.words.T
	var m *modal
	button := func(word, order string) fyne.CanvasObject {
		return parts.NewButton(t(word), parts.Quiet, func() {
			m.hide()
			hint.Days = order
			s.readBank(path, hint)
		})
	}
	m = newModal(s.e, t("cash.import.title"), parts.NewParagraph(t("cash.import.days"), parts.Normal), fyne.NewSize(480, 240),
		button("cash.import.dmy", "dmy"), button("cash.import.mdy", "mdy"))
	m.show()
}

// previewBank says what the file is, and stores its lines when the user says so.
func (s *cashScreen) previewBank(path string, f accounts.BankFile, in store.BankImport) {
	t, loc := s.e.words.T, s.e.loc
	form := container.New(layout.NewFormLayout())
	for _, role := range []string{"date", "amount", "credit", "debit", "currency", "text"} {
		if f.Columns[role] != "" {
			form.Add(parts.NewLabel(t("cash.import."+role), theme.TextBody, parts.Muted).Whole())
			form.Add(parts.NewLabel(f.Columns[role], theme.TextBody, parts.Normal))
		}
	}
	box := container.NewVBox(parts.NewLabel(filepath.Base(path), theme.TextBody, parts.Normal).Bold(), form,
		parts.NewParagraph(t("cash.import.kept", loc.Count(int64(len(in.Lines))), loc.Count(int64(in.Other))), parts.Normal))
	if len(f.Bad) > 0 {
		box.Add(parts.NewParagraph(t("cash.import.bad", loc.Count(int64(len(f.Bad))), loc.Count(int64(f.Bad[0].Line)), f.Bad[0].Why), parts.Loss))
	}
	var m *modal
	buttons := []fyne.CanvasObject{parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() })}
	if len(in.Lines) > 0 && len(f.Bad) == 0 {
		buttons = append(buttons, parts.NewButton(t("cash.import.keep"), parts.Primary, func() {
			m.hide()
			s.storeBank(in)
		}))
	}
	m = newModal(s.e, t("cash.import.title"), box, fyne.NewSize(560, 360), buttons...)
	m.show()
}

func (s *cashScreen) storeBank(in store.BankImport) {
	s.works.run(func(ctx context.Context) (func(), error) {
		added := 0
		err := s.e.s.Book.Write(ctx, func(tx *store.Tx) (err error) {
			if added, err = tx.PutBankLines(in.Lines); err != nil {
				return err
			}
			return tx.Audit("import", fmt.Sprintf("bank file with %d lines of Amazon, %d of them new", len(in.Lines), added))
		})
		if err != nil {
			return nil, err
		}
		return func() {
			s.e.notify(s.text().counted("cash.import.done", added))
			s.load(s.route)
		}, nil
	}, func(err error) { s.e.notify(errorLine(err)) })
}
