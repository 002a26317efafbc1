package lime

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// golden are frames as the specification has them.
var golden = map[string]string{
	"message":      `{"from":"skyler@example.com/bedroom","to":"ww@example.com","type":"text/plain","content":"Are you in danger?"}`,
	"threaded":     `{"id":"my-id","to":"skyler/bedroom","type":"application/vnd.lime.threadedtext+json","content":{"text":"I knock","thread":2},"metadata":{"senderIp":"192.168.0.1"}}`,
	"picture":      `{"id":"65603604","to":"h@example.com/b","type":"image/png","content":"iVBORw0KGgo="}`,
	"notification": `{"id":"48600604","from":"skyler@example.com/bedroom","event":"received"}`,
	"failed":       `{"id":"9d0c4fea","to":"skyler@example.com","event":"failed","reason":{"code":42,"description":"not found"}}`,
	"set":          `{"id":"9cbe5fe1","from":"jesse@example.com/home","method":"set","uri":"/presence","type":"application/vnd.lime.presence+json","resource":{"status":"available"}}`,
	"answer":       `{"id":"9cbe5fe1","from":"server@example.com","method":"set","status":"success"}`,
	"delegate":     `{"id":"5c95e87f","from":"gus@example.com","pp":"saul@example.com","method":"get","uri":"lime://gus@example.com/account"}`,
	"failure":      `{"id":"5c95e87f","method":"get","status":"failure","reason":{"code":56}}`,
	"observe":      `{"method":"observe","uri":"/presence","type":"application/json","resource":[]}`,
	"new":          `{"state":"new"}`,
	"negotiating":  `{"id":"d35ad2be","from":"server@example.com/1","state":"negotiating","encryptionOptions":["none","tls"],"compressionOptions":["none","gzip"]}`,
	"nulls":        `{"id":null,"to":null,"type":"text/plain","content":"x"}`,
}

// wrong are frames that are none, and what the error says.
var wrong = map[string]string{
	``: "no JSON", `{`: "no JSON", `{} {}`: "no JSON", `"x"`: "no JSON object", `null`: "no JSON object", `[]`: "no JSON object", `[{"state":"new"}]`: "no JSON object",
	`{}`: "no envelope", `{"id":"x"}`: "no envelope", `{"content":null}`: "no envelope", `{"state":"new","event":"x"}`: "is a session and a notification",
	`{"content":"x"}`: "no MIME type", `{"content":"x","type":"text"}`: "no MIME type", `{"content":{},"type":"text/plain"}`: "is no text", `{"content":"x","type":7}`: "no MIME type",
	`{"content":"x","type":"text/plain","id":7}`: "the id", `{"content":"x","type":"text/plain","id":""}`: "the id", `{"content":"x","type":"text/plain","from":"a@b@c"}`: "from is no node",
	`{"content":"x","type":"text/plain","to":[]}`: "to is no node", `{"content":"x","type":"text/plain","pp":"@"}`: "pp is no node", `{"content":"x","type":"text/plain","metadata":[]}`: "metadata",
	`{"event":"received"}`: "no id", `{"id":"x","event":7}`: "the event", `{"id":"x","event":"failed","reason":{}}`: "the reason", `{"id":"x","event":"failed","reason":{"code":1.5}}`: "the reason",
	`{"method":"get","uri":"/x"}`: "no id", `{"id":"x","method":"get"}`: "no uri", `{"id":"x","method":true}`: "the method", `{"id":"x","method":"get","uri":"a b"}`: "the uri",
	`{"id":"x","method":"get","status":"perhaps"}`: "the status", `{"id":"x","method":"get","status":"success","resource":{}}`: "no MIME type",
	`{"state":"asleep"}`: "asleep", `{"state":"negotiating","encryptionOptions":"tls"}`: "no list", `{"state":"negotiating","schemeOptions":[1]}`: "no list of texts",
	`{"state":"negotiating","encryption":{}}`: "encryption is no text", `{"state":"authenticating","authentication":"x"}`: "the authentication",
}

