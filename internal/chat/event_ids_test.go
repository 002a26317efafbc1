package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// itemsOf makes a newChatItems event of user 1 with items such as "@4:7", where a
// "!" in front stands for one that the bot wrote.
func itemsOf(t *testing.T, items ...string) Event {
	t.Helper()
	var list []string
	for _, item := range items {
		var contact, id int64
		dir := "directRcv"
		if own, ok := strings.CutPrefix(item, "!"); ok {
			item, dir = own, "directSnd"
		}
		if _, err := fmt.Sscanf(item, "@%d:%d", &contact, &id); err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf(`{"chatInfo":{"type":"direct","contact":{"contactId":%d}},"chatItem":{"chatDir":{"type":%q},"meta":{"itemId":%d}}}`, contact, dir, id))
	}
	ev, err := ParseEvent([]byte(`{"result":{"type":"newChatItems","user":{"userId":1},"chatItems":[` + strings.Join(list, ",") + `]}}`))
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestMessageIDs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		items  []string
		user   int64
		ids    []int64
		newest int64
	}{
		{"one", []string{"@4:7"}, 1, []int64{7}, 7},
		{"several", []string{"@4:9", "@4:7"}, 1, []int64{9, 7}, 9},
		{"another user's", []string{"@4:7"}, 2, nil, 7},
		{"our own", []string{"@4:7", "!@4:8"}, 1, nil, 8},
		{"two chats", []string{"@4:7", "@5:8"}, 1, nil, 8},
		{"one without an id", []string{"@4:7", "@4:0"}, 1, nil, 7},
		{"none", nil, 1, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ev := itemsOf(t, tt.items...)
			ref, ids, ok := ev.MessageIDs(tt.user)
			if !slices.Equal(ids, tt.ids) || ok != (tt.ids != nil) || ok && ref.String() != "@4" {
				t.Errorf("got %v in %v, %t; want %v in @4", ids, ref, ok, tt.ids)
			}
			if got := ev.Newest(); got != tt.newest {
				t.Errorf("got %d as the newest, want %d", got, tt.newest)
			}
		})
	}
	other := Event{Type: "groupUpdated", Raw: []byte(`{"type":"groupUpdated"}`)}
	if _, ids, ok := other.MessageIDs(1); ok || ids != nil || other.Newest() != 0 {
		t.Errorf("an event of another type: got %v, %t, want none", ids, ok)
	}
}

func TestWithout(t *testing.T) {
	t.Parallel()
	ev := itemsOf(t, "@4:7", "@4:8", "@4:9")
	rest, left := ev.Without([]int64{8, 10})
	if _, ids, ok := rest.MessageIDs(1); left != 2 || !ok || !slices.Equal(ids, []int64{7, 9}) {
		t.Errorf("got %d left: %v, want 7 and 9 of the same user", left, ids)
	}
	if rest, left := ev.Without([]int64{7, 8, 9}); left != 0 || len(rest.Items()) > 0 {
		t.Errorf("got %d left, want none", left)
	}
	if len(ev.Items()) != 3 {
		t.Error("the event itself was changed")
	}
}
