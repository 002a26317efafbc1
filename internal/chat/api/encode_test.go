package api

import (
	"errors"
	"strings"
	"testing"
)

func chatID(typ string, id any) Params { return Params{"chatType": typ, "chatId": id} }

func text(s any) Params { return Params{"msgContent": Params{"type": "text", "text": s}} }

// TestRefused pins what is refused, with the path and the reason.
func TestRefused(t *testing.T) {
	t.Parallel()
	send := func(ref any, messages ...any) Params {
		return Params{"sendRef": ref, "composedMessages": messages}
	}
	tests := []struct {
		version, command string
		params           Params
		want             string
	}{
		{"7", "APILeaveGroup", Params{}, "groupId: is missing"},
		{"7", "APILeaveGroup", Params{"groupId": nil}, "groupId: is missing"},
		{"7", "APILeaveGroup", Params{"groupId": -1}, "groupId: must not be negative, got -1"},
		{"7", "APILeaveGroup", Params{"groupId": "7"}, `groupId: want a whole number, got the string "7"`},
		{"7", "APILeaveGroup", Params{"groupId": 1.5}, "groupId: must be a whole number, got 1.5"},
		{"7", "APILeaveGroup", Params{"groupId": 1e19}, "groupId: is out of range: 10000000000000000000"},
		{"7", "APILeaveGroup", Params{"groupId": Empty{}}, "groupId: want a whole number, got an empty table"},
		{"7", "APILeaveGroup", Params{"groupID": 1}, "groupID: is not known here; did you mean groupId?"},
		{"7", "APILeaveGroup", Params{"groupId": 1, "colour": 2}, "colour: is not known here"},
		{"7", "APISendMessages", send(chatID("local", 1), text("x")), "sendRef.chatType: messages can be sent to direct chats and groups only"},
		{"7", "APISendMessages", send(Params{"chatType": "direct", "chatId": 1, "chatScope": Params{"type": "memberSupport"}}, text("x")), "sendRef.chatScope: only groups have one, not a direct chat"},
		{"7", "APISendMessages", send(chatID("diret", 1), text("x")), `sendRef.chatType: want one of direct, group, local, got "diret"; did you mean direct?`},
		{"7", "APISendMessages", send(Params{"chatId": 1}, text("x")), "sendRef.chatType: is missing"},
		{"7", "APISendMessages", send("@4", text("x")), `sendRef: want an object, got the string "@4"`},
		{"7", "APISendMessages", send(chatID("direct", 1)), "composedMessages: must not be empty"},
		{"7", "APISendMessages", send(chatID("direct", 1), text("x"), text("a\xffb")), "composedMessages[2].msgContent.text: is not UTF-8 at byte 2"},
		{"7", "APISendMessages", send(chatID("direct", 1), text("a\x00b")), "composedMessages[1].msgContent.text: has a NUL at byte 2"},
		{"7", "APISendMessages", send(chatID("direct", 1), text(nil)), "composedMessages[1].msgContent.text: is missing"},
		{"7", "APISendMessages", send(chatID("direct", 1), Params{"msgContent": Params{"text": "x"}}), "composedMessages[1].msgContent.type: is missing: one of text, link,"},
		{"7", "APISendMessages", send(chatID("direct", 1), Params{"msgContent": "x"}), `composedMessages[1].msgContent: want an object, got the string "x"`},
		{"7", "APISendMessages", send(chatID("direct", 1), Params{"msgContent": Params{"type": "text", "text": "x"}, "mentions": Params{"bob": "7"}}), `composedMessages[1].mentions.bob: want a whole number`},
		{"7", "APIDeleteChatItem", Params{"chatRef": chatID("direct", 1), "chatItemIds": []any{}, "deleteMode": "internal"}, "chatItemIds: must not be empty"},
		{"7", "APIDeleteChatItem", Params{"chatRef": chatID("direct", 1), "chatItemIds": []any{1, -2}, "deleteMode": "internal"}, "chatItemIds[2]: must not be negative, got -2"},
		{"6.5.1", "APIDeleteChatItem", Params{"chatRef": chatID("direct", 1), "chatItemIds": []any{1}, "deleteMode": "history"}, `deleteMode: want one of broadcast, internal, internalMark, got "history"`},
		{"7", "APIAddMember", Params{"groupId": 1, "contactId": 2, "memberRole": "author"}, "memberRole: want one of observer, member, moderator, admin, owner"},
		{"7", "APIChatItemReaction", Params{"chatRef": chatID("direct", 1), "chatItemId": 2, "add": true, "reaction": Params{"type": "emoji", "emoji": "🤖"}}, "reaction.emoji: want one of 👍"},
		{"7", "APIChatItemReaction", Params{"chatRef": chatID("direct", 1), "chatItemId": 2, "add": "on", "reaction": Params{"type": "emoji", "emoji": "👍"}}, `add: want true or false, got the string "on"`},
		{"7", "APIConnectPlan", Params{"userId": 1, "connectTarget": ""}, "connectTarget: must not be empty"},
		{"7", "APIConnectPlan", Params{"userId": 1, "connectTarget": "a\x00"}, "connectTarget: has a NUL at byte 2"},
		{"7", "APIConnectPlan", Params{"userId": 1, "connectTarget": "x", "linkOwnerSig": Params{"chatBinding": "a", "ownerSig": "b"}}, "linkOwnerSig: cannot be given: the command has no place for it"},
		{"6.5.1", "CreateActiveUser", Params{"newUser": Params{"pastTimestamp": false, "userChatRelay": false, "clientService": true}}, "newUser.clientService: core 6.5.1 does not have it (new in 7.0.0-beta.2)"},
		{"7", "APIGetChats", Params{"userId": 1, "pagination": Params{"type": "middle"}, "query": Params{"type": "search", "search": ""}}, "pagination.type: want one of last, before, after"},
		{"7", "APIGetChats", Params{"userId": 1, "pagination": Params{"type": "before", "time": "today or so", "count": 1}, "query": Params{"type": "search", "search": ""}}, "pagination.time: must be one word"},
		{"7", "APISetContactCustomData", Params{"contactId": 1, "customData": []any{1}}, "customData: want an object, got a list"},
		{"7", "APISetChatTTL", Params{"userId": 1, "chatRef": chatID("direct", 1), "ttl": "hour"}, "ttl: want seconds or one of default"},
		{"7", "APISendMemberContactInvitation", Params{"contactId": 1, "text": "x", "message": Params{"type": "text", "text": "y"}}, "message: give text or message, not both"},
	}
	for _, tt := range tests {
		cmd, err := For(tt.version).Encode(tt.command, tt.params)
		var bad *ParamError
		if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), tt.command+": "+tt.want) {
			t.Errorf("%s %v:\n got %q, %v\nwant %s", tt.command, tt.params, cmd, err, tt.want)
		}
	}
}

