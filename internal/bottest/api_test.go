package bottest

import "testing"

// chatty is a bot that shows what it is told.
const chatty = `
bot.configure { profile = { display_name = "Chatty" }, welcome = "Hi.", allow_files = true }
bot.state = { n = 0 }
bot.on_message({ chat_type = "direct" }, function(msg)
  bot.state.n = bot.state.n + 1
  local quoted = msg.quoted and msg.quoted.content.text
  if msg.text == "react" then return msg:react("👍") end
  if msg.text == "edit" then return msg:reply("one"):edit("two") end
  if msg.text == "delete" then return msg:reply("gone"):delete() end
  if msg.text == "fail" then error("asked to") end
  if msg.text == "stop" then return bot.stop() end
  if msg.text == "sleep" then sleep(60) end
  msg:reply(msg.content_type .. ": " .. msg.text .. (quoted and " on " .. quoted or ""), { quote = false })
end)
bot.on_edit(function(msg) bot.send(msg.chat, "edited: " .. msg.text) end)
bot.on_event("chatItemReaction", function(e)
  if e.added then bot.send("@" .. e.reaction.chatInfo.contact.contactId, "reaction: " .. e.reaction.chatReaction.reaction.emoji) end
end)
bot.on_event("chatItemsDeleted", function(e)
  local first = e.chatItemDeletions[1].deletedChatItem
  bot.send("@" .. first.chatInfo.contact.contactId, "deleted: " .. first.chatItem.meta.itemText)
end)
bot.on_event("receivedGroupInvitation", function(e) bot.api.send_chat_cmd("/_join #" .. e.groupInfo.groupId) end)
bot.on_message({ chat_type = "group" }, function(msg)
  bot.send(msg.chat, ("%s (%s): %s"):format(msg.sender.name, msg.sender.role, msg.text))
end)
bot.on_event("madeUp", function(e) bot.state = { got = e.value } end)
bot.on_start(function(reason) bot.state = bot.state or {} end)
`

func TestDelays(t *testing.T) {
	t.Parallel()
	pass(t, chatty, `
sim.case("messages take their time", function(net)
  local alice = net:user("alice"):connect()
  net:delay("2s")
  alice:send("a")
  alice:expect_none("3s")
  alice:expect_none("500ms")
  alice:expect("text: a", { within = "1s" })
  net:delay(0)
  alice:send("b")
  alice:expect("text: b", { within = "2s" }) -- behind the receipt that is on its way
end)
sim.case("chats overtake each other, a chat keeps its order", function(net)
  net:delay(1, { jitter = "1m" })
  local names, people = { "alice", "bob", "carol", "dan", "eve" }, {}
  net:delay(0)
  for i, name in ipairs(names) do people[i] = net:user(name):connect() end
  net:delay(1, { jitter = "1m" })
  for round = 1, 3 do
    for _, p in ipairs(people) do p:send(p.name .. round) end
  end
  for _, p in ipairs(people) do
    for round = 1, 3 do p:expect("text: " .. p.name .. round) end
  end
end)
sim.case("too many arguments", function(net)
  local alice = net:user("alice"):connect()
  for want, f in pairs {
    ["advance: want at most 1 argument, got 2"] = function() net:advance(1, 2) end,
    ["restart: want at most 0 arguments, got 1"] = function() net:restart(true) end,
    ["send: want at most 1 argument, got 2"] = function() alice:send("a", "b") end,
    ['delay: unknown option "jiter"'] = function() net:delay(1, { jiter = 1 }) end,
  } do
    local ok, err = pcall(f)
    assert(not ok and tostring(err):find(want, 1, true), tostring(err))
  end
end)
`)
}

