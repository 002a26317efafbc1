package luaapi

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat/api"
)

// recordedCall is a method's call with what a real core answered to its command.
type recordedCall struct {
	Method, Call, Cmd string
	Reply             json.RawMessage
	Want              []any  // what the method returns
	Error             string // or the type of what it raises
}

func readRecorded(t *testing.T) []recordedCall {
	t.Helper()
	f, err := os.Open("testdata/api/methods.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	var calls []recordedCall
	for lines.Scan() {
		var c recordedCall
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		calls = append(calls, c)
	}
	return calls
}

// runAPI runs code in on_start with a core that gives one reply to everything.
// It returns the results of the code as JSON, or what it raised, and the
// commands that were sent.
func runAPI(t *testing.T, version, code, reply string) (results []any, raised map[string]any, sent []string) {
	t.Helper()
	b, err := load(t, `bot.on_start(function()
  local function give(ok, ...)
    local n = select("#", ...)
    if not ok then
      local e = ...
      print(json.encode({ error = type(e) == "table" and e or tostring(e) }))
      return
    end
    local out = json.array and json.array({ ... }) or { ... }
    for i = 1, n do if out[i] == nil then out[i] = json.null end end
    print(json.encode({ results = out, n = n }))
  end
  give(pcall(function() return `+code+` end))
end)`)
	if err != nil {
		t.Fatal(err)
	}
	b.core.answer = func(string) (string, bool) { return reply, reply != "" }
	b.Attach(Session{Core: b.core, UserID: 1, FilesDir: t.TempDir(), CoreVersion: version})
	b.Start(t.Context(), "start")
	var out struct {
		Results any
		Error   any
		N       int
	}
	last := strings.TrimSpace(b.logs.String())
	if i := strings.LastIndex(last, "\n{"); i >= 0 {
		last = last[i+1:]
	}
	if err := json.Unmarshal([]byte(last), &out); err != nil {
		t.Fatalf("%s: %v in %s", code, err, b.logs)
	}
	if out.N > 0 {
		results = out.Results.([]any)
	}
	switch e := out.Error.(type) {
	case map[string]any:
		raised = e
	case string:
		raised = map[string]any{"message": e}
	}
	return results, raised, b.core.sent()
}

// TestMethods calls every method with the replies that real cores gave.
func TestMethods(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, c := range readRecorded(t) {
		results, raised, sent := runAPI(t, "7.0.0.6", c.Call, string(c.Reply))
		if c.Method == "delete_user" { // the host's alone
			if raised["type"] != ErrPermission || len(sent) != 0 {
				t.Errorf("%s: raised %v, sent %q; want a permission error", c.Call, raised, sent)
			}
			tested[c.Method] = true
			continue
		}
		if len(sent) != 1 || !sameCommand(sent[0], c.Cmd) {
			t.Errorf("%s:\nsent %q\nwant %q (raised %v)", c.Call, sent, c.Cmd, raised)
			continue
		}
		switch {
		case c.Error != "":
			if raised["type"] != c.Error {
				t.Errorf("%s: raised %v, returned %v; want %s", c.Call, raised, results, c.Error)
			}
			if c.Error != ErrChat && raised["response"] == nil {
				t.Errorf("%s: the error has no response: %v", c.Call, raised)
			}
			continue
		case raised != nil:
			t.Errorf("%s: raised %v", c.Call, raised)
		case len(results) != len(c.Want) || len(c.Want) > 0 && !reflect.DeepEqual(results, c.Want):
			t.Errorf("%s:\n got %v\nwant %v", c.Call, results, c.Want)
		}
		tested[c.Method] = true
	}
	for _, m := range api.Methods() {
		if !tested[m.Name] && m.Name != "send_text_reply" { // TestSendTextReply
			t.Errorf("%s has no recorded reply", m.Name)
		}
	}
}

// sameCommand compares commands, their JSON by its value.
func sameCommand(a, b string) bool {
	split := func(s string) (string, any) {
		for i := range s {
			var v any
			if strings.ContainsRune(`[{"`, rune(s[i])) && json.Unmarshal([]byte(s[i:]), &v) == nil {
				return s[:i], v
			}
		}
		return s, nil
	}
	textA, jsonA := split(a)
	textB, jsonB := split(b)
	return textA == textB && reflect.DeepEqual(jsonA, jsonB)
}

func TestSendTextReply(t *testing.T) {
	t.Parallel()
	const item = `{ chatInfo = { type = "group", groupInfo = { groupId = 2 }, groupChatScope = { type = "memberSupport", groupMember_ = { groupMemberId = 5 } } },
		chatItem = { meta = { itemId = 17 } } }`
	_, raised, sent := runAPI(t, "6.5.1.1", `bot.api.send_text_reply(`+item+`, "hi")`, `{"result":{"type":"newChatItems","chatItems":[]}}`)
	want := `/_send #2(_support:5) json [{"quotedItemId":17,"msgContent":{"type":"text","text":"hi"},"mentions":{}}]`
	if raised != nil || len(sent) != 1 || sent[0] != want {
		t.Errorf("sent %q, raised %v, want %q", sent, raised, want)
	}
}

// TestChats sends to every form of naming a chat.
func TestChats(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]string{
		`{"direct", 4}`:                                           "@4",
		`"#2(_support:5)"`:                                        "#2(_support:5)",
		`{chatType = "group", chatId = 2}`:                        "#2",
		`{type = "group", id = 2, scope = {}}`:                    "#2(_support)",
		`{type = "group", id = 2, scope = {member_id = 7}}`:       "#2(_support:7)",
		`{type = "direct", contact = {contactId = 4, other = 1}}`: "@4",
		`{type = "group", groupInfo = {groupId = 2}, groupChatScope = {type = "memberSupport"}}`: "#2(_support)",
	} {
		_, raised, sent := runAPI(t, "6.5.1", `bot.api.send_text_message(`+form+`, "hi")`, `{"result":{"type":"newChatItems","chatItems":[]}}`)
		if raised != nil || len(sent) != 1 || !strings.HasPrefix(sent[0], "/_send "+want+" json ") {
			t.Errorf("%s: sent %q, raised %v, want %s", form, sent, raised, want)
		}
	}
}

