local sim = require "simplex.sim"
local time = require "time"

-- Makes groups 1 to n of the bot: alice is in all of them, bob in those with an even number as well.
local function groups(net, count)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local rooms = {}
  for i = 1, count do
    rooms[i] = net:group("room" .. i, i % 2 == 0 and { bob, alice } or { alice, bob })
  end
  return alice, bob, rooms
end

sim.case("copies both ways, with edits, deletions and reactions", function(net)
  local alice, bob, rooms = groups(net, 2)
  local one, two = alice:in_group(rooms[1]), bob:in_group(rooms[2])
  local m = one:send("hello *there*")
  two:expect({ pattern = "^alice: hello %*there%*" })
  one:edit("hello again", m)
  two:expect_edit({ pattern = "^alice: hello again" })
  two:react("👍")
  one:expect_reaction("👍")
  two:unreact("👍")
  two:react("👍")
  one:expect_reaction("👍")
  two:send("and back")
  one:expect({ pattern = "^bob: and back" })
  one:delete(m)
  two:expect_deletion({ pattern = "^alice: hello again" })
  alice:in_group(rooms[2]):expect({ pattern = "^alice: hello" }, { skip = true })
end)

sim.case("answers quote the copy of what they answer", function(net)
  local alice, bob, rooms = groups(net, 2)
  local one, two = alice:in_group(rooms[1]), bob:in_group(rooms[2])
  one:send("how are you?")
  two:reply("fine", two:expect({ contains = "how are you?" }))
  local answer = one:expect({ pattern = "^bob: fine" })
  assert(json.encode(answer.event):find('"quotedItem":{.-how are you%?'))
  one:reply("good", answer)
  assert(json.encode(two:expect({ pattern = "^alice: good" }).event):find('"quotedItem":{.-fine'))
end)

sim.case("finds the copies after a restart", function(net)
  local alice, bob, rooms = groups(net, 2)
  local one, two = alice:in_group(rooms[1]), bob:in_group(rooms[2])
  local m = one:send("before")
  two:expect({ pattern = "^alice: before" })
  net:restart()
  one:edit("after", m)
  two:expect_edit({ pattern = "^alice: after" })
  net:kill()
  one:delete(m)
  two:expect_deletion({ pattern = "^alice: after" })
end)

sim.case("a copy is copied by no other relay", function(net)
  local alice, bob, rooms = groups(net, 2)
  local one, two = alice:in_group(rooms[1]), bob:in_group(rooms[2])
  one:send("x")
  local copy = two:expect({ pattern = "^alice: x" })
  two:send(copy.text) -- what another relay in both groups would have sent
  one:expect_none()
  two:edit(copy.text .. " changed")
  one:expect_none()
end)

sim.case("names cannot pass for marks or commands", function(net)
  local star = net:user("_star_"):connect()
  local bob = net:user("bob"):connect()
  local a, b = net:group("a", { star, bob }), net:group("b", { bob, star })
  star:in_group(a):send("hi")
  bob:in_group(b):expect({ pattern = "^\226\128\139_star_: hi" })
end)

sim.case("texts that are too long for one message", function(net)
  local alice, bob, rooms = groups(net, 2)
  local one, two = alice:in_group(rooms[1]), bob:in_group(rooms[2])
  local long = ("word "):rep(3096) .. "end"
  local m = one:send(long)
  local got = {}
  for i = 1, 3 do
    got[i] = two:expect({ pattern = "\226\129\163$" }).text:gsub("[\226][\129][\162\163]", "")
  end
  assert(table.concat(got) == "alice: " .. long)
  one:edit("short", m)
  for _ = 1, 3 do
    two:expect_deletion({ contains = "word" })
  end
  two:expect({ pattern = "^alice: short" })
end)

sim.case("support chats and reports stay where they are", function(net)
  local alice, bob, rooms = groups(net, 2)
  local one, two = alice:in_group(rooms[1]), bob:in_group(rooms[2])
  one:send("public")
  two:expect({ pattern = "^alice: public" })
  local public = json.encode(net.bot.state)
  local function again(change)
    local event = json.decode(public)
    local m = event.chatItems[1]
    m.chatItem.content.msgContent.text = "private"
    m.chatItem.meta.itemText = "private"
    change(m)
    net:raw(event)
  end
  again(function(m) m.chatInfo.groupChatScope = { type = "memberSupport", groupMember_ = m.chatItem.chatDir.groupMember } end)
  again(function(m) m.chatItem.content.msgContent.type = "report" end)
  two:expect_none()
  again(function(m) m.chatItem.meta.itemId = 9999 end)
  two:expect({ pattern = "^alice: private" }) -- so the event is one that would be copied
end)

sim.case("what is too fast comes later", function(net)
  local alice, bob, rooms = groups(net, 2)
  local one, two = alice:in_group(rooms[1]), bob:in_group(rooms[2])
  local begun = time.now()
  for i = 1, 20 do
    one:send("n" .. i)
    two:expect({ contains = "n" .. i })
  end
  assert(time.now() - begun < 1)
  one:send("one more")
  two:expect({ contains = "one more" })
  assert(time.now() - begun > 2, time.now() - begun)
end)

sim.case("files", function(net)
  local alice, bob, rooms = groups(net, 2)
  local one, two = alice:in_group(rooms[1]), bob:in_group(rooms[2])
  one:send_file("relay.lua", "look")
  two:expect(function(m)
    return m.text:match("^alice: look") and json.encode(m.event):match('"fileName":"relay[^"]*lua"') ~= nil
  end)
end)

sim.case("one way, with a format and an audit in a chat", function(net)
  local alice, bob, rooms = groups(net, 5)
  local three, four, five = alice:in_group(rooms[3]), bob:in_group(rooms[4]), alice:in_group(rooms[5])
  local m = three:send("hello")
  four:expect({ pattern = "^HELLO" })
  five:expect({ pattern = "^copy #3 %-> #4, alice: HELLO" })
  three:edit("other", m)
  three:send("a secret")
  four:send("back")
  four:expect_none()
  three:send_file("relay.lua", "file")
  four:expect({ pattern = "^FILE %[relay.*lua: not copied%]" })
end)

sim.case("networks that are no chats", function(net)
  local alice, _, rooms = groups(net, 7)
  local seven, six = alice:in_group(rooms[7]), alice:in_group(rooms[6])
  local m = seven:send("hello")
  six:expect("copy alice: hello nil")
  seven:edit("changed", m)
  six:expect("edit alice: changed n1")
  seven:delete(m)
  six:expect("delete - n1")
  for _, change in ipairs { "delete", "edit" } do -- while the message is still being copied
    m = seven:send("slow")
    if change == "edit" then seven:edit("faster", m) else seven:delete(m) end
    six:expect_none()
    six:expect("copy alice: slow nil")
    six:expect({ pattern = change == "edit" and "^edit alice: faster n3$" or "^delete %- n2$" })
  end
  alice:send("/irc send hello")
  seven:expect({ pattern = "^\226\128\139%*nick%*: hello" })
  alice:send("/irc edit hi")
  seven:expect_edit({ pattern = "nick%*: hi" })
  alice:send("/irc delete")
  seven:expect_deletion({ contains = "hi" })
  alice:send("/bad")
  alice:expect("refused")
end)

sim.case("copies go to the chat that was meant", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  bob:send("/here")
  alice:send("/link")
  alice:send("hello")
  bob:expect({ pattern = "^alice: hello" })
end)

sim.case("copies do not go to another chat with its id", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  bob:send("/here")
  alice:send("/link of old")
  alice:send("hello")
  bob:expect_none()
end)
