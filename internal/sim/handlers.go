package sim

import (
	"encoding/json"
	"maps"

	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
)

// call is one command under way.
type call struct {
	cmd  syntax.Command
	ok   bool // it is a command
	db   *database
	user *user // the active one
}

// handler carries out one command.
type handler struct {
	run func(*call) (raw, error)
	// reads is the error of a parameter that can't be read, which comes before
	// all other errors; run finds it too.
	reads func(*call) error
	// early handlers work before the chat is started, anonymous ones before
	// there is a user, and those of a user refuse others than the active one.
	early, anonymous, ofUser bool
}

// table is the handlers of one topic, by the name of the command.
type table map[string]handler

// handlers are all commands that are simulated.
var handlers = join(
	lifeCommands, userCommands, profileCommands, addressCommands, requestCommands, connectCommands, prepareCommands, prepareGroupCommands,
	contactCommands, sendCommands, editCommands, deleteCommands, reactionCommands, readCommands,
	listCommands, pageCommands, tagCommands, codeCommands, settingCommands, infoCommands, groupCommands, memberCommands, groupLinkCommands,
	moderationCommands, admissionCommands, memberContactCommands, reportCommands, fileCommands, standaloneCommands, switchCommands, relayCommands, channelCommands, storageCommands, serverCommands, operatorCommands, networkCommands, quietCommands, archiveCommands, appCommands, sevenCommands,
)

func join(tables ...table) table {
	all := table{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

func parse(cmd string) *call {
	c, ok := syntax.Parse(cmd)
	return &call{cmd: c, ok: ok}
}

// sends tells whether the command waits while the event queue is full.
func (c *call) sends() bool { return c.ok && c.cmd.Name == "APISendMessages" }

// carryOut runs a command on the database and returns its reply. The caller
// holds the network's lock.
func (d *database) carryOut(c *call) raw {
	c.db, c.user = d, d.active
	var r raw
	var err error
	d.net.step(c.sends(), func() { r, err = c.run() })
	if err != nil {
		e, ok := err.(*apiError)
		if !ok {
			e = commandError(err.Error()).(*apiError)
		}
		return object("error", e.body)
	}
	return r
}

func (c *call) run() (raw, error) {
	if !c.ok {
		return nil, errSyntax
	}
	h, ok := handlers[c.cmd.Name]
	_, seven := sevenCommands[c.cmd.Name]
	switch {
	case seven && !c.db.v7:
		return nil, errSyntax
	case !ok:
		return nil, notSimulated(c.cmd.Name)
	}
	if err := h.refuses(c); err != nil {
		if h.reads != nil {
			if unread := h.reads(c); unread != nil {
				return nil, unread
			}
		}
		return nil, err
	}
	return h.run(c)
}

// refuses is the error of a command that comes at the wrong time or for another user.
func (h handler) refuses(c *call) error {
	switch {
	case c.user == nil && !h.anonymous:
		return chatError("noActiveUser")
	case !h.early && !c.db.started:
		return chatError("chatNotStarted")
	case h.ofUser:
		return c.checkUser()
	}
	return nil
}

// checkUser refuses a command for a user who is not the active one.
func (c *call) checkUser() error {
	if id := c.cmd.Int("userId"); id != c.user.UserID {
		return chatError("differentActiveUser", "commandUserId", id, "activeUserId", c.user.UserID)
	}
	return nil
}

// forUser is a handler for a command that names the user it is for.
func forUser(run func(*call) (raw, error)) handler {
	return handler{run: run, ofUser: true}
}

// atAnyTime is the handler as one that works before the chat is started.
func (h handler) atAnyTime() handler {
	h.early = true
	return h
}

// reading is the handler with a check of what it reads.
func (h handler) reading(reads func(*call) error) handler {
	h.reads = reads
	return h
}

// decode reads a JSON parameter; what does not fit is a command that can't be parsed.
func (c *call) decode(name string, into any) error {
	if json.Unmarshal(c.cmd.JSON(name), into) != nil {
		return errSyntax
	}
	return nil
}

// reply is a result for the active user.
func (c *call) reply(tag string, pairs ...any) (raw, error) {
	return result(tag, append([]any{"user", c.user.asLoaded()}, pairs...)...), nil
}

// ok is the reply of commands that only change something.
func (c *call) done() (raw, error) { return result("cmdOk", "user_", c.user.asLoaded()), nil }

// contact finds a contact of the active user.
func (c *call) contact(id int64) (*contact, error) {
	if ct := c.user.contacts[id]; ct != nil {
		return ct, nil
	}
	return nil, storeError("contactNotFound", "contactId", id)
}

// group finds a group of the active user.
func (c *call) group(id int64) (*group, error) {
	if g := c.user.groups[id]; g != nil {
		return g, nil
	}
	return nil, storeError("groupNotFound", "groupId", id)
}
