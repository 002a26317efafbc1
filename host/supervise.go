package host

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
)

// Bot is one bot under a Supervisor.
type Bot struct {
	Options
	// Restart says whether the bot is started again when it has ended.
	Restart Restart
	// Apart runs the bot in a process of its own, and returns when that has ended;
	// it stops it gracefully when ctx ends. nil: a Host of this process runs it.
	Apart func(ctx context.Context) error
}

// Supervisor runs several bots side by side. A bot that fails never stops the
// others. All methods are safe for use by several goroutines.
type Supervisor struct {
	databases databases
	idle      chan struct{} // closed when nothing is under way any more
	hopeless  chan struct{} // closed when no bot has run and none can without a change

	mu       sync.Mutex // guards what follows
	bots     []*Supervised
	ctx      context.Context // Run's; nil before it
	underway int             // bots that run, and those who start some
	ran      bool            // a bot was ready once
}

// NewSupervisor checks the options of all bots, and that no two of them have
// the same name, data folder or database, or database backends that one process
// cannot have; the errors name both bots. It opens, reads and starts nothing.
// What scripts say about their databases is known later: there the second bot
// fails at its start.
//
// Where $STATE_DIRECTORY is the data folder, each of several bots gets the
// folder of its name in it.
func NewSupervisor(bots ...Bot) (*Supervisor, error) {
	s, bots := &Supervisor{idle: make(chan struct{}), hopeless: make(chan struct{})}, slices.Clone(bots)
	options := make([]Options, len(bots))
	for i, b := range bots {
		options[i] = b.Options
	}
	folders, err := DataFolders(options...)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for i, b := range bots {
		b.Data = folders[i]
		o, err := b.withDefaults()
		if err != nil {
			return nil, err
		}
		if names[o.Name] {
			return nil, fmt.Errorf("host: two bots have the name %q", o.Name)
		}
		names[o.Name] = true
		bots[i].Options = o
		if err := s.databases.claimOptions(&bots[i]); err != nil {
			return nil, err
		}
		s.bots = append(s.bots, newSupervised(bots[i], s))
	}
	return s, nil
}

// Run runs the bots until ctx ends or each of them has ended for good. The
// errors of the bots that were not started again are joined. Once only.
func (s *Supervisor) Run(ctx context.Context) error {
	s.mu.Lock()
	s.ctx, s.underway = ctx, 1
	s.launch(s.bots)
	s.mu.Unlock()
	s.leave()
	<-s.idle
	var errs []error
	for _, b := range s.Bots() {
		errs = append(errs, b.result)
	}
	return errors.Join(errs...)
}

// launch starts bots, with mu held and something under way.
func (s *Supervisor) launch(bots []*Supervised) {
	for _, b := range bots {
		s.underway++
		go func() { // ends when the bot has ended for good
			defer s.leave()
			defer close(b.ended)
			err := b.run(s.ctx, s)
			if err != nil && s.several() {
				what := "the bot has ended; the others go on"
				if isClosed(s.hopeless) {
					what = "the bot has failed"
				}
				b.log.Error(what, b.failure(err)...)
				err = fmt.Errorf("%s: %w", b.opts.Name, err)
			}
			b.result = err
		}()
	}
}

// leave ends what was under way.
func (s *Supervisor) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.underway--; s.underway == 0 {
		close(s.idle)
	}
}

// ended notes that a bot has ended and waits or not, and whether it was ready
// before. The bots that wait are given up where no bot has been, and each of the
// others has an error that no new start helps.
func (s *Supervisor) ended(ran bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ran = s.ran || ran
	if s.ran || isClosed(s.hopeless) {
		return
	}
	for _, b := range s.bots {
		st := b.State()
		if st.Err == nil || st.Stopped || st.Phase != PhaseEnded && (st.Phase != PhaseWaiting || !b.restart.Final(st.Err)) {
			return
		}
	}
	close(s.hopeless)
}

// several tells whether there is more than one bot.
func (s *Supervisor) several() bool { return len(s.Bots()) > 1 }

// Bots returns the bots in the order they were given.
func (s *Supervisor) Bots() []*Supervised {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bots)
}

// Bot returns the bot of that name.
func (s *Supervisor) Bot(name string) (*Supervised, bool) {
	for _, b := range s.Bots() {
		if b.opts.Name == name {
			return b, true
		}
	}
	return nil, false
}

// DataFolders returns the data folder of each of the bots that are to run in
// one process, absolute: Options.Data, else the first folder in $STATE_DIRECTORY, and
// where several bots share that, the one of the bot's name below it, else the
// script's path without its ending and with ".data" after it. That of an
// ephemeral bot is "". It changes no file.
//
// The error is a *DataError: two bots with the same folder or one in the other's,
// and a bot alone that was one of several in $STATE_DIRECTORY before, or the other way
// round. Its data is in another place then, and it would begin anew.
func DataFolders(bots ...Options) ([]string, error) {
	folders := make([]string, len(bots))
	names := make([]string, len(bots))
	for i, o := range bots {
		if o.Ephemeral {
			continue
		}
		dir, err := folderOf(o)
		if err != nil {
			return nil, err
		}
		if names[i] = o.Name; o.Name == "" {
			names[i] = scriptName(o.Script)
		}
		if inStateDirectory(o) {
			below := filepath.Join(dir, names[i])
			if err := moved(dir, below, len(bots) > 1); err != nil {
				return nil, err
			}
			if len(bots) > 1 {
				dir = below
			}
		}
		if folders[i], err = dir, apart(folders[:i], dir, names[:i], names[i]); err != nil {
			return nil, err
		}
	}
	return folders, nil
}

func inStateDirectory(o Options) bool { return o.Data == "" && StateDirectory(o.Getenv) != "" }

// moved refuses a place for the data in systemd's folder, or in the one below it
// for one of several bots, where the data is in the other of the two.
func moved(dir, below string, several bool) error {
	switch {
	case several && hasData(dir):
		return &DataError{
			Path: dir, Problem: "it has the data of a bot that ran alone; of several bots each has a folder in it",
			Hint: "Nothing was changed. Stop the program and move what is in it to the folder of that bot, as " + below + "; docs/operating.md, \"Several bots\", shows how.",
		}
	case !several && !slices.Contains(OwnFolders, filepath.Base(below)) && hasData(below):
		return &DataError{
			Path: below, Problem: "it has the data of this bot, which was one of several; alone it would begin anew in " + dir,
			Hint: fmt.Sprintf("Nothing was changed. Write where its data is: data = %q in its [[bot]], or --data.", below),
		}
	}
	return nil
}

// apart refuses a folder that is another bot's, or lies in one: what is done to
// that, as a backup or a restore, would be done to both.
func apart(others []string, dir string, names []string, name string) error {
	for i, other := range others {
		switch {
		case other == "":
		case other == dir:
			return &DataError{Path: dir, Problem: fmt.Sprintf("%s and %s would share it", names[i], name), Hint: "Give each bot a folder of its own."}
		case isBelow(other, dir), isBelow(dir, other):
			return &DataError{
				Path: dir, Problem: fmt.Sprintf("it and that of %s, %s, lie one in the other", names[i], other),
				Hint: "Put them side by side: a backup or a restore of one would take the other along.",
			}
		}
	}
	return nil
}

// isBelow tells whether a path is in a folder. Both are absolute.
func isBelow(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != "." && filepath.IsLocal(rel)
}
