// Package remote is a chat.Core that is another program: simplex-chat, started
// with -p PORT, reached over WebSocket. The program keeps its database, its
// files and its life; we only send commands and take events.
//
//	Send ──▶ free link ──{"corrId","cmd"}──▶ ┐              one command at a time
//	  ◀──── link.reader ◀─{"corrId","resp"}─ │ simplex-chat  on each link
//	Receive ◀── queue ◀── link.reader ◀──────┘ {"resp"}      oldest link first
//
// # One session, several links
//
// The program does the commands of one connection one after the other, and with
// two of them waiting it does not even answer pings. So a session has one link
// for events, which never gets a command, and a few for commands, each with one
// command at a time: a slow one holds up nobody else while a link is free, and
// silence always means that the program is gone. Who sends commands that wait for
// message servers leaves a link free: see chat.Bounded.
//
// The program gives each event to the client that is connected longest. The link
// for events is opened first; what comes on another link counts as well. Whether
// events reach us, and not somebody who was there before, is found out by making
// one: see probe.
//
// # Loss
//
// All links of a session end together. What was under way then fails with a
// *LostError and is never sent again: nobody knows whether it was carried out.
// What had not been sent waits for the next session, within its time. run opens
// that one, after growing and uneven pauses, and tells on Reconnected, so that
// the host looks for the messages whose events went elsewhere.
//
// # Goroutines
//
//	run     one per Core: opens sessions; ends with Close
//	reader  one per link: takes frames; ends with the session
//	writer  one per link: sends frames and pings; ends with the session
//
// # What is not there
//
// Starting and stopping the chat, exports and keys belong to the program's
// owner: *OwnerError. The file calls of the library do not exist over WebSocket:
// *FileError. Files are where that program can reach them.
package remote
