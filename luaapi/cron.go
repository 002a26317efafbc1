package luaapi

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // zones, also on machines without a database of them

	"github.com/robfig/cron/v3"
	lua "github.com/yuin/gopher-lua"
)

// cronOptions are the options of cron.
type cronOptions struct {
	// Name and CatchUp are as in timerOptions.
	Name    string `lua:"name"`
	CatchUp bool   `lua:"catch_up"`
	// Zone is where the times are meant, as "Europe/Berlin" ("": the machine's).
	Zone string `lua:"zone"`
}

const (
	// cronLook is how often a cron looks at the machine's clock, which may be set.
	cronLook = 30 * time.Second
	// cronBack is how far the clock may be set back without a cron running at the
	// same hour again. What is above corrects a clock that was wrong.
	cronBack = 3 * time.Hour
)

// cronRhythm is the rhythm of cron. Its times are those of the wall clock.
type cronRhythm struct {
	schedule *cron.SpecSchedule
	zone     *time.Location
}

// parseCron reads a time table of five fields (minute, hour, day of the month,
// month, day of the week) or a word as "@daily".
func parseCron(spec string, zone *time.Location) (*cronRhythm, error) {
	if strings.Contains(spec, "TZ=") {
		return nil, fmt.Errorf(`a zone is an option: { zone = "Europe/Berlin" }`)
	}
	if strings.HasPrefix(spec, "@every") {
		return nil, fmt.Errorf(`use bot.every("5m", fn)`)
	}
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
	parsed, err := parser.Parse(spec)
	if err != nil {
		return nil, fmt.Errorf(`%q is no time table: %v; want five fields, as "0 9 * * 1-5" for 9:00 from Monday to Friday`, spec, err)
	}
	schedule, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, fmt.Errorf("%q is no time table", spec)
	}
	return &cronRhythm{schedule, zone}, nil
}

// next returns the zero time where there is none in the next five years. In the
// hour that a change to winter time brings twice, a table with fixed hours does
// not run again.
func (c *cronRhythm) next(_, now time.Time) time.Time {
	now = now.Round(0).In(c.zone) // without what counts on after the clock is set
	at := c.schedule.Next(now)
	for c.fixedHours() && !at.IsZero() && !wall(at).After(wall(now)) {
		at = c.schedule.Next(at)
	}
	return at
}

func (c *cronRhythm) fixedHours() bool {
	const everyHour = 1<<24 - 1
	return c.schedule.Hour&everyHour != everyHour
}

// wall is what a clock on the wall shows at t.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// corrected is when a task is due after a look at the clock: where that was set
// back by far, what was due then means nothing.
func (c *cronRhythm) corrected(due, looked, now time.Time) time.Time {
	if now.Round(0).Before(looked.Add(-cronBack)) {
		return c.next(due, now)
	}
	return due
}

// cron is bot.cron(table, fn[, options]): runs fn at times of the clock.
func (rt *Runtime) cron(L *lua.LState) int {
	spec, ok := L.Get(1).(lua.LString)
	if !ok {
		rt.raisef(L, ErrArgument, `cron: want a time table as "0 9 * * *", got %s`, describe(L.Get(1)))
	}
	t := &task{name: "cron", fn: rt.checkTask(L, 2, "cron")}
	var o cronOptions
	rt.checkOptions(L, 3, "cron", &o)
	rt.checkTimerOptions(L, "cron", timerOptions{o.Name, o.CatchUp})
	now := rt.clock.Now()
	zone := now.Location()
	if o.Zone != "" {
		var err error
		if zone, err = time.LoadLocation(o.Zone); err != nil {
			rt.raisef(L, ErrArgument, `cron.zone: %q is no time zone: want a name as "Europe/Berlin"`, o.Zone)
		}
	}
	r, err := parseCron(string(spec), zone)
	if err != nil {
		rt.raisef(L, ErrArgument, "cron: %v", err)
	}
	if r.next(now, now).IsZero() {
		rt.raisef(L, ErrArgument, "cron: %q never comes", string(spec))
	}
	t.rhythm, t.catchUp = r, o.CatchUp
	t.spec = fmt.Sprintf("cron %s %s", strings.Join(strings.Fields(string(spec)), " "), zone)
	return rt.addTask(L, t, o.Name)
}
