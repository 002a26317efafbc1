package llm

import (
	"net/http"
	"strings"
)

// behaviours are what the server can be told.
var behaviours map[string]func(x *exchange)

func init() {
	behaviours = map[string]func(x *exchange){
		"pieces": pieces, "plain": plain, "sum": sum, "both": both, "loop": loop, "busy": busy, "full": full, "refuse": refuse,
		"cut": cut, "ends": ends, "garbage": garbage, "error": failing, "endless": endless, "line": line, "slow": slow,
		"stopped": stopped, "replaced": replaced, "next": next, "options": options, "cancelled": cancelled, "held": held,
	}
}

// pieces cuts the stream anywhere, also in a character, and has what streams may
// have beside their data.
func pieces(x *exchange) {
	stream := ": a comment\r\nevent: x\r\n\r\n" +
		`data: {"choices":[{"delta":{"role":"assistant","content":null}}]}` + "\r\n\r\n" +
		`data: {"choices":[{"delta":{"content":"**Grüße** "}}]}` + "\n\n" +
		`data:{"choices":[{"delta":{"content":"an 👋 ` + "`x`" + `"},"finish_reason":"stop"}]}` + "\n\n" +
		`data: {"choices":[],"usage":{"total_tokens":3}}` + "\n\ndata: [DONE]\n\n"
	for i := range len(stream) {
		if x.raw("%s", stream[i:i+1]) != nil {
			return
		}
	}
}

// plain streams nothing although it was asked to.
func plain(x *exchange) {
	_ = x.raw("{\n \"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": \"no stream\"}}]\n}\n")
}

// sum calls a function with arguments in pieces.
func sum(x *exchange) {
	if m := x.last(); m.Role == "tool" {
		before := x.req.Messages[len(x.req.Messages)-2]
		if m.ToolCallID != "c1" || len(before.ToolCalls) != 1 || before.ToolCalls[0].Function.Arguments != `{"a":2,"b":3}` {
			x.s.t.Errorf("got %+v after %+v", m, before)
		}
		_ = x.say("It is " + m.Content + ".")
		x.end()
		return
	}
	_ = x.say("Let me see.")
	x.call(0, "c1", "add", "")
	for _, piece := range []string{`{"a"`, `:2,"b`, `":3}`} {
		x.call(0, "", "", piece)
	}
	_ = x.delta(map[string]any{}, "tool_calls")
	x.end()
}

// both calls several functions at a time, most of them wrongly.
func both(x *exchange) {
	if x.last().Role == "tool" {
		var got []string
		for _, m := range x.req.Messages[len(x.req.Messages)-4:] {
			got = append(got, m.Content)
		}
		_ = x.say(strings.Join(got, "; "))
		x.end()
		return
	}
	x.call(0, "a", "add", `{"a":1,"b":1}`)
	x.call(1, "b", "delete_all", `{}`)
	x.call(2, "c", "add", `{"a":`)
	x.call(3, "d", "fail", ``)
	x.end()
}

func loop(x *exchange) {
	x.call(0, "c", "add", `{"a":1,"b":1}`)
	x.end()
}

func busy(x *exchange) {
	switch x.n {
	case 1:
		x.Header().Set("Retry-After", "7")
		http.Error(x, `{"error":{"message":"slow down"}}`, http.StatusTooManyRequests)
	case 2:
		http.Error(x, "restarting", http.StatusServiceUnavailable)
	default:
		_ = x.say("at last")
		x.end()
	}
}

func full(x *exchange) {
	x.Header().Set("Retry-After", []string{"", "30", "3600"}[x.n-1]) // the third is not waited for
	http.Error(x, `{"error":{"message":"quota of `+x.key+` used up"}}`, http.StatusTooManyRequests)
}

func refuse(x *exchange) {
	http.Error(x, `{"error":"bad key `+x.key+`"}`, http.StatusUnauthorized)
}

func cut(x *exchange) {
	_ = x.say("half an ")
	panic(http.ErrAbortHandler)
}

func ends(x *exchange) { _ = x.say("half") }

func garbage(x *exchange) { _ = x.raw("data: {\"choices\": [nonsense\n\n") }

func failing(x *exchange) {
	_ = x.raw("data: {\"error\":{\"message\":\"overloaded, %s\"}}\n\n", x.key)
}

func endless(x *exchange) {
	text := strings.Repeat("ü", 4096)
	for x.say(text) == nil {
	}
}

func line(x *exchange) {
	_ = x.raw("data: ")
	text := strings.Repeat("x", 1<<16)
	for x.raw("%s", text) == nil {
	}
}

func slow(x *exchange) {
	_ = x.say("wait")
	<-x.r.Context().Done()
}

// stopped has the answer cancelled while it is written.
func stopped(x *exchange) {
	_ = x.say("**the beginning**")
	x.tell("/cancel")
	x.gone()
}

// held writes until nobody reads.
func held(x *exchange) { x.gone() }

// replaced has another message come while the answer is written.
func replaced(x *exchange) {
	_ = x.say("the first")
	x.tell("/next")
	x.gone()
}

func next(x *exchange) {
	var seen []string
	for _, m := range x.req.Messages {
		seen = append(seen, m.Role+" "+m.Content)
	}
	_ = x.say(strings.Join(seen, ", "))
	x.end()
}

// cancelled is never asked again: its function cancels the answer.
func cancelled(x *exchange) {
	if x.n > 1 {
		x.s.t.Error("the server was asked again after the answer was cancelled")
	}
	_ = x.say("so far")
	x.call(0, "c", "cancel", `{}`)
	x.end()
}

// options looks at what the client says.
func options(x *exchange) {
	r := x.req
	var names []string
	for _, tool := range r.Tools {
		names = append(names, tool.Function.Name)
		if tool.Type != "function" || tool.Function.Parameters["type"] != "object" {
			x.s.t.Errorf("got %+v", tool)
		}
	}
	if r.Model != "small" || !r.Stream || r.MaxTokens != 100 || r.Temperature != 0.5 || strings.Join(names, " ") != "add cancel fail" || r.Messages[0].Role != "system" {
		x.s.t.Errorf("got %+v", r)
	}
	_ = x.say("fine")
	x.end()
}
