local blob, fs, rpc = require "blob", require "fs", require "rpc"

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  local key = blob.store(("o"):rep(20000))
  print("own: " .. #blob.fetch(key) .. " bytes")
  local sealed = fs.read("blobs/" .. fs.list("blobs")[1])
  print(not sealed:find("oooo") and "encrypted on disk")
  local theirs = rpc.query(peer, "store", 20000)
  local data = blob.fetch(theirs, { from = peer })
  print("theirs: " .. #data .. " bytes")
  assert(data == ("s"):rep(20000))
  local large, left, whole, all = rpc.query(peer, "store", 300000), 4, 0, require("promise").new()
  for _ = 1, left do
    bot.spawn(function()
      local ok, text = pcall(blob.fetch, large, { from = peer })
      whole, left = whole + (ok and #text == 300000 and 1 or 0), left - 1
      if left == 0 then all:resolve() end
    end)
  end
  print(all:wait(60) and #fs.list "blobs" == 1 and whole .. " at once")
  local other = key:match("^%x+") .. theirs:match("%..*")
  print(not pcall(blob.fetch, other) and "another key is refused")
  local _, e = pcall(blob.fetch, "no key")
  print(e.type)
  print(blob.delete(key) and not blob.delete(key) and "deleted")
  print(blob.fetch(key) == nil and "gone")
  rpc.query(peer, "forget", theirs)
  print(blob.fetch(theirs, { from = peer }) == nil and "gone there")
  local ok = pcall(rpc.query, peer, "blob.read", { id = "../../chat_chat.db", from = 0 })
  print(not ok and "no way out of the folder")
  print "end"
  bot.stop()
end)
