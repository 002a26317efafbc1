package bottest

import (
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// start is the time at which every case begins.
var start = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// A network's time holds the timers of the scripts in it. Only network.advance
// moves it.
var _ luaapi.Clock = (*sim.Timers)(nil)
