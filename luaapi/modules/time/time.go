package time

import (
	"errors"
	"math"
	"strings"
	"time"
	_ "time/tzdata" // zones, where the machine has none

	"github.com/ncruces/go-strftime"
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// Module is require "time".
var Module = module.Module{Name: "time", Stability: module.Stable, Open: open}

type times struct{ vm module.VM }

func open(vm module.VM, L *lua.LState) lua.LValue {
	t := times{vm}
	return vm.Table(L, "time", map[string]lua.LGFunction{
		"now": t.now, "date": t.date, "make": t.make, "add": t.add,
		"format": t.format, "parse": t.parse, "duration": t.duration, "humanize": t.humanize,
	}, nil)
}

// maxSeconds keeps years within four digits, about.
const maxSeconds = 253402300799

func seconds(t time.Time) lua.LNumber { return lua.LNumber(float64(t.UnixMicro()) / 1e6) }

// at reads argument n as seconds since 1970; nil is now.
func (t times) at(L *lua.LState, n int, what string) time.Time {
	if L.Get(n) == lua.LNil {
		return t.vm.Now()
	}
	v, ok := L.Get(n).(lua.LNumber)
	if !ok || math.IsNaN(float64(v)) || math.Abs(float64(v)) > maxSeconds {
		module.Argument(t.vm, L, "%s: want a time in seconds since 1970, got %s", what, module.Describe(L.Get(n)))
	}
	whole, part := math.Modf(float64(v))
	return time.Unix(int64(whole), int64(math.Round(part*1e6))*1000)
}

// zone reads argument n: a name as "Europe/Berlin", "local" or an offset as
// "+02:00"; nil is UTC.
func (t times) zone(L *lua.LState, n int, what string) *time.Location {
	if L.Get(n) == lua.LNil {
		return time.UTC
	}
	return t.zoneOf(L, module.String(t.vm, L, n, what+": the zone"), what)
}

func (t times) zoneOf(L *lua.LState, name, what string) *time.Location {
	switch {
	case name == "local":
		return time.Local
	case strings.HasPrefix(name, "+"), strings.HasPrefix(name, "-"):
		if at, err := time.Parse("-07:00", name); err == nil {
			_, offset := at.Zone()
			return time.FixedZone(name, offset)
		}
	case name != "" && name != "Local": // which Go takes for UTC and for the machine's
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	t.vm.Raise(L, &module.Error{Type: module.ErrArgument, Message: what + ": there is no time zone " + name,
		Hint: `Write it as "Europe/Berlin", "+02:00", "UTC" or "local".`})
	return nil
}

// now is time.now(): the script's clock, in seconds with a fraction.
func (t times) now(L *lua.LState) int {
	L.Push(seconds(t.vm.Now()))
	return 1
}

// date is time.date([t[, zone]]) → table as os.date("*t") has it, with zone and
// offset in seconds.
func (t times) date(L *lua.LState) int {
	at := t.at(L, 1, "time.date").In(t.zone(L, 2, "time.date"))
	d := L.NewTable()
	for key, n := range map[string]int{
		"year": at.Year(), "month": int(at.Month()), "day": at.Day(), "hour": at.Hour(), "min": at.Minute(), "sec": at.Second(),
		"wday": int(at.Weekday()) + 1, "yday": at.YearDay(),
	} {
		d.RawSetString(key, lua.LNumber(n))
	}
	name, offset := at.Zone()
	_, week := at.ISOWeek()
	d.RawSetString("week", lua.LNumber(week))
	d.RawSetString("isdst", lua.LBool(at.IsDST()))
	d.RawSetString("zone", lua.LString(name))
	d.RawSetString("offset", lua.LNumber(offset))
	L.Push(d)
	return 1
}

// fields are what time.make takes, as os.time does.
type fields struct {
	Year  int `lua:"year"`
	Month int `lua:"month"`
	Day   int `lua:"day"`
	Hour  int `lua:"hour"`
	Min   int `lua:"min"`
	Sec   int `lua:"sec"`
	// What time.date gives beside these says nothing more.
	Wday   int    `lua:"wday"`
	Yday   int    `lua:"yday"`
	Week   int    `lua:"week"`
	Isdst  bool   `lua:"isdst"`
	Zone   string `lua:"zone"`
	Offset int    `lua:"offset"`
}

// make is time.make(fields[, zone]) → seconds. Fields beyond their range count
// on, as a day 32.
func (t times) make(L *lua.LState) int {
	f := fields{Month: 1, Day: 1}
	t.vm.Options(L, 1, "time.make", &f)
	if f.Year < 1 || f.Year > 9999 {
		module.Argument(t.vm, L, "time.make.year: want 1 to 9999, got %d", f.Year)
	}
	at := time.Date(f.Year, time.Month(f.Month), f.Day, f.Hour, f.Min, f.Sec, 0, t.zone(L, 2, "time.make"))
	L.Push(seconds(at))
	return 1
}

// step is what time.add takes.
type step struct {
	Years   int           `lua:"years"`
	Months  int           `lua:"months"`
	Weeks   int           `lua:"weeks"`
	Days    int           `lua:"days"`
	Hours   int           `lua:"hours"`
	Minutes int           `lua:"minutes"`
	Rest    time.Duration `lua:"seconds"`
}

// add is time.add(t, step[, zone]) → seconds: a day later is the same hour of
// the next day in that zone, whatever the clocks do at night.
func (t times) add(L *lua.LState) int {
	at := t.at(L, 1, "time.add").In(t.zone(L, 3, "time.add"))
	var s step
	t.vm.Options(L, 2, "time.add", &s)
	months := at.AddDate(s.Years, s.Months, 0)
	if want := (int(at.Month()) - 1 + s.Months%12 + 12) % 12; int(months.Month())-1 != want {
		months = months.AddDate(0, 0, -months.Day()) // the 31st of a shorter month is its last day
	}
	at = months.AddDate(0, 0, 7*s.Weeks+s.Days)
	L.Push(seconds(at.Add(time.Duration(s.Hours)*time.Hour + time.Duration(s.Minutes)*time.Minute + s.Rest)))
	return 1
}

// format is time.format(t[, pattern[, zone]]): RFC 3339 without a pattern.
func (t times) format(L *lua.LState) int {
	at := t.at(L, 1, "time.format").In(t.zone(L, 3, "time.format"))
	if L.Get(2) == lua.LNil {
		L.Push(lua.LString(at.Format(time.RFC3339)))
		return 1
	}
	L.Push(lua.LString(strftime.Format(t.pattern(L, "time.format"), at)))
	return 1
}

// maxPattern is how long a pattern may be, in bytes.
const maxPattern = 4096

// pattern reads argument 2, which is bounded since each of its signs can stand
// for a long text.
func (t times) pattern(L *lua.LState, what string) string {
	pattern := module.String(t.vm, L, 2, what+": the pattern")
	if len(pattern) > maxPattern {
		t.vm.Raise(L, module.Errorf(module.ErrLimit, "%s: the pattern has %d bytes, at most %d are taken", what, len(pattern), maxPattern))
	}
	return pattern
}

// parse is time.parse(text[, pattern[, zone]]) → seconds, nil where the text
// does not fit.
func (t times) parse(L *lua.LState) int {
	text := module.String(t.vm, L, 1, "time.parse")
	zone := t.zone(L, 3, "time.parse")
	at, err := t.read(L, strings.TrimSpace(text), zone)
	if err != nil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(seconds(at))
	return 1
}

// layouts are the forms that are read without a pattern.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02T15:04",
	"2006-01-02", time.RFC1123Z, time.RFC1123, time.RFC850, time.ANSIC,
}

func (t times) read(L *lua.LState, text string, zone *time.Location) (time.Time, error) {
	if L.Get(2) == lua.LNil {
		for _, layout := range layouts {
			if at, err := time.ParseInLocation(layout, text, zone); err == nil {
				return at, nil
			}
		}
		return time.Time{}, errors.New("no known form")
	}
	pattern := t.pattern(L, "time.parse")
	layout, err := strftime.Layout(pattern)
	if err != nil {
		module.Argument(t.vm, L, "time.parse: the pattern %q cannot be read by: %v", pattern, err)
	}
	return time.ParseInLocation(layout, text, zone)
}
