package llm

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// Whatever a server answers, it is read as a text or refused with a typed error.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		"", "{}", `{"choices":[{"message":{"content":"a"}}]}`, "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\ndata: [DONE]\n", "data:", "data: 1\n", "data: []",
		`data: {"choices":[{"delta":{"tool_calls":[{"index":1.5,"function":"f"}]}}]}`, `data: {"choices":[null]}`, `{"error":null}`, `{"error":{"message":["x"]}}`, ": x\nevent: y\n\n",
		`data: {"choices":[{"delta":{"content":7},"finish_reason":"stop"}]}`, `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}` + "\ndata: [DONE]",
	} {
		f.Add(200, s)
	}
	f.Add(429, `{"error":{"message":"slow"}}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 || len(body) > 1<<12 {
			return
		}
		model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}))
		defer model.Close()
		_, err := modtest.Eval(t, modtest.Options{
			Grants: []string{"net=" + strings.TrimPrefix(model.URL, "http://")}, Globals: map[string]string{"URL": model.URL},
		}, `
			local ai = require("llm").new { url = URL, key = "sk-secret", model = "m", retries = 0, rounds = 1 }
			local ok, result = pcall(function() return ai:complete("x") end)
			if ok then
				assert(type(result) == "string")
			else
				assert(result.type == "io" or result.type == "data" or result.type == "limit", tostring(result))
				assert(not tostring(result):find("sk-secret", 1, true))
			end`)
		if err != nil {
			t.Errorf("%d %q: %v", status, body, err)
		}
	})
}
