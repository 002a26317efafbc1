package check

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

func run(t *testing.T, files map[string]string) []string {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	found, err := Script(folder, "bot.lua", Options{Stdlib: stdlib.FS, Modules: []string{"http", "json", "log", "simplex.sim", "store"}})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range found {
		out = append(out, f.String())
	}
	return out
}

// TestFindings has one script for each mistake, and what is said about it.
func TestFindings(t *testing.T) {
	t.Parallel()
	tests := []struct{ script, want string }{
		{"local x = = 1", "bot.lua:1:11: "},
		{"print(tonumbr(1))", "bot.lua:1:7: unknown global tonumbr; did you mean tonumber?"},
		{"\n  counter = countr + 1", "bot.lua:2:13: unknown global countr; did you mean counter?"},
		{"string.fnord()", "bot.lua:1:8: string has no fnord"},
		{"os.execute('x')", "bot.lua:1:4: os has no execute: require \"exec\" runs programs"},
		{"print(io)", "bot.lua:1:7: unknown global io: require \"fs\" reads"},
		{"bot.on_start(function()\n  f({\n  if x then\n  })\nend)", "bot.lua:3:3: "},
		{"bot.on_start(function()\n  if bot then\n)", "bot.lua:3:1: unexpected symbol near ')' ('if' of line 2 has no 'end')"},
		{"function f()\n  count = (count or 0) + 1\nend", "bot.lua:2:3: count is read before anything sets it: begin with local count = "},
		{"bot.sned('@4', 'x')", "bot.lua:1:5: bot has no sned; did you mean send?"},
		{"bot.api.leave_grup(1)", "bot.lua:1:9: bot.api has no leave_grup; did you mean leave_group?"},
		{"bot.api.api_leave_group(1)", "bot.lua:1:9: bot.api.api_leave_group is called bot.api.leave_group here"},
		{"bot:send('@4', 'x')", "bot.lua:1:5: bot.send is a function: write bot.send(…) with a dot"},
		{"bot.send = 5", "bot.lua:1:5: bot.send cannot be set"},
		{"bot.api.leave_group()", "bot.lua:1:9: bot.api.leave_group: group_id is missing"},
		{"bot.api.leave_group(1, 2)", "bot.lua:1:24: bot.api.leave_group takes 1 argument, got 2"},
		{"bot.api.leave_group('1')", "bot.lua:1:21: group_id: want integer, got \"1\""},
		{"bot.api.leave_group(1.5)", "bot.lua:1:21: group_id: want integer, got the number 1.5"},
		{"bot.api.add_member(1, 2, { })", "bot.lua:1:26: member_role: want"},
		{"bot.api.send_messages('@4', {{ msgContent = { type = 'text', txt = 'a' } }})", "messages[1].msgContent: text is missing"},
		{"bot.api.send_messages('@4', {{ msgContnt = { type = 'text', text = 'a' } }})", "messages[1]: unknown key msgContnt; did you mean msgContent?"},
		{"bot.api.send_messages('@4', {{ msgContent = { type = 'text', text = 5 } }})", "messages[1].msgContent.text: want string, got the number 5"},
		{"bot.api.call('APILeaveGroup', { groupID = 1 })", "params: unknown key groupID; did you mean groupId?"},
		{"bot.api.call('APILeaveGrup', {})", "bot.lua:1:14: APILeaveGrup is no chat command; did you mean APILeaveGroup?"},
		{"bot.on_event('newChatItem', print)", "bot.lua:1:14: no event is called newChatItem; did you mean newChatItems?"},
		{"bot.on_event('newChatItems', 5)", "bot.lua:1:30: fn: want a function, got the number 5"},
		{"bot.wait_for 'newChatItem'", "bot.lua:1:14: no event is called newChatItem; did you mean newChatItems?"},
		{"bot.on_message({ content_type = 'txt' }, print)", "bot.lua:1:33: filter.content_type: \"txt\"; did you mean text?"},
		{"bot.on_message({ content_type = { 'text', 'imag' } }, print)", "filter.content_type[2]: \"imag\"; did you mean image?"},
		{"bot.on_message({ chat_type = 'dm' }, print)", "filter.chat_type: want "},
		{"bot.on_message({ min_role = 'boss' }, print)", "filter.min_role: want "},
		{"bot.configure { profile = { display_nam = 'x' } }", "bot.lua:1:29: settings.profile: unknown key display_nam; did you mean display_name?"},
		{"bot.configure { auto_accept = 'yes' }", "settings.auto_accept: want boolean, got \"yes\""},
		{"bot.configure { ordering = 'chats' }", "settings.ordering: want \"chat\"|\"global\", got \"chats\""},
		{"bot.on_message({ contnt_type = 'text' }, print)", "filter: unknown key contnt_type; did you mean content_type?"},
		{"bot.on_message(function(msg) print(msg.txt) end)", "bot.lua:1:40: a message has no txt; did you mean text?"},
		{"bot.on_message(function(msg) msg.reply('x') end)", "bot.lua:1:34: reply is a method: write :reply(…) with a colon"},
		{"bot.on_message(function(msg) msg:replay('x') end)", "bot.lua:1:34: a message has no replay; did you mean reply?"},
		{"bot.on_message(function(msg) msg:reply('x', { qoute = false }) end)", "options: unknown key qoute; did you mean quote?"},
		{"bot.on_message{ content_type = 'text' }(function(msg) msg.text = 5 end)", "a message cannot be changed: keep text somewhere else"},
		{"bot.on_message({ when = function(m) return m.tex == 1 end }, print)", "a message has no tex; did you mean text?"},
		{"bot.on_start(function() local m = bot.send('@4', 'x') m:delte() end)", "a message has no delte; did you mean delete?"},
		{"local t = require 'nothing'", "bot.lua:1:19: no module \"nothing\""},
		{"require 'jsn'", "no module \"jsn\"; did you mean json?"},
		{"bot.on_message(function() bot.state.n = 1 end)", "bot.lua:1:31: bot.state is nil, for nothing sets it: begin with bot.state = {}"},
		{"print(bot.state['n'])", "bot.state is nil"},
		{"local q = require('queue').new 'jobs'", "bot.lua:1:28: queue has no new; it has open"},
		{"local form = require 'form' form.neww {}", "form has no neww; did you mean new?"},
		{"local sim = require 'simplex.sim' sim.cases('x', print)", "sim has no cases; did you mean case?"},
		{"local q = require('queue'):open 'jobs'", "queue.open is a function: write queue.open(…) with a dot"},
		{"local store = require 'store' store.gett 'n'", "store has no gett; did you mean get?"},
		{"local store = require 'store' store.incr()", "Store:incr: key is missing"},
		{"local llm = require 'llm' local ai = llm.new { url = 'u', model = 'm', modl = 'x' }", "options: unknown key modl; did you mean model?"},
		{"require('form').new { name = 'f', done = print, questions = { { 'a', 5 } } }", "options.questions[1][2]: want string, got the number 5"},
		{"require('form').new { name = 'f', done = print, questions = { { 'a', 'A?', 'x' } } }", "options.questions[1]: want names with values, got a list"},
		{"local q = require('queue').open 'jobs' q:psh {}", "bot.lua:1:42: Queue has no method psh; did you mean push?"},
		{"local s = require('http').serve { listen = ':1' } s:pst('/a', print)", "HttpServer has no method pst; did you mean post?"},
		{"bot.api.chat_item_reaction('direct', 1, 2, true, { type = 'emoji' })", "reaction: emoji is missing"},
		{"bot.api.update_chat_item('drect', 1, 2, { type = 'text', text = 'x' })", "chat_type: want"},
	}
	for _, tt := range tests {
		got := run(t, map[string]string{"bot.lua": tt.script})
		if len(got) != 1 || !strings.Contains(got[0], tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.script, got, tt.want)
		}
	}
}

