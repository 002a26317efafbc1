-- A help desk: what people write becomes a ticket, and the team answers it.
-- Helpers send /pair CODE (see README.md), then /tickets, /answer 1 TEXT and /close 1.
-- Try it: simplex-lua dev

local acl = require "acl"
local people = require "people"
local store = require "store"

bot.configure {
  profile = { display_name = "BOTNAME", short_descr = "Help desk" },
  welcome = "How can we help? Write what is the matter; a person will answer.",
}

local tickets = store.open "tickets" -- by number: { chat, key, name, text }
local open = store.open "open" -- the number of each chat's open ticket, by the chat's key
local count = store.open "count"
local staff = acl.new { roles = { "helper", "admin" } }
staff:commands()

-- Writes to who has a ticket, and tells whether that worked. broadcast writes to no chat whose id is somebody else's by now.
local function tell(ticket, text)
  return #bot.broadcast({ ticket.chat }, text).sent > 0
end

bot.on_command("tickets", staff:only("helper", function(msg)
  local lines = {}
  for _, entry in ipairs(tickets:list "") do
    local t = entry.value
    lines[#lines + 1] = ("%s %s: %s"):format(entry.key, t.name, t.text)
  end
  msg:reply(#lines > 0 and table.concat(lines, "\n") or "Nothing is open.")
end))

bot.on_command("answer", staff:only("helper", function(msg, cmd)
  local number, text = cmd.args:match("^(%d+)%s+(.+)$")
  local ticket = number and tickets:get(number)
  if not ticket then
    return msg:reply("As in: /answer 1 We look into it.")
  end
  msg:reply(tell(ticket, text) and "Sent." or "It could not be sent.")
end))

bot.on_command("close", staff:only("helper", function(msg, cmd)
  local ticket = tickets:get(cmd.args)
  if not ticket then
    return msg:reply("As in: /close 1")
  end
  tickets:delete(cmd.args)
  open:delete(ticket.key)
  tell(ticket, "Your ticket " .. cmd.args .. " is closed. Write again at any time.")
  msg:reply("Closed.")
end))

bot.on_message({ chat_type = "direct", content_type = "text" }, function(msg)
  local key = people.chat(msg)
  local number, new = open:get(key), false
  if not number then
    number, new = tostring(count:incr("last")), true
    open:set(key, number)
  end
  tickets:update(number, function(t)
    return { chat = msg.chat, key = key, name = msg.sender.name, text = (t and t.text .. " / " or "") .. msg.text }
  end)
  msg:reply(new and ("Thank you. Your ticket is number %s."):format(number) or "Added to your ticket.")
end)
