package lime

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"sync"
)

// hub is a small LIME server: sessions as the specification has them, messages,
// notifications and commands routed between its clients, and some resources.
type hub struct {
	passwords map[string]string // by identity
	keys      map[string]string

	mu    sync.Mutex // guards what follows
	nodes map[string]*peer
	heard []string // the frames of clients, without their ids
	pings int
}

func newHub() *hub {
	return &hub{
		passwords: map[string]string{"anna@example.com": "ilovewww"},
		keys:      map[string]string{"anna@example.com": "a key"}, nodes: map[string]*peer{},
	}
}

const (
	serverNode = "server@example.com/1"
	sessionID  = "d35ad2be"
)

// note keeps a frame for the test.
func (h *hub) note(e envelope) {
	e = maps.Clone(e)
	if e["id"] != nil && e["id"] != sessionID {
		e["id"] = "*"
	}
	frame, _ := json.Marshal(e)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard = append(h.heard, string(frame))
}

func (h *hub) next(p *peer) envelope {
	e := p.get()
	if e != nil {
		h.note(e)
	}
	return e
}

// serve talks to a client until its session ends.
func (h *hub) serve(p *peer) {
	node := h.establish(p)
	if node == "" {
		return
	}
	for e := h.next(p); e != nil; e = h.next(p) {
		if e["state"] == "finishing" {
			p.put(envelope{"id": sessionID, "from": serverNode, "state": "finished"})
			return
		}
		e["from"] = node
		h.route(p, e)
	}
}

// establish returns the node of the client, "" where it has none.
func (h *hub) establish(p *peer) string {
	if e := h.next(p); e == nil || e["state"] != "new" {
		return ""
	}
	if p.secure != nil {
		p.put(envelope{
			"id": sessionID, "from": serverNode, "state": "negotiating",
			"encryptionOptions": []string{"none", "tls"}, "compressionOptions": []string{"none", "gzip"},
		})
		chosen := h.next(p)
		p.put(envelope{
			"id": sessionID, "from": serverNode, "state": "negotiating",
			"encryption": chosen["encryption"], "compression": chosen["compression"],
		})
		if chosen["encryption"] == "tls" && p.secure() != nil {
			return ""
		}
	}
	p.put(envelope{"id": sessionID, "from": serverNode, "state": "authenticating", "schemeOptions": []string{"guest", "plain", "key"}})
	e := h.next(p)
	node, _ := e["from"].(string)
	identity, _, _ := strings.Cut(node, "/")
	given, _ := e["authentication"].(envelope)
	secret := func(field string) string {
		text, _ := given[field].(string)
		plain, _ := base64.StdEncoding.DecodeString(text)
		return string(plain)
	}
	switch scheme := e["scheme"]; {
	case scheme == "guest":
	case scheme == "plain" && h.passwords[identity] != "" && h.passwords[identity] == secret("password"):
	case scheme == "key" && h.keys[identity] != "" && h.keys[identity] == secret("key"):
	default:
		p.put(envelope{"id": sessionID, "state": "failed", "reason": envelope{"code": 13, "description": "wrong password"}})
		return ""
	}
	h.mu.Lock() // before the client can tell anybody that it is there
	h.nodes[identity] = p
	h.mu.Unlock()
	p.put(envelope{"id": sessionID, "from": serverNode, "to": node, "state": "established"})
	return node
}

// route hands an envelope to whom it is for: a client, or the server.
func (h *hub) route(p *peer, e envelope) {
	to, _ := e["to"].(string)
	identity, _, _ := strings.Cut(to, "/")
	if identity != "" && !strings.Contains(identity, "@") {
		identity += "@example.com"
	}
	h.mu.Lock()
	other := h.nodes[identity]
	h.mu.Unlock()
	notify := func(event string, more envelope) {
		if e["content"] != nil && e["id"] != nil {
			n := envelope{"id": e["id"], "from": serverNode, "to": e["from"], "event": event}
			maps.Copy(n, more)
			p.put(n)
		}
	}
	switch {
	case identity == "" || strings.HasPrefix(identity, "server@"):
		h.command(p, e)
	case other == nil:
		notify("failed", envelope{"reason": envelope{"code": 42, "description": "The message destination was not found"}})
	default:
		notify("accepted", nil)
		notify("dispatched", nil)
		other.put(e)
	}
}

// command answers those for the server.
func (h *hub) command(p *peer, e envelope) {
	uri, _ := e["uri"].(string)
	if e["status"] != nil || e["method"] == nil || e["method"] == "observe" {
		return
	}
	answer := envelope{"id": e["id"], "from": serverNode, "to": e["from"], "method": e["method"], "status": "success"}
	path, _, _ := strings.Cut(strings.TrimPrefix(uri, "lime://anna@example.com"), "?")
	switch {
	case path == "/never":
		return
	case path == "/ping":
		h.mu.Lock()
		h.pings++
		h.mu.Unlock()
		answer["type"], answer["resource"] = "application/vnd.lime.ping+json", envelope{}
	case path == "/contacts" && e["method"] == "get":
		answer["type"] = "application/vnd.lime.collection+json"
		answer["resource"] = envelope{"total": 3, "itemType": "application/vnd.lime.contact+json", "items": []envelope{
			{"identity": "skinnypete@example.com"}, {"identity": "badger@example.com"}, {"identity": "combo@example.com"},
		}}
	case path == "/presence":
	default:
		answer["status"], answer["reason"] = "failure", envelope{"code": 67, "description": "not found"}
	}
	p.put(answer)
}
