package luaapi

import (
	"context"

	lua "github.com/yuin/gopher-lua"
)

// Skipped counts the messages of the time while the bot was off that are not
// handled.
type Skipped struct {
	// TooMany were above max_items, TooOld older than max_age; they are marked as
	// read.
	TooMany, TooOld int
	// FirstRun were in the database before the bot's first start; they stay unread.
	FirstRun int
}

// Skipped hands the counts to the on_skipped handlers. It blocks until those
// handlers have ended.
func (rt *Runtime) Skipped(s Skipped) {
	for _, h := range rt.handlers.get().hooks[hookSkipped] {
		t := newTable()
		t.RawSetString("too_many", lua.LNumber(s.TooMany))
		t.RawSetString("too_old", lua.LNumber(s.TooOld))
		t.RawSetString("first_run", lua.LNumber(s.FirstRun))
		if err := rt.runHook(context.Background(), hookSkipped, h, t); err != nil {
			rt.Report(err)
		}
	}
}
