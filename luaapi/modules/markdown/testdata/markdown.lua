local markdown = require "markdown"

assert(markdown.to_simplex("# Hi\n\n**bold** [text](https://a.b)") == "*Hi*\n\n*bold* text (https://a.b)")
assert(markdown.from_simplex("*Hi* #x#") == "**Hi** ||x||")
assert(markdown.to_simplex(("x"):rep(2 ^ 20)) == ("x"):rep(2 ^ 20))

for _, name in ipairs { "to_simplex", "from_simplex" } do
  local ok, e = pcall(markdown[name], 1)
  assert(not ok and e.type == "argument" and e.message:find("want a string", 1, true), e)
  ok, e = pcall(markdown[name], ("x"):rep(2 ^ 20 + 1))
  assert(not ok and e.type == "limit" and e.message:find("1048576", 1, true), e)
end
