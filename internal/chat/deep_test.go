package chat

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// TestDeepMessages: the core passes contents of unknown types on as they were
// sent, so one message can nest as deeply as fits in it. It must neither be lost
// nor hide the chats beside it.
func TestDeepMessages(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":[`, 3500) + "1" + strings.Repeat("]}", 3500)
	item := func(id, n string) string {
		return `{"chatDir":{"type":"directRcv"},"meta":{"itemId":` + id + `,"itemText":"hi"},"content":{"type":"rcvMsgContent","msgContent":{"type":"x","text":"hi","n":` + n + `}}}`
	}
	info := `{"type":"direct","contact":{"contactId":4,"localDisplayName":"eve"}}`

	ev, err := ParseEvent([]byte(`{"result":{"type":"newChatItems","user":{"userId":1},"chatItems":[{"chatInfo":` + info + `,"chatItem":` + item("7", deep) + `}]}}`))
	if err != nil || len(ev.Items()) != 1 || ev.Items()[0].Text != "hi" || ev.Items()[0].ID != 7 {
		t.Fatalf("event: got %+v, %v", ev.Items(), err)
	}
	if !json.Valid(ev.Raw) {
		t.Errorf("event: its text is no JSON: %.100s", ev.Raw)
	}
	if _, err := luaconv.Decode(ev.Raw, false); err != nil {
		t.Errorf("event: a script cannot see it: %v", err)
	}

	entry := func(id, n string) string {
		return `{"chatInfo":` + info + `,"chatItems":[` + item(id, n) + `],"chatStats":{"unreadCount":1}}`
	}
	r, err := ParseReply("/_get chats", []byte(`{"result":{"type":"apiChats","user":{"userId":1},"chats":[`+entry("7", deep)+","+entry("8", "1")+`]}}`))
	if err != nil {
		t.Fatal(err)
	}
	chats, err := r.Chats()
	if err != nil || len(chats) != 2 || len(chats[0].Items) != 1 || len(chats[1].Items) != 1 || chats[0].Items[0].ID != 7 {
		t.Errorf("chats: got %+v, %v", chats, err)
	}
}