func TestPeopleWrite(t *testing.T) {
	t.Parallel()
	pass(t, chatty, `
sim.case("texts and replies", function(net)
  local alice = net:user("alice"):connect()
  local hi = alice:expect("Hi.")
  assert(hi.text == "Hi." and hi.sender == "Chatty" and hi.item_id > 0 and hi.event.result.type == "newChatItems")
  alice:send("a")
  alice:send({ type = "text", text = "b" })
  local a = alice:expect("text: a")
  alice:expect("text: b")
  alice:reply("on the last")
  alice:expect("text: on the last on text: b")
  alice:reply("on the first", a)
  alice:expect("text: on the first on text: a")
end)
sim.case("a greeting is no answer", function(net)
  local alice = net:user("alice"):connect()
  alice:send("Hi.")
  alice:expect("text: Hi.")
  alice:expect_none("1h")
end)
sim.case("edits, deletions, reactions", function(net)
  local alice = net:user("alice"):connect()
  local hi = alice:expect("Hi.")
  alice:react("🚀")
  alice:expect("reaction: 🚀")
  alice:unreact("🚀", hi)
  local second = alice:send("second")
  alice:expect("text: second")
  alice:edit("third")
  alice:expect("edited: third")
  alice:edit("fourth", second)
  alice:expect("edited: fourth")
  alice:delete()
  alice:expect("deleted: fourth")
  alice:send("react")
  alice:expect_reaction("👍")
  alice:send("edit")
  alice:expect("one")
  assert(alice:expect_edit().text == "two")
  alice:send("delete")
  alice:expect("gone")
  alice:expect_deletion("gone")
end)
sim.case("files", function(net)
  local alice = net:user("alice"):connect()
  alice:send_file("note.txt", "look")
  alice:expect("file: look")
end)
sim.case("what a text must be", function(net)
  local alice = net:user("alice"):connect()
  for _, want in ipairs { { pattern = "^text: %d+$" }, { re = "^text: \\d+$" }, { contains = "42" },
      function(got) return got.text == "text: 42" and got.sender == "Chatty" end } do
    alice:send("42")
    alice:expect(want)
  end
  alice:send("1") alice:send("2") alice:send("3")
  alice:expect("text: 3", { skip = true })
  alice:send(7)
  alice:expect("text: 7")
end)
sim.case("commands of the core", function(net)
  local alice = net:user("alice"):connect()
  assert(alice:command("/user").user.profile.displayName == "alice")
  local ok, err = pcall(alice.command, alice, "/_get chat @99 count=1")
  assert(not ok and err.type == "chat_error", tostring(err))
  assert(net:user("alice") == alice and alice.name == "alice")
end)
sim.case("people among themselves", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local link = alice:command("/_address 1").connLinkContact.connShortLink
  alice:command('/_address_settings 1 {"businessAddress":false,"autoAccept":{"acceptIncognito":false}}')
  bob:connect(link)
  bob:command('/_send @5 json [{"msgContent":{"type":"text","text":"psst"},"mentions":{}}]')
  alice:expect("psst", { from = bob })
end)
`)
}

func TestGroups(t *testing.T) {
	t.Parallel()
	pass(t, chatty, `
sim.case("a group with everybody", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local team = net:group("team", { alice, bob, bot = "admin", roles = { bob = "moderator" } })
  assert(team.name == "team")
  local in_team = bob:in_group(team)
  assert(bob:in_group(team) == in_team)
  in_team:send("hello")
  in_team:expect("bob (moderator): hello")
  alice:in_group(team):expect("hello", { from = bob })
  alice:in_group(team):expect("bob (moderator): hello", { from = net.bot })
  alice:set_role(team, bob, "observer")
  local ok, err = pcall(in_team.send, in_team, "may I?")
  assert(not ok and err.type == "chat_error", tostring(err))
  alice:remove(team, bob)
  ok, err = pcall(in_team.send, in_team, "am I in?")
  assert(not ok)
end)
sim.case("a group step by step", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local team = alice:create_group("team")
  alice:invite(team, net.bot, "moderator")
  alice:in_group(team):send("one")
  alice:in_group(team):expect("alice (owner): one")
  alice:leave(team)
  local own = net:group("own", { bob, bot = false })
  bob:in_group(own):send("nobody listens")
  bob:in_group(own):expect_none()
end)
sim.case("names are seen by their group", function(net)
  local alice = net:user("alice")
  local a, b = net:group("a", { alice }), net:group("b", { alice })
  alice:in_group(a):send("in a")
  alice:in_group(b):expect_none()
  alice:expect_none()
  alice:in_group(a):expect("alice (owner): in a")
end)
`)
}

func TestTime(t *testing.T) {
	t.Parallel()
	pass(t, chatty+`
bot.after("1h", function() bot.state.hour = os.date("!%H:%M") end)
bot.every("10m", function() bot.state.ticks = (bot.state.ticks or 0) + 1 end)
`, `
sim.case("a handler sleeps", function(net)
  local alice = net:user("alice"):connect()
  local began = os.time()
  alice:send("sleep")
  alice:send("behind")
  alice:expect_none("59s")
  alice:expect("text: sleep")
  alice:expect("text: behind")
  assert(os.time() - began == 60, os.time() - began)
end)
sim.case("timers", function(net)
  net:advance("59m59s")
  assert(net.bot.state.ticks == 5 and not net.bot.state.hour)
  net:advance(1)
  assert(net.bot.state.ticks == 6 and net.bot.state.hour == "01:00")
end)
sim.case("the servers are away", function(net)
  local alice = net:user("alice"):connect()
  net:offline("1m", function()
    alice:send("hello")
    alice:expect_none()
  end)
  alice:expect("text: hello")
  net:offline(5)
  alice:expect_none()
end)
`)
}

