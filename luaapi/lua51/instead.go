package lua51

// Instead says what to use for a name of Lua's libraries that is not there, as
// "os.exit", and returns "" for others.
func Instead(name string) string { return instead[name] }

var instead = map[string]string{
	"bit": inOther, "bit32": inOther, "utf8": inOther, "ffi": inOther,
	"dofile": byRequire, "loadfile": byRequire, "package": byRequire, "module": byRequire,
	"io": `require "fs" reads and writes files`, "os.remove": byFiles, "os.rename": byFiles, "os.tmpname": byFiles,
	"os.execute": `require "exec" runs programs`, "os.exit": "bot.stop() ends the bot",
	"table.unpack": "it is called unpack", "table.pack": `write { n = select("#", ...), ... }`,
}

const (
	inOther   = "it belongs to another Lua than 5.1"
	byRequire = "require loads files"
	byFiles   = `require "fs" has functions for files`
)
