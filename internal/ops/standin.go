package ops

import (
	"os"
	"path/filepath"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// standIn is the control socket that this process has for a bot whose own has
// ended: else nobody could ask why, where no other bot of this process runs.
type standIn struct {
	*control.Server
	// made is the bot's data folder where it was not there before, else "".
	made string
}

// StandIn makes the control socket of a bot that ran in a process of its own,
// now that this has ended.
func (o *Ops) StandIn(bot string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, b := range o.bots {
		if _, stands := o.standIn[bot]; b.Name() != bot || b.Data() == "" || stands || o.closed {
			continue
		}
		var s standIn
		if os.Mkdir(b.Data(), 0o700) == nil { // else it is there, or Serve tells
			s.made = b.Data()
		}
		var err error
		if s.Server, err = control.Serve(filepath.Join(b.Data(), control.SocketName), b, o, o.log.With("bot", bot)); err != nil {
			o.log.Warn("until its process is started again the bot cannot be controlled", "bot", bot, "err", err)
			s.leave()
			continue
		}
		o.standIn[bot] = s
	}
}

// GiveWay removes the socket again, for the bot's process is to make its own.
func (o *Ops) GiveWay(bot string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s, stands := o.standIn[bot]
	if !stands || o.closed {
		return
	}
	delete(o.standIn, bot)
	s.Leave()
	s.leave()
	o.work.Go(func() { s.Drain(o.ctx) })
}

// StandsIn tells whether this process has the socket of a bot that belongs into
// another one.
func (o *Ops) StandsIn(bot string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, stands := o.standIn[bot]
	return stands
}

// leave removes the folder if it was made for the socket alone.
func (s standIn) leave() {
	if s.made != "" {
		_ = os.Remove(s.made) // refuses where there is something in it
	}
}