// parse reads frames in Lua, and returns a line for each: its kind and itself,
// or the error.
func parse(t testing.TB, frames ...string) []string {
	t.Helper()
	var raw [][]byte // in base64: a frame can be no UTF-8
	for _, frame := range frames {
		raw = append(raw, []byte(frame))
	}
	list, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	out, err := modtest.Eval(t, modtest.Options{Getenv: func(string) (string, bool) { return string(list), true }, Grants: []string{"env=FRAMES"}}, `
local lime, base64_decode = require "lime", require("crypto").base64_decode
for _, frame in ipairs(json.decode(os.getenv "FRAMES")) do
  local ok, e, kind = pcall(lime.parse, base64_decode(frame))
  if ok then print(kind .. " " .. json.encode(e))
  else
    assert(e.type == "data", tostring(e))
    print(e.type .. ": " .. e.message:gsub("%c", "?"))
  end
end`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out, "\n"), "\n")
}

func TestParse(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(golden))
	var frames []string
	for _, name := range names {
		frames = append(frames, golden[name])
	}
	for i, line := range parse(t, frames...) {
		var want, got envelope
		name, frame := names[i], frames[i]
		kind, text, _ := strings.Cut(line, " ")
		if json.Unmarshal([]byte(text), &got) != nil || json.Unmarshal([]byte(frame), &want) != nil {
			t.Errorf("%s: got %s %s", name, kind, text)
		}
		for k, v := range want {
			a, _ := json.Marshal(v)
			if b, _ := json.Marshal(got[k]); string(a) != string(b) {
				t.Errorf("%s: %s: got %s, want %s", name, k, b, a)
			}
		}
	}
	frames = slices.Sorted(maps.Keys(wrong))
	for i, got := range parse(t, frames...) {
		if frame, want := frames[i], wrong[frames[i]]; !strings.HasPrefix(got, "data: lime: ") || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", frame, got, want)
		}
	}
}

// Frames that are damaged here and there.
func TestDamagedFrames(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var frames []string
	for _, name := range slices.Sorted(maps.Keys(golden)) {
		for range 150 {
			b := []byte(golden[name])
			for range 1 + random.IntN(3) {
				switch at := random.IntN(len(b)); random.IntN(3) {
				case 0:
					b[at] = byte(random.IntN(256))
				case 1:
					b = slices.Delete(b, at, min(at+1+random.IntN(8), len(b)-1)+1)
				default:
					b = slices.Insert(b, at, b[at:min(at+1+random.IntN(8), len(b))]...)
				}
				if len(b) == 0 {
					break
				}
			}
			frames = append(frames, string(b))
		}
	}
	for some := range slices.Chunk(frames, 150) { // each of them has the time of a script that loads
		if got := parse(t, some...); len(got) != len(some) {
			t.Errorf("got %d lines for %d frames", len(got), len(some))
		}
	}
}

// Whatever comes, it is an envelope that can be written and read again, or an
// error of type data.
func FuzzParse(f *testing.F) {
	for _, frame := range golden {
		f.Add(frame)
	}
	for frame := range wrong {
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame string) {
		lines := parse(t, frame)
		if len(lines) != 1 {
			t.Fatalf("got %q", lines)
		}
		if kind, text, ok := strings.Cut(lines[0], " "); ok && kind != "data:" {
			if again := parse(t, text); again[0] != lines[0] {
				t.Errorf("read again: got %q, want %q", again[0], lines[0])
			}
		}
	})
}

// A stream of bytes is cut into the same frames, however it is split.
func FuzzFrames(f *testing.F) {
	f.Add(`{"a":"}\\\""} [`, uint8(3))
	f.Add(`{"a":{"b":[1,2]}}`+"\r\n"+`{}{}`, uint8(1))
	f.Add(`{"a`, uint8(2))
	f.Fuzz(func(t *testing.T, text string, size uint8) {
		list, err := json.Marshal([]any{[]byte(text), int(size) + 1})
		if err != nil {
			t.Fatal(err)
		}
		_, err = modtest.Eval(t, modtest.Options{Getenv: func(string) (string, bool) { return string(list), true }, Grants: []string{"env=INPUT"}}, `
local transport = require "lime.transport"
local input = json.decode(os.getenv "INPUT")
local text = require("crypto").base64_decode(input[1])
local function cut(step)
  local frames, got = transport.frames(1024), {}
  local ok, e = pcall(function()
    for at = 1, #text, step do
      frames:feed(text:sub(at, at + step - 1))
      for frame in function() return frames:next() end do got[#got + 1] = frame end
    end
  end)
  assert(ok or e.type == "data" or e.type == "limit", tostring(e))
  return table.concat(got, "|") .. (ok and "" or "|" .. e.type)
end
local whole, parts = cut(math.max(#text, 1)), cut(input[2])
assert(whole == parts, whole .. " is not " .. parts)`)
		if err != nil {
			t.Error(err)
		}
	})
}
