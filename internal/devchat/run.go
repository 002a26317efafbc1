package devchat

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
)

// lookEvery is how often a session looks for what no line of input caused.
const lookEvery = 20 * time.Millisecond

// Refused counts the lines that Run could not carry out. It is for after Run.
func (s *Session) Refused() int { return s.refused }

// Run carries out lines until they end, the bot stops, or ctx ends. The error is
// that of the input, or what the bot failed with.
func (s *Session) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lines, failed := s.read(ctx, cancel)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return s.show()
		case <-s.bot.Done():
			return s.stopped()
		case <-look.C:
			if s.opts.Live {
				s.flow()
			}
			if err := s.show(); err != nil {
				return err
			}
		case line, more := <-lines:
			if !more {
				return errors.Join(<-failed, s.finish(ctx))
			}
			if !s.running() {
				return s.stopped()
			}
			if quit, err := s.take(ctx, line); quit || err != nil {
				return ignoreEnd(err)
			}
		}
	}
}

func (s *Session) running() bool {
	select {
	case <-s.bot.Done():
		return false
	default:
		return true
	}
}

// stopped tells that the script has stopped the bot, after its last words.
func (s *Session) stopped() error {
	err := s.show()
	s.screen.Note("The bot has stopped.")
	return err
}

// read reads lines in a goroutine that ends with the input; where that blocks
// for ever, with the program. A person who ends the input waits for nothing, so
// it calls cancel then.
func (s *Session) read(ctx context.Context, cancel func()) (lines chan string, failed chan error) {
	lines, failed = make(chan string), make(chan error, 1)
	go func() {
		defer close(lines)
		for {
			line, err := s.screen.ReadLine()
			if err != nil {
				if errors.Is(err, io.EOF) {
					err = nil
				}
				failed <- err
				if s.opts.Live {
					cancel()
				}
				return
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines, failed
}

// perLine is how much time passes with a line where it does not flow.
const perLine = time.Second

// take carries out a line and tells what was wrong with it.
func (s *Session) take(ctx context.Context, line string) (quit bool, err error) {
	quit, err = s.line(ctx, line)
	s.stale = true
	switch {
	case errors.Is(err, context.Canceled):
		return quit, err
	case err != nil:
		s.screen.Hint(err)
		s.refused++
	}
	if s.opts.Live || quit {
		return quit, s.show()
	}
	return false, s.pass(ctx, perLine)
}

// finish waits for the last answers.
func (s *Session) finish(ctx context.Context) error {
	if s.opts.Live {
		return s.show()
	}
	return ignoreEnd(s.pass(ctx, s.opts.Wait))
}

// ignoreEnd leaves out the errors that only say that the session ends.
func ignoreEnd(err error) error {
	if errors.Is(err, host.ErrStopped) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
