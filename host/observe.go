package host

import (
	"encoding/json"
	"errors"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// observe looks at each event before it is put in a lane: it keeps the state of
// the network and logs the few events that an operator wants to know about.
// The receiver calls it, so it does not wait.
// Names stay below debug; texts and links are in no log.
func (h *Host) observe(ev chat.Event) {
	switch ev.Type {
	case "newChatItems":
		if !h.network.heard.Load() { // a store for each message would cost more
			h.network.heard.Store(true)
		}
	case "contactConnected", "contactDeletedByContact":
		if g := h.script.now(); g != nil && g.rt.Settings().LogContacts {
			h.logContact(ev)
		}
	case "hostConnected", "hostDisconnected", "subscriptionStatus":
		g := h.script.now()
		h.observeNetwork(ev, g != nil && g.rt.Settings().LogNetwork)
	case "chatError":
		h.logError(ev)
	}
}

// logError tells about an error that belongs to no command; of a storm of them,
// one a second and kind.
func (h *Host) logError(ev chat.Event) {
	var body struct {
		Err json.RawMessage `json:"chatError"`
	}
	if json.Unmarshal(ev.Raw, &body) != nil {
		return
	}
	_, err := chat.ParseReply("event", append(append([]byte(`{"error":`), body.Err...), '}'))
	if refused := (*chat.CommandError)(nil); errors.As(err, &refused) && refused.Type == "errorAgent" && refused.Tag == "CRITICAL" {
		h.tellCritical(refused)
		return
	}
	if held, ok := h.coreErrors.Allow(); ok {
		h.log.Warn("the core reports an error", "err", err, "more", held)
	} else {
		h.log.Debug("the core reports an error", "err", err)
	}
}

// tellCritical tells the operator and the script about an error after which the
// core may not work any more. Where it asks for a restart, the bot is not ready
// until it has one.
func (h *Host) tellCritical(refused *chat.CommandError) {
	var body struct {
		Err struct {
			OfferRestart bool   `json:"offerRestart"`
			Text         string `json:"criticalErr"`
		} `json:"agentError"`
	}
	_ = json.Unmarshal(refused.Raw, &body) // it has been read as JSON before
	if body.Err.OfferRestart {
		h.restart.Store(true)
	}
	held, ok := h.critical.Allow()
	if !ok {
		return
	}
	const what, hint = "the core reports a critical error", "the core asks for a restart of the bot"
	attrs := []any{"err", body.Err.Text, "more", held}
	told := &luaapi.Error{Type: luaapi.ErrCritical, Message: what + ": " + body.Err.Text, ChatError: refused.Raw}
	if body.Err.OfferRestart {
		attrs = append(attrs, "hint", hint)
		told.Hint = hint
	}
	h.log.Error(what, attrs...)
	h.errors.put(told)
}

func (h *Host) logContact(ev chat.Event) {
	var body struct {
		Contact struct {
			ID   int64  `json:"contactId"`
			Name string `json:"localDisplayName"`
		} `json:"contact"`
	}
	if json.Unmarshal(ev.Raw, &body) != nil {
		return
	}
	what := "a contact is connected"
	if ev.Type == "contactDeletedByContact" {
		what = "a contact has deleted the bot"
	}
	h.log.Info(what, "contact", body.Contact.ID)
	h.log.Debug(what, "contact", body.Contact.ID, "name", body.Contact.Name)
}