// TestFlags: whatever is not true or false is refused where a flag stands, in
// each command and type. Left out in silence, incognito = "on" would connect with
// the real profile.
func TestFlags(t *testing.T) {
	t.Parallel()
	checked := 0
	var check func(where string, parts []part)
	check = func(where string, parts []part) {
		for i, p := range parts {
			check(where, p.inner)
			for _, c := range p.cases {
				check(where, c.parts)
			}
			if p.when == "" {
				continue
			}
			checked++
			for _, v := range []any{nil, true, false, "on", "true", "", 1, 0, Empty{}} {
				w := &writer{facts: For("7")}
				err := w.parts(parts[i:i+1], nil, Params{p.param: v})
				_, isBool := v.(bool)
				if good := v == nil || isBool; (err == nil) != good {
					t.Errorf("%s, %s = %#v: got %q, %v", where, p.param, v, w.b, err)
				}
			}
		}
	}
	facts := For("7")
	for name, c := range facts.commands {
		check(name, c.full)
	}
	for name, typ := range facts.types {
		check(name, typ.syntax)
	}
	if checked < 15 {
		t.Errorf("%d flags were found, want more", checked)
	}
	for command, params := range map[string]Params{
		"APIAcceptContact": {"contactReqId": 1, "incognito": "on"},
		"APIDeleteChat":    {"chatRef": chatID("direct", 4), "chatDeleteMode": Params{"type": "full", "notify": "false"}},
	} {
		var bad *ParamError
		if cmd, err := facts.Encode(command, params); !errors.As(err, &bad) || !strings.Contains(err.Error(), "want true or false, got the string") {
			t.Errorf("%s: got %q, %v", command, cmd, err)
		}
	}
}

