local time = require "time"

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end
local function fails(want, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  is(e.type, want)
  return e.message
end

assert(math.abs(time.now() - os.time()) < 5)

local t = time.make { year = 2026, month = 3, day = 28, hour = 12 }
is(t, 1774699200)
is(time.format(t), "2026-03-28T12:00:00Z")
is(time.format(t, "%d.%m.%Y %H:%M", "Europe/Berlin"), "28.03.2026 13:00")
is(time.format(t, nil, "+05:30"), "2026-03-28T17:30:00+05:30")
is(time.make({ year = 2026, month = 3, day = 28, hour = 13 }, "Europe/Berlin"), t)
is(time.date(t, "Europe/Berlin").hour, 13)
is(time.date(t, "Europe/Berlin").offset, 3600)
is(time.date(t).wday, 7)
is(time.make(time.date(t)), t)
is(time.make { year = 2026, month = 2, day = 32 }, time.make { year = 2026, month = 3, day = 4 })

-- In the night to the 29th, the clocks of Berlin went forward.
is(time.add(t, { days = 1 }, "Europe/Berlin") - t, 23 * 3600)
is(time.add(t, { days = 1 }) - t, 24 * 3600)
is(time.format(time.add(time.parse("2026-01-31"), { months = 1 })), "2026-02-28T00:00:00Z")
is(time.format(time.add(time.parse("2024-02-29"), { years = 1 })), "2025-02-28T00:00:00Z")
is(time.format(time.add(time.parse("2026-01-31"), { months = -2 })), "2025-11-30T00:00:00Z")
is(time.add(0, { weeks = 1, hours = 2, minutes = 3, seconds = 4 }), 7 * 86400 + 7384)

is(time.parse("2026-03-28T12:00:00Z"), t)
is(time.parse("2026-03-28T12:00:00.5Z"), t + 0.5)
is(time.parse("2026-03-28 13:00", nil, "Europe/Berlin"), t)
is(time.parse("Sat, 28 Mar 2026 13:00:00 +0100"), t)
is(time.parse("28.03.2026 12:00", "%d.%m.%Y %H:%M"), t)
is(time.parse("28.13.2026", "%d.%m.%Y"), nil)
is(time.parse("soon"), nil)

is(time.duration("1h30m"), 5400)
is(time.duration("2 days, 4 hours"), 2 * 86400 + 4 * 3600)
is(time.duration("1.5 H"), 5400)
is(time.duration("90"), 90)
is(time.duration("250ms"), 0.25)
is(time.duration("1 month"), nil)
is(time.duration("-5s"), nil)
is(time.duration(""), nil)
is(time.humanize(5400), "1h 30m")
is(time.humanize(2 * 86400 + 5), "2d")
is(time.humanize(-65), "-1m 5s")
is(time.humanize(0.25), "250ms")
is(time.humanize(0), "0s")

assert(fails("argument", time.format, 0, "%H", "Mars/Olympus"):find("Europe/Berlin"))
fails("argument", time.format, 0, "%H", "")
fails("argument", time.format, 0 / 0)
fails("argument", time.format, 1e300)
fails("argument", time.make, { month = 1 })
fails("argument", time.make, { yaer = 2026 })
fails("argument", time.parse, "x", "%e of %Z %j %U")
fails("argument", time.humanize, "x")
