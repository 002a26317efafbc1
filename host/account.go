package host

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// account is what the core last said about the bot's user and address. Only
// one goroutine at a time uses it: the start, then whoever holds Host.reloading.
type account struct {
	ctl     *control
	created bool // by this start
	profile json.RawMessage
	// link is the short link of the address, the full one where there is no
	// short one, "" without an address.
	link     string
	settings json.RawMessage
}

type userReply struct {
	User struct {
		UserID  int64           `json:"userId"`
		Profile json.RawMessage `json:"profile"`
	} `json:"user"`
}

type addressReply struct {
	Link struct {
		Links    links           `json:"connLinkContact"`
		Settings json.RawMessage `json:"addressSettings"`
	} `json:"contactLink"`
}

type links struct {
	Full  string `json:"connFullLink"`
	Short string `json:"connShortLink"`
}

func (l links) best() string {
	if l.Short != "" {
		return l.Short
	}
	return l.Full
}

// openUser finds the active user, or creates the bot's on a fresh database, also
// where one was made anew. own is our user of earlier starts, 0 where there was
// none. It is true where another user is active: ours can be made so when the chat
// runs, not before.
func (a *account) openUser(ctx context.Context, s luaapi.Settings, own int64) (away bool, err error) {
	r, err := a.ctl.send(ctx, "/user")
	if isTag(err, "noActiveUser") {
		if own != 0 {
			a.ctl.log.Warn("the chat database is a new one, without the bot's user; a user and an address are made again")
		}
		r, err = a.ctl.send(ctx, "/_create user "+compact(newUser{Profile: wantedProfile(s, "")}))
		a.created = true
	}
	if err == nil {
		err = a.takeUser(r)
	}
	if err != nil || own == 0 || own == a.ctl.userID || a.created {
		return false, err
	}
	a.ctl.userID = own
	return true, nil
}

// activate makes our user the active one. The chat runs.
func (a *account) activate(ctx context.Context) error {
	r, err := a.ctl.send(ctx, "/_user "+id(a.ctl.userID))
	if err != nil {
		return err
	}
	u, err := readUser(r)
	if err != nil {
		return err
	}
	a.profile = u.User.Profile // the id is known, and others read it by now
	a.ctl.log.Warn("the bot's own user was not the active one of the database; it is now", "user", a.ctl.userID)
	return nil
}

// takeUser takes over who our user is; only the start may, for the others read it.
func (a *account) takeUser(r chat.Response) error {
	u, err := readUser(r)
	if err == nil {
		a.ctl.userID, a.profile = u.User.UserID, u.User.Profile
	}
	return err
}

func readUser(r chat.Response) (userReply, error) {
	var u userReply
	if err := r.Decode(&u); err != nil {
		return u, err
	}
	if u.User.UserID == 0 {
		return u, fmt.Errorf("the core's answer %s names no user", r.Type)
	}
	return u, nil
}

// openAddress finds the bot's address, or creates it if the script wants one.
func (a *account) openAddress(ctx context.Context, s luaapi.Settings) error {
	err := a.showAddress(ctx)
	if !isTag(err, "userContactLinkNotFound") {
		return err
	}
	a.link, a.settings = "", nil
	if !s.CreateAddress {
		return nil
	}
	if err := a.createAddress(ctx); err != nil {
		return err
	}
	return a.showAddress(ctx)
}

// createAddress asks for an address until there is a network to make it on: a
// bot started before its network is up should not have to be started again.
func (a *account) createAddress(ctx context.Context) error {
	for wait := 2 * time.Second; ; wait = min(2*wait, time.Minute) {
		_, err := a.ctl.send(ctx, "/_address "+id(a.ctl.userID))
		if !isNetwork(err) {
			return err
		}
		a.ctl.log.Warn("no address yet: the server cannot be reached; trying again", "in", wait, "err", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (a *account) showAddress(ctx context.Context) error {
	r, err := a.ctl.send(ctx, "/_show_address "+id(a.ctl.userID))
	if err != nil {
		return err
	}
	return a.takeAddress(r)
}

func (a *account) takeAddress(r chat.Response) error {
	var l addressReply
	if err := r.Decode(&l); err != nil {
		return err
	}
	a.settings = l.Link.Settings
	if link := l.Link.Links.best(); link != "" {
		a.link = link
	}
	return nil
}

// sync brings the address settings and the profile in line with the script.
// Only what differs is sent, so that an unchanged script sends nothing.
func (a *account) sync(ctx context.Context, s luaapi.Settings) error {
	if wanted := wantedAddress(s); a.link != "" && s.UpdateAddress && !sameJSON(wanted, a.settings) {
		r, err := a.ctl.send(ctx, "/_address_settings "+id(a.ctl.userID)+" "+compact(wanted))
		if err != nil {
			return err
		}
		if err := a.takeAddress(r); err != nil {
			return err
		}
	}
	if wanted := wantedProfile(s, a.link); s.UpdateProfile && !sameProfile(wanted, a.profile) {
		r, err := a.ctl.send(ctx, "/_profile "+id(a.ctl.userID)+" "+compact(wanted))
		if err != nil {
			return err
		}
		u, err := readUser(r)
		if err != nil {
			return err
		}
		a.profile = u.User.Profile
	}
	return nil
}
