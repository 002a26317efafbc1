package peers

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// FuzzData: whatever somebody sends as data, with whatever in it, the bot
// reports no error, takes it for no message, and answers the next query.
func FuzzData(f *testing.F) {
	for _, body := range []string{
		`null`, `1`, `"x"`, `[]`, `{}`, `{"id":5,"name":"ping"}`, `{"id":"a","name":"ping","payload":[1]}`, `{"id":"a","name":{},"payload":null}`,
		`{"id":"a","name":"resource.get","payload":{"path":"/orders/%0"}}`, `{"id":"a","name":"resource.set","payload":{"path":"/orders/1"}}`,
		`{"id":"a","name":"resource.delete","payload":{"path":[]}}`, `{"id":"a","name":"blob.read","payload":{"id":"../../state.db","from":0}}`,
		`{"id":"a","name":"blob.read","payload":{"id":"0123456789abcdef0123456789abcdef","from":1e300}}`, `{"id":"a","name":"blob.read","payload":null}`,
		`{"id":"a","name":"echo","payload":{"a":{"b":[null,1.5,"\u0000"]}}}`, `{"id":"a","error":{"type":5}}`, `{"id":null}`,
		`{"to":"game","data":"AAAA","from":"x"}`, `{"to":"game","data":5}`, `{"to":[],"data":"?"}`, `{"to":"game","data":"!","from":{}}`,
	} {
		for _, kind := range []string{"rpc.query", "rpc.send", "rpc.reply", "packet"} {
			f.Add(kind, body)
		}
	}
	net := sim.New(sim.Options{})
	bot := simbot.Start(f, net, "fuzzed", simbot.Read(f, "fuzzed"), simbot.Options{})
	status, _ := bot.Status()
	mallory, err := net.Person("mallory")
	if err == nil {
		err = mallory.Connect(status.Address)
	}
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(mallory.Close)
	var chat sim.Chat
	testkit.Succeed(f, func() error { chat, err = mallory.Chat("fuzzed"); return err })
	send := func(t *testing.T, kind string, body []byte) {
		content, err := json.Marshal(map[string]any{"type": "x-simplex-lua", "text": "x", "version": 1, "kind": kind, "body": json.RawMessage(body)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := mallory.Do(fmt.Sprintf(`/_send %s json [{"msgContent":%s,"mentions":{}}]`, chat.Ref, content)); err != nil {
			t.Skip(err) // too large, or nothing that can be sent
		}
	}
	sent := 0
	f.Fuzz(func(t *testing.T, kind, body string) {
		if !json.Valid([]byte(body)) {
			t.Skip("no JSON")
		}
		send(t, kind, []byte(body))
		sent++
		id := fmt.Sprintf(`"ping %d"`, sent)
		send(t, "rpc.query", []byte(`{"name":"ping","id":`+id+`}`))
		for deadline := time.Now().Add(testkit.Patience); ; {
			event, err := mallory.Core.Receive(100 * time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(event), "rpc.reply") && strings.Contains(string(event), id) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("no answer after %s %s; the bot printed\n%s", kind, body, bot.Out)
			}
		}
		if strings.Contains(bot.Out.String(), "error") {
			t.Errorf("%s %s: the bot printed\n%s", kind, body, bot.Out)
		}
	})
}
