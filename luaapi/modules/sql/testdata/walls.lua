-- What would reach beyond the file is refused by SQLite itself.
local sql = require "sql"
if URL ~= "" then return end
local db = sql.open "walls.db"
local function refused(text)
  local ok, err = pcall(db.exec, db, text)
  assert(not ok and (err.type == "permission" or err.type == "sql"), text .. ": " .. tostring(err))
  return err
end
assert(refused("ATTACH 'other.db' AS other").type == "permission")
for _, text in ipairs {
  "ATTACH DATABASE ('other' || '.db') AS other", "/**/ attach 'x' as y", "EXPLAIN ATTACH 'x' AS y", "DETACH main",
  "VACUUM", "VACUUM INTO 'copy.db'", "SELECT load_extension('x')", "SELECT load_extension('x', 'y')",
  "PRAGMA temp_store_directory = '/tmp'", "PRAGMA data_store_directory = '/tmp'", "PRAGMA writable_schema = ON",
  "PRAGMA main.writable_schema = 1", "PRAGMA trusted_schema = ON", "PRAGMA hard_heap_limit = 1", "PRAGMA mmap_size = 1000000",
  "PRAGMA busy_timeout = 1", "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA module_list", "PRAGMA journal_mode = DELETE",
  "CREATE VIRTUAL TABLE v USING csv(filename = '/etc/passwd')", "CREATE VIRTUAL TABLE temp.v USING dbstat",
  "SELECT readfile('/etc/passwd')", "SELECT writefile('x', 'y')", "SELECT edit('x')", "SELECT fts3_tokenizer('simple', x'00')",
  "SELECT * FROM pragma_temp_store_directory('/tmp')", "SELECT zeroblob(1000000000)",
} do refused(text) end
db:exec("CREATE TABLE t (a)")
refused("CREATE TRIGGER r AFTER INSERT ON t BEGIN ATTACH 'x' AS y; END")
db:exec("CREATE VIRTUAL TABLE search USING fts5(body)")
db:exec("INSERT INTO search VALUES (?)", "hello world")
assert(db:one("SELECT body FROM search WHERE search MATCH ?", "world").body == "hello world")
assert(db:one("PRAGMA user_version").user_version == 0 and db:one("PRAGMA foreign_keys").foreign_keys == 1)
assert(#db:query("PRAGMA table_info(t)") == 1 and #db:query("SELECT * FROM pragma_table_info('t')") == 1)
assert(db:one("PRAGMA journal_mode").journal_mode == "wal")

local function denied(what, ...)
  local ok, err = pcall(sql.open, ...)
  assert(not ok and err.type == "permission" and tostring(err):find(what, 1, true), tostring(err))
end
denied("--allow write=/etc/passwd", "/etc/passwd")
denied("--allow read=/etc/passwd", "/etc/passwd", { read_only = true })
denied("--allow write=../store.db", "../store.db")
denied("--allow net=127.0.0.1:5432", "postgres://u@127.0.0.1/d")
local function wrong(text, ...)
  local ok, err = pcall(sql.open, ...)
  assert(not ok and err.type == "argument" and err.message:find(text, 1, true), tostring(err))
end
wrong("want a path, a URL or options")
wrong("either the path", {})
wrong("either the path", { path = "a", url = "postgres://u@h/d" })
wrong("sql.open.limit: want 1 to", "a.db", { limit = 0 })
wrong('unknown option "readonly"; did you mean read_only?', "a.db", { readonly = true })

local ro = sql.open("walls.db", { read_only = true })
assert(#ro:query("SELECT * FROM t") == 0)
local ok, err = pcall(ro.exec, ro, "INSERT INTO t VALUES (1)")
assert(not ok)
ok, err = pcall(function() return sql.open("none.db", { read_only = true }):query("SELECT 1") end)
assert(not ok and err.type == "io", tostring(err))
