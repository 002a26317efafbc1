-- Keeps robots out of a group: who joins must answer a sum, or is removed after three minutes or three wrong answers.
-- Invite the bot as an admin; it asks newcomers in the group and removes what they write until then.
-- Run: simplex-lua dev scripts/examples/captcha.lua

local store = require "store"

local patience, tries = 180, 3
local asked = store.open "asked" -- newcomers who have not answered yet, by group and member

bot.configure {
  profile = { display_name = "Doorkeeper", short_descr = "Keeps robots out" },
  welcome = "Add me to a group as an admin.",
}

bot.on_event("receivedGroupInvitation", function(event) bot.api.join_group(event.groupInfo.groupId) end)

local function key(group_id, member_id) return group_id .. "/" .. member_id end

-- Asks who has come after the bot: category "post".
bot.on_event("connectedToGroupMember", function(event)
  local group, member = event.groupInfo.groupId, event.member.groupMemberId
  if event.member.memberCategory ~= "post" or asked:get(key(group, member)) then
    return
  end
  local a, b, till = math.random(2, 9), math.random(2, 9), os.time() + patience
  asked:set(key(group, member), { group = group, member = member, sum = a + b, till = till, left = tries })
  bot.send("#" .. group, ("Welcome, %s. What is %d + %d?"):format(event.member.memberProfile.displayName, a, b))
end)

-- Removes somebody. Where that fails it is tried again: until then nothing that they write stays.
local function remove(who)
  local ok, err = pcall(bot.api.remove_members, who.group, { who.member })
  if ok or os.time() > who.till + 86400 then
    asked:delete(key(who.group, who.member))
  else
    log.warn("not removed; the bot must be an admin", { group = who.group, error = err.message })
  end
end

bot.every("1m", function()
  for _, entry in ipairs(asked:list("", { limit = 10000 })) do
    if entry.value.till <= os.time() then remove(entry.value) end
  end
end)

bot.on_message({ scope = "main", when = function(msg) return msg.member_id ~= nil end }, function(msg)
  local id, guess = key(msg.group_id, msg.member_id), tonumber(msg.text)
  local who = asked:get(id)
  if who and guess == who.sum then
    asked:delete(id)
    return msg:reply("Thank you, come in.")
  elseif who then
    msg:moderate()
    who.left = who.left - (guess and 1 or 0)
    asked:set(id, who)
    if who.left <= 0 then remove(who) end
  end
end)