func TestUnknownCommands(t *testing.T) {
	t.Parallel()
	tests := []struct{ version, command, want string }{
		{"6.5.1.1", "APIAddGroupRelays", "APIAddGroupRelays: core 6.5.1 does not have this command; 7.0.0-beta.2 has"},
		{"6.5.1", "apisendmessages", "apisendmessages is no command; did you mean APISendMessages?"},
		{"7.0.0.6", "/_sendd", "/_sendd is no command"},
	}
	for _, tt := range tests {
		_, err := For(tt.version).Encode(tt.command, nil)
		var unknown *UnknownCommandError
		if !errors.As(err, &unknown) || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.command, err, tt.want)
		}
	}
}

func TestWritten(t *testing.T) {
	t.Parallel()
	tests := []struct {
		version, command string
		params           Params
		want, documented string
	}{
		{"6.5.1", "APIConnect", Params{"userId": 1, "incognito": true, "preparedLink_": Params{"connFullLink": "simplex:/a", "connShortLink": "https://b"}},
			"/_connect 1 incognito=on simplex:/a https://b", "/_connect 1 simplex:/a https://b"},
		{"6.5.1", "APIConnectPlan", Params{"userId": 1, "connectTarget": "simplex:/a"}, "/_connect plan 1 simplex:/a", "/_connect plan 1 simplex:/a"},
		{"7", "Connect", Params{"connLink_": "simplex:/a"}, "/connect simplex:/a", "/connect simplex:/a"},
		{"7", "Connect", Params{"connTarget_": ""}, "/connect", "/connect"},
		{"6.5.1", "APIGetChats", Params{"userId": 1, "pagination": Params{"type": "before", "time": "2026-11-20T08:02:17Z", "count": 10}, "query": Params{"type": "search", "search": "x"}},
			`/_get chats 1 before=2026-11-20T08:02:17Z count=10 {"type":"search","search":"x"}`, `/_get chats 1 before=2026-11-20T08:02:17Z count=10 {"type":"search","search":"x"}`},
		{"7", "APISetActiveUser", Params{"userId": 1, "viewPwd": ""}, `/_user 1 ""`, `/_user 1 ""`},
		{"7", "APIDeleteChat", Params{"chatRef": chatID("group", 1), "chatDeleteMode": Params{"type": "entity", "notify": false}}, "/_delete #1 entity notify=off", "/_delete #1 entity notify=off"},
		{"7", "APISetGroupCustomData", Params{"groupId": 1, "customData": Empty{}}, "/_set custom #1 {}", "/_set custom #1 {}"},
		{"7", "APIReportMessage", Params{"groupId": 1, "chatItemId": 2, "reportReason": "nonsense", "reportText": "x y"}, "/_report #1 2 reason=nonsense x y", "/_report #1 2 reason=nonsense x y"},
		{"6.5.1", "APIUpdateProfile", Params{"userId": 1, "profile": Params{"profileId": 1, "displayName": "a", "fullName": "", "localAlias": ""}},
			`/_profile 1 {"displayName":"a","fullName":""}`, `/_profile 1 {"displayName":"a","fullName":""}`},
		{"99.1", "APIUpdateProfile", Params{"userId": 1, "profile": Params{"displayName": "a", "fullName": "", "colour": 1.25}},
			`/_profile 1 {"displayName":"a","fullName":"","colour":1.25}`, `/_profile 1 {"displayName":"a","fullName":"","colour":1.25}`},
	}
	for _, tt := range tests {
		f := For(tt.version)
		got, err := f.Encode(tt.command, tt.params)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v, want %q", tt.command, got, err, tt.want)
		}
		if got, err = f.Documented(tt.command, tt.params); err != nil || got != tt.documented {
			t.Errorf("%s as documented: got %q, %v, want %q", tt.command, got, err, tt.documented)
		}
	}
}

