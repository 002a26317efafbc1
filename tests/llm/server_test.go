package llm

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is a server of a model that does what it is told.
type server struct {
	t        *testing.T
	mu       sync.Mutex
	requests map[string]int    // by key and what it was told
	bots     map[string]string // addresses by key
}

// message is one of a request.
type message struct {
	Role       string
	Content    string
	ToolCallID string `json:"tool_call_id"`
	ToolCalls  []struct {
		ID       string
		Function struct{ Name, Arguments string }
	} `json:"tool_calls"`
}

type request struct {
	Model       string
	Stream      bool
	MaxTokens   int     `json:"max_tokens"`
	Temperature float64 `json:"temperature"`
	Messages    []message
	Tools       []struct {
		Type     string
		Function struct {
			Name, Description string
			Parameters        map[string]any
		}
	}
}

func newServer(t *testing.T) *server {
	return &server{t: t, requests: map[string]int{}, bots: map[string]string{}}
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if r.URL.Path == "/hello" { // a bot tells its address
		s.mu.Lock()
		s.bots[key] = string(body)
		s.mu.Unlock()
		return
	}
	var req request
	if err := json.Unmarshal(body, &req); err != nil || r.URL.Path != "/v1/chat/completions" || !strings.HasPrefix(key, "sk-secret-") {
		s.t.Errorf("%s: %v: %s", r.URL.Path, err, body)
		return
	}
	told := ""
	for _, m := range req.Messages {
		if m.Role == "user" {
			told, _, _ = strings.Cut(m.Content, " ")
		}
	}
	s.mu.Lock()
	s.requests[key+told]++
	n := s.requests[key+told]
	s.mu.Unlock()
	do := behaviours[told]
	if do == nil {
		s.t.Errorf("the server was told %q", told)
		return
	}
	do(&exchange{w, r, req, s, key, n})
}

// exchange is one request and its answer.
type exchange struct {
	http.ResponseWriter
	r   *http.Request
	req request
	s   *server
	key string
	n   int // which request of its kind
}

func (x *exchange) last() message { return x.req.Messages[len(x.req.Messages)-1] }

// raw sends a piece at once.
func (x *exchange) raw(format string, args ...any) error {
	if _, err := fmt.Fprintf(x, format, args...); err != nil {
		return err
	}
	return http.NewResponseController(x.ResponseWriter).Flush()
}

// delta sends a piece of the stream.
func (x *exchange) delta(delta any, finish ...string) error {
	choice := map[string]any{"index": 0, "delta": delta, "finish_reason": nil}
	if len(finish) > 0 {
		choice["finish_reason"] = finish[0]
	}
	b, err := json.Marshal(map[string]any{"choices": []any{choice}})
	if err != nil {
		return err
	}
	return x.raw("data: %s\n\n", b)
}

func (x *exchange) say(text string) error {
	return x.delta(map[string]any{"role": "assistant", "content": text})
}

func (x *exchange) end() { _ = x.raw("data: [DONE]\n\n") }

func (x *exchange) call(index int, id, name, arguments string) {
	_ = x.delta(map[string]any{"content": nil, "tool_calls": []any{
		map[string]any{"index": index, "id": id, "type": "function", "function": map[string]any{"name": name, "arguments": arguments}},
	}})
}

// tell has the bot do something, and waits until it has done it.
func (x *exchange) tell(path string) {
	x.s.mu.Lock()
	address := x.s.bots[x.key]
	x.s.mu.Unlock()
	resp, err := http.Post("http://"+address+path, "text/plain", nil)
	if err != nil {
		x.s.t.Error(err)
		return
	}
	resp.Body.Close()
}

// gone waits until the bot reads no more.
func (x *exchange) gone() {
	for {
		select {
		case <-x.r.Context().Done():
			return
		case <-time.After(time.Millisecond): // the bot looks whether to go on when a piece comes
			_ = x.say(".")
		}
	}
}
