// Package time is the Lua module time: moments as seconds since 1970, in any
// time zone, read and written by patterns as os.date has them.
//
//	time.now ──▶ seconds ──▶ time.format, time.date, time.add   in a zone
//	text ──▶ time.parse, time.duration ──▶ seconds
//
// The zones' rules are in the executable, for machines that have none. What
// happens at a time is bot.after, bot.every and bot.cron.
package time
