-- Posts the news of RSS and Atom feeds to a group, each item once, also over restarts.
-- Invite the bot to a group; there a moderator sends /follow URL or /unfollow URL, and everybody /feeds.
-- Run: simplex-lua run --allow 'net=*' scripts/examples/news.lua

local crypto = require "crypto"
local feed = require "feed"
local http = require "http"
local store = require "store"

local feeds, seen = store.open "feeds", store.open "seen" -- by group and url

bot.configure {
  profile = { display_name = "News", short_descr = "Posts feeds to groups" },
  welcome = "Invite me to a group, and send /follow and the URL of a feed there.",
}

bot.on_event("receivedGroupInvitation", function(event)
  bot.api.join_group(event.groupInfo.groupId)
end)

-- Posts what is new; of a feed that is new itself only the newest item.
local function post(chat, url, first)
  for i, item in ipairs(feed.parse(http.get(url, { max_size = 4 * 2 ^ 20 }).body).items) do
    local key = chat .. " " .. url .. " " .. crypto.hash("sha256", item.id)
    if not seen:get(key) and (i == 1 or not first) then
      bot.send(chat, ("*%s*\n%s"):format(item.title or "No title", item.link or ""))
    end
    seen:set(key, true, { ttl = "90d" })
  end
end

bot.cron("*/15 * * * *", function()
  for _, entry in ipairs(feeds:list("", { limit = 10000 })) do
    local ok, err = pcall(post, entry.value.chat, entry.value.url)
    if not ok then log.warn("a feed was not read", { url = entry.value.url, error = err.message }) end
  end
end)

local staff = { chat_type = "group", min_role = "moderator" }

bot.on_command({ "follow", "unfollow" }, staff, function(msg, cmd)
  local url, chat, key = cmd.args, msg.chat.ref, msg.chat.ref .. " " .. cmd.args
  if cmd.keyword == "unfollow" then
    return msg:reply(feeds:delete(key) and "No more of that." or "I do not follow that.")
  end
  local ok, err = pcall(post, chat, url, true)
  if not ok then
    return msg:reply("I cannot read that: " .. err.message)
  end
  feeds:set(key, { chat = chat, url = url })
end)

bot.on_command("feeds", { chat_type = "group" }, function(msg)
  local urls = {}
  for _, entry in ipairs(feeds:list(msg.chat.ref .. " ")) do
    urls[#urls + 1] = entry.value.url
  end
  msg:reply(#urls > 0 and table.concat(urls, "\n") or "I follow nothing here.")
end)
