package security

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// TestSandbox tries ways out of Lua. Each piece raises an error, which has the
// text, or, where the text is "", says itself that nothing came of it.
func TestSandbox(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ code, want string }{
		// What is not there.
		{`return io.open(SECRET)`, "undefined global 'io'"},
		{`return os.execute("id")`, "execute"},
		{`return dofile(SECRET)`, "undefined global 'dofile'"},
		{`return loadfile(SECRET)`, "undefined global 'loadfile'"},
		{`return package.loadlib("libc.so", "system")`, "undefined global 'package'"},
		{`return getfenv(0)`, "undefined global 'getfenv'"},
		{`return setfenv(1, {})`, "undefined global 'setfenv'"},
		{`return newproxy(true)`, "undefined global 'newproxy'"},
		{`return module("x")`, "undefined global 'module'"},
		{`return channel.make()`, "undefined global 'channel'"},
		{`return collectgarbage("count")`, "undefined global 'collectgarbage'"},
		{`assert(rawget(_G, "io") == nil and rawget(_G, "package") == nil and rawget(_G, "ffi") == nil)`, ""},
		{`for _, f in ipairs { "execute", "exit", "remove", "rename", "tmpname", "setlocale" } do assert(os[f] == nil, f) end`, ""},
		{`for k in pairs(debug) do assert(k == "traceback", k) end`, ""},
		{`assert(string.dump == nil or not pcall(string.dump, function() end))`, ""},

		// Code that the compiler has not made.
		{`return assert(load("\27Lua\81\0\1\4\4\4\8\0"))()`, "precompiled code"},
		{`return assert(loadstring("\27Lua"))()`, "precompiled code"},
		{`local s = "\27Lua" return assert(load(function() local part = s s = nil return part end))()`, "precompiled code"},
		{`local env = {} load("x = 1", "n", "t", env)() assert(env.x == nil and rawget(_G, "x") == 1)`, ""},

		// Modules from elsewhere.
		{`require "../secret"`, "require"},
		{`require(SECRET)`, "require"},
		{`require "..secret"`, "require"},
		{`require "bot\0"`, "require"},
		{`require "files.mine"`, "require"},
		{`require "luaapi"`, "require"},
		{`require "simplex.sim"`, "is for tests"},
		{`require(setmetatable({}, { __tostring = function() return "fs" end }))`, "argument"},

		// What all handlers share cannot be changed into something else.
		{`bot.send = print`, "cannot be set"},
		{`rawset(bot, "send", print) bot.api.send_chat_cmd("/_stop")`, "only simplex-lua itself"},
		{`getmetatable(bot).__index = print`, "attempt to index a string value"},
		{`setmetatable(bot, {})`, "protected metatable"},
		{`setmetatable(bot.api, nil)`, "protected metatable"},
		{`setmetatable(require "fs", nil)`, "protected metatable"},
		{`json.array(bot)`, "has a metatable of its own"},
		{`json.array(require "fs")`, "has a metatable of its own"},
		{`pcall(json.array, _G) pcall(json.array, json) return undefined`, "undefined global 'undefined'"},
		{`assert(not pcall(json.array, setmetatable({}, { __index = {} })) and json.encode(json.array(json.array())) == "[]")`, ""},
		{`setmetatable("", nil)`, "table expected, got string"},
		{`getmetatable("").__index = { rep = print } assert(bot.info.name == "test")`, ""},
		{`table.insert(bot, 1) assert(type(bot.send) == "function" and not pcall(function() bot.send = print end))`, ""},
		{`for k, v in next, bot do error(k) end`, ""},

		// Go values.
		{`bot.info.name = "x"`, "cannot be changed"},
		{`pcall(function() bot.info.name = "x" end) assert(bot.info.name == "test")`, ""},
		{`bot.config.catch_up.max_items = 5`, "cannot be changed"},
		{`local was = bot.config.catch_up.max_items pcall(function() bot.config.catch_up.max_items = was + 5 end) assert(bot.config.catch_up.max_items == was)`, ""},
		{`getmetatable(bot.info).__index = nil`, "attempt to index a string value"},
		{`local m = getmetatable(bot.info) assert(type(m) ~= "table", "it gives the metatable away")`, ""},
		{`return bot.info.Name`, "has no"},
		{`return bot.info()`, "attempt to call"},
		{`return -bot.info`, "attempt to perform arithmetic"},
		{`return bot.info .. "x"`, "attempt to concatenate"},
		{`return #bot.info`, "attempt to get length"},
		{`return bot.info + 1`, "attempt to perform arithmetic"},
		{`return bot.info.String()`, "has no"},
		{`setmetatable(bot.info, {})`, "table expected, got userdata"},
		{`bot.info.name, bot.info.generation = nil`, "cannot be changed"},
		{`local h = bot.on_message(function() end) h.remove(bot.info) assert(bot.info.name == "test")`, ""},
		{`local map = require "map" map.new().set(bot.info, 1, 2)`, "set is a method of a map"},
		{`local re = require "re" local f = re.compile("a").find f(bot.info, "a")`, "find is a method of a regexp"},
		{`local p = require("promise").new() p.resolve(coroutine.create(print), 1)`, "Lua function expected"},
		{`local p = require("promise").new() p.resolve(coroutine.create(function() end), 1)`, "argument"},
		{`local e = select(2, pcall(bot.send)) getmetatable(e).__tostring = function() return SECRET end assert(e.type == "argument" and e.message:find("send"))`, ""},

		// The environment.
		{`assert(os.getenv("TOKEN") == nil)`, ""},
		{`assert(os.getenv("PATH") == nil and os.getenv("") == nil and os.getenv("TOKEN\0") == nil)`, ""},
	} {
		w := newWorld(t)
		got := w.try(t, permission.Set{}, tc.code)
		if !strings.Contains(got, tc.want) || tc.want == "" && got != "" {
			t.Errorf("%s: got %q, want %q", tc.code, got, tc.want)
		}
		for _, sent := range w.core.all() {
			t.Errorf("%s: reached the core: %q", tc.code, sent)
		}
	}
}

