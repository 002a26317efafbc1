-- Keeps the files that you send, for you alone, and gives them back.
-- Send a file, an image or a voice message; /files lists yours, /get NUMBER sends one, /forget NUMBER deletes it.
-- Run: simplex-lua dev scripts/examples/archive.lua

local fs = require "fs"
local store = require "store"

local archive = store.open "archive"
local max_size = 50 * 2 ^ 20

bot.configure {
  profile = { display_name = "Archive", short_descr = "Keeps your files" },
  welcome = "Send me files, and I keep them for you.",
  commands = {
    { keyword = "files", label = "My files" },
    { keyword = "get", label = "Send me a file", params = "number" },
  },
}

local direct = { chat_type = "direct" }

-- A person's part of the archive: by id and time, for ids are given again.
local function mine(msg, number)
  return msg.contact_id .. "/" .. msg.sender.created_at .. "/" .. (number or "")
end

bot.on_message({ chat_type = "direct", content_type = { "file", "image", "video", "voice" } }, function(msg)
  if msg.file.fileSize > max_size then
    return msg:reply("That is too large: 50 MiB at most.")
  end
  local file = msg:download(nil, { timeout = "10m" })
  local number = archive:incr(mine(msg, "last"))
  archive:set(mine(msg, "file:" .. number), { name = file.name, path = file.path, size = file.size })
  msg:reply(("Kept as number %d: %s, %d bytes."):format(number, file.name, file.size))
end)

bot.on_command("files", direct, function(msg)
  local lines = {}
  for _, entry in ipairs(archive:list(mine(msg, "file:"))) do
    lines[#lines + 1] = entry.key:match("%d+$") .. ". " .. entry.value.name
  end
  msg:reply(#lines > 0 and table.concat(lines, "\n") or "You have no files here.")
end)

bot.on_command({ "get", "forget" }, direct, function(msg, cmd)
  local file = archive:get(mine(msg, "file:" .. cmd.args))
  if not file then
    return msg:reply("You have no file of that number.")
  elseif cmd.keyword == "get" then
    return bot.send_file(msg.chat, file.path, { caption = file.name })
  end
  fs.remove(file.path)
  archive:delete(mine(msg, "file:" .. cmd.args))
  msg:reply("Forgotten.")
end)
