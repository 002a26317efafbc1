package luaapi

import (
	"context"
	"encoding/json"
	"time"
)

// SimNetwork is the simulated network of one test case, as the module
// simplex.sim needs it; package bottest has it. Whatever changes something
// returns when the bot is at rest again: when nothing is left to do but what
// time would bring. Methods return ctx's error when it ends. One goroutine at a
// time uses a network and its people.
type SimNetwork interface {
	// Bot is the bot under test.
	Bot() SimBot
	// Person returns the person of that name; the first call makes them.
	Person(ctx context.Context, name string) (SimPerson, error)
	// Group makes a group and returns when all are in it.
	Group(ctx context.Context, g SimGroup) error
	// Advance lets so much time pass; timers run on the way.
	Advance(ctx context.Context, d time.Duration) error
	// SetServers takes all servers away or brings them back.
	SetServers(ctx context.Context, up bool) error
	// SetDelay makes messages take d, and each up to jitter longer. Those of one
	// chat stay in order.
	SetDelay(d, jitter time.Duration)
}

// SimBot is the bot of a test case.
type SimBot interface {
	// Name is the name in its profile, Address its link, "" without one.
	Name() string
	Address() string
	// Running is false after bot.stop.
	Running() bool
	// State is a copy of bot.state; SetState replaces it.
	State() (json.RawMessage, error)
	SetState(state json.RawMessage) error
	// Raw gives the bot an event, as if the core had made it.
	Raw(ctx context.Context, event json.RawMessage) error
	// Restart ends the bot and starts it again on its data.
	Restart(ctx context.Context, end SimEnd) error
	// TakeError returns the oldest error that the script's handlers raised and
	// that was not taken yet.
	TakeError() (text string, ok bool)
}

// SimEnd is how a bot ends.
type SimEnd int

const (
	// SimStop lets it stop well, SimKill gives it no time to.
	SimStop SimEnd = iota
	SimKill
	// SimKillUnmarked is SimKill before the last messages that were handled could
	// be marked as read.
	SimKillUnmarked
)

// SimPerson is somebody who uses an app.
type SimPerson interface {
	Name() string
	// Connect follows a link, "" is the bot's address, and returns when the
	// connection is made. What comes until then is a greeting; it is forgotten
	// when the person does something in that chat.
	Connect(ctx context.Context, link string) error
	// Act does something in a chat. It returns the id of the item that was made.
	Act(ctx context.Context, a SimAct) (itemID int64, err error)
	// Next takes the oldest thing of that kind that was not taken yet. Where there
	// is none, it lets time pass, from timer to timer, for at most within.
	Next(ctx context.Context, kind SimKind, within time.Duration) (got SimReceived, ok bool, err error)
	// Command sends a chat command and returns the result.
	Command(ctx context.Context, cmd string) (json.RawMessage, error)
}

// SimGroup describes a group to be made.
type SimGroup struct {
	Name string
	// Members are people by name, at least one; the first owns the group.
	Members []string
	// Roles are the roles of members and, under "", of the bot; others are
	// members. Without a role for it the bot is not in the group.
	Roles map[string]string
}

// SimVerb is what a person does.
type SimVerb string

// What people do.
const (
	SimSend        SimVerb = "send"         // Content
	SimSendFile    SimVerb = "send_file"    // Path, Text
	SimReply       SimVerb = "reply"        // Content, quoting ItemID
	SimReact       SimVerb = "react"        // Text: the emoji, to ItemID
	SimUnreact     SimVerb = "unreact"      // the same
	SimEdit        SimVerb = "edit"         // Content, in the place of ItemID
	SimDelete      SimVerb = "delete"       // ItemID, for everybody
	SimCreateGroup SimVerb = "create_group" // Group
	SimJoin        SimVerb = "join"         // Group, after an invitation
	SimLeave       SimVerb = "leave"        // Group
	SimInvite      SimVerb = "invite"       // Who to Group as Role
	SimRemove      SimVerb = "remove"       // Who from Group
	SimSetRole     SimVerb = "set_role"     // Role of Who in Group
)

// SimAct is one thing that a person does. The zero value of what a verb does
// not need is left out.
type SimAct struct {
	Verb SimVerb
	// Group is the name of the group it happens in, "" for the chat with the bot.
	Group   string
	ItemID  int64
	Content json.RawMessage
	Text    string
	Path    string
	// Who is a person's name, "" for the bot.
	Who  string
	Role string
}

// SimKind says what is waited for.
type SimKind struct {
	// What is "message", "edited", "deleted", "reaction" or "invitation".
	What string
	// Group is the name of the group it happens in, "" for the chat with the bot.
	Group string
	// From is the name of who did it; "" for the bot. Of a deleted message it is
	// who wrote it, and "" is anybody.
	From string
}

// SimReceived is something that a person was told.
type SimReceived struct {
	// Text is the message's text as it is now, a reaction's emoji, or the name
	// of the group of an invitation.
	Text   string
	Sender string
	ItemID int64
	// Greeting tells that it came while the person connected.
	Greeting bool
	// Event is all of it, as the core told it.
	Event json.RawMessage
}
