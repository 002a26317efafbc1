package sim

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// OpenBot opens the database of the bot that is tried out on the network. The
// error tells what the core says where it refuses the key or the confirmation.
func (n *Network) OpenBot(key, confirm string) (*Core, error) {
	c, reply, err := n.Open("bot", key, confirm)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, reply.JSON)
	}
	return c, nil
}

// UserName asks for the name in the profile of the active user.
func (c *Core) UserName(ctx context.Context) (string, error) {
	reply, err := c.Send(ctx, "/user")
	if err != nil {
		return "", err
	}
	var r struct {
		Result struct {
			User struct{ Profile struct{ DisplayName string } }
		}
	}
	if err := json.Unmarshal(reply, &r); err != nil {
		return "", err
	}
	if r.Result.User.Profile.DisplayName == "" {
		return "", fmt.Errorf("the core has no active user: %s", reply)
	}
	return r.Result.User.Profile.DisplayName, nil
}

// GroupLink makes the link that people join a group by as members.
func (p *Person) GroupLink(group Chat) (string, error) {
	result, err := p.Do("/_create link " + group.Ref + " member")
	if err != nil {
		return "", err
	}
	var r struct {
		GroupLink struct {
			ConnLinkContact struct{ ConnShortLink, ConnFullLink string }
		}
	}
	err = json.Unmarshal(result, &r)
	return cmp.Or(r.GroupLink.ConnLinkContact.ConnShortLink, r.GroupLink.ConnLinkContact.ConnFullLink), err
}

// Member is a member of a group, as somebody else in it sees them.
type Member struct {
	ID      int64  `json:"groupMemberId"`
	Role    string `json:"memberRole"`
	Status  string `json:"memberStatus"`
	Profile struct {
		DisplayName string `json:"displayName"`
	} `json:"memberProfile"`
}

// Member finds somebody else in a group by the name in their profile. The error
// names those who are there.
func (p *Person) Member(group Chat, name string) (Member, error) {
	result, err := p.Do("/_members " + group.Ref)
	if err != nil {
		return Member{}, err
	}
	var list struct{ Group struct{ Members []Member } }
	if err := json.Unmarshal(result, &list); err != nil {
		return Member{}, err
	}
	var names []string
	for _, m := range list.Group.Members {
		if m.Profile.DisplayName == name {
			return m, nil
		}
		names = append(names, m.Profile.DisplayName)
	}
	return Member{}, fmt.Errorf("%s is not in #%s as %s sees it; there are: %s", name, group.Name, p.Name(), strings.Join(names, ", "))
}
