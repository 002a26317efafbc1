-- Who others are: their profile and address, and the members of a group.
local rpc = require "rpc"

bot.configure { profile = { display_name = "Asker" } }
bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  local card = rpc.query(peer, "finger")
  print(card.display_name .. (card.address == os.getenv "LINK" and " with an address" or " without"))
  local group = bot.api.new_group(bot.info.user_id, { displayName = "all", fullName = "" })
  bot.api.add_member(group.groupId, peer, "member")
  local names = {}
  for _, member in ipairs(bot.api.list_members(group.groupId)) do
    names[#names + 1] = member.memberProfile.displayName
  end
  print(table.concat(names, " "))
  print "end"
  bot.stop()
end)
