package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// answer is how long the UI goroutine took to begin what was posted to it, and
// what it was doing meanwhile. Not all of it is the program's: its thread stood
// in the queue for a processor, waited for a page of memory to come from disk,
// or OpenGL painted without a graphics card, as under Xvfb.
type answer struct {
	Gap, Queued, Painted time.Duration
	Worked               time.Duration // on a processor, without the painting; -1 where the system does not tell
	// Waiting for a lock, a channel, a file, the garbage collector; without the
	// time in which what it waited for may itself have stood in the queue.
	Held  time.Duration
	Doing string // what it was seen doing besides painting
}

// own is the part that is the program's: what it worked and was held up.
func (a answer) own() time.Duration {
	rest := max(a.Gap-a.Queued-a.Painted, 0)
	if a.Worked < 0 {
		return rest
	}
	return min(rest, a.Worked+a.Held)
}

// answers are all of a while.
type answers struct {
	List   []answer
	Noisy  int           // moments that do not count, as the machine itself was late
	Stalls time.Duration // longest delay of the control
}

// watcher posts to the UI goroutine all the time, as clicks and keys do, and
// measures how long each waits. A control goroutine measures at the same time
// how late this machine wakes a thread that asks for nothing: a moment at which
// the control was late says nothing about the program.
type watcher struct {
	stop   atomic.Bool
	wait   sync.WaitGroup
	result answers

	mu      sync.Mutex
	late    []span                   // when the control was
	checked time.Time                // the control knows of all lateness until here
	pending time.Time                // of the post that waits now
	seen    []activity               // what the UI goroutine was doing meanwhile
	others  map[string]time.Duration // queues of the other threads at the first look
}

type span struct{ from, to time.Time }

const (
	quietly    = 15 * time.Millisecond // how late the control may be
	sampleFrom = 20 * time.Millisecond // waits longer than this are looked into
	sampleStep = 7 * time.Millisecond
)

func startWatch() *watcher {
	w := &watcher{}
	for _, loop := range []func(){w.control, w.sample, w.measure} {
		w.wait.Go(func() {
			for !w.stop.Load() {
				loop()
			}
		})
	}
	return w
}

func (w *watcher) control() {
	const nap = 3 * time.Millisecond
	from := time.Now()
	time.Sleep(nap)
	to := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.checked = to
	if by := to.Sub(from) - nap; by > quietly {
		w.late = append(w.late, span{from, to})
		w.result.Stalls = max(w.result.Stalls, by)
	}
}

