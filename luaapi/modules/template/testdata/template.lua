local template = require "template"

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end
local function fails(want, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  is(e.type, want)
  return e.message
end

local receipt = template.compile [[
{{.name | upper}} ordered:
{{range $i, $item := .items -}}
- {{$item.count}} × {{$item.what}}
{{end -}}
{{if .paid}}Paid.{{else}}To pay: {{printf "%.2f" .sum}}{{end}}]]
is(receipt:render { name = "Ann", sum = 2.5, items = { { count = 1, what = "pear" }, { count = 2, what = "figs" } } ,paid = false},
  "ANN ordered:\n- 1 × pear\n- 2 × figs\nTo pay: 2.50")
is(template.render("{{.}}", "x"), "x")
is(template.render("{{len .}} {{index . 1}}", { 5, 6 }), "2 6")
is(template.render("{{join \", \" .}}", { "a", 2 }), "a, 2")
is(template.render("{{.note | default \"none\"}}", { note = "" }), "none")
is(template.render("{{. | plain}}", "*a*"), "\226\128\139*a\226\128\139*")
is(template.render("{{if eq .n 3}}three{{end}}", { n = 3 }), "three")
is(template.render("{{.x.y}}", { x = { y = true } }), "true")

assert(fails("argument", template.compile, "line\n{{.a"):find(":2:"))
assert(fails("data", template.render, "{{.nmae}}", { name = 1 }):find("nmae"))
fails("data", template.render, "{{printf \"%999999999d\" 1}}", {})
fails("data", template.render, "{{printf \"%*d\" 999999999 1}}", {})
fails("data", template.render, "{{template \"template\" .}}", {})
fails("limit", template.render, "{{range .}}" .. ("x"):rep(1000) .. "{{end}}", (function() local t = {} for i = 1, 2000 do t[i] = i end return t end)())
fails("argument", template.render, "{{.}}", { print })
local cycle = {} cycle.cycle = cycle
fails("argument", template.render, "{{.}}", cycle)

-- Templates may call themselves, as for trees; what bounds them is not theirs.
local tree = { name = "leaf" }
for _ = 1, 40 do tree = { name = false, below = tree } end
is(template.render([[{{define "node"}}{{if .name}}{{.name}}{{else}}({{template "node" .below}}){{end}}{{end}}{{template "node" .}}]], tree),
  ("("):rep(40) .. "leaf" .. (")"):rep(40))
is(template.render("{{range .n}}{{.}}{{if eq . 2}}{{break}}{{end}}{{end}}", { n = 9 }), "012")
fails("argument", template.compile, "{{enter}}")

-- Nothing is made that is longer than what a template may write, also where it is not written.
for _, grow in ipairs {
  "print $x $x", [[printf "%s%s" $x $x]], [[printf "%[1]q" $x]], [[printf "%[1]s%[1]s" $x]], "println $x $x", "js $x", [[join $x $.list]], "plain (print $x $x)",
  "html $x $x", "urlquery $x $x",
} do
  local message = fails("data", template.render, [[{{$x := "\\*"}}{{range .n}}{{$x = ]] .. grow .. "}}{{end}}", { n = 60, list = { "a", "b", "c" } })
  assert(message:find("longer than 1048576 bytes", 1, true), message)
end
is(template.render([[{{print 1 "a"}}{{println 2}}{{html "<"}}{{js "'"}}{{urlquery "a b"}}{{printf "%03d|%v" 7 .list}}{{join ", " .list}}]], { list = { "x", 1 } }),
  "1a2\n&lt;\\'a+b007|[x 1]x, 1")