// TestBadArguments are refused with their path before anything is sent.
func TestBadArguments(t *testing.T) {
	t.Parallel()
	const before = `local cyclic = { msgContent = { type = "text", text = "x" } } cyclic.mentions = cyclic `
	tests := []struct{ code, want string }{
		{`bot.api.send_messages("@4", {})`, "send_messages: messages: must not be empty"},
		{`bot.api.send_messages("@4", nil)`, "send_messages: messages: is missing"},
		{`bot.api.send_messages("@4", {{msgContent={type="text",text="a"}}, {msgContent={type="text",text=5}}})`, "send_messages: messages[2].msgContent.text: want a string, got the number 5"},
		{`bot.api.send_messages("@4", {{msgContent={type="text",text="a"}, quotedItemID=5}})`, "messages[1].quotedItemID: is not known here; did you mean quotedItemId?"},
		{`bot.api.send_messages("@4", {{msgContent={type="text"}}})`, "messages[1].msgContent.text: is missing"},
		{`bot.api.send_messages("@4", {{msgContent={text="x"}}})`, "messages[1].msgContent.type: is missing"},
		{`bot.api.send_messages("@4", {cyclic})`, "messages[1].mentions: the table contains itself"},
		{`bot.api.send_messages("@4", {{msgContent={type="text",text="x"}, 5}})`, "messages[1]: the table is half list, half object"},
		{`bot.api.send_messages("@4", {[1]={msgContent={type="text",text="x"}}, [3]={}})`, "messages: the list has 2 values, but its last index is 3"},
		{`bot.api.send_messages("@4", {{msgContent={type="text",text="a\0b"}}})`, "messages[1].msgContent.text: has a NUL at byte 2"},
		{`bot.api.send_messages("@4", {{msgContent={type="text",text="a\255b"}}})`, "messages[1].msgContent.text: is not UTF-8 at byte 2"},
		{`bot.api.send_messages("@4", {{msgContent={type="text",text="a"}, quotedItemId=0/0}})`, "messages[1].quotedItemId: NaN is no number"},
		{`bot.api.send_messages("@4", {{msgContent={type="text",text="a"}, quotedItemId=1.5}})`, "messages[1].quotedItemId: must be a whole number, got 1.5"},
		{`bot.api.send_messages("@4", {{msgContent={type="text",text="a", f=print}}})`, "messages[1].msgContent.f: a function cannot be sent"},
		{`bot.api.send_text_message({"local", 1}, "x")`, "send_text_message: chat.chatType: messages can be sent to direct chats and groups only"},
		{`bot.api.send_text_message({"direct", -1}, "x")`, "send_text_message: chat.chatId: must not be negative, got -1"},
		{`bot.api.send_text_message(5, "x")`, "send_text_message: chat: want a chat"},
		{`bot.api.send_text_message({type="contactRequest", contactRequest={}}, "x")`, "direct chats and groups only, not to contactRequest"},
		{`bot.api.send_text_message("@4", "x", 1, 2)`, "send_text_message takes 3 arguments, got 4"},
		{`bot.api.send_text_message("@4", {})`, "send_text_message: text: want a string, got an empty table"},
		{`bot.api.leave_group(-1)`, "leave_group: group_id: must not be negative, got -1"},
		{`bot.api.leave_group(math.huge)`, "leave_group: group_id: +Inf is no number"},
		{`bot.api.leave_group(1e300)`, "leave_group: group_id: is out of range"},
		{`bot.api.leave_group()`, "leave_group: group_id: is missing"},
		{`bot.api.add_member(1, 2, "relay")`, "add_member: member_role: want one of observer, member, moderator, admin, owner, got \"relay\""},
		{`bot.api.add_member(1, 2, "admn")`, "did you mean admin?"},
		{`bot.api.chat_item_reaction("direct", 4, 7, true, {type="emoji",emoji="x"})`, "chat_item_reaction: reaction.emoji: want one of"},
		{`bot.api.delete_chat_items("direct", 4, {1,"2"}, "internal")`, "delete_chat_items: chat_item_ids[2]: want a whole number, got the string \"2\""},
		{`bot.api.connect(1, false)`, "connect: prepared_link: is missing"},
		{`bot.api.connect_active_user("")`, "connect_active_user: conn_link: must not be empty"},
		{`bot.api.call("APISendMessages", {sendRef={chatType="direct",chatId=4,chatScope={type="memberSupport"}}, composedMessages={{msgContent={type="text",text="x"}}}})`, "APISendMessages: sendRef.chatScope: only groups have one"},
		{`bot.api.call("APISendMessages", {sendRf={}})`, "APISendMessages: sendRf: is not known here; did you mean sendRef?"},
		{`bot.api.call("APISendMesages", {})`, "APISendMesages is no command; did you mean APISendMessages?"},
		{`bot.api.call("APIAllowRelayGroup", {groupId=1})`, "APIAllowRelayGroup: core 6.5.1 does not have this command; 7.0.0-beta.2 has"},
		{`bot.api.call("CreateActiveUser", {newUser={pastTimestamp=false,userChatRelay=false,clientService=true}})`, "newUser.clientService: core 6.5.1 does not have it (new in 7.0.0-beta.2)"},
		{`bot.api.call("APILeaveGroup", "x")`, "want a table with the parameters by name"},
		{`bot.api.call(5)`, "call: want a command's name"},
		{`bot.api:leave_group(1)`, "write bot.api.leave_group(…) with a dot"},
		{`bot.api.api_leave_group(1)`, "bot.api.api_leave_group is called bot.api.leave_group here"},
		{`bot.api.api_unknown(1)`, `bot.api has no "api_unknown"`},
		{`bot.api.leave_grup(1)`, "did you mean leave_group?"},
		{`bot.api.start_chat()`, "simplex-lua starts the chat itself"},
		{`bot.api.send_chat_cmd("/user\0x")`, "has a NUL at byte 6"},
	}
	for _, tt := range tests {
		_, raised, sent := runAPI(t, "6.5.1.1", `(function() `+before+` return `+tt.code+` end)()`, "")
		message, _ := raised["message"].(string)
		typ := raised["type"]
		if !strings.Contains(message, tt.want) || len(sent) != 0 || typ != ErrArgument && !strings.Contains(tt.want, "does not have this command") {
			t.Errorf("%s:\nraised %v, sent %q\nwant %q", tt.code, raised, sent, tt.want)
		}
		if where, _ := raised["where"].(string); !strings.HasPrefix(where, "bot.lua:") {
			t.Errorf("%s: where is %q, want the script's line", tt.code, where)
		}
	}
	for _, name := range api.OtherMethods() {
		if instead[name] == "" && name != "send_chat_cmd" {
			t.Errorf("nothing says what to use instead of %s", name)
		}
	}
}