// TestByWords names commands by the words that they begin with.
func TestByWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		words  string
		params Params
		want   string
	}{
		{"/_read chat", Params{"chatRef": chatID("direct", 4)}, "/_read chat @4"},
		{"/_read chat items", Params{"chatRef": chatID("direct", 4), "chatItemIds": []any{1}}, "/_read chat items @4 1"},
		{"/_info", Params{"groupId": 2}, "/_info #2"},
		{"/_info", Params{"contactId": 2}, "/_info @2"},
		{"/_info", Params{"groupId": 2, "groupMemberId": 3}, "/_info #2 3"},
		{"/_set alias", Params{"groupId": 2, "alias": "x"}, "/_set alias #2 x"},
		{"/_create member contact", Params{"groupId": 2, "groupMemberId": 3}, "/_create member contact #2 3"},
		{"/_forward", Params{"toChat": chatID("direct", 4), "fromChat": chatID("group", 2), "chatItemIds": []any{1}}, "/_forward @4 #2 1"},
		{"/_servers", Params{"userId": 1}, "/_servers 1"},
		{"/_servers", Params{"userId": 1, "servers": []any{Params{}}}, "/_servers 1 [{}]"},
		{"/user", nil, "/user"},
	}
	for _, tt := range tests {
		if got, err := For("6.5.1").Encode(tt.words, tt.params); err != nil || got != tt.want {
			t.Errorf("%s %v: got %q, %v, want %q", tt.words, tt.params, got, err, tt.want)
		}
	}
	if got, err := For("6.5.1").Encode("/_leave", Params{}); err == nil || !strings.Contains(err.Error(), "APILeaveGroup: groupId: is missing") {
		t.Errorf("/_leave without a group: got %q, %v", got, err)
	}
}

func BenchmarkEncode(b *testing.B) {
	f := For("7.0.0")
	p := Params{"sendRef": chatID("direct", 4), "composedMessages": []any{text("hello")}}
	for b.Loop() {
		if _, err := f.Encode("APISendMessages", p); err != nil {
			b.Fatal(err)
		}
	}
}

func TestFor(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"6.5.1.1": "6.5.1", "v6.5.1": "6.5.1", "6.4": "6.5.1", "6.9": "6.5.1", "": "6.5.1", "x": "6.5.1",
		"7": "7.0.0-beta.2", "7.0.0.6": "7.0.0-beta.2", "7.0.0-beta.2": "7.0.0-beta.2", "8.1.0": "7.0.0-beta.2",
	} {
		if got := For(version).Version(); got != want {
			t.Errorf("For(%q): got %s, want %s", version, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	f := For("6.5.1")
	tests := []struct{ raw, want string }{
		{`{"type":"hostConnected","protocol":"smp","transportHost":"h"}`, ""},
		{`{"type":"hostConnected","protocol":"smp"}`, "hostConnected: transportHost: is missing"},
		{`{"type":"hostConnected","protocol":"smp","transportHost":"h","x":1}`, "hostConnected: x: is not known here"},
		{`{"type":"hostConnected","protocol":"smp","transportHost":7}`, "hostConnected: transportHost: want a string, got the number 7"},
		{`{"type":"chatSuspended"}`, ""},
		{`{"type":"nothing"}`, `tag "nothing" is not known`},
		{`[]`, "json: cannot unmarshal"},
	}
	for _, tt := range tests {
		err := f.CheckEvent([]byte(tt.raw))
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)) {
			t.Errorf("%s: got %v, want %q", tt.raw, err, tt.want)
		}
	}
	if err := f.CheckError([]byte(`{"type":"error","errorType":{"type":"noActiveUser"}}`)); err != nil {
		t.Error(err)
	}
	if err := f.CheckAnswer([]byte(`{"type":"cmdOk"}`)); err != nil {
		t.Error(err)
	}
}

// FuzzEncode feeds calls as programs write them. Whatever is written must be
// one line of text without NUL.
func FuzzEncode(f *testing.F) {
	for _, seed := range []string{
		`{"command":"APISendMessages","params":{"sendRef":{"chatType":"group","chatId":1,"chatScope":{"type":"memberSupport"}},"composedMessages":[{"msgContent":{"type":"x"}}]}}`,
		`{"command":"APIDeleteChat","params":{"chatRef":{"chatType":"direct","chatId":1e2},"chatDeleteMode":{"type":"full"}}}`,
		`{"command":"APISetChatTTL","params":{"userId":1,"chatRef":null,"ttl":[]}}`,
		`{"command":"APIGetChat","params":{"chatRef":{},"pagination":{"type":"last"}}}`, `{"command":"x\ud800"}`, `[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		call, err := ParseCall(data)
		if err != nil {
			return
		}
		for _, v := range []string{"6.5.1", "7.0.0", "9"} {
			cmd, err := For(v).Encode(call.Command, call.Params)
			if err == nil && (strings.IndexByte(cmd, 0) >= 0 || badUTF8(cmd) >= 0 || cmd == "") {
				t.Fatalf("wrote %q", cmd)
			}
			For(v).Documented(call.Command, call.Params)
		}
	})
}
