package control

import (
	"context"
	"errors"
	"io"
)

// SocketName is the socket's name in a bot's data folder.
const SocketName = "control.sock"

// Operations of a Request.
const (
	OpStatus   = "status"   // Reply.Status
	OpCheck    = "check"    // an error where the bot is not healthy
	OpReload   = "reload"   // loads the script again; answered when the new one runs
	OpStop     = "stop"     // ends the bot; answered when it has ended
	OpEval     = "eval"     // runs Request.Code; Reply.Result
	OpComplete = "complete" // Reply.Names for Request.Code
	OpSave     = "save"     // saves the running bot to a folder; Reply.Saved
)

// maxLine bounds a line in both directions, in bytes.
const maxLine = 1 << 20

// Request is one line from the client.
type Request struct {
	Op string `json:"op"`
	// Bot is another bot of the process that is meant; "": the socket's own.
	Bot  string `json:"bot,omitempty"`
	Code string `json:"code,omitempty"`
}

// Reply is one line from the server. Done is true in the last one of a request;
// those before it only print.
type Reply struct {
	Done   bool    `json:"done,omitempty"`
	Print  string  `json:"print,omitempty"`
	Status *Status `json:"status,omitempty"`
	// Others are the bots of the process that have no socket of their own, beside
	// Status.
	Others []Status `json:"others,omitempty"`
	Result string   `json:"result,omitempty"`
	Names  []string `json:"names,omitempty"`
	// Incomplete tells that Code may become complete with more lines.
	Incomplete bool   `json:"incomplete,omitempty"`
	Saved      *Saved `json:"saved,omitempty"`
	Error      string `json:"error,omitempty"`
	// Advice says what to do about Error.
	Advice string `json:"advice,omitempty"`
}

// Saved is what a running bot was saved to.
type Saved struct {
	// Folder is in the bot's data folder; who asked for it removes it.
	Folder string `json:"folder"`
	// Postgres tells that the chat database is there, and not in the folder.
	Postgres bool `json:"postgres,omitempty"`
	// Prefix is that of the database's files.
	Prefix string `json:"prefix,omitempty"`
	// Store is the server that has the script's store, without its password; ""
	// where the store is in the folder.
	Store string `json:"store,omitempty"`
}

// ErrIncomplete is Eval's answer to code that ends in the middle of a statement.
var ErrIncomplete = errors.New("the code is not complete")

// Bot is what the server offers. All methods are called by several goroutines;
// those with a context end with it.
type Bot interface {
	// Name is unique in the process.
	Name() string
	Status() Status
	// Check tells whether the bot is healthy: its core answers, in time.
	Check(ctx context.Context) error
	// Reload loads the script again and returns when the new one has taken over.
	Reload(ctx context.Context) error
	// Stop ends the bot gracefully and for good, and returns when it has ended.
	Stop(ctx context.Context) error
	// Eval runs code inside the script; what it prints goes to out.
	Eval(ctx context.Context, code string, out io.Writer) (string, error)
	Complete(text string) []string
	// Save saves the bot while it runs, and returns when it goes on. The error may
	// have a method Hint.
	Save(ctx context.Context) (Saved, error)
}

// Process is the process that a Bot runs in. Its methods are called by several
// goroutines.
type Process interface {
	// Unreachable returns the bots without a socket of their own. One that failed
	// before it had a data folder has none.
	Unreachable() []Bot
	// Named returns the bot of that name.
	Named(name string) (Bot, bool)
}
