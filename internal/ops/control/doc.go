// Package control lets operators reach a running bot through a socket in its
// data folder. It knows no host: a Bot answers.
//
//	simplex-lua status ──▶ Client ──control.sock──▶ Server ──▶ Bot
//
// Both sides write one line of JSON at a time. A client sends Requests, the
// server answers each with one Reply, after as many that only print as the
// request makes:
//
//	{"op":"eval","code":"print(1) return 2"}
//	{"print":"1"}
//	{"done":true,"result":"2"}
//
// A bot that failed before it had a data folder has no socket. So the others of
// its process tell of it, and hand on requests that name it.
//
// # Who may
//
// The socket belongs to the user that the bot runs as and has the mode 0600
// from its first moment: it is made in a folder that nobody else can enter and
// moved to its place. A socket that somebody else owns is neither replaced nor
// talked to; root may talk to everybody's.
package control
