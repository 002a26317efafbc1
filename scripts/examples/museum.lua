-- A museum's guide: it understands sentences, in the visitor's language, and its parts can be switched while it runs.
-- Ask "are you open on Sunday?", or send /language de and "habt ihr am Sonntag offen?"; /story tells one, slowly.
-- The staff sends /pair CODE, with the code that stands in the log at the start, and then /plugin disable story here.
-- Run: simplex-lua dev scripts/examples/museum.lua

local acl = require "acl"
local i18n = require "i18n"
local plugin = require "plugin"
local router = require "router"

local staff = acl.new { roles = { "guide" } }
local texts = i18n.new {
  default = "en",
  languages = {
    en = { open = "Yes, from 10 to {till}.", closed = "No, come on another day.", story = "Once there was a king. He liked bread." },
    de = { open = "Ja, von 10 bis {till}.", closed = "Nein, komm an einem anderen Tag.", story = "Es war einmal ein König. Er mochte Brot." },
  },
}
local days = { sunday = 18, sonntag = 18, saturday = 20, samstag = 20 } -- until when it is open

bot.configure { profile = { display_name = "Museum" }, welcome = "Are you open on Sunday? /language de" }

bot.state = {} -- code: makes a guide
bot.on_start(function()
  bot.state.code = staff:invite("guide", "1d")
  log.info("guides send /pair " .. bot.state.code)
end)

plugin.register("hours", function(on)
  local questions = router.new():on([[(?i)\b(open|offen|geöffnet)\b]], function(msg)
    for word in msg.text:lower():gmatch("%a+") do
      if days[word] then return msg:reply(texts:t(msg, "open", { till = days[word] })) end
    end
    msg:reply(texts:t(msg, "closed"))
  end)
  on.message(questions:handler())
end, { description = "when it is open" })

plugin.register("story", function(on)
  on.command("story", function(msg)
    local live = msg:stream()
    for sentence in texts:t(msg, "story"):gmatch("[^.]+%.") do
      live:append(sentence)
      sleep "2s"
    end
  end)
end, { description = "tells a story" })

texts:command()
plugin.commands(function(msg) return staff:allows(msg, "guide") end)
bot.on_command("pair", function(msg, cmd)
  msg:reply(staff:pair(msg, cmd.args) and "Welcome. Send /plugin." or "This code is wrong or used.")
end)
