package sim

import (
	"encoding/json"
	"fmt"
	"time"
)

// Received is something that a person was told and that people care about.
type Received struct {
	// What is "message", "edited", "deleted", "reaction", "invitation" (to a
	// group), "connected" or "joined" (a group).
	What string
	Chat Chat
	// Sender is the display name of who wrote, edited, deleted or reacted.
	Sender string
	// Text is the text of the message as it is now, the emoji of a reaction, or
	// the name of the group of an invitation.
	Text   string
	ItemID int64
	// Live is set while the message is still being written.
	Live bool
	// Added tells whether a reaction was added or removed.
	Added bool
	// Event is all of it, as the core told it.
	Event []byte
}

// Receive returns the next thing the person was told, waiting for at most wait;
// events that people do not care about are taken and passed over. A time-out is
// (nil, nil); a wait of 0 returns what is there already.
func (p *Person) Receive(wait time.Duration) (*Received, error) {
	for end := time.Now().Add(wait); ; {
		event, err := p.Core.Receive(max(time.Until(end), 1))
		if err != nil || event == nil {
			return nil, err
		}
		if r := readEvent(event); r != nil {
			return r, nil
		}
	}
}

type eventItem struct {
	ChatInfo eventChat
	ChatItem struct {
		ChatDir struct {
			Type        string
			GroupMember eventMember
		}
		Meta struct {
			ItemID   int64
			ItemText string
			ItemLive bool
		}
		Content struct{ Type string }
	}
}

type eventMember struct {
	MemberProfile struct{ DisplayName string }
}

type eventChat struct {
	Contact   *eventParty
	GroupInfo *eventParty
}

type eventParty struct {
	ContactID, GroupID int64
	LocalDisplayName   string
	Profile            struct{ DisplayName string }
}

func (c eventChat) chat() Chat {
	switch {
	case c.Contact != nil:
		return Chat{fmt.Sprintf("@%d", c.Contact.ContactID), c.Contact.LocalDisplayName}
	case c.GroupInfo != nil:
		return Chat{fmt.Sprintf("#%d", c.GroupInfo.GroupID), c.GroupInfo.LocalDisplayName}
	}
	return Chat{}
}

// told makes a Received of an item of somebody else.
func (it eventItem) told(what string, event []byte) *Received {
	r := &Received{What: what, Chat: it.ChatInfo.chat(), Text: it.ChatItem.Meta.ItemText, ItemID: it.ChatItem.Meta.ItemID,
		Live: it.ChatItem.Meta.ItemLive, Event: event}
	switch it.ChatItem.ChatDir.Type {
	case "directRcv":
		r.Sender = it.ChatInfo.Contact.Profile.DisplayName
	case "groupRcv":
		r.Sender = it.ChatItem.ChatDir.GroupMember.MemberProfile.DisplayName
	case "channelRcv":
		r.Sender = it.ChatInfo.GroupInfo.LocalDisplayName
	default:
		return nil
	}
	if it.ChatItem.Content.Type != "rcvMsgContent" {
		return nil
	}
	return r
}

// readEvent reads what people care about, nil for everything else.
func readEvent(event []byte) *Received {
	var e struct {
		Result struct {
			Type              string
			ChatItems         []eventItem
			ChatItem          eventItem
			ChatItemDeletions []struct{ DeletedChatItem eventItem }
			Contact           *eventParty
			GroupInfo         *eventParty
			Added             bool
			Reaction          struct {
				ChatInfo     eventChat
				ChatReaction struct {
					ChatDir struct {
						Type        string
						GroupMember eventMember
					}
					ChatItem struct{ Meta struct{ ItemID int64 } }
					Reaction struct{ Emoji string }
				}
			}
		}
	}
	if json.Unmarshal(event, &e) != nil {
		return nil
	}
	switch r := e.Result; r.Type {
	case "newChatItems":
		for _, it := range r.ChatItems {
			if m := it.told("message", event); m != nil {
				return m // the core tells of each message by itself
			}
		}
	case "chatItemUpdated":
		return r.ChatItem.told("edited", event)
	case "chatItemsDeleted":
		for _, d := range r.ChatItemDeletions {
			if m := d.DeletedChatItem.told("deleted", event); m != nil {
				return m
			}
		}
	case "chatItemReaction":
		dir := r.Reaction.ChatReaction.ChatDir
		m := &Received{What: "reaction", Chat: r.Reaction.ChatInfo.chat(), Sender: dir.GroupMember.MemberProfile.DisplayName, Added: r.Added,
			Text: r.Reaction.ChatReaction.Reaction.Emoji, ItemID: r.Reaction.ChatReaction.ChatItem.Meta.ItemID, Event: event}
		if dir.Type == "directRcv" {
			m.Sender = r.Reaction.ChatInfo.Contact.Profile.DisplayName
		}
		return m
	case "receivedGroupInvitation":
		c := eventChat{GroupInfo: r.GroupInfo}.chat()
		return &Received{What: "invitation", Chat: c, Sender: r.Contact.Profile.DisplayName, Text: c.Name, Event: event}
	case "contactConnected":
		c := eventChat{Contact: r.Contact}.chat()
		return &Received{What: "connected", Chat: c, Sender: c.Name, Event: event}
	case "userJoinedGroup":
		return &Received{What: "joined", Chat: eventChat{GroupInfo: r.GroupInfo}.chat(), Event: event}
	}
	return nil
}