// TestNothingFound has scripts that are right.
func TestNothingFound(t *testing.T) {
	t.Parallel()
	for _, script := range []string{
		"", "\ufeffprint(1)", "#!/usr/bin/env simplex-lua\nprint(_VERSION, _G)",
		"for i = 1, 3 do print(i) end for k, v in pairs({}) do print(k, v) end",
		"local function f(...) return select('#', ...) end print(f(1), (f(2)))",
		"repeat local done = true until done",
		"goto e ::e:: local goto_ = 1 print(goto_)",
		"local s = [==[ ]] ]==] .. 'a\\'b' .. \"c\\n\" print(#s, -2 ^ 2, not s, 0x1F, 1e-5, .5)",
		"function helper() end helper() local t = {} function t.a.b() end function t:m() return self end",
		"function global() return other end other = 1", "function f() return f() end", "n = 0 n = n + 1", "local n n = (n or 0) + 1",
		"function f(n) n = n + 1 return n end", "_G.n = 1 n = n + 1",
		"if x_ then elseif y_ then else end x_ = 1 y_ = 2",
		"bot.on_message(function(msg, data) data.n = (data.n or 0) + 1 msg:reply(msg.text, nil) end)",
		"bot.on_message({ content_type = 'poll', chat_type = { 'direct', 'group' }, from_role = 'owner' }, print) bot.wait_for 'somethingNew'",
		"bot.on_message(function(msg) msg = { other = 1 } print(msg.other) end)",
		"bot.on_command({ 'a', 'b' }, function(msg, cmd) msg:reply(cmd.args) end)",
		"bot.on_command('a', { min_role = 'admin' }, function(msg) msg:delete() end)",
		"bot.on_event({ 'newChatItems' }, function(e) print(e.anything) end)",
		"bot.on_event('newChatItems', function(e) print(e.chatItems[1].chatInfo) end)",
		"bot.on_event('somethingOfANewerCore', print)",
		"bot.api.send_messages('@4', {{ msgContent = { type = 'text', text = 'a', more = 1 } }})",
		"bot.api.send_messages('@4', {{ msgContent = { type = 'poll' } }})",
		"bot.api.send_text_message({ 'direct', 4 }, 'x')",
		"bot.api.call('ShowActiveUser')", "bot.api.call('/_leave', { groupId = 2 })",
		"bot.api.call(name, params) name, params = 1, 2",
		"bot.api.leave_group(f()) f = print bot.api.leave_group(...)",
		"bot.state = { n = 1 } print(bot.info.name, bot.config.anything)",
		"bot.every('5m', function() end) bot.after(1.5, print) sleep(1)",
		"log.info('x', { a = 1 }) print(json.encode({}), json.null)",
		"local ok, e = pcall(bot.api.leave_group, 1) print(ok and e.type)",
		"local m = require 'lib.mod' local n = require('json') print(m.anything, n)",
		"local s = require 'store' s.set('a', s.get 'b') local q = require('queue').open 'q' q:work(print) q:push {}",
		"local f = require 'form' f.later() function f.later() end local q = require('queue').open 'q' q:mine() function q:mine() end",
		"require('form').new { name = 'f', done = print, questions = { { 'a', 'A?' }, { 'b', 'B?', optional = true } } }",
		"require('simplex.sim').case('x', function(net) net:group('g', { net:user 'a', net:user 'b', bot = 'admin' }) end)",
		"require('menu').install { { 'a', 'A', run = print }, { label = 'More', commands = { { 'b', run = print } } } }",
		"local router = require 'router' print(router.NEXT) router.new():handler()({ text = 'x' })",
		"bot.state = bot.state or {} bot.state.n = (bot.state.n or 0) + 1",
		"print(bot.state and 1) local bot = { state = {} } function bot.state.f() end bot.state = 1",
		"local function require() return {} end require('queue').new()",
		"require = print print(require('queue').new)",
	} {
		files := map[string]string{"bot.lua": script, "lib/mod.lua": "return {}"}
		if got := run(t, files); len(got) > 0 {
			t.Errorf("%s:\nfound %q", script, got)
		}
	}
}