func TestBotLives(t *testing.T) {
	t.Parallel()
	pass(t, chatty, `
sim.case("state", function(net)
  local alice = net:user("alice"):connect()
  alice:send("x")
  assert(net.bot.state.n == 1 and net.bot.name == "Chatty" and net.bot.address:find("^https://"))
  net.bot.state = { n = 41 }
  alice:send("x")
  assert(net.bot.state.n == 42)
  net.bot.state.n = 7 -- a copy
  assert(net.bot.state.n == 42)
end)
sim.case("raw events", function(net)
  net:raw({ type = "madeUp", value = { 1, 2 } })
  assert(#net.bot.state.got == 2)
end)
sim.case("restart", function(net)
  local alice = net:user("alice"):connect()
  alice:send("a")
  alice:expect("text: a")
  net:restart()
  assert(net.bot.state.n == 0)
  alice:expect_none()
  alice:send("b")
  alice:expect("text: b")
end)
sim.case("kill while a handler sleeps", function(net)
  local alice = net:user("alice"):connect()
  alice:send("a")
  alice:expect("text: a")
  alice:send("sleep")
  net:kill()
  alice:expect("text: sleep", { within = 61 }) -- handled again
  alice:expect_none("1h")
end)
sim.case("kill before the marks", function(net)
  local alice = net:user("alice"):connect()
  alice:send("old")
  alice:expect("text: old")
  net:advance(1)
  alice:send("a")
  alice:send("b")
  alice:expect("text: a")
  alice:expect("text: b")
  net:kill({ unmarked = true })
  alice:expect("text: a") -- once more
  alice:expect("text: b")
  alice:expect_none()
  net:kill()
  alice:expect_none()
  net:advance(1)
  net:kill({ unmarked = true })
  alice:expect_none()
  assert(not pcall(net.kill, net, { unmarkd = true }))
end)
sim.case("stop", function(net)
  local alice = net:user("alice"):connect()
  assert(net.bot.running)
  alice:send("stop")
  net:advance(1)
  assert(not net.bot.running)
  alice:send("are you there?")
  alice:expect_none()
  net:restart()
  alice:expect("text: are you there?")
end)
sim.case("errors that are expected", function(net)
  local alice = net:user("alice"):connect()
  alice:send("fail")
  assert(net.bot:expect_error({ contains = "asked to" }):find("bot.lua:10", 1, true))
end)
`)
}

func TestBusinessAddress(t *testing.T) {
	t.Parallel()
	pass(t, `
bot.configure { profile = { display_name = "Biz" }, business_address = true, welcome = "Welcome." }
bot.on_message(function(msg) msg:reply("re: " .. msg.text, { quote = false }) end)
`, `
sim.case("the chat with the bot is a group", function(net)
  local alice = net:user("alice"):connect()
  alice:expect("Welcome.")
  alice:send("x")
  alice:expect("re: x")
end)`)
}

func TestBotDecidesAndInvites(t *testing.T) {
	t.Parallel()
	pass(t, `
bot.configure { profile = { display_name = "Club" }, auto_accept = false }
bot.on_event("receivedContactRequest", function(e)
  sleep(5)
  bot.api.send_chat_cmd("/_accept " .. e.contactRequest.contactRequestId)
end)
bot.on_event("contactConnected", function(e)
  local group = bot.api.send_chat_cmd('/_group 1 {"displayName":"club","fullName":""}').groupInfo.groupId
  bot.api.send_chat_cmd(("/_add #%d %d member"):format(group, e.contact.contactId))
end)
bot.on_message(function(msg) msg:reply("re: " .. msg.text, { quote = false }) end)
`, `
sim.case("accepts later", function(net)
  local alice = net:user("alice"):connect()
  local ok, err = pcall(alice.send, alice, "x")
  assert(not ok and tostring(err):find("connect first"), tostring(err))
  net:advance(5)
  alice:send("x")
  alice:expect("re: x")
  local club = alice:expect_invitation()
  assert(club.name == "club")
  alice:join(club)
  alice:in_group(club):send("y")
  alice:in_group(club):expect("re: y")
end)`)
}

// TestLongTimes wants an hour of ticks to be a moment's work, and a bot without
// an address to say so.
func TestLongTimes(t *testing.T) {
	t.Parallel()
	pass(t, `
bot.configure { create_address = false }
bot.state = { n = 0 }
bot.every("1s", function() bot.state.n = bot.state.n + 1 end)
`, `
sim.case("ticks", function(net)
  net:advance("20m")
  assert(net.bot.state.n == 1200)
  local ok, err = pcall(function() net:user("alice"):connect() end)
  assert(not ok and tostring(err):find("no address"), tostring(err))
end)`)
}