// TestModulesWalls are the modules that reach outside, each with ways around its
// permission; the error names the permission, or says why there is nothing to
// allow.
func TestModulesWalls(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		`require("fs").read(SECRET)`:                                                      "--allow read=",
		`require("fs").read("../secret.txt")`:                                             "--allow read=",
		`require("fs").read("out/secret.txt")`:                                            "--allow read=",
		`require("fs").read("link.txt")`:                                                  "--allow read=",
		`require("fs").read("./link.txt")`:                                                "--allow read=",
		`require("fs").read("mine.txt/../../secret.txt")`:                                 "--allow read=",
		`require("fs").read("out/../secret.txt")`:                                         "--allow read=",
		`require("fs").read(FILES .. "/../secret.txt")`:                                   "--allow read=",
		`require("fs").read("/proc/self/environ")`:                                        "--allow read=",
		`require("fs").read("/proc/self/cwd/../secret.txt")`:                              "--allow read=",
		`require("fs").read("mine.txt\0")`:                                                "--allow read=",
		`require("fs").read(FILES .. "x/../secret.txt")`:                                  "--allow read=",
		`require("fs").list("..")`:                                                        "--allow read=",
		`require("fs").write("link.txt", "x")`:                                            "--allow write=",
		`require("fs").write("out/x", "x")`:                                               "--allow write=",
		`require("fs").append(SECRET, "x")`:                                               "--allow write=",
		`require("fs").remove(SECRET)`:                                                    "--allow write=",
		`require("fs").rename("mine.txt", "../mine.txt")`:                                 "--allow write=",
		`require("fs").copy(SECRET, "mine.txt")`:                                          "--allow read=",
		`require("fs").append("none", "x")`:                                               "leads to nothing",
		`require("fs").copy("mine.txt", "none")`:                                          "leads to nothing",
		`require("fs").write("none/x", "x")`:                                              "leads to nothing",
		`require("fs").mkdir("none/x")`:                                                   "leads to nothing",
		`require("fs").rename("mine.txt", "a.db-journal")`:                                "SQLite",
		`require("fs").write("a.db-wal", "x")`:                                            "SQLite",
		`require("sql").open("none"):query("SELECT 1")`:                                   "leads to nothing",
		`require("fs").mkdir("out/folder")`:                                               "--allow write=",
		`require("image").size("link.txt")`:                                               "--allow read=",
		`require("image").thumbnail(SECRET)`:                                              "--allow read=",
		`require("sql").open("../x.db"):query("SELECT 1")`:                                "--allow write=",
		`require("sql").open("file:" .. SECRET .. "?mode=ro"):query("SELECT 1")`:          "unable to open database file",
		`require("sql").open { path = SECRET, read_only = true }`:                         "--allow read=",
		`require("sql").open("a.db"):exec("ATTACH '" .. SECRET .. "' AS x")`:              "permission: ATTACH",
		`require("sql").open("a.db"):exec("VACUUM INTO '" .. SECRET .. "2'")`:             "permission: ATTACH, DETACH and VACUUM reach other files",
		`require("sql").open("a.db"):query("SELECT readfile('" .. SECRET .. "')")`:        "no such function: readfile",
		`require("sql").open("a.db"):query("SELECT load_extension('x')")`:                 "not authorized",
		`require("sql").open("postgres://u@127.0.0.1/x"):query("SELECT 1")`:               "--allow net=",
		`require("sql").open("postgres://u@/x?host=/tmp"):query("SELECT 1")`:              "--allow write=",
		`require("store").open { name = "x", url = "postgres://u@127.0.0.1/x" }:get("k")`: "--allow net=",
		`require("http").get("https://example.org")`:                                      "--allow net=example.org",
		`require("http").get("http://127.0.0.1:1")`:                                       "--allow net=127.0.0.1:1",
		`require("http").get("http://2130706433:1")`:                                      "--allow net=127.0.0.1:1",
		`require("http").get("http://0x7f.1:1")`:                                          "--allow net=127.0.0.1:1",
		`require("http").get("http://0177.0.0.1:1")`:                                      "--allow net=127.0.0.1:1",
		`require("http").get("http://[::1]:1")`:                                           "--allow net=[::1]:1",
		`require("http").get("http://[::ffff:127.0.0.1]:1")`:                              "--allow net=127.0.0.1:1",
		`require("http").get("http://example.org@127.0.0.1:1")`:                           "--allow net=127.0.0.1:1",
		`require("http").get("http://127.0.0.1:1#@example.org")`:                          "--allow net=127.0.0.1:1",
		`require("http").get("http://127.0.0.1:1\\@example.org")`:                         "invalid userinfo",
		`require("http").get("http://①②⑦.0.0.1:1")`:                                       "--allow net=127.0.0.1:1",
		`require("http").get("http://localhost:1")`:                                       "--allow net=localhost:1",
		`require("http").get("http://LOCALHOST.:1")`:                                      "--allow net=localhost:1",
		`require("http").get("http://169.254.169.254/latest/meta-data")`:                  "--allow net=169.254.169.254",
		`require("http").get("file://" .. SECRET)`:                                        "begins with http:// or https://",
		`require("http").get("unix:///run/docker.sock")`:                                  "begins with http:// or https://",
		`require("http").get("https://example.org", { to = "../x" })`:                     "--allow write=../x",
		`require("websocket").connect("ws://127.0.0.1:1")`:                                "--allow net=127.0.0.1:1",
		`require("net").connect { host = "127.0.0.1", port = 1 }`:                         "--allow net=127.0.0.1:1",
		`require("net").connect { host = "127.0.0.1:1@x", port = 1 }`:                     "is not the name of a host",
		`require("net").lookup_srv("x", "tcp", "secret.evil.example")`:                    "--allow net=",
		`require("exec").run { "sh", "-c", "id" }`:                                        "--allow exec=sh",
		`require("exec").run { "/bin/sh" }`:                                               "--allow exec=/bin/sh",
		`require("exec").run { "../bin/sh" }`:                                             "permission",
	} {
		w := newWorld(t)
		if got := w.try(t, permission.Set{}, code); !strings.Contains(got, want) || strings.HasPrefix(want, "--allow") && !strings.HasPrefix(got, "permission: ") {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
}