// TestFiles checks what a script requires, once and with its own name.
func TestFiles(t *testing.T) {
	t.Parallel()
	got := run(t, map[string]string{
		"bot.lua":      "require 'a' require 'b.c' shared = 1",
		"a.lua":        "require 'b.c' print(shared, missing)",
		"b/c/init.lua": "require 'a' local = 5",
	})
	want := []string{"a.lua:1:29: unknown global missing", "b/c/init.lua:1:19: "}
	if len(got) != 2 || got[0] != want[0] || !strings.HasPrefix(got[1], want[1]) {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := Script(fstest.MapFS{}, "bot.lua", Options{Stdlib: stdlib.FS}); err == nil {
		t.Error("a file that is not there: got no error")
	}
}

// TestExamples finds nothing in the examples.
func TestExamples(t *testing.T) {
	t.Parallel()
	folder := os.DirFS("../../scripts/examples")
	names, err := fs.Glob(folder, "*.lua")
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, name := range names {
		found, err := Script(folder, path.Base(name), Options{Stdlib: stdlib.FS, Modules: luaapi.ModuleNames()})
		if err != nil {
			t.Error(err)
		}
		for _, f := range found {
			t.Error(f)
		}
	}
}

func FuzzScript(f *testing.F) {
	for _, s := range []string{"bot.send('@4', {})", "local function f() return end", "x = {[1]=2; a='b', [[c]]}", "--[[ a ]] ::l:: goto l"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, script string) {
		_, err := Script(fstest.MapFS{"bot.lua": {Data: []byte(script)}}, "bot.lua", Options{Stdlib: stdlib.FS})
		if err != nil {
			t.Fatal(fmt.Errorf("%q: %w", script, err))
		}
	})
}
