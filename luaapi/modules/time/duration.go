package time

import (
	"math"
	"strconv"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// units are what a duration is made of; months and years have no fixed length.
var units = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "sec": time.Second, "second": time.Second, "seconds": time.Second,
	"m": time.Minute, "min": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
	"w": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour, "weeks": 7 * 24 * time.Hour,
}

// maxDuration keeps sums of durations far from overflow.
const maxDuration = 100 * 365 * 24 * time.Hour

// readDuration reads what people write: "90", "1h30m", "2 days 4 hours", "1.5h".
func readDuration(text string) (time.Duration, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return scaled(n, time.Second)
	}
	var sum time.Duration
	for read := false; ; read = true {
		text = strings.TrimLeft(text, " ,")
		if text == "" {
			return sum, read
		}
		number := text[:len(text)-len(strings.TrimLeft(text, "0123456789."))]
		rest := strings.TrimLeft(text[len(number):], " ")
		name := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz"))]
		n, err := strconv.ParseFloat(number, 64)
		unit, ok := units[name]
		if err != nil || !ok {
			return 0, false
		}
		d, ok := scaled(n, unit)
		if sum += d; !ok || sum > maxDuration {
			return 0, false
		}
		text = rest[len(name):]
	}
}

func scaled(n float64, unit time.Duration) (time.Duration, bool) {
	d := n * float64(unit)
	return time.Duration(d), d >= 0 && d <= float64(maxDuration) && !math.IsNaN(d)
}

// duration is time.duration(text) → seconds, nil where the text is none.
func (t times) duration(L *lua.LState) int {
	d, ok := readDuration(module.String(t.vm, L, 1, "time.duration"))
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(d.Seconds()))
	return 1
}

// humanize is time.humanize(seconds): "1h 30m", its two largest parts.
func (t times) humanize(L *lua.LState) int {
	v, ok := L.Get(1).(lua.LNumber)
	if !ok || math.IsNaN(float64(v)) || math.Abs(float64(v)) > maxDuration.Seconds() {
		module.Argument(t.vm, L, "time.humanize: want seconds, got %s", module.Describe(L.Get(1)))
	}
	L.Push(lua.LString(humanized(time.Duration(float64(v) * float64(time.Second)))))
	return 1
}

func humanized(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	if d < time.Second && d > 0 {
		return sign + strconv.FormatInt(d.Milliseconds(), 10) + "ms"
	}
	var parts []string
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if n := d / u.unit; n > 0 {
			parts = append(parts, strconv.FormatInt(int64(n), 10)+u.name)
			d -= n * u.unit
		} else if len(parts) > 0 {
			break // 1d 5s would look more exact than it is
		}
		if len(parts) == 2 {
			break
		}
	}
	if len(parts) == 0 {
		return "0s"
	}
	return sign + strings.Join(parts, " ")
}