func (w *watcher) measure() {
	ran, queued := threadTimes()
	from := time.Now()
	w.mu.Lock()
	w.pending, w.seen, w.others = from, nil, nil
	w.mu.Unlock()
	began := make(chan time.Time, 1)
	fyne.Do(func() { began <- time.Now() })
	to := <-began
	ranUntil, queuedUntil := threadTimes()
	w.mu.Lock()
	w.pending = time.Time{}
	a := answerOf(to.Sub(from), ranUntil-ran, queuedUntil-queued, w.seen)
	others := w.others
	w.mu.Unlock()
	if a.Held > 0 {
		a.Held = max(a.Held-longestQueue(others, queues()), 0)
	}
	for !w.stop.Load() && !w.judged(to) {
		time.Sleep(time.Duration(1+rand.IntN(6)) * time.Millisecond)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.wasLate(from, to) {
		w.result.Noisy++
	} else {
		w.result.List = append(w.result.List, a)
	}
}

// answerOf takes apart how long a post waited, by what was seen meanwhile.
func answerOf(gap, ran, queued time.Duration, seen []activity) answer {
	a := answer{Gap: gap, Queued: queued, Worked: ran}
	var paints, holds time.Duration
	for _, s := range seen {
		switch {
		case s.paints:
			paints++
			continue
		case s.held:
			holds++
		}
		a.Doing = s.what
	}
	if n := time.Duration(len(seen)); n > 0 {
		a.Painted, a.Held = gap*paints/n, gap*holds/n
		a.Queued = queued * (n - paints) / n // what lies in the painting counts there
		a.Worked = ran * (n - paints) / n
	}
	if ran == 0 && queued == 0 {
		a.Worked = -1
	}
	return a
}

// judged says that the control's word on all until then is in.
func (w *watcher) judged(until time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.checked.After(until)
}

func (w *watcher) wasLate(from, to time.Time) bool {
	for i := len(w.late) - 1; i >= 0 && w.late[i].to.After(from); i-- {
		if w.late[i].from.Before(to) {
			return true
		}
	}
	return false
}

// sample looks what the UI goroutine does while something waits for it.
func (w *watcher) sample() {
	time.Sleep(sampleStep)
	w.mu.Lock()
	since := w.pending
	w.mu.Unlock()
	if since.IsZero() || time.Since(since) < sampleFrom {
		return
	}
	others := queues()
	doing := whatTheWindowDoes()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pending == since {
		w.seen = append(w.seen, doing)
		if w.others == nil {
			w.others = others
		}
	}
}

// activity is what the UI goroutine was seen doing.
type activity struct {
	what   string
	paints bool // in software
	held   bool // it cannot go on before something else in the program does
}

// whatTheWindowDoes reads the stack of the first goroutine, which is the UI's.
func whatTheWindowDoes() activity {
	buf := make([]byte, 1<<20)
	text := string(buf[:runtime.Stack(buf, true)])
	_, text, _ = strings.Cut(text, "goroutine 1 [")
	text, _, _ = strings.Cut(text, "\n\n")
	return activityOf(text)
}

// activityOf reads a stack from its goroutine's state on.
func activityOf(stack string) activity {
	state, _, _ := strings.Cut(stack, "]")
	if strings.Contains(stack, "glfwSwapBuffers") || strings.Contains(stack, "/internal/gl.") || strings.Contains(stack, "gl.(*coreContext)") {
		return activity{what: state, paints: true}
	}
	var all, ours []string
	for line := range strings.Lines(stack) {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		all = append(all, strings.TrimSpace(line))
		if strings.Contains(line, "countinghouse/") {
			ours = append(ours, strings.TrimSpace(line[:max(strings.LastIndex(line, "("), 0)]))
		}
	}
	a := activity{what: strings.Join(ours[:min(len(ours), 6)], " < ")}
	if len(ours) == 0 {
		a.what = strings.Join(all[:min(len(all), 8)], " < ")
	}
	switch word, _, _ := strings.Cut(state, ","); {
	case strings.HasPrefix(word, "run"): // running, runnable
	case word == "syscall":
		a.held = !strings.Contains(stack, "._Cfunc_") // those are the display's
	case word == "select" && len(all) > 1 && strings.Contains(all[1], ".runGL("): // idle: the post is not here yet
	default:
		a.held = true
	}
	return a
}

func (w *watcher) end() answers {
	w.stop.Store(true)
	w.wait.Wait()
	return w.result
}

// threadTimes are how long the window's thread, which is the process's first,
// was on a processor and in the queue for one; both 0 where the system does not
// tell.
func threadTimes() (ran, queued time.Duration) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/schedstat", os.Getpid()))
	if err != nil {
		return 0, 0
	}
	if _, err := fmt.Sscan(string(data), (*int64)(&ran), (*int64)(&queued)); err != nil {
		return 0, 0
	}
	return ran, queued
}

// queues are how long each thread of the program but the window's stood in the
// queue for a processor.
func queues() map[string]time.Duration {
	all := map[string]time.Duration{}
	files, _ := filepath.Glob("/proc/self/task/*/schedstat")
	for _, file := range files {
		var ran, queued int64
		data, err := os.ReadFile(file)
		if err != nil || filepath.Base(filepath.Dir(file)) == strconv.Itoa(os.Getpid()) {
			continue // it has ended
		}
		if _, err := fmt.Sscan(string(data), &ran, &queued); err == nil {
			all[file] = time.Duration(queued)
		}
	}
	return all
}

// longestQueue is the longest that one thread stood in the queue meanwhile: as
// long, whoever holds a lock may not have had a processor to let it go.
func longestQueue(before, after map[string]time.Duration) (longest time.Duration) {
	for thread, was := range before {
		longest = max(longest, after[thread]-was)
	}
	return longest
}

