package api

import (
	"errors"
	"fmt"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

var errNoChat = errors.New(`want a chat: {"direct", 4}, a ChatRef, a ChatInfo or "@4"`)

// chatRef makes a ChatRef of whatever names a chat: text as "@4", a type with an
// id, a ChatRef, a ChatInfo, or {type, id, scope} as scripts have it in msg.chat.
func chatRef(v any) (map[string]any, error) {
	switch v := v.(type) {
	case string:
		ref, err := chat.ParseRef(v)
		if err != nil {
			return nil, err
		}
		return Ref(ref), nil
	case []any:
		if len(v) == 2 {
			return map[string]any{"chatType": v[0], "chatId": v[1]}, nil
		}
	case map[string]any:
		switch {
		case v["chatType"] != nil:
			return v, nil
		case v["contact"] != nil || v["groupInfo"] != nil:
			return infoRef(v)
		case v["id"] != nil && v["type"] != nil:
			out := map[string]any{"chatType": v["type"], "chatId": v["id"]}
			switch s := v["scope"].(type) {
			case map[string]any:
				out["chatScope"] = scope(s["member_id"])
			case Empty:
				out["chatScope"] = scope(nil)
			}
			return out, nil
		case v["type"] != nil:
			return nil, fmt.Errorf("messages can be sent to direct chats and groups only, not to %v", v["type"])
		}
	}
	return nil, errNoChat
}

// Ref is a chat as commands take it: a ChatRef.
func Ref(ref chat.Ref) Params {
	out := Params{"chatType": ref.Type, "chatId": ref.ID}
	if ref.Support {
		out["chatScope"] = scope(ref.MemberID)
	}
	return out
}

// infoRef makes a ChatRef of a ChatInfo.
func infoRef(info map[string]any) (map[string]any, error) {
	switch contact, group := object(info["contact"]), object(info["groupInfo"]); {
	case info["type"] == "direct" && contact != nil:
		return map[string]any{"chatType": "direct", "chatId": contact["contactId"]}, nil
	case info["type"] == "group" && group != nil:
		ref := map[string]any{"chatType": "group", "chatId": group["groupId"]}
		if s := object(info["groupChatScope"]); s != nil {
			ref["chatScope"] = scope(object(s["groupMember_"])["groupMemberId"])
		}
		return ref, nil
	}
	return nil, fmt.Errorf("messages can be sent to direct chats and groups only, not to %v", info["type"])
}

// itemRef returns the chat of an AChatItem and the item's id.
func itemRef(v any) (ref map[string]any, id any, err error) {
	item := object(v)
	info, meta := object(item["chatInfo"]), object(object(item["chatItem"])["meta"])
	if info == nil || meta["itemId"] == nil {
		return nil, nil, errors.New("want an AChatItem: a table with chatInfo and chatItem")
	}
	ref, err = infoRef(info)
	return ref, meta["itemId"], err
}

// scope is the support chat with a member, or the user's own (0 or nil).
func scope(member any) map[string]any {
	s := map[string]any{"type": "memberSupport"}
	if member != nil && member != int64(0) { // an int64 from Go and from Lua
		s["groupMemberId_"] = member
	}
	return s
}

// object is v as an object, nil where it is none; reading from nil is fine.
func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}
