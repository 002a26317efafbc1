-- A directory of groups: owners add the link of a group, everybody searches.
-- Send /add LINK what it is about, then /search trees; only who added it may /remove NUMBER.
-- Run: simplex-lua dev scripts/examples/directory.lua

local store = require "store"

local groups = store.open "groups"

bot.configure {
  profile = { display_name = "Directory", short_descr = "Finds groups" },
  welcome = "Send /search and a word, or /add with the link of your group and what it is about.",
  commands = {
    { keyword = "search", label = "Find groups", params = "word" },
    { keyword = "add", label = "Add a group", params = "link text" },
  },
}

local direct = { chat_type = "direct" }

local function owner(msg)
  return msg.contact_id .. "/" .. msg.sender.created_at
end

bot.on_command("add", direct, function(msg, cmd)
  local link, about = cmd.args:match("^(https://%S+)%s+(.+)$")
  if not link or not link:find("/[gc]#") then
    return msg:reply("Send /add, the link of the group, and what it is about.")
  end
  local number = groups:incr("last")
  groups:set("group:" .. number, { link = link, about = about, owner = owner(msg) })
  msg:reply(("Added as number %d."):format(number))
end)

bot.on_command("remove", direct, function(msg, cmd)
  local group = groups:get("group:" .. cmd.args)
  if not group or group.owner ~= owner(msg) then
    return msg:reply("You have added no group of that number.")
  end
  groups:delete("group:" .. cmd.args)
  msg:reply("Removed.")
end)

bot.on_command("search", direct, function(msg, cmd)
  local found = {}
  for _, entry in ipairs(groups:list("group:", { limit = 10000 })) do
    local group = entry.value
    if #found < 10 and group.about:lower():find(cmd.args:lower(), 1, true) then
      found[#found + 1] = ("%s. %s\n%s"):format(entry.key:match("%d+"), group.about, group.link)
    end
  end
  msg:reply(#found > 0 and table.concat(found, "\n\n") or "Nothing found.")
end)