// TestLongestQueue: threads that came or went meanwhile tell nothing.
func TestLongestQueue(t *testing.T) {
	const ms = time.Millisecond
	before := map[string]time.Duration{"1": 5 * ms, "2": 100 * ms, "gone": 70 * ms}
	after := map[string]time.Duration{"1": 45 * ms, "2": 110 * ms, "new": 500 * ms}
	if got := longestQueue(before, after); got != 40*ms {
		t.Errorf("%v, want 40ms", got)
	}
	if got := longestQueue(nil, after); got != 0 {
		t.Errorf("%v of no look, want 0", got)
	}
}

// TestActivity reads stacks as the runtime writes them.
func TestActivity(t *testing.T) {
	const rail = "countinghouse/ui/desktop/parts.(*Rail).SetCurrent(0x1, {0x2, 0x3})\n\t/x/rail.go:80 +0x1\ncountinghouse/ui/desktop.(*frame).open(0x4)\n\t/x/frame.go:1 +0x1\n"
	const inRail = "countinghouse/ui/desktop/parts.(*Rail).SetCurrent < countinghouse/ui/desktop.(*frame).open"
	for name, row := range map[string]struct {
		stack string
		want  activity
	}{
		"works":            {"running, locked to thread]:\n" + rail, activity{what: inRail}},
		"waits for a lock": {"sync.Mutex.Lock, locked to thread]:\nsync.(*Mutex).Lock(...)\n\t/x\n" + rail, activity{what: inRail, held: true}},
		"reads a file":     {"syscall, locked to thread]:\nsyscall.Syscall(0x0)\n\t/x\n" + rail, activity{what: inRail, held: true}},
		"paints":           {"syscall, locked to thread]:\nfyne.io/fyne/v2/internal/driver/glfw._Cfunc_glfwSwapBuffers(0x1)\n", activity{what: "syscall, locked to thread", paints: true}},
		"asks the display": {"syscall, locked to thread]:\ngithub.com/go-gl/glfw._Cfunc_glfwPollEvents()\n" + rail, activity{what: inRail}},
		"idle": {"select, locked to thread]:\nfyne.io/fyne/v2/internal/driver/glfw.(*gLDriver).runGL(0x1)\n\t/x\n",
			activity{what: "select, locked to thread]: < fyne.io/fyne/v2/internal/driver/glfw.(*gLDriver).runGL(0x1)"}},
	} {
		if got := activityOf(row.stack); got != row.want {
			t.Errorf("%s: %+v, want %+v", name, got, row.want)
		}
	}
}

// TestOwnPart: what the program did counts, what the machine did does not.
func TestOwnPart(t *testing.T) {
	const ms = time.Millisecond
	works, holds, paints := activity{what: "a"}, activity{what: "b", held: true}, activity{paints: true}
	for name, row := range map[string]struct {
		gap, ran, queued time.Duration
		seen             []activity
		want             time.Duration
	}{
		"worked":                        {200 * ms, 199 * ms, 0, []activity{works, works}, 199 * ms},
		"in the queue":                  {200 * ms, 20 * ms, 180 * ms, []activity{works, works}, 20 * ms},
		"on the disk":                   {400 * ms, 10 * ms, 0, []activity{works, works}, 10 * ms},
		"held by a lock":                {300 * ms, 1 * ms, 0, []activity{holds, holds}, 300 * ms},
		"painted":                       {300 * ms, 300 * ms, 0, []activity{paints, paints}, 0},
		"painted a half, worked a half": {300 * ms, 300 * ms, 0, []activity{paints, works}, 150 * ms},
		"a system that does not tell":   {200 * ms, 0, 0, []activity{works}, 200 * ms},
		"too short for a look":          {15 * ms, 12 * ms, 1 * ms, nil, 12 * ms},
	} {
		if got := answerOf(row.gap, row.ran, row.queued, row.seen).own(); got != row.want {
			t.Errorf("%s: %v is the program's, want %v", name, got, row.want)
		}
	}
}
