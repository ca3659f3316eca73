package desktop

import (
	"context"
	"errors"
	"time"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// job is long work that the user asked for: an import, an export, a rebuild.
type job struct {
	name        string
	cancel      context.CancelFunc
	done, total int64
	began       time.Time
}

// busy runs long work off the UI goroutine, with progress and cancel in the
// status line. Its result, or the error's sentence, stands there afterwards,
// and the current screen is loaded again.
func (f *frame) busy(name string, work func(ctx context.Context, progress func(done, total int64)) (string, error)) {
	ctx, cancel := context.WithCancel(f.env.ctx)
	j := &job{name: name, cancel: cancel, began: f.d.p.Now()}
	f.jobs = append(f.jobs, j)
	f.notice = ""
	f.showStatus()
	throttle := newThrottle(f.env.post, f.showStatus)
	f.work.Add(1)
	go func() {
		defer f.work.Done()
		defer cancel()
		result, err := work(ctx, func(done, total int64) {
			throttle.do(func() { j.done, j.total = done, total })
		})
		f.env.post(func() { f.jobEnded(j, result, err) })
	}()
}

func (f *frame) jobEnded(j *job, result string, err error) {
	for i := range f.jobs {
		if f.jobs[i] == j {
			f.jobs = append(f.jobs[:i], f.jobs[i+1:]...)
			break
		}
	}
	switch {
	case errors.Is(err, context.Canceled):
		result = f.d.words.T("frame.stopped", j.name)
	case err != nil:
		result = f.d.words.T("frame.job_failed", j.name, oneLine(plainError(f.d.words, err)))
	}
	if err != nil && f.locked { // nobody sees the status line
		f.untold = append(f.untold, result)
	}
	if f.d.frame != f {
		return
	}
	f.notify(result)
	f.refresh()
}

// notify says a short word in the status line, until something else is said.
func (f *frame) notify(sentence string) {
	f.notice = sentence
	f.showStatus()
}

// cancelWork stops what the status line shows.
func (f *frame) cancelWork() {
	if n := len(f.jobs); n > 0 {
		f.jobs[n-1].cancel()
		return
	}
	f.sync.cancelRun()
}

// showStatus sets the status line: the newest job, else the syncing, else the
// last notice, else how old the data are.
func (f *frame) showStatus() {
	if f.d.frame != f && f.d.frame != nil {
		return
	}
	w := f.d.words
	s := f.sync.status()
	if n := len(f.jobs); n > 0 {
		j := f.jobs[n-1]
		s = parts.Status{Sentence: j.name, Tone: parts.Accent, Working: true, Done: -1, Cancel: w.T("frame.cancel"), Note: s.Note}
		if j.total > 0 {
			s.Done = float32(float64(j.done) / float64(j.total))
			s.Left = leftOf(f.d.p.Now().Sub(j.began), float64(s.Done), w, f.d.loc)
		}
	} else if f.notice != "" && !s.Working {
		s.Sentence = f.notice
	}
	f.line.Set(s)
	f.header.setSyncing(s.Working)
}

// leftOf guesses from the pace so far how long work goes on of which a share
// from 0 to 1 is done; not in the first seconds, and not of what stands still.
func leftOf(took time.Duration, share float64, words *i18n.Words, loc *format.Locale) string {
	if took < 3*time.Second || took > 24*time.Hour || share <= 0.02 || share >= 1 {
		return ""
	}
	left := time.Duration(float64(took) / share * (1 - share))
	if left < time.Minute {
		return words.T("frame.seconds_left", loc.Count(int64(left/time.Second)+1))
	}
	return words.T("frame.minutes_left", loc.Count(int64((left+time.Minute-1)/time.Minute)))
}

// lock hides the book and forgets the personal key, while syncing goes on.
func (f *frame) lock() {
	if f.locked {
		return
	}
	f.locked = true
	f.closeScreens()
	f.history = nil
	for _, o := range f.d.window.Canvas().Overlays().List() {
		f.d.window.Canvas().Overlays().Remove(o)
	}
	f.d.showLocked(f)
	f.work.Add(1)
	go func() {
		defer f.work.Done()
		f.sync.pause(func() {
			f.s.Vault.DropPersonal()
			// Closing personal.db can fail only after its key is gone.
			_ = f.s.Book.DropPeople()
		})
	}()
}
