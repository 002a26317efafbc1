package luaapi

import (
	"testing"
	"time"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestCronTimes(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	tests := []struct {
		name, spec string
		zone       *time.Location
		from       string // UTC
		want       []string
	}{
		{"daily", "0 9 * * *", time.UTC, "2026-01-01T08:59:59Z", []string{"2026-01-01T09:00:00Z", "2026-01-02T09:00:00Z"}},
		{"at the very moment", "0 9 * * *", time.UTC, "2026-01-01T09:00:00Z", []string{"2026-01-02T09:00:00Z"}},
		{"weekdays", "0 9 * * 1-5", time.UTC, "2026-01-02T10:00:00Z", []string{"2026-01-05T09:00:00Z"}},
		{"zone", "0 9 * * *", berlin, "2026-01-01T00:00:00Z", []string{"2026-01-01T08:00:00Z"}},
		{"word", "@hourly", time.UTC, "2026-01-01T00:00:00Z", []string{"2026-01-01T01:00:00Z"}},
		{"leap day", "0 0 29 2 *", time.UTC, "2026-01-01T00:00:00Z", []string{"2028-02-29T00:00:00Z"}},
		{"summer time begins: the hour is not there", "30 2 * * *", berlin, "2026-03-28T12:00:00Z", []string{"2026-03-30T00:30:00Z"}},
		{"summer time ends: the hour is there twice", "30 2 * * *", berlin, "2026-10-24T12:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
		{"every hour goes on then", "30 * * * *", berlin, "2026-10-25T00:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := parseCron(tt.spec, tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339, tt.from)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				at = c.next(at, at)
				if got := at.UTC().Format(time.RFC3339); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
}

// TestCronAfterTheClockWasSet: a look at the clock decides whether the task is
// due.
func TestCronAfterTheClockWasSet(t *testing.T) {
	t.Parallel()
	c, err := parseCron("0 9 * * *", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	looked := time.Date(2026, 1, 1, 9, 5, 0, 0, time.UTC)
	due := c.next(looked, looked) // tomorrow
	for name, tt := range map[string]struct {
		now, want time.Time
	}{
		"goes on":                     {looked.Add(time.Minute), due},
		"a few minutes back":          {looked.Add(-10 * time.Minute), due}, // not 9:00 again
		"a year back: it was wrong":   {looked.AddDate(-1, 0, 0), due.AddDate(-1, 0, 0)},
		"ahead by an hour":            {looked.Add(time.Hour), due},
		"ahead, over the time itself": {due.Add(time.Hour), due}, // and so it runs, late
	} {
		if got := c.corrected(due, looked, tt.now); !got.Equal(tt.want) {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

// TestTimersAfterTheClockWasSet: the book has times of a clock that was wrong.
func TestTimersAfterTheClockWasSet(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 8, 59, 0, 0, time.UTC)
	daily, err := parseCron("0 9 * * *", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	nine := now.Add(time.Minute)
	tests := []struct {
		name     string
		rhythm   rhythm
		delay    time.Duration
		due, ran time.Time
		want     time.Time
	}{
		{"every: a year ahead", period(time.Hour), time.Hour, now.AddDate(1, 0, 0), now.AddDate(1, 0, 0), now.Add(time.Hour)},
		{"every: a year behind", period(time.Hour), time.Hour, now.AddDate(-1, 0, 0).Add(10 * time.Minute), time.Time{}, now.Add(10 * time.Minute)},
		{"after: a year ahead", nil, time.Hour, now.AddDate(1, 0, 0), time.Time{}, now.Add(time.Hour)},
		{"cron: it ran today at nine, says a clock two minutes ahead", daily, 0, nine.AddDate(0, 0, 1), nine.Add(time.Second), nine.AddDate(0, 0, 1)},
		{"cron: a year ahead", daily, 0, nine.AddDate(1, 0, 0), nine.AddDate(1, 0, -1), nine},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := OpenTimerBook("", nil)
			b.entries[namedKey("x")] = &bookEntry{Spec: "s", Due: tt.due, Ran: tt.ran}
			got, ok := b.begin(&task{key: namedKey("x"), spec: "s", rhythm: tt.rhythm, delay: tt.delay, declared: true, generation: 1}, now)
			if !ok || !got.Equal(tt.want) {
				t.Errorf("got %s, %t; want %s", got, ok, tt.want)
			}
		})
	}
}

func FuzzCron(f *testing.F) {
	for _, s := range []string{"0 9 * * *", "*/5 0-3,7 1 JAN MON", "@daily", "@", "TZ=0", "CRON_TZ=", "* * * * 7", "60 * * * *", "*/0 * * * *", "? ? ? ? ?"} {
		f.Add(s)
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, spec string) {
		c, err := parseCron(spec, time.UTC)
		if err != nil {
			return
		}
		if at := c.next(from, from); !at.IsZero() && (!at.After(from) || at.Second() != 0) {
			t.Errorf("%q: got %s after %s", spec, at, from)
		}
	})
}
