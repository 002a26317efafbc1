-- A bot for the tests of the module i18n.
local i18n = require "i18n"

local texts = i18n.new {
  default = "en",
  languages = {
    en = { hello = "Hello {name}!", found = { one = "{n} file", other = "{n} files" }, only = "only English" },
    de = { hello = "Hallo {name}!", found = { one = "{n} Datei", other = "{n} Dateien" } },
    pl = { found = { one = "{n} plik", few = "{n} pliki", many = "{n} plików", other = "{n} pliku" } },
  },
}
texts:command()

bot.on_command("hello", function(msg) msg:reply(texts:t(msg, "hello", { name = msg.sender.name })) end)
bot.on_command("only", function(msg) msg:reply(texts:t(msg, "only")) end)
bot.on_command("found", function(msg, cmd) msg:reply(texts:t(msg, "found", { n = tonumber(cmd.args) })) end)
bot.on_command("bad", function(msg)
  for _, fn in ipairs {
    function() texts:t(msg, "none") end, function() texts:t(msg, "hello") end, function() texts:t(msg, "found", { n = "x" }) end,
    function() i18n.new { default = "fr", languages = { en = {} } } end,
    function() i18n.new { default = "en", languages = { en = {}, de = { more = "x" } } } end,
    function() i18n.new { default = "en", languages = { en = {}, ["no language"] = {} } } end,
  } do
    local ok, e = pcall(fn)
    assert(not ok and e.type == "argument", e)
  end
  msg:reply("refused")
end)
