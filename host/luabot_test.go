package host

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// luaBot is a real script on a fake core that stores what it is sent.
type luaBot struct {
	*running
	t    *testing.T
	path string
	said *record // the texts that were sent
}

// launchLua runs a script and waits until it is ready. with may change the
// options.
func launchLua(t *testing.T, core *fakeCore, script string, with func(*Options)) *luaBot {
	t.Helper()
	b := &luaBot{t: t, said: &record{}, path: filepath.Join(t.TempDir(), "bot.lua")}
	var items atomic.Int64
	before := core.override
	core.override = func(cmd string) string {
		if before != nil {
			if reply := before(cmd); reply != "" {
				return reply
			}
		}
		to, ok := strings.CutPrefix(cmd, "/_send ")
		if !ok {
			return ""
		}
		ref, body, _ := strings.Cut(to, " json ")
		var messages []struct {
			MsgContent struct{ Text string }
		}
		if err := json.Unmarshal([]byte(body), &messages); err != nil || len(messages) != 1 {
			t.Errorf("%s: %v", cmd, err)
			return ""
		}
		text := messages[0].MsgContent.Text
		b.said.add(text)
		return fmt.Sprintf(`{"result":{"type":"newChatItems","user":{"userId":1},"chatItems":[{"chatInfo":%s,"chatItem":{"chatDir":{"type":"directSnd"},`+
			`"meta":{"itemId":%d,"itemStatus":{"type":"sndNew"}},"content":{"type":"sndMsgContent","msgContent":{"type":"text","text":%q}}}}]}}`,
			chatInfo(ref), 100_000+items.Add(1), text)
	}
	o := testOptions(t, core)
	o.Script, o.Source = b.path, nil
	if with != nil {
		with(&o)
	}
	b.save(script)
	b.running = launch(t, o, core, nil)
	return b
}

func (b *luaBot) save(script string) {
	b.t.Helper()
	if err := os.WriteFile(b.path, []byte(script), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// reload saves another version of the script and loads it.
func (b *luaBot) reload(script string) {
	b.t.Helper()
	b.save(script)
	if err := b.Reload(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// count tells how often a text was said and not taken yet.
func (r *record) count(text string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.texts {
		if one == text {
			n++
		}
	}
	return n
}

func (r *record) has(text string) bool { return r.count(text) > 0 }
