package host

import (
	"encoding/json"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// observe logs the few events that an operator wants to know about. Names stay
// below debug; texts and links are in no log.
func (h *Host) observe(ev chat.Event) {
	g := h.script.now()
	if g == nil {
		return
	}
	switch ev.Type {
	case "contactConnected", "contactDeletedByContact":
		if g.rt.Settings().LogContacts {
			h.logContact(ev)
		}
	case "hostConnected", "hostDisconnected", "subscriptionStatus":
		if g.rt.Settings().LogNetwork {
			h.logNetwork(ev)
		}
	case "chatError":
		var body struct {
			Err json.RawMessage `json:"chatError"`
		}
		if json.Unmarshal(ev.Raw, &body) == nil {
			_, err := chat.ParseReply("event", append(append([]byte(`{"error":`), body.Err...), '}'))
			if held, ok := h.coreErrors.allow(); ok {
				h.log.Warn("the core reports an error", "err", err, "more", held)
			} else {
				h.log.Debug("the core reports an error", "err", err)
			}
		}
	}
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

func (h *Host) logNetwork(ev chat.Event) {
	var body struct {
		Host   string `json:"transportHost"`
		Server string `json:"server"`
		Status struct {
			Type string `json:"type"`
		} `json:"subscriptionStatus"`
		Connections []json.RawMessage `json:"connections"`
	}
	if json.Unmarshal(ev.Raw, &body) != nil {
		return
	}
	switch ev.Type {
	case "hostConnected":
		h.log.Info("connected to a server", "server", body.Host)
	case "hostDisconnected":
		h.log.Warn("disconnected from a server", "server", body.Host)
	default:
		h.log.Info("subscriptions changed", "status", body.Status.Type, "connections", len(body.Connections))
	}
}
