local language = require "language"

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end
local function fails(fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  is(e.type, "argument")
end

for _, row in ipairs {
  { "en", 1, "one" }, { "en", 0, "other" }, { "en", 1.5, "other" }, { "en", -1, "one" },
  { "fr", 0, "one" }, { "fr", 1.5, "one" }, { "pl", 2, "few" }, { "pl", 5, "many" }, { "pl", 22, "few" },
  { "ru", 21, "one" }, { "ar", 0, "zero" }, { "ar", 2, "two" }, { "ja", 1, "other" }, { "pt-BR", 1, "one" },
} do
  is(language.plural(row[1], row[2]), row[3])
end
is(language.match({ "de-AT" }, { "en", "de" }), "de")
is(language.match({ "ja" }, { "en", "de" }), "en")
is(language.match({ "zz", "fr" }, { "en", "fr-CA" }), "fr-CA")
is(language.match({}, { "en" }), "en")

fails(language.plural, "no language", 1)
fails(language.plural, "en", "1")
fails(language.plural, "en", 0 / 0)
fails(language.match, { "en" }, {})
fails(language.match, { "?" }, { "en" })
