package devchat

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Options describe a session. Bot.Script and Screen are required.
type Options struct {
	// Bot is how the bot runs. The session sets what makes it run here: OpenCore,
	// Ephemeral, Watch, Reloaded, Grace, ShowTexts and Lab.
	Bot    host.Options
	Screen Screen
	// As is the name of the person who writes first.
	As string
	// Live lets time flow with the machine's clock, as for a person at a terminal.
	Live bool
	// Wait is how much time may pass at the end of the input, where it is not Live.
	Wait time.Duration
	// Record takes the session as a test case when it ends; "" for not.
	Record string
}

// Session is a bot on a simulated network and the people who talk to it.
type Session struct {
	opts   Options
	net    *sim.Network
	clock  *sim.Timers
	screen Screen
	bot    *host.Host
	core   atomic.Pointer[sim.Core]
	// stopping is set by bot.stop, some time before the bot has stopped.
	stopping atomic.Bool
	cancel   context.CancelFunc
	ended    chan error // what the host ended with
	name     string     // the bot's, as people see it
	flowed   time.Time  // until when time has flowed, by the machine's clock

	people  []*person
	current *person
	record  *recorder
	stale   bool // the words to complete may have changed
	refused int  // lines that were

	mu   sync.Mutex // guards news and the words to complete
	news []func()   // what other goroutines have to tell
	words
}

// Start starts the bot and connects the first person to it. It returns when the
// bot can be written to, or with the error of the script where it does not load.
// Close ends the session.
func Start(ctx context.Context, o Options) (*Session, error) {
	s := &Session{opts: o, clock: sim.NewTimers(time.Now()), screen: o.Screen, ended: make(chan error, 1), flowed: time.Now()}
	s.net = sim.New(sim.Options{Clock: s.clock.Virtual})
	b := o.Bot
	b.Ephemeral, b.OpenCore, b.Watch, b.Reloaded, b.Grace, b.Lab.Clock = true, s.open, true, s.reloaded, -1, s.clock
	b.Lab.Stopped = func() { s.stopping.Store(true) }
	if o.Live {
		var once sync.Once
		b.Lab.Untaken = func() { once.Do(func() { s.later(s.untaken) }) }
	}
	b.Log, b.ShowTexts = newProblemLog(b.Log, s), true // there are no people whose words could leak
	bot, err := host.New(b)
	if err != nil {
		return nil, err
	}
	s.bot = bot
	run, cancel := context.WithCancel(ctx)
	s.cancel = cancel
	go func() { s.ended <- bot.Run(run) }() // Close waits for it
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// begin returns when the first person has connected.
func (s *Session) begin(ctx context.Context) error {
	select {
	case <-s.bot.Ready():
	case <-s.bot.Done():
		if err := <-s.ended; err != nil {
			return err
		}
		return errors.New("the bot stopped while it was starting")
	case <-ctx.Done():
		return ctx.Err()
	}
	name, err := s.core.Load().UserName(ctx)
	if err != nil {
		return err
	}
	s.name = name
	if s.opts.Record != "" {
		r, err := newRecorder(s.opts.Record, s.opts.Bot.Script, s.clock.Now)
		if err != nil {
			return err
		}
		s.record = r
	}
	if s.opts.Live {
		s.screen.Note(fmt.Sprintf("%s (%s) on a simulated network: nothing leaves this machine.", s.name, filepath.Base(s.opts.Bot.Script)))
		s.screen.Note(fmt.Sprintf("You write as %q. :help lists what there is, TAB completes, Ctrl+D ends.", s.opts.As))
	}
	return s.enter(ctx, s.opts.As)
}

// untaken tells a person why nothing happens.
func (s *Session) untaken() {
	s.screen.Note("No handler took this message; a filter may be too narrow. This is told once.")
}

func (s *Session) open(_ context.Context, db host.Database) (chat.Core, error) {
	core, err := s.net.OpenBot(db.Key, db.Confirm)
	if err != nil {
		return nil, err
	}
	s.core.Store(core)
	return core, nil
}

// Close stops the bot and writes the recording. The second call does nothing.
func (s *Session) Close() error {
	s.cancel()
	<-s.bot.Done()
	s.net.Close()
	var err error
	select {
	case err = <-s.ended:
	default:
	}
	s.tellNews()
	return errors.Join(err, s.endRecord())
}

// endRecord writes the recording.
func (s *Session) endRecord() error {
	r := s.record
	if r == nil {
		return nil
	}
	s.record = nil
	n, err := r.save()
	switch {
	case err != nil:
		return fmt.Errorf("record: %w", err)
	case n == 0:
		s.screen.Note("nothing was recorded")
	default:
		s.screen.Note(fmt.Sprintf("recorded; try it: simplex-lua test %s", r.path))
	}
	return nil
}

// later has f called by the session's goroutine, with what it shows next.
func (s *Session) later(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.news = append(s.news, f)
}

func (s *Session) tellNews() {
	s.mu.Lock()
	news := s.news
	s.news = nil
	s.mu.Unlock()
	for _, f := range news {
		f()
	}
}

// reloaded tells how a reload ended, with the script's line where it failed.
func (s *Session) reloaded(generation int, err error) {
	s.later(func() {
		s.stale = true
		if err == nil {
			s.screen.Note(fmt.Sprintf("reloaded: version %d of the script", generation))
			s.record.reloaded()
			return
		}
		s.screen.Note(fmt.Sprintf("not reloaded, version %d goes on:", generation))
		s.screen.Problem(problemOf(err))
	})
}

// problemOf takes the place out of an error of the script.
func problemOf(err error) Problem {
	var script *luaapi.ScriptError
	if errors.As(err, &script) {
		return Problem{Text: script.Where(), Line: script.Line, Code: script.Source}
	}
	return Problem{Text: err.Error()}
}
