package api

import (
	"fmt"
	"slices"
	"strings"
)

// This file holds what the core's parser refuses although its documentation
// does not say so. The core answers each of these with "Failed reading: empty".

// writable are the values of an enum that commands may have; the other
// documented ones occur only in results.
var writable = map[string][]string{
	"GroupMemberRole": {"observer", "member", "moderator", "admin", "owner"},
}

// emojis are all that reactions may be.
var emojis = []string{"👍", "👎", "😀", "😂", "😢", "❤", "🚀", "✅"}

// widerThan names types that results have where commands take a narrower one,
// so that what was read can be written back: bot.api.update_profile(id,
// user.profile). The fields that only the wider one has are left out.
var widerThan = map[string]string{"Profile": "LocalProfile"}

// narrow removes the fields of a wider type.
func (f *Facts) narrow(t *typ, values map[string]any) {
	wide := f.types[widerThan[t.name]]
	if wide == nil {
		return
	}
	for _, fd := range wide.record.list {
		if t.record.byName[fd.name] == nil {
			delete(values, fd.name)
		}
	}
}

// A rule returns the path of what is wrong and the reason, "" for nothing.
type rule = func(values map[string]any) (path, reason string)

var typeRules = map[string]rule{
	"ChatRef": func(ref map[string]any) (string, string) {
		if ref["chatScope"] != nil && ref["chatType"] != "group" {
			return "chatScope", fmt.Sprintf("only groups have one, not a %v chat", ref["chatType"])
		}
		return "", ""
	},
}

var commandRules = map[string]rule{
	"APISendMessages":                sendsTo("sendRef"),
	"APIForwardChatItems":            sendsTo("toChat"),
	"APIChatItemReaction":            knownReaction,
	"APIGetReactionMembers":          knownReaction,
	"APISendMemberContactInvitation": oneOfTwo,
	"APIConnectPreparedContact":      oneOfTwo,
	"APIConnectPreparedGroup":        oneOfTwo,
	"APISetChatTTL": func(values map[string]any) (string, string) {
		ttl, _ := values["ttl"].(string)
		known := []string{"default", "none", "day", "week", "month", "year"}
		if !slices.Contains(known, ttl) && strings.Trim(ttl, "0123456789") != "" {
			return "ttl", "want seconds or one of " + strings.Join(known, ", ")
		}
		return "", ""
	},
}

func sendsTo(param string) rule {
	return func(values map[string]any) (string, string) {
		if ref, ok := values[param].(map[string]any); ok && ref["chatType"] == "local" {
			return param + ".chatType", "messages can be sent to direct chats and groups only"
		}
		return "", ""
	}
}

func knownReaction(values map[string]any) (string, string) {
	r, _ := values["reaction"].(map[string]any)
	if r["type"] != "emoji" {
		return "reaction.type", fmt.Sprintf("want emoji, got %v", r["type"])
	}
	if emoji, _ := r["emoji"].(string); !slices.Contains(emojis, emoji) {
		return "reaction.emoji", fmt.Sprintf("want one of %s, got %v", strings.Join(emojis, " "), r["emoji"])
	}
	return "", ""
}

// oneOfTwo is for commands that take a message as text or as content.
func oneOfTwo(values map[string]any) (string, string) {
	if values["text"] != nil && values["message"] != nil {
		return "message", "give text or message, not both"
	}
	return "", ""
}
