package remote

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"regexp"
	"strconv"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

const (
	// probeAgain is when it is looked again after events went to somebody else;
	// each time later, up to probeSeldom.
	probeAgain  = time.Minute
	probeSeldom = 10 * time.Minute
)

// newSecret is a word that nobody else can put in an event.
func newSecret() string { return rand.Text() }

// accept takes an event of a link. What probe has made is for nobody else.
func (c *Core) accept(event []byte, end <-chan struct{}) {
	if bytes.Contains(event, []byte(c.secret)) {
		token(c.probed)
		return
	}
	c.events.put(event, end)
}

// probe finds out whether events reach us. The program gives them all to the
// client that is connected longest, and there is no command that asks who that
// is; but making a group makes an event at once, without network, and the group
// can be deleted again. It returns false, and logs, where the event did not come.
func (c *Core) probe(ctx context.Context) (ours bool) {
	if c.o.ProbeTimeout < 0 {
		return true
	}
	select {
	case <-c.probed: // of an older one
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.ProbeTimeout)
	defer cancel()
	group, err := c.makeGroup(ctx)
	if group != 0 {
		defer c.dropGroup(group)
	}
	select {
	case <-c.probed:
		return true
	case <-c.closing:
		return true
	default:
	}
	if err != nil {
		c.o.Log.Warn("it could not be found out whether events of the chat program reach this bot", "err", err)
		return true
	}
	select {
	case <-c.probed:
		return true
	case <-ctx.Done():
	case <-c.closing:
		return true
	}
	c.o.Log.Warn("events of the chat program go to another client that was connected before: this bot gets no messages",
		"hint", "end the other client: an older bot, or a connection of it that still hangs")
	return false
}

// makeGroup makes a group whose name has the secret in it; 0 where that failed.
func (c *Core) makeGroup(ctx context.Context) (id int64, err error) {
	var user struct {
		User struct {
			ID int64 `json:"userId"`
		} `json:"user"`
	}
	if err := c.ask(ctx, "/user", &user); err != nil {
		return 0, err
	}
	c.dropLeftovers(ctx, user.User.ID)
	var made struct {
		Group struct {
			ID int64 `json:"groupId"`
		} `json:"groupInfo"`
	}
	err = c.ask(ctx, "/_group "+strconv.FormatInt(user.User.ID, 10)+` {"displayName":"`+probeName+c.secret+`","fullName":""}`, &made)
	return made.Group.ID, err
}

// probeName begins the names of groups that probe makes, before a secret.
const probeName = "simplex-lua check "

// leftover are the names of such groups; nobody else uses one.
var leftover = regexp.MustCompile("^" + probeName + "[A-Z2-7]{26}$")

// probeLife is more than a probe takes: a younger group may be that of another
// bot, which deletes it.
const probeLife = 10 * time.Minute

// dropLeftovers deletes groups of earlier probes, which stayed because the bot
// died, or the program was gone, before they were deleted.
func (c *Core) dropLeftovers(ctx context.Context, user int64) {
	var list struct {
		Groups []struct {
			ID      int64 `json:"groupId"`
			Profile struct {
				Name string `json:"displayName"`
			} `json:"groupProfile"`
			Created time.Time `json:"createdAt"`
		} `json:"groups"`
	}
	if err := c.ask(ctx, "/_groups "+strconv.FormatInt(user, 10), &list); err != nil {
		c.o.Log.Debug("it could not be seen whether a group of an earlier check is left", "err", err)
		return
	}
	for _, g := range list.Groups {
		if leftover.MatchString(g.Profile.Name) && time.Since(g.Created) > c.o.probeLife {
			c.dropGroup(g.ID)
		}
	}
}

// dropGroup deletes it, also where there is no time left for anything else.
func (c *Core) dropGroup(id int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), c.o.ProbeTimeout)
	defer cancel()
	var gone struct{}
	if err := c.ask(ctx, "/_delete #"+strconv.FormatInt(id, 10), &gone); err != nil {
		c.o.Log.Warn("a group that was made to find out who gets the events could not be deleted", "group", id, "err", err)
	}
}

func (c *Core) ask(ctx context.Context, cmd string, into any) error {
	reply, err := c.Send(ctx, cmd)
	if err != nil {
		return err
	}
	r, err := chat.ParseReply(cmd, reply)
	if err != nil {
		return err
	}
	return json.Unmarshal(r.Raw, into)
}
