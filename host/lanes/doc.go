// Package lanes handles events: those of one chat one after the other and in
// order, those of different chats side by side.
//
//	                 lane of a chat
//	                ┌───────────────┐    one goroutine while
//	receiver ─Push─▶│  queue        │──▶ there is something ──▶ Options.Handle
//	                └──▲────────────┘    to do                       ▲
//	found unread ─Reopen, by id   too full: only the ids ──▶ Options.ReadBack
//
// Lanes begin closed: Open starts them, Stop leaves what waits in them for the
// next start, and Quiet waits for what is under way. While what was unread at the
// start is looked for, the lanes of those chats are closed (Close, Reopen), and
// those of support chats held (HoldSupport, ReleaseSupport).
//
// It knows chats by their chat.Lane only, and neither scripts nor the core: what
// handling and reading back are, the functions of Options say.
//
// Dispatcher.mu guards all lanes. It is not held while one of those functions
// runs; only the lock of a loglimit.Limiter is taken under it.
package lanes