// TestGoodArguments pins how values are written.
func TestGoodArguments(t *testing.T) {
	t.Parallel()
	tests := []struct{ version, code, want string }{
		{"6.5.1", `bot.api.send_messages("@4", {{msgContent={type="text",text="a"}, mentions={}}})`, `/_send @4 json [{"msgContent":{"type":"text","text":"a"},"mentions":{}}]`},
		{"6.5.1", `bot.api.send_messages("@4", {{msgContent={type="poll",text="a",options={"x","y"}}}}, true)`, `/_send @4 live=on json [{"msgContent":{"options":["x","y"],"text":"a","type":"poll"}}]`},
		{"6.5.1", `bot.api.send_messages("@4", {{msgContent={type="text",text="a",more={n=1e15}}}})`, `/_send @4 json [{"msgContent":{"type":"text","text":"a","more":{"n":1000000000000000}}}]`},
		{"6.5.1", `bot.api.update_profile(1, {displayName="b", fullName="", preferences={commands={}}})`, `/_profile 1 {"displayName":"b","fullName":"","preferences":{"commands":[]}}`},
		{"6.5.1", `bot.api.set_group_custom_data(2, {})`, `/_set custom #2 {}`},
		{"6.5.1", `bot.api.set_group_custom_data(2, {a={}, b=json.array{}, c=9007199254740993, d=1e21, e=0.5})`, `/_set custom #2 {"a":{},"b":[],"c":9007199254740992,"d":1e+21,"e":0.5}`},
		{"6.5.1", `bot.api.set_group_custom_data(2)`, `/_set custom #2`},
		{"6.5.1", `bot.api.connect(1, true, {connFullLink="simplex:/x"})`, `/_connect 1 incognito=on simplex:/x`},
		{"6.5.1", `bot.api.call("APIConnectPlan", {userId=1, connectTarget="simplex:/x"})`, `/_connect plan 1 simplex:/x`},
		{"7.0.0", `bot.api.call("APIConnectPlan", {userId=1, connectionLink="simplex:/x", resolveKnown=true})`, `/_connect plan 1 simplex:/x resolve=on`},
		{"7.1.0", `bot.api.update_group_profile(2, {displayName="g", fullName="", newInCore={1}})`, `/_group_profile #2 {"displayName":"g","fullName":"","newInCore":[1]}`},
		{"6.5.1", `bot.api.call("APIChatItemsRead", {chatRef={chatType="group",chatId=2,chatScope={type="memberSupport",groupMemberId_=5}}, chatItemIds={1,2}})`, `/_read chat items #2(_support:5) 1,2`},
		{"6.5.1", `bot.api.call("APIGetChat", {chatRef={chatType="direct",chatId=4}, pagination={type="around",itemId=7,count=1}})`, `/_get chat @4 around=7 count=1`},
		{"6.5.1", `bot.api.call("APIForwardChatItems", {toChat={chatType="direct",chatId=4}, fromChat={chatType="group",chatId=2}, chatItemIds={9}})`, `/_forward @4 #2 9`},
		{"6.5.1", `bot.api.send_member_contact_invitation(4, {type="text",text="x"})`, `/_invite member contact @4 json {"type":"text","text":"x"}`},
		{"6.5.1", `bot.api.get_chat("group", 2, 5)`, `/_get chat #2 count=5`},
		{"6.5.1", `bot.api.call("ShowActiveUser")`, `/user`},
	}
	for _, tt := range tests {
		_, raised, sent := runAPI(t, tt.version, tt.code, `{"error":{"type":"error","errorType":{"type":"commandError","message":"x"}}}`)
		if len(sent) != 1 || sent[0] != tt.want || raised["type"] != ErrChat {
			t.Errorf("%s:\nsent %q\nwant %q (raised %v)", tt.code, sent, tt.want, raised)
		}
	}
}
