package lua51

import (
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

func (s *State) openOS() {
	s.module("os", map[string]lua.LGFunction{
		"clock": s.osClock, "date": s.osDate, "difftime": osDifftime, "getenv": s.osGetenv, "time": s.osTime,
	})
}

// osClock returns the seconds the call has run, waiting not counted, as C's
// clock counts the time of the processor.
func (s *State) osClock(L *lua.LState) int {
	L.Push(lua.LNumber(s.budget(L).Used().Seconds()))
	return 1
}

func osDifftime(L *lua.LState) int {
	earlier := 0.0
	if !isNone(L, 2) {
		earlier = checkNumber(L, 2)
	}
	later := checkNumber(L, 1)
	L.Push(lua.LNumber(float64(int64(later)) - float64(int64(earlier))))
	return 1
}

func (s *State) osGetenv(L *lua.LState) int {
	if value, ok := s.getenv(checkString(L, 1)); ok {
		L.Push(lua.LString(value))
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

func (s *State) osTime(L *lua.LState) int {
	if isNone(L, 1) {
		L.Push(lua.LNumber(s.clock().Unix()))
		return 1
	}
	t := checkTable(L, 1)
	field := func(name string, value int) int {
		n, ok := toNumber(table.Field(t, name))
		if !ok {
			if value < 0 {
				raise(L, fmt.Sprintf("field '%s' missing in date table", name))
			}
			return value
		}
		return toInt(n)
	}
	sec, minute, hour := field("sec", 0), field("min", 0), field("hour", 12)
	day, month, year := field("day", -1), field("month", -1), field("year", -1)
	zone := s.clock().Location()
	at := time.Date(year, time.Month(month), day, hour, minute, sec, 0, zone)
	// isdst says which clock the hour is on.
	if v := table.Field(t, "isdst"); v == lua.LTrue && !at.IsDST() {
		at = at.Add(-time.Hour)
	} else if v == lua.LFalse && at.IsDST() {
		at = at.Add(time.Hour)
	}
	L.Push(lua.LNumber(at.Unix()))
	return 1
}

// dateCost is what one conversion of os.date costs, in instructions.
const dateCost = 20

func (s *State) osDate(L *lua.LState) int {
	format := optString(L, 1, "%c")
	at := s.clock()
	zone := at.Location()
	if !isNone(L, 2) {
		at = time.Unix(int64(checkLong(L, 2)), 0)
	}
	if format != "" && format[0] == '!' {
		format, zone = format[1:], time.UTC
	}
	at = at.In(zone)
	if len(format) >= 2 && format[:2] == "*t" {
		t := L.NewTable()
		for name, n := range map[string]int{
			"sec": at.Second(), "min": at.Minute(), "hour": at.Hour(), "day": at.Day(), "month": int(at.Month()),
			"year": at.Year(), "wday": int(at.Weekday()) + 1, "yday": at.YearDay(),
		} {
			t.RawSetString(name, lua.LNumber(n))
		}
		t.RawSetString("isdst", lua.LBool(at.IsDST()))
		L.Push(t)
		return 1
	}
	b := s.budget(L)
	L.Push(lua.LString(strftime(format, at, func(size int) {
		if b.spend(dateCost); size > s.limits.StringSize {
			s.tooLong(L)
		}
	})))
	return 1
}
