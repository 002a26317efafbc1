package lua51

import (
	"fmt"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// The benchmarks run the same program on stock gopher-lua and on a State with
// all checks on. Ours should take at most 1.25 times as long.
//
//	go test -bench . -benchtime 20x ./luaapi/lua51
//
// Most of the difference is the question before each instruction whether the
// call is cut. A build with the profile in testdata/vm.pgo answers it inline:
//
//	go test -bench . -benchtime 20x -pgo testdata/vm.pgo ./luaapi/lua51
//	go test -run - -bench Ours -benchtime 60x -cpuprofile testdata/vm.pgo ./luaapi/lua51   # renews it
var benchmarks = []struct{ name, src string }{
	{"fib", `
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
return fib(24)`},
	{"loops", `
local s = 0
for i = 1, 300000 do
  s = s + i * 2
  if i % 3 == 0 then s = s - 1 end
end
local n = 0
while n < 200000 do n = n + 1 end
return s + n`},
	{"floats", `
local x, y = 0.5, 1.5
for i = 1, 200000 do
  x = x * y + 0.25
  y = y - x / 3
  if x > 10 then x = 0.5 end
  if y < -10 then y = 1.5 end
end
return x + y`},
	{"strings", `
local s
for round = 1, 20 do
  local parts = {}
  for i = 1, 1000 do
    parts[#parts + 1] = "item " .. i .. ": " .. (i * 2) .. ";"
  end
  s = table.concat(parts)
end
local t = ""
for i = 1, 2000 do t = t .. i .. "," end
return #s + #t`},
	{"tables", `
local t = {}
for i = 1, 50000 do t[i] = i end
local sum = 0
for i, v in ipairs(t) do sum = sum + v end
for k, v in pairs(t) do sum = sum + v end
local m = {}
for i = 1, 20000 do m["k" .. i % 500] = (m["k" .. i % 500] or 0) + 1 end
for i = 1, 5000 do table.insert(t, i); table.remove(t) end
return sum + #t`},
	{"objects", `
local P = {}
P.__index = P
function P.new(x, y) return setmetatable({ x = x, y = y }, P) end
function P:add(o) return P.new(self.x + o.x, self.y + o.y) end
local p = P.new(0, 0)
local q = P.new(1, 2)
for i = 1, 50000 do p = p:add(q) end
return p.x`},
	{"gsub", `
local s = ("the quick brown fox "):rep(200)
local n = 0
for i = 1, 20 do
  local r, c = s:gsub("%w+", string.upper)
  n = n + c
  for w in s:gmatch("%a+") do n = n + #w end
  if s:find("fox the") then n = n + 1 end
end
return n`},
	{"closures", `
local function counter() local n = 0; return function() n = n + 1; return n end end
local c = counter()
for i = 1, 200000 do c() end
return c()`},
	{"sort", `
local t = {}
local x = 42
for i = 1, 5000 do x = (x * 1103515245 + 12345) % 2147483648; t[i] = x end
table.sort(t)
for i = 1, 5000 do x = (x * 1103515245 + 12345) % 2147483648; t[i] = x end
table.sort(t, function(a, b) return a > b end)
return t[1]`},
	{"pcall", `
local function f(x) return x + 1 end
local s = 0
for i = 1, 50000 do local ok, v = pcall(f, i); s = s + v end
return s`},
	{"coroutines", `
local gen = coroutine.wrap(function() for i = 1, 50000 do coroutine.yield(i) end end)
local s = 0
for i = 1, 50000 do s = s + gen() end
return s`},
}

func BenchmarkStock(b *testing.B) {
	for _, bm := range benchmarks {
		b.Run(bm.name, func(b *testing.B) {
			L := lua.NewState()
			defer L.Close()
			fn, err := L.LoadString(bm.src)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := L.CallByParam(lua.P{Fn: fn, NRet: 1, Protect: true}); err != nil {
					b.Fatal(err)
				}
				L.Pop(1)
			}
		})
	}
}

func BenchmarkOurs(b *testing.B) {
	for _, bm := range benchmarks {
		b.Run(bm.name, func(b *testing.B) {
			s := New(Options{})
			defer s.Close()
			proto, err := s.Compile("bench", []byte(bm.src))
			if err != nil {
				b.Fatal(err)
			}
			fn := s.L().NewFunctionFromProto(proto)
			for b.Loop() {
				if _, err := s.Call(NewBudget(nil, time.Minute), fn, 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCompile compares compile times: a program of some 2,000 lines.
func BenchmarkCompile(b *testing.B) {
	src := compileSource()
	b.Run("stock", func(b *testing.B) {
		for b.Loop() {
			chunk, err := parse.Parse(strings.NewReader(src), "bench")
			if err != nil {
				b.Fatal(err)
			}
			if _, err := lua.Compile(chunk, "bench"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ours", func(b *testing.B) {
		s := New(Options{})
		defer s.Close()
		for b.Loop() {
			if _, err := s.Compile("bench", []byte(src)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func compileSource() string {
	var src strings.Builder
	for i := range 100 {
		fmt.Fprintf(&src, `
local function handler%d(msg, cmd)
  local n = tonumber(msg.text) or %d
  if n and n > 10 and not (msg.chat_type == "group" or cmd) then
    return msg:reply(("%%d is large"):format(n))
  elseif msg.text == "help%d" then
    local lines = {}
    for i, c in ipairs { "a", "b", "c", x = 1, y = { 1, 2, 3 } } do
      lines[#lines + 1] = i .. ": " .. c
    end
    return msg:reply(table.concat(lines, "\n"))
  end
  local ok, err = pcall(function() return n * 2 + 1 end)
  while n > 0 do n = n - 1; if n %% 7 == 3 then break end end
  return ok and err
end
bot%d = handler%d
`, i, i, i, i, i)
	}
	return src.String()
}
