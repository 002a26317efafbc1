package lua51

import (
	"fmt"
	"strings"
	"time"
)

// strftime formats a time as C does in the C locale. At each conversion it tells
// tick the size of the text so far.
func strftime(format string, t time.Time, tick func(size int)) string {
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			out.WriteByte(format[i])
			continue
		}
		i++
		// The modifiers E and O mean nothing in the C locale.
		if (format[i] == 'E' || format[i] == 'O') && i+1 < len(format) {
			i++
		}
		tick(out.Len())
		text, ok := conversion(format[i], t)
		if !ok {
			text = "%" + format[i:i+1]
		}
		out.WriteString(text)
	}
	return out.String()
}

func conversion(c byte, t time.Time) (string, bool) {
	year, week := t.ISOWeek()
	hour12 := (t.Hour()+11)%12 + 1
	switch c {
	case 'a', 'A', 'b', 'B', 'h', 'p', 'P', 'Z', 'z', 'c', 'D', 'F', 'R', 'T', 'x', 'X', 'r':
		return t.Format(layouts[c]), true
	case 'C':
		return fmt.Sprintf("%02d", t.Year()/100), true
	case 'd':
		return fmt.Sprintf("%02d", t.Day()), true
	case 'e':
		return fmt.Sprintf("%2d", t.Day()), true
	case 'g':
		return fmt.Sprintf("%02d", year%100), true
	case 'G':
		return fmt.Sprint(year), true
	case 'H':
		return fmt.Sprintf("%02d", t.Hour()), true
	case 'I':
		return fmt.Sprintf("%02d", hour12), true
	case 'j':
		return fmt.Sprintf("%03d", t.YearDay()), true
	case 'k':
		return fmt.Sprintf("%2d", t.Hour()), true
	case 'l':
		return fmt.Sprintf("%2d", hour12), true
	case 'm':
		return fmt.Sprintf("%02d", int(t.Month())), true
	case 'M':
		return fmt.Sprintf("%02d", t.Minute()), true
	case 'n':
		return "\n", true
	case 's':
		return fmt.Sprint(t.Unix()), true
	case 'S':
		return fmt.Sprintf("%02d", t.Second()), true
	case 't':
		return "\t", true
	case 'u':
		return fmt.Sprint((int(t.Weekday())+6)%7 + 1), true
	case 'U':
		return fmt.Sprintf("%02d", (t.YearDay()+6-int(t.Weekday()))/7), true
	case 'V':
		return fmt.Sprintf("%02d", week), true
	case 'w':
		return fmt.Sprint(int(t.Weekday())), true
	case 'W':
		return fmt.Sprintf("%02d", (t.YearDay()+6-(int(t.Weekday())+6)%7)/7), true
	case 'y':
		return fmt.Sprintf("%02d", t.Year()%100), true
	case 'Y':
		return fmt.Sprint(t.Year()), true
	case '%':
		return "%", true
	}
	return "", false
}

var layouts = map[byte]string{
	'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan", 'p': "PM", 'P': "pm",
	'Z': "MST", 'z': "-0700", 'c': "Mon Jan _2 15:04:05 2006", 'D': "01/02/06", 'F': "2006-01-02",
	'R': "15:04", 'T': "15:04:05", 'x': "01/02/06", 'X': "15:04:05", 'r': "03:04:05 PM",
}
